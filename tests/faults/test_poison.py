"""F16, F17, F30: what is sent to the bot cannot stop it, open it, or make it say anything in its logs."""

import asyncio
import os
import random
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app import keyring
from bot.demo.faults import Fault
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from care.clock import system_clock
from handlers.words import Words, languages
from storage import history, inbox, patients
from storage.database import Database
from tests.faults.counts import either, on_one_database
from tests.faults.poison import shapes, spoiled
from tests.faults.real_bot import RealBot, real_bot
from tests.transcripts.stage import TOKEN, settings_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200), on_one_database]

ANA, CLEO = 1001, 1003
POISON = either(150, 600)
SECRET_TEXT = "the violet river sings at midnight"
PLANTED = ("ValueError", "Odd", "RuntimeError")
NAMES = ("Anastasia", "Cleopatra")
HEALTH = re.compile(r"ketamin|depress|dizz|nause|suicid|self-harm|kill myself|bladder|PHQ|vomit|faint", re.IGNORECASE)
SAID = {"mood": 4, "energy": 1, "dizziness": 3, "faint": 2, "nausea": 3, "vomit": 2}
WORDS = Words("en")


@pytest_asyncio.fixture
async def standin(database_url: str, tmp_path: Path) -> AsyncIterator[StandIn]:
    """A Telegram with Ana and Cleo, who have begun."""
    opened = StandIn(system_clock, token=TOKEN)
    await opened.start()
    database = Database.open(database_url, keyring(settings_for(database_url, opened.url, tmp_path)))
    choices = {"zone": "Europe/Berlin", "daily_minute": 3 * 60, "country": "DE", "nudges": 0, "items": frozenset[str]()}
    for chat_id, name in zip((ANA, CLEO), NAMES, strict=True):
        await database.write(patients.agree, chat_id, "en", "1", system_clock())
        await database.write(patients.choose, chat_id, choices, system_clock())
        opened.person(chat_id, name).room.started = True
    await database.close()
    yield opened
    await opened.stop()


async def check_in(standin: StandIn, phone: Phone) -> None:
    """Ask for the day's card and answer it."""
    phone.writes("/checkin")
    for code, value in SAID.items():
        question = WORDS(f"question-{code}")
        await standin.until(lambda question=question: _shows(phone, question), 20)
        phone.taps(WORDS(f"option-{code}-{value}"))
    await standin.until(lambda: _shows(phone, "saved"), 20)


def _shows(phone: Phone, text: str) -> bool:
    return any(message.from_bot and text in (message.text or "") for message in phone.messages[-2:])


def said(bot: RealBot) -> list[str]:
    """List what stands in the bot's output and must not: the token, names, texts, health words."""
    output = bot.output
    found = [word for word in (TOKEN, TOKEN.partition(":")[2], SECRET_TEXT, *NAMES) if word in output]
    found += [word for language in languages() for word in _sentences(language) if word in output]
    return found + HEALTH.findall(output)


def _sentences(language: str) -> list[str]:
    words = Words(language)
    return [words(f"question-{code}") for code in ("mood", "energy", "dizziness", "nausea", "phq9", "crave")]


async def test_poison_is_set_aside_and_everybody_else_is_served(
    standin: StandIn, database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F17."""
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    rng = random.Random(seed)
    async with real_bot(standin, database_url, tmp_path) as bot:
        people = [asyncio.create_task(check_in(standin, standin.phones[chat])) for chat in (ANA, CLEO)]
        for n in range(POISON):
            kind, content = spoiled(rng, shapes(5_000_000 + n, NAMES[0], SECRET_TEXT))
            standin.push_update(**{kind or "nothing": content})
            if n % 10 == 0:
                await asyncio.sleep(0.005)
        await asyncio.gather(*people)
        await standin.idle(60)
        await _all_settled(database_url, standin, tmp_path)
        phone = standin.phones[ANA]
        phone.writes("/history")
        await standin.until(lambda: _shows(phone, "Today and the 7 days before"), 20)
        report(f"poison: seed {seed}, {POISON} updates, {bot.output.count('update_unreadable')} set aside unread")
        assert said(bot) == []
        await bot.end()
    assert await _kept(database_url, standin, tmp_path, ANA) == {
        "mood": 4,
        "energy": 1,
        "dizziness": 3,
        "nausea": 3,
    } | {
        "faint": 2,
        "vomit": 2,
    }


async def _all_settled(database_url: str, standin: StandIn, folder: Path) -> None:
    """Wait until no stored update waits for a handler any more."""
    database = Database.open(database_url, keyring(settings_for(database_url, standin.url, folder)))
    async with asyncio.timeout(either(90, 900)):
        while await database.read(inbox.waiting, 1):
            await asyncio.sleep(0.1)
    await database.close()


async def _kept(database_url: str, standin: StandIn, folder: Path, chat_id: int) -> dict[str, int]:
    database = Database.open(database_url, keyring(settings_for(database_url, standin.url, folder)))
    today = system_clock().date()
    found = await database.read(history.entries, chat_id, today.replace(day=1), today)
    await database.close()
    (entry,) = found
    return dict(entry.values)


async def test_no_word_of_a_person_stands_in_the_logs_whatever_fails(
    standin: StandIn, database_url: str, tmp_path: Path
) -> None:
    """F30: at DEBUG, with a broken line, a refusing Telegram, and faults that quote what was written."""
    phone = standin.phones[ANA]
    async with real_bot(standin, database_url, tmp_path, module="tests.faults.sabotaged_bot") as bot:
        await check_in(standin, phone)
        for text in (SECRET_TEXT, f"/ask {SECRET_TEXT}", "/summary", "I want to die", f"/{SECRET_TEXT}"):
            for kind in ("500", "drop_after", "garbage", "400", "429"):
                standin.misbehave(Fault(kind, "sendMessage", ANA, seconds=1))
            phone.writes(text)
            await asyncio.sleep(0.3)
        standin.behave()
        await standin.until(lambda: all(name in bot.output for name in PLANTED), 30)
        phone.presses(f"1:a:{SECRET_TEXT}"[:64], phone.messages[-1].message_id)
        await standin.idle(60)
        await bot.end()
        assert said(bot) == []


async def test_the_bot_opens_no_door(standin: StandIn, database_url: str, tmp_path: Path) -> None:
    """F16: updates are fetched; there is no webhook in this version, so nobody can post anything to the process."""
    async with real_bot(standin, database_url, tmp_path) as bot:
        assert listening(bot.pid) == set()
        assert listening(os.getpid()), "the stand-in listens, so this would see it"


def listening(pid: int) -> set[str]:
    """Give the local addresses of the TCP sockets on which a process listens."""
    own = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields: list[Any] = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                found.add(fields[1])
    return found
