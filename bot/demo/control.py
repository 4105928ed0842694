"""The stand-in's own door, for the page and for tests from another process: what people do, the clock, the faults.

It answers this machine's browser only: a page from elsewhere can neither read it nor make it act.
"""

import asyncio
import base64
import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from aiohttp import web

from bot.demo.faults import Fault
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.demo.view import bot_view, phone_view, stamp

KEEP_ALIVE_SECONDS = 15.0
BREATH_SECONDS = 0.05
"""How much time the page has to draw a change before it hears of the next."""
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
PRESETS = {
    "unreachable": Fault("drop_before", times=None),
    "slow": Fault("slow", times=None, seconds=2.0),
    "errors": Fault("502", times=None),
}

Act = Callable[[Phone, dict[str, Any]], object]


class Mover(Protocol):
    """Moves the clock of the demo."""

    moving: bool

    @property
    def movable(self) -> bool:
        """Tell whether the clock can be moved now."""

    async def forward(self, target: datetime) -> None:
        """Go to a moment by way of every due moment before it."""

    async def next_prompt(self) -> None:
        """Go to the next moment at which something is sent."""


def _send_document(phone: Phone, body: dict[str, Any]) -> int:
    """Send a file: {"name": ..., "content": base64, "type": ..., "caption": ..., "reply_to": ...}, all optional."""
    content = base64.b64decode(body["content"], validate=True) if "content" in body else b"text"
    name, kind = body.get("name") or "file.txt", body.get("type") or "application/octet-stream"
    return phone.sends_document(name, content, kind, body.get("caption"), body.get("reply_to"))


ACTS: dict[str, Act] = {
    "start": lambda phone, body: phone.start(body.get("payload", "")),
    "text": lambda phone, body: phone.writes(body["text"], body.get("reply_to")),
    "press": lambda phone, body: (
        phone.presses(body["data"], body["message_id"])
        if "data" in body
        else phone.taps(body["label"], body.get("message_id"))
    ),
    "edit": lambda phone, body: phone.edits(body["message_id"], body["text"]),
    "delete": lambda phone, body: phone.deletes(body["message_id"]),
    "location": lambda phone, body: phone.shares_location(body["latitude"], body["longitude"]),
    "contact": lambda phone, body: phone.shares_contact(body["phone_number"], body["first_name"]),
    "sticker": lambda phone, body: phone.sends_sticker(),
    "voice": lambda phone, body: phone.sends_voice(),
    "photo": lambda phone, body: phone.sends_photo(),
    "document": _send_document,
    "block": lambda phone, body: phone.blocks(),
    "unblock": lambda phone, body: phone.unblocks(),
}


class Life(Protocol):
    """A person of the demo who lives a month by herself."""

    def view(self) -> dict[str, Any]:
        """Give what the page shows of it."""

    def begin(self) -> bool:
        """Let it begin, or go on; False where that cannot be now."""


