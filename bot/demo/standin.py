"""A stand-in for Telegram's Bot API on loopback: strict, and able to misbehave.

Everything is tested against it, so it refuses more than Telegram does and words its refusals as Telegram does.
"""

import asyncio
import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.demo import bodies
from bot.demo.deliveries import Deliveries
from bot.demo.faults import Fault, Faults
from bot.demo.methods import METHODS
from bot.demo.phones import Group, Phone
from bot.demo.refused import Refused, bad_request
from bot.demo.spec import Upload, checked, spec
from bot.demo.world import Call, Room, World
from care.clock import Clock, system_clock

DEMO_TOKEN = "100200300:DEMO-only-works-on-this-machine-AAA"  # noqa: S105 - it opens nothing but this stand-in


class StandIn:
    """The server, its people, and the observer's log of every call."""

    def __init__(self, clock: Clock = system_clock, token: str = DEMO_TOKEN) -> None:
        self.token = token
        self.world = World(clock, int(token.split(":", maxsplit=1)[0]))
        self.deliveries = Deliveries(self.world)
        self.faults = Faults()
        self.phones: dict[int, Phone] = {}
        self.url = ""
        self.app = web.Application(client_max_size=bodies.LARGEST_BODY)
        self.app.router.add_route("*", r"/bot{token:[^/]+}/{method}", self._answer)
        self.app.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", self._download)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; a port of 0 takes a free one. OSError when the port is taken."""
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening and end what is waiting."""
        self.world.updates.wake()
        if self._runner is not None:
            await self._runner.cleanup()

    def begin_after(self, moment: datetime) -> None:
        """Let all ids begin above those of any earlier stand-in, for a bot that remembers an earlier one."""
        self.world.begin_after(moment)

    # People.

    def person(self, chat_id: int, name: str, language_code: str | None = "en") -> Phone:
        """Give a person's phone; the chat is empty until they press Start or write."""
        if chat_id not in self.phones:
            user: dict[str, Any] = {"id": chat_id, "is_bot": False, "first_name": name}
            user |= {"language_code": language_code} if language_code else {}
            room = self._room({"id": chat_id, "type": "private", "first_name": name})
            self.phones[chat_id] = Phone(self.world, room, user, self.deliveries)
        return self.phones[chat_id]

    def group(self, chat_id: int, title: str) -> Group:
        """Give a group; ids of groups are negative."""
        room = self._room({"id": chat_id, "type": "group", "title": title})
        return Group(self.world, room, self.deliveries)

    def _room(self, chat: dict[str, Any]) -> Room:
        return self.world.rooms.setdefault(chat["id"], Room(chat))

    # What the observer sees.

    @property
    def calls(self) -> list[Call]:
        """Give every call so far, in the order in which they were carried out or refused."""
        return self.world.calls

    def calls_to(self, *methods: str) -> list[Call]:
        """Give the calls of some methods."""
        return [call for call in self.calls if call.method in methods]

    async def until(self, true: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until something in the chats is true; TimeoutError when it does not come about."""
        await self.world.until(lambda: bool(true()), seconds)

    async def idle(self, seconds: float = 5.0) -> None:
        """Wait until the bot has confirmed every update."""
        async with asyncio.timeout(seconds):
            await self.world.updates.emptied()

    # Misbehaviour.

    def misbehave(self, fault: Fault) -> Fault:
        """Put a fault into force, also for a poll that is waiting."""
        self.faults.active.append(fault)
        self.world.updates.wake()
        return fault

    def behave(self) -> None:
        """Take every fault away."""
        self.faults.active.clear()

    def duplicate_next_update(self, times: int = 1) -> None:
        """Deliver the next updates once more after they were confirmed."""
        self.deliveries.twice += times

    def repeat_next_press(self, times: int = 1) -> None:
        """Deliver the next presses once more under new ids."""
        self.deliveries.presses_again += times

    def lose_next_payload(self, times: int = 1) -> None:
        """Let the next /start lose its payload."""
        self.deliveries.payloads_lost += times

    def push_update(self, **fields: Any) -> int | None:
        """Queue an update of any shape, well-formed or not, under its kind as the keyword."""
        ((kind, content),) = fields.items()
        return self.deliveries.deliver(kind, content)

    # The server.

    async def _download(self, request: web.Request) -> web.Response:
        stored = self.world.files.files.get(request.match_info["path"].rpartition("/")[2])
        if request.match_info["token"] != self.token or stored is None or stored.path != request.match_info["path"]:
            return bodies.refusal(Refused(404, "Not Found"))
        return web.Response(body=stored.content, content_type=stored.content_type)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return bodies.refusal(Refused(401, "Unauthorized"))
        call = Call(method, {}, self.world.clock())
        try:
            call.params = await bodies.read_params(request)
            return await self._with_faults(request, call)
        except Refused as refused:
            call.error = refused.description
            self.calls.append(call)
            return bodies.refusal(refused)

    async def _with_faults(self, request: web.Request, call: Call) -> web.StreamResponse:
        after = ""
        for fault in self.faults.take(call.method, call.params.get("chat_id")):
            call.fault = fault.kind
            if fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "drop_before":
                return self._dropped(request, call)
            elif refusal := fault.refusal():
                raise refusal
            else:
                after = fault.kind
        await self._carry_out(call)
        if after or (self.faults.active and call.method == "getUpdates"):
            return await self._spoiled(request, call, after)
        return bodies.answer(call.result)

    def _dropped(self, request: web.Request, call: Call) -> web.Response:
        call.error = "dropped"
        self.calls.append(call)
        return bodies.hang_up(request)

    async def _spoiled(self, request: web.Request, call: Call, kind: str) -> web.StreamResponse:
        """Answer a call that was carried out badly; a poll that began to wait before the fault is hit by it too."""
        if not kind:
            return await self._late_for_poll(request, call)
        if kind == "half":
            return await bodies.half_answer(request, call.result)
        if kind == "garbage":
            return web.Response(text="<html><body>Bad Gateway</body></html>", content_type="text/html")
        return bodies.hang_up(request)

    async def _late_for_poll(self, request: web.Request, call: Call) -> web.StreamResponse:
        for fault in self.faults.take(call.method, None):
            if refusal := fault.refusal():
                return bodies.refusal(refusal)
            if fault.kind != "slow":
                return bodies.hang_up(request)
        return bodies.answer(call.result)

    async def _carry_out(self, call: Call) -> None:
        call.attachments = _attachments(call)
        call.params = checked(call.method, call.params)
        carry_out = METHODS.get(call.method)
        if carry_out is None:
            raise bad_request(f"method {call.method} is not supported by the stand-in")
        result = carry_out(self.world, call)
        call.result = await result if inspect.isawaitable(result) else result
        call.ok = True
        self.calls.append(call)


def _attachments(call: Call) -> dict[str, Upload]:
    """Take the files out of the parameters that are meant for attach:// names."""
    shape = spec().methods.get(call.method)
    known = shape.fields if shape else {}
    return {
        name: call.params.pop(name)
        for name in [name for name, value in call.params.items() if isinstance(value, Upload) and name not in known]
    }
