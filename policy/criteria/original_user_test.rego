package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures

_ok := {"value": true, "reasons": {"original-user-ok"}}

_unauthorized := {"value": false, "reasons": {"original-user-unauthorized"}}

_missing := {"value": false, "reasons": {"original-user-missing"}}

_on_behalf_of(facts) := object.union(fixtures.on_behalf_of_user, {"original_user": facts})

# Each document with the results of a matcher that holds for Ada and of one that holds for whoever is not Bob.
_documents := {
	"a user": {"input": fixtures.on_behalf_of_user, "ada": _ok, "not_bob": _ok},
	"a user whose assertion is past its end": {
		"input": _on_behalf_of({"expired": true}),
		"ada": _ok,
		"not_bob": _ok,
	},
	"a service account": {
		"input": fixtures.on_behalf_of_service_account,
		"ada": _unauthorized,
		"not_bob": _unauthorized,
	},
	"a service account with Ada's id": {
		"input": _on_behalf_of({"type": "service_account"}),
		"ada": _unauthorized,
		"not_bob": _unauthorized,
	},
	"nobody, by a service account": {"input": fixtures.of_service_account, "ada": _missing, "not_bob": _missing},
	"nobody, by a service account with an invalid assertion": {
		"input": fixtures.with_invalid_assertion,
		"ada": _missing,
		"not_bob": _missing,
	},
	"nobody, by a user": {"input": fixtures.of_user, "ada": _missing, "not_bob": _missing},
	"a user, by a user": {
		"input": object.union(fixtures.of_user, {"original_user": fixtures.original_user}),
		"ada": _missing,
		"not_bob": _missing,
	},
	"a user, by nobody": {
		"input": object.union(fixtures.of_nobody, {"original_user": fixtures.original_user}),
		"ada": _unauthenticated,
		"not_bob": _unauthenticated,
	},
	"nobody, by nobody": {"input": fixtures.of_nobody, "ada": _unauthenticated, "not_bob": _unauthenticated},
}

test_original_user_email[name] if {
	some name, tc in _documents
	criteria.original_user_email({"is": "ada@companydomain.com"}) == tc.ada with input as tc.input
	criteria.original_user_email({"not": "bob@companydomain.com"}) == tc.not_bob with input as tc.input
}

test_original_user_domain[name] if {
	some name, tc in _documents
	criteria.original_user_domain({"is": "companydomain.com"}) == tc.ada with input as tc.input
	criteria.original_user_domain({"not": "elsewhere.example"}) == tc.not_bob with input as tc.input
}

test_original_user_user[name] if {
	some name, tc in _documents
	criteria.original_user_user({"is": "ada-1"}) == tc.ada with input as tc.input
	criteria.original_user_user({"not": "bob-1"}) == tc.not_bob with input as tc.input
}

test_original_user[name] if {
	some name, tc in _documents
	criteria.original_user == tc.ada with input as tc.input
}

# The one criterion that is not about people alone.
test_original_user_type[name] if {
	some name, tc in {
		"a user": {"input": fixtures.on_behalf_of_user, "user": _ok, "service_account": _unauthorized},
		"a service account": {
			"input": fixtures.on_behalf_of_service_account,
			"user": _unauthorized,
			"service_account": _ok,
		},
		"nobody, by a service account": {
			"input": fixtures.of_service_account,
			"user": _missing,
			"service_account": _missing,
		},
		"nobody, by nobody": {
			"input": fixtures.of_nobody,
			"user": _unauthenticated,
			"service_account": _unauthenticated,
		},
	}
	criteria.original_user_type({"is": "user"}) == tc.user with input as tc.input
	criteria.original_user_type({"not": "user"}) == tc.service_account with input as tc.input
}

test_original_user_groups[name] if {
	some name, tc in _documents
	criteria.original_user_groups({"has": "engineering"}) == tc.ada with input as tc.input
	criteria.original_user_groups({"exclude": "sales"}) == tc.not_bob with input as tc.input
}

test_original_user_claim[name] if {
	some name, tc in _documents
	criteria.original_user_claim("department", {"exclude": "sales"}) == tc.not_bob with input as tc.input
}

test_original_user_has_claim[name] if {
	claims := {"department": ["research"], "example.com/level": [5]}
	some name, tc in {
		"the same": {"claim": "department", "matcher": {"has": "research"}, "want": _ok},
		"another": {"claim": "department", "matcher": {"has": "sales"}, "want": _unauthorized},
		"of a name with a slash": {"claim": "example.com/level", "matcher": {"is": 5}, "want": _ok},
		"that the assertion lacks": {"claim": "level", "matcher": {"has": 5}, "want": _unauthorized},
	}
	criteria.original_user_claim(tc.claim, tc.matcher) == tc.want with input as _on_behalf_of({"claims": claims})
}

# What the service account may say of itself is no claim of the user for whom it calls.
test_claims_of_the_caller if {
	document := object.union(fixtures.on_behalf_of_user, {"caller": {"claims": {"role": ["admin"]}, "groups": ["root"]}})
	criteria.original_user_claim("role", {"has": "admin"}) == _unauthorized with input as document
	criteria.original_user_groups({"has": "root"}) == _unauthorized with input as document
}

test_original_user_issuer[name] if {
	some name, tc in _documents
	criteria.original_user_issuer({"is": "app.example.com"}) == tc.ada with input as tc.input
	criteria.original_user_issuer({"not": "elsewhere.example"}) == tc.not_bob with input as tc.input
}

test_another_original_user[name] if {
	some name, result in {
		"by email": criteria.original_user_email({"is": "bob@companydomain.com"}),
		"by domain": criteria.original_user_domain({"is": "elsewhere.example"}),
		"by id": criteria.original_user_user({"is": "api-access"}),
		"by groups": criteria.original_user_groups({"has": "sales"}),
		"by issuer": criteria.original_user_issuer({"is": "elsewhere.example"}),
	} with input as fixtures.on_behalf_of_user
	result == _unauthorized
}

test_incomplete_original_user[name] if {
	some name, result in {
		"no email": criteria.original_user_email({"ends_with": "@companydomain.com"}),
		"no @": criteria.original_user_domain({"not": "elsewhere.example"}),
		"no id": criteria.original_user_user({"not": "bob-1"}),
	} with input as _on_behalf_of({"email": "", "id": ""})
	result == _unauthorized
}
