package behalf.identity_test

import data.behalf.fixtures_test as fixtures
import data.behalf.identity

test_signed_in[name] if {
	some name, tc in {
		"nobody": {"input": fixtures.of_nobody, "want": false},
		"a user": {"input": fixtures.of_user, "want": true},
		"a service account": {"input": fixtures.of_service_account, "want": true},
	}
	identity.signed_in == tc.want with input as tc.input
}

test_original_user[name] if {
	some name, tc in {
		"of a service account": {
			"input": fixtures.on_behalf_of_user,
			"want": fixtures.original_user,
		},
		"of a service account that brought none": {"input": fixtures.of_service_account, "want": null},
		"of a service account, itself one": {
			"input": fixtures.on_behalf_of_service_account,
			"want": fixtures.original_service_account,
		},
		"beside an error": {
			"input": object.union(fixtures.with_invalid_assertion, {"original_user": fixtures.original_user}),
			"want": null,
		},
		"of a user, though the document carries one": {
			"input": object.union(fixtures.of_user, {"original_user": fixtures.original_user}),
			"want": null,
		},
		"of nobody, though the document carries one": {
			"input": object.union(fixtures.of_nobody, {"original_user": fixtures.original_user}),
			"want": null,
		},
	}
	identity.original_user == tc.want with input as tc.input
}

test_original_user_error[name] if {
	some name, tc in {
		"of a service account": {"input": fixtures.with_invalid_assertion, "want": "signature"},
		"of a service account with a valid one": {"input": fixtures.on_behalf_of_user, "want": null},
		"of a user, though the document carries one": {
			"input": object.union(fixtures.of_user, {"original_user_error": "signature"}),
			"want": null,
		},
		"of nobody, though the document carries one": {
			"input": object.union(fixtures.of_nobody, {"original_user_error": "signature"}),
			"want": null,
		},
	}
	identity.original_user_error == tc.want with input as tc.input
}

# `original_user: unverified`: nobody vouches for that user, so no policy may judge by it.
test_unverified if {
	identity.original_user == null with input as fixtures.on_behalf_of_user
		with data.routes as {"r0": object.union(fixtures.route, {"carries_unverified": true})}
	identity.original_user == fixtures.original_user with input as fixtures.on_behalf_of_user
		with data.routes as {"r0": fixtures.route}
}
