# METADATA
# title: The blocks of a policy
# description: >-
#   Combine the results of criteria, or of other blocks: `{"value": bool, "reasons": {codes}}` each. The reasons of a
#   combined result are those of the results that decided it.
# schemas:
#   - input: schema.input
package behalf.logic

# METADATA
# title: and
# description: True where every result is true. One false result decides; of nothing
#   it is false.
all_of([]) := {"value": false, "reasons": set()}

all_of(results) := _combine(results, false) if count(results) > 0

# METADATA
# title: or
# description: True where at least one result is true. One true result decides; of nothing it is false.
any_of(results) := _combine(results, true)

# METADATA
# title: not
# description: True where every result is false. Reasons keep their names.
none_of(results) := all_of(_inverted(results))

# METADATA
# title: nor
# description: True where at least one result is false, as Pomerium means it. Reasons keep their names.
not_all_of(results) := any_of(_inverted(results))

# One result with the deciding value decides; without one, all results agree on the other value.
_combine(results, deciding) := {"value": deciding, "reasons": _reasons(decisive)} if {
	decisive := [result | some result in results; result.value == deciding]
	count(decisive) > 0
} else := {"value": deciding == false, "reasons": _reasons(results)}

_reasons(results) := {reason | some result in results; some reason in result.reasons}

_inverted(results) := [inverted |
	some result in results
	inverted := {"value": result.value == false, "reasons": result.reasons}
]
