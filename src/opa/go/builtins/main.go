// Package main is OPA's builtins as a WASI reactor of their own, for those that a policy's WASM module asks its host for.
package main

import (
	"runtime/debug"
	"unsafe"

	// WASI gives no files, so no time zones either.
	_ "time/tzdata"
)

// main is never run: a reactor is entered by its exports.
func main() {}

// The host ends what grows further than this (see src/engine/load-host.ts); the collector is to work harder before.
func init() { debug.SetMemoryLimit(192 << 20) }

// What is called between two calls of begin is called in one evaluation.
var current = newEvaluation(0)

// The host writes the one and reads the other. Go moves nothing on its heap, so their addresses hold.
var request, response []byte

// begin starts an evaluation, whose time is in nanoseconds since 1970.
//
//go:wasmexport begin
func begin(time int64) { current = newEvaluation(time) }

// reserve makes room for a request of `size` bytes and gives its address.
//
//go:wasmexport reserve
func reserve(size uint32) unsafe.Pointer {
	if uint32(cap(request)) < size {
		request = make([]byte, size)
	}
	request = request[:size]
	return unsafe.Pointer(unsafe.SliceData(request))
}

// call calls the builtin whose name is the first `nameSize` bytes of the request; its operands follow. The response is the
// result, if there is one.
//
//go:wasmexport call
func call(nameSize uint32) int32 {
	var result outcome
	response, result = current.call(string(request[:nameSize]), request[nameSize:])
	return int32(result)
}

//go:wasmexport response
func responseAddress() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(response)) }

//go:wasmexport response_size
func responseSize() uint32 { return uint32(len(response)) }
