"""What an operator does for a person who asks: a copy, its way back, erasing. Ids are Telegram's numbers of chats.

Nothing that anybody said is printed.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.app import keyring
from bot.settings import Settings
from bot.transport import Transport
from care.clock import Clock, system_clock
from handlers import copy_files, erasing
from handlers.context import Bot
from handlers.words import Words
from storage import copies, keys, migrate, patients, receipts, restoring
from storage import erasing as storing
from storage.database import Database
from storage.erasing import Erased, Told
from storage.restoring import CopyFault

R = TypeVar("R")


class RequestFault(Exception):
    """A request cannot be carried out; the text is one line for the operator."""


async def opened(settings: Settings, work: Callable[[Database], Awaitable[R]]) -> R:
    """Open the database that is there, run work on it, and close it."""
    if await asyncio.to_thread(migrate.current, settings.database) != migrate.head():
        raise RequestFault("there is no database of this release: run python -m bot migrate")
    database = Database.open(settings.database, keyring(settings, may_make=False))
    try:
        await database.write(keys.verify_keys)
        return await work(database)
    finally:
        await database.close()


async def export(database: Database, chat_id: int, file: Path | None, clock: Clock = system_clock) -> tuple[Path, int]:
    """Write a person's copy into a new file that only its owner can read; give the file and the number of rows."""
    parts = await database.read(copies.collect, chat_id)
    patient = await database.read(patients.find, chat_id)
    if parts is None or patient is None:
        raise RequestFault(f"nothing is kept of {chat_id}")
    now = clock()
    path = file or Path(copy_files.file_name(now))
    content = await asyncio.to_thread(copy_files.pack, parts, Words(patient.language), now)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(content)
    except OSError as error:
        raise RequestFault(f"{path} cannot be written ({error.strerror})") from None
    return path, sum(map(len, parts.values()))


async def put_back(database: Database, file: Path, clock: Clock = system_clock) -> int:
    """Put a person's copy back; give their chat."""
    try:
        parts = copy_files.unpack(await asyncio.to_thread(file.read_bytes))
        return await database.write(restoring.put_back, parts, clock())
    except OSError as error:
        raise RequestFault(f"{file} cannot be read ({error.strerror})") from None
    except (copy_files.NoCopy, CopyFault) as fault:
        raise RequestFault(str(fault)) from None


async def held(database: Database, chat_id: int) -> str:
    """Say in numbers what is kept of a person; "" for nothing."""
    counts = await database.read(copies.counts, chat_id)
    return in_numbers(receipts.by_kind(counts)) if counts else ""


async def erase(
    database: Database, settings: Settings, chat_id: int, clock: Clock = system_clock
) -> tuple[Erased, int] | None:
    """Erase a person and tell their support persons; give what went and how many of them were told."""
    erased = await database.write(storing.erase, chat_id, clock())
    return None if erased is None else (erased, await _tell(settings, erased.told))


def in_numbers(counts: Mapping[str, int]) -> str:
    """Write numbers of rows by kind in one line."""
    return ", ".join(f"{kind} {number}" for kind, number in counts.items())


async def _tell(settings: Settings, told: tuple[Told, ...]) -> int:
    if not told or not settings.token:
        return 0
    address = f"{settings.telegram_api_url}/bot"
    bot: Bot = ExtBot(settings.token, base_url=address, request=Transport(), get_updates_request=Transport())
    reached = 0
    with suppress(TelegramError):
        async with bot:
            reached = await erasing.tell(bot, told)
    return reached
