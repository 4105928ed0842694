"""The same calls and nothing else: aiohttp, 64 in flight, no framework, nothing stored. What is left is the floor.

Arguments: the stand-in's address, a token; a database is taken and not used.
"""

import asyncio
import sys
from typing import Any

import aiohttp

IN_FLIGHT = 64


def keyboard() -> dict[str, Any]:
    """Make the keyboard of a question."""
    buttons = [{"text": str(value), "callback_data": f"a:mood:{value}"} for value in range(8)]
    return {"inline_keyboard": [buttons[:4], buttons[4:]]}


async def call(session: aiohttp.ClientSession, address: str, method: str, **params: Any) -> Any:
    """Call one method and give its result."""
    async with session.post(f"{address}/{method}", json=params) as response:
        return (await response.json())["result"]


async def reply(session: aiohttp.ClientSession, address: str, query: dict[str, Any]) -> None:
    """Answer a press and ask the next question."""
    message = query["message"]
    await call(session, address, "answerCallbackQuery", callback_query_id=query["id"])
    await call(
        session,
        address,
        "editMessageText",
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text="How is your energy today?",
        reply_markup=keyboard(),
    )


async def main(url: str, token: str, _: str) -> None:
    """Poll until ended."""
    address, offset, slots = f"{url}/bot{token}", 0, asyncio.Semaphore(IN_FLIGHT)
    tasks: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT + 1)) as session:
        while True:
            for update in await call(session, address, "getUpdates", offset=offset, timeout=10):
                offset = update["update_id"] + 1
                await slots.acquire()
                task = asyncio.create_task(reply(session, address, update["callback_query"]))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                task.add_done_callback(lambda _: slots.release())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
