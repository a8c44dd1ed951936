package behalf.criteria

# METADATA
# title: authenticated_user
# description: Somebody with an id is signed in, a user or a service account.
authenticated_user := _outcome_of_caller(_caller_has_id, _user_reasons)

# METADATA
# title: user
# description: The caller's id matches (string matcher). A service account's id is the one that it was created with.
user(matcher) := _outcome_of_caller(_matches_text(_id_of(_caller), matcher), _user_reasons)

# METADATA
# title: email
# description: The caller's email address matches (string matcher); it is "" where the caller has none.
# custom:
#   reasons:
#     ok:
#       code: email-ok
#       text: The caller's email address is one that the policy asks for.
#     unauthorized:
#       code: email-unauthorized
#       text: Your email address is not among those that may come here.
email(matcher) := _outcome_of_caller(_matches_text(_email_of(_caller), matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: domain
# description: The domain of the caller's email address matches (string matcher). The address has exactly one `@`.
# custom:
#   reasons:
#     ok:
#       code: domain-ok
#       text: The domain of the caller's email address is one that the policy asks for.
#     unauthorized:
#       code: domain-unauthorized
#       text: Your email address is not of an organisation that may come here.
domain(matcher) := _outcome_of_caller(_matches_text(_domain_of(_caller), matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: groups
# description: The caller's groups match (string list matcher), as the identity provider's claim of groups (`idp_groups_claim`) names them.
# custom:
#   reasons:
#     ok:
#       code: groups-ok
#       text: The caller's groups are such as the policy asks for.
#     unauthorized:
#       code: groups-unauthorized
#       text: You are in no group that may come here.
groups(matcher) := _outcome_of_caller(_matches_texts(_groups_of(_caller), matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: claim/NAME
# description: >-
#   The caller's claim of exactly that name matches (claim matcher). Nested claims have flat dotted names; a claim
#   that the caller lacks is an empty list.
# custom:
#   reasons:
#     ok:
#       code: claim-ok
#       text: The caller's claim is such as the policy asks for.
#     unauthorized:
#       code: claim-unauthorized
#       text: Your account lacks what the rules ask for.
claim(name, matcher) := _outcome_of_caller(_matches_claim(_caller, name, matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: caller_type
# description: The caller's type, `user` or `service_account`, matches (string matcher).
# custom:
#   reasons:
#     ok:
#       code: caller-type-ok
#       text: The caller is of the type that the policy asks for, a person or a program.
#     unauthorized:
#       code: caller-type-unauthorized
#       text: The rules ask for a person where a program came, or for a program where a person did.
caller_type(matcher) := _outcome_of_caller(_matches_text(_type_of(_caller), matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: Reasons of authenticated_user and user
# custom:
#   reasons:
#     ok:
#       code: user-ok
#       text: The caller is one that the policy asks for.
#     unauthorized:
#       code: user-unauthorized
#       text: Your account is not among those that may come here.
_user_reasons := rego.metadata.rule().custom.reasons

default _caller_has_id := false

_caller_has_id if input.caller.id != ""

default _caller := null

_caller := input.caller
