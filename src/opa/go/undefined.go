package main

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ruleBook is what authors' modules say, as they were written, of what may be undefined.
type ruleBook struct {
	schema inputSchema
	// Complete rules, by their full names, all of whose definitions have a condition, and none is a default.
	conditional map[string]bool
	// Those, and those that read what may be missing.
	uncertain map[string]bool
	// What OPA calls variables, and what their author does.
	names    map[ast.Var]ast.Var
	problems ast.Errors
}

// readRules wants names resolved and nothing else done: what has no body is told from what has one.
func (a authored) readRules(compiler *ast.Compiler, schema inputSchema) ruleBook {
	book := ruleBook{schema: schema, conditional: map[string]bool{}, uncertain: map[string]bool{}}
	var sure, defined []string
	for path := range a.Modules {
		module := compiler.Modules[path]
		for _, rule := range module.Rules {
			if !isComplete(rule) {
				continue
			}
			name := nameOf(module, rule)
			book.conditional[name], book.uncertain[name] = true, true
			if last := lastOf(rule); rule.Default || isUnconditional(last) {
				defined = append(defined, name)
				if rule.Default || !book.readsMissing(last.Head.Value) {
					sure = append(sure, name)
				}
			}
		}
	}
	for _, name := range defined {
		delete(book.conditional, name)
	}
	for _, name := range sure {
		delete(book.uncertain, name)
	}
	for path, text := range a.Modules {
		module := compiler.Modules[path]
		for _, rule := range module.Rules {
			if isComplete(rule) && isVerdict(rule.Head.Ref()[0]) && !rule.Default && isUnconditional(rule) {
				book.checkVerdict(rule, pathOf(text.Package))
			}
		}
	}
	return book
}

// isComplete tells `x := 1` from sets, objects, parts of them, and functions.
func isComplete(rule *ast.Rule) bool {
	return rule.Head.RuleKind() == ast.SingleValue && len(rule.Head.Args) == 0 && len(rule.Head.Ref()) == 1
}

func isVerdict(word *ast.Term) bool {
	return word.Value.Compare(ast.Var("allow")) == 0 || word.Value.Compare(ast.Var("deny")) == 0
}

func nameOf(module *ast.Module, rule *ast.Rule) string {
	return module.Package.Path.Append(ast.StringTerm(string(rule.Head.Ref()[0].Value.(ast.Var)))).String()
}

func lastOf(rule *ast.Rule) *ast.Rule {
	for rule.Else != nil {
		rule = rule.Else
	}
	return rule
}

func isUnconditional(rule *ast.Rule) bool {
	return len(rule.Body) == 1 && ast.Boolean(true).Equal(valueOf(rule.Body[0]))
}

// valueOf is that of an expression that is one term; else null.
func valueOf(expr *ast.Expr) ast.Value {
	if term, ok := expr.Terms.(*ast.Term); ok && !expr.Negated {
		return term.Value
	}
	return ast.NullValue
}

func (book ruleBook) readsMissing(value *ast.Term) bool {
	reads := false
	walkRefs(value, func(ref ast.Ref) { reads = reads || len(book.findMissing(ref)) > 0 })
	return reads
}

// checkVerdict finds `deny := [frozen, {"team-frozen"}]` where `frozen` may be undefined, and with it the whole.
func (book *ruleBook) checkVerdict(rule *ast.Rule, own ast.Ref) {
	walkRefs(rule.Head.Value, func(ref ast.Ref) {
		if !ref.HasPrefix(own) || len(ref) == len(own) || !book.conditional[ref[:len(own)+1].String()] {
			return
		}
		name, word := ref[len(own)].Value, rule.Head.Ref()[0].String()
		book.problems = append(book.problems, problemAt(rule.Location, word+" is undefined where "+textOf(name)+" is, which has conditions "+
			"alone: give it a default, `default "+textOf(name)+" := false`"))
	})
}

func textOf(name ast.Value) string {
	text, _ := name.(ast.String)
	return string(text)
}

// walkRefs comes to the references of which each must be defined for the whole to be: none in a comprehension.
func walkRefs(node any, visit func(ast.Ref)) {
	ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every:
			return true
		case ast.Ref:
			visit(node)
		}
		return false
	}).Walk(node)
}

// findMissing gives what of a reference may be undefined.
func (book ruleBook) findMissing(ref ast.Ref) []missing {
	if ref[0].Equal(ast.InputRootDocument) {
		return book.schema.findUncertain(ref)
	}
	for size := range ref {
		if book.uncertain[ref[:size+1].String()] {
			return []missing{{ref[:size+1], false}}
		}
	}
	return nil
}

// checkUndefined finds what would not deny, as it is undefined where an operand is: `deny if not endswith(input.caller.email,
// "@x.com")` when nobody is signed in. OPA takes the operands of a call out of the `not`, so that the body fails there,
// and nothing is negated. Modules are taken as compiled.
func (a authored) checkUndefined(compiler *ast.Compiler, book ruleBook) ast.Errors {
	book.names = compiler.RewrittenVars
	for path := range a.Modules {
		for _, rule := range compiler.Modules[path].Rules {
			book.checkBodies(rule, scope{})
		}
	}
	return book.problems
}

// scope is what a body and those around it say.
type scope struct {
	// What OPA took out of expressions, by the variable that it put there.
	taken map[ast.Var]*ast.Expr
	// What variables were assigned.
	assigned map[ast.Var]ast.Ref
	// What must be there for the body to be true, as its author says outside of what is judged here.
	demanded []ast.Ref
}

func (book *ruleBook) checkBodies(node any, outer scope) {
	ast.NewGenericVisitor(func(node any) bool {
		body, ok := node.(ast.Body)
		if ok {
			book.checkBody(body, outer)
		}
		return ok
	}).Walk(node)
}

