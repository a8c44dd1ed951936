package behalf.logic_test

import data.behalf.fixtures_test as fixtures
import data.behalf.logic
import data.behalf.result

_yes := {"value": true, "reasons": {"yes"}}

_also := {"value": true, "reasons": {"also"}}

_no := {"value": false, "reasons": {"no"}}

_never := {"value": false, "reasons": {"never"}}

test_all_of[name] if {
	some name, tc in {
		"nothing": {"results": [], "want": {"value": false, "reasons": set()}},
		"one true": {"results": [_yes], "want": _yes},
		"one false": {"results": [_no], "want": _no},
		"all true": {"results": [_yes, _also], "want": {"value": true, "reasons": {"yes", "also"}}},
		"one of two false": {"results": [_yes, _no], "want": _no},
		"all false": {"results": [_never, _no], "want": {"value": false, "reasons": {"no", "never"}}},
	}
	logic.all_of(tc.results) == tc.want
}

test_any_of[name] if {
	some name, tc in {
		"nothing": {"results": [], "want": {"value": false, "reasons": set()}},
		"one true": {"results": [_yes], "want": _yes},
		"one false": {"results": [_no], "want": _no},
		"all true": {"results": [_yes, _also], "want": {"value": true, "reasons": {"yes", "also"}}},
		"one of two true": {"results": [_no, _yes], "want": _yes},
		"all false": {"results": [_never, _no], "want": {"value": false, "reasons": {"no", "never"}}},
	}
	logic.any_of(tc.results) == tc.want
}

test_none_of[name] if {
	some name, tc in {
		"one true": {"results": [_yes], "want": {"value": false, "reasons": {"yes"}}},
		"one false": {"results": [_no], "want": {"value": true, "reasons": {"no"}}},
		"one of two true": {"results": [_no, _yes], "want": {"value": false, "reasons": {"yes"}}},
		"all false": {"results": [_never, _no], "want": {"value": true, "reasons": {"no", "never"}}},
	}
	logic.none_of(tc.results) == tc.want
}

test_not_all_of[name] if {
	some name, tc in {
		"one true": {"results": [_yes], "want": {"value": false, "reasons": {"yes"}}},
		"one false": {"results": [_no], "want": {"value": true, "reasons": {"no"}}},
		"one of two true": {"results": [_yes, _no], "want": {"value": true, "reasons": {"no"}}},
		"all true": {"results": [_yes, _also], "want": {"value": false, "reasons": {"yes", "also"}}},
	}
	logic.not_all_of(tc.results) == tc.want
}

test_sides[name] if {
	some name, tc in {
		"a block decides for its side": {
			"blocks": [logic.all_of([_yes, _no]), logic.none_of([_never])],
			"want": {"value": true, "reasons": {"never"}},
		},
		"no block decides": {
			"blocks": [logic.all_of([_yes, _no]), logic.none_of([_also])],
			"want": {"value": false, "reasons": {"no", "also"}},
		},
	}
	logic.any_of(tc.blocks) == tc.want
}

_of_nothing := {"value": false, "reasons": set()}

_each(results) := {logic.all_of(results), logic.any_of(results), logic.none_of(results), logic.not_all_of(results)}

test_nothing[name] if {
	some name, results in {"a list": [], "a set": set(), "an object": {}}
	_each(results) == {_of_nothing}
}

test_no_collection[name] if {
	some name, given in {"null": null, "text": "yes", "a boolean": true, "a number": 1}
	results := {
		{found | found := logic.all_of(given)},
		{found | found := logic.any_of(given)},
		{found | found := logic.none_of(given)},
		{found | found := logic.not_all_of(given)},
	} with result.decided as fixtures.decided
	results == {set()}
}

test_other_results[name] if {
	some name, tc in {
		"true": {"results": [true], "all": {"value": true, "reasons": set()}, "none": _of_nothing},
		"false": {"results": [false], "all": _of_nothing, "none": {"value": true, "reasons": set()}},
		"true beside a result": {"results": [_yes, true], "all": _yes, "none": {"value": false, "reasons": {"yes"}}},
		"false beside a result": {"results": [_yes, false], "all": _of_nothing, "none": {"value": false, "reasons": {"yes"}}},
		"[false]": {"results": [_yes, [false]], "all": _of_nothing, "none": {"value": false, "reasons": {"yes"}}},
		"[bool, reasons]": {"results": [[false, ["no"]], true], "all": _no, "none": _of_nothing},
		"a set": {"results": {_yes, _no}, "all": _no, "none": {"value": false, "reasons": {"yes"}}},
		"an object": {"results": {"a": _yes, "b": _no}, "all": _no, "none": {"value": false, "reasons": {"yes"}}},
	}
	[logic.all_of(tc.results), logic.none_of(tc.results)] == [tc.all, tc.none]
}
