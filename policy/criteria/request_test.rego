package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures

test_accept[name] if {
	some name, document in {"nobody": fixtures.of_nobody, "a user": fixtures.of_user}
	criteria.accept == {"value": true, "reasons": {"accept"}} with input as document
}

test_reject[name] if {
	some name, document in {"nobody": fixtures.of_nobody, "a user": fixtures.of_user}
	criteria.reject == {"value": false, "reasons": {"reject"}} with input as document
}

test_http_method[name] if {
	some name, tc in {
		"the same": {"matcher": {"is": "GET"}, "want": {"value": true, "reasons": {"http-method-ok"}}},
		"another": {"matcher": {"is": "POST"}, "want": {"value": false, "reasons": {"http-method-unauthorized"}}},
	}
	criteria.http_method(tc.matcher) == tc.want with input as fixtures.of_nobody
}

test_http_path[name] if {
	some name, tc in {
		"the same": {"matcher": {"is": "/reports/7"}, "want": {"value": true, "reasons": {"http-path-ok"}}},
		"another": {"matcher": {"is": "/admin"}, "want": {"value": false, "reasons": {"http-path-unauthorized"}}},
	}
	criteria.http_path(tc.matcher) == tc.want with input as fixtures.of_nobody
}

test_cors_preflight[name] if {
	some name, tc in {
		"a preflight": {
			"method": "OPTIONS",
			"headers": {"origin": ["https://a.example"], "access-control-request-method": ["PUT"]},
			"want": {"value": true, "reasons": {"cors-request"}},
		},
		"another method": {
			"method": "GET",
			"headers": {"origin": ["https://a.example"], "access-control-request-method": ["PUT"]},
			"want": {"value": false, "reasons": {"non-cors-request"}},
		},
		"no Origin": {
			"method": "OPTIONS",
			"headers": {"access-control-request-method": ["PUT"]},
			"want": {"value": false, "reasons": {"non-cors-request"}},
		},
		"an empty Origin": {
			"method": "OPTIONS",
			"headers": {"origin": [""], "access-control-request-method": ["PUT"]},
			"want": {"value": false, "reasons": {"non-cors-request"}},
		},
		"no Access-Control-Request-Method": {
			"method": "OPTIONS",
			"headers": {"origin": ["https://a.example"]},
			"want": {"value": false, "reasons": {"non-cors-request"}},
		},
		"an empty Access-Control-Request-Method": {
			"method": "OPTIONS",
			"headers": {"origin": ["https://a.example"], "access-control-request-method": [""]},
			"want": {"value": false, "reasons": {"non-cors-request"}},
		},
	}
	facts := {"request": {"method": tc.method, "headers": tc.headers}}
	criteria.cors_preflight == tc.want with input as object.union(fixtures.of_nobody, facts)
}