func (book *ruleBook) checkBody(body ast.Body, outer scope) {
	inner := outer.enter(body)
	for _, expr := range body {
		if isNegation(expr) {
			inner.walkTaken(expr, func(ref ast.Ref) { book.judgeOperand(expr, inner, inner.follow(ref)) })
		}
		book.checkBodies(expr, inner)
	}
}

func (book *ruleBook) judgeOperand(expr *ast.Expr, inner scope, ref ast.Ref) {
	for _, part := range book.findMissing(ref) {
		if inner.demands(part) {
			continue
		}
		how := " is not there"
		if part.null {
			how = " is null"
		}
		book.problems = append(book.problems, problemAt(expr.Location, "a negated call is undefined where "+book.write(part.path)+how+
			", so that a deny does not fire: put it into a rule with a default, `default ok := false` and `ok if ...`, and write "+
			"`ok == false`; or use a criterion of data.behalf.criteria"))
		return
	}
}

// write has the names that the author gave.
func (book ruleBook) write(ref ast.Ref) string {
	named := ref.Copy()
	for _, element := range named {
		if name, ok := element.Value.(ast.Var); ok && book.names[name] != "" {
			element.Value = book.names[name]
		}
	}
	return named.String()
}

func (outer scope) enter(body ast.Body) scope {
	inner := scope{map[ast.Var]*ast.Expr{}, map[ast.Var]ast.Ref{}, outer.demanded[:len(outer.demanded):len(outer.demanded)]}
	maps.Copy(inner.taken, outer.taken)
	maps.Copy(inner.assigned, outer.assigned)
	for _, expr := range body {
		if expr.Negated || !expr.IsCall() {
			continue
		}
		operands := expr.Operands()
		if len(operands) == 0 {
			continue
		}
		if expr.IsEquality() {
			name, isVar := operands[0].Value.(ast.Var)
			ref, isRef := operands[1].Value.(ast.Ref)
			if isVar && isRef {
				inner.assigned[name] = ref
			}
			operands = operands[:1]
		}
		if name, ok := operands[len(operands)-1].Value.(ast.Var); ok && expr.Generated {
			inner.taken[name] = expr
		}
	}
	for _, expr := range body {
		// Under `with` it is of another input.
		if expr.Generated || isNegation(expr) || len(expr.With) > 0 {
			continue
		}
		demand := func(ref ast.Ref) { inner.demanded = append(inner.demanded, inner.follow(ref)) }
		walkRefs(expr, demand)
		inner.walkTaken(expr, demand)
		if term, ok := expr.Terms.(*ast.Term); ok && term.Equal(signedIn) {
			demand(callersKey)
		}
		if compares(expr, ast.NullValue, ast.NotEqual.Name) {
			inner.walkOperands(expr, func(ref ast.Ref) { demand(ref.Append(anyKey)) })
		}
	}
	return inner
}

var (
	signedIn = ast.MustParseTerm("data.behalf.identity.signed_in")
	// What is not null has keys, as far as it is asked here.
	anyKey     = ast.NullTerm()
	callersKey = ast.MustParseRef("input.caller").Append(anyKey)
)

// isNegation tells `not f(x)`, `f(x) == false` and `f(x) != true`.
func isNegation(expr *ast.Expr) bool {
	return expr.Negated || compares(expr, ast.Boolean(false), ast.Equality.Name, ast.Equal.Name) ||
		compares(expr, ast.Boolean(true), ast.NotEqual.Name)
}

// compares tells a comparison with a literal, by one of the operators.
func compares(expr *ast.Expr, literal ast.Value, operators ...string) bool {
	return expr.IsCall() && slices.Contains(operators, expr.Operator().String()) &&
		slices.ContainsFunc(expr.Operands()[:2], func(operand *ast.Term) bool { return operand.Value.Compare(literal) == 0 })
}

// walkOperands comes to the references that are themselves operands.
func (scope scope) walkOperands(expr *ast.Expr, visit func(ast.Ref)) {
	for _, operand := range expr.Operands() {
		name, _ := operand.Value.(ast.Var)
		if taken := scope.taken[name]; taken != nil && taken.IsEquality() {
			operand = taken.Operand(1)
		} else if ref, ok := scope.assigned[name]; ok {
			operand = ast.NewTerm(ref)
		}
		if ref, ok := operand.Value.(ast.Ref); ok {
			visit(ref)
		}
	}
}

// walkTaken comes to the references that OPA took out of an expression, and those out of them.
func (scope scope) walkTaken(expr *ast.Expr, visit func(ast.Ref)) {
	seen := map[*ast.Expr]bool{expr: true}
	var walk func(expr *ast.Expr)
	walk = func(expr *ast.Expr) {
		ast.NewGenericVisitor(func(node any) bool {
			switch node := node.(type) {
			case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every:
				return true
			case ast.Var:
				if taken := scope.taken[node]; taken != nil && !seen[taken] {
					seen[taken] = true
					walkRefs(taken, visit)
					walk(taken)
				}
			}
			return false
		}).Walk(expr)
	}
	walk(expr)
}

// follow writes out variables at the start of a reference.
func (scope scope) follow(ref ast.Ref) ast.Ref {
	for range len(scope.assigned) {
		name, ok := ref[0].Value.(ast.Var)
		start, known := scope.assigned[name]
		if !ok || !known {
			break
		}
		ref = start.Concat(ref[1:])
	}
	return ref
}

func (scope scope) demands(part missing) bool {
	for _, ref := range scope.demanded {
		if ref.HasPrefix(part.path) && (!part.null || len(ref) > len(part.path)) {
			return true
		}
	}
	return false
}
