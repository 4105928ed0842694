"""How the stand-in misbehaves when it is told to."""

import asyncio
import json
import time

import aiohttp
import pytest

from bot.demo.faults import Fault
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller


@pytest.mark.parametrize(
    ("kind", "status"), [("401", 401), ("403", 403), ("409", 409), ("500", 500), ("502", 502), ("504", 504)]
)
async def test_a_status_is_answered_as_often_as_it_was_asked_for(
    call: Caller, standin: StandIn, ana: Phone, kind: str, status: int
) -> None:
    standin.misbehave(Fault(kind, method="sendMessage", times=2))
    for _ in range(2):
        assert (await call.raw("sendMessage", chat_id=1001, text="x"))["error_code"] == status
    assert await call("sendMessage", chat_id=1001, text="x")
    assert [sent.fault for sent in standin.calls_to("sendMessage")] == [kind, kind, None]


async def test_429_names_the_seconds_twice(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.misbehave(Fault("429", seconds=7))
    async with call.session.post(call.address("sendMessage"), json={"chat_id": 1001, "text": "x"}) as response:
        assert response.headers["Retry-After"] == "7"
        assert (await response.json())["parameters"] == {"retry_after": 7}


async def test_a_fault_can_be_for_one_chat_only(call: Caller, standin: StandIn, ana: Phone) -> None:
    ben = standin.person(1002, "Ben")
    ben.start()
    standin.misbehave(Fault("429", chat_id=1002, times=None))
    assert await call("sendMessage", chat_id=1001, text="x")
    assert "retry after" in await call.refusal("sendMessage", chat_id=1002, text="x")
    standin.behave()
    assert await call("sendMessage", chat_id=1002, text="x")


@pytest.mark.parametrize(("kind", "arrives"), [("drop_before", False), ("drop_after", True), ("half", True)])
async def test_a_cut_line_before_or_after_accepting(
    call: Caller, standin: StandIn, ana: Phone, kind: str, arrives: bool
) -> None:
    standin.misbehave(Fault(kind, method="sendMessage"))
    with pytest.raises((aiohttp.ClientError, OSError)):
        await call("sendMessage", chat_id=1001, text="once")
    assert [message.text for message in ana.messages if message.from_bot] == (["once"] if arrives else [])
    assert standin.calls[-1].ok is arrives


async def test_garbage_is_no_json(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.misbehave(Fault("garbage"))
    async with call.session.post(call.address("getMe")) as response:
        with pytest.raises(json.JSONDecodeError):
            json.loads(await response.text())


async def test_slow_answers_late_and_lets_others_pass(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.misbehave(Fault("slow", method="sendMessage", seconds=0.3))
    began = time.monotonic()
    slow = asyncio.create_task(call("sendMessage", chat_id=1001, text="x"))
    await call("getMe")
    assert time.monotonic() - began < 0.2
    await slow
    assert time.monotonic() - began >= 0.3


async def test_a_waiting_poll_is_cut_when_telegram_becomes_unreachable(call: Caller, standin: StandIn) -> None:
    poll = asyncio.create_task(call.raw("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    standin.misbehave(Fault("drop_before", times=None))
    with pytest.raises((aiohttp.ClientError, OSError)):
        await poll


async def test_an_update_is_delivered_twice(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.duplicate_next_update()
    ana.writes("one")
    (update,) = await call("getUpdates")
    assert await call("getUpdates", offset=update["update_id"] + 1) == [update]
    assert await call("getUpdates", offset=update["update_id"] + 1) == []


async def test_one_press_comes_again_under_a_new_id(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.repeat_next_press()
    ana.presses("a", 9999)
    first, second = await call("getUpdates")
    assert first["update_id"] != second["update_id"]
    assert first["callback_query"]["id"] != second["callback_query"]["id"]
    assert first["callback_query"]["data"] == second["callback_query"]["data"]


async def test_a_start_loses_its_payload(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.lose_next_payload()
    ana.start("invitation")
    ana.start("invitation")
    texts = [update["message"]["text"] for update in await call("getUpdates")]
    assert texts == ["/start", "/start invitation"]


async def test_a_malformed_update_is_handed_out_as_it_is(call: Caller, standin: StandIn) -> None:
    standin.push_update(message={"date": "soon"})
    (update,) = await call("getUpdates")
    assert update["message"] == {"date": "soon"}


def test_a_fault_of_no_known_kind_is_a_slip_of_the_pen() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Fault("drop")
