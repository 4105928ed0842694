"""A town: many patients with a check-in due at the same minute, the whole bot, and a Telegram that can be told to fail.

The bot runs in this process, with its own loops, over HTTP. The judge is the stand-in's log, with moments of its own.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.demo.world import Call
from handlers.words import Words
from storage import patients
from tests.clocks import StillClock
from tests.transcripts.stage import TOKEN, settings_for

FIRST = 2001
START = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 10, 14, 17, 5, tzinfo=UTC)
"""19:05 in Berlin: every card of 19:00 is due, whatever its person's own offset."""
WORDS = Words("en")
QUESTIONS = ("mood", "energy", "dizziness", "nausea")
TODAY = "Time for your check-in"


@dataclass
class Town:
    """The bot, its Telegram and its people."""

    clock: StillClock
    standin: StandIn
    app: App
    people: dict[int, Phone] = field(default_factory=dict)

    async def settle(self, count: int) -> None:
        """Let so many people begin, with their card at 19:00, and open their chats."""
        choices = {
            "zone": "Europe/Berlin",
            "daily_minute": 19 * 60,
            "country": "DE",
            "nudges": 0,
            "items": frozenset[str](),
        }
        for chat_id in range(FIRST, FIRST + count):
            await self.app.database.write(patients.agree, chat_id, "en", "1", self.clock())
            await self.app.database.write(patients.choose, chat_id, choices, self.clock())
            phone = self.people[chat_id] = self.standin.person(chat_id, f"P{chat_id}", language_code="en")
            phone.room.started = True

    async def evening(self, at: datetime = EVENING) -> None:
        """Move the clock to the evening's cards and send what is due, once."""
        self.clock.moment = at
        await self.app.loops.drain_once()

    async def later(self, by: timedelta) -> None:
        """Move the clock and send what is due then."""
        await self.evening(self.clock.moment + by)

    async def quiet(self, seconds: float = 10.0) -> None:
        """Wait until Telegram has handed over everything and the bot has answered it."""
        await self.standin.idle(seconds)
        async with asyncio.timeout(seconds):
            await self.app.dispatcher.idle()

    def cards(self, chat_id: int) -> list[Call]:
        """List the messages with the day's card that reached a chat, whether or not the bot heard so."""
        return [call for call in self.sends(chat_id) if call.ok and TODAY in str(call.params.get("text"))]

    def sends(self, chat_id: int | None = None) -> list[Call]:
        """List the attempts to send a message, to one chat or to all."""
        return [one for one in self.standin.calls_to("sendMessage") if chat_id in (None, one.chat_id)]


@asynccontextmanager
async def town(database_url: str, folder: Path, people: int, sends_per_second: float = 25.0) -> AsyncIterator[Town]:
    """Open a town. Its pace for one chat is not held back: the clock here runs fast."""
    clock = StillClock(START)
    standin = StandIn(clock, token=TOKEN)
    await standin.start()
    settings = settings_for(database_url, standin.url, folder).model_copy(update={"sends_per_second": sends_per_second})
    app = build(settings, clock, chat_per_second=1000)
    opened = Town(clock, standin, app)
    try:
        await app.start()
        await opened.settle(people)
        yield opened
    finally:
        standin.behave()
        await app.stop()
        await standin.stop()


class LagSampler:
    """Measures how late the loop is: a timer every few milliseconds that notes by how much it missed its moment."""

    def __init__(self, every: float = 0.005) -> None:
        self._every = every
        self._task: asyncio.Task[None] | None = None
        self.lags: list[float] = []

    async def __aenter__(self) -> "LagSampler":
        self._task = asyncio.create_task(self._sample())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task
        self._task.cancel()

    async def _sample(self) -> None:
        while True:
            planned = time.monotonic() + self._every
            await asyncio.sleep(self._every)
            self.lags.append(time.monotonic() - planned)

    def percentile(self, share: float) -> float:
        """Give the lag in seconds that this share of the samples stays under."""
        ordered = sorted(self.lags)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
