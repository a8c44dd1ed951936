package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/util"
)

// inputSchema is the JSON Schema of the input document.
type inputSchema map[string]any

// findMissing says what no input document has: in a deny it would be undefined, and silent, for ever. OPA's checker of types
// does not tell of names in what may be null.
func (schema inputSchema) findMissing(ref ast.Ref) string {
	node := map[string]any(schema)
	for at, element := range ref[1:] {
		node, _ = schema.resolve(node)
		properties, known := node["properties"].(map[string]any)
		if name, constant := element.Value.(ast.String); known && constant && properties[string(name)] == nil {
			return "no input document has " + ref[:at+2].String() + ": " + ref[:at+1].String() + " has " +
				strings.Join(util.KeysSorted(properties), ", ")
		}
		if node, _ = step(node, element); node == nil {
			return ""
		}
	}
	return ""
}

// missing is a part of a reference that not every document has, and which part of it is null then, if it is not the key
// that is missing.
type missing struct {
	path ast.Ref
	null bool
}

// findUncertain gives what of a reference may be missing.
func (schema inputSchema) findUncertain(ref ast.Ref) []missing {
	var found []missing
	node := map[string]any(schema)
	for at, element := range ref[1:] {
		var nullable, sure bool
		if node, nullable = schema.resolve(node); nullable {
			found = append(found, missing{ref[:at+1], true})
		}
		if node, sure = step(node, element); !sure {
			found = append(found, missing{ref[:at+2], false})
		}
	}
	return found
}

// resolve takes the alternative that is not null, if there is one, and follows a reference.
func (schema inputSchema) resolve(node map[string]any) (resolved map[string]any, nullable bool) {
	if alternatives, ok := node["anyOf"].([]any); ok {
		for _, alternative := range alternatives {
			one, _ := alternative.(map[string]any)
			if one["type"] == "null" {
				nullable = true
			} else if resolved == nil {
				resolved, _ = schema.resolve(one)
			}
		}
		return resolved, nullable
	}
	if reference, ok := node["$ref"].(string); ok {
		definitions, _ := schema["definitions"].(map[string]any)
		definition, _ := definitions[strings.TrimPrefix(reference, "#/definitions/")].(map[string]any)
		return definition, false
	}
	return node, false
}

// step goes from a node to what an element of a reference picks there, nil for what is not known, and tells whether that
// is there in every document.
func step(node map[string]any, element *ast.Term) (next map[string]any, sure bool) {
	if items, ok := node["items"].(map[string]any); ok {
		return items, false
	}
	properties, _ := node["properties"].(map[string]any)
	if name, constant := element.Value.(ast.String); constant && properties != nil {
		next, sure = properties[string(name)].(map[string]any)
		return next, sure
	}
	next, _ = node["additionalProperties"].(map[string]any)
	return next, false
}

// judgeComparison finds `==` and `!=` that always come to the same: a list with what is none, and what no enumeration has.
func (schema inputSchema) judgeComparison(call []*ast.Term) string {
	if len(call) != 3 || !slices.Contains([]string{"equal", "eq", "neq"}, call[0].String()) {
		return ""
	}
	if message := schema.judgeLiteral(call[1], call[2]); message != "" {
		return message
	}
	return schema.judgeLiteral(call[2], call[1])
}

func (schema inputSchema) judgeLiteral(read, literal *ast.Term) string {
	ref, ok := read.Value.(ast.Ref)
	if !ok || !ref[0].Equal(ast.InputRootDocument) || !ast.IsScalar(literal.Value) {
		return ""
	}
	node := map[string]any(schema)
	for _, element := range ref[1:] {
		node, _ = schema.resolve(node)
		node, _ = step(node, element)
	}
	node, _ = schema.resolve(node)
	if node["type"] == "array" {
		return ref.String() + " is a list, never " + literal.String() + ": write `" + literal.String() + " in " + ref.String() + "`"
	}
	values, ok := node["enum"].([]any)
	if !ok {
		return ""
	}
	if slices.ContainsFunc(values, func(each any) bool { return ast.MustInterfaceToValue(each).Compare(literal.Value) == 0 }) {
		return ""
	}
	// JSON of what came from JSON.
	text, _ := json.Marshal(values)
	return ref.String() + " is never " + literal.String() + ": it is one of " + string(text)
}
