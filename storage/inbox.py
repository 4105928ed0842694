"""Updates received and not yet handled: stored sealed before Telegram hears that we have them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlmodel import Session

from storage.rows import keyring
from storage.sealing import KeyFault
from storage.tables import inbox
from storage.writing import insert_all_new, run

HANDLED_KEPT = timedelta(days=2)
ASIDE_KEPT = timedelta(days=14)

_WAITING = "waiting"
_HANDLED = "handled"
_ASIDE = "aside"

_I = inbox.c
_IS_WAITING = _I.state == _WAITING
_OLDEST = (
    select(_I.update_id, _I.chat_key, _I.body)
    .where(_IS_WAITING)
    .order_by(_I.received_at, _I.update_id)
    .limit(bindparam("most"))
)
_SETTLE = update(inbox).values(state=_HANDLED, body=None, settled_at=bindparam("moment"))
_HANDLE = _SETTLE.where(_I.update_id == bindparam("id"))
_HANDLE_ALL = _SETTLE.where(_I.update_id.in_(bindparam("ids", expanding=True)))
_FAIL = update(inbox).where(_I.update_id == bindparam("id"), _IS_WAITING).values(tries=_I.tries + 1).returning(_I.tries)
_SET_ASIDE = (
    update(inbox)
    .where(_I.update_id == bindparam("id"), _IS_WAITING)
    .values(state=_ASIDE, settled_at=bindparam("moment"))
)


def receive(session: Session, updates: Sequence[tuple[int, int, bytes]], now: datetime) -> list[int]:
    """Store updates (update id, chat key, raw JSON) sealed; give the ids of those that were not here before."""
    if not updates:
        return []
    keys = keyring(session)
    rows = [
        {
            "update_id": update_id,
            "chat_key": chat_key,
            "state": _WAITING,
            "body": keys.seal_operator(raw, _place(update_id)),
            "tries": 0,
            "received_at": now,
        }
        for update_id, chat_key, raw in updates
    ]
    return sorted(insert_all_new(session, inbox, rows, "update_id"))


def waiting(session: Session, limit: int) -> list[tuple[int, int, bytes]]:
    """List the oldest updates that wait to be handled, opened.

    One that no key opens comes with an empty body: it is set aside like any other that cannot be read,
    and blocks nobody.
    """
    rows = run(session, _OLDEST, {"most": limit}).all()
    return [(update_id, chat_key, _opened(session, update_id, body)) for update_id, chat_key, body in rows]


def handled(session: Session, update_ids: Sequence[int], now: datetime) -> None:
    """Mark updates as handled and drop what they said."""
    if len(update_ids) == 1:  # a third of the cost of a list
        run(session, _HANDLE, {"id": update_ids[0], "moment": now})
    else:
        run(session, _HANDLE_ALL, {"ids": list(update_ids), "moment": now})


def failed(session: Session, update_id: int, now: datetime, limit: int = 3) -> bool:
    """Count a failure to handle an update; True tells that it was the last one, which sets it aside.

    An update that waits no more, because it was set aside already, is not tried again either.
    """
    tries = run(session, _FAIL, {"id": update_id}).scalar_one_or_none()
    if tries is None:
        return True
    if tries < limit:
        return False
    set_aside(session, update_id, now)
    return True


def set_aside(session: Session, update_id: int, now: datetime) -> None:
    """Set an update aside, so that it blocks nobody; what it said stays sealed for two weeks."""
    run(session, _SET_ASIDE, {"id": update_id, "moment": now})


def oldest_waiting(session: Session) -> datetime | None:
    """Give the moment at which the oldest waiting update came; None when none waits."""
    found: datetime | None = run(session, select(func.min(_I.received_at)).where(_IS_WAITING)).scalar()
    return found


def sweep(session: Session, now: datetime) -> None:
    """Delete updates handled two days ago or set aside two weeks ago."""
    old = or_(
        and_(_I.state == _HANDLED, _I.settled_at < now - HANDLED_KEPT),
        and_(_I.state == _ASIDE, _I.settled_at < now - ASIDE_KEPT),
    )
    run(session, delete(inbox).where(old))


def reseal(session: Session) -> None:
    """Seal anew, with the operator's newest key, every update that an older one sealed."""
    keys = keyring(session)
    for update_id, body in run(session, select(_I.update_id, _I.body).where(_I.body.is_not(None))).all():
        if not keys.is_newest(body):
            again = keys.seal_operator(keys.open_operator(body, _place(update_id)), _place(update_id))
            run(session, update(inbox).where(_I.update_id == update_id).values(body=again))


def _opened(session: Session, update_id: int, body: bytes | None) -> bytes:
    try:
        return keyring(session).open_operator(body or b"", _place(update_id))
    except KeyFault:
        return b""


def _place(update_id: int) -> str:
    return f"inbox/{update_id}"
