# METADATA
# title: Criteria
# description: >-
#   The criteria of a route's policy, by their names there. Each gives `{"value": bool, "reasons": {code}}`, for every
#   input document; none is ever undefined. A matcher that is malformed, as the compiler lets none through, ends the
#   evaluation with an error, whoever asks.
# schemas:
#   - input: schema.input
package behalf.criteria

import data.behalf.identity
import data.behalf.result

# What a criterion says: `matches` is true, false, or null for a malformed matcher; `reasons` is its METADATA's table.
_outcome(matches, reasons) := _explained(result.decided(matches), reasons)

_outcome_of_caller(matches, reasons) := _explained_of_caller(result.decided(matches), reasons)

_outcome_of_original_user(matches, reasons) := _explained_of_original_user(result.decided(matches), reasons)

_explained(true, reasons) := {"value": true, "reasons": {reasons.ok.code}}

_explained(false, reasons) := {"value": false, "reasons": {reasons.unauthorized.code}}

# A criterion on the caller is false where nobody is signed in, whatever its matcher says: `email: {not: x}` admits no
# anonymous caller (DESIGN, "On purpose not as Pomerium", 2).
_explained_of_caller(value, reasons) := _explained(value, reasons) if {
	identity.signed_in == true
} else := _unknown(identity.reasons.unauthenticated)

# Likewise one on the original user where there is none.
_explained_of_original_user(value, reasons) := _explained(value, reasons) if {
	identity.original_user != null
} else := _unknown(identity.reasons.original_user_missing) if {
	identity.signed_in == true
} else := _unknown(identity.reasons.unauthenticated)

_unknown(reason) := {"value": false, "reasons": {reason.code}}
