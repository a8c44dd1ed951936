package behalf.headers

import data.behalf.identity
import data.behalf.route

# What an assertion says of the caller. No claim of the provider's takes the place of one that every assertion has.
_claims := object.union(_further_claims, {
	"iss": _issuer,
	"aud": input.request.host,
	"sub": input.caller.id,
	"user": input.caller.id,
	"email": input.caller.email,
	"name": input.caller.name,
	"groups": _groups,
	"sid": input.caller.session_id,
	"caller_type": input.caller.type,
})

# All of them, or those that the route's upstream is to learn of.
_groups := input.caller.groups if {
	route.options.groups_filter == null
} else := [group | some group in input.caller.groups; route.options.groups_filter[group] == true]

_issuer := concat("", ["https://", input.request.host, "/"]) if {
	route.options.issuer_format == "uri"
} else := input.request.host

# Claims that have a header of their own: one value as text, several as a list, which no comma in a value can lengthen.
_further_claims := {claim: value |
	some header in route.options.claim_headers
	claim := header.claim
	_is_of_caller(claim)
	value := _text_or_list([text | some item in input.caller.claims[claim]; text := _text(item)])
}

# These speak of the token: what the provider says in them is true of its own.
_is_of_caller(claim) if {
	claim != "exp"
	claim != "iat"
	claim != "jti"
	claim != "nbf"
	claim != "typ"
}

_text_or_list([text]) := text

_text_or_list(texts) := texts if count(texts) > 1

_text(item) := item if is_string(item)

_text(item) := json.marshal(item) if {
	is_string(item) == false
	item != null
}

# A claim as its header.
_claim_actions(header) := array.concat(
	[_set_unless_empty(header.name, _escape(concat(",", kept)))],
	_omitted(header.name, count(texts) - count(kept)),
) if {
	route.passes_identity == true
	identity.signed_in == true
	texts := _texts(header.claim)
	kept := [text | some text in texts; _fits(header.claim, text)]
} else := [{"action": "remove", "name": header.name}]

# What no header can hold the proxy percent-encodes: without "%" of its own no other text comes to the same.
_escape(text) := replace(text, "%", "%25")

_set_unless_empty(name, "") := {"action": "remove", "name": name}

_set_unless_empty(name, text) := {"action": "set", "name": name, "value": text} if text != ""

_omitted(_, 0) := []

_omitted(name, number) := [{"action": "omit", "name": name, "count": number}] if number > 0

_texts(claim) := [text | some text in _listed(object.get(_claims, claim, [])); text != ""]

_fits(claim, _) if _single[claim]

_fits(_, text) if _fits_list(text)

# One value by nature, and written whole. All other claims are lists.
_single := {"aud", "caller_type", "email", "iss", "name", "sid", "sub", "user"}

_listed(value) := value if is_array(value)

_listed(value) := [value] if is_string(value)

# In a list with commas, an upstream would take a comma in a value for its end, and would not see spaces around it: such a
# value would be another one there. It is left out, and so is one with a control character.
_fits_list(text) if {
	contains(text, ",") == false
	contains(text, "\u007f") == false
	startswith(text, " ") == false
	endswith(text, " ") == false
	_has_no_control(text)
}

# JSON writes control characters with a backslash. To look for one first spares most texts a regular expression, which
# takes WASM longer than all the rest of a decision.
_has_no_control(text) if {
	contains(json.marshal(text), `\`) == false
} else := regex.match(`^[^\x00-\x1f]*$`, text)
