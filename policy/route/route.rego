# METADATA
# title: The route
# description: What the configuration says of the route that a request matched. Its options are data, not input.
# schemas:
#   - input: schema.input
package behalf.route

# METADATA
# title: Options
# description: >-
#   The route's entry in `data.routes`, which the compiler (src/compile/write-rego.ts) fills from the configuration; null
#   for a route that is not in the table.
# scope: document
default options := null

options := data.routes[input.route.id]

# METADATA
# title: Passes identity
# description: Whether the route's upstream learns who calls, and on whose behalf.
# scope: document
default passes_identity := false

passes_identity if options.pass_identity_headers == true

# METADATA
# title: Carries unverified
# description: Whether what a service account says of an original user goes on as it came, unread by any policy.
# scope: document
default carries_unverified := false

carries_unverified if options.carries_unverified == true
