# METADATA
# title: Who calls, and on whose behalf
# description: What the rest of the policy may rely on when it speaks of identities.
# schemas:
#   - input: schema.input
package behalf.identity

import data.behalf.route

# METADATA
# title: Reasons for want of an identity
# description: Given by every criterion on the caller or the original user where there is none to judge.
# custom:
#   reasons:
#     unauthenticated:
#       code: user-unauthenticated
#       text: Nobody is signed in.
#     original_user_missing:
#       code: original-user-missing
#       text: Only a service account that calls on behalf of a user may come here, and shows it.
reasons := rego.metadata.rule().custom.reasons

# METADATA
# title: Signed in
# description: Whether somebody, a user or a service account, sends this request.
# scope: document
default signed_in := false

signed_in if input.caller != null

# METADATA
# title: Original user
# description: >-
#   On whose behalf the caller acts; null where none is known. Only a service account acts for somebody else: what a
#   browser says of another user counts for nothing, even if the document carries it; and so does what a route carries
#   unverified.
# scope: document
default original_user := null

original_user := input.original_user if {
	_speaks_for_others
	original_user_error == null
	route.carries_unverified == false
}

# METADATA
# title: Original user error
# description: Why the assertion that a service account brought is not valid; null where nothing is wrong.
# scope: document
default original_user_error := null

original_user_error := input.original_user_error if _speaks_for_others

_speaks_for_others if input.caller.type == "service_account"
