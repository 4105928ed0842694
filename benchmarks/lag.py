"""Watches an event loop from inside: how long it stood still at most."""

import asyncio
from time import monotonic
from types import TracebackType
from typing import Self

EVERY_SECONDS = 0.002


class Lag:
    """async with Lag() as lag: ...; afterwards lag.longest holds the seconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._watch = asyncio.create_task(self._look())
        await asyncio.sleep(2 * EVERY_SECONDS)
        self.longest = 0.0
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        """Stop watching, not before the last standstill was seen."""
        await asyncio.sleep(2 * EVERY_SECONDS)
        if self._watch is not None:
            self._watch.cancel()

    async def _look(self) -> None:
        while True:
            before = monotonic()
            await asyncio.sleep(EVERY_SECONDS)
            self.longest = max(self.longest, monotonic() - before - EVERY_SECONDS)
