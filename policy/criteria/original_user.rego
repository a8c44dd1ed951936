package behalf.criteria

import data.behalf.identity

# METADATA
# title: original_user/email
# description: The original user's email address matches (string matcher); it is "" where that user has none.
original_user_email(matcher) := _outcome_of_original_user(_original_email_matches(matcher), _original_user_reasons)

# METADATA
# title: original_user/domain
# description: The domain of the original user's email address matches (string matcher). It has exactly one `@`.
original_user_domain(matcher) := _outcome_of_original_user(_original_domain_matches(matcher), _original_user_reasons)

# METADATA
# title: original_user/user
# description: The original user's id matches (string matcher).
original_user_user(matcher) := _outcome_of_original_user(_original_id_matches(matcher), _original_user_reasons)

# METADATA
# title: Reasons of the original_user criteria
# custom:
#   reasons:
#     ok:
#       code: original-user-ok
#       text: The original user is one that the policy asks for.
#     unauthorized:
#       code: original-user-unauthorized
#       text: The original user is not one that the policy asks for.
_original_user_reasons := rego.metadata.rule().custom.reasons

# These criteria are about people: a chain that began with a service account has none.
_person := identity.original_user if identity.original_user.type == "user"

default _original_email_matches(_) := false

_original_email_matches(matcher) if _matches_text(_person.email, matcher)

default _original_domain_matches(_) := false

_original_domain_matches(matcher) if _matches_text(_domain(_person.email), matcher)

default _original_id_matches(_) := false

_original_id_matches(matcher) if {
	_person.id != ""
	_matches_text(_person.id, matcher)
}
