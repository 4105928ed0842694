"""The stand-in's own door: what a test in another process, or the page, can do through it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.demo.clock import MovableClock
from bot.demo.control import Control
from bot.demo.page import serve_page
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller


@pytest.fixture
async def standin(clock: MovableClock) -> AsyncIterator[StandIn]:
    standin = StandIn(clock)
    standin.world.updates.hold_repeats = False
    Control(standin)
    serve_page(standin.app)
    await standin.start()
    yield standin
    await standin.stop()


async def post(call: Caller, path: str, body: dict[str, Any], **more: Any) -> tuple[int, Any]:
    async with call.session.post(f"{call.standin.url}{path}", json=body, **more) as response:
        return response.status, await response.json() if response.content_type == "application/json" else None


async def get(call: Caller, path: str, **more: Any) -> Any:
    async with call.session.get(f"{call.standin.url}{path}", **more) as response:
        return await response.json()


async def test_a_conversation_by_http_alone(call: Caller, standin: StandIn) -> None:
    standin.person(1001, "Ana")
    await post(call, "/demo/phone/1001/start", {"payload": "checkin"})
    keyboard = {"inline_keyboard": [[{"text": "7", "callback_data": "mood:7"}]]}
    sent = await call("sendMessage", chat_id=1001, text="How was it?", reply_markup=keyboard)
    status, pressed = await post(call, "/demo/phone/1001/press", {"label": "7"})
    assert (status, pressed["ok"]) == (200, True)
    await post(call, "/demo/phone/1001/press", {"data": "forged", "message_id": sent["message_id"]})
    _, note = await post(call, "/demo/phone/1001/text", {"text": "a note"})
    await post(call, "/demo/phone/1001/edit", {"message_id": note["result"], "text": "a better note"})
    for what in ("sticker", "voice", "photo", "document", "block", "unblock"):
        assert (await post(call, f"/demo/phone/1001/{what}", {}))[1]["ok"], what
    await post(call, "/demo/phone/1001/location", {"latitude": 52.5, "longitude": 13.4})
    kinds = [next(iter(update.keys() - {"update_id"})) for update in await call("getUpdates")]
    assert kinds == [
        *["message", "callback_query", "callback_query", "message", "edited_message"],
        *["message"] * 4,
        *["my_chat_member"] * 2,
        "message",
    ]


async def test_a_file_by_http_both_ways(call: Caller, ana: Phone) -> None:
    content = base64.b64encode(b"BEGIN:VCALENDAR").decode()
    body = {"name": "visits.ics", "content": content, "type": "text/calendar", "caption": "mine"}
    status, answer = await post(call, "/demo/phone/1001/document", body)
    assert (status, answer["ok"]) == (200, True)
    (update,) = await call("getUpdates")
    document = update["message"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("visits.ics", "text/calendar", 15)
    shown = (await get(call, "/demo/state"))["phones"][0]["messages"][-1]
    assert (shown["text"], shown["document"]["name"]) == ("mine", "visits.ics")
    async with call.session.get(f"{call.standin.url}/demo/photo/{shown['document']['id']}") as response:
        assert await response.read() == b"BEGIN:VCALENDAR"
        assert response.headers["Content-Disposition"] == "attachment"
    for bad in ({"content": "???"}, {"content": ""}):
        assert (await post(call, "/demo/phone/1001/document", bad))[0] == 409


async def test_the_state_holds_only_what_changed_since(call: Caller, ana: Phone) -> None:
    before = await get(call, "/demo/state")
    assert [message["text"] for message in before["phones"][0]["messages"]] == ["/start"]
    sent = await call("sendMessage", chat_id=1001, text="one")
    after = await get(call, f"/demo/state?since={before['version']}")
    assert [message["text"] for message in after["phones"][0]["messages"]] == ["one"]
    await call("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    gone = await get(call, f"/demo/state?since={after['version']}")
    assert (gone["phones"][0]["messages"], gone["phones"][0]["deleted"]) == ([], [sent["message_id"]])


async def test_events_tell_of_each_change(call: Caller, ana: Phone) -> None:
    async with call.session.get(f"{call.standin.url}/demo/events") as response:
        assert response.content_type == "text/event-stream"
        first = await response.content.readuntil(b"\n\n")
        ana.writes("one")
        second = await asyncio.wait_for(response.content.readuntil(b"\n\n"), 5)
    assert int(second.removeprefix(b"data: ")) > int(first.removeprefix(b"data: "))


async def test_what_a_person_cannot_do_is_told(call: Caller, ana: Phone) -> None:
    assert (await post(call, "/demo/phone/1001/press", {"label": "nothing"}))[0] == 409
    assert (await post(call, "/demo/phone/1001/text", {"text": "  "}))[0] == 409
    assert (await post(call, "/demo/phone/1001/dance", {}))[0] == 404
    assert (await post(call, "/demo/phone/4242/text", {"text": "x"}))[0] == 404
    assert (await post(call, "/demo/clock", {"advance_seconds": 60}))[0] == 409


async def test_faults_and_the_log_by_http(call: Caller, ana: Phone) -> None:
    await post(call, "/demo/misbehave", {"fault": {"kind": "500", "method": "sendMessage"}})
    assert await call.refusal("sendMessage", chat_id=1001, text="x") == "Internal Server Error"
    await post(call, "/demo/misbehave", {"preset": "errors", "on": True})
    assert (await get(call, "/demo/state"))["misbehaving"] == ["errors"]
    await post(call, "/demo/misbehave", {"behave": True})
    assert await call("sendMessage", chat_id=1001, text="x")
    log = await get(call, "/demo/calls")
    assert [(one["method"], one["ok"]) for one in log["calls"]] == [("sendMessage", False), ("sendMessage", True)]
    assert (await get(call, f"/demo/calls?since={log['next']}"))["calls"] == []


async def test_another_sites_page_can_neither_read_nor_act(call: Caller, ana: Phone) -> None:
    state = f"{call.standin.url}/demo/state"
    for headers in ({"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example:80"}):
        async with call.session.get(state, headers=headers) as response:
            assert response.status == 403
    form = aiohttp.FormData({"text": "x"})
    async with call.session.post(f"{call.standin.url}/demo/phone/1001/text", data=form) as response:
        assert response.status == 415


async def test_the_page_loads_nothing_from_elsewhere(call: Caller) -> None:
    async with call.session.get(f"{call.standin.url}/") as response:
        page = await response.text()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "//" not in page.replace("<!doctype html>", "").replace("https://t.me", "")
    assert "<style" not in page
    assert "style=" not in page
    for path in ("/page/../run.py", "/page/nothing.js", "/page/index.txt"):
        async with call.session.get(f"{call.standin.url}{path}") as response:
            assert response.status == 404
