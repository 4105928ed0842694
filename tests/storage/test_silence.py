"""How long a person was not heard of, as the due table and everything they said tell it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from care.due import DueState
from care.easing import Silence, Tone
from care.people import Pace, State
from storage import checkins, notes, patients, silence
from storage.database import Database
from tests.storage.people import ANA, CLEO, DAY, EVENING, HOUR, NOON, begin_as, claimed, deliver_all, open_card, rows_of


def evenings(session: Session, first: int, last: int) -> list[Tone]:
    """Let the evenings of some days pass, counted from the first, with what the bot sends on them; give the tones."""
    tones = []
    for day in range(first, last):
        for hour in (0, 3, 12):
            sent = deliver_all(session, EVENING + day * DAY + hour * HOUR)
            tones += [one.tone for one in sent if one.due.kind == "daily" and type(one.decision).__name__ == "Send"]
    return tones


def of_ana(session: Session) -> Silence:
    patient = patients.find(session, ANA)
    assert patient is not None
    return silence.of_patient(session, patient)


async def test_prompts_without_an_answer_are_counted_from_the_first(database: Database) -> None:
    def story(session: Session) -> None:
        begin_as(session, ANA)
        begin_as(session, CLEO)
        assert of_ana(session) == Silence(0, None)
        assert evenings(session, 0, 2)
        assert of_ana(session) == Silence(2, EVENING)
        open_card(session, CLEO, EVENING + 2 * DAY)
        assert of_ana(session).unanswered == 2

    await database.write(story)


async def test_three_unanswered_prompts_make_the_fourth_one_say_so_and_then_it_is_weekly(database: Database) -> None:
    def story(session: Session) -> None:
        begin_as(session, ANA)
        assert evenings(session, 0, 4) == [Tone.USUAL] * 3 + [Tone.EASING]
        patient = patients.find(session, ANA)
        assert patient is not None
        assert (patient.pace, patient.pace_from) == (Pace.WEEKLY, (EVENING + 3 * DAY).date())
        assert evenings(session, 4, 10) == []
        assert evenings(session, 10, 11) == [Tone.USUAL]
        cards = [row.day for row in _daily_check_ins(session)]
        assert (EVENING + 3 * DAY).date() not in cards  # nothing was asked on that day

    await database.write(story)


async def test_after_28_days_one_last_message_and_then_nothing(database: Database) -> None:
    def story(session: Session) -> None:
        begin_as(session, ANA)
        assert evenings(session, 0, 80) == [*[Tone.USUAL] * 3, Tone.EASING, *[Tone.USUAL] * 3, Tone.LAST]
        patient = patients.find(session, ANA)
        assert patient is not None
        assert (patient.state, patient.paused_until) == (State.PAUSED, None)
        assert [row for row in rows_of(session, ANA, state=DueState.WAITING) if row.kind != "close"] == []
        assert patients.resume(session, ANA, EVENING + 80 * DAY) is not None
        assert of_ana(session) == Silence(0, None)
        assert evenings(session, 81, 83) == [Tone.USUAL] * 2

    await database.write(story)


def _answer(session: Session, now: datetime) -> None:
    card = open_card(session, ANA, now)
    checkins.answer(session, ANA, card.check_in.id, "mood", 5, 0, now)


def _skip(session: Session, now: datetime) -> None:
    card = open_card(session, ANA, now)
    checkins.answer(session, ANA, card.check_in.id, "mood", None, 0, now)


def _note(session: Session, now: datetime) -> None:
    notes.write(session, ANA, 77, "a line", None, now)


def _snooze(session: Session, now: datetime) -> None:
    card = open_card(session, ANA, now)
    checkins.snooze(session, ANA, card.check_in.id, now + HOUR, now)


def _decline(session: Session, now: datetime) -> None:
    card = open_card(session, ANA, now)
    checkins.decline(session, ANA, card.check_in.id, now)


def _choose_pace(session: Session, now: datetime) -> None:
    patients.choose(session, ANA, {"heard_at": now}, now)


@pytest.mark.parametrize("sign", [_answer, _skip, _note, _snooze, _decline, _choose_pace])
async def test_any_sign_of_the_person_begins_the_count_anew(
    database: Database, sign: Callable[[Session, datetime], None]
) -> None:
    def story(session: Session) -> None:
        begin_as(session, ANA)
        assert evenings(session, 0, 2) == [Tone.USUAL] * 2
        sign(session, EVENING + 2 * DAY - 2 * HOUR)
        assert of_ana(session) == Silence(0, None)
        tones = evenings(session, 2, 6)
        assert tones[:3] == [Tone.USUAL] * 3
        assert of_ana(session).since is not None
        assert of_ana(session).since >= EVENING + 2 * DAY  # type: ignore[operator]  # not None, as said above

    await database.write(story)


async def test_a_prompt_on_its_way_does_not_count_against_itself(database: Database) -> None:
    def story(session: Session) -> None:
        begin_as(session, ANA)
        evenings(session, 0, 3)
        (row,) = rows_of(session, ANA, kind="daily", state=DueState.SENT, event=NOON.date().isoformat())
        patient = patients.find(session, ANA)
        assert patient is not None
        assert row.id is not None
        assert silence.of_patient(session, patient).unanswered == 3
        assert silence.of_patient(session, patient, but=row.id).unanswered == 2
        assert claimed(session, EVENING + 2 * DAY + HOUR) == []

    await database.write(story)


def _daily_check_ins(session: Session) -> list[checkins.CheckIn]:
    from storage import history

    return history.recent(session, ANA, NOON.date(), NOON.date() + timedelta(days=20))
