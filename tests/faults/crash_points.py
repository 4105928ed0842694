"""Named places at which a life ends at once: around each write of the bot, and around each call to Telegram.

Armed only in the test's own process (tests/faults/bot_process.py); the bot knows nothing of them.
"""

import os
from typing import Any

from bot.transport import Transport
from storage.database import Database

WRITES = {
    "receive": "storing updates",
    "handled": "marking updates handled",
    "claim": "claiming what is due",
    "begin": "beginning a send",
    "sent": "marking a send",
    "<lambda>": "a handler's own write",
}
CALLS = ("getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery")
POINTS = tuple(f"{when} {what}" for what in (*WRITES, *CALLS) for when in ("before", "after"))


def arm(point: str) -> None:
    """Let this process end at a point; "" arms nothing."""
    if not point:
        return
    when, _, what = point.partition(" ")
    if what in WRITES:
        Database.write = _ending(Database.write, when, lambda args, _: _name(args) == what)  # type: ignore[method-assign]
    else:
        Transport.do_request = _ending(  # type: ignore[method-assign]
            Transport.do_request, when, lambda args, named: str(named.get("url") or args[1]).endswith(f"/{what}")
        )


def _name(args: Any) -> str:
    return str(getattr(args[1], "__name__", ""))


def _ending(real: Any, when: str, fits: Any) -> Any:
    async def called(*args: Any, **named: Any) -> Any:
        hit = fits(args, named)
        if hit and when == "before":
            os._exit(9)
        result = await real(*args, **named)
        if hit:
            os._exit(9)
        return result

    return called
