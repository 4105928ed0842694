"""Settles every prompt that is due, with a Telegram that answers at once and from inside. Argument: a database.

All else is real: claim, decide, write down, draw the card, send, write down. Prints what it took as JSON.
"""

import asyncio
import itertools
import json
import sys
from time import monotonic, process_time
from types import SimpleNamespace
from typing import Any, cast

from pydantic import SecretStr

from benchmarks.lag import Lag
from benchmarks.people import KEY
from bot.app import build
from bot.health import Health
from bot.loops import Loops
from bot.settings import load
from handlers.context import Bot
from handlers.words import Words, languages

SENDS = 1000.0
"""As many a second as the settings allow: so 64 are in flight at once."""


async def main(database: str) -> None:
    """Settle all of them."""
    given = {"telegram_bot_token": SecretStr("1:none"), "database_url": SecretStr(f"sqlite:///{database}")}
    app = build(load(None).model_copy(update={**given, "encryption_keys": SecretStr(KEY)}))
    numbers = itertools.count(1)

    async def answer(*_: Any, **__: Any) -> dict[str, int]:
        return {"message_id": next(numbers)}

    loops = Loops(cast(Bot, SimpleNamespace(do_api_request=answer)), app.deps, SENDS, Health())
    for language in languages():
        Words(language)  # as the running bot has done by then
    lag = Lag()
    began, used = monotonic(), process_time()
    async with lag:
        settled = await loops.drain_once()
    took = monotonic() - began
    cpu = process_time() - used
    await app.database.close()
    told = {"settled": settled, "sent": next(numbers) - 1, "seconds": took, "cpu": cpu, "lag": lag.longest}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
