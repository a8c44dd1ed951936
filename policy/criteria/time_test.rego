package behalf.criteria_test

import data.behalf.criteria
import data.behalf.fixtures_test as fixtures
import data.behalf.result

# The fixtures' requests come at 2023-11-14T22:13:20Z, a Tuesday.
_now := 1700000000000000000

_at(time_ns) := object.union(fixtures.of_nobody, {"time_ns": time_ns})

test_date[name] if {
	some name, tc in {
		"after": {"matcher": {"after": _now - 1}, "value": true},
		"after that moment": {"matcher": {"after": _now}, "value": false},
		"before": {"matcher": {"before": _now + 1}, "value": true},
		"before that moment": {"matcher": {"before": _now}, "value": false},
		"between": {"matcher": {"after": _now - 1, "before": _now + 1}, "value": true},
		"too late": {"matcher": {"after": _now - 2, "before": _now - 1}, "value": false},
		"too early": {"matcher": {"after": _now + 1, "before": _now + 2}, "value": false},
		"with a time zone": {"matcher": {"after": _now - 1, "timezone": "Europe/Berlin"}, "value": true},
		"before what 64 bits cannot hold": {"matcher": {"before": 253402300799999999999}, "value": true},
		"after what 64 bits cannot hold": {"matcher": {"after": 253402300799999999999}, "value": false},
		"after the beginning": {"matcher": {"after": -1}, "value": true},
	}
	criteria.date(tc.matcher).value == tc.value with input as _at(_now)
}

test_reasons_of_date if {
	criteria.date({"after": 0}) == {"value": true, "reasons": {"date-ok"}} with input as fixtures.of_nobody
	criteria.date({"before": 0}) == {"value": false, "reasons": {"date-unauthorized"}} with input as fixtures.of_nobody
}

test_day_of_week[name] if {
	some name, tc in {
		"that day": {"matcher": {"is": ["Monday", "Tuesday"], "timezone": "UTC"}, "value": true},
		"a set of days": {"matcher": {"is": {"Tuesday"}, "timezone": "UTC"}, "value": true},
		"other days": {"matcher": {"is": ["Monday", "Wednesday"], "timezone": "UTC"}, "value": false},
		"where it is the next day": {"matcher": {"is": ["Wednesday"], "timezone": "Asia/Tokyo"}, "value": true},
		"where it is no longer that day": {"matcher": {"is": ["Tuesday"], "timezone": "Asia/Tokyo"}, "value": false},
		"where it is still that day": {"matcher": {"is": ["Tuesday"], "timezone": "America/New_York"}, "value": true},
	}
	criteria.day_of_week(tc.matcher).value == tc.value with input as _at(_now)
}

test_reasons_of_day_of_week if {
	criteria.day_of_week({"is": ["Tuesday"], "timezone": "UTC"}) == {
		"value": true,
		"reasons": {"day-of-week-ok"},
	} with input as fixtures.of_nobody
	criteria.day_of_week({"is": ["Monday"], "timezone": "UTC"}) == {
		"value": false,
		"reasons": {"day-of-week-unauthorized"},
	} with input as fixtures.of_nobody
}

test_time_of_day[name] if {
	some name, tc in {
		"after": {"matcher": {"after": "22:13:19"}, "value": true},
		"after that second": {"matcher": {"after": "22:13:20"}, "value": false},
		"before": {"matcher": {"before": "22:13:20.1"}, "value": true},
		"before that second": {"matcher": {"before": "22:13:20"}, "value": false},
		"between": {"matcher": {"after": "09:00:00", "before": "22:14:00"}, "value": true},
		"too late": {"matcher": {"after": "09:00:00", "before": "17:00:00"}, "value": false},
		"too early": {"matcher": {"after": "23:00:00", "before": "23:30:00"}, "value": false},
		"over midnight, in the evening": {"matcher": {"after": "22:00:00", "before": "06:00:00"}, "value": true},
		"over midnight, in the morning": {"matcher": {"after": "23:00:00", "before": "22:30:00"}, "value": true},
		"over midnight, in the day": {"matcher": {"after": "23:00:00", "before": "06:00:00"}, "value": false},
	}
	matcher := object.union(tc.matcher, {"timezone": "UTC"})
	criteria.time_of_day(matcher).value == tc.value with input as _at(_now)
}

