"""The database in one hop: plain synchronous functions run in a thread, one transaction each."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlmodel import Session

from storage import engines
from storage.engines import StorageUnavailable
from storage.group_commit import GroupCommit
from storage.pool import SessionPool
from storage.sealing import Keyring

__all__ = ["Database", "StorageUnavailable"]

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE = 10.0
_WRITERS = 4
_READERS = 3


class Database:
    """One opened database. A unit of work is a function of a session that neither commits nor keeps it.

    session.info["keyring"] holds the operator's keys, so that a plain function can seal.
    """

    def __init__(self, writer: GroupCommit | SessionPool, reader: SessionPool) -> None:
        """Take what writes and what reads; open() makes both."""
        self._writer = writer
        self._reader = reader

    @classmethod
    def open(cls, url: str, keyring: Keyring, patience: float = PATIENCE) -> "Database":
        """Open a migrated database; connects when first used. patience: seconds to wait for a lock or a server."""
        address = engines.url_of(url)
        if address.get_backend_name() == "sqlite":
            path = Path(cast(str, address.database))
            writer = GroupCommit(engines.sqlite_writer(path, patience), keyring, patience)
            reader = SessionPool(engines.sqlite_reader(path, patience, _READERS), keyring, _READERS, patience)
            return cls(writer, reader)
        return cls(
            SessionPool(engines.postgres(address, patience, _WRITERS), keyring, _WRITERS, patience),
            SessionPool(engines.postgres(address, patience, _READERS, reads=True), keyring, _READERS, patience),
        )

    async def write(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run fn(session, ...) in a transaction and give its result once that is on disk.

        Raises what fn raises, after taking its writes back; StorageUnavailable when nothing could be written.
        """
        return cast(R, await self._writer.run(_bound(fn, args, kwargs)))

    async def read(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run fn(session, ...) on a connection that can only read, without waiting for writers."""
        return cast(R, await self._reader.run(_bound(fn, args, kwargs)))

    async def close(self) -> None:
        """Finish the units that wait, then close every connection."""
        await asyncio.to_thread(self._writer.close)
        await asyncio.to_thread(self._reader.close)


def _bound(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[Session], Any]:
    if not args and not kwargs:
        return fn
    return partial(_call, fn, args, kwargs)


def _call(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], session: Session) -> Any:
    return fn(session, *args, **kwargs)
