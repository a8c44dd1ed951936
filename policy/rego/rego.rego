# METADATA
# title: Policies in Rego
# description: >-
#   What an author's own rules say, in the one shape that verdicts and decisions are made of. A rule's document comes in a
#   set, which is empty where the rule is undefined. What is none of the forms here is never taken for a no.
# schemas:
#   - input: schema.input
package behalf.rego

import data.behalf.result as results
import data.behalf.route

# METADATA
# title: Result
# description: >-
#   What `allow` or `deny` says, `{"value": bool, "reasons": {codes}}`, in any of the forms that policy/result takes.
#   Undefined is no. Anything else ends the evaluation with an error; with a reason that is none there is no verdict. The
#   engine answers 503 to both.
result(documents) := {"value": false, "reasons": set()} if count(documents) == 0

result(documents) := result if {
	some document in documents
	result := results.of(document)
	every code in result.reasons {
		_consists_of(code, _lower_case)
		count(code) <= 64
	}
}

# METADATA
# title: Header actions
# description: >-
#   What `request_headers` or `response_headers` of all packages of a policy ask for, as a decision has it: `set` and
#   `remove` of names that are not the proxy's own, to text. Null stands for each action that is anything else, so that no
#   decision can be made of it: the engine answers 503 then. A set is taken in the order that `sort` has.
header_actions(rules) := [_action(given) |
	some documents in rules
	some document in documents
	some given in _listed(document)
]

_listed(document) := document if {
	is_array(document)
} else := sort(document) if {
	is_set(document)
} else := [null]

default _action(_) := null

_action({"action": "set", "name": name, "value": value}) := {"action": "set", "name": lower(name), "value": value} if {
	_is_authors_own(name)
	is_string(value)
}

_action({"action": "remove", "name": name}) := {"action": "remove", "name": lower(name)} if _is_authors_own(name)

# Of hyphens, letters and digits alone, so that every spelling of a reserved name is known for one.
_is_authors_own(name) if {
	_consists_of(name, concat("", [_lower_case, _upper_case]))
	lowered := lower(name)
	startswith(lowered, "x-pomerium-") == false
	startswith(lowered, "x-forwarded-") == false
	{lowered} & _own_names == set()
	every header in route.options.claim_headers {
		lowered != _canonical(header.name)
	}
}

# Those of the connection, the framing and the target (src/fixed-names.ts), and a request's number.
_own_names := {
	"connection",
	"content-length",
	"expect",
	"forwarded",
	"host",
	"http2-settings",
	"keep-alive",
	"proxy-authenticate",
	"proxy-authentication-info",
	"proxy-authorization",
	"proxy-connection",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
	"x-request-id",
}

# As src/reserved-names.ts has it.
_canonical(name) := concat("", [_canonical_character(character) | some character in split(name, "")])

_canonical_character(character) := character if {
	contains(_lower_case, character)
} else := "-"

# Not by a pattern: in WebAssembly one costs more than the rest of a decision.
_consists_of(text, characters) if {
	is_string(text)
	text != ""
	trim(text, characters) == ""
}

_lower_case := "abcdefghijklmnopqrstuvwxyz0123456789-"

_upper_case := "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
