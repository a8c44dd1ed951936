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

# DESIGN, "Original user context", row by row; the rows that end in a 403 are main's.
test_request_headers[name] if {
	some name, tc in {
		"a user": {
			"input": fixtures.of_user,
			"route": {"pass_identity_headers": true},
			"want": array.concat(_removals, [_user_signed]),
		},
		"a user, though the document carries an original user": {
			"input": object.union(fixtures.of_user, {"original_user": fixtures.original_user}),
			"route": {"pass_identity_headers": true},
			"want": array.concat(_removals, [_user_signed]),
		},
		"a service account on behalf of a user": {
			"input": fixtures.on_behalf_of_user,
			"route": {"pass_identity_headers": true},
			"want": array.concat(_removals, [_service_account_signed, _carried]),
		},
		"a service account on behalf of a service account": {
			"input": fixtures.on_behalf_of_service_account,
			"route": {"pass_identity_headers": true},
			"want": array.concat(_removals, [_service_account_signed, _carried]),
		},
		"a service account for itself": {
			"input": fixtures.of_service_account,
			"route": {"pass_identity_headers": true},
			"want": array.concat(_removals, [_service_account_signed]),
		},
		"nobody": {
			"input": fixtures.of_nobody,
			"route": {"pass_identity_headers": true},
			"want": _removals,
		},
		"nobody, though the document carries an original user": {
			"input": object.union(fixtures.of_nobody, {"original_user": fixtures.original_user}),
			"route": {"pass_identity_headers": true},
			"want": _removals,
		},
		"a user, identity not passed": {
			"input": fixtures.of_user,
			"route": {"pass_identity_headers": false},
			"want": _removals,
		},
		"a service account on behalf of a user, identity not passed": {
			"input": fixtures.on_behalf_of_user,
			"route": {"pass_identity_headers": false},
			"want": _removals,
		},
		"a route that does not say": {
			"input": fixtures.on_behalf_of_user,
			"route": {},
			"want": _removals,
		},
	}
	headers.request_headers(tc.route) == tc.want with input as tc.input
}

test_response_headers if {
	headers.response_headers == [
		{"action": "set", "name": "x-frame-options", "value": "SAMEORIGIN"},
		{"action": "set", "name": "x-xss-protection", "value": "1; mode=block"},
	]
}
