"""Sends messages without end, 64 in flight. Arguments: address, token, database (not used), "aiohttp" or "ptb"."""

import asyncio
import itertools
import sys
from collections.abc import Awaitable, Callable

import aiohttp
from telegram.ext import Application

IN_FLIGHT = 64
TEXT = "It is time for your check-in."


async def flood(send: Callable[[int], Awaitable[object]]) -> None:
    """Keep 64 sends in flight until ended."""
    chats = itertools.count(100_000)

    async def worker() -> None:
        for chat in chats:
            await send(chat)

    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


async def over_aiohttp(url: str, token: str) -> None:
    """Send with nothing but aiohttp."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT)) as session:

        async def send(chat: int) -> object:
            async with session.post(f"{url}/bot{token}/sendMessage", json={"chat_id": chat, "text": TEXT}) as response:
                return await response.json()

        await flood(send)


async def over_ptb(url: str, token: str) -> None:
    """Send with python-telegram-bot as it comes."""
    application = Application.builder().token(token).base_url(f"{url}/bot").build()
    async with application.bot as bot:
        await flood(lambda chat: bot.send_message(chat, TEXT))


if __name__ == "__main__":
    asyncio.run({"aiohttp": over_aiohttp, "ptb": over_ptb}[sys.argv[4]](sys.argv[1], sys.argv[2]))
