"""Patients: agreeing, choosing, pausing, and what each does to the prompts that are owed."""

from dataclasses import fields
from datetime import date

import pytest
from sqlmodel import Session, select

from care.due import DueState, Kind
from care.errors import UnknownZone
from care.owed import NUDGE_AFTER
from care.people import Pace, Patient, State
from care.schedule import QuietHours
from storage import checkins, due, patients
from storage.tables import DataKeyRow, NewcomerRow
from tests.storage.people import (
    ANA,
    CLEO,
    DAY,
    EVENING,
    HOUR,
    MINUTE,
    NOON,
    STRANGER,
    begin_as,
    claimed,
    deliver_all,
    fill_in,
    open_card,
    rows_of,
)

WAITING, DROPPED, SENT = DueState.WAITING, DueState.DROPPED, DueState.SENT


def test_a_newcomers_language_is_remembered_for_a_day_and_then_swept(session: Session) -> None:
    patients.remember_newcomer(session, STRANGER, "de", NOON)
    patients.remember_newcomer(session, STRANGER, "es", NOON)
    assert patients.newcomer_language(session, STRANGER, NOON + 23 * HOUR) == "es"
    assert patients.newcomer_language(session, CLEO, NOON) is None
    assert patients.newcomer_language(session, STRANGER, NOON + DAY) is None
    patients.forget_newcomers(session, NOON + 23 * HOUR)
    assert session.exec(select(NewcomerRow)).all()
    patients.forget_newcomers(session, NOON + DAY)
    assert not session.exec(select(NewcomerRow)).all()
    assert patients.find(session, STRANGER) is None


def test_agreeing_makes_a_patient_with_a_key_and_two_consents_and_forgets_the_newcomer(session: Session) -> None:
    patients.remember_newcomer(session, ANA, "de", NOON)
    made = patients.agree(session, ANA, "de", "1", NOON)
    assert made == patients.find(session, ANA)
    assert made == Patient(made.id, ANA, "de")
    assert [(c.kind, c.version, c.given_at, c.withdrawn_at) for c in patients.consents(session, ANA)] == [
        ("storing", "1", NOON, None),
        ("reminders", "1", NOON, None),
    ]
    assert patients.newcomer_language(session, ANA, NOON) is None


def test_agreeing_twice_changes_nothing_and_a_new_version_adds_consents(session: Session) -> None:
    first = begin_as(session, ANA)
    assert patients.agree(session, ANA, "fr", "1", NOON + DAY) == first
    assert len(patients.consents(session, ANA)) == 2
    patients.agree(session, ANA, "en", "2", NOON + DAY)
    assert [c.version for c in patients.consents(session, ANA)] == ["1", "1", "2", "2"]
    assert len(session.exec(select(DataKeyRow)).all()) == 1
    assert patients.consents(session, CLEO) == []


def test_the_last_choice_makes_the_patient_active_and_owes_the_first_prompt(session: Session) -> None:
    patients.agree(session, ANA, "en", "1", NOON)
    for choice in ({"zone": "Europe/Berlin"}, {"daily_minute": 20 * 60}):
        patient = patients.choose(session, ANA, choice, NOON)
        assert patient is not None
        assert patient.state is State.ONBOARDING
        assert not rows_of(session, ANA)
    patient = patients.choose(session, ANA, {"country": "DE"}, NOON)
    assert patient is not None
    assert patient.state is State.ACTIVE
    (owed,) = rows_of(session, ANA)
    assert (owed.kind, owed.event, owed.state, owed.plan_version) == ("daily", "2025-03-01", "waiting", 4)


def test_every_choice_is_stored_as_it_was_made(session: Session) -> None:
    begin_as(session, ANA)
    choices = {
        "language": "de",
        "zone": "America/New_York",
        "travel_zone": "Asia/Tokyo",
        "travel_until": date(2025, 3, 9),
        "country": "US",
        "daily_minute": 7 * 60,
        "weekdays": frozenset({0, 2, 6}),
        "quiet": QuietHours(60, 120),
        "nudges": 2,
        "discreet": True,
        "day_start": 300,
        "items": frozenset({"sleep", "crave"}),
        "pace": Pace.EVERY_2,
        "pace_from": date(2025, 3, 2),
        "heard_at": NOON,
    }
    patients.choose(session, ANA, choices, NOON)
    patient = patients.find(session, ANA)
    assert {name: getattr(patient, name) for name in choices} == choices
    assert set(choices) == patients.CHOICES
    assert set(choices) < {field.name for field in fields(Patient)}


