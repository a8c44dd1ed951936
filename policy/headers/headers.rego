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
#   last. Where a header is not set after all, the client's own copy goes nevertheless.
request_headers := array.flatten([
	_removed,
	_signed,
	_carried,
	[_claim_header(header) | some header in route.options.claim_headers],
	route.options.set_request_headers,
	[_header_with_jwt(header) | some header in route.options.jwt_request_headers],
	route.options.remove_request_headers,
])

# METADATA
# title: Response headers
# description: Actions on what goes back to the client.
response_headers := route.options.set_response_headers

_assertion := "x-pomerium-jwt-assertion"

_assertion_for := "x-pomerium-jwt-assertion-for"

_removed := [
	{"action": "remove", "name": _assertion},
	{"action": "remove", "name": _assertion_for},
]

# No signed assertion for nobody: an upstream that checks the signature alone would be fooled.
default _signed := []

_signed := [{"action": "sign", "name": _assertion, "claims": _claims}] if {
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

_claim_header(header) := {"action": "set", "name": header.name, "value": text} if {
	route.passes_identity == true
	identity.signed_in == true
	text := _header_text(header.claim)
	text != ""
} else := {"action": "remove", "name": header.name}

# `${pomerium.jwt}` is what the route's upstream would be told of the caller, wherever the configuration wants it.
_header_with_jwt(header) := {"action": "set", "name": header.name, "value": value} if {
	identity.signed_in == true
	value := [_part(part) | some part in header.value]
} else := {"action": "remove", "name": header.name}

_part({"jwt": true}) := {"sign": _claims}

_part({"config": number}) := {"config": number}
