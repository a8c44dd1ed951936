package behalf.criteria

import data.behalf.identity

# METADATA
# title: original_user
# description: A service account calls on behalf of a person, as a valid assertion says.
original_user := _outcome_of_original_user(_original_is_person, _original_user_reasons)

# METADATA
# title: original_user/type
# description: >-
#   With what the chain began, a `user` or a `service_account`, matches (string matcher). The other criteria on the original
#   user are about people: false where it began with a service account.
original_user_type(matcher) := _outcome_of_original_user(_matches_text(_type_of(identity.original_user), matcher), _original_user_reasons)

# METADATA
# title: original_user/email
# description: The original user's email address matches (string matcher); it is "" where that user has none.
original_user_email(matcher) := _outcome_of_original_user(_matches_text(_email_of(_person), matcher), _original_user_reasons)

# METADATA
# title: original_user/domain
# description: The domain of the original user's email address matches (string matcher). It has exactly one `@`.
original_user_domain(matcher) := _outcome_of_original_user(_matches_text(_domain_of(_person), matcher), _original_user_reasons)

# METADATA
# title: original_user/user
# description: The original user's id matches (string matcher).
original_user_user(matcher) := _outcome_of_original_user(_matches_text(_id_of(_person), matcher), _original_user_reasons)

# METADATA
# title: original_user/groups
# description: The original user's groups match (string list matcher).
original_user_groups(matcher) := _outcome_of_original_user(_matches_texts(_groups_of(_person), matcher), _original_user_reasons)

# METADATA
# title: original_user/claim/NAME
# description: >-
#   The original user's claim of exactly that name matches (claim matcher). A claim that the assertion lacks is an
#   empty list.
original_user_claim(name, matcher) := _outcome_of_original_user(
	_matches_claim(_person, name, matcher),
	_original_user_reasons,
)

# METADATA
# title: original_user/issuer
# description: >-
#   Who signed the original user's assertion matches (string matcher): the host of a route of this proxy, or one of
#   `trusted_issuers`.
original_user_issuer(matcher) := _outcome_of_original_user(_matches_text(_issuer_of(_person), matcher), _original_user_reasons)

# METADATA
# title: Reasons of the original_user criteria
# custom:
#   reasons:
#     ok:
#       code: original-user-ok
#       text: The original user is one that the policy asks for.
#     unauthorized:
#       code: original-user-unauthorized
#       text: The original user, on whose behalf the service account calls, may not come here.
_original_user_reasons := rego.metadata.rule().custom.reasons

# These criteria are about people: a chain that began with a service account has none.
default _person := null

_person := identity.original_user if _original_is_person == true

default _original_is_person := false

_original_is_person if identity.original_user.type == "user"
