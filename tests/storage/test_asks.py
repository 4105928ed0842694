"""What a person wants to say at a visit, on both databases: kept once, edited, settled; never anybody else's."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from care.visits import Appointment, VisitKind
from storage import asks, visits
from storage.asks import MOST_QUESTIONS, LineKind, LineState
from storage.sealing import KeyFault
from storage.tables import VisitLineRow
from storage.visits import NewVisit
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, STRANGER, begin_as

QUESTION, MAIN = LineKind.QUESTION, LineKind.MAIN


def questions(session: Session, chat_id: int = ANA) -> list[str]:
    return [line.text for line in asks.questions(session, chat_id)]


def main(session: Session, visit: Appointment, chat_id: int = ANA) -> str | None:
    found = asks.main_for(session, chat_id, visit.id)
    return found.text if found else None


def plan_visit(session: Session, days: int = 3, chat_id: int = ANA) -> Appointment:
    made = visits.make(session, chat_id, [NewVisit(NOON + days * DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)], NOON)
    assert made is not None
    return made.new[0]


def test_a_question_is_kept_once_however_often_its_message_comes(session: Session) -> None:
    begin_as(session, ANA)
    for _ in range(2):
        assert asks.add(session, ANA, 10, QUESTION, "  Can I drive?\n", NOON)
    (line,) = asks.lines(session, ANA)
    assert (line.kind, line.text, line.appointment_id, line.written_at) == (QUESTION, "Can I drive?", None, NOON)


def test_questions_stand_in_the_order_they_were_written(session: Session) -> None:
    begin_as(session, ANA)
    for n, text in enumerate(("one", "two", "three")):
        asks.add(session, ANA, 30 - n, QUESTION, text, NOON)
    assert questions(session) == ["one", "two", "three"]


def test_thirty_questions_are_the_most_and_the_one_thing_to_tell_has_room_beside_them(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session)
    for n in range(MOST_QUESTIONS):
        assert asks.add(session, ANA, n + 1, QUESTION, f"q{n}", NOON)
    assert not asks.add(session, ANA, 100, QUESTION, "one more", NOON)
    assert asks.add(session, ANA, 5, QUESTION, "q4", NOON)
    assert asks.add(session, ANA, 101, MAIN, "it helps", NOON, visit.id)
    asks.settle(session, ANA, asks.questions(session, ANA)[0].id, LineState.ASKED)
    assert asks.add(session, ANA, 100, QUESTION, "one more", NOON)
    assert len(questions(session)) == MOST_QUESTIONS


@pytest.mark.parametrize("state", [LineState.ASKED, LineState.REMOVED])
def test_what_was_settled_stays_settled(session: Session, state: LineState) -> None:
    begin_as(session, ANA)
    asks.add(session, ANA, 10, QUESTION, "Can I drive?", NOON)
    number = asks.questions(session, ANA)[0].id
    asks.settle(session, ANA, number, state)
    asks.settle(session, ANA, number, LineState.ASKED)
    assert asks.knows(session, ANA, 10)
    assert asks.add(session, ANA, 10, QUESTION, "Can I drive?", NOON)
    assert not asks.revise(session, ANA, 10, "Can I?")
    assert questions(session) == []
    (row,) = session.exec(select(VisitLineRow)).all()
    assert row.state == state


def test_a_question_stays_when_its_visit_has_gone_by(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session, days=1)
    asks.add(session, ANA, 10, QUESTION, "Can I drive?", NOON)
    visits.went(session, ANA, visit.id, NOON + 2 * DAY)
    assert questions(session) == ["Can I drive?"]


def test_an_edited_message_gives_its_question_new_words(session: Session) -> None:
    begin_as(session, ANA)
    asks.add(session, ANA, 10, QUESTION, "Can I drve?", NOON)
    asks.add(session, ANA, 11, QUESTION, "And swim?", NOON)
    for _ in range(2):
        assert asks.revise(session, ANA, 10, "Can I drive?")
    assert not asks.revise(session, ANA, 10, "  ")
    assert not asks.revise(session, ANA, 99, "no line of mine")
    assert questions(session) == ["Can I drive?", "And swim?"]


def test_the_one_thing_belongs_to_its_visit_and_a_new_one_replaces_it(session: Session) -> None:
    begin_as(session, ANA)
    first, second = plan_visit(session, 3), plan_visit(session, 9)
    asks.add(session, ANA, 10, MAIN, "sleep", NOON, first.id)
    asks.add(session, ANA, 11, MAIN, "work", NOON, second.id)
    asks.add(session, ANA, 12, MAIN, "sleep is better", NOON, first.id)
    assert (main(session, first), main(session, second)) == ("sleep is better", "work")
    assert questions(session) == []


def test_an_older_message_that_comes_again_does_not_put_out_the_newer_one_thing(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session)
    for message_id, text in ((10, "old"), (11, "new"), (10, "old")):
        assert asks.add(session, ANA, message_id, MAIN, text, NOON, visit.id)
    assert main(session, visit) == "new"


def test_a_visit_that_moves_keeps_its_one_thing(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session)
    asks.add(session, ANA, 10, MAIN, "sleep", NOON, visit.id)
    visits.move(session, ANA, visit.id, visit.at + HOUR, NOON)
    assert main(session, visit) == "sleep"


@pytest.mark.parametrize("text", ["🌊" * 2048, "مرحبا <b>&amp;</b> \u202e", "x" * 4096])
def test_any_text_comes_back_as_it_was_written(session: Session, text: str) -> None:
    begin_as(session, ANA)
    asks.add(session, ANA, 10, QUESTION, text, NOON)
    assert questions(session) == [text]


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_is_no_question(session: Session, text: str) -> None:
    begin_as(session, ANA)
    assert not asks.add(session, ANA, 10, QUESTION, text, NOON)


def test_a_stranger_leaves_no_line(session: Session) -> None:
    assert not asks.add(session, STRANGER, 10, QUESTION, "x", NOON)
    assert asks.lines(session, STRANGER) == []


USES: dict[str, Callable[[Session, int, int], object]] = {
    "revise": lambda s, message, number: asks.revise(s, CLEO, message, "mine"),
    "settle": lambda s, message, number: asks.settle(s, CLEO, number, LineState.REMOVED),
}


@pytest.mark.parametrize("use", USES)
def test_cleo_never_reaches_anas_lines(session: Session, use: str) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    asks.add(session, ANA, 10, QUESTION, "Can I drive?", NOON)
    assert not USES[use](session, 10, asks.questions(session, ANA)[0].id)
    assert questions(session) == ["Can I drive?"]
    assert questions(session, CLEO) == []
    assert not asks.knows(session, CLEO, 10)


def test_cleo_cannot_write_for_anas_visit(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    visit = plan_visit(session)
    assert not asks.add(session, CLEO, 10, MAIN, "hello", NOON, visit.id)
    assert main(session, visit) is None
    assert main(session, visit, CLEO) is None


def test_a_line_copied_to_another_row_does_not_open(session: Session) -> None:
    begin_as(session, ANA)
    for message_id in (10, 11):
        asks.add(session, ANA, message_id, QUESTION, f"q{message_id}", NOON)
    first, second = session.exec(select(VisitLineRow).order_by(col(VisitLineRow.id))).all()
    second.text_sealed = first.text_sealed
    session.add(second)
    session.flush()
    with pytest.raises(KeyFault):
        asks.lines(session, ANA)
