"""B8: messages a second in bulk, 64 in flight, where Telegram takes 50 ms to answer."""

import sys
from statistics import median

from benchmarks.cases.replies import ended
from benchmarks.figure import Figure, Run, ratio
from benchmarks.processes import Measured

CASES = ("B8",)
SERVICE = 0.05
WARM, SECONDS = 0.7, 1.5
_KINDS = {
    "this bot": ("benchmarks.ours.bulk",),
    "bare aiohttp": ("benchmarks.peers.bulk", "aiohttp"),
    "python-telegram-bot": ("benchmarks.peers.bulk", "ptb"),
}
_MICRO = 1e6


def run(run: Run) -> list[Figure]:
    """Let each send for a moment, in turns."""
    if run.quick:
        return []
    run.standin.ask("serve_in", seconds=SERVICE)
    rates: dict[str, list[float]] = {name: [] for name in _KINDS}
    costs: dict[str, list[float]] = {name: [] for name in _KINDS}
    for _ in range(run.rounds):
        for number, name in enumerate(_KINDS, 10):
            rate, cost = _send(run, number, *_KINDS[name])
            rates[name].append(rate)
            costs[name].append(cost)
    beside = {name: f"{median(rates[name]):,.0f}/s, {median(costs[name]):,.0f} µs CPU each" for name in _KINDS}
    ours, bare, ptb = rates.values()
    return [ratio("B8 aiohttp", ours, bare, beside), ratio("B8 PTB", ours, ptb, beside)]


def _send(run: Run, number: int, module: str, *kind: str) -> tuple[float, float]:
    """Give messages a second and microseconds of CPU for one."""
    token = f"{number}:{'B' * 35}"
    command = [sys.executable, "-m", module, run.standin.url, token, str(run.folder / "bulk.db"), *kind]
    with ended(Measured(module, token, command, {}).start(run.complaints)) as one:
        given = run.standin.ask("flow", token, pid=one.pid, warm=WARM, seconds=SECONDS)
    return given["sends"] / given["seconds"], given["cpu"] / given["sends"] * _MICRO