class Control:
    """The routes under /demo. zone_of tells a person's zone, as far as the bot knows it."""

    def __init__(
        self,
        standin: StandIn,
        mover: Mover | None = None,
        zone_of: Callable[[int], Awaitable[str | None]] | None = None,
    ) -> None:
        self._standin = standin
        self.mover = mover
        self.zone_of = zone_of
        self.course: Life | None = None
        self._presets: set[str] = set()
        add = standin.app.router.add_route
        standin.app.middlewares.append(_local_only)
        add("GET", "/demo/state", self._state)
        add("GET", "/demo/events", self._events)
        add("GET", "/demo/photo/{file_id}", self._photo)
        add("GET", "/demo/calls", self._calls)
        add("POST", r"/demo/phone/{chat_id:\d+}/{act}", self._act)
        add("POST", "/demo/clock", self._clock)
        add("POST", "/demo/course", self._course)
        add("POST", "/demo/misbehave", self._misbehave)

    async def _state(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", 0))
        world = self._standin.world
        return _json(
            {
                "version": world.version,
                "now": stamp(world.clock()),
                "movable": self.mover is not None and self.mover.movable,
                "moving": self.mover is not None and self.mover.moving,
                "course": self.course.view() if self.course else None,
                "misbehaving": sorted(self._presets),
                "bot": bot_view(world),
                "phones": [await self._phone(phone, since) for phone in self._standin.phones.values()],
            }
        )

    async def _phone(self, phone: Phone, since: int) -> dict[str, Any]:
        zone = await self.zone_of(phone.chat_id) if self.zone_of else None
        return phone_view(phone, since) | {"zone": zone}

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Say with each change that there is one; the page then asks for what changed."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        version = 0
        with contextlib.suppress(ConnectionError):
            while True:
                await response.write(f"data: {version}\n\n".encode())
                await asyncio.sleep(BREATH_SECONDS)
                with contextlib.suppress(TimeoutError):
                    version = await asyncio.wait_for(self._standin.world.newer_than(version), KEEP_ALIVE_SECONDS)
        return response

    async def _photo(self, request: web.Request) -> web.Response:
        stored = self._standin.world.files.files.get(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
        if stored.width:
            return web.Response(body=stored.content, content_type=stored.content_type, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return web.Response(body=stored.content, content_type="application/octet-stream", headers=headers)

    async def _calls(self, request: web.Request) -> web.Response:
        """Give the observer's log after the first n calls."""
        first = int(request.query.get("since", 0))
        found = [
            {"method": call.method, "chat_id": call.chat_id, "ok": call.ok, "error": call.error, "at": stamp(call.at)}
            | {"params": json.loads(json.dumps(call.params, default=str))}
            for call in self._standin.calls[first:]
        ]
        return _json({"calls": found, "next": first + len(found)})

    async def _act(self, request: web.Request) -> web.Response:
        phone = self._standin.phones.get(int(request.match_info["chat_id"]))
        act = self._picks if request.match_info["act"] == "picks" else ACTS.get(request.match_info["act"])
        if phone is None or act is None:
            raise web.HTTPNotFound
        body = await _body(request)
        try:
            return _json({"ok": True, "result": act(phone, body)})
        except (LookupError, ValueError) as reason:
            return _json({"ok": False, "error": str(reason)}, status=409)

    def _picks(self, phone: Phone, body: dict[str, Any]) -> int:
        """Pick another person of the page, as from Telegram's list of contacts: {"chat_id": ...}."""
        return phone.picks(self._standin.phones[body["chat_id"]])

    async def _clock(self, request: web.Request) -> web.Response:
        body = await _body(request)
        if self.mover is None or not self.mover.movable:
            return _json({"ok": False, "error": "the clock of this bot cannot be moved"}, status=409)
        if body.get("next"):
            await self.mover.next_prompt()
        elif "to" in body:
            await self.mover.forward(datetime.fromisoformat(body["to"]))
        else:
            await self.mover.forward(self._standin.world.clock() + timedelta(seconds=body["advance_seconds"]))
        return _json({"ok": True, "now": stamp(self._standin.world.clock())})

    async def _course(self, request: web.Request) -> web.Response:
        await _body(request)
        if self.course is None or not self.course.begin():
            return _json({"ok": False, "error": "the bot of this demo is not ready for it"}, status=409)
        return _json({"ok": True})

    async def _misbehave(self, request: web.Request) -> web.Response:
        """Switch a preset on or off, or put any fault into force: {"fault": {"kind": ...}}, {"behave": true}."""
        body = await _body(request)
        if "preset" in body:
            self._switch(str(body["preset"]), on=bool(body["on"]))
        elif body.get("behave"):
            self._standin.behave()
            self._presets.clear()
        else:
            self._standin.misbehave(Fault(**body["fault"]))
        self._standin.world.change()
        return _json({"ok": True})

    def _switch(self, name: str, *, on: bool) -> None:
        fault = PRESETS[name]
        active = self._standin.faults.active
        if on and fault not in active:
            self._standin.misbehave(fault)
            self._presets.add(name)
        elif not on and fault in active:
            active.remove(fault)
            self._presets.discard(name)


@web.middleware
async def _local_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a request that another site's page makes, or that came by a name that only looks local."""
    if not request.path.startswith("/demo/"):
        return await handler(request)
    host = request.host.rpartition(":")[0] or request.host
    origin = request.headers.get("Origin")
    if host not in LOCAL_NAMES or origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden
    return await handler(request)


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        found = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(found, dict):
        raise web.HTTPBadRequest
    return found


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, headers={"Cache-Control": "no-store"})
