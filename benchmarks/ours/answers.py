"""Answers of check-ins through the bot's own storage, 16 at a time. Arguments: a database, how many answers.

Prints what it took as JSON.
"""

import asyncio
import json
import sys
from pathlib import Path
from time import monotonic, process_time

from benchmarks.people import FIRST_CHAT, opened
from care.clock import system_clock
from storage import checkins
from storage.database import Database

AT_ONCE = 16
WARM = 50
CODES = {"mood": 6, "energy": 2, "dizziness": 0}
"""The questions that are answered in turn: the check-ins stay open, as the peer's do."""


async def main(path: str, count: int) -> None:
    """Answer in turn, each in a transaction that is on disk before the next."""
    database = opened(Path(path))
    people = WARM + -(-count // len(CODES))
    todo = [(n, code, value) for code, value in CODES.items() for n in range(people)]
    await _answer(database, todo[:WARM])
    began, used = monotonic(), process_time()
    changed = await _answer(database, todo[WARM : WARM + count])
    took, cpu = monotonic() - began, process_time() - used
    await database.close()
    print(json.dumps({"answers": changed, "seconds": took, "cpu": cpu}))  # noqa: T201


async def _answer(database: Database, todo: list[tuple[int, str, int]]) -> int:
    line, changed = iter(todo), 0

    async def worker() -> None:
        nonlocal changed
        for n, code, value in line:
            given = (FIRST_CHAT + n, n + 1, code, value, 0, system_clock())
            card = await database.write(checkins.answer, *given)
            changed += card is not None and card.changed

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return changed


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
