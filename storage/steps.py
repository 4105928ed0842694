"""Small steps that were shown under saved cards, and what the person said of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from care.steps import Shown
from storage.tables import patients, steps_shown
from storage.writing import insert_new, run

_S = steps_shown.c
CARD = "g_"
"""How the code of a card begins that was shown in place of a step (storage/guides.py); no step's code does."""
IS_CARD = _S.code.startswith(CARD, autoescape=True)
_SHOWN = (
    select(_S.code, _S.shown_at, _S.verdict, _S.check_in_id)
    .join(patients, patients.c.id == _S.patient_id)
    .where(patients.c.chat_id == bindparam("chat_id"), ~IS_CARD)
    .order_by(_S.shown_at, _S.id)
)
_JUDGE = (
    update(steps_shown)
    .where(
        _S.check_in_id == bindparam("number"),
        _S.code == bindparam("step"),
        _S.patient_id.in_(select(patients.c.id).where(patients.c.chat_id == bindparam("chat_id"))),
    )
    .values(verdict=bindparam("said"))
)


def shown(session: Session, chat_id: int) -> list[Shown]:
    """List the steps that were shown to a chat's person, oldest first."""
    return [Shown(row.code, row.shown_at, row.verdict) for row in _rows(session, chat_id)]


def shown_with(session: Session, chat_id: int, check_in_id: int) -> str | None:
    """Give the code of the step that was shown with a check-in; None when none was."""
    return next((row.code for row in _rows(session, chat_id) if row.check_in_id == check_in_id), None)


def note(session: Session, patient_id: int, check_in_id: int, code: str, now: datetime) -> None:
    """Remember that a step is shown with a check-in; only the first of a check-in counts."""
    row = {"patient_id": patient_id, "check_in_id": check_in_id, "code": code, "shown_at": now}
    insert_new(session, steps_shown, row)


def judge(session: Session, chat_id: int, check_in_id: int, code: str, verdict: str, now: datetime) -> bool:
    """Keep what the person said of a step ("more" or "not"); False when it was not shown to them."""
    values = {"number": check_in_id, "step": code, "chat_id": chat_id, "said": verdict}
    return run(session, _JUDGE.execution_options(preserve_rowcount=True), values).rowcount == 1


def _rows(session: Session, chat_id: int) -> list[Any]:
    return list(run(session, _SHOWN, {"chat_id": chat_id}))
