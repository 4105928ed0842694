"""People of our own bot: patients who have begun, each with an open check-in card in their chat."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from benchmarks.processes import Measured, StandIn
from care.clock import system_clock
from handlers.card import View, card
from handlers.words import Words
from storage import checkins, migrate, patients
from storage.database import Database
from storage.sealing import Keyring

FIRST_CHAT = 10_000
MESSAGE = 1
TOKEN = f"1:{'O' * 35}"
KEY = "b3VyLWJlbmNobWFya3MtbmVlZC1hLWtleS1vZi0zMmI="
"""Opens nothing but the databases that a benchmark makes and throws away."""
ZONE = "UTC"
_FAR = timedelta(hours=11)
_AT_ONCE = 256


def ours(standin: StandIn, database: Path, name: str = "this bot", **settings: str) -> Measured:
    """Name our bot as it runs for people: python -m bot, with its settings in the environment."""
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": standin.url,
        "DATABASE_URL": f"sqlite:///{database}",
        "ENCRYPTION_KEYS": KEY,
        **settings,
    }
    return Measured(name, TOKEN, [sys.executable, "-m", "bot"], environment)


def deal(standin: StandIn, cards: Sequence[tuple[str, str]]) -> None:
    """Put each patient's own card into their chat: text and keyboard."""
    standin.ask("deal_each", TOKEN, prefix="1:a:", first=FIRST_CHAT, message_id=MESSAGE, cards=cards)


def opened(path: Path) -> Database:
    """Open a benchmark's database, with the present tables."""
    migrate.upgrade(f"sqlite:///{path}")
    return Database.open(f"sqlite:///{path}", Keyring.from_text(KEY))


def settle(path: Path, count: int) -> list[tuple[str, str]]:
    """Take so many patients through the start, open today's check-in of each, and give the cards: text and keyboard."""
    return asyncio.run(_settle(path, count))


async def _settle(path: Path, count: int) -> list[tuple[str, str]]:
    database = opened(path)
    try:
        cards: list[tuple[str, str]] = []
        for first in range(FIRST_CHAT, FIRST_CHAT + count, _AT_ONCE):
            chats = range(first, min(first + _AT_ONCE, FIRST_CHAT + count))
            cards += await asyncio.gather(*(database.write(_begin, chat, system_clock()) for chat in chats))
        return cards
    finally:
        await database.close()


def _begin(session: Session, chat: int, now: datetime) -> tuple[str, str]:
    """Take a patient through the start, with the day's prompt far away, and open today's card."""
    at = now + _FAR
    choices = {
        "zone": ZONE,
        "daily_minute": at.hour * 60 + at.minute,
        "country": "DE",
        "nudges": 0,
        "items": frozenset[str](),
    }
    patients.agree(session, chat, "en", "1", now)
    patients.choose(session, chat, choices, now)
    found = checkins.open_today(session, chat, now)
    if found is None:
        raise LookupError("a patient who has begun has no card")
    checkins.card_shown(session, chat, found.check_in.id, MESSAGE)
    screen = card(View(Words("en"), found.patient, found.check_in, now))
    return screen.text, json.dumps(screen.markup())
