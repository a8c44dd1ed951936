# METADATA
# title: Header actions
# description: What the proxy does to the headers of a request that may pass, and of its answer.
# schemas:
#   - input: schema.input
package behalf.headers

import data.behalf.identity

# METADATA
# title: Request headers
# description: >-
#   Actions on what goes upstream, in this order: a client's own copies of both reserved headers are removed, the caller
#   is stated, the original user is carried. `route` is the route's entry in `data.routes`.
request_headers(route) := array.flatten([_removed, _signed(route), _carried(route)])

# METADATA
# title: Response headers
# description: Actions on what goes back to the client. Pomerium sets these two unless told otherwise.
response_headers := [
	{"action": "set", "name": "x-frame-options", "value": "SAMEORIGIN"},
	{"action": "set", "name": "x-xss-protection", "value": "1; mode=block"},
]

_assertion := "x-pomerium-jwt-assertion"

_assertion_for := "x-pomerium-jwt-assertion-for"

_removed := [
	{"action": "remove", "name": _assertion},
	{"action": "remove", "name": _assertion_for},
]

# No signed assertion for nobody: an upstream that checks the signature alone would be fooled.
default _signed(_) := []

_signed(route) := [{"action": "sign", "name": _assertion, "claims": _claims}] if {
	route.pass_identity_headers == true
	identity.signed_in == true
}

# The assertion that was verified, byte for byte, so that its first signature still holds.
default _carried(_) := []

_carried(route) := [{"action": "carry", "name": _assertion_for, "from": "original_user"}] if {
	route.pass_identity_headers == true
	identity.original_user != null
}

_claims := {
	"iss": input.request.host,
	"aud": input.request.host,
	"sub": input.caller.id,
	"user": input.caller.id,
	"email": input.caller.email,
	"name": input.caller.name,
	"groups": input.caller.groups,
	"sid": input.caller.session_id,
	"caller_type": input.caller.type,
}
