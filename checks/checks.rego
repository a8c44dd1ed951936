# METADATA
# title: A policy about policies
# description: >-
#   What every Rego file of Behalf keeps to. The input is `{"files": {path: text}, "annotations": [...]}`: the texts, and
#   what `opa inspect --annotations --format json` says of their folders.
package checks

# METADATA
# title: Violations
# description: Each as `{"file", "row", "message"}`; the row is 1 where a whole file is meant.
# scope: document
violations contains {"file": path, "row": 1, "message": message} if {
	some path, module in modules
	package_path := concat(".", [step.value | some step in array.slice(module.package.path, 1, count(module.package.path))])
	wanted := _package_of(path)
	package_path != wanted
	message := sprintf("package %s must be %s: a package is named after its folder", [package_path, wanted])
}

violations contains {"file": path, "row": 1, "message": message} if {
	some path in libraries
	count({rule | some rule in rules; rule.file == path; rule.public == true}) > 0
	test_path := replace(path, ".rego", "_test.rego")
	object.get(input.files, test_path, null) == null
	message := sprintf("a file with public rules needs its test beside it, %s", [test_path])
}

violations contains {"file": path, "row": 1, "message": message} if {
	some path in libraries
	package_path := [step.value | some step in modules[path].package.path]
	count([true | some note in input.annotations; _is_complete(note, package_path)]) == 0
	message := "the package has no METADATA with a title and a description, in any of its files"
}

violations contains {"file": rule.file, "row": _row_of(rule), "message": message} if {
	some rule in rules
	rule.public == true
	rule.file in libraries
	count([true | some note in input.annotations; _is_complete(note, rule.path)]) == 0
	message := sprintf("public rule %s has no METADATA with a title and a description", [rule.name])
}

violations contains {"file": rule.file, "row": _row_of(rule), "message": message} if {
	some rule in rules
	regex.match(`^_?[a-z][a-z0-9_]*$`, rule.name) == false
	message := sprintf("rule %s must be in snake_case, with one underscore before it where it is private", [rule.name])
}

violations contains {"file": rule.file, "row": _row_of(rule), "message": message} if {
	some rule in rules
	packages := {"data"} | object.keys(imports_of(rule.file))
	some ref in refs_of(rule)
	ref[0] in packages
	some step in array.slice(ref, 1, count(ref))
	startswith(step, "_")
	message := sprintf("rule %s reads %s, which is private to its package", [rule.name, concat(".", ref)])
}

# `not` over a dynamic reference is one thing in OPA's interpreter and another in WASM: src/opa/go/negation.go.
violations contains {"file": rule.file, "row": _row_of(rule), "message": message} if {
	some rule in rules
	walk(rule.ast, [_, node])
	node.negated == true
	message := sprintf("rule %s has a `not`: compare with `== false`, which says what undefined is", [rule.name])
}

# Such a test passes as soon as one of its cases does.
violations contains {"file": rule.file, "row": _row_of(rule), "message": message} if {
	some rule in rules
	startswith(rule.name, "test_")
	count(rule.ast.head.ref) == 1
	some expression in rule.ast.body
	expression.terms.symbols
	message := sprintf("test %s has a table and is not keyed by the case's name: write %s[name]", [rule.name, rule.name])
}

violations contains {"file": reason.file, "row": reason.row, "message": message} if {
	some reason in reasons
	regex.match(`^[a-z0-9-]{1,64}$`, object.get(reason, "code", "")) == false
	message := sprintf("a reason of %s has no code of a-z, 0-9 and -", [reason.rule])
}

violations contains {"file": reason.file, "row": reason.row, "message": message} if {
	some reason in reasons
	regex.match(`^[A-Z].*\.$`, object.get(reason, "text", "")) == false
	message := sprintf("reason %s has no text that is a sentence", [reason.code])
}

violations contains {"file": reason.file, "row": reason.row, "message": message} if {
	some reason in reasons
	count([true | some other in reasons; other.code == reason.code]) > 1
	message := sprintf("reason %s is there more than once", [reason.code])
}

violations contains {"file": reason.file, "row": reason.row, "message": message} if {
	some reason in reasons
	some [given, twin] in _twins
	endswith(reason.code, given)
	wanted := concat("", [trim_suffix(reason.code, given), twin])
	count([true | some other in reasons; other.code == wanted]) == 0
	message := sprintf("reason %s has no twin %s: what a policy can allow it can deny", [reason.code, wanted])
}

# A denial that no test asserts may be one that never happens, and an allowance one that always does.
violations contains {"file": reason.file, "row": reason.row, "message": message} if {
	some reason in reasons
	{reason.code} & _tested == set()
	message := sprintf("no test asserts reason %s", [reason.code])
}

violations contains {"file": rule.file, "row": _row_of(rule), "message": message} if {
	some rule in rules
	rule.file in libraries
	some code in (_texts_of(rule.ast) & {reason.code | some reason in reasons})
	message := sprintf("rule %s writes reason %s, whose only place is METADATA", [rule.name, code])
}

_twins := [["-ok", "-unauthorized"], ["-unauthorized", "-ok"]]

_is_complete(note, path) if {
	[step.value | some step in note.path] == path
	note.annotations.title != ""
	note.annotations.description != ""
}

# Of `policy/criteria/caller_test.rego` it is `behalf.criteria_test`.
_package_of(path) := concat(".", array.concat(array.slice(steps, 0, count(steps) - 1), [last])) if {
	folder := array.slice(split(path, "/"), 0, count(split(path, "/")) - 1)
	steps := [object.get({"policy": "behalf"}, step, step) | some step in folder]
	last := concat("", [steps[count(steps) - 1], {true: "_test", false: ""}[endswith(path, "_test.rego")]])
}

_texts_of(term) := {text | walk(term, [_, {"type": "string", "value": text}])}

_tested contains text if {
	some path, module in modules
	endswith(path, "_test.rego")
	some text in _texts_of(module.rules)
}

# The syntax tree has no places.
_row_of(rule) := min([row |
	some index, line in split(input.files[rule.file], "\n")
	regex.match(sprintf(`^(default )?%s\b`, [rule.name]), line)
	row := index + 1
])
