"""The next daily prompt: plans, pauses, journeys and moves; no day twice, none at the wrong hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.due import NewDue
from care.owed import coming_prompts, next_prompt, spread
from care.people import Patient, State
from tests.care.moments import about, at, moments, shown
from tests.care.zones import YEARS, distinct_zones

LONDON, TOKYO, NEW_YORK, HELSINKI = "Europe/London", "Asia/Tokyo", "America/New_York", "Europe/Helsinki"
ANA = Patient(241, 1001, "en", State.ACTIVE, zone=LONDON, country="GB", daily_minute=19 * 60)  # 241: no offset
LATE = replace(ANA, id=13)  # offset 3:59 (13 * 37 % 241 = 240 s)
PAUSED = replace(ANA, state=State.PAUSED)
TODAY, TOMORROW = date(2026, 1, 10), date(2026, 1, 11)
FOUR_MINUTES = timedelta(minutes=4)


@pytest.mark.parametrize(
    ("patient", "now", "done", "day", "when"),
    [
        (ANA, "2026-01-10 12:00", [], "2026-01-10", "2026-01-10 19:00"),  # later today
        (ANA, "2026-01-10 19:00", [], "2026-01-11", "2026-01-11 19:00"),  # it has just been
        (ANA, "2026-01-10 12:00", [TODAY], "2026-01-11", "2026-01-11 19:00"),  # answered already
        (ANA, "2026-01-10 12:00", [TODAY, TOMORROW], "2026-01-12", "2026-01-12 19:00"),
        (ANA, "2026-01-11 03:59", [TODAY], "2026-01-11", "2026-01-11 19:00"),  # still the 10th for her
        (LATE, "2026-01-10 12:00", [], "2026-01-10", "2026-01-10 19:04"),  # her own offset
        (LATE, "2026-01-10 19:02", [], "2026-01-10", "2026-01-10 19:04"),  # re-planned within it: not lost
        (LATE, "2026-01-10 19:02", [TODAY], "2026-01-11", "2026-01-11 19:04"),
        (replace(LATE, daily_minute=239), "2026-01-10 12:00", [], "2026-01-10", "2026-01-11 03:59"),  # day ends 04:00
        (replace(LATE, daily_minute=240), "2026-01-10 12:00", [], "2026-01-11", "2026-01-11 04:04"),  # a day's first
        (replace(ANA, daily_minute=60), "2026-01-10 23:30", [], "2026-01-10", "2026-01-11 01:00"),  # small hours
        (replace(ANA, daily_minute=60), "2026-01-11 02:00", [], "2026-01-11", "2026-01-12 01:00"),
        (replace(ANA, daily_minute=60, day_start=0), "2026-01-10 23:30", [], "2026-01-11", "2026-01-11 01:00"),
        (replace(ANA, weekdays=frozenset({0, 4})), "2026-01-10 12:00", [], "2026-01-12", "2026-01-12 19:00"),  # Monday
        (replace(ANA, weekdays=frozenset()), "2026-01-10 12:00", [], None, None),  # no day chosen
        (replace(ANA, daily_minute=None), "2026-01-10 12:00", [], None, None),  # no time chosen
        (replace(ANA, zone=None), "2026-01-10 12:00", [], None, None),  # no zone chosen
        (replace(ANA, state=State.ONBOARDING), "2026-01-10 12:00", [], None, None),
        (replace(ANA, state=State.STOPPED), "2026-01-10 12:00", [], None, None),
        (replace(ANA, state=State.UNREACHABLE), "2026-01-10 12:00", [], None, None),
        (PAUSED, "2026-01-10 12:00", [], None, None),  # until she says so
        (
            replace(PAUSED, paused_until=at("2026-01-20 12:00")),
            "2026-01-10 12:00",
            [],
            "2026-01-20",
            "2026-01-20 19:00",
        ),
        (
            replace(PAUSED, paused_until=at("2026-01-20 19:00")),
            "2026-01-10 12:00",
            [],
            "2026-01-21",
            "2026-01-21 19:00",
        ),
        (
            replace(PAUSED, paused_until=at("2026-01-05 12:00")),
            "2026-01-10 12:00",
            [],
            "2026-01-10",
            "2026-01-10 19:00",
        ),
        (replace(ANA, paused_until=at("2026-01-20 12:00")), "2026-01-10 12:00", [], "2026-01-10", "2026-01-10 19:00"),
        # skipped together with the end of the day: still that day's, just before it ends
        (replace(ANA, zone=HELSINKI, daily_minute=210), "2026-03-28 12:00", [], "2026-03-28", "2026-03-29 00:59"),
        # clock changes
        (replace(ANA, daily_minute=90), "2026-03-28 12:00", [], "2026-03-28", "2026-03-29 01:00"),  # 01:30 skipped
        (replace(ANA, daily_minute=90), "2026-10-24 12:00", [], "2026-10-24", "2026-10-25 00:30"),  # the first 01:30
        (replace(ANA, daily_minute=90), "2026-10-25 00:45", [], "2026-10-25", "2026-10-26 01:30"),  # not the second
    ],
)
def test_the_next_prompt(patient: Patient, now: str, done: list[date], day: str | None, when: str | None) -> None:
    prompt = next_prompt(patient, at(now), done)
    assert (prompt and prompt.event, prompt and prompt.at) == (day, at(when) if when else None)


@pytest.mark.parametrize(
    ("home", "away", "until", "now", "expected"),
    [
        # wall times by the clocks of the place where the person is on that day
        (LONDON, TOKYO, 12, "2026-01-10 12:00", ["11 19:00 Tokyo", "12 19:00 Tokyo", "13 19:00 London"]),
        (LONDON, TOKYO, 12, "2026-01-12 12:00", ["13 19:00 London", "14 19:00 London"]),  # the 12th goes on at home
        (LONDON, TOKYO, 9, "2026-01-10 12:00", ["10 19:00 London", "11 19:00 London"]),  # the journey is over
        (LONDON, NEW_YORK, 11, "2026-01-10 12:00", ["10 19:00 New_York", "11 19:00 New_York", "12 19:00 London"]),
        (TOKYO, NEW_YORK, 11, "2026-01-11 12:00", ["11 19:00 New_York", "12 19:00 Tokyo"]),  # ten hours later
        (TOKYO, LONDON, 10, "2026-01-10 12:00", ["10 19:00 London", "11 19:00 Tokyo"]),
        ("Pacific/Honolulu", "Pacific/Auckland", 10, "2026-01-10 12:00", ["11 19:00 Honolulu"]),  # over the date line
        (
            "Pacific/Auckland",
            "Pacific/Honolulu",
            10,
            "2026-01-10 12:00",
            ["10 19:00 Honolulu", "12 19:00 Auckland"],
        ),  # lost the 11th
    ],
)
def test_prompts_around_the_end_of_a_journey(home: str, away: str, until: int, now: str, expected: list[str]) -> None:
    patient = replace(ANA, zone=home, travel_zone=away, travel_until=date(2026, 1, until))
    prompts = list(islice(coming_prompts(patient, at(now)), len(expected)))
    assert [_told(patient, prompt) for prompt in prompts] == expected


def _told(patient: Patient, prompt: NewDue) -> str:
    zone = patient.zone_at(prompt.at)
    return f"{prompt.event[-2:]} {shown(prompt.at, zone)[-5:]} {zone.split('/')[1]}"


def test_a_time_that_coming_home_jumps_over_is_not_asked_for() -> None:
    patient = replace(ANA, zone=TOKYO, daily_minute=9 * 60, travel_zone=NEW_YORK, travel_until=TODAY)
    prompts = list(islice(coming_prompts(patient, at("2026-01-10 10:00")), 2))
    # The 11th begins for her when it is 18:00 in Tokyo; its 09:00 was still the 10th in New York.
    assert [_told(patient, prompt) for prompt in prompts] == ["10 09:00 New_York", "12 09:00 Tokyo"]


def test_a_prompt_is_worth_sending_until_its_day_is_over() -> None:
    prompt = next_prompt(replace(ANA, plan_version=5), at("2026-01-10 12:00"), ())
    assert prompt is not None
    assert (prompt.patient_id, prompt.slot, prompt.plan_version) == (241, "1", 5)
    assert prompt.expires_at == at("2026-01-11 04:00")


# A person's life in random order: waiting, moving, travelling, changing the time, pausing. The bot plans anew after
# each change and after each prompt, and remembers only the days it prompted.

zones = st.sampled_from(distinct_zones(YEARS))
HALF_HOURS = st.integers(0, 47).map(lambda n: 30 * n)
MOVES = st.fixed_dictionaries({"zone": zones})
CHANGES = st.one_of(
    MOVES,
    st.fixed_dictionaries({"daily_minute": HALF_HOURS}),
    st.fixed_dictionaries({"day_start": st.integers(0, 12).map(lambda n: 30 * n)}),
    st.fixed_dictionaries({"travel_zone": zones, "travel_days": st.integers(0, 4)}),
    st.fixed_dictionaries({"paused_days": st.integers(0, 3)}),
)
WAITS = st.integers(1, 4 * 24 * 60).map(lambda n: timedelta(minutes=n))


@dataclass
class Life:
    """One patient, the bot's memory of the days it prompted, and the prompts as they came."""

    patient: Patient
    now: datetime
    prompts: list[NewDue] = field(default_factory=list)

    @property
    def done(self) -> list[date]:
        return [date.fromisoformat(prompt.event) for prompt in self.prompts]

    def next_prompt(self) -> NewDue | None:
        return next_prompt(self.patient, self.now, self.done)

    def wait(self, time: timedelta) -> None:
        until = self.now + time
        while (prompt := self.next_prompt()) is not None and prompt.at <= until:
            assert prompt.at > self.now
            assert_is_true_to_the_plan(self.patient, prompt)
            self.prompts.append(prompt)
            self.now = prompt.at
        self.now = until

    def change(self, change: Mapping[str, Any]) -> None:
        fields = dict(change)
        if "travel_days" in fields:
            fields["travel_until"] = self.patient.day_at(self.now) + timedelta(days=fields.pop("travel_days"))
        if "paused_days" in fields:
            fields = {"state": State.PAUSED, "paused_until": self.now + timedelta(days=fields["paused_days"])}
        self.patient = replace(self.patient, plan_version=self.patient.plan_version + 1, **fields)


