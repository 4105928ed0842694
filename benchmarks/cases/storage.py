"""B14: the transaction of a reply by itself: read the open check-in, write the answer, on disk before it counts."""

from statistics import median
from typing import Any

from benchmarks import people
from benchmarks.cases.scheduling import copied, script
from benchmarks.figure import Figure, Run, ratio
from benchmarks.peers import rows

CASES = ("B14",)
COUNTS, QUICK_COUNTS = (3000, 500), (800, 120)
"""How many answers of ours, how many of the peer's."""
CHATS = 1100
_MICRO = 1e6


def run(run: Run) -> list[Figure]:
    """Answer with both in turns; the peer fewer times, because it takes so long."""
    ours, theirs = run.folder / "answers.db", run.folder / "orm.db"
    people.settle(ours, CHATS)
    rows.prepare(theirs, CHATS)
    ours_count, their_count = QUICK_COUNTS if run.quick else COUNTS
    mine, other = [], []
    for number in range(run.rounds):
        mine.append(script("benchmarks.ours.answers", str(copied(ours, number)), str(ours_count)))
        other.append(script("benchmarks.peers.answers", str(copied(theirs, number)), str(their_count)))
    if any(one["answers"] != ours_count for one in mine):
        raise ValueError(f"not every answer was taken: {mine}")
    beside = {"this bot": _told(mine), "SQLModel's ORM on aiosqlite": _told(other)}
    return [ratio("B14", _rates(mine), _rates(other), beside)]


def _rates(rounds: list[dict[str, Any]]) -> list[float]:
    return [one["answers"] / one["seconds"] for one in rounds]


def _told(rounds: list[dict[str, Any]]) -> str:
    cost = median(one["cpu"] / one["answers"] for one in rounds) * _MICRO
    return f"{median(_rates(rounds)):,.0f}/s, {cost:,.0f} µs CPU each"
