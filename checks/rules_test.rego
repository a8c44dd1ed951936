package checks_test

import data.checks

_keys := `package behalf.keys

import data.behalf.reasons as why

turns(lock) := _outcome(why.table.ok) if lock

turns(table) := _outcome(table) if table == 1

_outcome(reason) := reason

all := why.table

one(name) := why.table[name]

outside := why.other.ok
`

_table := {
	"path": [{"value": step} | some step in ["data", "behalf", "reasons", "table"]],
	"location": {"file": "policy/reasons/reasons.rego", "row": 1},
	"annotations": {"custom": {"reasons": {"ok": {"code": "key-ok"}, "unauthorized": {"code": "key-unauthorized"}}}},
}

test_codes_by_rule[name] if {
	some name, codes in {
		"turns": {"key-ok"},
		"_outcome": set(),
		"all": {"key-ok", "key-unauthorized"},
		"one": {"key-ok", "key-unauthorized"},
		"outside": set(),
	}
	document := {"files": {"policy/keys/keys.rego": _keys}, "annotations": [_table]}
	given := checks.codes_by_rule with input as document
	given[concat(".", ["data.behalf.keys", name])] == codes
}

test_refs_of[name] if {
	some name, refs in {
		"turns": {["_outcome"], ["why"], ["why", "table", "ok"]},
		"all": {["why"], ["why", "table"]},
	}
	document := {"files": {"policy/keys/keys.rego": _keys}, "annotations": []}
	found := {ref | some rule in checks.rules; rule.name == name; some ref in checks.refs_of(rule)} with input as document
	found - {["equal"], [name]} == refs
}
