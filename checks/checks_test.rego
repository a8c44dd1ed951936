package checks_test

import data.checks

_library := `package behalf.doors

import data.behalf.keys

open(door) := keys.fits if {
	some lock in door.locks
	keys.turns(lock)
} else := _closed

_closed := false
`

_tests := `package behalf.doors_test

import data.behalf.doors

test_open[name] if {
	some name, want in {"a": "door-ok", "b": "door-unauthorized"}
	doors.open(name) == want
}
`

_note(steps, custom) := {
	"path": [{"value": step} | some step in array.concat(["data", "behalf"], steps)],
	"location": {"file": "policy/doors/doors.rego", "row": 5},
	"annotations": {"title": "A door", "description": "Opens.", "custom": custom},
}

_reason(code, text) := {"code": code, "text": text}

_ok := _reason("door-ok", "The door opens.")

_unauthorized := _reason("door-unauthorized", "The door stays shut.")

_of_package := _note(["doors"], {})

_of_rule(reasons) := _note(["doors", "open"], {"reasons": reasons})

_input(library, tests, notes) := {
	"files": {"policy/doors/doors.rego": library, "policy/doors/doors_test.rego": tests},
	"annotations": notes,
}

_notes := [_of_package, _of_rule({"ok": _ok, "unauthorized": _unauthorized})]

_sound := _input(_library, _tests, _notes)

test_sound if checks.violations == set() with input as _sound

_with_line(line) := _input(concat("\n", [_library, line]), _tests, _notes)

_with_test(line) := _input(_library, concat("\n", [_tests, line]), _notes)

_with_reasons(reasons) := _input(_library, _tests, [_of_package, _of_rule(reasons)])

test_violations[name] if {
	some name, tc in {
		"a package of another folder": {
			"input": _input(replace(_library, "behalf.doors", "behalf.gates"), _tests, array.concat(_notes, [
				_note(["gates"], {}),
				_note(["gates", "open"], {}),
			])),
			"want": {"1: package behalf.gates must be behalf.doors: a package is named after its folder"},
		},
		"no test beside": {
			"input": object.union(_sound, {"files": {"policy/doors/more.rego": "package behalf.doors\n\nopen(1) := 1"}}),
			"want": {"1: a file with public rules needs its test beside it, policy/doors/more_test.rego"},
		},
		"no test beside what is private": {
			"input": object.union(_sound, {"files": {"policy/doors/more.rego": "package behalf.doors\n\n_open := 1"}}),
			"want": set(),
		},
		"a package without METADATA": {
			"input": _input(_library, _tests, [_notes[1]]),
			"want": {"1: the package has no METADATA with a title and a description, in any of its files"},
		},
		"a rule without METADATA": {
			"input": _with_line("shut := 1"),
			"want": {"12: public rule shut has no METADATA with a title and a description"},
		},
		"a rule without a title": {
			"input": _input(_library, _tests, [_of_package, json.remove(_notes[1], ["annotations/title"])]),
			"want": {"5: public rule open has no METADATA with a title and a description"},
		},
		"a rule without a description": {
			"input": _input(_library, _tests, [_of_package, json.patch(_notes[1], [{
				"op": "replace",
				"path": "annotations/description",
				"value": "",
			}])]),
			"want": {"5: public rule open has no METADATA with a title and a description"},
		},
		"camel case": {
			"input": _with_line("_isShut := 1"),
			"want": {"12: rule _isShut must be in snake_case, with one underscore before it where it is private"},
		},
		"another package's private rule": {
			"input": _with_line("default _shut := 1\n_shut := keys._turns(1)"),
			"want": {"12: rule _shut reads keys._turns, which is private to its package"},
		},
		"another package's private rule by its full name": {
			"input": _with_line("_shut := data.behalf.keys._turns"),
			"want": {"12: rule _shut reads data.behalf.keys._turns, which is private to its package"},
		},
		"a field with an underscore": {"input": _with_line("_shut(door) := door._hinge"), "want": set()},
		"a negation": {
			"input": _with_line("_shut if not input.open"),
			"want": {"12: rule _shut has a `not`: compare with `== false`, which says what undefined is"},
		},
		"a comparison with false": {"input": _with_line("_shut if input.open == false"), "want": set()},
		"a table that no key tells": {
			"input": _with_test("test_all if {\n\tsome want in [1]\n\twant == 1\n}"),
			"want": {"10: test test_all has a table and is not keyed by the case's name: write test_all[name]"},
		},
		"a test without a table": {"input": _with_test("test_all if doors.open(1)"), "want": set()},
		"a reason without a code": {
			"input": _with_reasons({"ok": _ok, "unauthorized": _unauthorized, "x": {"text": "So."}}),
			"want": {"5: a reason of data.behalf.doors.open has no code of a-z, 0-9 and -"},
		},
		"a reason whose code is no code": {
			"input": _with_reasons({"ok": _ok, "unauthorized": _unauthorized, "x": _reason("Door OK", "So.")}),
			"want": {
				"5: a reason of data.behalf.doors.open has no code of a-z, 0-9 and -",
				"5: no test asserts reason Door OK",
			},
		},
		"a reason that is no sentence": {
			"input": _with_reasons({"ok": _reason("door-ok", "open"), "unauthorized": _unauthorized}),
			"want": {"5: reason door-ok has no text that is a sentence"},
		},
		"a reason twice": {
			"input": _with_reasons({"ok": _ok, "unauthorized": _unauthorized, "x": _ok}),
			"want": {"5: reason door-ok is there more than once"},
		},
		"a reason without its twin": {
			"input": _with_reasons({"unauthorized": _unauthorized}),
			"want": {"5: reason door-unauthorized has no twin door-ok: what a policy can allow it can deny"},
		},
		"a reason that no test asserts": {
			"input": _input(_library, replace(_tests, "door-unauthorized", "no"), _notes),
			"want": {"5: no test asserts reason door-unauthorized"},
		},
		"a reason written in a rule": {
			"input": _with_line(`_shut := "door-ok"`),
			"want": {"12: rule _shut writes reason door-ok, whose only place is METADATA"},
		},
	}
	found := {text | some violation in checks.violations; text := sprintf("%d: %s", [violation.row, violation.message])} with input as tc.input
	found == tc.want
}
