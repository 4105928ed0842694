"""What a person wants to say at a visit: questions for the care team, and the one thing they most want to tell.

A question stays until it is marked as asked, or taken away. The one thing belongs to the visit it was written for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from storage import agenda
from storage.rows import Person, person
from storage.tables import visit_lines
from storage.writing import insert_new_id, run

MOST_QUESTIONS = 30


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
_MINE = select(_L.id, _L.kind, _L.text_sealed, _L.message_id, _L.appointment_id, _L.written_at).where(
    _L.patient_id == bindparam("owner")
)
_OPEN = _MINE.where(_L.state == LineState.OPEN).order_by(_L.id)
_TYPED_IN = _MINE.where(_L.message_id == bindparam("typed_in"))
_CHANGE = update(visit_lines).where(_L.patient_id == bindparam("owner"), _L.state == LineState.OPEN)
_SETTLE = _CHANGE.where(_L.id == bindparam("number")).values(state=bindparam("new_state"))
_REPLACE = _CHANGE.where(
    _L.kind == LineKind.MAIN,
    _L.id != bindparam("number"),
    _L.appointment_id.is_not_distinct_from(bindparam("visit_id", type_=_L.appointment_id.type)),
).values(state=LineState.REMOVED)
_REVISE = _CHANGE.where(_L.message_id == bindparam("typed_in")).values(text_sealed=bindparam("words"))


def lines(session: Session, chat_id: int) -> list[Line]:
    """List what is still to be said, in the order it was written."""
    whose = person(session, chat_id)
    return [] if whose is None else _lines(whose, _open(session, whose))


def questions(session: Session, chat_id: int) -> list[Line]:
    """List the questions that are still to be asked, in the order they were written."""
    return [line for line in lines(session, chat_id) if line.kind is LineKind.QUESTION]


def main_for(session: Session, chat_id: int, appointment_id: int) -> Line | None:
    """Give the one thing to tell at a visit; None when nothing was written for it."""
    mains = [line for line in lines(session, chat_id) if line.kind is LineKind.MAIN]
    return next((line for line in reversed(mains) if line.appointment_id == appointment_id), None)


def add(
    session: Session,
    chat_id: int,
    message_id: int,
    kind: LineKind,
    text: str,
    now: datetime,
    appointment_id: int | None = None,
) -> bool:
    """Keep a line that was typed in a message, once; the one thing for a visit replaces what was written for it before.

    False when it is not kept: for nothing but space, a visit that is not theirs, and a question too many.
    """
    whose = person(session, chat_id, locked=True)
    if whose is None or not text.strip() or not _is_theirs(session, whose, appointment_id):
        return False
    if _knows(session, whose, message_id):
        return True
    if kind is LineKind.QUESTION and _is_full(session, whose):
        return False
    number = _insert(session, whose, message_id, kind, text, now, appointment_id)
    if kind is LineKind.MAIN:
        run(session, _REPLACE, {"owner": whose.patient.id, "number": number, "visit_id": appointment_id})
    return True


def knows(session: Session, chat_id: int, message_id: int) -> bool:
    """Tell whether a line was typed in a message, however the line stands now."""
    whose = person(session, chat_id)
    return whose is not None and _knows(session, whose, message_id)


def revise(session: Session, chat_id: int, message_id: int, text: str) -> bool:
    """Take over an edit of the Telegram message a line was typed in; False when it is no line's."""
    whose = person(session, chat_id, locked=True)
    if whose is None or not text.strip():
        return False
    words = whose.seal(text.strip(), _place(message_id))
    values = {"owner": whose.patient.id, "typed_in": message_id, "words": words}
    return run(session, _REVISE, values).rowcount == 1


def settle(session: Session, chat_id: int, number: int, state: LineState) -> None:
    """Note that a line was said, or take it away."""
    whose = person(session, chat_id, locked=True)
    if whose is not None:
        run(session, _SETTLE, {"owner": whose.patient.id, "number": number, "new_state": state})


def _knows(session: Session, whose: Person, message_id: int) -> bool:
    return run(session, _TYPED_IN, {"owner": whose.patient.id, "typed_in": message_id}).first() is not None


def _is_theirs(session: Session, whose: Person, appointment_id: int | None) -> bool:
    return appointment_id is None or agenda.visit(session, whose, appointment_id) is not None


def _is_full(session: Session, whose: Person) -> bool:
    kinds = [row.kind for row in _open(session, whose)]
    return kinds.count(LineKind.QUESTION) >= MOST_QUESTIONS


def _insert(
    session: Session,
    whose: Person,
    message_id: int,
    kind: LineKind,
    text: str,
    now: datetime,
    appointment_id: int | None,
) -> int | None:
    values = {
        "patient_id": whose.patient.id,
        "message_id": message_id,
        "kind": kind,
        "appointment_id": appointment_id,
        "state": LineState.OPEN,
        "text_sealed": whose.seal(text.strip(), _place(message_id)),
        "written_at": now,
    }
    return insert_new_id(session, visit_lines, values)


def _open(session: Session, whose: Person) -> list[Any]:
    return list(run(session, _OPEN, {"owner": whose.patient.id}))


def _lines(whose: Person, rows: Iterable[Any]) -> list[Line]:
    return [
        Line(row.id, LineKind(row.kind), whose.open(row.text_sealed, _place(row.message_id)), *row[4:]) for row in rows
    ]


def _place(message_id: int) -> str:
    return f"visit_lines/{message_id}"
