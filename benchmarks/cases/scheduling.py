"""B9: prompts that are all due at once. B10: what many people cost a start."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import sleep
from typing import Any

from benchmarks import people
from benchmarks.cases.replies import ended
from benchmarks.figure import Figure, Run, plain, ratio
from benchmarks.machine import memory_mib, pin
from benchmarks.peers import job_queue
from benchmarks.processes import ROOT, Measured

CASES = ("B9", "B10")
DUE = 1_000
PATIENTS, STARTS = 100_000, 2
"""Two rounds are enough: the peer needs half a minute, and the two are worlds apart."""
CALM_SECONDS = 2.0
"""How long after its first poll a process's memory is looked at."""
LEAST_SECONDS, LEAST_MIB = 0.1, 5.0
"""What a start with nobody took is subtracted; a difference below this is noise and counts as this much."""
_MILLI = 1e3


def run(run: Run) -> list[Figure]:
    """Measure both; a quick run has no time for either."""
    return [] if run.quick else [*_drain(run), *_start(run)]


def _drain(run: Run) -> list[Figure]:
    ours, theirs = run.folder / "due.db", run.folder / "jobs.db"
    people.crowd(ours, DUE, due=True)
    script("benchmarks.peers.job_store", "prepare", str(theirs), str(DUE))
    mine, other = [], []
    for number in range(run.rounds):
        mine.append(script("benchmarks.ours.drain", str(copied(ours, number))))
        other.append(script("benchmarks.peers.job_store", "drain", str(copied(theirs, number)), str(DUE)))
    if any(one["sent"] != DUE for one in (*mine, *other)):
        raise ValueError(f"not every prompt went out: {mine} {other}")
    beside = {"this bot": _told(mine), "APScheduler's job store": _told(other)}
    seconds = ([one["seconds"] for one in other], [one["seconds"] for one in mine])
    lags = [one["lag"] * _MILLI for one in mine]
    return [ratio("B9 drain", *seconds, beside), plain("B9 lag", lags, beside)]


def _told(rounds: list[dict[str, Any]]) -> str:
    seconds, lag, cpu = (median(one[name] for one in rounds) for name in ("seconds", "lag", "cpu"))
    return f"{rounds[0]['sent']:,} in {seconds:.2f} s, {cpu:.2f} s CPU, loop stood still {lag * _MILLI:,.0f} ms"


def copied(path: Path, number: int) -> Path:
    """Copy a database that nobody has open; a write-ahead log beside it would be left behind, and there is none."""
    copy = path.with_name(f"{path.stem}-{number}.db")
    shutil.copy(path, copy)
    return copy


def script(module: str, *arguments: str) -> dict[str, Any]:
    """Run a script to its end on the first core, and give what it printed."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    pin(0, process.pid)
    out, complaint = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module}: {complaint.decode()[-2000:]}")
    told: dict[str, Any] = json.loads(out.splitlines()[-1]) if out else {}
    return told


def _start(run: Run) -> list[Figure]:
    """Start each with everybody and with nobody, in turns; what counts is the difference."""
    databases = {count: (run.folder / f"ours{count}.db", run.folder / f"queue{count}.db") for count in (PATIENTS, 1)}
    for count, (ours, queue) in databases.items():
        people.crowd(ours, count, due=False)
        job_queue.prepare(queue, count)
    times: dict[tuple[str, int], list[float]] = {}
    sizes: dict[tuple[str, int], list[float]] = {}
    for number in range(min(run.rounds, STARTS)):
        for count, (ours, queue) in databases.items():
            for kind, one in _starters(run, ours, queue, number).items():
                took, size = _started(run, one)
                times.setdefault((kind, count), []).append(took)
                sizes.setdefault((kind, count), []).append(size)
    beside = {kind: _start_told(kind, times, sizes) for kind in ("this bot", "PTB's JobQueue")}
    added = {kind: _added(times, kind, LEAST_SECONDS) for kind in beside}
    more = {kind: _added(sizes, kind, LEAST_MIB) for kind in beside}
    ours_, theirs = beside
    return [
        ratio("B10 start", added[theirs], added[ours_], beside),
        ratio("B10 memory", more[ours_], more[theirs], beside),
    ]


def _starters(run: Run, ours: Path, queue: Path, number: int) -> dict[str, Measured]:
    token = f"{100 + number}:{'Q' * 35}"
    command = [sys.executable, "-m", "benchmarks.peers.job_queue", run.standin.url, token, str(queue)]
    return {
        "this bot": replace(people.ours(run.standin, ours)),
        "PTB's JobQueue": Measured("PTB's JobQueue", token, command, {}),
    }


def _started(run: Run, one: Measured) -> tuple[float, float]:
    """Give the seconds to the first poll, and the MiB that are resident a while later."""
    with ended(one.start(run.complaints)):
        took = run.standin.ask("polls", one.token, since=one.began, within=120.0)["at"] - one.began
        sleep(CALM_SECONDS)
        return took, memory_mib(one.pid)


def _added(seen: dict[tuple[str, int], list[float]], kind: str, least: float) -> list[float]:
    pairs = zip(seen[kind, PATIENTS], seen[kind, 1], strict=True)
    return [max(many - nobody, least) for many, nobody in pairs]


def _start_told(kind: str, times: dict[tuple[str, int], list[float]], sizes: dict[tuple[str, int], list[float]]) -> str:
    told = [
        f"{median(times[kind, count]):.2f} s, {median(sizes[kind, count]):.0f} MiB with {count:,}"
        for count in (PATIENTS, 1)
    ]
    return "; ".join(told)