def assert_is_true_to_the_plan(patient: Patient, prompt: NewDue) -> None:
    day = date.fromisoformat(prompt.event)
    plan = patient.plan_on(day)
    assert plan is not None
    assert patient.day_at(prompt.at) == day
    assert patient.is_active(prompt.at)
    assert prompt.at < prompt.expires_at == patient.day_over(day)
    asked = min(plan.moment(day), prompt.expires_at - timedelta(minutes=1))  # cut off where the day ends
    assert about(prompt.at, asked, FOUR_MINUTES)


@given(zone=zones, minute=HALF_HOURS, now=moments, number=st.integers(1, 500), life=st.lists(st.tuples(WAITS, CHANGES)))
def test_no_day_is_prompted_twice_whatever_people_change(
    zone: str, minute: int, now: datetime, number: int, life: list[tuple[timedelta, dict[str, Any]]]
) -> None:
    person = Life(replace(ANA, id=number, zone=zone, daily_minute=minute), now)
    for time, change in life:
        person.wait(time)
        person.change(change)
    person.wait(timedelta(days=3))
    assert len(set(person.done)) == len(person.done)
    assert [prompt.at for prompt in person.prompts] == sorted(prompt.at for prompt in person.prompts)


@given(zone=zones, minute=HALF_HOURS, now=moments, moves=st.lists(st.tuples(WAITS, MOVES), max_size=6))
def test_whoever_moves_waits_two_days_at_most(
    zone: str, minute: int, now: datetime, moves: list[tuple[timedelta, dict[str, Any]]]
) -> None:
    person = Life(replace(ANA, zone=zone, daily_minute=minute), now)
    for time, move in moves:
        person.wait(time)
        person.change(move)
        prompt = person.next_prompt()
        assert prompt is not None
        # 48 hours, and the width of the date line and of a clock change for whoever was asked at a day's first minute
        assert prompt.at - person.now <= timedelta(hours=52)


