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
#       text: Everyone is rejected.
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
#       text: The method is not one that the policy asks for.
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
#       text: The path is not one that the policy asks for.
http_path(matcher) := _outcome(_matches_text(input.request.path, matcher), rego.metadata.rule().custom.reasons)

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
#       text: The request is not a CORS preflight.
cors_preflight := _outcome(_is_preflight, rego.metadata.rule().custom.reasons)

default _is_preflight := false

_is_preflight if {
	input.request.method == "OPTIONS"
	some origin in input.request.headers.origin
	origin != ""
	some method in input.request.headers["access-control-request-method"]
	method != ""
}
