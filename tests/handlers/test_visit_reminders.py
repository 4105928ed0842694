"""What comes unasked around a visit: the right question at the right time, and no word of health in it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from care.due import Due, Kind, Send
from care.people import Patient, State
from care.treatments import Treatment
from care.visits import Appointment, Ride, VisitKind, VisitState
from handlers.screens import Screen
from handlers.visit_reminders import redrawn, screen
from handlers.words import Words
from storage.due import Begun

EN = Words("en")
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
AT = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
ANA = Patient(1, 1001, "en", State.ACTIVE, BERLIN, daily_minute=19 * 60)
SESSION = Appointment(7, 1, AT, BERLIN, VisitKind.TREATMENT, version=3)
FOLLOW_UP = replace(SESSION, kind=VisitKind.FOLLOW_UP)
NOTE = "Take no ketamine lozenge. Fast for 4 hours."
HEALTH = re.compile(
    r"treat|ketamin|dose|infusion|medic|clinic|doctor|mood|depress|symptom|nurse|session|health|drug", re.IGNORECASE
)


def sent(
    kind: Kind, visit: Appointment | None = SESSION, slot: str = "1", patient: Patient = ANA, now: datetime = AT
) -> Screen:
    event = f"a{visit.id}.{visit.version}" if visit else "t4.1"
    owed = Due(1, patient.id, kind, event, slot, 1, now, now + timedelta(hours=1))
    treatment = None if visit else Treatment(4, patient.id, AT, BERLIN)
    return screen(EN, Begun(owed, Send(), patient, visit=visit, treatment=treatment), now)


def reminder(hours: int, visit: Appointment = SESSION, patient: Patient = ANA) -> Screen:
    return sent(Kind.VISIT, visit, str(hours), patient, visit.at - timedelta(hours=hours))


def labels(shown: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in shown.rows]


def carried(shown: Screen, label: str) -> str:
    return next(button.data for row in shown.rows for button in row if button.label == label)


def uncovered(shown: Screen) -> str:
    start, end = shown.hidden or (0, 0)
    return shown.text[:start] + shown.text[end:]


def test_two_days_before_it_asks_whether_the_person_can_come() -> None:
    shown = reminder(48)
    assert shown.text == "You have a visit on Tue, Dec 1 at 15:00. Can you make it?"
    assert labels(shown) == [["I'll be there", "Need to move"], ["Can't come"]]
    assert carried(shown, "I'll be there") == "1:ap:confirm:7:3"
    assert carried(shown, "Need to move") == "1:ap:move:7:3"
    assert carried(shown, "Can't come") == "1:ap:cant:7:3"


def test_the_day_before_a_treatment_asks_for_a_ride_and_opens_what_there_is_to_do() -> None:
    shown = reminder(24)
    assert shown.text == "You have a visit tomorrow, Tue, Dec 1, at 15:00.\n\nDo you have a ride home?"
    assert labels(shown)[:2] == [["Have a ride", "No ride yet", "None needed"], ["Get ready"]]
    assert carried(shown, "Have a ride") == "1:ap:ride:7:3:yes"
    assert carried(shown, "Get ready") == "1:vi:open:7"


def test_the_day_before_a_follow_up_visit_asks_for_no_ride() -> None:
    shown = reminder(24, FOLLOW_UP)
    assert shown.text == "You have a visit tomorrow, Tue, Dec 1, at 15:00."
    assert labels(shown) == [["Get ready"], ["I'll be there", "Need to move"], ["Can't come"]]


@pytest.mark.parametrize(
    ("ride", "asks"), [(None, True), (Ride.NOT_YET, True), (Ride.YES, False), (Ride.NOT_NEEDED, False)]
)
def test_a_ride_is_asked_for_until_there_is_one(ride: Ride | None, asks: bool) -> None:
    shown = reminder(24, replace(SESSION, ride=ride))
    assert ("Do you have a ride home?" in shown.text) is asks
    assert (labels(shown)[0] == ["Get ready"]) is not asks


def test_what_the_clinic_asks_for_is_covered() -> None:
    shown = reminder(24, replace(SESSION, prep_note=NOTE))
    assert shown.text.endswith(f"Before the visit:\n{NOTE}\n\nDo you have a ride home?")
    assert shown.hidden is not None
    start, end = shown.hidden
    assert shown.text[start:end] == NOTE


@pytest.mark.parametrize("hours", [48, 2])
def test_the_clinics_words_come_the_day_before_only(hours: int) -> None:
    assert NOTE not in reminder(hours, replace(SESSION, prep_note=NOTE)).text


def test_two_hours_before_it_says_when() -> None:
    shown = reminder(2)
    assert shown.text == "You have a visit today at 15:00."
    assert labels(shown) == [["I'll be there", "Need to move"], ["Can't come"]]


def test_whoever_said_that_they_come_is_not_asked_again() -> None:
    shown = reminder(2, replace(SESSION, state=VisitState.CONFIRMED))
    assert shown.text == "You have a visit today at 15:00.\nYou said you will be there."
    assert labels(shown) == [["Need to move", "Can't come"]]


def test_somebody_elsewhere_sees_both_clocks_and_the_day_of_their_own() -> None:
    away = replace(ANA, travel_zone="Asia/Tokyo", travel_until=date(2026, 12, 20))
    early = replace(FOLLOW_UP, at=datetime(2026, 12, 1, 18, 0, tzinfo=UTC), zone=NEW_YORK)
    shown = sent(Kind.VISIT, early, "24", away, early.at - timedelta(hours=24))
    assert shown.text == "You have a visit tomorrow, Wed, Dec 2, at 03:00.\nIn New York it is then Tue, Dec 1, 13:00."


def test_another_zone_with_the_same_clock_is_not_spoken_of() -> None:
    assert "Paris" not in reminder(48, replace(SESSION, zone="Europe/Paris")).text


def test_after_a_treatment_it_asks_whether_the_person_was_there() -> None:
    shown = sent(Kind.TREATED, now=AT + timedelta(hours=3))
    assert shown.text == "Were you at your visit today?"
    assert labels(shown) == [["Done", "Not yet"], ["It moved"], ["It was cancelled"]]
    presses = [button.data for row in shown.rows for button in row]
    assert presses == ["1:tx:done:7:3", "1:tx:notyet:7:3", "1:ap:move:7:3", "1:ap:cancel:7:3"]
    assert sent(Kind.TREATED, now=AT + timedelta(hours=18)).text == "Were you at your visit on Tue, Dec 1?"


def test_the_day_after_a_visit_it_asks_for_the_next_date() -> None:
    shown = sent(Kind.AFTERWARDS, FOLLOW_UP, now=AT + timedelta(days=1))
    assert shown.text == "How did your visit on Tue, Dec 1 go? Do you have a next date?"
    assert labels(shown) == [["Add a date", "Not now"], ["Write a note", "I did not go"]]
    assert carried(shown, "Add a date") == "1:ap:add"


def test_without_any_visit_ahead_it_asks_once_for_a_date() -> None:
    shown = sent(Kind.NEXT_DATE, None, now=AT + timedelta(days=21))
    assert shown.text == "It has been a while since your last visit. Do you have a next date?"
    assert labels(shown) == [["Add a date", "Not now"]]


STATES = [
    (
        VisitState.PLANNED,
        "Your visit is on Tue, Dec 1, 2026, 15:00.",
        [["I'll be there", "Need to move"], ["Can't come"]],
    ),
    (
        VisitState.CONFIRMED,
        "Your visit is on Tue, Dec 1, 2026, 15:00. You said you will be there.",
        [["Need to move", "Can't come"]],
    ),
    (
        VisitState.CANCELLED,
        "The visit on Tue, Dec 1, 2026, 15:00 is cancelled. I will not remind you of it.",
        [["Undo"], ["Add a date", "Not now"]],
    ),
    (VisitState.DONE, "You were at your visit on Tue, Dec 1, 2026, 15:00.", [["Add a date", "Not now"]]),
    (
        VisitState.MISSED,
        "You said you did not go to the visit on Tue, Dec 1, 2026, 15:00. That is OK.",
        [["Add a date", "Not now"]],
    ),
]


@pytest.mark.parametrize(("state", "text", "rows"), STATES, ids=[state.value for state, *_ in STATES])
def test_a_reminder_that_was_overtaken_shows_how_the_visit_stands(
    state: VisitState, text: str, rows: list[list[str]]
) -> None:
    shown = redrawn(EN, ANA, replace(SESSION, state=state))
    assert (shown.text, labels(shown)) == (text, rows)


def test_nothing_that_comes_unasked_has_a_word_of_health_in_it() -> None:
    noted = replace(SESSION, prep_note=NOTE, zone=NEW_YORK)
    shown = [reminder(hours, visit) for hours in (48, 24, 2) for visit in (noted, FOLLOW_UP)]
    shown += [sent(kind, noted) for kind in (Kind.TREATED, Kind.AFTERWARDS)] + [sent(Kind.NEXT_DATE, None)]
    shown += [redrawn(EN, ANA, replace(noted, state=state)) for state in VisitState]
    for one in shown:
        seen = [uncovered(one), *(button.label for row in one.rows for button in row)]
        assert not HEALTH.search("\n".join(seen)), seen
