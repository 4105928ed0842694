"""The stand-in of the benchmarks over real sockets: offsets, redelivery, and the time of each call by its own clock."""

import asyncio
import json
from collections.abc import Iterator
from http.client import HTTPConnection
from time import monotonic
from typing import Any

import aiohttp
import pytest

from benchmarks.processes import OrderFault, StandIn, keyboard, stand_in

TOKEN = "7:" + "T" * 35
CHATS = range(500, 503)


@pytest.fixture(scope="module")
def started() -> Iterator[StandIn]:
    with stand_in() as standin:
        yield standin


@pytest.fixture
def standin(started: StandIn) -> StandIn:
    started.ask("serve_in", seconds=0)
    return started


@pytest.fixture
def token(standin: StandIn, request: pytest.FixtureRequest) -> str:
    """A bot of each test's own, with three cards."""
    token = f"{abs(hash(request.node.name)) % 10**9}:{'T' * 35}"
    standin.ask(
        "deal", token, prefix="a:", first=CHATS[0], count=len(CHATS), message_id=1, text="Mood?", markup=keyboard()
    )
    return token


def call(standin: StandIn, token: str, method: str, **params: Any) -> Any:
    line = HTTPConnection(standin.url.removeprefix("http://"), timeout=10)
    line.request("POST", f"/bot{token}/{method}", json.dumps(params), {"Content-Type": "application/json"})
    answer = json.loads(line.getresponse().read())
    line.close()
    assert answer["ok"]
    return answer["result"]


def numbers(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


def reply(standin: StandIn, token: str, update: dict[str, Any]) -> None:
    query = update["callback_query"]
    call(standin, token, "answerCallbackQuery", callback_query_id=query["id"])
    params = {"chat_id": query["message"]["chat"]["id"], "message_id": 1, "text": "Energy?"}
    call(standin, token, "editMessageText", **params, reply_markup=json.loads(keyboard()))


def test_what_was_not_confirmed_is_handed_over_again(standin: StandIn, token: str) -> None:
    standin.ask("queue", token, count=3)

    assert numbers(call(standin, token, "getUpdates")) == [1, 2, 3]
    assert numbers(call(standin, token, "getUpdates", limit=2)) == [1, 2]
    assert numbers(call(standin, token, "getUpdates", offset=2)) == [2, 3]


def test_what_was_confirmed_is_gone_also_for_a_process_that_starts_anew(standin: StandIn, token: str) -> None:
    standin.ask("queue", token, count=3)
    call(standin, token, "getUpdates", offset=3)

    assert numbers(call(standin, token, "getUpdates")) == [3]
    assert numbers(call(standin, token, "getUpdates", offset=4)) == []


def test_a_poll_waits_for_the_next_update(standin: StandIn, token: str) -> None:
    began = monotonic()
    assert call(standin, token, "getUpdates", timeout=0.2) == []
    assert monotonic() - began >= 0.2


async def test_a_waiting_poll_is_answered_when_somebody_taps(standin: StandIn, token: str) -> None:
    poll = asyncio.create_task(asyncio.to_thread(call, standin, token, "getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(standin.ask, "queue", token, count=1)

    assert numbers(await poll) == [1]


def test_a_tap_is_lost_until_its_card_was_edited_and_repeated_when_it_was_edited_twice(
    standin: StandIn, token: str
) -> None:
    standin.ask("queue", token, count=3)
    updates = call(standin, token, "getUpdates")
    for update in (updates[0], updates[1], updates[1]):
        reply(standin, token, update)

    tally = standin.ask("tally", token)

    assert (tally["taps"], tally["lost"], tally["repeated"]) == (3, 1, 1)


def test_a_person_taps_what_the_card_shows_now(standin: StandIn, token: str) -> None:
    standin.ask("queue", token, count=1)
    [first] = call(standin, token, "getUpdates")
    assert first["callback_query"]["data"] == "a:mood:6"  # of many buttons the seventh
    few = {"inline_keyboard": [[{"text": "None", "callback_data": "a:dizziness:0"}]]}
    call(standin, token, "answerCallbackQuery", callback_query_id=first["callback_query"]["id"])
    call(standin, token, "editMessageText", chat_id=CHATS[0], message_id=1, text="Dizzy?", reply_markup=few)
    standin.ask("queue", token, count=3)

    later = call(standin, token, "getUpdates", offset=2)

    assert later[-1]["callback_query"]["data"] == "a:dizziness:0"
    assert later[-1]["callback_query"]["message"]["text"] == "Dizzy?"


def test_every_call_is_answered_after_the_service_time(standin: StandIn, token: str) -> None:
    standin.ask("serve_in", seconds=0.1)
    began = monotonic()
    call(standin, token, "sendMessage", chat_id=CHATS[0], text="Hello")
    assert monotonic() - began >= 0.1


def test_a_load_that_runs_out_of_cards_is_a_fault_and_no_figure(standin: StandIn, token: str) -> None:
    with pytest.raises(OrderFault, match="OutOfCards"):
        standin.ask("queue", token, count=4)


@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_forms_are_read_as_json_is(standin: StandIn, token: str, kind: str) -> None:
    standin.ask("queue", token, count=1)
    [update] = call(standin, token, "getUpdates")
    reply_as(standin, token, update, kind)

    assert standin.ask("tally", token)["lost"] == 0


def reply_as(standin: StandIn, token: str, update: dict[str, Any], kind: str) -> None:
    chat = update["callback_query"]["message"]["chat"]["id"]
    fields = {"chat_id": str(chat), "message_id": "1", "text": "Energy?", "reply_markup": keyboard()}

    async def post() -> None:
        form = aiohttp.FormData()
        for name, value in fields.items():
            form.add_field(name, value)
        if kind == "multipart":
            form.add_field("file", b"\x89PNG\r\n\r\n\x00", filename="a.png", content_type="image/png")
        address = f"{standin.url}/bot{token}/editMessageText"
        async with aiohttp.ClientSession() as session, session.post(address, data=form) as response:
            assert (await response.json())["result"]["text"] == "Energy?"

    asyncio.run(post())
