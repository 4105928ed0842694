"""B11: replies that are lost, and shown again, when the process is killed while people tap.

Lost is an answer that is on no disk; of ours one that was never shown as taken counts as well.
"""

import random
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

from benchmarks import people
from benchmarks.cases.replies import OURS
from benchmarks.figure import Figure, Run, worst
from benchmarks.processes import Measured, peer

CASES = ("B11",)
TAPS, QUICK_TAPS = 200, 80
EARLIEST, LATEST = 20, 150
"""The kill comes after so many replies; the seed of each round is printed beside."""


def run(run: Run) -> list[Figure]:
    """Kill each once a round, and count on Telegram's side and on the disk."""
    counts: dict[str, dict[str, list[int]]] = {}
    seed = random.SystemRandom().randrange(10**6)
    dice, taps = random.Random(seed), QUICK_TAPS if run.quick else TAPS
    for number in range(1 if run.quick else run.rounds):
        after = dice.randint(EARLIEST, min(LATEST, taps - EARLIEST))
        for place, (name, make) in enumerate(_kinds(run, taps).items()):
            token_number = 1000 + 10 * number + place
            one, database = make(token_number)
            tally = _killed(run, one, taps, after)
            found = {
                "lost": taps - _answers(database, "answers" if name == OURS else "answer"),
                "never answered": tally["lost"],
                "shown again": tally["repeated"],
            }
            for what, many in found.items():
                counts.setdefault(name, {}).setdefault(what, []).append(many)
    beside = {
        name: "; ".join(f"{what} {_each(each)}" for what, each in found.items()) for name, found in counts.items()
    }
    beside["each round"] = f"{taps} taps, one kill; seed {seed}"
    mine = counts[OURS]
    lost = [max(pair) for pair in zip(mine["lost"], mine["never answered"], strict=True)]
    return [worst("B11 lost", lost, beside), worst("B11 repeated", mine["shown again"], beside)]


def _each(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _kinds(run: Run, taps: int) -> dict[str, Callable[[int], tuple[Measured, Path]]]:
    kinds: dict[str, Callable[[int], tuple[Measured, Path]]] = {
        OURS: lambda number: _ours(run, number, taps),
        "python-telegram-bot": lambda number: _peer(run, number, taps, "ptb"),
        "aiogram": lambda number: _peer(run, number, taps, "aiogram_bot"),
    }
    return {name: kinds[name] for name in list(kinds)[: 1 if run.quick else None]}


def _ours(run: Run, number: int, taps: int) -> tuple[Measured, Path]:
    database, token = run.folder / f"{number}.db", f"{number}:{'O' * 35}"
    people.deal(run.standin, people.settle(database, taps), token)
    return people.ours(run.standin, database, token), database


def _peer(run: Run, number: int, taps: int, name: str) -> tuple[Measured, Path]:
    return peer(name, run.standin, run.folder, chats=taps, number=number), run.folder / f"{number}.db"


def _killed(run: Run, one: Measured, taps: int, after: int) -> dict[str, int]:
    """Have everybody tap once, kill the process after some replies, start it again, and wait for the last."""
    run.standin.ask("queue", one.token, count=taps)
    try:
        one.start(run.complaints)
        run.standin.ask("edits", one.token, count=after)
        one.end(signal.SIGKILL)
        began = monotonic()
        one.start(run.complaints)
        run.standin.ask("polls", one.token, since=began)
        return run.standin.ask("tally", one.token)
    finally:
        one.end()


def _answers(database: Path, table: str) -> int:
    """Count the answers that a database holds."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a name of ours
