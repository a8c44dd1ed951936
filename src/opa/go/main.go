// Package main is OPA as one WASI reactor: its whole command line, once, and its policy compiler, as often as one likes.
package main

import (
	"errors"
	"runtime/debug"
	"unsafe"

	"github.com/open-policy-agent/opa/cmd"
)

// main is never run: a reactor is entered by its exports.
func main() {}

// WebAssembly has one thread, and Go's collector halts it. Fewer collections make 1,000 routes compile in three quarters of
// the time, for 100 MB more.
func init() { debug.SetGCPercent(200) }

// run is OPA's command line over WASI's arguments, once an instance; it gives the exit code.
//
//go:wasmexport run
func run() int32 {
	err := cmd.Command(nil, "OPA").Execute()
	if exit, ok := errors.AsType[*cmd.ExitError](err); ok {
		return int32(exit.Exit)
	}
	if err != nil {
		return 1
	}
	return 0
}

// The host writes the one and reads the other. Go moves nothing on its heap, so their addresses hold.
var request, response []byte

// reserve makes room for a request of `size` bytes and gives its address.
//
//go:wasmexport reserve
func reserve(size uint32) unsafe.Pointer {
	request = make([]byte, size)
	return unsafe.Pointer(unsafe.SliceData(request))
}

// compile answers the request, a compileRequest in JSON: true if the response is a WASM module, false if it is a failure
// in JSON.
//
//go:wasmexport compile
func compile() bool {
	var compiled bool
	response, compiled = respond(request)
	request = nil
	return compiled
}

//go:wasmexport response
func responseAddress() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(response)) }

//go:wasmexport response_size
func responseSize() uint32 { return uint32(len(response)) }
