package behalf.route_test

import data.behalf.fixtures_test as fixtures
import data.behalf.route

test_options[name] if {
	some name, tc in {
		"a route": {"routes": {"r0": fixtures.route}, "want": [fixtures.route, true, false]},
		"a route that says otherwise": {
			"routes": {"r0": {"pass_identity_headers": false, "carries_unverified": true}},
			"want": [{"pass_identity_headers": false, "carries_unverified": true}, false, true],
		},
		"a route that says nothing": {"routes": {"r0": {}}, "want": [{}, false, false]},
		"what is no yes": {
			"routes": {"r0": {"pass_identity_headers": "true", "carries_unverified": 1}},
			"want": [{"pass_identity_headers": "true", "carries_unverified": 1}, false, false],
		},
		"no such route": {"routes": {"r1": fixtures.route}, "want": [null, false, false]},
	}
	found := [route.options, route.passes_identity, route.carries_unverified] with input as fixtures.of_user
		with data.routes as tc.routes
	found == tc.want
}
