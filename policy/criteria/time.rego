package behalf.criteria

# METADATA
# title: date
# description: >-
#   The time of the request is after `after` and before `before`, where they are given. In Rego both are nanoseconds since
#   1970.
# custom:
#   reasons:
#     ok:
#       code: date-ok
#       text: The time of the request is within the dates of the policy.
#     unauthorized:
#       code: date-unauthorized
#       text: The rules let nobody pass at this date.
date(matcher) := _outcome(_is_moment_of(matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: day_of_week
# description: >-
#   In the time zone `timezone` the request is made on one of the days `is`. In Rego they are a list of whole English names,
#   such as `Monday`.
# custom:
#   reasons:
#     ok:
#       code: day-of-week-ok
#       text: The day of the request is one that the policy asks for.
#     unauthorized:
#       code: day-of-week-unauthorized
#       text: The rules let nobody pass on this day.
day_of_week(matcher) := _outcome(_is_day_of(matcher), rego.metadata.rule().custom.reasons)

# METADATA
# title: time_of_day
# description: >-
#   In the time zone `timezone` the clock is after `after` and before `before`, where they are given. A range that ends before
#   it begins goes over midnight. In Rego both are written as `09:00:00` or `09:00:00.5`.
# custom:
#   reasons:
#     ok:
#       code: time-of-day-ok
#       text: The time of day is one that the policy asks for.
#     unauthorized:
#       code: time-of-day-unauthorized
#       text: The rules let nobody pass at this time of day.
time_of_day(matcher) := _outcome(_is_time_of(matcher), rego.metadata.rule().custom.reasons)

_is_day_of(matcher) := today in matcher.is if {
	object.keys(matcher) == {"is", "timezone"}
	_is_list(matcher.is)
	count(matcher.is) > 0
	every day in matcher.is {
		day in {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	}
	today := time.weekday([input.time_ns, matcher.timezone])
} else := null

_is_moment_of(matcher) := _is_between(input.time_ns, bounds) if {
	is_string(object.get(matcher, "timezone", "UTC"))
	bounds := _bounds_of(matcher)
	every moment in bounds {
		is_number(moment)
	}
	{true | bounds.after > bounds.before} == set()
} else := null

# As text, the order of times of a day is that of the clock; the fraction has no zeros at its end.
_is_time_of(matcher) := _is_between(now, bounds) if {
	bounds := _bounds_of(matcher)
	every moment in bounds {
		regex.match(`^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{0,8}[1-9])?$`, moment)
	}
	now := time.format([input.time_ns, matcher.timezone, "15:04:05.999999999"])
} else := null

# Without those that no time is between.
_bounds_of(matcher) := bounds if {
	bounds := object.remove(matcher, ["timezone"])
	object.keys(bounds) in {{"after"}, {"before"}, {"after", "before"}}
	{true | bounds.after == bounds.before} == set()
}

_is_between(now, bounds) if {
	every operator, bound in bounds {
		_bound_holds(operator, now, bound)
	}
} else if {
	# Over midnight: after the one or before the other.
	bounds.after > bounds.before
	some operator, bound in bounds
	_bound_holds(operator, now, bound)
} else := false

_bound_holds("after", now, bound) if now > bound

_bound_holds("before", now, bound) if now < bound
