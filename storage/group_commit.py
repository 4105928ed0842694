"""The one writer of a SQLite database: whatever waits is written in one transaction with one commit.

Each unit of work runs in a savepoint of its own: one that fails takes back its own writes and no others'.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, cast

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from storage.engines import StorageUnavailable, is_busy, is_unavailable, reason
from storage.sealing import Keyring

_MOST_UNITS = 256


@dataclass(slots=True, eq=False)
class _Unit:
    """One piece of work, who waits for it, and how it went."""

    work: Callable[[Session], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: Exception | None = None


class GroupCommit:
    """A thread that owns the only writing connection. Safe to call from any event loop."""

    def __init__(self, engine: Engine, keyring: Keyring, patience: float) -> None:
        """Start the thread; it connects when the first work comes. patience: seconds to wait for a lock."""
        self._engine = engine
        self._keyring = keyring
        self._patience = patience
        self._queue: SimpleQueue[_Unit | None] = SimpleQueue()
        self._session: Session | None = None
        self._closed = False
        self._thread = Thread(target=self._run, name="storage-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Session], Any]) -> Any:
        """Run one unit and give its result when it is on disk; raises what it raised, or StorageUnavailable."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        loop = asyncio.get_running_loop()
        unit = _Unit(work, loop, loop.create_future())
        self._queue.put(unit)
        return await unit.future

    def close(self) -> None:
        """Finish what waits, then close the connection."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch = [self._queue.get(), *self._waiting(_MOST_UNITS - 1)]
            units = [unit for unit in batch if unit is not None]
            going_on = len(units) == len(batch)
            if units:
                self._write(units)
        self._disconnect()
        self._engine.dispose()

    def _waiting(self, most: int) -> list[_Unit | None]:
        """Take what waits in the queue, without waiting for more."""
        units: list[_Unit | None] = []
        try:
            while len(units) < most:
                units.append(self._queue.get_nowait())
        except Empty:
            pass
        return units

    def _write(self, units: list[_Unit]) -> None:
        """Write a batch: all of it is on disk, or none of it and everybody hears so."""
        try:
            session, driver = self._connected()
            self._begin(driver)
            for unit in units:
                _run_in_savepoint(unit, session, driver)
            driver.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - nobody would be answered any more if this thread ended
            self._disconnect()
            _fail(units, error)
        _answer(units)

    def _connected(self) -> tuple[Session, sqlite3.Connection]:
        if self._session is None:
            connection = self._engine.connect()
            info = {"keyring": self._keyring, "connection": connection}
            self._session = Session(
                connection, join_transaction_mode="control_fully", expire_on_commit=False, info=info
            )
            self._driver = cast(sqlite3.Connection, connection.connection.driver_connection)
        return self._session, self._driver

    def _begin(self, driver: sqlite3.Connection) -> None:
        """Begin as a writer at once, so that no snapshot can be too old; wait while another process writes."""
        deadline = monotonic() + self._patience
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or monotonic() >= deadline:
                    raise

    def _disconnect(self) -> None:
        """Drop the connection with whatever it had not committed; the next batch opens a new one."""
        session, self._session = self._session, None
        if session is None:
            return
        session.close()
        connection: Connection = session.info["connection"]
        connection.invalidate()
        connection.close()


def _run_in_savepoint(unit: _Unit, session: Session, driver: sqlite3.Connection) -> None:
    # Raw savepoints: the same through SQLAlchemy cost more than the unit's own statements.
    driver.execute("SAVEPOINT unit")
    try:
        unit.result = unit.work(session)
        _flush(session)
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to whoever asked
        unit.error = _named(error)
        session.rollback()
        session.expunge_all()
        driver.execute("ROLLBACK TO unit")
    driver.execute("RELEASE unit")


def _flush(session: Session) -> None:
    """Write what a unit left in the session, and let go of it: the next unit must not meet it."""
    if list(session):
        session.flush()
        session.expunge_all()


def _named(error: Exception) -> Exception:
    if not is_unavailable(error):
        return error
    unavailable = StorageUnavailable(f"the database cannot be written: {reason(error)}")
    unavailable.__cause__ = error
    return unavailable


def _fail(units: list[_Unit], error: Exception) -> None:
    for unit in units:
        unit.error = StorageUnavailable(f"the database cannot be written: {reason(error)}")
        unit.error.__cause__ = error


def _answer(units: list[_Unit]) -> None:
    """Tell everybody who waits, with one wake-up for each event loop."""
    for loop in {unit.loop for unit in units}:
        try:
            loop.call_soon_threadsafe(_resolve, [unit for unit in units if unit.loop is loop])
        except RuntimeError:
            continue  # the loop has ended; nobody waits there any more


def _resolve(units: list[_Unit]) -> None:
    for unit in units:
        if unit.future.done():
            continue  # cancelled; what it wrote stands
        if unit.error is not None:
            unit.future.set_exception(unit.error)
        else:
            unit.future.set_result(unit.result)
