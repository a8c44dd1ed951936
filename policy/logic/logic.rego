# METADATA
# title: The blocks of a policy
# description: >-
#   Combine the results of criteria, of other blocks, or of an author's own rules, in a list, a set or the values of an
#   object: each is `{"value": bool, "reasons": {codes}}`, true or false, `[bool]` or `[bool, reasons]`. The reasons of a
#   combined result are those of the results that decided it. Anything else among them, and what is no collection, ends the
#   evaluation with an error.
# schemas:
#   - input: schema.input
package behalf.logic

import data.behalf.result

# METADATA
# title: and
# description: True where every result is true. One false result decides; of nothing it is false.
all_of(results) := _combine(_results(results), false)

# METADATA
# title: or
# description: True where at least one result is true. One true result decides; of nothing it is false.
any_of(results) := _combine(_results(results), true)

# METADATA
# title: not
# description: True where every result is false; of nothing it is false. Reasons keep their names.
none_of(results) := _combine(_inverted(_results(results)), false)

# METADATA
# title: nor
# description: True where at least one result is false, as Pomerium means it; of nothing it is false. Reasons keep their names.
not_all_of(results) := _combine(_inverted(_results(results)), true)

_results(collection) := [result.of(document) | some document in collection] if {
	result.decided(object.get(_collections, type_name(collection), null)) == true
}

_collections := {"array": true, "object": true, "set": true}

_combine(results, deciding) := {"value": value, "reasons": reasons} if {
	value := _decide({each.value | some each in results}, deciding)
	reasons := {reason |
		some each in results
		each.value == value
		some reason in each.reasons
	}
}

# One result with the deciding value decides; without one, all results agree on the other value.
_decide(values, deciding) := false if {
	values == set()
} else := deciding if {
	deciding in values
} else := deciding == false

_inverted(results) := [{"value": each.value == false, "reasons": each.reasons} | some each in results]
