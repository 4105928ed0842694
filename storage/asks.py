"""What a person wants to say at a visit: questions for the care team, and the one thing they most want to tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from storage.rows import Person, person
from storage.tables import visit_lines
from storage.writing import insert_new_id, run

MOST_LINES = 30
LONGEST = 1000
"""How many characters of a line are kept."""


class LineKind(StrEnum):
    """What a line is."""

    QUESTION = "question"
    MAIN = "main"


class LineState(StrEnum):
    """How a line stands: still to be said, said, or taken away."""

    OPEN = "open"
    ASKED = "asked"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line for the visit. appointment_id is the visit it was written for; None for whichever comes next."""

    id: int
    kind: LineKind
    text: str
    appointment_id: int | None
    written_at: datetime


_L = visit_lines.c
_OPEN = (
    select(_L.id, _L.kind, _L.text_sealed, _L.message_id, _L.appointment_id, _L.written_at)
    .where(_L.patient_id == bindparam("owner"), _L.state == LineState.OPEN)
    .order_by(_L.id)
)
_CHANGE = update(visit_lines).where(_L.patient_id == bindparam("owner"), _L.state == LineState.OPEN)
_SETTLE = _CHANGE.where(_L.id == bindparam("number")).values(state=bindparam("new_state"))
_SETTLE_MAIN = _CHANGE.where(_L.kind == LineKind.MAIN).values(state=LineState.REMOVED)
_REVISE = _CHANGE.where(_L.message_id == bindparam("typed_in")).values(text_sealed=bindparam("words"))


def lines(session: Session, chat_id: int) -> list[Line]:
    """List what is still to be said, in the order it was written."""
    whose = person(session, chat_id)
    return [] if whose is None else _lines(session, whose)


def add(
    session: Session,
    chat_id: int,
    message_id: int,
    kind: LineKind,
    text: str,
    now: datetime,
    appointment_id: int | None = None,
) -> bool:
    """Keep a line that was typed in a message, once; a main line replaces the old. False when it is not kept."""
    whose = person(session, chat_id, locked=True)
    if whose is None or not text.strip():
        return False
    there = [row.message_id for row in run(session, _OPEN, {"owner": whose.patient.id})]
    if message_id in there:
        return True
    if len(there) >= MOST_LINES:
        return False
    if kind is LineKind.MAIN:
        run(session, _SETTLE_MAIN, {"owner": whose.patient.id})
    values = {
        "patient_id": whose.patient.id,
        "message_id": message_id,
        "kind": kind,
        "appointment_id": appointment_id,
        "state": LineState.OPEN,
        "text_sealed": whose.seal(text.strip()[:LONGEST], _place(message_id)),
        "written_at": now,
    }
    insert_new_id(session, visit_lines, values)
    return True


def revise(session: Session, chat_id: int, message_id: int, text: str) -> bool:
    """Take over an edit of the Telegram message a line was typed in; False when it is no line's."""
    whose = person(session, chat_id, locked=True)
    if whose is None or not text.strip():
        return False
    words = whose.seal(text.strip()[:LONGEST], _place(message_id))
    values = {"owner": whose.patient.id, "typed_in": message_id, "words": words}
    return run(session, _REVISE.execution_options(preserve_rowcount=True), values).rowcount == 1


def settle(session: Session, chat_id: int, number: int, state: LineState) -> None:
    """Note that a line was said, or take it away."""
    whose = person(session, chat_id, locked=True)
    if whose is not None:
        run(session, _SETTLE, {"owner": whose.patient.id, "number": number, "new_state": state})


def _lines(session: Session, whose: Person) -> list[Line]:
    return [_line(whose, row) for row in run(session, _OPEN, {"owner": whose.patient.id})]


def _line(whose: Person, row: Any) -> Line:
    words = whose.open(row.text_sealed, _place(row.message_id))
    return Line(row.id, LineKind(row.kind), words, row.appointment_id, row.written_at)


def _place(message_id: int) -> str:
    return f"visit_lines/{message_id}"
