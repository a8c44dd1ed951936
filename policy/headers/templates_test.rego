package behalf.headers_test

import data.behalf.fixtures_test as fixtures

_certificate := {
	"valid": true,
	"fingerprint": "0f",
	"spki_hash": "c3BraQ==",
	"san_dns": ["a.example.com", "b.example.com"],
	"san_email": ["ada@example.com"],
	"san_uri": [],
}

# The one part of `x-template`, null where the header is not sent: then the client's own of that name goes too.
test_reference[name] if {
	some name, tc in {
		"the assertion of a user": {
			"reference": {"jwt": true},
			"input": fixtures.of_user,
			"want": {"sign": _user_signed.claims},
		},
		"the assertion of a user, identity not passed": {
			"reference": {"jwt": true},
			"input": fixtures.of_user,
			"options": {"pass_identity_headers": false},
			"want": {"sign": _user_signed.claims},
		},
		"the assertion of a user, with fewer groups": {
			"reference": {"jwt": true},
			"input": fixtures.of_user,
			"options": {"groups_filter": {"on-call": true}},
			"want": {"sign": object.union(_user_signed.claims, {"groups": ["on-call"]})},
		},
		"the assertion of nobody": {"reference": {"jwt": true}, "input": fixtures.of_nobody, "want": null},
		"an identity token": {
			"reference": {"token": "id_token"},
			"input": fixtures.of_user,
			"want": {"token": "id_token"},
		},
		"an access token": {
			"reference": {"token": "access_token"},
			"input": fixtures.of_user,
			"want": {"token": "access_token"},
		},
		"a token of nobody": {"reference": {"token": "id_token"}, "input": fixtures.of_nobody, "want": null},
		"a header": {
			"reference": {"request_header": "accept"},
			"input": fixtures.of_nobody,
			"want": {"bytes": "application/json"},
		},
		"a header of several lines": {
			"reference": {"request_header": "x-team"},
			"input": _with_header(["a", "b, c"]),
			"want": {"bytes": "a,b, c"},
		},
		"a header that is not there": {
			"reference": {"request_header": "x-team"},
			"input": fixtures.of_nobody,
			"want": null,
		},
		"a header without a value": {
			"reference": {"request_header": "x-team"},
			"input": _with_header([""]),
			"want": null,
		},
		"a header that looks like a part": {
			"reference": {"request_header": "x-team"},
			"input": _with_header([`{"token": "access_token"}`]),
			"want": {"bytes": `{"token": "access_token"}`},
		},
		"a header that looks like a reference": {
			"reference": {"request_header": "x-team"},
			"input": _with_header(["${pomerium.jwt}"]),
			"want": {"bytes": "${pomerium.jwt}"},
		},
		"a header in UTF-8, of which each byte is a character here": {
			"reference": {"request_header": "x-team"},
			"input": _with_header(["\u00c3\u00a9%41"]),
			"want": {"bytes": "\u00c3\u00a9%2541"},
		},
		"a header that looks encoded": {
			"reference": {"request_header": "x-team"},
			"input": _with_header(["%C3%A9%41"]),
			"want": {"bytes": "%25C3%25A9%2541"},
		},
		"a fingerprint": {
			"reference": {"client_certificate": "fingerprint"},
			"input": _with_certificate({}),
			"want": "0f",
		},
		"a fingerprint of whatever certificate": {
			"reference": {"client_certificate": "fingerprint"},
			"input": _with_certificate({"valid": false}),
			"want": "0f",
		},
		"a fingerprint without a certificate": {
			"reference": {"client_certificate": "fingerprint"},
			"input": fixtures.of_user,
			"want": null,
		},
		"hosts": {
			"reference": {"client_certificate": "san_dns"},
			"input": _with_certificate({}),
			"want": "a.example.com,b.example.com",
		},
		"hosts of a certificate that anybody can make": {
			"reference": {"client_certificate": "san_dns"},
			"input": _with_certificate({"valid": false}),
			"want": null,
		},
		"hosts, one with a comma": {
			"reference": {"client_certificate": "san_dns"},
			"input": _with_certificate({"san_dns": ["a.example.com,b.example.com", "c.example.com"]}),
			"want": "c.example.com",
		},
		"hosts, one that looks encoded": {
			"reference": {"client_certificate": "san_dns"},
			"input": _with_certificate({"san_dns": ["%C3%A9.example.com"]}),
			"want": "%25C3%25A9.example.com",
		},
		"hosts of a certificate that has none": {
			"reference": {"client_certificate": "san_dns"},
			"input": _with_certificate({"san_dns": []}),
			"want": null,
		},
		"hosts without a certificate": {
			"reference": {"client_certificate": "san_dns"},
			"input": fixtures.of_user,
			"want": null,
		},
		"an email address": {
			"reference": {"client_certificate": "san_email"},
			"input": _with_certificate({}),
			"want": "ada@example.com",
		},
		"an email address in a certificate that anybody can make": {
			"reference": {"client_certificate": "san_email"},
			"input": _with_certificate({"valid": false}),
			"want": null,
		},
	}
	options := object.get(tc, "options", {})
	_sent_of(tc.input, object.union(options, {"template_request_headers": [{
		"name": "x-template",
		"value": [tc.reference],
	}]})) == _want([tc.want])
}

# Whole, in its order, or not at all.
test_several_parts[name] if {
	some name, tc in {
		"all there": {
			"input": fixtures.of_user,
			"want": [{"config": 3}, {"sign": _user_signed.claims}, {"config": 3}, {"bytes": "application/json"}],
		},
		"one missing": {"input": fixtures.of_nobody, "want": [null]},
	}
	_sent_of(tc.input, {"template_request_headers": [{
		"name": "x-template",
		"value": [{"config": 3}, {"jwt": true}, {"config": 3}, {"request_header": "accept"}],
	}]}) == _want(tc.want)
}

_sent_of(document, options) := action if {
	some action in _request_headers(document, options)
	action.name == "x-template"
}

_want([null]) := {"action": "remove", "name": "x-template"}

_want(parts) := {"action": "set", "name": "x-template", "value": parts} if parts != [null]

_with_header(values) := object.union(fixtures.of_user, {"request": {"headers": {"x-team": values}}})

_with_certificate(facts) := object.union(fixtures.of_nobody, {"request": {"client_certificate": object.union(
	_certificate,
	facts,
)}})