test_part_of_a_second[name] if {
	some name, tc in {
		"half a second later": {"time_ns": _now + 500000000, "value": true},
		"a nanosecond later": {"time_ns": _now + 256, "value": true},
		"then": {"time_ns": _now, "value": false},
	}
	criteria.time_of_day({"after": "22:13:20", "timezone": "UTC"}).value == tc.value with input as _at(tc.time_ns)
}

# Clocks go back in New York at 06:00Z on 2023-11-05: its noon is 16:00Z on the day before, and 17:00Z on that day.
test_time_zone[name] if {
	some name, tc in {
		"summer, before noon": {"time_ns": 1699113599000000000, "value": false},
		"summer, after noon": {"time_ns": 1699113601000000000, "value": true},
		"winter, before noon": {"time_ns": 1699203599000000000, "value": false},
		"winter, after noon": {"time_ns": 1699203601000000000, "value": true},
		"midnight": {"time_ns": 1699246800000000000, "value": false},
	}
	matcher := {"after": "12:00:00", "timezone": "America/New_York"}
	criteria.time_of_day(matcher).value == tc.value with input as _at(tc.time_ns)
}

test_reasons_of_time_of_day if {
	criteria.time_of_day({"after": "22:00:00", "timezone": "UTC"}) == {
		"value": true,
		"reasons": {"time-of-day-ok"},
	} with input as fixtures.of_nobody
	criteria.time_of_day({"before": "22:00:00", "timezone": "UTC"}) == {
		"value": false,
		"reasons": {"time-of-day-unauthorized"},
	} with input as fixtures.of_nobody
}

test_malformed_date[name] if {
	some name, matcher in {
		"nothing": {},
		"null": null,
		"text": "2030-01-31",
		"a list": [_now],
		"a time zone alone": {"timezone": "UTC"},
		"unknown": {"after": 0, "since": 0},
		"text for a time": {"before": "2030-01-31"},
		"null for a time": {"after": null},
		"a time zone that is no text": {"after": 0, "timezone": 1},
		"the earlier time last": {"after": 2, "before": 1},
		"no time between": {"after": 1, "before": 1},
	}
	results := {found | found := criteria.date(matcher)} with input as _at(_now) with result.decided as fixtures.decided
	results == set()
}

test_malformed_day_of_week[name] if {
	some name, matcher in {
		"nothing": {},
		"null": null,
		"text": "mon-sun",
		"a list": ["Tuesday"],
		"a time zone alone": {"timezone": "UTC"},
		"no time zone": {"is": ["Tuesday"]},
		"no days": {"is": [], "timezone": "UTC"},
		"text for days": {"is": "Tuesday", "timezone": "UTC"},
		"half a name": {"is": ["Tuesday", "Wed"], "timezone": "UTC"},
		"an unknown time zone": {"is": ["Tuesday"], "timezone": "Mars/Olympus"},
		"a time zone that is no text": {"is": ["Tuesday"], "timezone": 1},
		"unknown": {"is": ["Tuesday"], "timezone": "UTC", "not": ["Monday"]},
	}
	results := {found | found := criteria.day_of_week(matcher)} with input as _at(_now) with result.decided as fixtures.decided
	results == set()
}

test_malformed_time_of_day[name] if {
	some name, matcher in {
		"nothing": {},
		"null": null,
		"text": "09:00:00",
		"a time zone alone": {"timezone": "UTC"},
		"no time zone": {"after": "09:00:00"},
		"an unknown time zone": {"after": "09:00:00", "timezone": "Mars/Olympus"},
		"unknown": {"after": "00:00:00", "until": "23:00:00", "timezone": "UTC"},
		"a number": {"after": 9, "timezone": "UTC"},
		"one digit": {"after": "9:00:00", "timezone": "UTC"},
		"no seconds": {"after": "09:00", "timezone": "UTC"},
		"an hour too late": {"before": "24:00:00", "timezone": "UTC"},
		"zeros at the end of a fraction": {"before": "09:00:00.50", "timezone": "UTC"},
		"what goes on": {"before": "09:00:00 ", "timezone": "UTC"},
		"an end of line": {"before": "09:00:00\n", "timezone": "UTC"},
		"no time between": {"after": "09:00:00", "before": "09:00:00", "timezone": "UTC"},
	}
	results := {found | found := criteria.time_of_day(matcher)} with input as _at(_now) with result.decided as fixtures.decided
	results == set()
}
