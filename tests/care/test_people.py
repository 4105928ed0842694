"""Where a person is, which day it is for them, and whether unprompted messages are wanted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from care.people import Patient, State, onboarding_step
from tests.care.moments import at, shown
from tests.care.zones import YEARS, distinct_zones

TOKYO, NEW_YORK = "Asia/Tokyo", "America/New_York"
ANA = Patient(1, 1001, "en", State.ACTIVE, zone=NEW_YORK, country="US", daily_minute=20 * 60)
ANA_IN_TOKYO = replace(ANA, travel_zone=TOKYO, travel_until=date(2026, 1, 10))
CLEO_IN_NEW_YORK = replace(ANA, zone=TOKYO, travel_zone=NEW_YORK, travel_until=date(2026, 1, 10))


@pytest.mark.parametrize(
    ("patient", "utc", "zone", "day"),
    [
        (ANA, "2026-01-10 12:00", NEW_YORK, "2026-01-10"),  # at home
        (replace(ANA, zone=None), "2026-01-10 12:00", "UTC", "2026-01-10"),  # has not said where yet
        (
            replace(ANA, travel_zone=TOKYO),
            "2026-01-10 12:00",
            NEW_YORK,
            "2026-01-10",
        ),  # a journey without an end is none
        (ANA_IN_TOKYO, "2026-01-10 18:59", TOKYO, "2026-01-10"),  # 03:59 there: the last day is not over
        (ANA_IN_TOKYO, "2026-01-10 19:00", NEW_YORK, "2026-01-10"),  # home, where the same day goes on
        (ANA_IN_TOKYO, "2026-01-11 09:00", NEW_YORK, "2026-01-11"),
        (CLEO_IN_NEW_YORK, "2026-01-11 08:59", NEW_YORK, "2026-01-10"),  # 03:59 there
        (CLEO_IN_NEW_YORK, "2026-01-11 09:00", TOKYO, "2026-01-11"),  # home, where it is 18:00 of the next day
    ],
)
def test_the_zone_and_the_day_of_a_moment(patient: Patient, utc: str, zone: str, day: str) -> None:
    assert (patient.zone_at(at(utc)), patient.day_at(at(utc))) == (zone, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("patient", "day", "over"),
    [
        (ANA, "2026-01-10", "2026-01-11 09:00"),  # 04:00 at home
        (replace(ANA, day_start=0), "2026-01-10", "2026-01-11 05:00"),  # midnight at home
        (ANA_IN_TOKYO, "2026-01-09", "2026-01-09 19:00"),  # 04:00 in Tokyo
        (ANA_IN_TOKYO, "2026-01-10", "2026-01-11 09:00"),  # the last day goes on at home
        (CLEO_IN_NEW_YORK, "2026-01-10", "2026-01-11 09:00"),  # 04:00 in New York: home would have been too early
        (CLEO_IN_NEW_YORK, "2026-01-11", "2026-01-11 19:00"),  # 04:00 in Tokyo
    ],
)
def test_a_day_is_over_at_this_moment(patient: Patient, day: str, over: str) -> None:
    assert patient.day_over(date.fromisoformat(day)) == at(over)


zones = st.sampled_from(distinct_zones(YEARS))


@given(home=zones, away=zones, until=st.dates(date(2026, 1, 2), date(2028, 12, 30)), day_start=st.integers(0, 720))
def test_days_go_forward_through_a_journeys_end(home: str, away: str, until: date, day_start: int) -> None:
    patient = replace(ANA, zone=home, travel_zone=away, travel_until=until, day_start=day_start)
    middle = patient.day_over(until)
    assume(_apart(home, away, until) < timedelta(hours=24))
    known = None
    for quarter in range(-60 * 2, 60 * 2):
        moment = middle + timedelta(minutes=30 * quarter)
        day = patient.day_at(moment)
        assert known is None or day in (known, known + timedelta(days=1)), shown(moment, home)
        assert moment < patient.day_over(day)
        assert moment >= patient.day_over(day - timedelta(days=1))
        known = day


def _apart(home: str, away: str, day: date) -> timedelta:
    ends = [replace(ANA, zone=zone).day_over(day) for zone in (home, away)]
    return abs(ends[0] - ends[1])


@pytest.mark.parametrize(
    ("state", "paused_until", "active", "active_from"),
    [
        (State.ONBOARDING, None, False, None),  # has not chosen yet
        (State.ACTIVE, None, True, "2026-01-10 12:00"),
        (State.ACTIVE, "2026-02-01 12:00", True, "2026-01-10 12:00"),  # resumed early: an old end means nothing
        (State.PAUSED, None, False, None),  # until they say so
        (State.PAUSED, "2026-01-10 12:01", False, "2026-01-10 12:01"),  # not yet over
        (State.PAUSED, "2026-01-10 12:00", True, "2026-01-10 12:00"),  # ends now
        (State.PAUSED, "2026-01-09 12:00", True, "2026-01-10 12:00"),  # long over
        (State.STOPPED, None, False, None),
        (State.STOPPED, "2026-01-09 12:00", False, None),  # paused once, then stopped
        (State.UNREACHABLE, None, False, None),
    ],
)
def test_unprompted_messages_are_wanted(
    state: State, paused_until: str | None, active: bool, active_from: str | None
) -> None:
    now = at("2026-01-10 12:00")
    patient = replace(ANA, state=state, paused_until=at(paused_until) if paused_until else None)
    assert patient.is_active(now) is active
    assert patient.active_from(now) == (at(active_from) if active_from else None)


@pytest.mark.parametrize(
    ("patient", "step"),
    [
        (Patient(1, 1001, "en"), "zone"),  # nothing chosen
        (Patient(1, 1001, "en", zone=TOKYO), "time"),
        (Patient(1, 1001, "en", zone=TOKYO, daily_minute=0), "country"),  # midnight is a time
        (ANA, None),  # all chosen
    ],
)
def test_onboarding_asks_for_what_is_missing(patient: Patient, step: str | None) -> None:
    assert onboarding_step(patient) == step


def test_there_is_no_plan_before_a_zone_and_a_time_are_chosen() -> None:
    day = date(2026, 1, 10)
    for patient in (replace(ANA, zone=None), replace(ANA, daily_minute=None)):
        assert patient.plan_on(day) is None
