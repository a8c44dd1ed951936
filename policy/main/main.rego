# METADATA
# title: The decision
# description: >-
#   Whether a request may pass, with which status and for which reasons, and what is done to its headers. One evaluation
#   turns an input document into a decision document; the proxy carries it out.
# schemas:
#   - input: schema.input
package behalf.main

import data.behalf.criteria
import data.behalf.headers
import data.behalf.identity
import data.behalf.route

# METADATA
# title: Reasons of the decision itself
# description: All others come from the criteria of the route's policy.
# custom:
#   reasons:
#     route_not_found:
#       code: route-not-found
#       text: No route of this proxy answers to this address.
#     original_user_invalid:
#       code: original-user-invalid
#       text: The service account names an original user by an assertion that is not valid.
reasons := rego.metadata.rule().custom.reasons

# METADATA
# title: Decision
# description: >-
#   The decision document of a request. Undefined where a known route has no verdict or a malformed one: the engine
#   answers 503 then, never an allow.
# scope: document
# entrypoint: true
decision := _refuse(404, {reasons.route_not_found.code}) if route.options == null

decision := _judge(_verdict.allow, _verdict.deny) if route.options != null

# The verdict's order: the first that matches decides.
_judge(allow, deny) := _refuse(495, deny.reasons) if {
	some code in deny.reasons
	code in _certificate_reasons
} else := _refuse(401, codes) if {
	# Whatever the sides' values: nobody, once signed in, may turn out to be allowed or denied.
	codes := {code |
		some side in [allow, deny]
		identity.reasons.unauthenticated.code in side.reasons
		some code in side.reasons
	}
	count(codes) > 0
} else := _refuse(403, {reasons.original_user_invalid.code}) if {
	# Only where an original user would be carried: a forged one is never dropped silently.
	route.passes_identity == true
	identity.original_user_error != null
} else := _refuse(403, deny.reasons) if {
	deny.value == true
} else := _refuse(403, {identity.reasons.original_user_missing.code}) if {
	# Allowed by a negated criterion: an original user who is not there is not somebody else.
	allow.value == true
	identity.reasons.original_user_missing.code in allow.reasons
} else := _allow(allow.reasons) if {
	allow.value == true
} else := _refuse(403, allow.reasons)

_allow(codes) := {
	"allow": true,
	"status": 200,
	"reasons": sort(codes),
	"request_headers": headers.request_headers,
	"response_headers": headers.response_headers,
}

_refuse(status, codes) := {
	"allow": false,
	"status": status,
	"reasons": sort(codes),
	"request_headers": [],
	"response_headers": [],
}

_certificate_reasons := {
	criteria.certificate_reasons.required.code,
	criteria.certificate_reasons.invalid.code,
}

# The compiler (src/compile/write-rego.ts) writes a module of `data.policies` for each distinct policy. Undefined unless
# both sides say yes or no, and why: half a verdict decides nothing.
_verdict := verdict if {
	verdict := data.policies[route.options.policy].verdict
	_well_formed(verdict.allow)
	_well_formed(verdict.deny)
}

_well_formed(side) if {
	is_boolean(side.value)
	is_set(side.reasons)
}
