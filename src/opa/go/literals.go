package main

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// literalCall is one of a function of the library with nothing but literals, as its author wrote it.
type literalCall struct {
	terms []*ast.Term
	place *ast.Location
}

// findLiteralCalls wants names resolved and nothing else done.
func (a authored) findLiteralCalls(compiler *ast.Compiler) []literalCall {
	var found []literalCall
	for path := range a.Modules {
		find := func(terms []*ast.Term) {
			function, ok := terms[0].Value.(ast.Ref)
			if ok && function.HasPrefix(libraryPath) && !slices.ContainsFunc(terms[1:], isNoLiteral) {
				found = append(found, literalCall{terms, terms[len(terms)-1].Location})
			}
		}
		ast.NewGenericVisitor(func(node any) bool {
			switch node := node.(type) {
			case *ast.Expr:
				if node.IsCall() {
					find(node.Terms.([]*ast.Term))
				}
			case ast.Call:
				find(node)
			}
			return false
		}).Walk(compiler.Modules[path])
	}
	return found
}

func isNoLiteral(term *ast.Term) bool { return !ast.IsConstant(term.Value) }

// The library takes an argument or not, whoever asks.
var anyInput = ast.MustParseTerm(`{
	"route": {"id": "r0", "name": "r0"},
	"request": {
		"method": "GET", "scheme": "https", "host": "a.example.com", "path": "/", "query": "", "headers": {}, "ip": "192.0.2.1",
		"client_certificate": null,
	},
	"caller": null, "original_user": null, "original_user_error": null, "time_ns": 1893456000000000000,
}`).Value

// checkLiteralCalls has the library itself say which arguments it does not take, as it would to every request that comes there.
func (a authored) checkLiteralCalls(compiler *ast.Compiler, calls []literalCall) ast.Errors {
	var problems ast.Errors
	for _, call := range calls {
		query := rego.New(rego.Compiler(compiler), rego.ParsedInput(anyInput), rego.ParsedQuery(ast.NewBody(ast.NewExpr(call.terms))))
		_, err := query.Eval(context.Background())
		if topdown.IsError(err) && err.(*topdown.Error).Code == topdown.ConflictErr {
			name := strings.TrimPrefix(call.terms[0].String(), "data."+library)
			problems = append(problems, problemAt(call.place, name+" does not take this, and each request that came here would get "+
				"503: it takes "+a.Takes[name]))
		}
	}
	return problems
}
