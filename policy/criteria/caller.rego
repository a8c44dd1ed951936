package behalf.criteria

# METADATA
# title: authenticated_user
# description: Somebody with an id is signed in, a user or a service account.
authenticated_user := _outcome_of_caller(_caller_has_id, _user_reasons)

# METADATA
# title: user
# description: The caller's id matches (string matcher). A service account's id is the one that it was created with.
user(matcher) := _outcome_of_caller(_caller_id_matches(matcher), _user_reasons)

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
#       text: The caller's email address is not one that the policy asks for.
email(matcher) := _outcome_of_caller(_caller_email_matches(matcher), rego.metadata.rule().custom.reasons)

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
#       text: The domain of the caller's email address is not one that the policy asks for.
domain(matcher) := _outcome_of_caller(_caller_domain_matches(matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: groups
# description: The caller's groups match (string list matcher), as the identity provider's `groups` claim names them.
# custom:
#   reasons:
#     ok:
#       code: groups-ok
#       text: The caller's groups are such as the policy asks for.
#     unauthorized:
#       code: groups-unauthorized
#       text: The caller's groups are not such as the policy asks for.
groups(matcher) := _outcome_of_caller(_caller_groups_match(matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: claim/NAME
# description: >-
#   The caller's claim of exactly that name matches (string list matcher). Nested claims have flat dotted names; a claim
#   that the caller lacks is an empty list.
# custom:
#   reasons:
#     ok:
#       code: claim-ok
#       text: The caller's claim is such as the policy asks for.
#     unauthorized:
#       code: claim-unauthorized
#       text: The caller's claim is not such as the policy asks for.
claim(name, matcher) := _outcome_of_caller(_caller_claim_matches(name, matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: Reasons of authenticated_user and user
# custom:
#   reasons:
#     ok:
#       code: user-ok
#       text: The caller is one that the policy asks for.
#     unauthorized:
#       code: user-unauthorized
#       text: The caller is not one that the policy asks for.
_user_reasons := rego.metadata.rule().custom.reasons

default _caller_has_id := false

_caller_has_id if input.caller.id != ""

default _caller_id_matches(_) := false

_caller_id_matches(matcher) if {
	_caller_has_id == true
	_matches_text(input.caller.id, matcher)
}

default _caller_email_matches(_) := false

_caller_email_matches(matcher) if _matches_text(input.caller.email, matcher)

default _caller_domain_matches(_) := false

_caller_domain_matches(matcher) if _matches_text(_domain(input.caller.email), matcher)

default _caller_groups_match(_) := false

_caller_groups_match(matcher) if _matches_list(input.caller.groups, matcher)

default _caller_claim_matches(_, _) := false

_caller_claim_matches(name, matcher) if _matches_list(object.get(input.caller.claims, name, []), matcher)
