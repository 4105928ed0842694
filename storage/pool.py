"""A few threads with a connection each: PostgreSQL's reads and writes, and SQLite's reads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.engines import StorageUnavailable, is_unavailable, is_worth_repeating, reason
from storage.sealing import Keyring

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0


class SessionPool:
    """Runs units of work, one transaction each. A unit may run twice after a lost connection: it must be repeatable."""

    def __init__(self, engine: Engine, keyring: Keyring, threads: int, patience: float) -> None:
        """Take an engine with as many connections as threads. patience: seconds to go on trying."""
        self._engine = engine
        self._keyring = keyring
        self._patience = patience
        self._closed = False
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="storage")

    async def run(self, work: Callable[[Session], Any]) -> Any:
        """Run one unit and give its result after the commit; raises what it raised, or StorageUnavailable."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._until_done, work)

    def close(self) -> None:
        """Finish what was begun, then close the connections."""
        self._closed = True
        self._threads.shutdown(wait=True)
        self._engine.dispose()

    def _until_done(self, work: Callable[[Session], Any]) -> Any:
        deadline = monotonic() + self._patience
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._once(work)
            except DBAPIError as error:
                if not is_unavailable(error):
                    raise
                if not is_worth_repeating(error) or monotonic() + pause > deadline:
                    raise StorageUnavailable(f"the database cannot be used: {reason(error)}") from error
            sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _once(self, work: Callable[[Session], Any]) -> Any:
        with Session(self._engine, expire_on_commit=False, info={"keyring": self._keyring}) as session:
            session.info["connection"] = session.connection()
            result = work(session)
            session.commit()
            return result
