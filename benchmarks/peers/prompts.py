"""The job of a daily prompt, in a module of its own: APScheduler stores jobs under a name that can be imported."""

from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.peers.ptb import keyboard
from benchmarks.peers.rows import open_today

opened: list[AsyncEngine] = []
sent: list[tuple[int, str]] = []


async def prompt(chat: int) -> None:
    """Open the day's check-in, draw its card and send it to a Telegram that answers at once and from inside."""
    await open_today(opened[0], chat)
    sent.append((chat, keyboard().to_json()))
