package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	opa "github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/util"
)

// compileRequest is compiler-protocol.ts's CompileRequest.
type compileRequest struct {
	Modules      map[string]string `json:"modules"`
	Entrypoints  []string          `json:"entrypoints"`
	Capabilities string            `json:"capabilities"`
	Trusted      bool              `json:"trusted"`
	Authored     authored          `json:"authored"`
	Data         map[string]any    `json:"data"`
}

// failure says why there is no module: all problems of Rego, or one message where OPA names no place.
type failure struct {
	Problems []problem `json:"problems"`
	Message  string    `json:"message"`
}

type problem struct {
	Path    string `json:"path"`
	Row     int    `json:"row"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// respond gives the WASM module and true, or a failure in JSON and false.
func respond(request []byte) ([]byte, bool) {
	var parsed compileRequest
	err := json.Unmarshal(request, &parsed)
	if err == nil {
		var module []byte
		if module, err = compileModules(parsed); err == nil {
			return module, true
		}
	}
	// Strings and numbers alone: this cannot fail.
	text, _ := json.Marshal(writeFailure(err))
	return text, false
}

func writeFailure(err error) failure {
	found := problemsOf(err)
	if found == nil || slices.ContainsFunc(found, func(each *ast.Error) bool { return each.Location == nil }) {
		return failure{Problems: []problem{}, Message: err.Error()}
	}
	found.Sort()
	problems := make([]problem, 0, len(found))
	for _, each := range found {
		place := each.Location
		// At the end of a file OPA counts columns from 0; an empty one has no rows either.
		problems = append(problems, problem{place.File, max(place.Row, 1), max(place.Col, 1), writeMessage(each)})
	}
	return failure{Problems: problems}
}

// problemsOf gives what OPA says is wrong with Rego; nil for any other error.
func problemsOf(err error) ast.Errors {
	if one, ok := errors.AsType[*ast.Error](err); ok {
		return ast.Errors{one}
	}
	all, _ := errors.AsType[ast.Errors](err)
	return all
}

func writeMessage(err *ast.Error) string {
	message := err.Message
	if detail, ok := err.Details.(*ast.ArgErrDetail); ok {
		message += ": " + strings.Join(detail.Lines(), ", ")
	}
	if name, ok := strings.CutPrefix(message, "undefined function "); ok && ast.BuiltinMap[name] != nil {
		message += ": OPA has it, policy/capabilities.json does not"
	}
	return message
}

// compileModules checks what people wrote, which takes as long again as to build it.
func compileModules(request compileRequest) ([]byte, error) {
	capabilities, err := ast.LoadCapabilitiesJSON(strings.NewReader(request.Capabilities))
	if err != nil {
		return nil, err
	}
	modules, err := parseModules(request, capabilities)
	if err != nil {
		return nil, err
	}
	if !request.Trusted || len(request.Authored.Modules) > 0 {
		if err := check(request, modules, capabilities); err != nil {
			return nil, err
		}
		capabilities = rewriteDivergent(modules, capabilities)
	}
	files := make([]bundle.ModuleFile, 0, len(modules))
	for _, path := range util.KeysSorted(modules) {
		files = append(files, bundle.ModuleFile{URL: path, Path: path, Parsed: modules[path]})
	}
	builder := opa.New().
		WithCapabilities(capabilities).
		WithTarget(opa.TargetWasm).
		WithEntrypoints(request.Entrypoints...).
		WithBundle(&bundle.Bundle{Modules: files, Data: map[string]any{}})
	if err := builder.Build(context.Background()); err != nil {
		return nil, err
	}
	return builder.Bundle().WasmModules[0].Raw, nil
}

// check is strict and finds every problem, which OPA's builder does not: it is lenient and stops at ten.
func check(request compileRequest, modules map[string]*ast.Module, capabilities *ast.Capabilities) error {
	checker := ast.NewCompiler().
		WithCapabilities(capabilities).
		WithEvalMode(ast.EvalModeIR).
		WithStrict(true).
		SetErrorLimit(0)
	var reads ast.Errors
	var rules ruleBook
	var literals []literalCall
	if len(request.Authored.Modules) > 0 {
		schema, err := request.Authored.schema()
		if err != nil {
			return err
		}
		// Other than the builder's: checkLiteralCalls evaluates.
		checker.WithEvalMode(ast.EvalModeTopdown).WithSchemas(typesOf(schema)).WithStageAfterID(ast.StageResolveRefs, ast.CompilerStageDefinition{
			Name:       "CheckReads",
			MetricName: "compile_stage_check_reads",
			Stage: func(*ast.Compiler) *ast.Error {
				reads = request.Authored.checkReads(checker, schema)
				rules = request.Authored.readRules(checker, schema)
				literals = request.Authored.findLiteralCalls(checker)
				return nil
			},
		})
	}
	checker.Compile(modules)
	if len(reads) > 0 {
		// What OPA has to say besides, such as of rules that read themselves, comes from them.
		return reads
	}
	problems := request.Authored.checkSayings(checker)
	if checker.Failed() {
		return append(problems, checker.Errors...)
	}
	problems = append(problems, request.Authored.checkUndefined(checker, rules)...)
	problems = append(problems, request.Authored.checkLiteralCalls(checker, literals)...)
	problems = append(problems, checkIntegerKeys(checker, request.Data)...)
	if problems = append(problems, checkNegation(checker)...); len(problems) > 0 {
		return problems
	}
	return nil
}

func parseModules(request compileRequest, capabilities *ast.Capabilities) (map[string]*ast.Module, error) {
	modules := make(map[string]*ast.Module, len(request.Modules)+len(request.Authored.Modules))
	var problems ast.Errors
	parse := func(path, text string, version ast.RegoVersion) error {
		module, err := ast.ParseModuleWithOpts(path, text, ast.ParserOptions{Capabilities: capabilities, RegoVersion: version})
		found := problemsOf(err)
		if err != nil && found == nil {
			return err
		}
		problems = append(problems, found...)
		modules[path] = module
		return nil
	}
	for path, text := range request.Modules {
		if err := parse(path, text, ast.RegoV1); err != nil {
			return nil, err
		}
	}
	for path, module := range request.Authored.Modules {
		version := ast.RegoV1
		if module.Version == "v0" {
			version = ast.RegoV0
		}
		if err := parse(path, module.Text, version); err != nil {
			return nil, err
		}
	}
	if len(problems) == 0 {
		problems = request.Authored.checkTexts(modules)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return modules, nil
}
