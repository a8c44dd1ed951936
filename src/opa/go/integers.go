package main

import "github.com/open-policy-agent/opa/v1/ast"

const integerKey = "a number for the key of an object in data: OPA's interpreter takes it for text, WebAssembly finds " +
	"nothing. Write it as text, `data.x[\"2\"]`"

// checkIntegerKeys finds `data.x[2]` where `x` is an object that has "2", which is to be known from the data alone.
func checkIntegerKeys(compiler *ast.Compiler, data map[string]any) ast.Errors {
	var problems ast.Errors
	for _, module := range compiler.Modules {
		ast.WalkRefs(module, func(ref ast.Ref) bool {
			if ref[0].Equal(ast.DefaultRootDocument) && hasIntegerKey(ref[1:], data) {
				problems = append(problems, ast.NewError(ast.CompileErr, ref[0].Location, "%s", integerKey))
			}
			return false
		})
	}
	return problems
}

func hasIntegerKey(path ast.Ref, document any) bool {
	for _, element := range path {
		object, ok := document.(map[string]any)
		if !ok {
			return false
		}
		if number, ok := element.Value.(ast.Number); ok {
			_, found := object[string(number)]
			return found
		}
		name, ok := element.Value.(ast.String)
		if !ok {
			return false
		}
		document = object[string(name)]
	}
	return false
}