@pytest.mark.parametrize("name", ["state", "plan_version", "id", "chat_id", "paused_until", "name"])
def test_what_is_no_choice_of_a_person_is_refused(session: Session, name: str) -> None:
    begin_as(session, ANA)
    with pytest.raises(ValueError, match=name):
        patients.choose(session, ANA, {name: 1}, NOON)


def test_a_zone_that_is_none_is_refused(session: Session) -> None:
    begin_as(session, ANA)
    with pytest.raises(UnknownZone):
        patients.choose(session, ANA, {"zone": "Mars/Olympus"}, NOON)


def test_a_stranger_can_choose_nothing(session: Session) -> None:
    assert patients.choose(session, STRANGER, {"language": "de"}, NOON) is None
    assert patients.pause(session, STRANGER, None, NOON) is None
    assert patients.stop(session, STRANGER, NOON) is None
    assert patients.resume(session, STRANGER, NOON) is None
    patients.blocked(session, STRANGER, NOON)
    assert patients.unreachable(session, 12345, NOON) is None
    patients.plan(session, 12345, NOON)


def test_a_language_changes_no_plan_and_the_same_time_again_neither(session: Session) -> None:
    before = begin_as(session, ANA)
    for choice in ({"language": "de"}, {"daily_minute": 20 * 60}, {"discreet": True}):
        after = patients.choose(session, ANA, choice, NOON)
        assert after is not None
        assert after.plan_version == before.plan_version
    assert len(rows_of(session, ANA)) == 1


def test_another_time_replaces_the_prompt_in_the_same_transaction(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    patients.choose(session, ANA, {"daily_minute": 21 * 60}, NOON)
    old, new = rows_of(session, ANA)
    assert (old.state, old.why) == (DROPPED, "plan_changed")
    assert (new.state, new.event) == (WAITING, "2025-03-01")
    assert HOUR <= new.at - old.at <= HOUR + 4 * MINUTE
    assert [row.state for row in rows_of(session, CLEO)] == [WAITING]


def test_a_changed_time_never_brings_a_second_prompt_for_a_day(session: Session) -> None:
    begin_as(session, ANA)
    assert len(deliver_all(session, EVENING)) == 1
    patients.choose(session, ANA, {"daily_minute": 22 * 60}, EVENING + MINUTE)
    (owed,) = rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)
    assert owed.event == "2025-03-02"


def test_a_day_that_is_answered_is_not_asked_about_at_the_new_time(session: Session) -> None:
    begin_as(session, ANA)
    fill_in(session, ANA, open_card(session, ANA).check_in.id)
    patients.choose(session, ANA, {"daily_minute": 21 * 60}, NOON)
    (owed,) = rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)
    assert owed.event == "2025-03-02"


def test_a_row_that_was_claimed_before_the_change_is_not_sent(session: Session) -> None:
    begin_as(session, ANA)
    (held,) = claimed(session, EVENING)
    patients.choose(session, ANA, {"daily_minute": 21 * 60}, EVENING)
    begun = due.begin(session, held.id, "t", EVENING)
    assert begun is not None
    assert getattr(begun.decision, "why", None) == "plan_changed"
    (owed,) = rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)
    assert owed.event == "2025-03-01"


def test_a_later_the_person_chose_outlives_a_change_of_plan(session: Session) -> None:
    begin_as(session, ANA)
    card = open_card(session, ANA)
    checkins.snooze(session, ANA, card.check_in.id, NOON + HOUR, NOON)
    patients.choose(session, ANA, {"daily_minute": 21 * 60}, NOON)
    (kept,) = rows_of(session, ANA, kind=Kind.SNOOZE, state=WAITING)
    assert kept.at == NOON + HOUR
    assert [one.due.kind for one in deliver_all(session, NOON + HOUR)] == [Kind.SNOOZE]


