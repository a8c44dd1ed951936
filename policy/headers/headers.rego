# METADATA
# title: Header actions
# description: What the proxy does to the headers of a request that may pass, and of its answer.
# schemas:
#   - input: schema.input
package behalf.headers

import data.behalf.identity
import data.behalf.route

# METADATA
# title: Request headers
# description: >-
#   Actions on what goes upstream, in this order: a client's own copies of both reserved headers are removed, the caller
#   is stated, the original user is carried, claims get headers of their own, and the configuration has its say, removals
#   last. Where a header is not set after all, the client's own copy goes nevertheless. What a header leaves out stands
#   behind it.
request_headers := array.flatten([
	_removed,
	_signed,
	_carried,
	[action | some header in route.options.claim_headers; some action in _claim_actions(header)],
	route.options.set_request_headers,
	[_from_template(header) | some header in route.options.template_request_headers],
	_authored_request_headers,
	route.options.remove_request_headers,
])

# METADATA
# title: Response headers
# description: Actions on what goes back to the client. What is set stays as it is, and rewrites are of the upstream's own.
response_headers := array.flatten([
	route.options.rewrite_response_headers,
	route.options.set_response_headers,
	_authored_response_headers,
])

# What Rego of the route's policy asks for (policy/rego), where it has any.
default _authored_request_headers := []

_authored_request_headers := data.policies[route.options.policy].request_headers

default _authored_response_headers := []

_authored_response_headers := data.policies[route.options.policy].response_headers

_assertion := "x-pomerium-jwt-assertion"

_assertion_for := "x-pomerium-jwt-assertion-for"

_removed := [
	{"action": "remove", "name": _assertion},
	{"action": "remove", "name": _assertion_for},
]

# No signed assertion for nobody: an upstream that checks the signature alone would be fooled.
default _signed := []

_signed := array.concat(
	[{"action": "sign", "name": _assertion, "claims": _claims}],
	_omitted(_assertion, count(input.caller.groups) - count(_groups)),
) if {
	route.passes_identity == true
	identity.signed_in == true
}

# The assertion that was verified, byte for byte, so that its first signature still holds.
default _carried := []

_carried := [{"action": "carry", "name": _assertion_for, "from": "original_user"}] if {
	route.passes_identity == true
	identity.original_user != null
}

# Whatever was brought: that there is anything, only the proxy knows.
_carried := [{"action": "carry", "name": _assertion_for, "from": "unverified"}] if {
	route.passes_identity == true
	route.carries_unverified == true
	input.caller.type == "service_account"
}
