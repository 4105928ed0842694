"""The operator's keys against the database: the check at the start, and re-wrapping after a rotation."""

from sqlalchemy import select, update
from sqlmodel import Session

from storage import inbox, marks
from storage.rows import keyring
from storage.sealing import WRONG_KEY, KeyFault
from storage.tables import data_keys
from storage.tables import marks as mark_rows
from storage.writing import insert_new, run

_CHECK = "key_check"
_SAMPLE = b"these are the keys of this database"


def verify_keys(session: Session) -> None:
    """Prove that the operator's keys open this database; raises KeyFault. An empty database takes them as its own."""
    keys = keyring(session)
    insert_new(session, mark_rows, {"name": _CHECK, "value": keys.wrap(_SAMPLE).decode()})
    if keys.unwrap((marks.get(session, _CHECK) or "").encode()) != _SAMPLE:
        raise KeyFault(WRONG_KEY)


def prepare(session: Session) -> None:
    """Prove the keys at the start and, where an older one is still among them, take it out of use; raises KeyFault."""
    if keyring(session).holds_older:
        rewrap_all(session)
    else:
        verify_keys(session)


def rewrap_all(session: Session) -> int:
    """Wrap every data key with the operator's newest key, and give how many were wrapped with an older one.

    Takes the older keys out of use. May be repeated.
    """
    keys = keyring(session)
    verify_keys(session)
    changed = 0
    for number, wrapped in run(session, select(data_keys.c.id, data_keys.c.wrapped).order_by(data_keys.c.id)).all():
        again = keys.rewrap(wrapped)
        if again != wrapped:
            run(session, update(data_keys).where(data_keys.c.id == number).values(wrapped=again))
            changed += 1
    marks.put(session, _CHECK, keys.rewrap((marks.get(session, _CHECK) or "").encode()).decode())
    inbox.reseal(session)
    return changed
