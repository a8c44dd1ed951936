package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// divergent are builtins that are native in WebAssembly, but do not mean there what they mean in OPA 1.22.2
// (test/opa-cases), or may fail on operands of the right type, which only the host counts (src/engine/load-engine.ts).
var divergent = []string{
	"array.slice",
	"base64.decode",
	"base64.is_valid",
	"base64url.decode",
	"bits.and",
	"bits.lsh",
	"bits.negate",
	"bits.or",
	"bits.rsh",
	"bits.xor",
	"ceil",
	"concat",
	"div",
	"floor",
	"format_int",
	"glob.match",
	"indexof",
	"json.is_valid",
	"json.marshal",
	"json.unmarshal",
	"net.cidr_contains",
	"net.cidr_intersects",
	"net.cidr_overlap",
	"numbers.range",
	"object.union_n",
	"product",
	"re_match",
	"regex.find_all_string_submatch_n",
	"regex.is_valid",
	"regex.match",
	"rem",
	"replace",
	"round",
	"strings.replace_n",
	"substring",
	"sum",
	"to_number",
}

// rewriteDivergent makes calls of divergent builtins calls of OPA's own code, which the policy's host has, under names that
// only the host knows. It gives the capabilities that the modules then need. The library in policy/ knows what WebAssembly
// makes of them, and is spared the way out.
//
// It is for modules that compile, so that messages name what their authors wrote.
func rewriteDivergent(modules map[string]*ast.Module, capabilities *ast.Capabilities) *ast.Capabilities {
	hosted := make(map[string]ast.Ref, len(divergent))
	extended := *capabilities
	extended.Builtins = slices.Clone(capabilities.Builtins)
	for _, builtin := range capabilities.Builtins {
		if slices.Contains(divergent, builtin.Name) {
			host := &ast.Builtin{Name: hostPrefix + builtin.Name, Decl: builtin.Decl}
			hosted[builtin.Name] = host.Ref()
			extended.Builtins = append(extended.Builtins, host)
		}
	}
	for _, module := range modules {
		if module.Package.Path.HasPrefix(libraryPath) || module.Package.Path.HasPrefix(writtenPath) {
			continue
		}
		known := maps.Clone(hosted)
		maps.DeleteFunc(known, func(name string, _ ast.Ref) bool {
			head, _, _ := strings.Cut(name, ".")
			return isShadowed(modules, module, ast.Var(head))
		})
		rewriteCalls(module, known)
	}
	return &extended
}

const hostPrefix = "host."

var libraryPath = ast.MustParseRef("data.behalf")

// What src/compile/write-rego.ts writes calls the library and nothing else; there may be thousands of it.
var writtenPath = ast.MustParseRef("data.policies")

// isShadowed tells whether a name is an import's or a rule's there, and so no builtin's. What else can have a name cannot
// be called.
func isShadowed(modules map[string]*ast.Module, module *ast.Module, name ast.Var) bool {
	if slices.ContainsFunc(module.Imports, func(each *ast.Import) bool { return each.Name().Equal(name) }) {
		return true
	}
	for _, other := range modules {
		if !other.Package.Path.Equal(module.Package.Path) {
			continue
		}
		if slices.ContainsFunc(other.Rules, func(rule *ast.Rule) bool { return rule.Head.Ref()[0].Value.Compare(name) == 0 }) {
			return true
		}
	}
	return false
}

func rewriteCalls(module *ast.Module, hosted map[string]ast.Ref) {
	rename := func(term *ast.Term) {
		if host, found := hosted[term.String()]; found {
			*term = *ast.NewTerm(host.Copy()).SetLocation(term.Location)
		}
	}
	ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.Expr:
			if node.IsCall() {
				rename(node.OperatorTerm())
			}
			for _, with := range node.With {
				// The name of a function that is replaced, and of what replaces it.
				rename(with.Target)
				if !isDocument(with.Target) {
					rename(with.Value)
				}
			}
		case ast.Call:
			rename(node[0])
		}
		return false
	}).Walk(module)
}

func isDocument(target *ast.Term) bool {
	ref, ok := target.Value.(ast.Ref)
	return ok && (ref.HasPrefix(ast.InputRootRef) || ref.HasPrefix(ast.DefaultRootRef))
}
