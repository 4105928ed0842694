"""A copy that was asked for: owed once at a time, and not twice within an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from care.due import DueState, Kind
from care.owed import export
from storage.owing import insert
from storage.rows import person
from storage.tables import due
from storage.writing import run

NOT_AGAIN_FOR = timedelta(hours=1)

_D = due.c
_MINE = select(func.count()).where(_D.patient_id == bindparam("owner"), _D.kind == Kind.EXPORT)
_WAITING = _MINE.where(_D.state.in_((DueState.WAITING, DueState.LEASED)))
_MADE = _MINE.where(_D.state == DueState.SENT, _D.finished_at > bindparam("since"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking for a copy: "owed" now, "waiting" already, or "made" a short while ago."""

    state: str
    language: str


def ask(session: Session, chat_id: int, message_id: int, now: datetime) -> Asked | None:
    """Owe a person their copy; message_id is where it is said how far it is. None for whoever is no patient."""
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return None
    owner = {"owner": whose.patient.id}
    if run(session, _WAITING, owner).scalar_one():
        return Asked("waiting", whose.patient.language)
    if run(session, _MADE, owner | {"since": now - NOT_AGAIN_FOR}).scalar_one():
        return Asked("made", whose.patient.language)
    insert(session, export(whose.patient, message_id, now))
    return Asked("owed", whose.patient.language)
