"""People of our own bot: patients who have begun, each with an open check-in card in their chat.

One is taken through the start by the bot's own functions; the others are copies of that one's rows.
"""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from benchmarks.processes import Measured, StandIn
from care.checkin import CheckIn
from care.clock import system_clock
from care.people import Patient
from handlers.card import View, card
from handlers.words import Words
from storage import checkins, migrate, patients
from storage.database import Database
from storage.sealing import Keyring

FIRST_CHAT = 10_000
FIRST_DUE_CHAT = 1_000_000
MESSAGE = 1
TOKEN = f"1:{'O' * 35}"
KEY = "b3VyLWJlbmNobWFya3MtbmVlZC1hLWtleS1vZi0zMmI="
"""Opens nothing but the databases that a benchmark makes and throws away."""
AHEAD, SINCE = timedelta(hours=9), timedelta(minutes=30)
"""The day's prompt is this far ahead, or has been due for so long."""
_NOON = 12

Card = tuple[str, str]
"""A card as the chat shows it: text, and keyboard as JSON."""


def ours(standin: StandIn, database: Path, token: str = TOKEN, **settings: str) -> Measured:
    """Name our bot as it runs for people: python -m bot, with its settings in the environment."""
    environment = {
        "TELEGRAM_BOT_TOKEN": token,
        "TELEGRAM_API_URL": standin.url,
        "DATABASE_URL": f"sqlite:///{database}",
        "ENCRYPTION_KEYS": KEY,
        **settings,
    }
    return Measured("this bot", token, [sys.executable, "-m", "bot"], environment)


def deal(standin: StandIn, cards: Sequence[Card], token: str = TOKEN) -> None:
    """Put each patient's own card into their chat."""
    standin.ask("deal_each", token, prefix="1:a:", first=FIRST_CHAT, message_id=MESSAGE, cards=cards)


def opened(path: Path) -> Database:
    """Open a benchmark's database, with the present tables."""
    migrate.upgrade(f"sqlite:///{path}")
    return Database.open(f"sqlite:///{path}", Keyring.from_text(KEY))


def settle(path: Path, count: int) -> list[Card]:
    """Make so many patients with today's check-in open and their prompt far ahead, and give their cards."""
    now = system_clock()
    text, markup, check_in_id = asyncio.run(_written(path, _with_card, FIRST_CHAT, now, now + AHEAD))
    with _rows(path) as copies:
        copies.people(FIRST_CHAT, count)
        numbers = copies.check_ins(FIRST_CHAT)
    mine = f":{check_in_id}"
    return [(text, markup.replace(f"{mine}:", f":{number}:").replace(f'{mine}"', f':{number}"')) for number in numbers]


def crowd(path: Path, count: int, *, due: bool) -> None:
    """Make so many patients who are owed one prompt: due for half an hour, or hours ahead."""
    now = system_clock()
    planned = now - SINCE if due else now + AHEAD
    asyncio.run(_written(path, _begin, FIRST_DUE_CHAT, planned - timedelta(hours=1), planned))
    with _rows(path) as copies:
        copies.people(FIRST_DUE_CHAT, count)


async def _written(path: Path, fn: Any, *args: Any) -> Any:
    database = opened(path)
    try:
        return await database.write(fn, *args)
    finally:
        await database.close()


def _begin(session: Session, chat: int, now: datetime, prompt: datetime) -> Patient:
    """Take a patient through the start, in a zone where it is about noon, so that no day ends while we measure."""
    minutes = prompt + _to_noon(now)
    patients.agree(session, chat, "en", "1", now)
    choices = {
        "zone": noon_zone(now),
        "daily_minute": minutes.hour * 60 + minutes.minute,
        "country": "DE",
        "nudges": 0,
        "items": frozenset[str](),
    }
    begun = patients.choose(session, chat, choices, now)
    if begun is None:
        raise LookupError("a patient who has just begun is gone")
    return begun


def _with_card(session: Session, chat: int, now: datetime, prompt: datetime) -> tuple[str, str, int]:
    patient = _begin(session, chat, now, prompt)
    check_in = open_card(session, chat, now)
    screen = card(View(Words("en"), patient, check_in, now))
    return screen.text, json.dumps(screen.markup()), check_in.id


def open_card(session: Session, chat: int, now: datetime) -> CheckIn:
    """Open today's check-in of a patient and note which message shows it."""
    found = checkins.open_today(session, chat, now)
    if found is None:
        raise LookupError("a patient who has begun has no card")
    checkins.card_shown(session, chat, found.check_in.id, MESSAGE)
    return found.check_in


def noon_zone(now: datetime) -> str:
    """Give a zone in which it is between noon and one."""
    hours = int(_to_noon(now) / timedelta(hours=1))
    return f"Etc/GMT{-hours:+d}"


def _to_noon(now: datetime) -> timedelta:
    return timedelta(hours=_NOON - now.hour)


def _rows(path: Path) -> "closing[Copies]":
    return closing(Copies(sqlite3.connect(path)))


@dataclass(slots=True)
class Copies:
    """Copies one patient's rows for many others, straight into a SQLite file."""

    connection: sqlite3.Connection

    def people(self, first_chat: int, count: int) -> None:
        """Copy the patient of a chat, with key, open check-in and due rows, for the count - 1 chats that follow."""
        patient = self._one("patients", "chat_id", first_chat)
        self.connection.execute("PRAGMA foreign_keys=OFF")
        base = {name: self._highest(name) for name in ("patients", "data_keys", "check_ins")}
        others = range(1, count)
        key = self._one("data_keys", "id", patient["key_id"])
        self._copy("data_keys", key, ({"id": base["data_keys"] + n} for n in others))
        self._copy("patients", patient, (self._owner(base, first_chat, n) for n in others))
        for check_in in self._all("check_ins", "patient_id", patient["id"]):
            own = ({"id": base["check_ins"] + n, "patient_id": base["patients"] + n} for n in others)
            self._copy("check_ins", check_in, own)
        for due in self._all("due", "patient_id", patient["id"]):
            self._copy("due", due, (self._due_of(due, base, n) for n in others))
        self.connection.commit()

    def check_ins(self, first_chat: int) -> list[int]:
        """List the check-ins from a chat on, in the order of the chats."""
        rows = self.connection.execute(
            "SELECT c.id FROM check_ins c JOIN patients p ON p.id = c.patient_id WHERE chat_id >= ? ORDER BY chat_id",
            [first_chat],
        )
        return [number for (number,) in rows]

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _owner(self, base: dict[str, int], first_chat: int, n: int) -> dict[str, int]:
        return {"id": base["patients"] + n, "chat_id": first_chat + n, "key_id": base["data_keys"] + n}

    def _due_of(self, due: dict[str, Any], base: dict[str, int], n: int) -> dict[str, Any]:
        day, slash, check_in = due["event"].partition("/")
        event = f"{day}/{base['check_ins'] + n}" if slash and check_in.isdigit() else due["event"]
        return {"id": None, "patient_id": base["patients"] + n, "event": event}

    def _copy(self, table: str, row: dict[str, Any], changes: Iterable[dict[str, Any]]) -> None:
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - names of our own tables
        self.connection.executemany(statement, (tuple((row | change).values()) for change in changes))

    def _one(self, table: str, column: str, value: Any) -> dict[str, Any]:
        return self._all(table, column, value)[0]

    def _all(self, table: str, column: str, value: Any) -> list[dict[str, Any]]:
        found = self.connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", [value])  # noqa: S608
        names = [name for name, *_ in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def _highest(self, table: str) -> int:
        return int(self.connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608
