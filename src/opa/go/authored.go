package main

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
	"github.com/open-policy-agent/opa/v1/util"
)

// authored is compiler-protocol.ts's AuthoredRego: trusted with its own policy and nothing else.
type authored struct {
	Modules         map[string]authoredModule `json:"modules"`
	Readable        []string                  `json:"readable"`
	ReservedHeaders []string                  `json:"reservedHeaders"`
	AbsentHeaders   []string                  `json:"absentHeaders"`
	InputSchema     string                    `json:"inputSchema"`
	Takes           map[string]string         `json:"takes"`
}

type authoredModule struct {
	Text    string `json:"text"`
	Package string `json:"package"`
	Version string `json:"version"`
}

const (
	library        = "behalf."
	reservedPrefix = "x-pomerium-"
)

// The rules by which a package has a say, and what each may be.
var sayings = map[string]struct {
	fits func(types.Type) bool
	must string
}{
	"allow":            {isResult, resultForms},
	"deny":             {isResult, resultForms},
	"request_headers":  {isList, "must be a list or a set of header actions"},
	"response_headers": {isList, "must be a list or a set of header actions"},
}

const resultForms = "must be true or false, [bool], [bool, reasons] with a list or set of texts, or what data.behalf.logic " +
	"and data.behalf.criteria give"

func (a authored) schema() (schema inputSchema, err error) {
	err = util.UnmarshalJSON([]byte(a.InputSchema), &schema)
	return schema, err
}

// typesOf has the checker of types know the input document.
func typesOf(schema inputSchema) *ast.SchemaSet {
	set := ast.NewSchemaSet()
	set.Put(ast.SchemaRootRef, map[string]any(schema))
	return set
}

// checkTexts judges what is to be seen before anything is compiled: that a module is in the package that it says, as every
// other check goes by it, literal header actions, and literal reasons.
func (a authored) checkTexts(modules map[string]*ast.Module) ast.Errors {
	var problems ast.Errors
	for path, text := range a.Modules {
		module := modules[path]
		if !module.Package.Path.Equal(pathOf(text.Package)) {
			problems = append(problems, problemAt(module.Package.Location, "the package line must be the first of the text, as in `package app.access`"))
		}
		visitor := ast.NewGenericVisitor(func(node any) bool {
			if term, ok := node.(*ast.Term); ok {
				if object, ok := term.Value.(ast.Object); ok {
					if message := a.judgeAction(object); message != "" {
						problems = append(problems, problemAt(term.Location, message))
					}
				}
			}
			return false
		})
		for _, rule := range module.Rules {
			visitor.Walk(rule)
		}
		problems = append(problems, checkReasons(module.Rules)...)
	}
	return problems
}

func (a authored) judgeAction(object ast.Object) string {
	action, isAction := textUnder(object, "action")
	name, hasName := textUnder(object, "name")
	if !isAction || !hasName || (action != "set" && action != "remove") {
		return ""
	}
	canonical := canonicalName(name)
	if strings.HasPrefix(canonical, reservedPrefix) || slices.Contains(a.ReservedHeaders, canonical) {
		return "no policy may " + action + " the header \"" + name + "\", which is the proxy's own"
	}
	if canonical == "" || strings.ToLower(name) != canonical {
		return "the name of a header that a policy may " + action + " has letters, digits and hyphens alone"
	}
	if value := object.Get(ast.InternedTerm("value")); action == "set" && value != nil {
		switch value.Value.(type) {
		case ast.Null, ast.Boolean, ast.Number, *ast.Array, ast.Object, ast.Set:
			return "the value of a header that a policy sets must be text"
		}
	}
	return ""
}

// canonicalName is reserved-names.ts's.
func canonicalName(name string) string {
	return strings.Map(func(character rune) rune {
		if (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') {
			return character
		}
		return '-'
	}, strings.ToLower(name))
}

func textUnder(object ast.Object, key string) (string, bool) {
	term := object.Get(ast.InternedTerm(key))
	if term == nil {
		return "", false
	}
	text, ok := term.Value.(ast.String)
	return string(text), ok
}

// checkReads wants names resolved and nothing else done: what is read is then where its author wrote it.
func (a authored) checkReads(compiler *ast.Compiler, schema inputSchema) ast.Errors {
	var problems ast.Errors
	for path, text := range a.Modules {
		for _, rule := range compiler.Modules[path].Rules {
			report := func(place *ast.Location, message string) {
				if message == "" {
					return
				}
				if place == nil {
					place = rule.Location
				}
				problems = append(problems, problemAt(place, message))
			}
			ast.NewGenericVisitor(func(node any) bool {
				switch node := node.(type) {
				case *ast.Expr:
					if node.IsCall() {
						report(node.Location, schema.judgeComparison(node.Terms.([]*ast.Term)))
					}
				case *ast.Term:
					switch value := node.Value.(type) {
					case ast.Call:
						report(node.Location, schema.judgeComparison(value))
					case ast.Ref:
						report(node.Location, a.judgeRead(value, text.Package, schema))
					}
				}
				return false
			}).Walk(rule)
		}
	}
	return problems
}

func (a authored) judgeRead(ref ast.Ref, own string, schema inputSchema) string {
	switch {
	case ref[0].Equal(ast.InputRootDocument):
		if message := a.judgeHeader(ref); message != "" {
			return message
		}
		return schema.findMissing(ref)
	case ref[0].Equal(ast.DefaultRootDocument) && !a.mayRead(ref, own):
		return "a policy does not read " + ref.String() + ": it reads input, its own package, public rules of data." +
			strings.Join(a.Readable, ", data.") + ", and says which by constant names"
	}
	return ""
}

