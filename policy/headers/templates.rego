package behalf.headers

import data.behalf.identity

# A header is sent whole or not at all: half a credential is none.
_from_template(header) := {"action": "set", "name": header.name, "value": parts} if {
	parts := [part | some reference in header.value; part := _part(reference)]
	count(parts) == count(header.value)
} else := {"action": "remove", "name": header.name}

_part({"config": number}) := {"config": number}

# What the route's upstream would be told of the caller, wherever the configuration wants it.
_part({"jwt": true}) := {"sign": _claims} if identity.signed_in == true

# Whether there is one, only the proxy knows.
_part({"token": kind}) := {"token": kind} if identity.signed_in == true

# As it came, whatever it looks like; several lines of a name are one list (RFC 9110 section 5.3).
_part({"request_header": name}) := {"bytes": _unless_empty(_escape(concat(",", input.request.headers[name])))}

_part({"client_certificate": "fingerprint"}) := _unless_empty(input.request.client_certificate.fingerprint)

_part({"client_certificate": "san_dns"}) := _unless_empty(_names(input.request.client_certificate.san_dns))

_part({"client_certificate": "san_email"}) := _unless_empty(_names(input.request.client_certificate.san_email))

# Whoever makes a certificate themselves can write any name into it.
_names(names) := _escape(concat(",", [name | some name in names; _fits_list(name)])) if {
	input.request.client_certificate.valid == true
}

_unless_empty(text) := text if text != ""
