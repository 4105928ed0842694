"""Brings a database to the present tables; safe to run from several processes at once."""

import sqlite3
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from storage.engines import StorageUnavailable, is_unavailable, reason, url_of

if TYPE_CHECKING:
    from alembic.config import Config

R = TypeVar("R")

_HEAD = "0003"
_ADVISORY_LOCK = 0x636865636B696E


class DatabaseTooNew(Exception):
    """The database was written by a newer release of the bot; this one must not touch it."""


def head() -> str:
    """Name the revision this release of the bot needs. Written down, so that a start need not load Alembic."""
    return _HEAD


def current(url: str) -> str | None:
    """Name the revision of a database; None when it is empty or not there. Raises StorageUnavailable."""
    address = url_of(url)
    if _missing_file(address):
        return None
    return _with_connection(address, _revision)


def upgrade(url: str) -> None:
    """Migrate a database to the newest revision; at once done when it is there already.

    Raises StorageUnavailable, or DatabaseTooNew for a revision this release does not know.
    """
    address = url_of(url)
    if current(url) == _HEAD:
        return
    if address.get_backend_name() == "sqlite":
        Path(cast(str, address.database)).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _with_connection(address, _upgrade)


def configuration() -> "Config":
    """Give Alembic's configuration of the packaged migrations, without any file of settings."""
    from alembic.config import Config  # noqa: PLC0415 - 200 ms that most starts do not need

    config = Config()
    config.set_main_option("script_location", str(files("storage").joinpath("migrations")))
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - 200 ms that most starts do not need
    from alembic.util.exc import CommandError  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    config = configuration()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseTooNew(f"this release knows no revision {_revision(connection)} of the database") from error
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("the migration would leave rows that refer to nothing; nothing was changed")


def _with_connection(address: URL, work: Callable[[Connection], R]) -> R:
    """Run work in one transaction of an engine of its own."""
    engine = _engine(address)
    try:
        with engine.begin() as connection:
            return work(connection)
    except DBAPIError as error:
        if is_unavailable(error):
            raise StorageUnavailable(f"the database cannot be used: {reason(error)}") from error
        raise
    finally:
        engine.dispose()


def _engine(address: URL) -> Engine:
    """Open an engine for migrating: with foreign keys off, or rebuilding a table would delete its children."""
    if address.get_backend_name() != "sqlite":
        return create_engine(address, hide_parameters=True, connect_args={"connect_timeout": 5})
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": 30})
    event.listen(engine, "connect", _take_charge)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def _take_charge(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("foreign_keys=OFF", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _missing_file(address: URL) -> bool:
    return address.get_backend_name() == "sqlite" and not Path(cast(str, address.database)).exists()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found
