package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures
import data.behalf.result

# String matchers, shown on `http_path`: the fixtures' path is "/reports/7".
test_string_matcher[name] if {
	some name, tc in {
		"text": {"matcher": "/reports/7", "value": true},
		"other text": {"matcher": "/reports", "value": false},
		"is": {"matcher": {"is": "/reports/7"}, "value": true},
		"is: another": {"matcher": {"is": "/reports/8"}, "value": false},
		"is: another case": {"matcher": {"is": "/Reports/7"}, "value": false},
		"is: with a space": {"matcher": {"is": "/reports/7 "}, "value": false},
		"is: empty": {"matcher": {"is": ""}, "value": false},
		"not": {"matcher": {"not": "/reports/8"}, "value": true},
		"not: the same": {"matcher": {"not": "/reports/7"}, "value": false},
		"contains": {"matcher": {"contains": "ports"}, "value": true},
		"contains: another": {"matcher": {"contains": "Ports"}, "value": false},
		"contains: nothing": {"matcher": {"contains": ""}, "value": true},
		"starts_with": {"matcher": {"starts_with": "/rep"}, "value": true},
		"starts_with: another": {"matcher": {"starts_with": "rep"}, "value": false},
		"ends_with": {"matcher": {"ends_with": "s/7"}, "value": true},
		"ends_with: another": {"matcher": {"ends_with": "s/"}, "value": false},
		"in": {"matcher": {"in": ["/", "/reports/7"]}, "value": true},
		"in: others": {"matcher": {"in": ["/", "/reports/8"]}, "value": false},
		"in: none": {"matcher": {"in": []}, "value": false},
		"in: of a set": {"matcher": {"in": {"/", "/reports/7"}}, "value": true},
		"not_in": {"matcher": {"not_in": ["/", "/reports/8"]}, "value": true},
		"not_in: the same": {"matcher": {"not_in": ["/", "/reports/7"]}, "value": false},
		"not_in: none": {"matcher": {"not_in": []}, "value": true},
		"two that hold": {"matcher": {"starts_with": "/reports", "ends_with": "/7"}, "value": true},
		"two, the first holds": {"matcher": {"starts_with": "/reports", "ends_with": "/8"}, "value": false},
		"two, the second holds": {"matcher": {"starts_with": "/report$", "ends_with": "/7"}, "value": false},
		"all that there are": {
			"matcher": {
				"is": "/reports/7",
				"not": "/",
				"contains": "ports",
				"starts_with": "/",
				"ends_with": "7",
				"in": ["/reports/7"],
				"not_in": ["/"],
			},
			"value": true,
		},
	}
	criteria.http_path(tc.matcher).value == tc.value with input as fixtures.of_nobody
}

# Claim matchers, shown on `claim`: Ada's claims are in the fixtures.
test_claim_matcher[name] if {
	some name, tc in {
		"text": {"claim": "address.country", "matcher": "FR", "value": true},
		"other text": {"claim": "address.country", "matcher": "DE", "value": false},
		"a number": {"claim": "level", "matcher": 5, "value": true},
		"has": {"claim": "department", "matcher": {"has": "research"}, "value": true},
		"has: another": {"claim": "department", "matcher": {"has": "sales"}, "value": false},
		"has: one of several": {"claim": "address.country", "matcher": {"has": "FR"}, "value": true},
		"has: part of one": {"claim": "department", "matcher": {"has": "res"}, "value": false},
		"has: of nothing": {"claim": "missing", "matcher": {"has": ""}, "value": false},
		"has: a number": {"claim": "level", "matcher": {"has": 5}, "value": true},
		"has: a number's text": {"claim": "level", "matcher": {"has": "5"}, "value": false},
		"has: a boolean": {"claim": "email_verified", "matcher": {"has": true}, "value": true},
		"is": {"claim": "department", "matcher": {"is": "research"}, "value": true},
		"is: another": {"claim": "department", "matcher": {"is": "sales"}, "value": false},
		"is: one of several": {"claim": "address.country", "matcher": {"is": "GB"}, "value": false},
		"is: of nothing": {"claim": "missing", "matcher": {"is": ""}, "value": false},
		"exclude": {"claim": "department", "matcher": {"exclude": "sales"}, "value": true},
		"exclude: the same": {"claim": "department", "matcher": {"exclude": "research"}, "value": false},
		"exclude: one of several": {"claim": "address.country", "matcher": {"exclude": "FR"}, "value": false},
		"exclude: of nothing": {"claim": "missing", "matcher": {"exclude": "sales"}, "value": true},
		"all that there are": {
			"claim": "department",
			"matcher": {"has": "research", "is": "research", "exclude": "sales"},
			"value": true,
		},
		"two, one holds": {"claim": "address.country", "matcher": {"has": "GB", "exclude": "FR"}, "value": false},
	}
	criteria.claim(tc.claim, tc.matcher).value == tc.value with input as fixtures.of_user
}

