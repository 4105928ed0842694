"""Answers of check-ins through SQLModel's ORM on aiosqlite, 16 at a time. Arguments: a database, how many answers.

Prints what it took as JSON.
"""

import asyncio
import json
import sys
from time import monotonic, process_time

from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.peers.rows import FIRST_CHAT, engine_of, take

AT_ONCE = 16
WARM = 50


async def main(database: str, count: int) -> None:
    """Answer in turn, each in a transaction that is on disk before the next."""
    engine = engine_of(database)
    await _answer(engine, range(WARM))
    began, used = monotonic(), process_time()
    await _answer(engine, range(WARM, WARM + count))
    took, cpu = monotonic() - began, process_time() - used
    await engine.dispose()
    print(json.dumps({"answers": count, "seconds": took, "cpu": cpu}))  # noqa: T201


async def _answer(engine: AsyncEngine, numbers: range) -> None:
    line = iter(numbers)

    async def worker() -> None:
        for n in line:
            await take(engine, FIRST_CHAT + n, n % 11)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
