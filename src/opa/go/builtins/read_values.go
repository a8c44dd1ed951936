package main

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

var (
	errTruncated = errors.New("a value ends too early")
	errNoValue   = errors.New("what should be a value is none")
)

// readValues reads values one after another, each as opa_value_dump of OPA's WASM library writes it: JSON, with sets as in
// Rego and keys of any kind. It is not ast.ParseTerm, which takes ten times as long and refuses strings that are not UTF-8.
func readValues(text []byte) ([]*ast.Term, error) {
	reader := reader{text}
	var terms []*ast.Term
	for {
		reader.skipSpaces()
		if len(reader.rest) == 0 {
			return terms, nil
		}
		term, err := reader.value()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
}

type reader struct{ rest []byte }

func (reader *reader) skipSpaces() {
	for len(reader.rest) > 0 && reader.rest[0] == ' ' {
		reader.rest = reader.rest[1:]
	}
}

// take goes past a character if that comes next.
func (reader *reader) take(character byte) bool {
	reader.skipSpaces()
	found := len(reader.rest) > 0 && reader.rest[0] == character
	if found {
		reader.rest = reader.rest[1:]
	}
	return found
}

func (reader *reader) value() (*ast.Term, error) {
	reader.skipSpaces()
	if len(reader.rest) == 0 {
		return nil, errTruncated
	}
	switch reader.rest[0] {
	case '"':
		text, err := reader.string()
		return ast.StringTerm(text), err
	case '[':
		return reader.array()
	case '{':
		return reader.braces()
	case 'n':
		return reader.word("null", ast.NullTerm())
	case 't':
		return reader.word("true", ast.BooleanTerm(true))
	case 'f':
		return reader.word("false", ast.BooleanTerm(false))
	case 's':
		return reader.word("set()", ast.SetTerm())
	}
	return reader.number()
}

func (reader *reader) word(word string, term *ast.Term) (*ast.Term, error) {
	rest, found := bytes.CutPrefix(reader.rest, []byte(word))
	if !found {
		return nil, errNoValue
	}
	reader.rest = rest
	return term, nil
}

func (reader *reader) number() (*ast.Term, error) {
	size := 0
	for size < len(reader.rest) && strings.IndexByte("+-.0123456789Ee", reader.rest[size]) >= 0 {
		size++
	}
	if size == 0 {
		return nil, errNoValue
	}
	number := ast.Number(reader.rest[:size])
	reader.rest = reader.rest[size:]
	return ast.NewTerm(number), nil
}

func (reader *reader) string() (string, error) {
	var text []byte
	rest := reader.rest[1:]
	for {
		plain := bytes.IndexAny(rest, `"\`)
		if plain < 0 || plain+1 == len(rest) && rest[plain] == '\\' {
			return "", errTruncated
		}
		text = append(text, rest[:plain]...)
		if rest[plain] == '"' {
			reader.rest = rest[plain+1:]
			return string(text), nil
		}
		character, _, after, err := strconv.UnquoteChar(string(rest[plain:min(plain+6, len(rest))]), '"')
		if err != nil {
			return "", err
		}
		text = utf8.AppendRune(text, character)
		rest = rest[min(plain+6, len(rest))-len(after):]
	}
}

func (reader *reader) array() (*ast.Term, error) {
	var elements []*ast.Term
	reader.rest = reader.rest[1:]
	for !reader.take(']') {
		if len(elements) > 0 && !reader.take(',') {
			return nil, errTruncated
		}
		element, err := reader.value()
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	return ast.ArrayTerm(elements...), nil
}

// braces reads an object, or a set that is not empty.
func (reader *reader) braces() (*ast.Term, error) {
	reader.rest = reader.rest[1:]
	if reader.take('}') {
		return ast.ObjectTerm(), nil
	}
	first, err := reader.value()
	if err != nil {
		return nil, err
	}
	if !reader.take(':') {
		set := ast.NewSet(first)
		for reader.take(',') {
			element, err := reader.value()
			if err != nil {
				return nil, err
			}
			set.Add(element)
		}
		return ast.NewTerm(set), reader.end()
	}
	object := ast.NewObject()
	key := first
	for {
		value, err := reader.value()
		if err != nil {
			return nil, err
		}
		object.Insert(key, value)
		if !reader.take(',') {
			return ast.NewTerm(object), reader.end()
		}
		if key, err = reader.value(); err != nil {
			return nil, err
		}
		if !reader.take(':') {
			return nil, errTruncated
		}
	}
}

func (reader *reader) end() error {
	if !reader.take('}') {
		return errTruncated
	}
	return nil
}
