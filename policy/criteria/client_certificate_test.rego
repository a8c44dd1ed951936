package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures
import data.behalf.result

_certificate := {
	"valid": true,
	"fingerprint": "ab01",
	"spki_hash": "FsDb=",
	"san_dns": ["a.example.com", "b.example.com"],
	"san_email": ["ada@example.com"],
	"san_uri": ["spiffe://example.com/a"],
}

_of_client_with(certificate) := object.union(fixtures.of_nobody, {"request": {"client_certificate": certificate}})

test_client_certificate[name] if {
	some name, tc in {
		"by fingerprint": {"matcher": {"fingerprint": ["cd02", "ab01"]}, "value": true},
		"by another fingerprint": {"matcher": {"fingerprint": ["cd02"]}, "value": false},
		"by the hash of its key": {"matcher": {"spki_hash": ["FsDb="]}, "value": true},
		"by the hash of another key": {"matcher": {"spki_hash": ["fsdb="]}, "value": false},
		"by the first of its names": {"matcher": {"san_dns": {"is": "a.example.com"}}, "value": true},
		"by the second of its names": {"matcher": {"san_dns": {"starts_with": "b."}}, "value": true},
		"by halves of two names": {
			"matcher": {"san_dns": {"starts_with": "a.", "ends_with": "b.example.com"}},
			"value": false,
		},
		"by what one name of two is not": {"matcher": {"san_dns": {"not": "a.example.com"}}, "value": true},
		"by an email address": {"matcher": {"san_email": {"ends_with": "@example.com"}}, "value": true},
		"by another email address": {"matcher": {"san_email": {"is": "bob@example.com"}}, "value": false},
		"by a name of another kind": {"matcher": {"san_dns": {"is": "ada@example.com"}}, "value": false},
		"by text": {"matcher": {"san_dns": "b.example.com"}, "value": true},
		"by other text": {"matcher": {"san_dns": "example.com"}, "value": false},
		"by a set of hashes": {"matcher": {"spki_hash": {"FsDb="}}, "value": true},
		"by a URI": {"matcher": {"san_uri": {"starts_with": "spiffe://example.com/"}}, "value": true},
		"by another URI": {"matcher": {"san_uri": {"is": "spiffe://example.com/b"}}, "value": false},
		"by two facts": {"matcher": {"fingerprint": ["ab01"], "san_dns": {"is": "a.example.com"}}, "value": true},
		"by two facts, one other": {
			"matcher": {"fingerprint": ["ab01"], "san_dns": {"is": "c.example.com"}},
			"value": false,
		},
	}
	criteria.client_certificate(tc.matcher).value == tc.value with input as _of_client_with(_certificate)
}

test_which_client_certificate[name] if {
	some name, tc in {
		"a valid one": {
			"certificate": _certificate,
			"want": {"value": true, "reasons": {"client-certificate-ok"}},
		},
		"one that is not valid": {
			"certificate": object.union(_certificate, {"valid": false}),
			"want": {"value": true, "reasons": {"client-certificate-ok"}},
		},
		"another": {
			"certificate": object.union(_certificate, {"san_dns": ["c.example.com"]}),
			"want": {"value": false, "reasons": {"client-certificate-unauthorized"}},
		},
		"one without names, by a list that is empty too": {
			"certificate": object.union(_certificate, {"san_dns": []}),
			"matcher": {"san_dns": {"in": [], "not": "c.example.com"}},
			"want": {"value": false, "reasons": {"client-certificate-unauthorized"}},
		},
		"one without such names": {
			"certificate": object.union(_certificate, {"san_dns": []}),
			"want": {"value": false, "reasons": {"client-certificate-unauthorized"}},
		},
		"none": {"certificate": null, "want": {"value": false, "reasons": {"client-certificate-unauthorized"}}},
	}
	matcher := object.get(tc, "matcher", {"san_dns": {"not": "c.example.com"}})
	criteria.client_certificate(matcher) == tc.want with input as _of_client_with(tc.certificate)
}

test_invalid_client_certificate[name] if {
	some name, tc in {
		"none": {"certificate": null, "want": {"value": true, "reasons": {"client-certificate-required"}}},
		"a valid one": {"certificate": _certificate, "want": {"value": false, "reasons": {"valid-client-certificate"}}},
		"one that is not valid": {
			"certificate": object.union(_certificate, {"valid": false}),
			"want": {"value": true, "reasons": {"invalid-client-certificate"}},
		},
	}
	criteria.invalid_client_certificate == tc.want with input as _of_client_with(tc.certificate)
}

test_malformed_certificate_matcher[name] if {
	some name, matcher in {
		"nothing": {},
		"null": null,
		"text": "ab01",
		"a list": ["ab01"],
		"an unknown fact": {"san_ip": {"not": ""}},
		"one that holds and an unknown fact": {"fingerprint": ["ab01"], "san_ip": {"not": ""}},
		"text for hashes": {"fingerprint": "ab01"},
		"no hashes": {"spki_hash": []},
		"a number for a hash": {"spki_hash": ["FsDb=", 1]},
		"no matcher of names": {"san_uri": {}},
	}
	results := {found |
		some certificate in [null, _certificate]
		found := criteria.client_certificate(matcher) with input as _of_client_with(certificate) with result.decided as fixtures.decided
	}
	results == set()
}
