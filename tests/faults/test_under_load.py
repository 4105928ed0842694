"""F28, F29, F31, F34: much at once, for long. People who tap are served, nothing piles up, nothing leaks.

Short in `make test`, with wide bounds, because the machine is busy with other tests; `make soak` and cases B7 and B18
of `make bench` measure the same at full size.
"""

import asyncio
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest

from handlers.reports import chart
from storage import checkins
from tests.faults.counts import SOAK, either, on_one_database
from tests.faults.crowd import crowd
from tests.faults.real_bot import real_bot
from tests.faults.town import EVENING, LagSampler, Town, town
from tests.storage.people import fill_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), on_one_database]

BROADCAST = either(120, 3_000)
AT_ONCE = either(20, 50)
REPLIES = either(1500, 60_000)
MIB = 1024 * 1024
BUSY_MACHINE = either(0.5, 0.25)
"""By how many seconds other tests may hold up a tap; case B7 of the benchmarks measures it with nothing beside it."""


def p99(waits: list[float]) -> float:
    return quantiles(waits, n=100)[98] if len(waits) > 1 else 0.0


async def taps(here: Town, chats: list[int], per_second: float, seconds: float) -> list[float]:
    """Tap at a steady rate, whether or not earlier taps were answered; give the waits, from the planned moment."""
    loop, waits, tasks = asyncio.get_running_loop(), [], []
    began = loop.time()
    for n in range(int(per_second * seconds)):
        planned = began + n / per_second
        await asyncio.sleep(max(0.0, planned - loop.time()))
        tasks.append(asyncio.create_task(_tap(here, chats[n % len(chats)], planned, waits)))
    await asyncio.gather(*tasks)
    return waits


async def _tap(here: Town, chat_id: int, planned: float, waits: list[float]) -> None:
    phone = here.people[chat_id]
    card = phone.messages[-1]
    press = phone.presses(f"1:c:explain:{chat_id}", card.message_id)
    answers = here.standin.calls
    while not any(call.params.get("callback_query_id") == press for call in answers[-400:]):
        await asyncio.sleep(0.002)
    waits.append(asyncio.get_running_loop().time() - planned)


async def test_taps_are_answered_during_a_broadcast(
    database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F31."""
    async with town(database_url, tmp_path, BROADCAST + 5) as here:
        tappers = list(here.people)[:5]
        here.clock.moment = EVENING - timedelta(hours=6)
        for chat in tappers:
            here.people[chat].writes("/checkin")
        await here.quiet(30)
        idle = await taps(here, tappers, 5, either(3, 20))
        here.clock.moment = EVENING
        sending = asyncio.create_task(here.app.loops.drain_once())
        busy = await taps(here, tappers, 5, BROADCAST / 25 * 0.8)
        await sending
        report(f"broadcast to {BROADCAST}: tap p99 {p99(idle) * 1000:.0f} ms idle, {p99(busy) * 1000:.0f} ms during it")
        assert p99(busy) <= p99(idle) * either(5.0, 1.2) + BUSY_MACHINE
        reached = sum(bool(here.cards(chat)) for chat in here.people if chat not in tappers)
        assert reached == BROADCAST


async def test_a_rush_of_taps_passes(database_url: str, tmp_path: Path, report: Callable[[str], None]) -> None:
    """F34: ten times the load, then the usual one again; within ten seconds the waits are what they were."""
    async with town(database_url, tmp_path, 20) as here:
        await here.evening()
        chats = list(here.people)
        base, seconds = 15, either(2, 10)
        before = await taps(here, chats, base, seconds)
        rush = await taps(here, chats, base * 10, seconds)
        after = await taps(here, chats, base, either(4, 10))
        tail = after[len(after) // 2 :]
        report(
            f"rush: p99 {p99(before) * 1000:.0f} ms before, {p99(rush) * 1000:.0f} ms in it, "
            f"{p99(tail) * 1000:.0f} ms soon after it"
        )
        assert p99(tail) <= p99(before) * 2 + BUSY_MACHINE


async def test_many_pictures_at_once_hold_up_nobody(
    database_url: str, tmp_path: Path, report: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F29: they are drawn one after the other; the loop goes on."""
    drawing = Drawing(chart)
    async with town(database_url, tmp_path, AT_ONCE) as here:
        drawing.watch(monkeypatch)
        for chat in here.people:
            for day in range(3):
                now = here.clock() - timedelta(days=3 - day)
                card = await here.app.database.write(checkins.open_past, chat, now.date(), here.clock())
                assert card
                await here.app.database.write(fill_in, chat, card.check_in.id, here.clock())
        async with LagSampler() as lag:
            for phone in here.people.values():
                phone.writes("/summary")
            await here.standin.until(lambda: len(here.standin.calls_to("sendPhoto")) >= AT_ONCE, 120)
        report(
            f"{AT_ONCE} pictures at once: at most {drawing.most} drawn at once, "
            f"loop lag p99 {lag.percentile(0.99) * 1000:.0f} ms"
        )
        assert drawing.most == 1
        assert lag.percentile(0.99) < (0.05 if SOAK else 0.5), "the loop stood still"


class Drawing:
    """Counts how many pictures are being drawn."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.now = self.most = 0
        self._lock = threading.Lock()

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = self.module.render

        def counted(*args: Any, **named: Any) -> Any:
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            try:
                return real(*args, **named)
            finally:
                with self._lock:
                    self.now -= 1

        monkeypatch.setattr(self.module, "render", counted)


async def test_nothing_leaks(database_url: str, tmp_path: Path, report: Callable[[str], None]) -> None:
    """F28: memory and open files after many replies, against what they were once the bot was warm."""
    async with (
        crowd(database_url, tmp_path, 20, random.Random(1)) as here,
        real_bot(here.standin, database_url, tmp_path, LOG_LEVEL="warning") as bot,
    ):
        await here.answer_all()
        await _replies(here, REPLIES // 3)
        before, files = _memory(bot.pid), _files(bot.pid)
        await _replies(here, REPLIES)
        grown, more = (_memory(bot.pid) - before) / MIB, _files(bot.pid) - files
        report(f"after {REPLIES} replies: {grown:+.1f} MiB, {more:+d} open files")
        assert grown < 5
        assert more <= 2


async def _replies(here: Any, count: int) -> None:
    chats = list(here.said)
    for n in range(0, count, len(chats)):
        presses = {
            here.phone(chat).presses(f"1:c:show:{n}", here.phone(chat).messages[-1].message_id) for chat in chats
        }
        while not presses <= {call.params.get("callback_query_id") for call in here.standin.calls[-200:]}:
            await asyncio.sleep(0.002)
        del here.standin.calls[:-400]


def _memory(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def _files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
