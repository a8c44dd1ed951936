package behalf.logic_test

import data.behalf.logic

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
