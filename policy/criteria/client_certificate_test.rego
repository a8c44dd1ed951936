package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures

test_invalid_client_certificate[name] if {
	certificate := {
		"valid": true,
		"fingerprint": "",
		"spki_hash": "",
		"san_dns": [],
		"san_email": [],
		"san_uri": [],
	}
	some name, tc in {
		"none": {"certificate": null, "want": {"value": true, "reasons": {"client-certificate-required"}}},
		"a valid one": {"certificate": certificate, "want": {"value": false, "reasons": {"valid-client-certificate"}}},
		"one that is not valid": {
			"certificate": object.union(certificate, {"valid": false}),
			"want": {"value": true, "reasons": {"invalid-client-certificate"}},
		},
	}
	document := object.union(fixtures.of_user, {"request": {"client_certificate": tc.certificate}})
	criteria.invalid_client_certificate == tc.want with input as document
}
