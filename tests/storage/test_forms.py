"""Standard forms on both databases: opened once a day, owed on their clocks, read back, offered, and told of once."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from care.checkin import Kind, Outcome, next_question
from care.due import Kind as DueKind
from care.people import REMINDERS, Patient
from care.visits import VisitKind
from storage import checkins, forms, history, patients, treatments, visits
from storage.checkins import Card
from storage.visits import NewVisit
from tests.storage.people import (
    ANA,
    CLEO,
    DAY,
    HOUR,
    NOON,
    STRANGER,
    begin_as,
    deliver_all,
    fill_in,
    open_card,
    rows_of,
)

EVENING = NOON + 9 * HOUR


def wanting(session: Session, *codes: str, chat_id: int = ANA) -> Patient:
    return begin_as(session, chat_id, items=frozenset({*REMINDERS, *codes}))


def filled(session: Session, name: str, now: datetime, value: int | None = 1, chat_id: int = ANA) -> Card:
    card = checkins.open_form(session, chat_id, name, now)
    assert card is not None
    while (question := next_question(card.check_in.questions, card.check_in.answers)) is not None:
        taken = checkins.answer(session, chat_id, card.check_in.id, question.code, value, 0, now)
        assert taken is not None
        assert taken.changed
        card = taken
    return card


def owed(session: Session, chat_id: int = ANA) -> list[tuple[str, str]]:
    rows = rows_of(session, chat_id, kind=DueKind.FORM)
    return [(row.event, row.state) for row in rows if row.why != "plan_changed"]


def test_a_form_is_opened_once_a_day_and_each_form_beside_the_other(session: Session) -> None:
    begin_as(session, ANA)
    first, again, other = (checkins.open_form(session, ANA, name, NOON) for name in ("phq9", "phq9", "gad7"))
    assert first
    assert again
    assert other
    assert first.check_in.id == again.check_in.id != other.check_in.id
    assert (first.check_in.kind, first.check_in.set_name, first.check_in.day) == (Kind.FORM, "phq9", NOON.date())
    tomorrow = checkins.open_form(session, ANA, "phq9", NOON + DAY)
    assert tomorrow
    assert tomorrow.check_in.id != first.check_in.id


def test_a_stranger_and_whoever_has_not_begun_opens_none(session: Session) -> None:
    assert checkins.open_form(session, STRANGER, "phq9", NOON) is None
    patients.agree(session, ANA, "en", "1", NOON)
    assert checkins.open_form(session, ANA, "phq9", NOON) is None


def test_nothing_is_owed_until_a_form_is_switched_on_and_nothing_once_it_is_off(session: Session) -> None:
    patient = begin_as(session, ANA)
    assert owed(session) == []
    patients.choose(session, ANA, {"items": patient.items | {"phq9"}}, NOON)
    assert owed(session) == [("2025-03-01/phq9", "waiting")]
    patients.choose(session, ANA, {"items": patient.items}, NOON)
    assert owed(session) == []


def test_the_next_is_owed_when_one_was_sent_and_then_every_two_weeks(session: Session) -> None:
    wanting(session, "phq9")
    for n in range(30):
        deliver_all(session, EVENING + n * DAY, by=f"t{n}")
    assert owed(session) == [
        ("2025-03-01/phq9", "sent"),
        ("2025-03-15/phq9", "sent"),
        ("2025-03-29/phq9", "sent"),
        ("2025-04-12/phq9", "waiting"),
    ]


def test_a_form_that_was_filled_in_takes_its_waiting_prompt_away(session: Session) -> None:
    wanting(session, "phq9")
    filled(session, "phq9", NOON)
    assert owed(session) == [("2025-03-01/phq9", "dropped"), ("2025-03-15/phq9", "waiting")]


def test_a_form_without_item_nine_stands_for_the_one_with_it(session: Session) -> None:
    wanting(session, "phq9")
    filled(session, "phq8", NOON)
    assert owed(session) == [("2025-03-01/phq9", "dropped"), ("2025-03-15/phq9", "waiting")]


def test_the_longer_form_takes_the_shorter_ones_prompt_away(session: Session) -> None:
    wanting(session, "phq2")
    filled(session, "phq9", NOON)
    assert owed(session) == [("2025-03-01/phq2", "dropped"), ("2025-03-08/phq2", "waiting")]


def test_a_form_left_open_keeps_its_prompt(session: Session) -> None:
    wanting(session, "phq9")
    card = checkins.open_form(session, ANA, "phq9", NOON)
    assert card
    checkins.answer(session, ANA, card.check_in.id, "phq1", 1, 0, NOON)
    assert owed(session) == [("2025-03-01/phq9", "waiting")]


def test_a_treatment_told_in_the_afternoon_moves_the_evenings_form(session: Session) -> None:
    wanting(session, "phq9")
    treatments.had(session, ANA, NOON, NOON + HOUR)
    assert owed(session)[-1] == ("2025-03-01/phq9", "waiting")
    (row,) = rows_of(session, ANA, kind=DueKind.FORM, state="waiting")
    assert row.at.date() == (NOON + 2 * DAY).date()


def test_a_day_with_messages_enough_moves_the_form_to_the_next(session: Session) -> None:
    patient = wanting(session, "phq9")
    visits.make(session, ANA, [NewVisit(NOON + DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)], NOON - HOUR)
    for n in range(4):  # three days have a card and a word about the visit each: before it, on its day, after it
        deliver_all(session, NOON + n * DAY - HOUR, by=f"m{n}")
        deliver_all(session, EVENING + n * DAY, by=f"e{n}")
    tried = [(row.at.day, row.why) for row in rows_of(session, ANA, kind=DueKind.FORM) if row.why != "plan_changed"]
    assert tried == [(1, "enough_today"), (2, "enough_today"), (3, "enough_today"), (4, None), (17, None)]
    assert forms.coming(session, patient.id)["phq9"].day == 17


def test_forms_are_read_back_oldest_first_and_only_the_complete_ones(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    for back in (30, 14, 0):
        filled(session, "phq9", NOON - back * DAY)
    checkins.open_form(session, ANA, "gad7", NOON)
    filled(session, "gad2", NOON, chat_id=CLEO)
    found = forms.history(session, ANA, NOON)
    assert [(one.set_name, (NOON.date() - one.day).days) for one in found] == [
        ("phq9", 30),
        ("phq9", 14),
        ("phq9", 0),
    ]
    before = forms.before(session, ANA, found[-1], NOON)
    assert before
    assert before.id == found[1].id
    assert forms.before(session, ANA, found[0], NOON) is None


def test_a_form_is_no_daily_card_and_stays_out_of_the_summary(session: Session) -> None:
    begin_as(session, ANA)
    filled(session, "phq9", NOON)
    assert history.entries(session, ANA, NOON.date(), NOON.date()) == []
    card = open_card(session, ANA)
    assert (card.check_in.kind, card.check_in.outcome) == (Kind.DAILY, Outcome.OPEN)


@pytest.mark.parametrize(("value", "offered"), [(1, ""), (2, "phq9"), (3, "phq9")])
def test_the_longer_form_is_offered_under_a_high_short_one(session: Session, value: int, offered: str) -> None:
    patient = begin_as(session, ANA)
    card = filled(session, "phq2", NOON, value)
    assert forms.offered(session, patient, card.check_in, NOON) == offered
    filled(session, "phq9", NOON)
    assert forms.offered(session, patient, card.check_in, NOON) == ""


def test_that_there_are_forms_is_told_once_after_five_cards(session: Session) -> None:
    patient = begin_as(session, ANA)
    told = []
    for n in range(7):
        card = open_card(session, ANA, NOON + n * DAY)
        done = fill_in(session, ANA, card.check_in.id, NOON + n * DAY)
        told.append(forms.is_told(session, patient, done.check_in))
    assert told == [False, False, False, False, True, False, False]


def test_an_unanswered_form_is_closed_when_its_day_is_over(session: Session) -> None:
    begin_as(session, ANA)
    card = checkins.open_form(session, ANA, "phq9", NOON)
    assert card
    deliver_all(session, NOON + DAY + timedelta(hours=1))
    found = checkins.find(session, ANA, card.check_in.id)
    assert found
    assert found.check_in.outcome is Outcome.CLOSED
    again = checkins.reopen(session, ANA, card.check_in.id, NOON + DAY + timedelta(hours=1))
    assert again
    assert not again.changed
