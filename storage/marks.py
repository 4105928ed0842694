"""Named values that the bot must not forget, such as the hash of the profile it published."""

from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage.tables import marks
from storage.writing import put as put_row
from storage.writing import run

_VALUE = select(marks.c.value).where(marks.c.name == bindparam("name"))


def get(session: Session, name: str) -> str | None:
    """Give the value of a mark; None when it was never put."""
    found: str | None = run(session, _VALUE, {"name": name}).scalar_one_or_none()
    return found


def put(session: Session, name: str, value: str) -> None:
    """Remember a value under a name, in place of an earlier one."""
    put_row(session, marks, {"name": name, "value": value})
