"""Writing that can be repeated: insert-if-new and insert-or-change on both databases, as Core statements.

Statements are built once for each dialect, because building one costs as much as running it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, CursorResult, Executable, Table, bindparam
from sqlmodel import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert


def run(session: Session, statement: Executable, values: Any = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a Core statement on the session's connection: the plain way, half the cost of Session.execute."""
    return connection_of(session).execute(statement, values)


def connection_of(session: Session) -> Connection:
    """Give the connection that the database put into the session; a session from elsewhere finds its own."""
    found: Connection | None = session.info.get("connection")
    return session.connection() if found is None else found


def insert_into(session: Session, table: Table) -> "Insert":
    """Begin an INSERT that knows ON CONFLICT, for the session's database."""
    return _insert(dialect(session), table)


def dialect(session: Session) -> str:
    """Name the session's database: "sqlite" or "postgresql"."""
    return connection_of(session).dialect.name


def insert_new(session: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same unique key is there; tell whether it was new."""
    return run(session, _insert_new(dialect(session), table), values).rowcount == 1


def insert_new_id(session: Session, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row unless one with the same unique key is there; give its id when it was new."""
    found = run(session, _insert_new_returning(dialect(session), table, "id"), values).scalar_one_or_none()
    return None if found is None else int(found)


def insert_all_new(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], key: str) -> list[int]:
    """Insert those rows whose key is new; give the keys of the new ones."""
    if len(rows) == 1:
        return [rows[0][key]] if insert_new(session, table, rows[0]) else []
    statement = _insert_new_returning(dialect(session), table, key)
    return list(run(session, statement, rows).scalars())


def put(session: Session, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or change every other column of the row with the same primary key."""
    run(session, _put(dialect(session), table, tuple(values)), values)


def _insert(name: str, table: Table) -> "Insert":
    # Only the database in use is loaded: PostgreSQL's part of SQLAlchemy takes a twentieth of a second. Both take the
    # same ON CONFLICT clauses.
    insert: Insert = import_module(f"sqlalchemy.dialects.{name}").insert(table)
    return insert


@cache
def _insert_new(name: str, table: Table) -> Executable:
    # Without the option SQLAlchemy looks at the number of rows of UPDATE and DELETE alone.
    return _insert(name, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _insert_new_returning(name: str, table: Table, column: str) -> Executable:
    return _insert(name, table).on_conflict_do_nothing().returning(table.c[column])


@cache
def _put(name: str, table: Table, columns: tuple[str, ...]) -> Executable:
    key = [column.name for column in table.primary_key]
    statement = _insert(name, table).values({column: bindparam(column) for column in columns})
    changed = {column: statement.excluded[column] for column in columns if column not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)
