package main

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// As policy/rego/rego.rego has it.
const (
	reasonCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	maxReasonLength  = 64
)

const noReason = " is no reason: it has lower-case letters, digits and hyphens alone, and 64 at most, as in \"team-frozen\""

// What combines results: a reason in one of them becomes one of the whole.
var combining = []string{"all_of", "any_of", "none_of", "not_all_of"}

// checkReasons refuses literal reasons that are none in what `allow` and `deny` say: each request that came there would get
// 503.
func checkReasons(rules []*ast.Rule) ast.Errors {
	var problems ast.Errors
	for _, rule := range rules {
		if ref := rule.Head.Ref(); len(ref) != 1 || !ref[0].Equal(ast.VarTerm("allow")) && !ref[0].Equal(ast.VarTerm("deny")) {
			continue
		}
		for one := rule; one != nil; one = one.Else {
			for _, reason := range reasonsIn(one.Head.Value) {
				if text, ok := reason.Value.(ast.String); ok && !isReason(string(text)) {
					problems = append(problems, problemAt(reason.Location, reason.String()+noReason))
				}
			}
		}
	}
	return problems
}

func isReason(text string) bool {
	return text != "" && len(text) <= maxReasonLength && strings.Trim(text, reasonCharacters) == ""
}

// reasonsIn is what a result, as it is written, has in the place of its reasons; nothing where that is not to be seen.
func reasonsIn(result *ast.Term) []*ast.Term {
	if result == nil {
		return nil
	}
	switch value := result.Value.(type) {
	case *ast.Array:
		if value.Len() == 2 {
			return elementsOf(value.Elem(1))
		}
	case ast.Object:
		return elementsOf(value.Get(ast.InternedTerm("reasons")))
	case ast.Call:
		function, ok := value[0].Value.(ast.Ref)
		if !ok || len(value) < 2 {
			return nil
		}
		if name, ok := function[len(function)-1].Value.(ast.String); !ok || !slices.Contains(combining, string(name)) {
			return nil
		}
		var reasons []*ast.Term
		for _, one := range elementsOf(value[1]) {
			reasons = append(reasons, reasonsIn(one)...)
		}
		return reasons
	}
	return nil
}

// elementsOf is those of a list or a set, and the values of an object.
func elementsOf(collection *ast.Term) []*ast.Term {
	if collection == nil {
		return nil
	}
	var elements []*ast.Term
	add := func(element *ast.Term) { elements = append(elements, element) }
	switch value := collection.Value.(type) {
	case *ast.Array:
		value.Foreach(add)
	case ast.Set:
		value.Foreach(add)
	case ast.Object:
		value.Foreach(func(_, element *ast.Term) { add(element) })
	}
	return elements
}
