package behalf.rego_test

import data.behalf.fixtures_test as fixtures
import data.behalf.rego as authored
import data.behalf.result

_yes(reasons) := {"value": true, "reasons": reasons}

_no(reasons) := {"value": false, "reasons": reasons}

_long := concat("", [letter | some _ in numbers.range(1, 64); letter := "a"])

# `want` is empty where no verdict can be made.
test_result[name] if {
	some name, tc in {
		"undefined": {"given": set(), "want": {_no(set())}},
		"true": {"given": {true}, "want": {_yes(set())}},
		"false": {"given": {false}, "want": {_no(set())}},
		"[bool, reasons]": {"given": {[false, ["b-ok", "a-ok", "a-ok"]]}, "want": {_no({"a-ok", "b-ok"})}},
		"what a criterion gives": {"given": {_yes({"a-ok"})}, "want": {_yes({"a-ok"})}},
		"the longest reason": {"given": {[true, [_long]]}, "want": {_yes({_long})}},
		"a reason that is too long": {"given": {[true, [concat("", [_long, "a"])]]}, "want": set()},
		"an empty reason": {"given": {[true, [""]]}, "want": set()},
		"a reason in capitals": {"given": {[true, ["Ok"]]}, "want": set()},
		"a reason with a space inside": {"given": {[true, ["a b"]]}, "want": set()},
		"a reason with an end of line": {"given": {[true, ["a\n"]]}, "want": set()},
		"a number for a reason": {"given": {[true, [1]]}, "want": set()},
		"one bad reason among good ones": {"given": {[true, ["a-ok", "B"]]}, "want": set()},
		"text": {"given": {"true"}, "want": set()},
		"null": {"given": {null}, "want": set()},
		"what is malformed": {"given": {{"value": null, "reasons": set()}}, "want": set()},
	}
	results := {found | found := authored.result(tc.given)} with result.decided as fixtures.decided
	results == tc.want
}

_set(name, value) := {"action": "set", "name": name, "value": value}

_remove(name) := {"action": "remove", "name": name}

_routes := {"r0": {"claim_headers": [{"name": "x_e.mail", "claim": "email"}]}}

test_header_actions[name] if {
	some name, tc in {
		"none": {"given": [set(), set()], "want": []},
		"a list keeps its order": {
			"given": [{[_set("X-B", "b"), _remove("x-a"), _set("x-b", "")]}],
			"want": [_set("x-b", "b"), _remove("x-a"), _set("x-b", "")],
		},
		"a set is sorted": {
			"given": [{{_set("x-b", "b"), _set("x-a", "a"), _remove("x-c")}}],
			"want": [_remove("x-c"), _set("x-a", "a"), _set("x-b", "b")],
		},
		"one package after the other": {
			"given": [{[_set("x-b", "b")]}, set(), {[_set("x-a", "a")]}],
			"want": [_set("x-b", "b"), _set("x-a", "a")],
		},
		"text for actions": {"given": [{"x-a"}], "want": [null]},
		"an object for actions": {"given": [{_remove("x-a")}], "want": [null]},
		"text for an action": {"given": [{["x-a"]}], "want": [null]},
		"one bad action among good ones": {
			"given": [{[_remove("x-a"), _remove("x a")]}],
			"want": [_remove("x-a"), null],
		},
		"an unknown action": {"given": [{[{"action": "carry", "name": "x-a", "from": "original_user"}]}], "want": [null]},
		"an assertion to sign": {
			"given": [{[{"action": "sign", "name": "x-pomerium-jwt-assertion", "claims": {}}]}],
			"want": [null],
		},
		"parts for text": {"given": [{[_set("x-a", [{"config": 0}])]}], "want": [null]},
		"a number for text": {"given": [{[_set("x-a", 1)]}], "want": [null]},
		"no value": {"given": [{[{"action": "set", "name": "x-a"}]}], "want": [null]},
		"a key too many": {"given": [{[object.union(_remove("x-a"), {"value": ""})]}], "want": [null]},
		"no name": {"given": [{[_remove("")]}], "want": [null]},
		"a number for a name": {"given": [{[_remove(1)]}], "want": [null]},
		"a reserved name": {"given": [{[_set("X-Pomerium-Jwt-Assertion", "e30")]}], "want": [null]},
		"a reserved name that is removed": {
			"given": [{[_remove("x-pomerium-jwt-assertion-for")]}],
			"want": [null],
		},
		"another spelling of a reserved name": {
			"given": [{[_set("x_pomerium_jwt_assertion", "e30")]}],
			"want": [null],
		},
		"the name of a claim header": {"given": [{[_set("X-E-Mail", "a@b.c")]}], "want": [null]},
		"a name with what lower-case letters are made of": {"given": [{[_set("x-\u212a", "a")]}], "want": [null]},
		"the framing": {"given": [{[_remove("Content-Length")]}], "want": [null]},
		"the target": {"given": [{[_set("host", "a.example")]}], "want": [null]},
		"the number of the request": {"given": [{[_set("X-Request-Id", "1")]}], "want": [null]},
		"what the proxy says of the client": {"given": [{[_set("X-Forwarded-For", "10.0.0.1")]}], "want": [null]},
		"what it does not say of it": {"given": [{[_set("x-forwarded-port", "443")]}], "want": [null]},
		"a name that begins alike": {"given": [{[_remove("x-forwarder")]}], "want": [_remove("x-forwarder")]},
		"a name with an end of line": {"given": [{[_set("x-a\r\nx-b", "a")]}], "want": [null]},
	}
	actions := authored.header_actions(tc.given) with input as {"route": {"id": "r0"}} with data.routes as _routes
	actions == tc.want
}

# Without the route's options nobody knows which names are claims'.
test_unknown_route if {
	actions := authored.header_actions([{[_remove("x-a")]}]) with input as {"route": {"id": "r1"}} with data.routes as _routes
	actions == [null]
}
