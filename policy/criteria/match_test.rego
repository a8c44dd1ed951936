package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures

# String matchers, shown on `http_path`: the fixtures' path is "/reports/7".
test_string_matcher[name] if {
	some name, tc in {
		"is": {"matcher": {"is": "/reports/7"}, "value": true},
		"is: another": {"matcher": {"is": "/reports/8"}, "value": false},
		"is: another case": {"matcher": {"is": "/Reports/7"}, "value": false},
		"is: with a space": {"matcher": {"is": "/reports/7 "}, "value": false},
		"is: empty": {"matcher": {"is": ""}, "value": false},
		"is: a number": {"matcher": {"is": 7}, "value": false},
		"not": {"matcher": {"not": "/reports/8"}, "value": true},
		"not: the same": {"matcher": {"not": "/reports/7"}, "value": false},
		"not: a number": {"matcher": {"not": 7}, "value": true},
		"contains": {"matcher": {"contains": "ports"}, "value": true},
		"contains: another": {"matcher": {"contains": "Ports"}, "value": false},
		"contains: nothing": {"matcher": {"contains": ""}, "value": true},
		"contains: a number": {"matcher": {"contains": 7}, "value": false},
		"starts_with": {"matcher": {"starts_with": "/rep"}, "value": true},
		"starts_with: another": {"matcher": {"starts_with": "rep"}, "value": false},
		"starts_with: a number": {"matcher": {"starts_with": 7}, "value": false},
		"ends_with": {"matcher": {"ends_with": "s/7"}, "value": true},
		"ends_with: another": {"matcher": {"ends_with": "s/"}, "value": false},
		"ends_with: a number": {"matcher": {"ends_with": 7}, "value": false},
		"in": {"matcher": {"in": ["/", "/reports/7"]}, "value": true},
		"in: others": {"matcher": {"in": ["/", "/reports/8"]}, "value": false},
		"in: none": {"matcher": {"in": []}, "value": false},
		"not_in": {"matcher": {"not_in": ["/", "/reports/8"]}, "value": true},
		"not_in: the same": {"matcher": {"not_in": ["/", "/reports/7"]}, "value": false},
		"not_in: none": {"matcher": {"not_in": []}, "value": true},
		"two that hold": {"matcher": {"starts_with": "/reports", "ends_with": "/7"}, "value": true},
		"two, the first holds": {"matcher": {"starts_with": "/reports", "ends_with": "/8"}, "value": false},
		"two, the second holds": {"matcher": {"starts_with": "/report$", "ends_with": "/7"}, "value": false},
		"all that there are": {
			"matcher": {
				"is": "/reports/7",
				"not": "/",
				"contains": "ports",
				"starts_with": "/",
				"ends_with": "7",
				"in": ["/reports/7"],
				"not_in": ["/"],
			},
			"value": true,
		},
		"unknown": {"matcher": {"matches": "/reports/7"}, "value": false},
		"one that holds and an unknown one": {"matcher": {"is": "/reports/7", "matches": ""}, "value": false},
	}
	criteria.http_path(tc.matcher).value == tc.value with input as fixtures.of_nobody
}

# String list matchers, shown on `claim`: Ada's claims are in the fixtures.
test_string_list_matcher[name] if {
	some name, tc in {
		"has": {"claim": "department", "matcher": {"has": "research"}, "value": true},
		"has: another": {"claim": "department", "matcher": {"has": "sales"}, "value": false},
		"has: one of several": {"claim": "address.country", "matcher": {"has": "FR"}, "value": true},
		"has: part of one": {"claim": "department", "matcher": {"has": "res"}, "value": false},
		"has: of nothing": {"claim": "missing", "matcher": {"has": ""}, "value": false},
		"has: a number": {"claim": "level", "matcher": {"has": 5}, "value": true},
		"has: a number's text": {"claim": "level", "matcher": {"has": "5"}, "value": false},
		"has: a boolean": {"claim": "email_verified", "matcher": {"has": true}, "value": true},
		"has: a list": {"claim": "department", "matcher": {"has": ["research"]}, "value": false},
		"is": {"claim": "department", "matcher": {"is": "research"}, "value": true},
		"is: another": {"claim": "department", "matcher": {"is": "sales"}, "value": false},
		"is: one of several": {"claim": "address.country", "matcher": {"is": "GB"}, "value": false},
		"is: of nothing": {"claim": "missing", "matcher": {"is": ""}, "value": false},
		"exclude": {"claim": "department", "matcher": {"exclude": "sales"}, "value": true},
		"exclude: the same": {"claim": "department", "matcher": {"exclude": "research"}, "value": false},
		"exclude: one of several": {"claim": "address.country", "matcher": {"exclude": "FR"}, "value": false},
		"exclude: of nothing": {"claim": "missing", "matcher": {"exclude": "sales"}, "value": true},
		"all that there are": {
			"claim": "department",
			"matcher": {"has": "research", "is": "research", "exclude": "sales"},
			"value": true,
		},
		"two, one holds": {"claim": "address.country", "matcher": {"has": "GB", "exclude": "FR"}, "value": false},
		"unknown": {"claim": "department", "matcher": {"contains": "research"}, "value": false},
	}
	criteria.claim(tc.claim, tc.matcher).value == tc.value with input as fixtures.of_user
}
