"""What a chat may type next: one thing at a time, for at most half an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from storage.tables import pending_inputs
from storage.writing import put, run

LIFE = timedelta(minutes=30)

_I = pending_inputs.c
_EXPECTED = select(_I.kind, _I.target, _I.prompt_message_id).where(
    _I.chat_id == bindparam("chat_id"), _I.expires_at > bindparam("moment")
)
_FORGET = delete(pending_inputs).where(_I.chat_id == bindparam("chat_id"))


@dataclass(frozen=True, slots=True)
class Pending:
    """What the person was asked to type: its kind, what it is for, and the message that asked."""

    kind: str
    target: str
    prompt_message_id: int | None


def expect(
    session: Session, chat_id: int, kind: str, target: str, prompt_message_id: int | None, now: datetime
) -> None:
    """Expect a text from a chat for half an hour, in place of whatever was expected before."""
    row = {"chat_id": chat_id, "kind": kind, "target": target, "prompt_message_id": prompt_message_id}
    put(session, pending_inputs, row | {"expires_at": now + LIFE})


def expected(session: Session, chat_id: int, now: datetime) -> Pending | None:
    """Give what a chat may type now; None when nothing is expected any more."""
    row = run(session, _EXPECTED, {"chat_id": chat_id, "moment": now}).first()
    return None if row is None else Pending(row.kind, row.target, row.prompt_message_id)


def forget(session: Session, chat_id: int) -> None:
    """Expect nothing any more."""
    run(session, _FORGET, {"chat_id": chat_id})
