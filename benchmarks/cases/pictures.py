"""B15: the picture of /summary, cold and warm, and what drawing does to the event loop."""

from statistics import median
from typing import Any

from benchmarks.cases.scheduling import script
from benchmarks.figure import Figure, Run, plain, ratio

CASES = ("B15",)
TIMES, QUICK_TIMES = 10, 3
_MILLI = 1e3


def run(run: Run) -> list[Figure]:
    """Draw with both in turns, each round in a new process."""
    times = str(QUICK_TIMES if run.quick else TIMES)
    mine, other = [], []
    for module in () if run.quick else ("benchmarks.ours.chart", "benchmarks.peers.chart"):
        script(module, "1")  # the disk's cache and matplotlib's list of fonts are no part of what is compared
    for _ in range(run.rounds):
        mine.append(script("benchmarks.ours.chart", times))
        other.append(script("benchmarks.peers.chart", times))
    beside = {"this bot": _told(mine), "matplotlib": _told(other)}
    return [
        ratio("B15 warm", _of(other, "warm"), _of(mine, "warm"), beside),
        ratio("B15 cold", _of(other, "cold"), _of(mine, "cold"), beside),
        plain("B15 lag", [lag * _MILLI for lag in _of(mine, "lag")], beside),
    ][: 1 if run.quick else None]


def _of(rounds: list[dict[str, Any]], what: str) -> list[float]:
    return [one[what] for one in rounds]


def _told(rounds: list[dict[str, Any]]) -> str:
    cold, warm, lag = (median(_of(rounds, what)) * _MILLI for what in ("cold", "warm", "lag"))
    return f"first {cold:.0f} ms, then {warm:.1f} ms, loop stood still {lag:.1f} ms"
