"""Easing off: three unanswered cards make it weekly, four silent weeks end it, one tap changes it back."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

import pytest

from care.easing import SILENT_FOR, UNANSWERED, Silence, Tone, pace_after, pace_chosen, tone_of
from care.owed import coming_prompts
from care.people import Pace, Patient, State
from tests.care.moments import at

ANA = Patient(241, 1001, "en", State.ACTIVE, zone="Europe/London", country="GB", daily_minute=19 * 60)
WEEKLY = replace(ANA, pace=Pace.WEEKLY, pace_from=date(2026, 1, 10))
NOW = at("2026-01-10 19:00")
DAY = timedelta(days=1)


def days_of(patient: Patient, most: int = 4) -> list[str]:
    return [prompt.event[-5:] for prompt in islice(coming_prompts(patient, at("2026-01-10 12:00")), most)]


@pytest.mark.parametrize(
    ("patient", "unanswered", "days_silent", "tone"),
    [
        (ANA, 0, None, Tone.USUAL),
        (ANA, UNANSWERED - 1, 2, Tone.USUAL),
        (ANA, UNANSWERED, 3, Tone.EASING),
        (ANA, UNANSWERED + 2, 5, Tone.EASING),  # two of them failed to say so
        (replace(ANA, pace=Pace.EVERY_2), UNANSWERED, 6, Tone.EASING),
        (WEEKLY, UNANSWERED + 1, 10, Tone.USUAL),  # it was said already
        (WEEKLY, 6, 27, Tone.USUAL),
        (WEEKLY, 6, 28, Tone.LAST),
        (ANA, 1, 28, Tone.LAST),  # the bot was off for long, and so was she
    ],
)
def test_what_the_next_prompt_is_to_be(patient: Patient, unanswered: int, days_silent: int | None, tone: Tone) -> None:
    since = None if days_silent is None else NOW - days_silent * DAY
    assert tone_of(patient, Silence(unanswered, since), NOW) is tone


def test_four_weeks_are_counted_to_the_second() -> None:
    since = NOW - SILENT_FOR
    assert tone_of(WEEKLY, Silence(6, since + timedelta(seconds=1)), NOW) is Tone.USUAL
    assert tone_of(WEEKLY, Silence(6, since), NOW) is Tone.LAST


def test_what_each_tone_changes() -> None:
    day = date(2026, 1, 10)
    assert pace_after(Tone.USUAL, day) == {}
    assert pace_after(Tone.EASING, day) == {"pace": Pace.WEEKLY, "pace_from": day}
    assert pace_after(Tone.LAST, day) == {"state": State.PAUSED, "paused_until": None}


@pytest.mark.parametrize(
    ("pace", "days"),
    [
        (Pace.DAILY, ["01-10", "01-11", "01-12", "01-13"]),
        (Pace.EVERY_2, ["01-10", "01-12", "01-14", "01-16"]),
        (Pace.WEEKLY, ["01-10", "01-17", "01-24", "01-31"]),
    ],
)
def test_a_pace_begins_with_the_day_on_which_it_was_chosen(pace: Pace, days: list[str]) -> None:
    other = Pace.WEEKLY if pace is Pace.DAILY else Pace.DAILY
    chosen = pace_chosen(replace(ANA, pace=other), pace, NOW)
    assert chosen == {"pace": pace, "pace_from": date(2026, 1, 10), "heard_at": NOW}
    assert days_of(replace(ANA, pace=pace, pace_from=date(2026, 1, 10))) == days


def test_choosing_the_pace_that_holds_keeps_its_days() -> None:
    later = NOW + 3 * DAY
    assert pace_chosen(WEEKLY, Pace.WEEKLY, later) == {"heard_at": later}


def test_the_day_of_a_choice_is_the_persons_own() -> None:
    chosen = pace_chosen(ANA, Pace.WEEKLY, at("2026-01-11 03:00"))
    assert chosen["pace_from"] == date(2026, 1, 10)