# String list matchers, shown on `groups`: as those of claims, of text alone.
test_string_list_matcher[name] if {
	some name, tc in {
		"text": {"matcher": "on-call", "value": true},
		"other text": {"matcher": "admins", "value": false},
		"has": {"matcher": {"has": "on-call"}, "value": true},
		"exclude": {"matcher": {"exclude": "on-call"}, "value": false},
		"exclude: another": {"matcher": {"exclude": "admins", "has": "on-call"}, "value": true},
	}
	criteria.groups(tc.matcher).value == tc.value with input as fixtures.of_user
}

# Whoever asks: neither an allow nor a deny may hang on it.
test_malformed_string_matcher[name] if {
	some name, matcher in {
		"nothing": {},
		"null": null,
		"a number": 7,
		"a list": ["ada-1"],
		"an empty list": [],
		"a set": {"ada-1"},
		"an empty set": set(),
		"unknown": {"matches": "ada-1"},
		"one that holds and an unknown one": {"not": "", "matches": ""},
		"an operator of lists": {"has": "ada-1"},
		"contains: a number": {"contains": 7},
		"starts_with: a number": {"starts_with": 7},
		"ends_with: a list": {"ends_with": ["1"]},
		"is: a list": {"is": ["ada-1"]},
		"not: an object": {"not": {}},
		"is: a number": {"is": 7},
		"is: null": {"is": null},
		"not: a boolean": {"not": true},
		"not: text, is: a number": {"not": "", "is": 7},
		"in: text": {"in": "ada-1"},
		"in: a number in it": {"in": ["ada-1", 7]},
		"in: a set with null in it": {"in": {"ada-1", null}},
		"not_in: a boolean in it": {"not_in": [false]},
		"not_in: an object": {"not_in": {"a": "ada-1"}},
		"in: a list in it": {"in": ["ada-1", ["ada-1"]]},
	}
	results := {each |
		some document in [fixtures.of_nobody, fixtures.of_user, fixtures.on_behalf_of_user]
		some each in _of_text(matcher) with input as document with result.decided as fixtures.decided
	}
	results == {set()}
}

test_malformed_string_list_matcher[name] if {
	some name, matcher in {
		"nothing": {},
		"null": null,
		"a list": ["on-call"],
		"an empty list": [],
		"an empty set": set(),
		"unknown": {"contains": "on-call"},
		"one that holds and an unknown one": {"exclude": "", "end_with": ""},
		"has: a list": {"has": ["on-call"]},
		"exclude: a set": {"exclude": {"on-call"}},
		"is: an object": {"is": {}},
	}
	results := {each |
		some document in [fixtures.of_nobody, fixtures.of_user, fixtures.on_behalf_of_user]
		some each in _of_lists(matcher) with input as document with result.decided as fixtures.decided
	}
	results == {set()}
}

# What claims may be, groups never are.
test_string_list_matcher_of_what_is_no_text[name] if {
	some name, matcher in {
		"a number": 7,
		"a boolean": true,
		"has: a number": {"has": 7},
		"is: null": {"is": null},
		"exclude: a boolean": {"exclude": false},
		"one of two": {"has": "on-call", "exclude": 7},
	}
	results := {{given | given := criteria.groups(matcher)}, {given | given := criteria.original_user_groups(matcher)}} with input as fixtures.on_behalf_of_user
		with result.decided as fixtures.decided
	results == {set()}
}

test_malformed_name_of_a_claim[name] if {
	some name, path in {"a path": ["department", 0], "null": null, "a number": 0}
	results := {
		{given | given := criteria.claim(path, {"exclude": ""})},
		{given | given := criteria.original_user_claim(path, {"exclude": ""})},
	} with input as fixtures.on_behalf_of_user with result.decided as fixtures.decided
	results == {set()}
}

_of_text(matcher) := {
	{given | given := criteria.user(matcher)},
	{given | given := criteria.email(matcher)},
	{given | given := criteria.domain(matcher)},
	{given | given := criteria.caller_type(matcher)},
	{given | given := criteria.http_method(matcher)},
	{given | given := criteria.http_path(matcher)},
	{given | given := criteria.original_user_type(matcher)},
	{given | given := criteria.original_user_user(matcher)},
	{given | given := criteria.original_user_email(matcher)},
	{given | given := criteria.original_user_domain(matcher)},
	{given | given := criteria.original_user_issuer(matcher)},
	{given | given := criteria.client_certificate({"san_dns": matcher})},
}

_of_lists(matcher) := {
	{given | given := criteria.groups(matcher)},
	{given | given := criteria.claim("department", matcher)},
	{given | given := criteria.original_user_groups(matcher)},
	{given | given := criteria.original_user_claim("department", matcher)},
}
