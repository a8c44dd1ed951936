package behalf.main_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures
import data.behalf.logic
import data.behalf.main

_routes := {"r0": fixtures.route}

_removals := [
	{"action": "remove", "name": "x-pomerium-jwt-assertion"},
	{"action": "remove", "name": "x-pomerium-jwt-assertion-for"},
]

_signed := {
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

_allowed(reasons, identity_headers) := {
	"allow": true,
	"status": 200,
	"reasons": reasons,
	"request_headers": array.concat(_removals, identity_headers),
	"response_headers": fixtures.route.set_response_headers,
}

_refused(status, reasons) := {
	"allow": false,
	"status": status,
	"reasons": reasons,
	"request_headers": [],
	"response_headers": [],
}

_yes(reasons) := {"value": true, "reasons": reasons}

_no(reasons) := {"value": false, "reasons": reasons}

# Each step of the verdict's order holds together with all that come after it, and shadows them.
test_order[name] if {
	some name, tc in {
		"0: no such route": {
			"routes": {},
			"input": fixtures.with_invalid_assertion,
			"allow": _yes({"allowed", "original-user-missing", "user-unauthenticated"}),
			"deny": _yes({"client-certificate-required", "denied", "user-unauthenticated"}),
			"want": _refused(404, ["route-not-found"]),
		},
		"1: client certificate": {
			"routes": _routes,
			"input": fixtures.with_invalid_assertion,
			"allow": _yes({"allowed", "original-user-missing", "user-unauthenticated"}),
			"deny": _yes({"client-certificate-required", "denied", "user-unauthenticated"}),
			"want": _refused(495, ["client-certificate-required", "denied", "user-unauthenticated"]),
		},
		"2: sign in": {
			"routes": _routes,
			"input": fixtures.with_invalid_assertion,
			"allow": _yes({"allowed", "original-user-missing", "user-unauthenticated"}),
			"deny": _yes({"denied", "user-unauthenticated"}),
			"want": _refused(401, ["allowed", "denied", "original-user-missing", "user-unauthenticated"]),
		},
		"3: invalid assertion of an original user": {
			"routes": _routes,
			"input": fixtures.with_invalid_assertion,
			"allow": _yes({"allowed", "original-user-missing"}),
			"deny": _yes({"denied"}),
			"want": _refused(403, ["original-user-invalid"]),
		},
		"4: denied": {
			"routes": _routes,
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed", "original-user-missing"}),
			"deny": _yes({"denied", "also-denied"}),
			"want": _refused(403, ["also-denied", "denied"]),
		},
		"5: allowed for want of an original user": {
			"routes": _routes,
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed", "original-user-missing"}),
			"deny": _no({"not-denied"}),
			"want": _refused(403, ["original-user-missing"]),
		},
		"6: allowed": {
			"routes": _routes,
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed", "also-allowed"}),
			"deny": _no({"not-denied"}),
			"want": _allowed(["allowed", "also-allowed"], [_signed]),
		},
		"7: not allowed": {
			"routes": _routes,
			"input": fixtures.of_service_account,
			"allow": _no({"not-allowed", "also-not-allowed"}),
			"deny": _no({"not-denied"}),
			"want": _refused(403, ["also-not-allowed", "not-allowed"]),
		},
	}
	policies := {"p_0": {"verdict": {"allow": tc.allow, "deny": tc.deny}}}
	main.decision == tc.want with input as tc.input with data.routes as tc.routes with data.policies as policies
}

test_step[name] if {
	some name, tc in {
		"1: an invalid certificate": {
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed"}),
			"deny": _yes({"invalid-client-certificate"}),
			"want": _refused(495, ["invalid-client-certificate"]),
		},
		"1: whatever the side's value": {
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed"}),
			"deny": _no({"client-certificate-required"}),
			"want": _refused(495, ["client-certificate-required"]),
		},
		"1: not from the allow side": {
			"input": fixtures.of_service_account,
			"allow": _yes({"client-certificate-required"}),
			"deny": _no(set()),
			"want": _allowed(["client-certificate-required"], [_signed]),
		},
		"1: not from a valid certificate": {
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed"}),
			"deny": _no({"valid-client-certificate"}),
			"want": _allowed(["allowed"], [_signed]),
		},
		"2: the allow side alone": {
			"input": fixtures.of_nobody,
			"allow": _no({"email-unauthorized", "user-unauthenticated"}),
			"deny": _yes({"denied"}),
			"want": _refused(401, ["email-unauthorized", "user-unauthenticated"]),
		},
		"2: the deny side alone": {
			"input": fixtures.of_nobody,
			"allow": _yes({"accept"}),
			"deny": _no({"user-unauthenticated"}),
			"want": _refused(401, ["user-unauthenticated"]),
		},
		"2: neither side": {
			"input": fixtures.of_nobody,
			"allow": _yes({"accept"}),
			"deny": _no(set()),
			"want": _allowed(["accept"], []),
		},
		"3: an error of a user's": {
			"input": object.union(fixtures.of_nobody, {
				"caller": object.union(fixtures.service_account, {"type": "user"}),
				"original_user_error": "signature",
			}),
			"allow": _yes({"allowed"}),
			"deny": _no(set()),
			"want": _allowed(["allowed"], [object.union(_signed, {"claims": {"caller_type": "user"}})]),
		},
		"3: an error where what is brought is carried unverified": {
			"input": fixtures.with_invalid_assertion,
			"options": {"carries_unverified": true},
			"allow": _yes({"allowed"}),
			"deny": _no(set()),
			"want": _refused(403, ["original-user-invalid"]),
		},
		"5: on behalf of a user": {
			"input": fixtures.on_behalf_of_user,
			"allow": _yes({"original-user-unauthorized"}),
			"deny": _no(set()),
			"want": _allowed(["original-user-unauthorized"], [_signed, _carried]),
		},
		"5: not where it is not allowed anyway": {
			"input": fixtures.of_service_account,
			"allow": _no({"http-method-unauthorized", "original-user-missing"}),
			"deny": _no(set()),
			"want": _refused(403, ["http-method-unauthorized", "original-user-missing"]),
		},
		"5: not for want of an original user to deny": {
			"input": fixtures.of_service_account,
			"allow": _yes({"allowed"}),
			"deny": _no({"original-user-missing"}),
			"want": _allowed(["allowed"], [_signed]),
		},
	}
	policies := {"p_0": {"verdict": {"allow": tc.allow, "deny": tc.deny}}}
	routes := {"r0": object.union(fixtures.route, object.get(tc, "options", {}))}
	main.decision == tc.want with input as tc.input with data.routes as routes with data.policies as policies
}

test_identity_not_passed[name] if {
	some name, document in {
		"a service account with an invalid assertion": fixtures.with_invalid_assertion,
		"a service account on behalf of a user": fixtures.on_behalf_of_user,
		"a user": fixtures.of_user,
		"nobody": fixtures.of_nobody,
	}
	policies := {"p_0": {"verdict": {"allow": _yes({"allowed"}), "deny": _no(set())}}}
	routes := {"r0": object.union(fixtures.route, {"pass_identity_headers": false})}
	decision := main.decision with input as document with data.routes as routes with data.policies as policies
	decision == _allowed(["allowed"], [])
}

# The engine answers 503 where nothing was decided.
test_undecided[name] if {
	allow := _yes({"allowed"})
	deny := _no(set())
	some name, tc in {
		"the twin that is decided": {
			"policies": {"p_0": {"verdict": {"allow": allow, "deny": deny}}},
			"want": {_allowed(["allowed"], [_signed])},
		},
		"no policy of that name": {"policies": {}, "want": set()},
		"no verdict": {"policies": {"p_0": {}}, "want": set()},
		"no allow side": {"policies": {"p_0": {"verdict": {"deny": deny}}}, "want": set()},
		"no deny side": {"policies": {"p_0": {"verdict": {"allow": allow}}}, "want": set()},
		"null for a deny side": {"policies": {"p_0": {"verdict": {"allow": allow, "deny": null}}}, "want": set()},
		"text for a value": {
			"policies": {"p_0": {"verdict": {"allow": {"value": "true", "reasons": set()}, "deny": deny}}},
			"want": set(),
		},
		"null for a value": {
			"policies": {"p_0": {"verdict": {"allow": allow, "deny": {"value": null, "reasons": set()}}}},
			"want": set(),
		},
		"no reasons": {
			"policies": {"p_0": {"verdict": {"allow": allow, "deny": {"value": false}}}},
			"want": set(),
		},
		"text for reasons": {
			"policies": {"p_0": {"verdict": {"allow": {"value": true, "reasons": "allowed"}, "deny": deny}}},
			"want": set(),
		},
	}
	decisions := {decision | decision := main.decision} with input as fixtures.of_service_account
		with data.routes as _routes
		with data.policies as tc.policies
	decisions == tc.want
}

test_route_without_policy if {
	decisions := {decision | decision := main.decision} with input as fixtures.of_service_account
		with data.routes as {"r0": object.remove(fixtures.route, ["policy"])}
		with data.policies as {"p_0": {"verdict": {"allow": _yes({"allowed"}), "deny": _no(set())}}}
	decisions == set()
}

# App is for people of the company; API for App's service account, on behalf of such people alone.
test_scenario[name] if {
	some name, tc in {
		"App: Ada": {
			"input": fixtures.of_user,
			"side": "app",
			"status": 200,
			"reasons": ["domain-ok"],
		},
		"App: somebody from elsewhere": {
			"input": object.union(fixtures.of_user, {"caller": {"email": "eve@elsewhere.example"}}),
			"side": "app",
			"status": 403,
			"reasons": ["domain-unauthorized"],
		},
		"App: nobody": {
			"input": fixtures.of_nobody,
			"side": "app",
			"status": 401,
			"reasons": ["user-unauthenticated"],
		},
		"API: App on Ada's behalf": {
			"input": fixtures.on_behalf_of_user,
			"side": "api",
			"status": 200,
			"reasons": ["original-user-ok", "user-ok"],
		},
		"API: App on behalf of somebody from elsewhere": {
			"input": object.union(fixtures.on_behalf_of_user, {"original_user": {"email": "eve@elsewhere.example"}}),
			"side": "api",
			"status": 403,
			"reasons": ["original-user-unauthorized"],
		},
		"API: App on behalf of a service account": {
			"input": fixtures.on_behalf_of_service_account,
			"side": "api",
			"status": 403,
			"reasons": ["original-user-unauthorized"],
		},
		"API: App for itself": {
			"input": fixtures.of_service_account,
			"side": "api",
			"status": 403,
			"reasons": ["original-user-missing"],
		},
		"API: App with a forged assertion": {
			"input": fixtures.with_invalid_assertion,
			"side": "api",
			"status": 403,
			"reasons": ["original-user-invalid"],
		},
		"API: Ada herself": {
			"input": fixtures.of_user,
			"side": "api",
			"status": 403,
			"reasons": ["original-user-missing", "user-unauthorized"],
		},
		"anyone not on behalf of Eve: App for itself": {
			"input": fixtures.of_service_account,
			"side": "not_eve",
			"status": 403,
			"reasons": ["original-user-missing"],
		},
		"anyone not on behalf of Eve: App on Ada's behalf": {
			"input": fixtures.on_behalf_of_user,
			"side": "not_eve",
			"status": 200,
			"reasons": ["original-user-unauthorized"],
		},
	}
	sides := {
		"app": logic.any_of([criteria.domain({"is": "companydomain.com"})]),
		"api": logic.all_of([
			criteria.user({"is": "api-access"}),
			criteria.original_user_domain({"is": "companydomain.com"}),
		]),
		"not_eve": logic.none_of([criteria.original_user_email({"is": "eve@elsewhere.example"})]),
	} with input as tc.input
	policies := {"p_0": {"verdict": {"allow": sides[tc.side], "deny": logic.any_of([])}}}
	decision := main.decision with input as tc.input with data.routes as _routes with data.policies as policies
	[decision.status, decision.reasons] == [tc.status, tc.reasons]
}
