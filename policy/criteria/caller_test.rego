package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures

_unauthenticated := {"value": false, "reasons": {"user-unauthenticated"}}

_of_user_with(facts) := object.union(fixtures.of_user, {"caller": facts})

test_authenticated_user[name] if {
	some name, tc in {
		"a user": {"input": fixtures.of_user, "want": {"value": true, "reasons": {"user-ok"}}},
		"a service account": {
			"input": fixtures.of_service_account,
			"want": {"value": true, "reasons": {"user-ok"}},
		},
		"a user without an id": {
			"input": _of_user_with({"id": ""}),
			"want": {"value": false, "reasons": {"user-unauthorized"}},
		},
		"nobody": {"input": fixtures.of_nobody, "want": _unauthenticated},
	}
	criteria.authenticated_user == tc.want with input as tc.input
}

test_user[name] if {
	some name, tc in {
		"a user": {
			"input": fixtures.of_user,
			"matcher": {"is": "ada-1"},
			"want": {"value": true, "reasons": {"user-ok"}},
		},
		"another user": {
			"input": fixtures.of_user,
			"matcher": {"is": "bob-1"},
			"want": {"value": false, "reasons": {"user-unauthorized"}},
		},
		"a service account": {
			"input": fixtures.of_service_account,
			"matcher": {"is": "api-access"},
			"want": {"value": true, "reasons": {"user-ok"}},
		},
		"a service account, by its token": {
			"input": fixtures.of_service_account,
			"matcher": {"is": "token-1"},
			"want": {"value": false, "reasons": {"user-unauthorized"}},
		},
		"a service account, by the original user's id": {
			"input": fixtures.on_behalf_of_user,
			"matcher": {"is": "ada-1"},
			"want": {"value": false, "reasons": {"user-unauthorized"}},
		},
		"a user without an id": {
			"input": _of_user_with({"id": ""}),
			"matcher": {"not": "bob-1"},
			"want": {"value": false, "reasons": {"user-unauthorized"}},
		},
		"nobody": {"input": fixtures.of_nobody, "matcher": {"not": "bob-1"}, "want": _unauthenticated},
		"an input without a caller": {"input": {}, "matcher": {"not": "bob-1"}, "want": _unauthenticated},
	}
	criteria.user(tc.matcher) == tc.want with input as tc.input
}

test_email[name] if {
	some name, tc in {
		"the same": {
			"input": fixtures.of_user,
			"matcher": {"is": "ada@companydomain.com"},
			"want": {"value": true, "reasons": {"email-ok"}},
		},
		"another": {
			"input": fixtures.of_user,
			"matcher": {"is": "bob@companydomain.com"},
			"want": {"value": false, "reasons": {"email-unauthorized"}},
		},
		"none": {
			"input": fixtures.of_service_account,
			"matcher": {"ends_with": "@companydomain.com"},
			"want": {"value": false, "reasons": {"email-unauthorized"}},
		},
		"none, negated": {
			"input": fixtures.of_service_account,
			"matcher": {"not": "bob@companydomain.com"},
			"want": {"value": true, "reasons": {"email-ok"}},
		},
		"nobody": {"input": fixtures.of_nobody, "matcher": {"is": ""}, "want": _unauthenticated},
		"nobody, negated": {
			"input": fixtures.of_nobody,
			"matcher": {"not": "bob@companydomain.com"},
			"want": _unauthenticated,
		},
		"nobody, none of a list": {"input": fixtures.of_nobody, "matcher": {"not_in": []}, "want": _unauthenticated},
	}
	criteria.email(tc.matcher) == tc.want with input as tc.input
}

