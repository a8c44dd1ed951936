# METADATA
# title: What criteria and blocks say
# description: >-
#   The one shape of it, `{"value": bool, "reasons": {codes}}`, and what else authors may write for it.
# schemas:
#   - input: schema.input
package behalf.result

# METADATA
# title: Result of a document
# description: >-
#   Of true or false, `[bool]`, `[bool, reasons]` with a list or set of codes, and of what criteria and logic give. Anything
#   else is not decided.
of(document) := document if {
	is_boolean(document.value)
	is_set(document.reasons)
	count(document) == 2
} else := {"value": decided(value), "reasons": reasons} if {
	[value, reasons] := _parts_of(document)
}

# METADATA
# title: Decided
# description: >-
#   True or false, as it is. Anything else has two values here, which ends the whole evaluation with an error: the engine
#   answers 503. Null or undefined would not do, as an author's `if` takes the one for a yes, and `not` the other.
decided(value) if value != false

decided(value) := false if value != true

default _parts_of(_) := [null, set()]

_parts_of(value) := [value, set()] if is_boolean(value)

_parts_of([value]) := [value, set()]

_parts_of([value, reasons]) := [value, {code | some code in reasons}] if _is_list(reasons)

_parts_of({"value": value, "reasons": reasons}) := [value, {code | some code in reasons}] if _is_list(reasons)

_is_list(document) if is_array(document)

_is_list(document) if is_set(document)
