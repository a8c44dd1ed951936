package behalf.criteria

# METADATA
# title: accept
# description: True for every request, signed in or not.
# custom:
#   reasons:
#     ok:
#       code: accept
#       text: Everyone is accepted.
accept := _outcome(true, rego.metadata.rule().custom.reasons)

# METADATA
# title: reject
# description: False for every request.
# custom:
#   reasons:
#     unauthorized:
#       code: reject
#       text: The rules let nobody pass.
reject := _outcome(false, rego.metadata.rule().custom.reasons)

# METADATA
# title: http_method
# description: The request's method matches (string matcher). Methods are written as they are sent, such as `GET`.
# custom:
#   reasons:
#     ok:
#       code: http-method-ok
#       text: The method is one that the policy asks for.
#     unauthorized:
#       code: http-method-unauthorized
#       text: The rules do not take this method.
http_method(matcher) := _outcome(_matches_text(input.request.method, matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: http_path
# description: The request's path, normalised, percent-decoded and without the query, matches (string matcher).
# custom:
#   reasons:
#     ok:
#       code: http-path-ok
#       text: The path is one that the policy asks for.
#     unauthorized:
#       code: http-path-unauthorized
#       text: The rules do not take this path.
http_path(matcher) := _outcome(_matches_text(input.request.path, matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: source_ip
# description: >-
#   The client's IP address is in one of the ranges (CIDR). IPv4 that is mapped into IPv6 is IPv4. Without an address it is
#   false. In Rego each range has its length, and is none of mapped IPv4.
# custom:
#   reasons:
#     ok:
#       code: source-ip-ok
#       text: The client's IP address is one that the policy asks for.
#     unauthorized:
#       code: source-ip-unauthorized
#       text: Your IP address is not among those that may come here.
source_ip(ranges) := _outcome(_is_in_one_of(ranges), rego.metadata.rule().custom.reasons)

default _is_in_one_of(_) := null

_is_in_one_of(range) := _holds_address(range) if is_string(range)

_is_in_one_of(ranges) := true in held if {
	_is_list(ranges)
	count(ranges) > 0
	held := [held | some range in ranges; held := _holds_address(range)]
	count(held) == count(ranges)
}

# Undefined for what is no range.
_holds_address(range) := held if {
	_is_mapped(range) == false
	held := net.cidr_contains(range, input.request.ip)
} else := false if {
	_is_mapped(range) == false

	# An address that is none is in no range, whatever the range.
	is_boolean(net.cidr_contains(range, "192.0.2.1"))
}

# IPv4 as IPv6, as no request has it: in WASM no such range holds IPv4, in OPA's interpreter it does.
default _is_mapped(_) := false

_is_mapped(range) if {
	contains(lower(range), "ffff:")
	net.cidr_contains("::ffff:0:0/96", range)
}

# METADATA
# title: cors_preflight
# description: >-
#   The request is what a browser asks before a cross-origin request: OPTIONS, with `Origin` and
#   `Access-Control-Request-Method`.
# custom:
#   reasons:
#     ok:
#       code: cors-request
#       text: The request is a CORS preflight.
#     unauthorized:
#       code: non-cors-request
#       text: The rules take a CORS preflight request only.
cors_preflight := _outcome(_is_preflight, rego.metadata.rule().custom.reasons)

default _is_preflight := false

_is_preflight if {
	input.request.method == "OPTIONS"
	some origin in input.request.headers.origin
	origin != ""
	some method in input.request.headers["access-control-request-method"]
	method != ""
}
