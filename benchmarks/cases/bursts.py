"""B7: what a broadcast does to the wait for a tap. B18: how soon a rush is over for everybody."""

import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks import people
from benchmarks.cases.replies import running, steady_p99
from benchmarks.figure import Figure, Run, plain, ratio
from benchmarks.figures import first_calm, percentile
from benchmarks.processes import Measured, peer

CASES = ("B7", "B18")
RATE, SECONDS = 100.0, 3.0
PEER_RATE, PEER_SECONDS = 5.0, 4.0
"""AIORateLimiter lets 30 calls out a second, edits included: at this rate it has room when it is idle."""
WAITING = 10_000
BURST, BEFORE, DURING, AFTER = 10, 2.0, 10.0, 12.0
WINDOW = 0.5
RUSHES = 2
_BACK = 2.0
"""The wait counts as back when it is at most twice what it was before the rush."""
_MILLI = 1e3


def run(run: Run) -> list[Figure]:
    """Measure both; a quick run has no time for either."""
    return [] if run.quick else [_broadcast(run), _rush(run)]


def _broadcast(run: Run) -> Figure:
    """Tap two bots of each kind in turns, one idle and one that sends; whoever is not tapped is stopped meanwhile."""
    idle, busy = _our_pair(run)
    idle_peer, busy_peer = _peer_pair(run)
    everybody = [idle, busy, idle_peer, busy_peer]
    with running(run, everybody, restless=busy):
        run.standin.ask("write", busy_peer.token, chats=[1], text="/broadcast")
        run.standin.ask("sent", busy.token, count=1)
        run.standin.ask("sent", busy_peer.token, count=1)
        waits: dict[str, list[float]] = {one.token: [] for one in everybody}
        for _ in range(run.rounds):
            for one in everybody:
                rate = (RATE, SECONDS) if one in (idle, busy) else (PEER_RATE, PEER_SECONDS)
                with _alone(one, everybody):
                    waits[one.token].append(steady_p99(run, one, *rate))
        sent = len(run.standin.ask("sent", busy.token, count=0)["at"])
    told = {
        "this bot": f"idle {median(waits[idle.token]):.1f} ms, sending {median(waits[busy.token]):.1f} ms",
        "prompts sent meanwhile": f"{sent:,}",
        "python-telegram-bot with AIORateLimiter": (
            f"idle {median(waits[idle_peer.token]):.1f} ms, sending at least {median(waits[busy_peer.token]):,.0f} ms"
        ),
    }
    return ratio("B7", waits[busy.token], waits[idle.token], told)


def _our_pair(run: Run) -> tuple[Measured, Measured]:
    pair = []
    for number in (1, 6):
        database, token = run.folder / f"pair{number}.db", f"{number}:{'O' * 35}"
        people.deal(run.standin, people.settle(database, 1500), token)
        pair.append(people.ours(run.standin, database, token))
    people.crowd(run.folder / "pair6.db", WAITING, due=True)
    return pair[0], pair[1]


def _peer_pair(run: Run) -> tuple[Measured, Measured]:
    idle, busy = (peer("ptb", run.standin, run.folder, "limited", chats=1500, number=number) for number in (7, 8))
    return idle, busy


@contextmanager
def _alone(one: Measured, everybody: list[Measured]) -> Iterator[None]:
    """Let nobody else run meanwhile."""
    others = [other for other in everybody if other is not one]
    for other in others:
        other.send(signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            other.send(signal.SIGCONT)


def _rush(run: Run) -> Figure:
    waits = [_recovery(run, number) for number in range(RUSHES)]
    peaks = " and ".join(f"{peak * _MILLI:,.0f}" for _, peak in waits)
    told = {"this bot": f"longest wait {peaks} ms, {RATE * BURST:,.0f} taps a second for {DURING:.0f} s"}
    return plain("B18", [seconds for seconds, _ in waits], told)


def _recovery(run: Run, number: int) -> tuple[float, float]:
    """Give the seconds from the end of the rush until waits are back, and the longest wait."""
    database, token = run.folder / f"rush{number}.db", f"{20 + number}:{'O' * 35}"
    people.deal(run.standin, people.settle(database, int(RATE * BURST * DURING)), token)
    one = people.ours(run.standin, database, token)
    rates = [(RATE, BEFORE), (RATE * BURST, DURING), (RATE, AFTER)]
    with running(run, [one]):
        given = run.standin.ask("steady", token, pid=one.pid, rates=rates)
    end = BEFORE + DURING
    told = list(zip(given["moments"], given["waits"], strict=True))
    usual = percentile([wait for moment, wait in told if moment < BEFORE], 99)
    later = [(moment - end, wait) for moment, wait in told if moment >= end]
    calm = first_calm([moment for moment, _ in later], [wait for _, wait in later], usual * _BACK, WINDOW)
    return math.inf if calm is None else calm, max(given["waits"])
