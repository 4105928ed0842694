"""Days, daily moments and quiet hours, case by case; every zone stands in test_schedule_everywhere.py."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.errors import UnknownZone
from care.schedule import (
    EVERY_DAY,
    DailyPlan,
    QuietHours,
    is_skipped,
    local_day,
    moment_at,
    next_daily,
    quiet_ends,
    upcoming,
    zone_named,
)
from tests.care.moments import at, minutes, moments, shown

BERLIN, HELSINKI, NEW_YORK, SAMOA = "Europe/Berlin", "Europe/Helsinki", "America/New_York", "Pacific/Apia"
FOUR = 4 * 60


@pytest.mark.parametrize(
    ("zone", "day", "minute", "utc"),
    [
        (BERLIN, "2026-01-10", "20:00", "2026-01-10 19:00"),  # winter
        (BERLIN, "2026-07-10", "20:00", "2026-07-10 18:00"),  # summer
        (BERLIN, "2026-03-29", "02:30", "2026-03-29 01:00"),  # skipped: 03:00, the first instant after
        (BERLIN, "2026-03-29", "03:00", "2026-03-29 01:00"),  # that instant itself
        (BERLIN, "2026-10-25", "02:30", "2026-10-25 00:30"),  # shown twice: the first
        (BERLIN, "2026-10-25", "03:00", "2026-10-25 02:00"),  # once, after the repeated hour
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:30"),  # half an hour skipped: 02:30
        ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29 01:00"),  # skipped over midnight: Sunday 00:00
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23 22:00"),  # midnight itself skipped: 01:00
        ("Asia/Kathmandu", "2026-05-05", "06:00", "2026-05-05 00:15"),  # a zone of quarter hours
        (SAMOA, "2011-12-30", "20:00", "2011-12-30 10:00"),  # a whole date skipped: the start of the 31st
    ],
)
def test_a_wall_time_is_this_moment(zone: str, day: str, minute: str, utc: str) -> None:
    assert moment_at(date.fromisoformat(day), minutes(minute), zone) == at(utc)


@pytest.mark.parametrize(
    ("zone", "utc", "day_start", "day"),
    [
        (BERLIN, "2026-01-10 02:59", FOUR, "2026-01-09"),  # 03:59: still yesterday
        (BERLIN, "2026-01-10 03:00", FOUR, "2026-01-10"),  # 04:00
        (BERLIN, "2026-01-09 23:00", 0, "2026-01-10"),  # a day that starts at midnight
        (HELSINKI, "2026-03-29 00:59", FOUR, "2026-03-28"),  # 02:59, then the clocks skip to 04:00
        (HELSINKI, "2026-03-29 01:00", FOUR, "2026-03-29"),
        (HELSINKI, "2026-10-25 00:30", 210, "2026-10-25"),  # 03:30 for the first time: the day began
        (HELSINKI, "2026-10-25 01:15", 210, "2026-10-25"),  # 03:15 for the second time: it stays begun
        ("Antarctica/Casey", "2010-03-04 15:30", 0, "2010-03-05"),  # set back from 02:00 to 23:00: the 5th began
        (SAMOA, "2011-12-30 09:59", FOUR, "2011-12-29"),  # 29th, 23:59
        (SAMOA, "2011-12-30 18:00", FOUR, "2011-12-31"),  # 31st, 08:00
    ],
)
def test_a_moment_belongs_to_this_day(zone: str, utc: str, day_start: int, day: str) -> None:
    assert local_day(at(utc), zone, day_start) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("plan", "utc", "done", "expected"),
    [
        (DailyPlan(1200, BERLIN), "2026-01-10 12:00", [], "2026-01-10 20:00"),  # later today
        (DailyPlan(1200, BERLIN), "2026-01-10 19:00", [], "2026-01-11 20:00"),  # this very moment is over
        (DailyPlan(1200, BERLIN), "2026-01-10 12:00", ["2026-01-10"], "2026-01-11 20:00"),  # prompted already
        (DailyPlan(1200, BERLIN), "2026-01-10 12:00", ["2026-01-11"], "2026-01-10 20:00"),  # only tomorrow is done
        (DailyPlan(60, BERLIN), "2026-01-10 23:30", [], "2026-01-11 01:00"),  # 01:00 of the same long evening
        (DailyPlan(60, BERLIN), "2026-01-11 00:30", [], "2026-01-12 01:00"),  # it is 01:30: over for the 10th
        (DailyPlan(1200, BERLIN, weekdays=frozenset({0})), "2026-01-10 12:00", [], "2026-01-12 20:00"),  # Mondays
        (DailyPlan(60, BERLIN, weekdays=frozenset({0})), "2026-01-10 12:00", [], "2026-01-13 01:00"),  # Monday's night
        (DailyPlan(1200, BERLIN, weekdays=frozenset()), "2026-01-10 12:00", [], None),  # no weekday
        (
            DailyPlan(210, HELSINKI),
            "2026-03-28 20:00",
            [],
            "2026-03-29 04:00",
        ),  # skipped with the day's end: still asked
        (DailyPlan(1200, SAMOA), "2011-12-30 07:00", [], "2011-12-31 20:00"),  # after the 29th comes the 31st
        (DailyPlan(60, SAMOA), "2011-12-29 12:00", [], "2011-12-31 01:00"),  # 01:00 of the 30th never came
    ],
)
def test_the_next_daily_moment(plan: DailyPlan, utc: str, done: list[str], expected: str | None) -> None:
    coming = next_daily(plan, at(utc), [date.fromisoformat(day) for day in done])
    assert (shown(coming[1], plan.zone) if coming else None) == expected


@given(
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    minute=st.integers(0, 1439),
    day_start=st.integers(0, 720),
    zone=st.sampled_from([BERLIN, NEW_YORK, HELSINKI, "America/Nuuk", "Antarctica/Troll"]),
    now=moments,
)
def test_only_chosen_weekdays_are_asked_and_none_is_left_out(
    weekdays: frozenset[int], minute: int, day_start: int, zone: str, now: datetime
) -> None:
    chosen, daily = (upcoming(DailyPlan(minute, zone, day_start, days), now) for days in (weekdays, EVERY_DAY))
    for _ in range(8):
        day, moment = next(chosen)
        assert (day, moment) == next(pair for pair in daily if pair[0].weekday() in weekdays)


@pytest.mark.parametrize(
    ("zone", "day", "skipped"),
    [
        (SAMOA, "2011-12-30", True),  # crossed the date line
        (SAMOA, "2011-12-29", False),
        ("Pacific/Kwajalein", "1993-08-21", True),  # the same, earlier
        ("Africa/Cairo", "2026-04-24", False),  # only its first hour is missing
        ("America/Nuuk", "2026-03-28", False),  # only its last hour is missing
    ],
)
def test_a_calendar_date_that_a_zone_leaves_out(zone: str, day: str, skipped: bool) -> None:
    assert is_skipped(date.fromisoformat(day), zone) is skipped


@pytest.mark.parametrize(
    ("quiet", "minute", "covered"),
    [
        (QuietHours(), "22:00", True),  # the beginning lies inside
        (QuietHours(), "21:59", False),
        (QuietHours(), "00:00", True),  # over midnight
        (QuietHours(), "07:59", True),
        (QuietHours(), "08:00", False),  # the end lies outside
        (QuietHours(540, 1020), "12:00", True),  # a night worker's day
        (QuietHours(540, 1020), "17:00", False),
        (QuietHours(480, 480), "08:00", False),  # equal ends: none
        (QuietHours(0, 0), "12:00", False),
        (QuietHours(480, 479), "07:59", False),  # all day but one minute
        (QuietHours(480, 479), "07:58", True),
        (QuietHours(480, 479), "08:00", True),
    ],
)
def test_quiet_hours_cover_this_minute(quiet: QuietHours, minute: str, covered: bool) -> None:
    assert quiet.covers(minutes(minute)) is covered


@pytest.mark.parametrize(
    ("quiet", "utc", "free"),
    [
        (QuietHours(), "2026-01-10 22:30", "2026-01-11 08:00"),  # 23:30 in Berlin
        (QuietHours(), "2026-01-11 00:30", "2026-01-11 08:00"),  # 01:30
        (QuietHours(), "2026-01-11 07:00", "2026-01-11 08:00"),  # the end itself
        (QuietHours(), "2026-01-11 12:00", "2026-01-11 13:00"),  # already free
        (QuietHours(60, 150), "2026-03-29 00:30", "2026-03-29 03:00"),  # 01:30; its end is skipped
        (QuietHours(60, 150), "2026-10-25 00:15", "2026-10-25 02:30"),  # 02:15 for the first time
        (QuietHours(60, 150), "2026-10-25 01:15", "2026-10-25 02:15"),  # 02:15 again: they ended at the first 02:30
        (QuietHours(150, 480), "2026-10-25 01:15", "2026-10-25 08:00"),  # began at the first 02:30, and stay
        (QuietHours(130, 170), "2026-03-29 00:59", "2026-03-29 01:59"),  # skipped altogether
        (QuietHours(480, 479), "2026-01-11 12:00", "2026-01-12 07:59"),  # all day but one minute
        (QuietHours(480, 480), "2026-01-11 12:00", "2026-01-11 13:00"),  # none
    ],
)
def test_quiet_hours_end_in_berlin(quiet: QuietHours, utc: str, free: str) -> None:
    assert shown(quiet_ends(at(utc), BERLIN, quiet), BERLIN) == free


def test_quiet_hours_that_began_stay_when_the_clocks_go_back_to_the_day_before() -> None:
    moment = at("2010-03-04 15:30")  # 23:30 of the 4th, after 01:59 of the 5th
    assert quiet_ends(moment, "Antarctica/Casey", QuietHours(0, 480)) == at("2010-03-05 00:00")


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 5000, "\ud800"]
)
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone_named(name)
