"""Sends messages without end through the bot's own way out, 64 in flight. Arguments: address, token, database.

The bot is put together as always; only its own limit of sends a second is lifted, which would be all that is measured.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from pydantic import SecretStr

from benchmarks.people import KEY, opened
from bot.app import build
from bot.settings import load
from care.due import Lane
from handlers.screens import Screen, show

IN_FLIGHT = 64
UNLIMITED = 1e6


async def main(url: str, token: str, database: str) -> None:
    """Send until ended."""
    await opened(Path(database)).close()
    settings = load(None).model_copy(
        update={
            "telegram_bot_token": SecretStr(token),
            "telegram_api_url": url,
            "database_url": SecretStr(f"sqlite:///{database}"),
            "encryption_keys": SecretStr(KEY),
            "sends_per_second": UNLIMITED,
        }
    )
    application = build(settings).application
    await application.initialize()
    chats = itertools.count(100_000)
    screen = Screen("It is time for your check-in.")

    async def worker() -> None:
        for chat in chats:
            await show(application.bot, chat, screen, lane=Lane.PROMPT)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
