package behalf.criteria

# A matcher says true or false of a fact, or null where it is malformed: empty, with an unknown operator, or with an operand
# of another type. A fact that the request does not have is null, of which each is false. Compared byte by byte, without
# coercion.

# A string matcher: text that is equal, or operators that all hold.
_matches_text(fact, matcher) := null if {
	_is_text_matcher(matcher) == false
} else := fact == matcher if {
	is_string(matcher)
} else if {
	is_string(fact)
	every operator, operand in matcher {
		_text_holds(operator, fact, operand)
	}
} else := false

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

# A string list matcher, of groups: text that is an element, or operators that all hold. What is not text is refused, as
# text never equals it: a deny by it would deny nobody.
_matches_texts(fact, matcher) := null if {
	_has_texts_alone(matcher) == false
} else := _matches_list(fact, matcher)

# A claim matcher, as claims hold more than text: a scalar that is an element, or operators that all hold.
_matches_list(fact, matcher) := null if {
	_is_list_matcher(matcher) == false
} else := false if {
	is_array(fact) == false
} else := matcher in fact if {
	_is_scalar(matcher)
} else if {
	every operator, operand in matcher {
		_list_holds(operator, fact, operand)
	}
} else := false

_list_holds("has", list, operand) if operand in list

_list_holds("is", list, operand) if list == [operand]

_list_holds("exclude", list, operand) if {
	every member in list {
		member != operand
	}
}

default _is_text_matcher(_) := false

_is_text_matcher(matcher) if is_string(matcher)

_is_text_matcher(matcher) if {
	_has_operators(matcher)
	every operator, operand in matcher {
		_is_operand(_text_operands[operator], operand)
	}
}

default _is_list_matcher(_) := false

_is_list_matcher(matcher) if {
	_is_scalar(matcher)
	matcher != null
}

_is_list_matcher(matcher) if {
	_has_operators(matcher)
	every operator, operand in matcher {
		operator in {"has", "is", "exclude"}
		_is_scalar(operand)
	}
}

default _has_texts_alone(_) := false

_has_texts_alone(matcher) if is_string(matcher)

_has_texts_alone(matcher) if {
	is_object(matcher)
	every operand in matcher {
		is_string(operand)
	}
}

_has_operators(matcher) if {
	is_object(matcher)
	count(matcher) > 0
}

_text_operands := {
	"is": "text",
	"not": "text",
	"contains": "text",
	"starts_with": "text",
	"ends_with": "text",
	"in": "many",
	"not_in": "many",
}

_is_operand("text", operand) if is_string(operand)

_is_operand("many", operand) if {
	_is_list(operand)
	every member in operand {
		is_string(member)
	}
}

# In Rego's order null, booleans, numbers and text come before all lists.
_is_scalar(value) if value < []

_is_list(value) if is_array(value)

_is_list(value) if is_set(value)

# Facts about a person, who is null where there is none.

default _id_of(_) := null

_id_of(person) := person.id if person.id != ""

default _email_of(_) := null

_email_of(person) := person.email

# An email has a domain where it has exactly one `@`: of two, which half an upstream takes for the domain is a guess.
default _domain_of(_) := null

_domain_of(person) := domain if [_, domain] := split(person.email, "@")

default _type_of(_) := null

_type_of(person) := person.type

default _issuer_of(_) := null

_issuer_of(person) := person.issuer

default _groups_of(_) := null

_groups_of(person) := person.groups

default _matches_claim(_, _, _) := null

_matches_claim(person, name, matcher) := _matches_list(_claim_of(person, name), matcher) if is_string(name)

default _claim_of(_, _) := null

_claim_of(person, name) := object.get(person.claims, name, [])
