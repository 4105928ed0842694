"""What a patient agreed to: each thing by itself, taken back by itself, and given again."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session

from storage.tables import consents
from storage.writing import insert_new, run

STORING, REMINDERS, SHARING = "storing", "reminders", "sharing"

_C = consents.c
_OF_KIND = update(consents).where(_C.patient_id == bindparam("owner"), _C.kind == bindparam("what"))
_WITHDRAW = _OF_KIND.where(_C.withdrawn_at.is_(None)).values(withdrawn_at=bindparam("moment"))
_AGAIN = _OF_KIND.where(_C.withdrawn_at.is_not(None)).values(withdrawn_at=None, given_at=bindparam("moment"))


def give(session: Session, patient_id: int, kind: str, version: str, now: datetime) -> None:
    """Note that a patient agreed to one thing in a version of its text; what was taken back is given anew."""
    new = {"patient_id": patient_id, "kind": kind, "version": version, "given_at": now}
    if not insert_new(session, consents, new):
        run(session, _AGAIN.where(_C.version == version), {"owner": patient_id, "what": kind, "moment": now})


def give_again(session: Session, patient_id: int, kind: str, now: datetime) -> None:
    """Note that a patient agreed again to what they had taken back."""
    run(session, _AGAIN, {"owner": patient_id, "what": kind, "moment": now})


def withdraw(session: Session, patient_id: int, kind: str, now: datetime) -> None:
    """Note that a patient took back what they agreed to. May be repeated: the first moment stays."""
    run(session, _WITHDRAW, {"owner": patient_id, "what": kind, "moment": now})
