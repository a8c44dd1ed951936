# METADATA
# title: Criteria
# description: >-
#   The criteria of a route's policy, by their names there. Each gives `{"value": bool, "reasons": {code}}` for every
#   input document and every matcher that the compiler lets through; none is ever undefined.
# schemas:
#   - input: schema.input
package behalf.criteria

import data.behalf.identity

# What a criterion says: `reasons` is its METADATA's table.
_outcome(true, reasons) := {"value": true, "reasons": {reasons.ok.code}}

_outcome(false, reasons) := {"value": false, "reasons": {reasons.unauthorized.code}}

# A criterion on the caller is false where nobody is signed in, whatever its matcher says: `email: {not: x}` admits no
# anonymous caller (DESIGN, "On purpose not as Pomerium", 2).
_outcome_of_caller(matches, reasons) := _outcome(matches, reasons) if {
	identity.signed_in == true
} else := _unknown(identity.reasons.unauthenticated)

# Likewise one on the original user where there is none.
_outcome_of_original_user(matches, reasons) := _outcome(matches, reasons) if {
	identity.original_user != null
} else := _unknown(identity.reasons.original_user_missing) if {
	identity.signed_in == true
} else := _unknown(identity.reasons.unauthenticated)

_unknown(reason) := {"value": false, "reasons": {reason.code}}
