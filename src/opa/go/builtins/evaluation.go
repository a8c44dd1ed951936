package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"
)

// outcome is src/engine/load-host.ts's OUTCOMES.
type outcome int32

const (
	undefined outcome = iota
	defined
	// A string that is not UTF-8, byte for byte: what is decoded, to be hashed or encoded again.
	binary
	// OPA takes this for undefined too.
	failed
	// OPA ends the evaluation.
	halted
)

// hostPrefix starts the names of builtins that WebAssembly has otherwise (see ../rewrite.go).
const hostPrefix = "host."

// patience is how long the builtins of one evaluation may take, as far as they ask: numbers.range, net.cidr_expand.
const patience = time.Second

// evaluation is what OPA's builtins share within one: the time, and what rand.intn and uuid.rfc4122 gave.
type evaluation struct{ context topdown.BuiltinContext }

func newEvaluation(timeNs int64) *evaluation {
	return &evaluation{topdown.BuiltinContext{
		Context: context.Background(),
		Metrics: metrics.New(),
		Seed:    rand.Reader,
		Time:    ast.NumberTerm(json.Number(strconv.FormatInt(timeNs, 10))),
		Cancel:  deadline(time.Now().Add(patience)),
		Cache:   builtins.Cache{},
		// A JSON Schema may name others by their addresses.
		Capabilities: &ast.Capabilities{AllowNet: []string{}},
	}}
}

// call gives the result of a builtin, as text, if that is defined. It halts where OPA would, where OPA has no such builtin,
// and where its code panics.
func (evaluation *evaluation) call(name string, operands []byte) (text []byte, result outcome) {
	defer func() {
		if recover() != nil {
			text, result = nil, halted
		}
	}()
	terms, err := readValues(operands)
	if err != nil {
		return nil, halted
	}
	if isLongShift(name, terms) || slices.ContainsFunc(terms, func(term *ast.Term) bool { return isUnbounded(name, term) }) {
		return nil, failed
	}
	var found *ast.Term
	err = topdown.GetBuiltin(strings.TrimPrefix(name, hostPrefix))(evaluation.context, terms, func(term *ast.Term) error {
		found = term
		return nil
	})
	switch {
	case isHalt(err):
		return nil, halted
	case err != nil:
		return nil, failed
	case found == nil:
		return nil, undefined
	}
	if bytes, ok := found.Value.(ast.String); ok && !utf8.ValidString(string(bytes)) {
		return []byte(bytes), binary
	}
	if text, err = appendValue(nil, found.Value); err != nil {
		return nil, failed
	}
	return text, defined
}

// longExponent finds numbers that no float64 is near.
var longExponent = regexp.MustCompile(`^[-+.0-9]*[eE][-+]?0*[1-9][0-9]{3}`)

// isUnbounded tells a number of a few characters that has a million digits: more than a request may cost.
func isUnbounded(name string, operand *ast.Term) bool {
	switch value := operand.Value.(type) {
	case ast.Number:
		return longExponent.MatchString(string(value))
	case ast.String:
		return strings.HasPrefix(name, "units.") && longExponent.MatchString(string(value))
	}
	return false
}

// maxShift is in bits.
const maxShift = 1 << 16

// isLongShift tells a shift to the left that makes a number of more digits than anybody computes with.
func isLongShift(name string, operands []*ast.Term) bool {
	if name != hostPrefix+"bits.lsh" || len(operands) != 2 {
		return false
	}
	shift, ok := operands[1].Value.(ast.Number)
	if !ok {
		return false
	}
	bits, ok := shift.Int64()
	return !ok || bits > maxShift
}

func isHalt(err error) bool {
	_, halts := errors.AsType[topdown.Halt](err)
	return halts
}

// deadline is a topdown.Cancel that nobody has to call.
type deadline time.Time

func (deadline) Cancel() {}

func (at deadline) Cancelled() bool { return time.Now().After(time.Time(at)) }
