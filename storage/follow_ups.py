"""The message on the day after the help card. Its row is all that is kept of a card: when, and what became of it."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from care.due import DueState, Kind
from care.help_card import follow_up
from storage.owing import insert
from storage.rows import person
from storage.tables import due
from storage.writing import run

_D = due.c
_MINE = (_D.patient_id == bindparam("owner"), _D.kind == Kind.CARE)
_LAST = select(_D.slot).where(*_MINE).order_by(_D.id.desc()).limit(1)
_DROP = (
    update(due)
    .where(*_MINE, _D.state == DueState.WAITING)
    .values(state=DueState.DROPPED, why=bindparam("reason"), finished_at=bindparam("moment"))
)
_DROP_OLDER = _DROP.where(_D.slot != bindparam("but"))
_DROP_ONE = _DROP.where(_D.slot == bindparam("card"))


def owe(session: Session, chat_id: int, shown_at: datetime) -> None:
    """Owe a patient the message after a card that was shown at a moment; one that still waits gives way to it."""
    whose = person(session, chat_id)
    if whose is None:
        return
    new = follow_up(whose.patient, shown_at)
    insert(session, new)
    values = {"owner": whose.patient.id, "reason": "newer_card", "moment": shown_at, "but": new.slot}
    run(session, _DROP_OLDER, values)


def last_card(session: Session, patient_id: int) -> datetime | None:
    """Give the second at which a patient was shown the card last; None when that was long ago or never."""
    slot = run(session, _LAST, {"owner": patient_id}).scalar_one_or_none()
    return None if slot is None else datetime.fromtimestamp(int(slot), UTC)


def call_off(session: Session, chat_id: int, stamp: int, now: datetime) -> None:
    """Drop the message after the card of a second, because the person says that the card was wrong."""
    whose = person(session, chat_id)
    if whose is not None:
        values = {"owner": whose.patient.id, "reason": "wrong", "moment": now, "card": str(stamp)}
        run(session, _DROP_ONE, values)
