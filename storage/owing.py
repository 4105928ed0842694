"""Owing something: one row of the due table."""

from sqlmodel import Session

from care.due import DueState, NewDue, lane
from storage.tables import due
from storage.writing import insert_new


def insert(session: Session, new: NewDue) -> None:
    """Owe something, unless the same is owed or was owed already."""
    insert_new(
        session,
        due,
        {
            "patient_id": new.patient_id,
            "kind": new.kind,
            "event": new.event,
            "slot": new.slot,
            "plan_version": new.plan_version,
            "lane": lane(new.kind),
            "at": new.at,
            "expires_at": new.expires_at,
            "state": DueState.WAITING,
            "attempts": 0,
            "sending": False,
        },
    )
