package behalf.result_test

import data.behalf.fixtures_test as fixtures
import data.behalf.result

_yes(reasons) := {"value": true, "reasons": reasons}

_no(reasons) := {"value": false, "reasons": reasons}

test_of[name] if {
	some name, tc in {
		"true": {"given": true, "want": _yes(set())},
		"false": {"given": false, "want": _no(set())},
		"[true]": {"given": [true], "want": _yes(set())},
		"[false]": {"given": [false], "want": _no(set())},
		"a list of reasons": {"given": [true, ["b-ok", "a-ok", "a-ok"]], "want": _yes({"a-ok", "b-ok"})},
		"a set of reasons": {"given": [false, {"a-ok"}], "want": _no({"a-ok"})},
		"no reasons": {"given": [true, []], "want": _yes(set())},
		"what a criterion gives": {"given": _yes({"a-ok"}), "want": _yes({"a-ok"})},
		"the same with a list": {"given": _no(["a-ok"]), "want": _no({"a-ok"})},
	}
	result.of(tc.given) == tc.want
}

test_malformed[name] if {
	some name, given in {
		"text for reasons": [true, "a-ok"],
		"an object for reasons": [true, {"a": "a-ok"}],
		"a third element": [true, ["a-ok"], {}],
		"an empty list": [],
		"text": "true",
		"null": null,
		"1": 1,
		"text in a list": ["true"],
		"text beside reasons": ["true", ["a-ok"]],
		"an object without reasons": {"value": true},
		"an object with more": {"value": true, "reasons": set(), "x": 1},
		"an object with text": {"value": "true", "reasons": set()},
		"an object with null": {"value": null, "reasons": set()},
		"a set of true": {true},
		"an empty object": {},
	}
	results := {found | found := result.of(given)} with result.decided as fixtures.decided
	results == set()
}

test_decided[name] if {
	some name, value in {"true": true, "false": false}
	result.decided(value) == value
}
