"""The card that answers call for, as it is kept: sealed, in place of a step, and nobody else's."""

import pytest
from sqlalchemy import select
from sqlmodel import Session

from care.people import REMINDERS
from storage import checkins, copies, guides, offers, steps
from storage.tables import steps_shown
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, begin_as, open_card


def answer_all(session: Session, chat_id: int, number: int, now=NOON, **values: int) -> checkins.Card:  # type: ignore[no-untyped-def]
    given = {"mood": 6, "energy": 2, "dizziness": 0, "nausea": 0} | values
    card = checkins.find(session, chat_id, number)
    assert card
    for code, value in given.items():
        card = checkins.answer(session, chat_id, number, code, value, card.check_in.revision(code), now)
        assert card
    offers.offer(session, card.patient, card.check_in, now)
    return card


def kept(session: Session) -> list[str]:
    return list(session.connection().execute(select(steps_shown.c.code)).scalars())


def code_of(session: Session, card: checkins.Card) -> str | None:
    guide = guides.of_check_in(session, card.patient, card.check_in)
    return guide.rule.code if guide else None


@pytest.fixture
def begun(session: Session) -> Session:
    begin_as(session, ANA, items=frozenset({"steps", *REMINDERS}))
    return session


def test_a_card_is_kept_sealed_and_is_no_step(begun: Session) -> None:
    card = answer_all(begun, ANA, open_card(begun, ANA).check_in.id, mood=1)
    (code,) = kept(begun)
    assert "mood" not in code
    assert code.startswith("g_")
    assert code_of(begun, card) == "mood_low"
    assert steps.shown(begun, ANA) == []
    assert steps.shown_with(begun, ANA, card.check_in.id) is None
    assert offers.of_check_in(begun, card.patient, card.check_in) is None


def test_all_cards_look_alike(begun: Session) -> None:
    number = open_card(begun, ANA).check_in.id
    answer_all(begun, ANA, number, mood=1)
    (first,) = kept(begun)
    answer_all(begun, ANA, number, dizziness=3, faint=0)
    (second,) = kept(begun)
    assert first != second
    assert len(first) == len(second)


def test_choosing_twice_keeps_one_and_its_moment(begun: Session) -> None:
    number = open_card(begun, ANA).check_in.id
    card = answer_all(begun, ANA, number, mood=1)
    before = kept(begun)
    assert guides.offer(begun, card.patient, card.check_in, NOON + HOUR) is not None
    assert kept(begun) == before


def test_a_card_takes_the_place_of_a_step_and_goes_with_its_reason(begun: Session) -> None:
    number = open_card(begun, ANA).check_in.id
    card = answer_all(begun, ANA, number)
    assert len(steps.shown(begun, ANA)) == 1
    assert code_of(begun, card) is None
    card = answer_all(begun, ANA, number, dizziness=3, faint=0)
    assert steps.shown(begun, ANA) == []
    assert code_of(begun, card) == "red_body"
    card = answer_all(begun, ANA, number, dizziness=0)
    assert code_of(begun, card) is None


def test_a_card_of_the_day_before_is_remembered_for_a_day(begun: Session) -> None:
    answer_all(begun, ANA, open_card(begun, ANA).check_in.id, mood=1)
    soon, then = NOON + 20 * HOUR, NOON + 26 * HOUR
    card = answer_all(begun, ANA, open_card(begun, ANA, soon).check_in.id, soon, mood=1)
    assert code_of(begun, card) is None
    extra = checkins.open_extra(begun, ANA, "x", then)
    assert extra
    assert code_of(begun, answer_all(begun, ANA, extra.check_in.id, then, mood=1)) == "mood_low"


def test_an_idea_is_never_one_that_is_not_for_the_person(begun: Session) -> None:
    first = offers.idea(begun, *of(answer_all(begun, ANA, open_card(begun, ANA).check_in.id, mood=1)))
    assert first
    yesterday = checkins.open_past(begun, ANA, NOON.date() - DAY, NOON)
    assert yesterday
    steps.note(begun, yesterday.patient.id, yesterday.check_in.id, first.code, NOON)
    steps.judge(begun, ANA, yesterday.check_in.id, first.code, "not", NOON)
    card = open_card(begun, ANA)
    assert offers.idea(begun, *of(card)) != first


def of(card: checkins.Card) -> tuple:  # type: ignore[type-arg]
    return card.patient, card.check_in


def test_nobody_elses_card_is_seen(begun: Session) -> None:
    cleo = begin_as(begun, CLEO)
    card = answer_all(begun, ANA, open_card(begun, ANA).check_in.id, mood=1)
    assert guides.of_check_in(begun, cleo, card.check_in) is None


def test_no_copy_carries_a_card_because_it_follows_from_the_answers(begun: Session) -> None:
    answer_all(begun, ANA, open_card(begun, ANA).check_in.id, mood=1)
    found = copies.collect(begun, ANA)
    assert found is not None
    assert found["small_steps"] == []
    assert copies.counts(begun, ANA)["small_steps"] == 1
