package main

import "github.com/open-policy-agent/opa/v1/ast"

const (
	dynamicNegation = "`not` over a reference that picks a document under `data` by a key that the request decides: OPA's " +
		"interpreter makes it true where the reference is false or undefined, WebAssembly never does, so that what " +
		"`opa test` shows denied would pass. Write `== false`, over a rule that has a default"
	relationNegation = "`not` over a call of `walk` that matches what it yields: OPA's interpreter makes it true where " +
		"nothing matches, WebAssembly never does. Write `count([1 | walk(...)]) == 0`"
	bodyNegation = "the `not` of `rego.v2` and `future.keywords.not`: in WebAssembly it keeps its outcome from one " +
		"iteration to the next. Write Rego v1's `not`"
)

// checkNegation finds what would be decided otherwise in WebAssembly than in OPA's interpreter. OPA 1.22.2's planner puts
// what follows a dispatch over rules, or a scan, into a block of its own; under `not` that block's failure is not the
// whole's, which then counts as true, and its negation as false. Modules are taken as compiled: names resolved,
// assignments and calls taken apart, so that an expression's own terms are all that its plan holds.
func checkNegation(compiler *ast.Compiler) ast.Errors {
	var problems ast.Errors
	for _, module := range compiler.Modules {
		ast.WalkExprs(module, func(expr *ast.Expr) bool {
			if message := judgeNegation(compiler, expr); message != "" {
				problems = append(problems, ast.NewError(ast.CompileErr, expr.Location, "%s", message))
			}
			return false
		})
	}
	return problems
}

func judgeNegation(compiler *ast.Compiler, expr *ast.Expr) string {
	if _, ok := expr.Terms.(*ast.Not); ok {
		return bodyNegation
	}
	if !expr.Negated {
		return ""
	}
	if expr.IsCall() {
		builtin := ast.BuiltinMap[expr.Operator().String()]
		if builtin != nil && builtin.Relation && len(expr.Operands()) > builtin.Decl.Arity() {
			return relationNegation
		}
	}
	dynamic := false
	ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			// Planned on its own; what is negated inside is an expression that WalkExprs comes to.
			return true
		case ast.Ref:
			dynamic = dynamic || isDispatch(compiler, node)
		}
		return false
	}).Walk(expr)
	if dynamic {
		return dynamicNegation
	}
	return ""
}

// isDispatch tells a reference into data whose first element that is no constant comes before any rule: `data.routes[x].ok`,
// and not `data.p.blocked[x]` where `blocked` is a rule, which is one call and a look-up. Where there is no rule at all
// the reference is harmless, but only until somebody else's module puts one there.
func isDispatch(compiler *ast.Compiler, ref ast.Ref) bool {
	if !ref[0].Equal(ast.DefaultRootDocument) {
		return false
	}
	for i, element := range ref[1:] {
		switch element.Value.(type) {
		case ast.Null, ast.Boolean, ast.Number, ast.String:
		default:
			return len(compiler.GetRulesForVirtualDocument(ref[:i+1])) == 0
		}
	}
	return false
}
