package behalf.headers_test

import data.behalf.fixtures_test as fixtures

# What the upstream gets where `x-claim` is the header of a claim: the header, null where it is removed, and what the
# assertion says, null where it says nothing.
test_claim[name] if {
	some name, tc in {
		"one text": {"claim": "c", "values": ["blue"], "header": "blue", "signed": "blue"},
		"several texts": {"claim": "c", "values": ["GB", "FR"], "header": "GB,FR", "signed": ["GB", "FR"]},
		"none": {"claim": "c", "values": [], "header": null, "signed": null},
		"an empty text": {"claim": "c", "values": [""], "header": null, "signed": ""},
		"empty texts": {"claim": "c", "values": ["", ""], "header": null, "signed": ["", ""]},
		"what is no text": {
			"claim": "c",
			"values": [5, 1.5, true, false, "x"],
			"header": "5,1.5,true,false,x",
			"signed": ["5", "1.5", "true", "false", "x"],
		},
		"null alone": {"claim": "c", "values": [null], "header": null, "signed": null},
		"null beside text": {"claim": "c", "values": [null, "x"], "header": "x", "signed": "x"},
		"a text with a comma": {"claim": "c", "values": ["x,admin"], "header": null, "signed": "x,admin", "omitted": 1},
		"a text with a comma among others": {
			"claim": "c",
			"values": ["foo", "bar", ",baz", "quux", "fizz,buzz"],
			"header": "foo,bar,quux",
			"signed": ["foo", "bar", ",baz", "quux", "fizz,buzz"],
			"omitted": 2,
		},
		"spaces around texts": {
			"claim": "c",
			"values": [" admin", "admin ", " ", "a b"],
			"header": "a b",
			"signed": [" admin", "admin ", " ", "a b"],
			"omitted": 3,
		},
		"control characters": {
			"claim": "c",
			"values": ["a\nb", "\u0000", "a\tb", "\u007f", "ok"],
			"header": "ok",
			"signed": ["a\nb", "\u0000", "a\tb", "\u007f", "ok"],
			"omitted": 4,
		},
		"what JSON escapes and a header holds": {
			"claim": "c",
			"values": [`"a"`, `b\c`, "<&>"],
			"header": `"a",b\c,<&>`,
			"signed": [`"a"`, `b\c`, "<&>"],
		},
		"what is beyond ASCII": {
			"claim": "c",
			"values": ["Jürgen", "日本"],
			"header": "Jürgen,日本",
			"signed": ["Jürgen", "日本"],
		},
		"what looks encoded": {
			"claim": "c",
			"values": ["J%C3%BCrgen", "100%"],
			"header": "J%25C3%25BCrgen,100%25",
			"signed": ["J%C3%BCrgen", "100%"],
		},
		"the name of an object's own": {
			"claim": "__proto__",
			"values": ["x"],
			"header": "x",
			"signed": "x",
		},
		"the caller's id, not a claim": {"claim": "sub", "values": ["other"], "header": "ada-1", "signed": "ada-1"},
		"the caller's id by its other name": {"claim": "user", "values": ["x"], "header": "ada-1", "signed": "ada-1"},
		"the caller's email": {
			"claim": "email",
			"values": ["x"],
			"header": "ada@companydomain.com",
			"signed": "ada@companydomain.com",
		},
		"the caller's name, whole": {
			"claim": "name",
			"values": ["x"],
			"header": " Lovelace, Ada (100%25) ",
			"signed": " Lovelace, Ada (100%) ",
		},
		"the caller's groups": {
			"claim": "groups",
			"values": ["x"],
			"header": "engineering,on-call",
			"signed": ["engineering", "a,b", "on-call"],
			"omitted": 1,
		},
		"the caller's session": {"claim": "sid", "values": ["x"], "header": "session-1", "signed": "session-1"},
		"the caller's type": {"claim": "caller_type", "values": ["x"], "header": "user", "signed": "user"},
		"the issuer": {
			"claim": "iss",
			"values": ["https://id.example.com"],
			"header": "api.example.com",
			"signed": "api.example.com",
		},
		"the audience": {
			"claim": "aud",
			"values": ["client"],
			"header": "api.example.com",
			"signed": "api.example.com",
		},
		"the end of another token": {"claim": "exp", "values": [9], "header": null, "signed": null},
		"the time of another token": {"claim": "iat", "values": [9], "header": null, "signed": null},
		"the id of another token": {"claim": "jti", "values": ["x"], "header": null, "signed": null},
		"the start of another token": {"claim": "nbf", "values": [9], "header": null, "signed": null},
		"the type of another token": {"claim": "typ", "values": ["ID"], "header": null, "signed": null},
	}
	document := object.union(fixtures.of_user, {"caller": object.union(fixtures.user, {
		"name": " Lovelace, Ada (100%) ",
		"groups": ["engineering", "a,b", "on-call"],
		"claims": {tc.claim: tc.values},
	})})
	actions := _request_headers(document, {"claim_headers": [{"name": "x-claim", "claim": tc.claim}]})
	{
		"header": array.slice(actions, 3, count(actions)),
		"signed": object.get(actions[2].claims, tc.claim, null),
	} == {
		"header": array.concat([_claim_action(tc.header)], _omission("x-claim", object.get(tc, "omitted", 0))),
		"signed": tc.signed,
	}
}

