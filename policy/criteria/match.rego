package behalf.criteria

# A string matcher: every operator in it holds. Compared byte by byte, without coercion.
default _matches_text(_, _) := false

_matches_text(text, matcher) if {
	every operator, operand in matcher {
		_text_holds(operator, text, operand)
	}
}

_text_holds("is", text, operand) if text == operand

_text_holds("not", text, operand) if text != operand

_text_holds("contains", text, operand) if contains(text, operand)

_text_holds("starts_with", text, operand) if startswith(text, operand)

_text_holds("ends_with", text, operand) if endswith(text, operand)

_text_holds("in", text, operand) if text in operand

_text_holds("not_in", text, operand) if {
	every member in operand {
		member != text
	}
}

# A string list matcher: every operator in it holds.
default _matches_list(_, _) := false

_matches_list(list, matcher) if {
	every operator, operand in matcher {
		_list_holds(operator, list, operand)
	}
}

_list_holds("has", list, operand) if operand in list

_list_holds("is", list, operand) if list == [operand]

_list_holds("exclude", list, operand) if {
	every member in list {
		member != operand
	}
}

# An email has a domain where it has exactly one `@`: of two, which half an upstream takes for the domain is a guess.
_domain(email) := domain if [_, domain] := split(email, "@")