// judgeHeader says which names of headers no request has, as findMissing does for other names.
func (a authored) judgeHeader(ref ast.Ref) string {
	if !ref.HasPrefix(headersPath) || len(ref) == len(headersPath) {
		return ""
	}
	name, constant := ref[len(headersPath)].Value.(ast.String)
	if !constant {
		return ""
	}
	missing := "no input document has " + ref[:len(headersPath)+1].String() + ": "
	if lower := strings.ToLower(string(name)); lower != string(name) {
		return missing + "the names of headers are lower-case there, as \"" + lower + "\""
	}
	canonical := canonicalName(string(name))
	absent := slices.ContainsFunc(a.AbsentHeaders, func(each string) bool {
		return canonical == each || strings.HasSuffix(each, "-") && strings.HasPrefix(canonical, each)
	})
	if absent {
		return missing + "this header goes no further than the proxy, which says what it found out in input.caller, " +
			"input.original_user and input.request"
	}
	return ""
}

var headersPath = ast.MustParseRef("input.request.headers")

func (a authored) mayRead(ref ast.Ref, own string) bool {
	if ref.HasPrefix(pathOf(own)) {
		return true
	}
	for _, name := range a.Readable {
		path := pathOf(name)
		if !ref.HasPrefix(path) {
			continue
		}
		if !strings.HasPrefix(name, library) {
			return true
		}
		if len(ref) > len(path) {
			rule, ok := ref[len(path)].Value.(ast.String)
			return ok && !strings.HasPrefix(string(rule), "_")
		}
	}
	return false
}

// checkSayings refuses a package that can decide nothing, such as one with `alow`, and rules that no verdict can be made of.
func (a authored) checkSayings(compiler *ast.Compiler) ast.Errors {
	packages := map[string][]*ast.Module{}
	for _, path := range util.KeysSorted(a.Modules) {
		name := a.Modules[path].Package
		packages[name] = append(packages[name], compiler.Modules[path])
	}
	var problems ast.Errors
	for name, modules := range packages {
		problems = append(problems, checkPackage(compiler.TypeEnv, pathOf(name), modules)...)
	}
	return problems
}

func checkPackage(env *ast.TypeEnv, path ast.Ref, modules []*ast.Module) ast.Errors {
	said := map[string][]*ast.Rule{}
	for _, module := range modules {
		for _, rule := range module.Rules {
			word := string(rule.Ref()[len(path)].Value.(ast.String))
			if _, ok := sayings[word]; ok {
				said[word] = append(said[word], rule)
			}
		}
	}
	if len(said) == 0 {
		return ast.Errors{problemAt(modules[0].Package.Location, "this package says nothing: it has none of "+strings.Join(util.KeysSorted(sayings), ", "))}
	}
	var problems ast.Errors
	for word, rules := range said {
		fits := func(value types.Type) bool { return value == nil || sayings[word].fits(value) }
		wrong := slices.IndexFunc(rules, func(rule *ast.Rule) bool {
			return len(rule.Ref()) > len(path)+1 || len(rule.Head.Args) > 0 ||
				rule.Head.Value != nil && rule.Head.Value.IsGround() && !fits(env.GetByValue(rule.Head.Value.Value))
		})
		if wrong < 0 && fits(env.GetByRef(path.Append(ast.StringTerm(word)))) {
			continue
		}
		problems = append(problems, problemAt(rules[max(wrong, 0)].Location, word+" "+sayings[word].must))
	}
	return problems
}

func isResult(value types.Type) bool {
	switch value := value.(type) {
	case types.Boolean:
		return true
	case types.Any:
		return all(value, isResult)
	case *types.Array:
		if value.Dynamic() != nil {
			return true
		}
		return (value.Len() == 1 || value.Len() == 2) && isBoolean(value.Select(0)) && (value.Len() == 1 || isReasons(value.Select(1)))
	case *types.Object:
		return value.DynamicProperties() != nil || len(value.StaticProperties()) == 2 && isBoolean(value.Select("value")) && isReasons(value.Select("reasons"))
	}
	return false
}

func isBoolean(value types.Type) bool {
	switch value := value.(type) {
	case types.Boolean:
		return true
	case types.Any:
		return all(value, isBoolean)
	}
	return false
}

func isReasons(value types.Type) bool { return isListOf(value, isText) }

func isList(value types.Type) bool { return isListOf(value, isObject) }

func isText(value types.Type) bool {
	switch value := value.(type) {
	case types.String:
		return true
	case types.Any:
		return all(value, isText)
	}
	return false
}

func isObject(value types.Type) bool {
	switch value := value.(type) {
	case *types.Object:
		return true
	case types.Any:
		return all(value, isObject)
	}
	return false
}

func isListOf(value types.Type, isElement func(types.Type) bool) bool {
	switch value := value.(type) {
	case types.Any:
		return all(value, func(one types.Type) bool { return isListOf(one, isElement) })
	case *types.Array:
		for i := range value.Len() {
			if !isElement(value.Select(i)) {
				return false
			}
		}
		return value.Dynamic() == nil || isElement(value.Dynamic())
	case *types.Set:
		return value.Of() == nil || isElement(value.Of())
	}
	return false
}

// all is true of a type that may be anything.
func all(union types.Any, fits func(types.Type) bool) bool {
	return !slices.ContainsFunc(union, func(one types.Type) bool { return !fits(one) })
}

// pathOf is data.a.b for `a.b`.
func pathOf(name string) ast.Ref {
	ref := ast.Ref{ast.DefaultRootDocument}
	for _, part := range strings.Split(name, ".") {
		ref = append(ref, ast.StringTerm(part))
	}
	return ref
}

func problemAt(place *ast.Location, message string) *ast.Error {
	return ast.NewError(ast.CompileErr, place, "%s", message)
}
