package behalf.criteria

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
#       text: The client certificate is valid here.
certificate_reasons := rego.metadata.rule().custom.reasons
