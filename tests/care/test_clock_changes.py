"""The line about a clock change: once for each change of the person's own clock, in the week before, and never else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from care.clock_changes import TOLD_DAYS, tells_clock_change
from care.people import Pace, Patient, State
from care.schedule import clock_change
from tests.care.zones import YEARS, clock_changes, distinct_zones, wall

ANA = Patient(1, 1001, "en", State.ACTIVE, zone="Europe/Berlin", country="DE", daily_minute=19 * 60)
BERLIN_BACK = date(2026, 10, 25)
DAY = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days))


def told(patient: Patient, first: date, last: date) -> list[tuple[date, date]]:
    """List the days whose card tells of a change, with the day of the change."""
    found = [(day, tells_clock_change(patient, day)) for day in days(first, last)]
    return [(day, change) for day, change in found if change is not None]


def change_days(zone: str) -> list[date]:
    """Name each change by what stands on a calendar: forward by the new clock, back by the hour shown twice."""
    return [wall(change.moment, zone).date() for change in clock_changes(YEARS) if change.zone == zone]


def test_every_change_of_every_zone_is_told_once_in_the_week_before_and_nothing_else_is() -> None:
    first, last = YEARS[0].date(), YEARS[1].date() - TOLD_DAYS * DAY
    for zone in distinct_zones(YEARS):
        lines = told(replace(ANA, zone=zone), first, last)
        expected = [day for day in change_days(zone) if first + TOLD_DAYS * DAY <= day < last + TOLD_DAYS * DAY]
        assert [change for _, change in lines] == expected, zone
        assert all(change - day == TOLD_DAYS * DAY for day, change in lines), zone


@pytest.mark.parametrize("pace", [Pace.EVERY_2, Pace.WEEKLY])
def test_whoever_is_asked_less_often_is_told_once_as_well(pace: Pace) -> None:
    for zone in distinct_zones(YEARS):
        patient = replace(ANA, zone=zone, pace=pace, pace_from=date(2026, 1, 1))
        for change in change_days(zone):
            lines = told(patient, change - 12 * DAY, change + 3 * DAY)
            assert [told_of for _, told_of in lines] == [change], zone


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        (ANA, date(2026, 10, 18)),  # a week before
        (replace(ANA, weekdays=frozenset({2, 4})), date(2026, 10, 21)),  # her first card of that week
        (replace(ANA, pace=Pace.EVERY_2, pace_from=date(2026, 10, 1)), date(2026, 10, 19)),
        (replace(ANA, pace=Pace.WEEKLY, pace_from=date(2026, 10, 1)), date(2026, 10, 22)),
        (replace(ANA, daily_minute=60), date(2026, 10, 18)),  # the small hours belong to the day before
        (replace(ANA, zone="Asia/Tokyo"), None),  # Tokyo's clocks never change
        (replace(ANA, weekdays=frozenset()), None),
        (replace(ANA, daily_minute=None), None),
        # on a journey over the change her clock is Tokyo's; home before it, or away after it, it is Berlin's
        (replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 10, 26)), None),
        (replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 10, 20)), date(2026, 10, 18)),
        # she comes home on the very day: whatever her clock does, it is the journey that changes it
        (replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 10, 24)), None),
    ],
)
def test_which_card_tells_of_the_change(patient: Patient, expected: date | None) -> None:
    lines = told(patient, date(2026, 10, 1), date(2026, 11, 10))
    assert lines == ([(expected, BERLIN_BACK)] if expected else [])


def test_coming_home_or_leaving_is_no_clock_change() -> None:
    away = replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 6, 10))
    assert told(away, date(2026, 5, 1), date(2026, 7, 1)) == []


@pytest.mark.parametrize(
    ("zone", "first", "count", "expected"),
    [
        ("Europe/Berlin", "2026-10-25", 1, "2026-10-25"),
        ("Europe/Berlin", "2026-10-19", 7, "2026-10-25"),
        ("Europe/Berlin", "2026-10-18", 7, None),
        ("Europe/Berlin", "2026-10-26", 7, None),
        ("Africa/Cairo", "2026-04-24", 1, "2026-04-24"),  # forward at midnight: 00:00 is skipped on the new date
        ("Africa/Cairo", "2026-04-23", 1, None),
        ("Africa/Cairo", "2026-10-29", 1, "2026-10-29"),  # back at midnight: 23:00 comes twice on the old date
        ("Africa/Cairo", "2026-10-30", 1, None),
        ("Australia/Lord_Howe", "2026-04-01", 7, "2026-04-05"),  # by half an hour
        ("Asia/Kolkata", "2026-01-01", 365, None),
    ],
)
def test_the_date_of_a_clock_change(zone: str, first: str, count: int, expected: str | None) -> None:
    found = clock_change(zone, date.fromisoformat(first), count)
    assert found == (date.fromisoformat(expected) if expected else None)
