"""A crowd: people who ask for their card and answer it, each at their own pace, with the real bot process behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.app import keyring
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from care.clock import system_clock
from handlers.words import Words
from storage import history, patients
from storage.database import Database
from tests.transcripts.stage import TOKEN, settings_for

FIRST = 3001
WORDS = Words("en")
ORDER = ("mood", "energy", "dizziness", "faint", "nausea", "vomit")


@dataclass
class Crowd:
    """People, what each of them will say, and how far Telegram shows that they have come."""

    standin: StandIn
    database_url: str
    folder: Path
    said: dict[int, dict[str, int]] = field(default_factory=dict)

    async def settle(self, count: int, rng: Random) -> None:
        """Let so many people begin."""
        choices = {"zone": "UTC", "daily_minute": _far(), "country": "DE", "nudges": 0, "items": frozenset[str]()}
        database = self.opened()
        for chat_id in range(FIRST, FIRST + count):
            await database.write(patients.agree, chat_id, "en", "1", system_clock())
            await database.write(patients.choose, chat_id, choices, system_clock())
            self.standin.person(chat_id, f"P{chat_id}").room.started = True
            self.said[chat_id] = _answers(rng)
        await database.close()

    def opened(self, url: str = "") -> Database:
        """Open the bot's database, or a copy of it."""
        url = url or self.database_url
        return Database.open(url, keyring(settings_for(url, self.standin.url, self.folder)))

    def phone(self, chat_id: int) -> Phone:
        return self.standin.phones[chat_id]

    async def answer(self, chat_id: int, seconds: float = 40.0) -> None:
        """Ask for the card and answer it to the end."""
        phone = self.phone(chat_id)
        phone.writes("/checkin")
        for code, value in self.said[chat_id].items():
            question = WORDS(f"question-{code}")
            await self.standin.until(lambda question=question: self.shows(chat_id, question), seconds)
            phone.taps(WORDS(f"option-{code}-{value}"))
        await self.standin.until(lambda: self.shows(chat_id, "saved"), seconds)

    async def answer_all(self, seconds: float = 40.0) -> None:
        """Let everybody answer at the same time."""
        await asyncio.gather(*(self.answer(chat_id, seconds) for chat_id in self.said))

    def shows(self, chat_id: int, text: str) -> bool:
        """Tell whether the newest message of the bot shows a text."""
        mine = [message for message in self.phone(chat_id).messages if message.from_bot]
        return bool(mine) and text in (mine[-1].text or "")

    def confirmed(self, chat_id: int) -> dict[str, int]:
        """Give the answers that a person was shown to be taken: those before the question that stands there."""
        said = list(self.said[chat_id].items())
        if self.shows(chat_id, "saved"):
            return dict(said)
        asked = [n for n, (code, _) in enumerate(said) if self.shows(chat_id, WORDS(f"question-{code}"))]
        return dict(said[: asked[0]]) if asked else {}

    async def kept(self, url: str = "") -> dict[int, dict[str, int]]:
        """Give what a database holds of everybody today."""
        database = self.opened(url)
        today = system_clock().date()
        found = {}
        for chat_id in self.said:
            entries = await database.read(history.entries, chat_id, today.replace(day=1), today)
            found[chat_id] = dict(entries[-1].values) if entries else {}
        await database.close()
        return found


@asynccontextmanager
async def crowd(database_url: str, folder: Path, people: int, rng: Random) -> AsyncIterator[Crowd]:
    """Gather a crowd around a Telegram; the bot is the test's to start."""
    standin = StandIn(system_clock, token=TOKEN)
    await standin.start()
    here = Crowd(standin, database_url, folder)
    await here.settle(people, rng)
    try:
        yield here
    finally:
        await standin.stop()


def _far() -> int:
    """Give the wall minute eleven hours from now, so that no prompt comes during a test."""
    now = system_clock()
    return (now.hour * 60 + now.minute + 11 * 60) % 1440


def _answers(rng: Random) -> dict[str, int]:
    drawn = {"mood": rng.randrange(11), "energy": rng.randrange(5), "dizziness": rng.randrange(4)}
    if drawn["dizziness"] >= 2:
        drawn["faint"] = rng.randrange(3)
    drawn["nausea"] = rng.randrange(4)
    if drawn["nausea"] >= 2:
        drawn["vomit"] = rng.randrange(4)
    return drawn