def test_nudges_follow_the_new_number(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    deliver_all(session, NOON + 5 * MINUTE)
    assert len(rows_of(session, ANA, kind=Kind.NUDGE, state=WAITING)) == 1
    patients.choose(session, ANA, {"nudges": 2}, NOON + HOUR)
    assert len(rows_of(session, ANA, kind=Kind.NUDGE, state=WAITING)) == 2
    patients.choose(session, ANA, {"nudges": 0}, NOON + HOUR)
    assert not rows_of(session, ANA, kind=Kind.NUDGE, state=WAITING)


def test_a_nudge_that_was_sent_does_not_come_again_after_a_change(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    deliver_all(session, NOON + 5 * MINUTE)
    later = NOON + NUDGE_AFTER + HOUR
    deliver_all(session, later)
    assert len(rows_of(session, ANA, kind=Kind.NUDGE, state=SENT)) == 1
    patients.choose(session, ANA, {"quiet": QuietHours(60, 120)}, later)
    assert not rows_of(session, ANA, kind=Kind.NUDGE, state=WAITING)


def test_a_pause_with_an_end_owes_the_first_prompt_after_it(session: Session) -> None:
    begin_as(session, ANA)
    paused = patients.pause(session, ANA, NOON + 3 * DAY, NOON)
    assert paused is not None
    assert paused.state is State.PAUSED
    (owed,) = rows_of(session, ANA, state=WAITING)
    assert owed.event == "2025-03-04"
    assert len(deliver_all(session, EVENING + 3 * DAY)) == 1


def test_a_pause_without_an_end_owes_nothing_until_the_person_resumes(session: Session) -> None:
    begin_as(session, ANA)
    patients.pause(session, ANA, None, NOON)
    assert not rows_of(session, ANA, state=WAITING)
    assert patients.unplanned(session, NOON, 10) == []
    resumed = patients.resume(session, ANA, NOON + DAY)
    assert resumed is not None
    assert (resumed.state, resumed.paused_until) == (State.ACTIVE, None)
    assert [row.event for row in rows_of(session, ANA, state=WAITING)] == ["2025-03-02"]


def test_stopping_drops_every_prompt_and_resuming_brings_them_back(session: Session) -> None:
    begin_as(session, ANA)
    open_card(session, ANA)
    stopped = patients.stop(session, ANA, NOON)
    assert stopped is not None
    assert stopped.state is State.STOPPED
    assert {row.kind for row in rows_of(session, ANA, state=WAITING)} == {"close"}
    patients.resume(session, ANA, NOON)
    assert len(rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)) == 1


def test_a_block_drops_all_that_waits_and_only_the_person_resumes(session: Session) -> None:
    begin_as(session, ANA)
    card = open_card(session, ANA)
    patients.blocked(session, ANA, NOON)
    patients.blocked(session, ANA, NOON)
    patient = patients.find(session, ANA)
    assert patient is not None
    assert patient.state is State.UNREACHABLE
    assert not rows_of(session, ANA, state=WAITING)
    closed = checkins.find(session, ANA, card.check_in.id)
    assert closed is not None
    assert closed.check_in.outcome == "closed"
    patients.choose(session, ANA, {"daily_minute": 60}, NOON)
    assert not rows_of(session, ANA, state=WAITING)
    patients.resume(session, ANA, NOON)
    assert len(rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)) == 1


def test_whoever_had_stopped_and_then_blocks_has_still_stopped(session: Session) -> None:
    begin_as(session, ANA)
    patients.stop(session, ANA, NOON)
    patients.blocked(session, ANA, NOON)
    patient = patients.find(session, ANA)
    assert patient is not None
    assert patient.state is State.STOPPED


def test_whoever_blocks_during_the_start_goes_on_with_it_later(session: Session) -> None:
    patients.agree(session, ANA, "en", "1", NOON)
    patients.blocked(session, ANA, NOON)
    resumed = patients.resume(session, ANA, NOON)
    assert resumed is not None
    assert resumed.state is State.ONBOARDING
    assert patients.pause(session, ANA, None, NOON) == resumed


def test_plan_ahead_finds_whoever_lacks_a_prompt_and_gives_one(session: Session) -> None:
    ana = begin_as(session, ANA)
    begin_as(session, CLEO)
    patients.agree(session, STRANGER, "en", "1", NOON)
    for row in rows_of(session, ANA):
        session.delete(row)
    session.flush()
    assert patients.unplanned(session, NOON, 10) == [ana.id]
    patients.plan(session, ana.id, NOON)
    patients.plan(session, ana.id, NOON)
    assert len(rows_of(session, ANA)) == 1
    assert patients.unplanned(session, NOON, 10) == []


def test_nobody_is_planned_for_who_wants_no_weekday(session: Session) -> None:
    begin_as(session, ANA, weekdays=frozenset())
    assert not rows_of(session, ANA)
    assert patients.unplanned(session, NOON, 10) == []
