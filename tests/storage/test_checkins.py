"""Check-ins and answers on both databases."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import Session, select

from care.checkin import Kind as CheckInKind
from care.checkin import Outcome
from care.due import DueState, Kind
from storage import checkins, history, patients
from storage.database import Database
from storage.sealing import KeyFault
from storage.tables import AnswerRevisionRow, AnswerRow, CheckInRow
from tests.storage.people import (
    ANA,
    CLEO,
    DAY,
    EVENING,
    HOUR,
    MINUTE,
    NOON,
    STRANGER,
    TODAY,
    begin_as,
    claimed,
    deliver_all,
    fill_in,
    open_card,
    rows_of,
)

WAITING = DueState.WAITING


def given(session: Session, check_in_id: int) -> dict[str, tuple[int | None, int]]:
    card = checkins.find(session, ANA, check_in_id)
    assert card is not None
    return {code: (answer.value, answer.revision) for code, answer in card.check_in.answers.items()}


def press(
    session: Session, check_in_id: int, code: str, value: int | None, revision: int, now: datetime = NOON
) -> bool:
    card = checkins.answer(session, ANA, check_in_id, code, value, revision, now)
    assert card is not None
    return card.changed


def test_a_day_has_one_check_in_however_often_it_is_opened(session: Session) -> None:
    begin_as(session, ANA)
    first, second = open_card(session, ANA), open_card(session, ANA, NOON + HOUR)
    assert (first.changed, second.changed) == (True, False)
    assert first.check_in == second.check_in
    assert (first.check_in.day, first.check_in.outcome, first.check_in.kind) == (TODAY, "open", "daily")
    (close,) = rows_of(session, ANA, kind=Kind.CLOSE)
    assert close.event == f"2025-03-01/{first.check_in.id}"


def test_the_small_hours_belong_to_the_day_before(session: Session) -> None:
    begin_as(session, ANA)
    assert open_card(session, ANA, NOON + 15 * HOUR).check_in.day == TODAY
    assert open_card(session, ANA, NOON + 17 * HOUR).check_in.day == TODAY + DAY


def test_nobody_opens_a_check_in_before_the_start_is_done(session: Session) -> None:
    patients.agree(session, ANA, "en", "1", NOON)
    for chat_id in (ANA, STRANGER):
        assert checkins.open_today(session, chat_id, NOON) is None
        assert checkins.open_extra(session, chat_id, "1", NOON) is None
        assert checkins.open_past(session, chat_id, TODAY - DAY, NOON) is None


def test_a_paused_a_stopped_and_a_lost_person_may_still_check_in(session: Session) -> None:
    begin_as(session, ANA)
    for leave in (lambda: patients.pause(session, ANA, None, NOON), lambda: patients.stop(session, ANA, NOON)):
        leave()
        assert checkins.open_today(session, ANA, NOON) is not None


def test_an_extra_check_in_is_one_for_each_key(session: Session) -> None:
    begin_as(session, ANA)
    open_card(session, ANA)
    numbers = []
    for key in ("11", "12", "11"):
        card = checkins.open_extra(session, ANA, key, NOON)
        assert card is not None
        assert card.check_in.kind is CheckInKind.EXTRA
        numbers.append(card.check_in.id)
    assert numbers[0] == numbers[2] != numbers[1]


def test_answers_are_kept_one_by_one_until_the_check_in_is_complete(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    assert press(session, number, "mood", 6, 0)
    assert press(session, number, "energy", None, 0)
    assert given(session, number) == {"mood": (6, 1), "energy": (None, 1)}
    assert press(session, number, "dizziness", 0, 0)
    card = checkins.answer(session, ANA, number, "nausea", 0, 0, EVENING)
    assert card is not None
    assert (card.check_in.outcome, card.check_in.completed_at) == (Outcome.COMPLETE, EVENING)
    assert checkins.find(session, ANA, number) == checkins.Card(card.patient, card.check_in, False)


@pytest.mark.parametrize(
    ("code", "value", "revision"),
    [
        ("mood", 11, 0),  # off the scale
        ("mood", -1, 0),
        ("mood", 7, 1),  # from a card that never was
        ("faint", 1, 0),  # not called for
        ("nothing", 1, 0),
    ],
)
def test_an_answer_that_makes_no_sense_changes_nothing(session: Session, code: str, value: int, revision: int) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    assert not press(session, number, code, value, revision)
    assert given(session, number) == {}


def test_a_press_delivered_again_or_late_never_overwrites_a_newer_answer(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    assert press(session, number, "mood", 6, 0)
    assert not press(session, number, "mood", 6, 0)
    assert press(session, number, "mood", 3, 1)
    assert not press(session, number, "mood", 6, 0)
    assert not press(session, number, "mood", 8, 1)
    assert given(session, number) == {"mood": (3, 2)}
    assert [row.revision for row in session.exec(select(AnswerRevisionRow)).all()] == [1, 2]


def test_a_complete_check_in_can_be_changed_and_asks_what_the_change_calls_for(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    assert fill_in(session, ANA, number).check_in.outcome is Outcome.COMPLETE
    card = checkins.answer(session, ANA, number, "dizziness", 3, 1, NOON + MINUTE)
    assert card is not None
    assert (card.check_in.outcome, card.check_in.completed_at) == (Outcome.OPEN, None)
    card = checkins.answer(session, ANA, number, "faint", 0, 0, NOON + 2 * MINUTE)
    assert card is not None
    assert card.check_in.outcome is Outcome.COMPLETE


def test_completing_the_day_drops_its_prompts_and_owes_tomorrows(session: Session) -> None:
    begin_as(session, ANA)
    fill_in(session, ANA, open_card(session, ANA).check_in.id)
    dropped, owed = rows_of(session, ANA, kind=Kind.DAILY)
    assert (dropped.state, dropped.why) == (DueState.DROPPED, "answered")
    assert (owed.state, owed.event) == (WAITING, "2025-03-02")
    assert not claimed(session, EVENING)


def test_completing_after_the_prompt_drops_the_nudge(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    (begun,) = deliver_all(session, NOON + 5 * MINUTE)
    assert begun.check_in is not None
    fill_in(session, ANA, begun.check_in.id, NOON + 6 * MINUTE)
    assert not rows_of(session, ANA, kind=Kind.NUDGE, state=WAITING)


def test_completing_an_extra_check_in_leaves_the_days_prompt(session: Session) -> None:
    begin_as(session, ANA)
    card = checkins.open_extra(session, ANA, "1", NOON)
    assert card is not None
    fill_in(session, ANA, card.check_in.id)
    assert len(deliver_all(session, EVENING)) == 1


def test_declining_settles_the_day_and_answers_wait_until_it_is_opened_again(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    card = checkins.decline(session, ANA, number, NOON)
    again = checkins.decline(session, ANA, number, NOON)
    assert card is not None
    assert again is not None
    assert (card.check_in.outcome, card.changed, again.changed) == (Outcome.DECLINED, True, False)
    assert not press(session, number, "mood", 6, 0)
    assert not claimed(session, EVENING)
    opened = checkins.reopen(session, ANA, number, NOON)
    assert opened is not None
    assert (opened.check_in.outcome, opened.check_in.entered_late) == (Outcome.OPEN, False)
    assert press(session, number, "mood", 6, 0)


def test_a_complete_check_in_cannot_be_declined_or_reopened(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    fill_in(session, ANA, number)
    for change in (checkins.decline, checkins.reopen):
        card = change(session, ANA, number, NOON)
        assert card is not None
        assert (card.changed, card.check_in.outcome) == (False, Outcome.COMPLETE)


def test_a_closed_day_is_opened_again_for_a_week_as_entered_late(session: Session) -> None:
    ana = begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    press(session, number, "mood", 6, 0)
    checkins.close(session, ana.id, number, NOON + DAY)
    assert not press(session, number, "energy", 1, 0, NOON + DAY)
    too_late = checkins.reopen(session, ANA, number, NOON + 8 * DAY)
    assert too_late is not None
    assert not too_late.changed
    opened = checkins.reopen(session, ANA, number, NOON + 7 * DAY)
    assert opened is not None
    assert (opened.changed, opened.check_in.entered_late) == (True, True)
    assert press(session, number, "energy", 1, 0, NOON + 7 * DAY)


def test_a_past_day_is_filled_in_within_a_week_and_closes_with_today(session: Session) -> None:
    begin_as(session, ANA)
    for days, allowed in {0: False, 1: True, 7: True, 8: False, -1: False}.items():
        card = checkins.open_past(session, ANA, TODAY - days * DAY, NOON)
        assert (card is not None) == allowed
        if card:
            assert (card.check_in.entered_late, card.check_in.day) == (True, TODAY - days * DAY)
    closings = deliver_all(session, NOON + 16 * HOUR + MINUTE)
    assert [one.due.kind for one in closings].count(Kind.CLOSE) == 2


def test_a_past_day_that_was_declined_is_open_again_and_a_complete_one_stays(session: Session) -> None:
    begin_as(session, ANA)
    declined, complete = open_card(session, ANA), open_card(session, ANA, NOON + DAY)
    checkins.decline(session, ANA, declined.check_in.id, NOON)
    fill_in(session, ANA, complete.check_in.id, NOON + DAY)
    again = checkins.open_past(session, ANA, TODAY, NOON + 2 * DAY)
    same = checkins.open_past(session, ANA, TODAY + DAY, NOON + 2 * DAY)
    assert again is not None
    assert same is not None
    assert (again.check_in.id, again.check_in.outcome, again.check_in.entered_late) == (
        declined.check_in.id,
        Outcome.OPEN,
        True,
    )
    assert (same.changed, same.check_in.outcome, same.check_in.entered_late) == (False, Outcome.COMPLETE, False)


def test_finishing_a_card_shortly_after_the_day_is_not_late_but_the_next_morning_is(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    press(session, number, "mood", 6, 0, NOON + 16 * HOUR + 20 * MINUTE)
    card = checkins.find(session, ANA, number)
    assert card is not None
    assert not card.check_in.entered_late
    press(session, number, "energy", 2, 0, NOON + 20 * HOUR)
    card = checkins.find(session, ANA, number)
    assert card is not None
    assert card.check_in.entered_late


def test_later_takes_the_place_of_the_days_other_prompts(session: Session) -> None:
    begin_as(session, ANA, daily_minute=12 * 60)
    (begun,) = deliver_all(session, NOON + 5 * MINUTE)
    assert begun.check_in is not None
    number = begun.check_in.id
    for _ in range(2):
        checkins.snooze(session, ANA, number, NOON + 2 * HOUR, NOON + HOUR)
    assert len(rows_of(session, ANA, kind=Kind.SNOOZE, state=WAITING)) == 1
    assert not rows_of(session, ANA, kind=Kind.NUDGE, state=WAITING)
    checkins.snooze(session, ANA, number, NOON + 5 * HOUR, NOON + HOUR)
    (snoozed,) = rows_of(session, ANA, kind=Kind.SNOOZE, state=WAITING)
    assert snoozed.at == NOON + 5 * HOUR


def test_later_before_the_prompt_holds_the_prompt_back_and_tomorrows_is_owed(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    checkins.snooze(session, ANA, number, EVENING + HOUR, EVENING - HOUR)
    assert not claimed(session, EVENING)
    assert [one.due.kind for one in deliver_all(session, EVENING + HOUR)] == [Kind.SNOOZE]
    assert [row.event for row in rows_of(session, ANA, kind=Kind.DAILY, state=WAITING)] == ["2025-03-02"]


def test_a_settled_check_in_cannot_be_put_off(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    checkins.decline(session, ANA, number, NOON)
    card = checkins.snooze(session, ANA, number, NOON + HOUR, NOON)
    assert card is not None
    assert not card.changed
    assert not rows_of(session, ANA, kind=Kind.SNOOZE)


def test_the_message_that_shows_the_card_is_remembered_and_the_one_before_given_back(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    assert [checkins.card_shown(session, ANA, number, message) for message in (10, 10, 12)] == [None, None, 10]
    card = checkins.find(session, ANA, number)
    assert card is not None
    assert card.check_in.message_id == 12


USES: dict[str, Callable[[Session, int, int], object]] = {
    "find": checkins.find,
    "answer": lambda s, chat, n: checkins.answer(s, chat, n, "mood", 1, 1, NOON),
    "decline": lambda s, chat, n: checkins.decline(s, chat, n, NOON),
    "reopen": lambda s, chat, n: checkins.reopen(s, chat, n, NOON),
    "snooze": lambda s, chat, n: checkins.snooze(s, chat, n, NOON + HOUR, NOON),
    "card_shown": lambda s, chat, n: checkins.card_shown(s, chat, n, 99),
}


@pytest.mark.parametrize("use", USES)
def test_cleo_never_reaches_anas_check_in(session: Session, use: str) -> None:
    begin_as(session, ANA)
    cleo = begin_as(session, CLEO)
    number = open_card(session, ANA).check_in.id
    press(session, number, "mood", 6, 0)
    before = checkins.find(session, ANA, number)
    assert USES[use](session, CLEO, number) is None
    assert USES[use](session, STRANGER, number) is None
    checkins.close(session, cleo.id, number, NOON)
    assert checkins.find(session, ANA, number) == before


def test_cleo_sees_nothing_of_anas_days(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    fill_in(session, ANA, open_card(session, ANA).check_in.id)
    assert history.recent(session, CLEO, TODAY, TODAY) == []
    assert history.entries(session, CLEO, TODAY, TODAY) == []
    assert open_card(session, CLEO).check_in.answers == {}


def test_history_lists_days_in_order_with_what_was_answered(session: Session) -> None:
    begin_as(session, ANA)
    fill_in(session, ANA, open_card(session, ANA).check_in.id)
    extra = checkins.open_extra(session, ANA, "1", NOON + HOUR)
    assert extra is not None
    press(session, extra.check_in.id, "mood", 2, 0)
    past = checkins.open_past(session, ANA, TODAY - DAY, NOON)
    assert past is not None
    press(session, past.check_in.id, "mood", None, 0)
    found = history.recent(session, ANA, TODAY - DAY, TODAY)
    assert [(one.day, one.kind, len(one.answers)) for one in found] == [
        (TODAY - DAY, "daily", 1),
        (TODAY, "daily", 4),
        (TODAY, "extra", 1),
    ]
    assert [(entry.day, entry.values, entry.extra) for entry in history.entries(session, ANA, TODAY - DAY, TODAY)] == [
        (TODAY, {"mood": 6, "energy": 2, "dizziness": 0, "nausea": 1}, False),
        (TODAY, {"mood": 2}, True),
    ]
    assert history.recent(session, ANA, TODAY + DAY, TODAY + DAY) == []


def test_an_answer_copied_to_another_row_does_not_open(session: Session) -> None:
    begin_as(session, ANA)
    today, tomorrow = open_card(session, ANA), open_card(session, ANA, NOON + DAY)
    press(session, today.check_in.id, "mood", 6, 0)
    press(session, tomorrow.check_in.id, "mood", 1, 0)
    first, second = session.exec(select(AnswerRow).order_by(AnswerRow.check_in_id)).all()
    second.value = first.value
    session.add(second)
    session.flush()
    with pytest.raises(KeyFault):
        checkins.find(session, ANA, tomorrow.check_in.id)


def test_an_answer_copied_to_another_person_does_not_open(session: Session) -> None:
    begin_as(session, ANA)
    cleo = begin_as(session, CLEO)
    number = open_card(session, ANA).check_in.id
    press(session, number, "mood", 6, 0)
    row = session.get_one(CheckInRow, number)
    row.patient_id = cleo.id
    session.add(row)
    session.flush()
    with pytest.raises(KeyFault):
        checkins.find(session, CLEO, number)


async def test_of_sixteen_presses_at_once_exactly_one_counts(database: Database) -> None:
    await database.write(begin_as, ANA)
    card = await database.write(open_card, ANA)
    number = card.check_in.id
    results = await asyncio.gather(
        *(database.write(checkins.answer, ANA, number, "mood", n % 11, 0, NOON) for n in range(16))
    )
    assert sum(result is not None and result.changed for result in results) == 1
    found = await database.read(checkins.find, ANA, number)
    assert found is not None
    assert found.check_in.revision("mood") == 1


async def test_different_questions_answered_at_once_complete_the_check_in_once(database: Database) -> None:
    await database.write(begin_as, ANA)
    card = await database.write(open_card, ANA)
    number = card.check_in.id
    codes = ["mood", "energy", "dizziness", "nausea"]
    await asyncio.gather(*(database.write(checkins.answer, ANA, number, code, 0, 0, NOON) for code in codes))
    found = await database.read(checkins.find, ANA, number)
    assert found is not None
    assert found.check_in.outcome is Outcome.COMPLETE


async def test_a_day_opened_sixteen_times_at_once_is_one_check_in(database: Database) -> None:
    await database.write(begin_as, ANA)
    cards = await asyncio.gather(*(database.write(checkins.open_today, ANA, NOON) for _ in range(16)))
    assert len({card.check_in.id for card in cards if card}) == 1
    assert sum(card is not None and card.changed for card in cards) == 1
