package checks

# METADATA
# title: Modules
# description: The syntax tree of every file, by its path.
modules := {path: rego.parse_module(path, text) | some path, text in input.files}

# METADATA
# title: Libraries
# description: The paths of the files that are no tests.
libraries := {path | some path, _ in modules; endswith(path, "_test.rego") == false}

# METADATA
# title: Rules
# description: Every rule of every file, each part of a rule with several as one of its own.
rules contains {"file": path, "name": name, "path": full, "public": startswith(name, "_") == false, "ast": ast} if {
	some path, module in modules
	some ast in module.rules
	name := ast.head.ref[0].value
	full := array.concat([step.value | some step in module.package.path], [name])
}

# METADATA
# title: Imports of a file
# description: The whole path of each, by the name that it has there.
imports_of(path) := {name: steps |
	some statement in object.get(modules[path], "imports", [])
	steps := [step.value | some step in statement.path.value]
	name := object.get(statement, "alias", steps[count(steps) - 1])
}

# METADATA
# title: References of a rule
# description: >-
#   Each as the list of its steps, up to the first that is not plain text: `["identity", "reasons"]`. What the rule itself
#   binds is none.
refs_of(rule) := {steps |
	locals := _locals_of(rule.ast)
	some ref in _refs_in(rule.ast)
	steps := array.slice(ref, 0, min([index | some index, step in array.concat(ref, [null]); is_string(step) == false]))
	{steps[0]} & locals == set()
}

_refs_in(ast) := {steps |
	walk(ast, [_, {"type": "ref", "value": ref}])
	steps := [step | some index, part in ref; step := _plain(index, part)]
} | {[name] | walk(ast, [_, {"type": "var", "value": name}])}

_plain(index, part) := part.value if {
	part.type == {true: "var", false: "string"}[index == 0]
} else := null

_locals_of(ast) := {name |
	some bound in [
		object.get(ast.head, "args", []),
		[target | walk(ast, [_, [{"type": "ref", "value": [{"type": "var", "value": "assign"}]}, target, _]])],
		[array.slice(some_in.value, 1, count(some_in.value) - 1) | walk(ast, [_, {"symbols": [some_in]}]); some_in.type == "call"],
	]
	walk(bound, [_, {"type": "var", "value": name}])
}

# METADATA
# title: Reasons
# description: Every reason, with the rule whose METADATA has it.
reasons contains object.union(reason, {
	"file": note.location.file,
	"row": note.location.row,
	"rule": concat(".", [step.value | some step in note.path]),
	"key": key,
}) if {
	some note in input.annotations
	some key, reason in note.annotations.custom.reasons
}

# METADATA
# title: Codes by rule
# description: The reasons that a rule can give, itself or through those that it calls, by the rule's full name.
codes_by_rule[name] := codes if {
	some name, _ in _calls_of
	codes := {code |
		some reached in graph.reachable(_calls, {name})
		some code in _codes_of[reached]
	}
}

# Who reads a table whole may give all of it, and who reads one reason of it gives that.
_codes_of := {name: codes |
	some reason in reasons
	some name in _names_of(reason)
	codes := {other.code | some other in reasons; name in _names_of(other)}
}

_names_of(reason) := {reason.rule, concat(".", [reason.rule, reason.key])}

_calls := object.union({called: set() | some calls in _calls_of; some called in calls}, _calls_of)

_calls_of[caller] contains called if {
	some rule in rules
	rule.file in libraries
	caller := concat(".", rule.path)
	imports := imports_of(rule.file)
	siblings := array.slice(rule.path, 0, count(rule.path) - 1)
	some ref in refs_of(rule)
	called := _resolve(ref, imports, siblings)
}

# An imported name, or a rule of the same package; of another package's table the reason that is read.
_resolve(ref, imports, _) := concat(".", array.concat(imports[ref[0]], array.slice(ref, 1, count(ref))))

_resolve(ref, imports, siblings) := concat(".", array.concat(siblings, ref)) if object.get(imports, ref[0], null) == null
