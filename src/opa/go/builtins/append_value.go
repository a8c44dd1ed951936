package main

import (
	"fmt"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// appendValue writes a value as opa_value_parse of OPA's WASM library reads it. It is not Value.String, which escapes as Go
// does and not as JSON. A string that is not UTF-8 would end the evaluation there, so it is an error here.
func appendValue(text []byte, value ast.Value) ([]byte, error) {
	switch value := value.(type) {
	case ast.Null:
		return append(text, "null"...), nil
	case ast.Boolean:
		return fmt.Append(text, bool(value)), nil
	case ast.Number:
		return appendNumber(text, string(value))
	case ast.String:
		return appendString(text, string(value))
	case *ast.Array:
		return appendAll(text, '[', ']', func(yield func(*ast.Term, *ast.Term)) {
			value.Foreach(func(element *ast.Term) { yield(element, nil) })
		})
	case ast.Set:
		if value.Len() == 0 {
			return append(text, "set()"...), nil
		}
		return appendAll(text, '{', '}', func(yield func(*ast.Term, *ast.Term)) {
			value.Foreach(func(element *ast.Term) { yield(element, nil) })
		})
	case ast.Object:
		return appendAll(text, '{', '}', func(yield func(*ast.Term, *ast.Term)) { value.Foreach(yield) })
	}
	return nil, fmt.Errorf("%v is no value", value)
}

// appendAll writes what `each` yields: an element and nil, or a key and its value.
func appendAll(text []byte, open, end byte, each func(yield func(*ast.Term, *ast.Term))) ([]byte, error) {
	var failure error
	append1 := func(term *ast.Term) {
		if failure == nil {
			text, failure = appendValue(text, term.Value)
		}
	}
	text = append(text, open)
	first := true
	each(func(element, value *ast.Term) {
		if !first {
			text = append(text, ',')
		}
		first = false
		append1(element)
		if value != nil {
			text = append(text, ':')
			append1(value)
		}
	})
	return append(text, end), failure
}

func appendString(text []byte, value string) ([]byte, error) {
	if !utf8.ValidString(value) {
		return nil, fmt.Errorf("%q is not UTF-8", value)
	}
	text = append(text, '"')
	for i := range len(value) {
		switch character := value[i]; {
		case character < ' ':
			text = fmt.Appendf(text, `\u%04x`, character)
		case character == '"' || character == '\\':
			text = append(text, '\\', character)
		default:
			text = append(text, character)
		}
	}
	return append(text, '"'), nil
}
