"""Engines: how each database is opened, and which of its errors mean that it cannot be used just now."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_GONE = _BUSY | {
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
_LONGEST_BUSY_MS = 5000
_READ_ONLY_SERVER = "25006"
_LASTING = ("53", _READ_ONLY_SERVER)
"""SQL states of resources used up and of a server that may only be read."""


class StorageUnavailable(Exception):
    """The database cannot be used now: locked too long, disk full, connection lost. Nothing was written."""


class _SteeredConnection(sqlite3.Connection):
    """A connection whose transaction belongs to the writer thread alone: the session's commits end nothing."""

    def commit(self) -> None:
        """Leave the transaction open."""

    def rollback(self) -> None:
        """Leave the transaction open."""


def url_of(url: str) -> URL:
    """Read a database address; PostgreSQL is spoken to by psycopg 3. Raises ValueError without the password in it."""
    try:
        parsed = make_url(url)
    except Exception as error:
        raise ValueError("DATABASE_URL cannot be read; it looks like sqlite:///data/checkins.db") from error
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError("DATABASE_URL must be sqlite:///a/file or postgresql://...")


def sqlite_writer(path: Path, patience: float) -> Engine:
    """Open the engine of the one writer; its caller emits BEGIN IMMEDIATE and COMMIT itself."""
    return create_engine(
        "sqlite://",
        creator=_opener(
            path, _SteeredConnection, patience, ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"]
        ),
        poolclass=NullPool,
        hide_parameters=True,
    )


def sqlite_reader(path: Path, patience: float, connections: int) -> Engine:
    """Open an engine whose connections can only read; each transaction sees one state of the database."""
    engine = create_engine(
        "sqlite://",
        creator=_opener(path, sqlite3.Connection, patience, ["query_only=ON"]),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_plainly)
    return engine


def _opener(
    path: Path, factory: type[sqlite3.Connection], patience: float, pragmas: list[str]
) -> Callable[[], sqlite3.Connection]:
    """Give a function that opens an existing file; a missing one is a fault, never a new empty database."""
    busy = min(_LONGEST_BUSY_MS, int(patience * 1000))
    address = path.absolute().as_uri() + "?mode=rw"

    def connect() -> sqlite3.Connection:
        # isolation_level None: in the driver's own mode a SELECT runs outside the transaction and writes get lost.
        connection = sqlite3.connect(
            address, uri=True, factory=factory, isolation_level=None, check_same_thread=False, timeout=busy / 1000
        )
        for pragma in [f"busy_timeout={busy}", "foreign_keys=ON", *pragmas]:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return connect


def _begin_plainly(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def postgres(url: URL, patience: float, connections: int, *, reads: bool = False) -> Engine:
    """Open a PostgreSQL engine; for reads every transaction is read-only and sees one state of the database."""
    milliseconds = int(patience * 1000)
    options = f"-c lock_timeout={milliseconds} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    if reads:
        options += " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    quiet_line = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20000}
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5, **quiet_line},
    )


def is_busy(error: BaseException) -> bool:
    """Tell whether SQLite refused because somebody else is writing."""
    return _sqlite_code(error) in _BUSY


def is_unavailable(error: BaseException) -> bool:
    """Tell whether an error means that the database cannot be used now, rather than a fault in a statement."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _sqlite_code(original) in _GONE
    return isinstance(error, (OperationalError, InterfaceError)) or _state_of(error) == _READ_ONLY_SERVER


def is_worth_repeating(error: BaseException) -> bool:
    """Tell whether the same unit may succeed when begun anew: after a deadlock, a lost connection, a restart.

    A full disk or a connection that may only read will not be another in a few seconds.
    """
    read_only = _sqlite_code(getattr(error, "orig", None)) == sqlite3.SQLITE_READONLY
    return is_unavailable(error) and not read_only and not _state_of(error).startswith(_LASTING)


def reason(error: BaseException) -> str:
    """Give the database's own first line about a failure; it holds no values."""
    original = getattr(error, "orig", None) or error
    return (str(original) or type(original).__name__).splitlines()[0]


def _sqlite_code(error: Any) -> int:
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _state_of(error: Any) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
