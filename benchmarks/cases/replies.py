"""B1, B2, B4, B5: durable replies as fast as they go. B6: the wait for one at a rate that everybody can keep up with.

A reply is one press taken, its answer durably stored, the press answered and the card edited. Everybody stays up all
the time and is loaded in turns, a window each, so that a slow spell of the machine meets all of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from benchmarks import people
from benchmarks.figure import Figure, Run, plain, ratio
from benchmarks.figures import percentile
from benchmarks.machine import wait_until_calm
from benchmarks.processes import Measured, peer

CASES = ("B1", "B2", "B4", "B5", "B6")
CHATS, QUICK_CHATS = 8000, 4000
"""Enough that no round comes to the end of the cards on a machine twice as fast as ours."""
LOAD, QUICK_LOAD = (0.3, 0.7, 64), (0.4, 1.0, 40)
"""Seconds of warm-up, seconds of the window, taps that are always unanswered."""
SLICES = 2
"""How many windows make a round: short ones in turns, so that no slow spell falls on one contender alone."""
RATE, WARM = 100.0, 1.0
_MICRO, _MILLI = 1e6, 1e3
OURS, PTB, CONCURRENT, AIOGRAM, BARE = (
    "this bot",
    "python-telegram-bot",
    "python-telegram-bot, concurrent_updates",
    "aiogram",
    "bare aiohttp, nothing stored",
)


def run(run: Run) -> list[Figure]:
    """Measure the ceilings and the waits."""
    everybody = contenders(run)
    with running(run, list(everybody.values())):
        ceilings: dict[str, list[dict[str, Any]]] = {name: [] for name in everybody}
        waits: dict[str, list[float]] = {name: [] for name in everybody if name != PTB}
        for _ in range(run.rounds):
            windows = [{name: _saturate(run, one) for name, one in everybody.items()} for _ in range(SLICES)]
            for name, rounds in ceilings.items():
                rounds.append(_together([window[name] for window in windows]))
        for _ in range(0 if run.quick else run.rounds):
            for name, each in waits.items():
                each.append(steady_p99(run, everybody[name], RATE, 3.0))
    return [*_ceiling_figures(ceilings), *_wait_figures(waits)]


def contenders(run: Run) -> dict[str, Measured]:
    """Make a database with open cards for each, and deal the cards."""
    database = run.folder / "ours.db"
    people.deal(run.standin, people.settle(database, QUICK_CHATS if run.quick else CHATS))
    chats = CHATS
    everybody = {
        OURS: people.ours(run.standin, database),
        PTB: peer("ptb", run.standin, run.folder, chats=chats, number=2),
        CONCURRENT: peer("ptb", run.standin, run.folder, "concurrent", chats=chats, number=3),
        AIOGRAM: peer("aiogram_bot", run.standin, run.folder, chats=chats, number=4),
        BARE: peer("bare_aiohttp", run.standin, run.folder, chats=chats, number=5),
    }
    if run.quick:
        del everybody[CONCURRENT], everybody[AIOGRAM]
    return everybody


@contextmanager
def running(run: Run, everybody: Sequence[Measured], restless: Measured | None = None) -> Iterator[None]:
    """Start them, wait until each polls and rests, but one that has work from the start, and end them afterwards."""
    try:
        for one in everybody:
            one.start(run.complaints)
        for one in everybody:
            run.standin.ask("polls", one.token, since=one.began)
        for one in everybody:
            if one is not restless:
                wait_until_calm(one.pid)
        yield
    finally:
        for one in everybody:
            one.end()


def _saturate(run: Run, one: Measured) -> dict[str, Any]:
    warm, seconds, outstanding = QUICK_LOAD if run.quick else LOAD
    return run.standin.ask("saturate", one.token, pid=one.pid, outstanding=outstanding, warm=warm, seconds=seconds)


def _together(windows: list[dict[str, Any]]) -> dict[str, Any]:
    """Add the windows of a round up."""
    return {what: sum(window[what] for window in windows) for what in ("replies", "seconds", "cpu")}


@contextmanager
def ended(one: Measured) -> Iterator[Measured]:
    """End a process afterwards, whatever happens."""
    try:
        yield one
    finally:
        one.end()


def steady_p99(run: Run, one: Measured, rate: float, seconds: float) -> float:
    """Give the 99th percentile of the waits at a steady rate, in milliseconds; a first second does not count."""
    rates = [(rate, WARM + seconds)]
    given = run.standin.ask("steady", one.token, pid=one.pid, rates=rates, grace=4.0)
    told = zip(given["moments"], given["waits"], strict=True)
    return percentile([wait for moment, wait in told if moment >= WARM], 99) * _MILLI


def _ceiling_figures(windows: dict[str, list[dict[str, Any]]]) -> list[Figure]:
    rates = {name: [one["replies"] / one["seconds"] for one in each] for name, each in windows.items()}
    costs = {name: [one["cpu"] / one["replies"] * _MICRO for one in each] for name, each in windows.items()}
    beside = {name: f"{median(rates[name]):,.0f}/s, {median(costs[name]):,.0f} µs CPU each" for name in windows}
    pairs = {"B1": PTB, "B2": AIOGRAM, "B4": BARE}
    ratios = [ratio(case, rates[OURS], rates[name], beside) for case, name in pairs.items() if name in rates]
    return [*ratios, plain("B5", costs[OURS], beside)]


def _wait_figures(waits: dict[str, list[float]]) -> list[Figure]:
    if not waits[OURS]:
        return []
    beside = {name: f"{median(each):.1f} ms" for name, each in waits.items()}
    return [ratio("B6", waits[OURS], waits[BARE], beside)]
