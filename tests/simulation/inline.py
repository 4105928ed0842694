"""The real storage on a real SQLite file without its threads: each unit runs where it is asked for, one commit each."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from sqlmodel import Session

from storage import engines
from storage.sealing import Keyring


class Inline:
    """What Database takes as its writer and its reader. After a commit others may run before the result is known."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._connection = engines.sqlite_writer(path, 1.0).connect()
        self._driver = cast(sqlite3.Connection, self._connection.connection.driver_connection)
        self._driver.execute("PRAGMA synchronous=OFF")  # the process is simulated, so no disk can lose anything
        info = {"keyring": keyring, "connection": self._connection}
        self._session = Session(
            self._connection, join_transaction_mode="control_fully", expire_on_commit=False, info=info
        )

    async def run(self, work: Callable[[Session], Any]) -> Any:
        self._driver.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._session)
            if list(self._session):
                self._session.flush()
                self._session.expunge_all()
        except BaseException:
            self._session.rollback()
            self._session.expunge_all()
            self._driver.execute("ROLLBACK")
            raise
        self._driver.execute("COMMIT")
        await asyncio.sleep(0.001)
        return result

    def close(self) -> None:
        self._session.close()
        self._connection.close()
