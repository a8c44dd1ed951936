package behalf.criteria

# METADATA
# title: client_certificate
# description: >-
#   The client presented a certificate of which everything holds that is asked for: `fingerprint` and `spki_hash` are one of
#   a list, and one name of `san_dns`, `san_email` or `san_uri` matches (string matcher). Whether the certificate is valid
#   it does not say: a self-made one can claim any name. In Rego a fingerprint has 64 digits in lower case.
# custom:
#   reasons:
#     ok:
#       code: client-certificate-ok
#       text: The client certificate is one that the policy asks for.
#     unauthorized:
#       code: client-certificate-unauthorized
#       text: Your client certificate is not among those that may come here.
client_certificate(matcher) := _outcome(_certificate_matches(matcher), rego.metadata.rule().custom.reasons)

_certificate_matches(matcher) := null if {
	_is_certificate_matcher(matcher) == false
} else if {
	certificate := input.request.client_certificate
	certificate != null
	every fact, operand in matcher {
		_certificate_holds(fact, certificate[fact], operand)
	}
} else := false

_certificate_holds(fact, hash, operand) if {
	fact in _hashes
	hash in operand
}

_certificate_holds(fact, names, operand) if {
	fact in _kinds_of_names
	some name in names
	_matches_text(name, operand) == true
}

default _is_certificate_matcher(_) := false

_is_certificate_matcher(matcher) if {
	_has_operators(matcher)
	every fact, operand in matcher {
		_is_certificate_operand(fact, operand)
	}
}

_is_certificate_operand(fact, operand) if {
	fact in _hashes
	_is_list(operand)
	count(operand) > 0
	every hash in operand {
		is_string(hash)
	}
}

_is_certificate_operand(fact, operand) if {
	fact in _kinds_of_names
	_is_text_matcher(operand)
}

_hashes := {"fingerprint", "spki_hash"}

_kinds_of_names := {"san_dns", "san_email", "san_uri"}

# METADATA
# title: invalid_client_certificate
# description: The client presented no certificate, or one that no accepted authority vouches for. For denials.
invalid_client_certificate := {"value": false, "reasons": {certificate_reasons.valid.code}} if {
	input.request.client_certificate.valid == true
} else := {"value": true, "reasons": {certificate_reasons.invalid.code}} if {
	input.request.client_certificate != null
} else := {"value": true, "reasons": {certificate_reasons.required.code}}

# METADATA
# title: Reasons of invalid_client_certificate
# description: A denial for one of the first two asks for a client certificate.
# custom:
#   reasons:
#     required:
#       code: client-certificate-required
#       text: A client certificate is needed, and none was presented.
#     invalid:
#       code: invalid-client-certificate
#       text: The client certificate is not valid here.
#     valid:
#       code: valid-client-certificate
#       text: The rules take nobody whose client certificate is valid.
certificate_reasons := rego.metadata.rule().custom.reasons
