"""B17: how soon a started process asks for its first update, and how much memory it holds after some work."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from sqlmodel import Session

from benchmarks import people
from benchmarks.cases.replies import ended
from benchmarks.figure import Figure, Run, plain
from benchmarks.machine import memory_mib
from benchmarks.processes import Measured, peer
from care.clock import system_clock
from storage import checkins

CASES = ("B17",)
REPLIES, PICTURES, DAYS = 1000, 10, 14
ANSWERS = {"mood": 6, "energy": 2, "dizziness": 0, "nausea": 0}
PATIENTS = 300


def run(run: Run) -> list[Figure]:
    """Start each in turns; a quick run has no ratio to judge here."""
    if run.quick:
        return []
    times: dict[str, list[float]] = {}
    sizes: dict[str, list[float]] = {}
    worked: list[float] = []
    for number in range(run.rounds):
        database = run.folder / f"start{number}.db"
        token = f"{200 + number}:{'O' * 35}"
        cards = people.settle(database, PATIENTS)
        asyncio.run(_remember(database))
        people.deal(run.standin, cards, token)
        ours = people.ours(run.standin, database, token)
        for name, one in {"this bot": ours, **_peers(run, 10 * number + 300)}.items():
            with ended(one.start(run.complaints)):
                at = run.standin.ask("polls", one.token, since=one.began)["at"]
                times.setdefault(name, []).append(at - one.began)
                sizes.setdefault(name, []).append(memory_mib(one.pid))
                if one is ours:
                    worked.append(_worked(run, ours))
    beside = {name: f"{median(times[name]):.2f} s, then {median(sizes[name]):.0f} MiB" for name in times}
    after = {"this bot": f"{REPLIES:,} replies and {PICTURES} pictures; before {median(sizes['this bot']):.0f} MiB"}
    return [plain("B17 start", times["this bot"], beside), plain("B17 memory", worked, after)]


def _peers(run: Run, number: int) -> dict[str, Measured]:
    return {
        "python-telegram-bot": peer("ptb", run.standin, run.folder, chats=1, number=number),
        "aiogram": peer("aiogram_bot", run.standin, run.folder, chats=1, number=number + 1),
    }


def _worked(run: Run, ours: Measured) -> float:
    """Have it answer and draw, and give its memory in MiB."""
    run.standin.ask("answer", ours.token, count=REPLIES)
    chats = [people.FIRST_CHAT + n for n in range(PICTURES)]
    run.standin.ask("write", ours.token, chats=chats, text="/summary")
    run.standin.ask("pictures", ours.token, count=PICTURES)
    return memory_mib(ours.pid)


async def _remember(path: Path) -> None:
    """Give the first patients two weeks of answered days, so that there is something to draw."""
    database = people.opened(path)
    try:
        now = system_clock()
        for chat in range(people.FIRST_CHAT, people.FIRST_CHAT + PICTURES):
            for back in range(1, DAYS + 1):
                await database.write(_answer_day, chat, now - timedelta(days=back))
    finally:
        await database.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        # Nobody waits for what those days owed.
        connection.execute("DELETE FROM due WHERE at < ?", [f"{now:%Y-%m-%d %H:%M:%S}"])


def _answer_day(session: Session, chat: int, now: datetime) -> None:
    check_in = people.open_card(session, chat, now)
    for code, value in ANSWERS.items():
        checkins.answer(session, chat, check_in.id, code, value, 0, now)
