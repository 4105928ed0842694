"""Leases: a thing that only one process may do at a time, such as polling."""

from datetime import datetime

from sqlalchemy import Executable, bindparam, delete, or_
from sqlmodel import Session

from storage.tables import leases
from storage.writing import insert_into, run

_RELEASE = delete(leases).where(leases.c.name == bindparam("lease"), leases.c.holder == bindparam("by"))


def hold(session: Session, name: str, holder: str, until: datetime, now: datetime) -> bool:
    """Take or renew a lease until a moment; False while another holds it."""
    taken = run(session, _take(session, now), {"name": name, "holder": holder, "until": until}).scalar_one_or_none()
    return taken is not None


def release(session: Session, name: str, holder: str) -> None:
    """Give a lease back; nothing happens when another holds it by now."""
    run(session, _RELEASE, {"lease": name, "by": holder})


def _take(session: Session, now: datetime) -> Executable:
    statement = insert_into(session, leases)
    return statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
        where=or_(leases.c.holder == statement.excluded.holder, leases.c.until <= now),
    ).returning(leases.c.name)