# What the upstream learns of the caller's groups; policies read them all.
test_groups_filter[name] if {
	some name, tc in {
		"none": {"filter": null, "groups": ["engineering", "on-call"], "header": "engineering,on-call"},
		"some of them": {"filter": {"on-call": true, "sales": true}, "groups": ["on-call"], "header": "on-call"},
		"all of them": {
			"filter": {"on-call": true, "engineering": true},
			"groups": ["engineering", "on-call"],
			"header": "engineering,on-call",
		},
		"others": {"filter": {"Engineering": true, "on-call ": true}, "groups": [], "header": null},
		"nobody's": {"filter": {}, "groups": [], "header": null},
	}
	actions := _request_headers(fixtures.of_user, {
		"groups_filter": tc.filter,
		"claim_headers": [{"name": "x-claim", "claim": "groups"}],
	})
	actions[2].claims.groups == tc.groups
	array.slice(actions, 3, count(actions)) == array.concat(
		_omission("x-pomerium-jwt-assertion", 2 - count(tc.groups)),
		[_claim_action(tc.header)],
	)
}

# In whatever spelling the client sent them, and whether or not they are set.
test_claim_headers_removed[name] if {
	some name, tc in {
		"nobody": {"input": fixtures.of_nobody, "options": {}},
		"identity not passed": {"input": fixtures.of_user, "options": {"pass_identity_headers": false}},
		"nobody, identity not passed": {"input": fixtures.of_nobody, "options": {"pass_identity_headers": false}},
	}
	options := object.union(tc.options, {"claim_headers": [
		{"name": "x-email", "claim": "email"},
		{"name": "x-country", "claim": "address.country"},
	]})
	actions := _request_headers(tc.input, options)
	array.slice(actions, 2, count(actions)) == [
		{"action": "remove", "name": "x-email"},
		{"action": "remove", "name": "x-country"},
	]
}

test_two_headers_of_one_claim if {
	actions := _request_headers(fixtures.of_user, {"claim_headers": [
		{"name": "x-a", "claim": "address.country"},
		{"name": "x-b", "claim": "address.country"},
	]})
	array.slice(actions, 3, 5) == [
		{"action": "set", "name": "x-a", "value": "GB,FR"},
		{"action": "set", "name": "x-b", "value": "GB,FR"},
	]
	actions[2].claims["address.country"] == ["GB", "FR"]
}

_omission(_, 0) := []

_omission(name, number) := [{"action": "omit", "name": name, "count": number}] if number > 0

_claim_action(null) := {"action": "remove", "name": "x-claim"}

_claim_action(text) := {"action": "set", "name": "x-claim", "value": text} if is_string(text)