@given(zone=zones, minute=HALF_HOURS, now=moments, number=st.integers(1, 500))
def test_whoever_stays_is_asked_every_day(zone: str, minute: int, now: datetime, number: int) -> None:
    person = Life(replace(ANA, id=number, zone=zone, daily_minute=minute), now)
    person.wait(timedelta(days=20))
    assert person.done == [person.done[0] + timedelta(days=n) for n in range(len(person.done))]
    assert 19 <= len(person.done) <= 21


@given(home=zones, away=zones, minute=HALF_HOURS, now=moments, length=st.integers(0, 5))
def test_a_journey_skips_one_day_at_most(home: str, away: str, minute: int, now: datetime, length: int) -> None:
    person = Life(replace(ANA, zone=home, daily_minute=minute), now)
    person.change({"travel_zone": away, "travel_days": length})
    days = [date.fromisoformat(prompt.event) for prompt in islice(coming_prompts(person.patient, now), 10)]
    *steps, longest = sorted((later - day).days for day, later in pairwise(days))
    assert steps == [1] * 8
    assert longest <= 3  # three only from one side of the date line to the other


def test_the_offset_does_not_depend_on_the_plan() -> None:
    assert spread(ANA.id) == timedelta()
    assert spread(LATE.id) == FOUR_MINUTES
