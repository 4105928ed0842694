"""A Telegram without a network, in virtual time: chats, updates, and every way in which a call can go wrong.

It takes the place of bot/transport.py, so that all of python-telegram-bot's own code runs.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from handlers.errors import LineCut

ME = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "sim_bot"}
LONGEST_HOLD = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One call as Telegram saw it. known tells whether the bot heard what became of it."""

    at: float
    name: str
    chat: int
    text: str
    known: bool
    buttons: tuple[tuple[str, str], ...] = ()
    message: int = 0


@dataclass
class Telegram:
    """The other side."""

    rng: Random
    now: Callable[[], float]
    trouble: float = 0.0
    pending: list[dict[str, Any]] = field(default_factory=list)
    log: list[Seen] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    chats: dict[int, dict[int, Seen]] = field(default_factory=dict)
    on_seen: Callable[[Seen], None] = lambda _: None
    _updates: int = 0
    _messages: int = 0
    _arrival: asyncio.Event | None = None

    def arrives(self, kind: str, content: dict[str, Any]) -> None:
        """Queue an update for the bot; now and then Telegram delivers one twice under its id."""
        self._updates += 1
        self.pending.append({"update_id": self._updates, kind: content})
        if self._arrival is not None:
            self._arrival.set()

    def next_message(self) -> int:
        self._messages += 1
        return self._messages

    async def call(self, name: str, params: dict[str, Any]) -> tuple[int, Any]:
        """Carry out a call; raises what a broken line raises."""
        if name == "getUpdates":
            return await self._poll(params)
        if name not in _SHOWN:
            return 200, ME if name == "getMe" else True
        luck = self.rng.random() if self.trouble else 1.0
        await asyncio.sleep(self.rng.uniform(0.02, 0.3))
        if luck < self.trouble * 0.3:
            return 429, {"retry_after": self.rng.randint(1, 30)}
        if luck < self.trouble * 0.5:
            return 502, {}
        if luck < self.trouble * 0.6:
            raise NetworkError("the line was not there")
        lost = luck < self.trouble
        status, result = self._carry_out(name, params, known=not lost)
        await asyncio.sleep(self.rng.uniform(0.02, 0.3))
        if lost:
            raise self.rng.choice([TimedOut(), LineCut("cut")])
        return status, result

    async def _poll(self, params: dict[str, Any]) -> tuple[int, Any]:
        offset = int(params.get("offset") or 0)
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if not self.pending and int(params.get("timeout") or 0):
            self._arrival = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._arrival.wait(), LONGEST_HOLD)
            self._arrival = None
        await asyncio.sleep(self.rng.uniform(0.01, 0.1))
        if self.rng.random() < self.trouble * 0.5:
            raise NetworkError("the poll broke")
        return 200, self.pending[:100]

    def _carry_out(self, name: str, params: dict[str, Any], *, known: bool) -> tuple[int, Any]:
        chat = int(params.get("chat_id") or 0)
        if chat in self.blocked:
            return 403, "Forbidden: bot was blocked by the user"
        if name == "answerCallbackQuery":
            self._sees(Seen(self.now(), name, chat, str(params.get("text") or ""), known))
            return 200, True
        messages = self.chats.setdefault(chat, {})
        number = int(params.get("message_id") or 0)
        if name == "deleteMessage":
            found = messages.pop(number, None)
            return (200, True) if found else (400, "Bad Request: message to delete not found")
        if name.startswith("edit"):
            if number not in messages:
                return 400, "Bad Request: message to edit not found"
        else:
            number = self.next_message()
        old = messages.get(number)
        text = str(params.get("text", old.text if old else params.get("caption") or ""))
        seen = Seen(self.now(), name, chat, text, known, _buttons(params), number)
        messages[number] = seen
        self._sees(seen)
        return 200, {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}}

    def _sees(self, seen: Seen) -> None:
        self.log.append(seen)
        self.on_seen(seen)


_SHOWN = (
    *("sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage", "answerCallbackQuery"),
    *("sendPhoto", "sendDocument"),
)


def _buttons(params: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
    return tuple((one["text"], one["callback_data"]) for row in rows for one in row if "callback_data" in one)


class Wire(BaseRequest):
    """Carries python-telegram-bot's calls to the other side."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        return 10.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        params = dict(request_data.parameters) if request_data else {}
        status, result = await self._telegram.call(url.rsplit("/", 1)[1], params)
        if status == 200:
            return 200, json.dumps({"ok": True, "result": result}).encode()
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": str(result)}
        if status == 429:
            body |= {"description": "Too Many Requests", "parameters": result}
        return status, json.dumps(body).encode()
