package behalf.headers_test

import data.behalf.fixtures_test as fixtures
import data.behalf.headers

_removals := [
	{"action": "remove", "name": "x-pomerium-jwt-assertion"},
	{"action": "remove", "name": "x-pomerium-jwt-assertion-for"},
]

_user_signed := {
	"action": "sign",
	"name": "x-pomerium-jwt-assertion",
	"claims": {
		"iss": "api.example.com",
		"aud": "api.example.com",
		"sub": "ada-1",
		"user": "ada-1",
		"email": "ada@companydomain.com",
		"name": "Ada",
		"groups": ["engineering", "on-call"],
		"sid": "session-1",
		"caller_type": "user",
	},
}

_service_account_signed := {
	"action": "sign",
	"name": "x-pomerium-jwt-assertion",
	"claims": {
		"iss": "api.example.com",
		"aud": "api.example.com",
		"sub": "api-access",
		"user": "api-access",
		"email": "",
		"name": "",
		"groups": [],
		"sid": "token-1",
		"caller_type": "service_account",
	},
}

_carried := {"action": "carry", "name": "x-pomerium-jwt-assertion-for", "from": "original_user"}

_carried_unverified := {"action": "carry", "name": "x-pomerium-jwt-assertion-for", "from": "unverified"}

# DESIGN, "Original user context", row by row; the rows that end in a 403 are main's.
test_request_headers[name] if {
	some name, tc in {
		"a user": {
			"input": fixtures.of_user,
			"options": {},
			"want": array.concat(_removals, [_user_signed]),
		},
		"a user, though the document carries an original user": {
			"input": object.union(fixtures.of_user, {"original_user": fixtures.original_user}),
			"options": {},
			"want": array.concat(_removals, [_user_signed]),
		},
		"a service account on behalf of a user": {
			"input": fixtures.on_behalf_of_user,
			"options": {},
			"want": array.concat(_removals, [_service_account_signed, _carried]),
		},
		"a service account on behalf of a service account": {
			"input": fixtures.on_behalf_of_service_account,
			"options": {},
			"want": array.concat(_removals, [_service_account_signed, _carried]),
		},
		"a service account for itself": {
			"input": fixtures.of_service_account,
			"options": {},
			"want": array.concat(_removals, [_service_account_signed]),
		},
		"nobody": {
			"input": fixtures.of_nobody,
			"options": {},
			"want": _removals,
		},
		"nobody, though the document carries an original user": {
			"input": object.union(fixtures.of_nobody, {"original_user": fixtures.original_user}),
			"options": {},
			"want": _removals,
		},
		"a user, identity not passed": {
			"input": fixtures.of_user,
			"options": {"pass_identity_headers": false},
			"want": _removals,
		},
		"a service account on behalf of a user, identity not passed": {
			"input": fixtures.on_behalf_of_user,
			"options": {"pass_identity_headers": false},
			"want": _removals,
		},
		"unverified: a service account, whatever it brought": {
			"input": fixtures.of_service_account,
			"options": {"carries_unverified": true},
			"want": array.concat(_removals, [_service_account_signed, _carried_unverified]),
		},
		"unverified: a service account, though the document carries an original user": {
			"input": fixtures.on_behalf_of_user,
			"options": {"carries_unverified": true},
			"want": array.concat(_removals, [_service_account_signed, _carried_unverified]),
		},
		"unverified: a user": {
			"input": fixtures.of_user,
			"options": {"carries_unverified": true},
			"want": array.concat(_removals, [_user_signed]),
		},
		"unverified: nobody": {
			"input": fixtures.of_nobody,
			"options": {"carries_unverified": true},
			"want": _removals,
		},
		"unverified: a service account, identity not passed": {
			"input": fixtures.of_service_account,
			"options": {"carries_unverified": true, "pass_identity_headers": false},
			"want": _removals,
		},
	}
	_request_headers(tc.input, tc.options) == tc.want
}

test_route_that_says_nothing if {
	actions := headers.request_headers with input as fixtures.of_user with data.routes as {"r0": {
		"claim_headers": [{"name": "x-email", "claim": "email"}],
		"set_request_headers": [],
		"template_request_headers": [],
		"remove_request_headers": [],
	}}
	actions == array.concat(_removals, [{"action": "remove", "name": "x-email"}])
}

test_issuer[name] if {
	some name, tc in {
		"the host": {"options": {"issuer_format": "host_only"}, "want": "api.example.com"},
		"a URI": {"options": {"issuer_format": "uri"}, "want": "https://api.example.com/"},
	}
	some action in _request_headers(fixtures.of_user, tc.options)
	action.action == "sign"
	action.claims.iss == tc.want
	action.claims.aud == "api.example.com"
}

# Everything at once, in the order of DESIGN: reserved names, sign, carry, claim headers, the configuration's.
test_order if {
	_request_headers(fixtures.on_behalf_of_user, {
		"claim_headers": [{"name": "x-user", "claim": "user"}, {"name": "x-team", "claim": "team"}],
		"set_request_headers": [{"action": "set", "name": "x-literal", "value": [{"config": 1}]}],
		"template_request_headers": [{"name": "authorization", "value": [{"config": 2}, {"jwt": true}]}],
		"remove_request_headers": [{"action": "remove", "name": "x-literal"}],
	}) == [
		{"action": "remove", "name": "x-pomerium-jwt-assertion"},
		{"action": "remove", "name": "x-pomerium-jwt-assertion-for"},
		_service_account_signed,
		_carried,
		{"action": "set", "name": "x-user", "value": "api-access"},
		{"action": "remove", "name": "x-team"},
		{"action": "set", "name": "x-literal", "value": [{"config": 1}]},
		{
			"action": "set",
			"name": "authorization",
			"value": [{"config": 2}, {"sign": _service_account_signed.claims}],
		},
		{"action": "remove", "name": "x-literal"},
	]
}

test_response_headers[name] if {
	rewrite := {"action": "rewrite", "name": "location", "prefix": [{"config": 1}], "value": [{"config": 2}]}
	some name, tc in {
		"set": {"options": {}, "want": fixtures.route.set_response_headers},
		"rewritten, then set": {
			"options": {"rewrite_response_headers": [rewrite]},
			"want": array.concat([rewrite], fixtures.route.set_response_headers),
		},
	}
	actions := headers.response_headers with input as fixtures.of_user
		with data.routes as {"r0": object.union(fixtures.route, tc.options)}
	actions == tc.want
}

_request_headers(document, options) := actions if {
	actions := headers.request_headers with input as document
		with data.routes as {"r0": object.union(fixtures.route, options)}
}

# What Rego of the policy asks for comes after the configuration's own, but for removals, which win.
test_authored[name] if {
	set := {"action": "set", "name": "x-team", "value": "blue"}
	remove := {"action": "remove", "name": "x-old"}
	options := {"pass_identity_headers": false, "remove_request_headers": [remove]}
	some name, tc in {
		"none": {
			"policy": {"verdict": {}},
			"request": array.concat(_removals, [remove]),
			"response": fixtures.route.set_response_headers,
		},
		"both": {
			"policy": {"request_headers": [set], "response_headers": [remove]},
			"request": array.concat(_removals, [set, remove]),
			"response": array.concat(fixtures.route.set_response_headers, [remove]),
		},
	}
	actions := {"request": headers.request_headers, "response": headers.response_headers} with input as fixtures.of_user
		with data.routes as {"r0": object.union(fixtures.route, options)}
		with data.policies as {"p_0": tc.policy}
	actions == {"request": tc.request, "response": tc.response}
}
