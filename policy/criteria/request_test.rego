package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures
import data.behalf.result

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

test_source_ip[name] if {
	some name, tc in {
		"the same address": {"ip": "192.0.2.1", "ranges": ["192.0.2.1/32"], "value": true},
		"another address": {"ip": "192.0.2.2", "ranges": ["192.0.2.1/32"], "value": false},
		"in the second range": {"ip": "10.255.0.1", "ranges": ["192.0.2.1/32", "10.0.0.0/8"], "value": true},
		"the last of a range": {"ip": "192.0.2.63", "ranges": ["192.0.2.0/26"], "value": true},
		"the first after a range": {"ip": "192.0.2.64", "ranges": ["192.0.2.0/26"], "value": false},
		"a range with bits of its host": {"ip": "10.9.9.9", "ranges": ["10.1.2.3/8"], "value": true},
		"everything of IPv4": {"ip": "203.0.113.9", "ranges": ["0.0.0.0/0"], "value": true},
		"IPv4 in everything of IPv6": {"ip": "203.0.113.9", "ranges": ["::/0"], "value": false},
		"IPv6 in everything of IPv4": {"ip": "2001:db8::1", "ranges": ["0.0.0.0/0"], "value": false},
		"IPv6": {"ip": "2001:db8::1", "ranges": ["2001:db8::/32"], "value": true},
		"other IPv6": {"ip": "2001:db9::1", "ranges": ["2001:db8::/32"], "value": false},
		"IPv6 in an odd range": {"ip": "2001:db8:0:4000::1", "ranges": ["2001:db8::/50"], "value": false},
		"no address": {"ip": "", "ranges": ["0.0.0.0/0", "::/0"], "value": false},
		"what is no address": {"ip": "localhost", "ranges": ["0.0.0.0/0", "::/0"], "value": false},
		"one range": {"ip": "10.255.0.1", "ranges": "10.0.0.0/8", "value": true},
		"one other range": {"ip": "11.255.0.1", "ranges": "10.0.0.0/8", "value": false},
		"a set of ranges": {"ip": "10.255.0.1", "ranges": {"10.0.0.0/8"}, "value": true},
		"no address in one range": {"ip": "", "ranges": "0.0.0.0/0", "value": false},
		"what mapped IPv4 lies within": {"ip": "::fffe:101:101", "ranges": ["::ffff:1.2.3.4/90"], "value": true},
		"IPv6 with such a group": {"ip": "2001:db8:ffff:1::1", "ranges": ["2001:db8:FFFF:1::/64"], "value": true},
		"translated IPv4": {"ip": "::ffff:0:a01:203", "ranges": ["::ffff:0:0:0/96"], "value": true},
		"IPv4, translated IPv4": {"ip": "::ffff:0:a01:203", "ranges": ["10.0.0.0/8"], "value": false},
	}
	criteria.source_ip(tc.ranges).value == tc.value with input as object.union(fixtures.of_nobody, {"request": {"ip": tc.ip}})
}

test_reasons_of_source_ip if {
	criteria.source_ip(["192.0.2.0/24"]) == {"value": true, "reasons": {"source-ip-ok"}} with input as fixtures.of_nobody
	unauthorized := {"value": false, "reasons": {"source-ip-unauthorized"}}
	criteria.source_ip(["10.0.0.0/8"]) == unauthorized with input as fixtures.of_nobody
}

test_malformed_ranges[name] if {
	some name, ranges in {
		"none": [],
		"none in a set": set(),
		"an object": {"a": "10.0.0.0/8"},
		"null": null,
		"a number": 8,
		"empty text": "",
		"an address": "192.0.2.1",
		"an address in a list": ["192.0.2.1"],
		"an address of IPv6": ["2001:db8::1"],
		"a range and an address": ["10.0.0.0/8", "192.0.2.1"],
		"the matching range and a name": ["192.0.2.0/24", "localhost"],
		"a range and a number": ["10.0.0.0/8", 10],
		"too long a range": ["10.0.0.0/33"],
		"a range of mapped IPv4": ["::ffff:10.0.0.0/104"],
		"a range of mapped IPv4, otherwise written": ["0:0:0:0:0:FFFF:0A00:0/104"],
		"everything that is mapped": ["::ffff:0:0/96"],
	}
	results := {found |
		some ip in ["192.0.2.1", "2001:db8::1", ""]
		found := criteria.source_ip(ranges) with input as object.union(fixtures.of_nobody, {"request": {"ip": ip}}) with result.decided as fixtures.decided
	}
	results == set()
}
