"""Simulated people: each answers, forgets, taps old cards, pauses, blocks, travels, in their own time."""

import asyncio
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from handlers.words import Words
from storage import patients
from storage.database import Database
from tests.simulation.wire import Seen, Telegram

WORDS = Words("en")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Auckland", "UTC")
CODES = ("mood", "energy", "dizziness", "faint", "nausea", "vomit")
LABELS = {
    code: {WORDS(f"option-{code}-{n}"): n for n in range(11) if WORDS.has(f"option-{code}-{n}")} for code in CODES
}
WISHES = (WORDS("pause-open"), WORDS("menu-resume"), WORDS("erase-on"), WORDS("erase-all"))
DAY_START = 4


@cache
def _card_lines(year: int) -> dict[str, date]:
    """Name the day of each first line that a daily card of this year or the one before can have."""
    first = date(year - 1, 1, 1)
    days = [first + timedelta(days=n) for n in range(731)]
    return {WORDS(line, day=WORDS.day(day)): day for line in ("card-today", "card-past") for day in days}


@cache
def day_of_card(first: str, year: int) -> date | None:
    """Give the day that a daily card is about, by its first line; what follows "today" says why it is late."""
    lines = _card_lines(year)
    longest = max((line for line in lines if first.startswith(line)), key=len, default="")
    return lines.get(longest)


class Around(Protocol):
    """What a person needs of the world."""

    telegram: Telegram

    def clock(self) -> datetime: ...


class Person:
    """One person. saved holds, by their own day, the answers of cards that they saw saved."""

    def __init__(self, chat: int, rng: Random, world: Around) -> None:
        self.chat, self.rng, self.world = chat, rng, world
        self.zone = rng.choice(ZONES)
        self.hour = rng.choice([12, 18, 19, 20, 21])
        self.diligence = rng.choice([0.3, 0.8, 1.0])
        self.saved: dict[date, dict[str, int]] = {}
        self.days: dict[int, date] = {}
        self.erased = False
        self.wrote_danger_at: float | None = None
        self.acted_before_danger = float("-inf")
        self.last_act = float("-inf")
        self._wakes = asyncio.Event()
        self._todo: list[Seen] = []

    async def settle(self, database: Database) -> None:
        await database.write(patients.agree, self.chat, "en", "1", self.world.clock())
        choices = {
            "zone": self.zone,
            "daily_minute": self.hour * 60,
            "country": "DE",
            "nudges": self.rng.choice([0, 1, 2]),
            "items": frozenset(self.rng.sample(["phq2", "sleep", "steps"], 1)) - {"sleep", "steps"},
        }
        await database.write(patients.choose, self.chat, choices, self.world.clock())

    def local(self) -> datetime:
        return self.world.clock().astimezone(ZoneInfo(self.zone))

    def today(self) -> date:
        return (self.local() - timedelta(hours=DAY_START)).date()

    # What they do

    async def live(self) -> None:
        task = asyncio.current_task()
        assert task
        task.set_name(f"person {self.chat}")
        own_ideas = asyncio.create_task(self._has_ideas(), name=f"person {self.chat} ideas")
        try:
            while True:
                await self._wakes.wait()
                self._wakes.clear()
                while self._todo:
                    seen = self._todo.pop(0)
                    if self.rng.random() < self.diligence:
                        await asyncio.sleep(self.rng.choice([2, 5, 30, 200, 4000]) * (0.5 + self.rng.random()))
                        self._answer(seen)
        finally:
            own_ideas.cancel()

    async def _has_ideas(self) -> None:
        while not self.erased:
            await asyncio.sleep(self.rng.expovariate(1 / 50_000))
            act = self.rng.choices(
                ["/checkin", "/history", "a note", "/stop", "/pause", "old tap", "block", "die", "/delete"],
                [6, 3, 3, 3, 2, 4, 1, 1, 0.3],
            )[0]
            await self._act(act)

    async def _act(self, act: str) -> None:
        if act == "old tap":
            cards = [seen for seen in self.world.telegram.chats.get(self.chat, {}).values() if seen.buttons]
            if cards:
                card = self.rng.choice(cards)
                self._press(self.rng.choice(card.buttons)[1], card.message)
        elif act == "block":
            self.world.telegram.blocked.add(self.chat)
            await asyncio.sleep(self.rng.uniform(3600, 90_000))
            self.world.telegram.blocked.discard(self.chat)
            self.writes("/start")
        elif act == "die":
            self.acted_before_danger = self.last_act
            self.writes("I want to die")
            self.wrote_danger_at = self.last_act
        elif act == "a note":
            self.writes("the garden was quiet today")
        else:
            self.writes(act)
            if act in ("/stop", "/pause"):
                await asyncio.sleep(self.rng.uniform(3600, 200_000))
                self.writes("/resume")

    def writes(self, text: str) -> None:
        self.last_act = self.world.telegram.now()
        content = {**self._from_me(), "message_id": self.world.telegram.next_message(), "text": text}
        content["date"] = int(self.world.clock().timestamp())
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self.world.telegram.arrives("message", content)

    def _press(self, data: str, message: int) -> None:
        self.last_act = self.world.telegram.now()
        me = self._from_me()
        for _ in range(2 if self.rng.random() < 0.05 else 1):  # a nervous thumb
            number = str(self.world.telegram.next_message())
            content = {"id": number, "from": me["from"], "chat_instance": "1", "data": data}
            content["message"] = {"message_id": message, "date": 0, "chat": me["chat"]}
            self.world.telegram.arrives("callback_query", content)

    def _from_me(self) -> dict[str, Any]:
        name = f"P{self.chat}"
        user = {"id": self.chat, "is_bot": False, "first_name": name, "language_code": "en"}
        return {"from": user, "chat": {"id": self.chat, "type": "private", "first_name": name}}

    def _answer(self, seen: Seen) -> None:
        """Tap an answer on a card as it stands in the chat now."""
        present = self.world.telegram.chats.get(self.chat, {}).get(seen.message)
        if present is None or present.text != seen.text:
            return
        options = [one for one in present.buttons if one[1].startswith("1:a:") and not one[1].endswith(":skip")]
        wishes = [one for one in present.buttons if one[0] in WISHES]
        if wishes:
            self._press(wishes[0][1], seen.message)
        elif options:
            self._press(self.rng.choice(options)[1], seen.message)

    # What they see

    def sees(self, seen: Seen) -> None:
        """Look at what came; what is a question is answered in a while."""
        if seen.name == "answerCallbackQuery":
            return
        self._remember(seen)
        if seen.buttons:
            self._todo.append(seen)
            self._wakes.set()

    def _remember(self, seen: Seen) -> None:
        """Keep what a saved daily card says, under the day that its first line named."""
        first, *rest = seen.text.split("\n")
        day = day_of_card(first, self.today().year)
        if day is not None:
            self.days[seen.message] = day
        line = next((one for one in rest if one.startswith("Saved ")), "")
        said = dict(part.split(": ", 1) for part in line.split(" · ")[1:] if ": " in part)
        given = {code: LABELS[code].get(said.get(WORDS(f"short-{code}"), "")) for code in CODES}
        values = {code: value for code, value in given.items() if value is not None}
        if values and seen.message in self.days:
            self.saved[self.days[seen.message]] = values
