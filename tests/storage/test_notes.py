"""Notes: offered, kept, edited, removed; never anybody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from care.notes import Note
from storage import notes
from storage.sealing import KeyFault
from storage.tables import NoteRevisionRow, NoteRow
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, STRANGER, TODAY, begin_as, open_card


def texts(session: Session, chat_id: int = ANA) -> list[tuple[str, int]]:
    return [(note.text, note.revision) for note in notes.of_days(session, chat_id, TODAY - DAY, TODAY + DAY)]


def test_what_was_typed_out_of_the_blue_is_a_note_only_when_kept(session: Session) -> None:
    begin_as(session, ANA)
    assert notes.offer(session, ANA, 10, "the river helped", NOON)
    assert texts(session) == []
    assert notes.keep(session, ANA, 10, NOON)
    assert notes.keep(session, ANA, 10, NOON)
    assert notes.of_days(session, ANA, TODAY, TODAY) == [Note(10, TODAY, "the river helped", NOON, 1)]
    assert not notes.discard(session, ANA, 10)
    assert len(texts(session)) == 1


def test_an_offer_that_is_declined_or_forgotten_is_gone(session: Session) -> None:
    begin_as(session, ANA)
    notes.offer(session, ANA, 10, "no", NOON)
    notes.offer(session, ANA, 11, "nor this", NOON)
    notes.write(session, ANA, 12, "this one", None, NOON)
    assert notes.discard(session, ANA, 10)
    assert not notes.discard(session, ANA, 10)
    assert not notes.keep(session, ANA, 10, NOON)
    notes.forget_offers(session, NOON + 23 * HOUR)
    assert len(session.exec(select(NoteRow)).all()) == 2
    notes.forget_offers(session, NOON + DAY)
    assert not notes.keep(session, ANA, 11, NOON + DAY)
    assert texts(session) == [("this one", 1)]


def test_an_offer_a_day_old_is_too_old_to_keep_even_before_the_sweep(session: Session) -> None:
    begin_as(session, ANA)
    notes.offer(session, ANA, 10, "old", NOON)
    assert not notes.keep(session, ANA, 10, NOON + DAY)
    assert texts(session) == []


def test_a_message_delivered_twice_is_one_note(session: Session) -> None:
    begin_as(session, ANA)
    for _ in range(2):
        assert notes.write(session, ANA, 10, "once", None, NOON)
        assert notes.offer(session, ANA, 10, "once", NOON)
    assert texts(session) == [("once", 1)]
    assert len(session.exec(select(NoteRevisionRow)).all()) == 1


def test_a_note_written_to_a_card_belongs_to_the_cards_day(session: Session) -> None:
    begin_as(session, ANA)
    card = open_card(session, ANA)
    assert notes.write(session, ANA, 10, "about yesterday", card.check_in.id, NOON + DAY)
    assert notes.write(session, ANA, 11, "about today", None, NOON + DAY)
    assert [(note.day, note.text) for note in notes.of_days(session, ANA, TODAY, TODAY + DAY)] == [
        (TODAY, "about yesterday"),
        (TODAY + DAY, "about today"),
    ]


def test_an_edited_message_is_a_new_revision_and_every_wording_is_kept(session: Session) -> None:
    begin_as(session, ANA)
    notes.write(session, ANA, 10, "first", None, NOON)
    assert notes.revise(session, ANA, 10, "second", NOON + HOUR)
    assert notes.revise(session, ANA, 10, "second", NOON + HOUR)
    assert texts(session) == [("second", 2)]
    kept = session.exec(select(NoteRevisionRow.revision).order_by(col(NoteRevisionRow.revision))).all()
    assert list(kept) == [1, 2]
    assert not notes.revise(session, ANA, 99, "x", NOON)


def test_an_offer_edited_before_it_is_kept_keeps_the_new_words(session: Session) -> None:
    begin_as(session, ANA)
    notes.offer(session, ANA, 10, "first", NOON)
    assert notes.revise(session, ANA, 10, "second", NOON)
    notes.keep(session, ANA, 10, NOON)
    assert texts(session) == [("second", 2)]


def test_a_removed_note_leaves_no_wording_behind(session: Session) -> None:
    begin_as(session, ANA)
    notes.write(session, ANA, 10, "first", None, NOON)
    notes.revise(session, ANA, 10, "second", NOON)
    assert notes.remove(session, ANA, 10)
    assert not notes.remove(session, ANA, 10)
    assert not session.exec(select(NoteRow)).all()
    assert not session.exec(select(NoteRevisionRow)).all()


@pytest.mark.parametrize("text", ["🌊" * 4096, "مرحبا <b>&amp;</b> \x00 \u202e", ""])
def test_any_text_comes_back_as_it_was_written(session: Session, text: str) -> None:
    begin_as(session, ANA)
    notes.write(session, ANA, 10, text, None, NOON)
    assert texts(session) == [(text, 1)]


def test_a_stranger_leaves_no_note(session: Session) -> None:
    assert not notes.offer(session, STRANGER, 1, "x", NOON)
    assert not notes.write(session, STRANGER, 1, "x", None, NOON)
    assert notes.of_days(session, STRANGER, TODAY, TODAY) == []


USES: dict[str, Callable[[Session, int], bool]] = {
    "keep": lambda s, message: notes.keep(s, CLEO, message, NOON),
    "discard": lambda s, message: notes.discard(s, CLEO, message),
    "revise": lambda s, message: notes.revise(s, CLEO, message, "mine", NOON),
    "remove": lambda s, message: notes.remove(s, CLEO, message),
}


@pytest.mark.parametrize("use", USES)
def test_cleo_never_reaches_anas_notes(session: Session, use: str) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    notes.write(session, ANA, 10, "kept", None, NOON)
    notes.offer(session, ANA, 11, "offered", NOON)
    assert not USES[use](session, 10)
    assert not USES[use](session, 11)
    assert texts(session) == [("kept", 1)]
    assert texts(session, CLEO) == []
    assert notes.keep(session, ANA, 11, NOON)


def test_cleo_cannot_write_to_anas_card(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    number = open_card(session, ANA).check_in.id
    assert not notes.write(session, CLEO, 10, "hello", number, NOON)
    assert texts(session, CLEO) == []


def test_the_same_message_number_of_two_people_is_two_notes(session: Session) -> None:
    for chat_id in (ANA, CLEO):
        begin_as(session, chat_id)
        notes.write(session, chat_id, 10, f"of {chat_id}", None, NOON + timedelta(0))
    assert texts(session, CLEO) == [(f"of {CLEO}", 1)]


def test_a_note_copied_to_another_row_does_not_open(session: Session) -> None:
    begin_as(session, ANA)
    notes.write(session, ANA, 10, "one", None, NOON)
    notes.write(session, ANA, 11, "two", None, NOON)
    first, second = session.exec(select(NoteRow).order_by(col(NoteRow.id))).all()
    second.text_sealed = first.text_sealed
    session.add(second)
    session.flush()
    with pytest.raises(KeyFault):
        notes.of_days(session, ANA, TODAY, TODAY)


def picked(session: Session, chat_id: int = ANA) -> list[tuple[int, bool]]:
    return [(note.message_id, note.picked) for note in notes.of_days(session, chat_id, TODAY - DAY, TODAY + DAY)]


def test_a_note_is_picked_for_a_visit_and_left_out_again(session: Session) -> None:
    begin_as(session, ANA)
    notes.write(session, ANA, 10, "one", None, NOON)
    notes.write(session, ANA, 11, "two", None, NOON)
    for _ in range(2):
        assert notes.pick(session, ANA, 11, True, NOON)
        assert picked(session) == [(10, False), (11, True)]
    notes.revise(session, ANA, 11, "two, in other words", NOON)
    assert picked(session) == [(10, False), (11, True)]
    for _ in range(2):
        assert notes.pick(session, ANA, 11, False, NOON)
        assert picked(session) == [(10, False), (11, False)]


def test_only_a_kept_note_of_ones_own_can_be_picked(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    notes.write(session, ANA, 10, "kept", None, NOON)
    notes.offer(session, ANA, 11, "offered", NOON)
    assert not notes.pick(session, ANA, 11, True, NOON)
    assert not notes.pick(session, ANA, 99, True, NOON)
    assert not notes.pick(session, CLEO, 10, True, NOON)
    assert picked(session) == [(10, False)]
