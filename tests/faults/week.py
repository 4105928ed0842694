"""A scripted week of two people who answer whatever the card asks, and the judge: Telegram's side, and the database."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import keyring
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.demo.world import Call
from care.schedule import DailyPlan
from handlers.words import Words
from storage import history, patients
from storage.database import Database
from tests.clocks import FileClock, StillClock
from tests.transcripts.stage import PEOPLE, TOKEN, settings_for

LEASE = timedelta(seconds=61)
BERLIN = ZoneInfo("Europe/Berlin")
FIRST_DAY = date(2026, 10, 19)
QUESTIONS = ("mood", "energy", "dizziness", "faint", "nausea", "vomit")
WORDS = Words("en")


def answers_of(name: str, day: date) -> dict[str, int]:
    """Give what a person will say on a day, follow-ups included; different for each person and day."""
    n = PEOPLE[name] + day.toordinal()
    said = {"mood": n % 11, "energy": n % 5, "dizziness": n % 4, "nausea": (n // 3) % 4}
    if said["dizziness"] >= 2:
        said["faint"] = n % 3
    if said["nausea"] >= 2:
        said["vomit"] = n % 4
    return said


class BotProcess:
    """The bot in a process of its own, killed and started again."""

    def __init__(self, forge: asyncio.subprocess.Process) -> None:
        self.forge = forge
        self.pid = 0

    @classmethod
    async def prepare(cls, *arguments: str) -> "BotProcess":
        """Start the process that lives are forked from."""
        command = (sys.executable, "-m", "tests.faults.bot_process", *arguments)
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL))

    async def start(self, crash_point: str = "") -> None:
        assert self.forge.stdin
        self.forge.stdin.write(f"{crash_point}\n".encode())
        self.pid = int(await self._told())

    async def end(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)
        await self.ended()

    async def ended(self) -> None:
        """Wait until the life has ended."""
        assert await self._told() == b"ended\n"

    async def close(self) -> None:
        """End whatever lives, and the process that lives are forked from."""
        assert self.forge.stdin
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.forge.stdin.close()
        await self.forge.wait()

    async def _told(self) -> bytes:
        assert self.forge.stdout
        return await self.forge.stdout.readline()


class Week:
    """People who answer whatever the card asks, while somebody keeps killing the bot."""

    def __init__(
        self,
        standin: StandIn,
        clock: FileClock,
        bot: BotProcess,
        seed: int,
        kills: int = 0,
        how: signal.Signals = signal.SIGKILL,
    ) -> None:
        self.standin, self.clock, self.bot = standin, clock, bot
        self.wanted, self.how = kills, how
        self.slowest_end = 0.0
        self.seed = seed
        self.random = random.Random(seed)
        self.kills = 0
        self.killed_at = 0.0
        self.start_took = 0.3
        self.days: list[date] = []

    async def live(self) -> None:
        """Live through a week, and through more days until the bot has been killed often enough."""
        for phone in self.standin.phones.values():
            await self._until(lambda phone=phone: bool(phone.messages) and phone.messages[-1].from_bot, "hello is said")
        await self.standin.idle()
        killer = asyncio.create_task(self._kill_now_and_then())
        try:
            while len(self.days) < 7 or self.kills < self.wanted:
                await self.live_a_day(FIRST_DAY + timedelta(days=len(self.days)))
                if killer.done():
                    killer.result()
        finally:
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)

    async def live_a_day(self, day: date) -> None:
        moment = DailyPlan(19 * 60, "Europe/Berlin").moment(day) + timedelta(minutes=6)
        self.clock.set(max(moment, self.clock()))
        self.days.append(day)
        await asyncio.gather(*(self._answer_the_card(name, day) for name in ("Ana", "Cleo")))

    async def _answer_the_card(self, name: str, day: date) -> None:
        phone = self.standin.person(PEOPLE[name], name, language_code="en")
        said = answers_of(name, day)
        for code in [code for code in QUESTIONS if code in said]:
            await self._tap_once(phone, day, code, said[code])
        await self._until(lambda: shows(phone, "Saved"), f"{name} sees {day} saved")

    async def _tap_once(self, phone: Phone, day: date, code: str, value: int) -> None:
        question, label = WORDS(f"question-{code}"), WORDS(f"option-{code}-{value}")
        await self._until(lambda: card(phone, day) is not None and shows(phone, question), f"{code} of {day} is asked")
        phone.taps(label)
        # Nobody taps twice: a press that Telegram handed over must be answered, whatever dies in between.
        await self._until(lambda: not shows(phone, question), f"{code} of {day} is taken")

    async def _until(self, condition: Callable[[], bool], what: str, seconds: float = 45) -> None:
        """Wait; a bot that is killed again is given its time again."""
        began = asyncio.get_running_loop().time()
        while not condition():
            if asyncio.get_running_loop().time() > max(began, self.killed_at) + seconds:
                raise TimeoutError(f"{what}, seed {self.seed}, after {self.kills} kills")
            await asyncio.sleep(0.005)

    async def _kill_now_and_then(self) -> None:
        while self.kills < self.wanted:
            await self._a_random_moment()
            began = asyncio.get_running_loop().time()
            await self.bot.end(self.how)
            self.slowest_end = max(self.slowest_end, asyncio.get_running_loop().time() - began)
            self.kills += 1
            self.killed_at = asyncio.get_running_loop().time()
            self.clock.set(self.clock() + LEASE)
            await self.bot.start()

    async def _a_random_moment(self) -> None:
        """Wait: one time in five into the start of the process, else into its work, which begins with a poll.

        On a busy machine everything takes longer: a life is measured by how long the start took.
        """
        if self.random.random() < 0.2:
            await asyncio.sleep(self.random.uniform(0, self.start_took))
            return
        before, spawned = self._polls(), asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            await self._until(lambda: self._polls() > before, "the process polls", seconds=10)
        self.start_took = asyncio.get_running_loop().time() - spawned
        await asyncio.sleep(self.random.uniform(0, self.start_took))

    def _polls(self) -> int:
        return len(self.standin.calls_to("getUpdates"))


def is_about(text: str, day: date) -> bool:
    """Tell whether a card is a day's own. The whole first line counts: "Sun, Nov 1" also begins "Sun, Nov 15"."""
    return text.split("\n", maxsplit=1)[0] in {WORDS(name, day=WORDS.day(day)) for name in ("card-today", "card-past")}


