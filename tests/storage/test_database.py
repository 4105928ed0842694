"""The database in one hop: nothing lost, nothing half written, on both databases."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlmodel import Session, select

from storage import marks
from storage.database import Database, StorageUnavailable
from storage.engines import url_of
from storage.sealing import Keyring
from storage.tables import MarkRow

SHORT = 0.4


def put(session: Session, name: str, value: str = "x") -> str:
    marks.put(session, name, value)
    return value


def put_and_fail(session: Session, name: str) -> None:
    marks.put(session, name, "x")
    raise RuntimeError("the unit failed")


def count(session: Session) -> int:
    return session.connection().execute(text("SELECT count(*) FROM marks WHERE name LIKE 'm%'")).scalar_one()


def increment(session: Session) -> None:
    # FOR UPDATE is what keeps PostgreSQL from losing updates; SQLite has one writer.
    found = session.exec(select(MarkRow.value).where(MarkRow.name == "n").with_for_update()).one()
    marks.put(session, "n", str(int(found) + 1))


@contextlib.asynccontextmanager
async def opened(url: str, keyring: Keyring, patience: float) -> AsyncIterator[Database]:
    database = Database.open(url, keyring, patience)
    try:
        yield database
    finally:
        await database.close()


async def test_what_is_written_can_be_read(database: Database) -> None:
    assert await database.write(put, "m", value="y") == "y"
    assert await database.read(marks.get, "m") == "y"


async def test_a_unit_that_fails_takes_back_its_writes_and_no_others(database: Database) -> None:
    units = [database.write(put if n % 2 else put_and_fail, f"m{n}") for n in range(20)]
    results = await asyncio.gather(*units, return_exceptions=True)
    assert [type(result) for result in results] == [RuntimeError, str] * 10
    assert await database.read(count) == 10


async def test_a_unit_that_breaks_a_constraint_spoils_nobody_elses(database: Database) -> None:
    def twice(session: Session) -> None:
        session.add(MarkRow(name="m", value="1"))
        session.flush()
        session.expunge_all()
        session.add(MarkRow(name="m", value="2"))

    results = await asyncio.gather(
        database.write(put, "m1"), database.write(twice), database.write(put, "m2"), return_exceptions=True
    )
    assert isinstance(results[1], IntegrityError)
    assert await database.read(count) == 2
    await database.write(put, "m3")
    assert await database.read(count) == 3


async def test_objects_added_to_the_session_are_written_without_a_flush(database: Database) -> None:
    await database.write(lambda session: session.add(MarkRow(name="m", value="kept")))
    assert await database.read(marks.get, "m") == "kept"


async def test_no_increment_is_lost(database: Database) -> None:
    await database.write(put, "n", "0")

    async def thirty() -> None:
        for _ in range(30):
            await database.write(increment)

    await asyncio.gather(*(thirty() for _ in range(16)))
    assert await database.read(marks.get, "n") == "480"


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, StorageUnavailable)):
        await database.read(put, "m")
    assert await database.read(count) == 0


async def test_a_fault_in_a_statement_is_no_outage_and_shows_no_words(database: Database) -> None:
    def faulty(session: Session) -> None:
        session.connection().execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "I feel low"})

    with pytest.raises(SQLAlchemyError) as fault:
        await database.write(faulty)
    assert "I feel low" not in str(fault.value)
    with pytest.raises(SQLAlchemyError):
        await database.read(faulty)


async def test_a_closed_database_refuses_work_and_had_finished_what_waited(database_url: str, keyring: Keyring) -> None:
    database = Database.open(database_url, keyring)
    waiting = [asyncio.ensure_future(database.write(put, f"m{n}")) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*waiting) == ["x"] * 50
    with pytest.raises(StorageUnavailable):
        await database.write(put, "m")
    with pytest.raises(StorageUnavailable):
        await database.read(count)


async def test_whoever_stops_waiting_disturbs_nobody(database: Database) -> None:
    impatient = asyncio.ensure_future(database.write(put, "m1"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await database.write(put, "m2") == "x"


async def test_two_event_loops_can_share_a_database(database: Database) -> None:
    other = threading.Thread(target=lambda: asyncio.run(_put_many(database, "a")))
    other.start()
    await _put_many(database, "b")
    await asyncio.to_thread(other.join)
    assert await database.read(count) == 40


async def _put_many(database: Database, prefix: str) -> None:
    await asyncio.gather(*(database.write(put, f"m{prefix}{n}") for n in range(20)))


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        put(session, "m")
        entered.set()
        assert leave.wait(10)

    writing = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(entered.wait, 10)
    assert await asyncio.wait_for(database.read(count), 2) == 0
    leave.set()
    await writing
    assert await database.read(count) == 1


async def test_a_server_that_is_not_there_is_told_within_patience(keyring: Keyring, tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/missing.db", f"postgresql://nobody:@/x?host={tmp_path}"):
        async with opened(url, keyring, SHORT) as database:
            began = time.monotonic()
            with pytest.raises(StorageUnavailable):
                await database.write(put, "m")
            with pytest.raises(StorageUnavailable):
                await database.read(marks.get, "m")
            assert time.monotonic() - began < 3
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_an_address_that_is_none_is_refused_by_the_variables_name(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        url_of(url)


class TestSQLite:
    """A file that other processes may use as well."""

    @pytest.fixture
    def backend(self) -> str:
        return "sqlite"

    @pytest.fixture
    def path(self, database_url: str) -> Path:
        return Path(str(url_of(database_url).database))

    def hold_lock(self, path: Path, seconds: float) -> subprocess.Popen[str]:
        code = (
            "import sqlite3, sys, time\n"
            f"c = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
            "c.execute('BEGIN IMMEDIATE'); print('held', flush=True)\n"
            f"time.sleep({seconds}); c.execute('COMMIT')\n"
        )
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    async def test_a_foreign_writer_delays_but_loses_nothing(self, database: Database, path: Path) -> None:
        await database.write(put, "m")
        with self.hold_lock(path, 2):
            began = time.monotonic()
            await asyncio.gather(*(database.write(put, f"m{n}") for n in range(5)))
            assert time.monotonic() - began > 1.5
        assert await database.read(count) == 6

    async def test_a_lock_beyond_patience_is_an_outage_and_nothing_is_written(
        self, database_url: str, path: Path, keyring: Keyring
    ) -> None:
        async with opened(database_url, keyring, SHORT) as database:
            with self.hold_lock(path, 2):
                results = await asyncio.gather(
                    *(database.write(put, f"m{n}") for n in range(5)), return_exceptions=True
                )
                assert {type(result) for result in results} == {StorageUnavailable}
            assert await database.read(count) == 0
            await database.write(put, "m")
            assert await database.read(count) == 1

    async def test_a_full_disk_is_an_outage_for_all_who_wait_and_passes(self, database: Database) -> None:
        def limit(session: Session, pages: str) -> None:
            session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")

        await database.write(limit, "1")
        big = "x" * 1_000_000
        results = await asyncio.gather(*(database.write(put, f"m{n}", big) for n in range(3)), return_exceptions=True)
        assert {type(result) for result in results} == {StorageUnavailable}
        assert await database.read(count) == 0
        await database.write(limit, "1000000000")
        await database.write(put, "m", big)
        assert await database.read(count) == 1

    async def test_a_file_that_goes_away_is_never_replaced_by_an_empty_one(
        self, database_url: str, path: Path, keyring: Keyring
    ) -> None:
        path.rename(path.with_suffix(".away"))
        async with opened(database_url, keyring, SHORT) as database:
            with pytest.raises(StorageUnavailable):
                await database.write(put, "m")
            assert not path.exists()
            path.with_suffix(".away").rename(path)
            await database.write(put, "m")
            assert await database.read(count) == 1

    async def test_the_engine_rules_hold(self, database: Database) -> None:
        def pragmas(session: Session, *names: str) -> list[object]:
            return [session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

        assert await database.write(pragmas, "journal_mode", "synchronous", "foreign_keys") == ["wal", 2, 1]
        assert await database.read(pragmas, "query_only", "foreign_keys") == [1, 1]

    async def test_units_that_wait_share_one_commit(self, database: Database, path: Path) -> None:
        gate = threading.Event()
        held = asyncio.ensure_future(database.write(lambda session: gate.wait(10)))
        await asyncio.sleep(0.05)
        waiting = [asyncio.ensure_future(database.write(put, f"m{n}")) for n in range(100)]
        await asyncio.sleep(0)
        with contextlib.closing(sqlite3.connect(path)) as other:
            before = other.execute("PRAGMA data_version").fetchone()
            gate.set()
            await held
            await asyncio.gather(*waiting)
            after = other.execute("PRAGMA data_version").fetchone()
        assert after[0] - before[0] <= 2


class TestPostgres:
    """A server that may end connections whenever it likes."""

    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    async def test_ended_connections_are_replaced_without_anybody_noticing(
        self, database: Database, database_url: str
    ) -> None:
        await asyncio.gather(*(database.write(put, f"m{n}") for n in range(8)))
        await database.read(count)
        self.end_connections(database_url)
        await asyncio.gather(*(database.write(put, f"m{n}") for n in range(8, 16)))
        assert await database.read(count) == 16

    async def test_a_connection_ended_in_mid_transaction_is_no_loss(
        self, database: Database, database_url: str
    ) -> None:
        tries = []

        def interrupted(session: Session) -> None:
            put(session, "m1")
            tries.append(1)
            if len(tries) == 1:
                self.end_connections(database_url)
            put(session, "m2")

        await database.write(interrupted)
        assert len(tries) == 2
        assert await database.read(count) == 2

    async def test_a_lock_beyond_patience_is_an_outage(self, database_url: str, keyring: Keyring) -> None:
        import psycopg

        async with opened(database_url, keyring, SHORT) as database:
            await database.write(put, "m")
            with psycopg.connect(database_url) as holder:
                holder.execute("UPDATE marks SET value = 'held' WHERE name = 'm'")
                with pytest.raises(StorageUnavailable):
                    await database.write(put, "m", "mine")
                holder.rollback()
            assert await database.read(marks.get, "m") == "x"

    async def test_a_deadlock_is_tried_again(self, database: Database) -> None:
        await database.write(put, "m1", "0")
        await database.write(put, "m2", "0")
        meet = threading.Barrier(2)
        tries: list[str] = []

        def cross(session: Session, first: str, second: str) -> None:
            put(session, first, first)
            tries.append(first)
            if len(tries) <= 2:
                meet.wait(5)
            put(session, second, first)

        await asyncio.gather(database.write(cross, "m1", "m2"), database.write(cross, "m2", "m1"))
        assert len(tries) == 3

    def end_connections(self, url: str) -> None:
        import psycopg

        with psycopg.connect(url) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