test_domain[name] if {
	some name, tc in {
		"the same": {
			"email": "ada@companydomain.com",
			"matcher": {"is": "companydomain.com"},
			"want": {"value": true, "reasons": {"domain-ok"}},
		},
		"another": {
			"email": "ada@elsewhere.example",
			"matcher": {"is": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"a subdomain": {
			"email": "ada@eu.companydomain.com",
			"matcher": {"is": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"a subdomain, by its end": {
			"email": "ada@eu.companydomain.com",
			"matcher": {"ends_with": ".companydomain.com"},
			"want": {"value": true, "reasons": {"domain-ok"}},
		},
		"two @, the company second": {
			"email": "ada@elsewhere.example@companydomain.com",
			"matcher": {"is": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"two @, the company first": {
			"email": "ada@companydomain.com@elsewhere.example",
			"matcher": {"is": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"two @, negated": {
			"email": "ada@companydomain.com@elsewhere.example",
			"matcher": {"not": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"no @": {
			"email": "companydomain.com",
			"matcher": {"is": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"no @, negated": {
			"email": "ada",
			"matcher": {"not": "companydomain.com"},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
		"no email": {
			"email": "",
			"matcher": {"is": ""},
			"want": {"value": false, "reasons": {"domain-unauthorized"}},
		},
	}
	criteria.domain(tc.matcher) == tc.want with input as _of_user_with({"email": tc.email})
}

test_groups[name] if {
	some name, tc in {
		"one that the caller is in": {
			"input": fixtures.of_user,
			"matcher": {"has": "on-call"},
			"want": {"value": true, "reasons": {"groups-ok"}},
		},
		"one that the caller is not in": {
			"input": fixtures.of_user,
			"matcher": {"has": "sales"},
			"want": {"value": false, "reasons": {"groups-unauthorized"}},
		},
		"one that the caller may not be in": {
			"input": fixtures.of_user,
			"matcher": {"exclude": "on-call"},
			"want": {"value": false, "reasons": {"groups-unauthorized"}},
		},
		"a caller without groups": {
			"input": fixtures.of_service_account,
			"matcher": {"exclude": "on-call"},
			"want": {"value": true, "reasons": {"groups-ok"}},
		},
		"nobody": {"input": fixtures.of_nobody, "matcher": {"exclude": "on-call"}, "want": _unauthenticated},
	}
	criteria.groups(tc.matcher) == tc.want with input as tc.input
}

test_claim[name] if {
	some name, tc in {
		"the same": {
			"input": fixtures.of_user,
			"claim": "address.country",
			"matcher": {"has": "GB"},
			"want": {"value": true, "reasons": {"claim-ok"}},
		},
		"another": {
			"input": fixtures.of_user,
			"claim": "address.country",
			"matcher": {"has": "DE"},
			"want": {"value": false, "reasons": {"claim-unauthorized"}},
		},
		"in another case": {
			"input": fixtures.of_user,
			"claim": "Department",
			"matcher": {"has": "research"},
			"want": {"value": false, "reasons": {"claim-unauthorized"}},
		},
		"by a path instead of its flat name": {
			"input": fixtures.of_user,
			"claim": "address/country",
			"matcher": {"has": "GB"},
			"want": {"value": false, "reasons": {"claim-unauthorized"}},
		},
		"by the beginning of its flat name": {
			"input": fixtures.of_user,
			"claim": "address",
			"matcher": {"has": "GB"},
			"want": {"value": false, "reasons": {"claim-unauthorized"}},
		},
		"of a name with slashes": {
			"input": _of_user_with({"claims": {"example.com/role": ["admin"]}}),
			"claim": "example.com/role",
			"matcher": {"has": "admin"},
			"want": {"value": true, "reasons": {"claim-ok"}},
		},
		"that the caller lacks": {
			"input": fixtures.of_user,
			"claim": "role",
			"matcher": {"exclude": "contractor"},
			"want": {"value": true, "reasons": {"claim-ok"}},
		},
		"nobody": {
			"input": fixtures.of_nobody,
			"claim": "role",
			"matcher": {"exclude": "contractor"},
			"want": _unauthenticated,
		},
	}
	criteria.claim(tc.claim, tc.matcher) == tc.want with input as tc.input
}

test_caller_type[name] if {
	some name, tc in {
		"a service account": {
			"input": fixtures.of_service_account,
			"matcher": {"is": "service_account"},
			"want": {"value": true, "reasons": {"caller-type-ok"}},
		},
		"a user": {
			"input": fixtures.of_user,
			"matcher": {"is": "service_account"},
			"want": {"value": false, "reasons": {"caller-type-unauthorized"}},
		},
		"a service account, for which a service account calls": {
			"input": fixtures.on_behalf_of_service_account,
			"matcher": {"is": "user"},
			"want": {"value": false, "reasons": {"caller-type-unauthorized"}},
		},
		"nobody": {"input": fixtures.of_nobody, "matcher": {"not": "user"}, "want": _unauthenticated},
	}
	criteria.caller_type(tc.matcher) == tc.want with input as tc.input
}