def card(phone: Phone, day: date) -> object | None:
    """Give the live card, when it is the card of that day."""
    message = phone.messages[-1] if phone.messages else None
    return message if message is not None and is_about(message.text or "", day) else None


def shows(phone: Phone, text: str) -> bool:
    """Tell whether the last message of the chat shows a text."""
    return bool(phone.messages) and text in (phone.messages[-1].text or "")


def cards_shown(standin: StandIn, chat_id: int, day: date) -> list[Call]:
    """List the messages and edits, in the order they took effect, that showed a question of a day."""
    mine = [call for call in standin.calls if call.ok and call.chat_id == chat_id]
    return [call for call in mine if is_about(str(call.params.get("text", "")), day)]


def asked_again(shown: list[Call]) -> int:
    """Count the times a question stood again after a later one."""
    texts = [WORDS(f"question-{code}") for code in QUESTIONS]
    places = [place for call in shown for place, text in enumerate(texts) if text in call.params["text"]]
    return sum(later < earlier for earlier, later in pairwise(places))


async def settle_in(database: Database, standin: StandIn, clock: FileClock, name: str) -> None:
    """Take a person through onboarding without the taps, and open their chat."""
    chat_id = PEOPLE[name]
    choices = {
        "zone": "Europe/Berlin",
        "daily_minute": 19 * 60,
        "country": "DE",
        "nudges": 0,
        "items": frozenset[str](),
    }
    await database.write(patients.agree, chat_id, "en", "1", clock())
    await database.write(patients.choose, chat_id, choices, clock())
    standin.person(chat_id, name, language_code="en").start()


async def judge(database: Database, standin: StandIn, days: list[date]) -> tuple[int, int, int]:
    """Count answers lost, questions asked again after a later one, and prompts sent more than once."""
    lost = asked_twice = repeated = 0
    for name in ("Ana", "Cleo"):
        kept = await database.read(history.entries, PEOPLE[name], days[0], days[-1])
        by_day = {entry.day: entry.values for entry in kept}
        for day in days:
            said = answers_of(name, day).items()
            lost += sum(by_day.get(day, {}).get(code) != value for code, value in said)
            shown = cards_shown(standin, PEOPLE[name], day)
            asked_twice += asked_again(shown)
            repeated += max(0, sum(call.method == "sendMessage" for call in shown) - 1)
    return lost, asked_twice, repeated


@dataclass
class Scene:
    """Everything that a week needs, and what the judge says of it."""

    database: Database
    standin: StandIn
    clock: FileClock
    bot: BotProcess

    async def judged(self, days: list[date]) -> tuple[int, int, int]:
        """Count answers lost, questions asked again, and messages repeated, on these days."""
        return await judge(self.database, self.standin, days)


@asynccontextmanager
async def scene(database_url: str, folder: Path) -> AsyncIterator[Scene]:
    """Prepare two people, their Telegram, and a bot that is not started yet."""
    clock = FileClock(folder / "clock")
    clock.set(datetime.combine(FIRST_DAY, datetime.min.time(), BERLIN).replace(hour=9).astimezone(UTC))
    standin = StandIn(StillClock(clock()), token=TOKEN)  # only the bot's time flies: presses do not grow old
    standin.world.updates.hold_repeats = False
    await standin.start()
    database = Database.open(database_url, keyring(settings_for(database_url, standin.url, folder)))
    for name in ("Ana", "Cleo"):
        await settle_in(database, standin, clock, name)
    bot = await BotProcess.prepare(standin.url, database_url, str(folder))
    try:
        yield Scene(database, standin, clock, bot)
    finally:
        await bot.close()
        await standin.stop()
        await database.close()
