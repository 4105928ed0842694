"""A fast stand-in for Telegram in a process of its own: HTTP/1.1 by hand, so that it is never what is measured.

It is faithful to offsets, waits a settable time before each answer, and takes the time of every call by its own clock.
The runner steers it by POST /control, see benchmarks/loads.py. It prints its port when it listens.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.loads import Loads
from benchmarks.machine import pin
from benchmarks.world import Bot

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_TYPE = re.compile(rb"\r\ncontent-type: *([^\r;]+)", re.IGNORECASE)
_PART = re.compile(rb'name="?(\w+)"?\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n')
_SENDS = ("sendMessage", "sendPhoto", "sendDocument")


class Line(asyncio.Protocol):
    """One connection. Clients do not pipeline: an answer is written before the next request comes."""

    def __init__(self, telegram: "Telegram") -> None:
        self._telegram = telegram
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a server of streams makes no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take in what came and hand on every request that is whole."""
        self._buffer += data
        while (request := _take(self._buffer)) is not None:
            path, kind, body = request
            self._telegram.handle(path, kind, body, self._answer)

    def _answer(self, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            self._transport.write(head + body)


def _take(buffer: bytearray) -> tuple[str, bytes, bytes] | None:
    """Cut the first whole request off the buffer: its path, the type of its body, and the body."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end])
    if _CHUNKED.search(head):
        found = _unchunked(bytes(buffer[end + 4 :]))
        if found is None:
            return None
        body, used = found
    else:
        length = _LENGTH.search(head)
        used = int(length[1]) if length else 0
        if len(buffer) < end + 4 + used:
            return None
        body = bytes(buffer[end + 4 : end + 4 + used])
    del buffer[: end + 4 + used]
    kind = _TYPE.search(head)
    return head.split(b" ", 2)[1].decode(), kind[1].lower() if kind else b"", body


def _unchunked(raw: bytes) -> tuple[bytes, int] | None:
    body, place = b"", 0
    while (end := raw.find(b"\r\n", place)) >= 0:
        size = int(raw[place:end], 16)
        place = end + 2 + size + 2
        if place > len(raw):
            return None
        if not size:
            return body, place
        body += raw[end + 2 : place - 2]
    return None


def _params(path: str, kind: bytes, body: bytes) -> dict[str, Any]:
    if kind == b"application/json":
        return dict(json.loads(body or b"{}"))
    if kind == b"multipart/form-data":
        return {name.decode(): value.decode(errors="replace") for name, value in _PART.findall(body)}
    given = body.decode() if body else path.partition("?")[2]
    return dict(parse_qsl(given))


class Telegram:
    """The methods that a bot calls here. What is not listed is answered with true."""

    def __init__(self) -> None:
        self.bots: dict[str, Bot] = {}
        self.service = 0.0
        self._loads = Loads(self.bots, self._serve_in)
        self._tasks: set[asyncio.Task[None]] = set()

    def _serve_in(self, seconds: float) -> None:
        self.service = seconds

    def handle(self, path: str, kind: bytes, body: bytes, answer: Callable[[bytes], None]) -> None:
        """Carry one request out; the answer follows at once, after the service time, or when an update comes."""
        if path == "/control":
            task = asyncio.get_running_loop().create_task(self._steer(json.loads(body), answer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        _, token, method = path.partition("?")[0].split("/", 2)
        bot = self.bots.setdefault(token.removeprefix("bot"), Bot(token.removeprefix("bot")))
        bot.calls[method] += 1
        params = _params(path, kind, body)
        if method == "getUpdates":
            offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
            bot.ask(offset, limit, float(params.get("timeout") or 0), lambda batch: answer(_ok(batch)))
            return
        result = _ok(_result(bot, method, params))
        if self.service:
            asyncio.get_running_loop().call_later(self.service, answer, result)
        else:
            answer(result)

    async def _steer(self, order: dict[str, Any], answer: Callable[[bytes], None]) -> None:
        try:
            given = await self._loads.obey(order)
        except Exception as error:  # noqa: BLE001 - the runner hears of it and stops
            given = {"error": f"{type(error).__name__}: {error}"}
        answer(json.dumps(given).encode())


def _ok(result: bytes) -> bytes:
    return b'{"ok":true,"result":' + result + b"}"


def _result(bot: Bot, method: str, params: dict[str, Any]) -> bytes:
    if method == "answerCallbackQuery":
        bot.press_answered(str(params["callback_query_id"]))
        return b"true"
    if method == "editMessageText":
        chat, message_id, markup = int(params["chat_id"]), int(params["message_id"]), _markup(params)
        bot.edited(chat, message_id, str(params["text"]), markup)
        return _message(chat, message_id, str(params["text"]), markup)
    if method in _SENDS:
        return _message(int(params["chat_id"]), bot.sent(), str(params.get("text", "")), _markup(params))
    if method == "getMe":
        return b'{"id":%s,"is_bot":true,"first_name":"Bot","username":"care_bot"}' % bot.own_id.encode()
    return b"true"


def _markup(params: dict[str, Any]) -> str:
    """Give the keyboard of a call as JSON; a form carries it so already."""
    given = params.get("reply_markup", "")
    return given if isinstance(given, str) else json.dumps(given)


def _message(chat: int, message_id: int, text: str, markup: str) -> bytes:
    shown = f',"reply_markup":{markup}' if "inline_keyboard" in markup else ""
    return (
        f'{{"message_id":{message_id},"date":1767225600,"chat":{{"id":{chat},"type":"private","first_name":"Ana"}},'
        f'"text":{json.dumps(text)}{shown}}}'
    ).encode()


async def serve() -> None:
    """Listen on a free port of the loopback, say which, and serve until the standard input ends."""
    pin(1)
    telegram = Telegram()
    server = await asyncio.get_running_loop().create_server(lambda: Line(telegram), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
