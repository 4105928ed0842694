"""The transport carries calls, keeps the token to itself, and gives up in time."""

import asyncio
import contextlib
import json
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.transport import Transport
from tests.bot.telegram_stub import TOKEN, refuse, serving

ANA = 1001


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    async with Transport() as transport:
        yield transport


def bot_at(url: str, transport: Transport) -> Bot:
    return Bot(TOKEN, base_url=f"{url}/bot", request=transport, get_updates_request=transport)


def whole_text(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__cause__) + repr(error.__context__)


async def test_a_call_arrives_as_json_with_nested_objects(transport: Transport) -> None:
    async with serving() as (url, received):
        keyboard = {"inline_keyboard": [[{"text": "7", "callback_data": "1:a:7"}]]}
        params = {"chat_id": ANA, "text": "Grüße", "reply_markup": keyboard}
        assert await bot_at(url, transport).do_api_request("send_Message", api_kwargs=params) is True
    assert received == [params]


async def test_a_picture_arrives_with_its_caption(transport: Transport) -> None:
    async with serving() as (url, received):
        picture = InputFile(b"\x89PNG bytes", filename="summary.png")
        await bot_at(url, transport).do_api_request(
            "send_Photo", api_kwargs={"chat_id": ANA, "photo": picture, "caption": "Your week"}
        )
    assert received[0]["caption"] == "Your week"
    assert received[0]["photo"] == ("summary.png", "image/png", b"\x89PNG bytes")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, BadRequest), (401, InvalidToken), (403, Forbidden), (404, InvalidToken), (500, NetworkError)],
)
async def test_refusals_become_the_errors_that_handlers_know(
    status: int, error: type[Exception], transport: Transport
) -> None:
    async with serving(refuse(status, "Some reason")) as (url, _):
        with pytest.raises(error):
            await bot_at(url, transport).do_api_request("send_Message", api_kwargs={"chat_id": ANA, "text": "x"})


async def test_a_429_tells_how_long_to_wait(transport: Transport) -> None:
    async with serving(refuse(429, "Too Many Requests", retry_after=7)) as (url, _):
        with pytest.raises(RetryAfter) as caught:
            await bot_at(url, transport).do_api_request("send_Message", api_kwargs={"chat_id": ANA, "text": "x"})
    assert caught.value.retry_after.total_seconds() == 7


async def test_an_unreachable_server_is_a_network_error_without_address_or_token(transport: Transport) -> None:
    with pytest.raises(NetworkError) as caught:
        await bot_at("http://127.0.0.1:9", transport).do_api_request("send_Message", api_kwargs={"text": "x"})
    assert TOKEN not in whole_text(caught.value)
    assert "127.0.0.1" not in str(caught.value)


async def test_an_address_that_makes_no_sense_does_not_appear_in_the_error(transport: Transport) -> None:
    with pytest.raises(NetworkError) as caught:
        await bot_at("http://127.0.0.1:notaport", transport).do_api_request("send_Message", api_kwargs={"text": "x"})
    assert TOKEN not in whole_text(caught.value)


async def test_a_cut_line_is_a_network_error(transport: Transport) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with serving(hang_up) as (url, _):
        with pytest.raises(NetworkError) as caught:
            await bot_at(url, transport).do_api_request("send_Message", api_kwargs={"text": "x"})
    assert TOKEN not in whole_text(caught.value)


async def test_a_slow_answer_times_out(transport: Transport) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    async with serving(slow) as (url, _):
        with pytest.raises(TimedOut):
            await bot_at(url, transport).do_api_request("send_Message", api_kwargs={"text": "x"}, read_timeout=0.05)


async def test_a_dripping_answer_times_out_as_a_whole(transport: Transport) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response

    async with serving(drip) as (url, _):
        with pytest.raises(TimedOut):
            await bot_at(url, transport).do_api_request(
                "send_Message", api_kwargs={"text": "x"}, read_timeout=0.1, connect_timeout=0.1, write_timeout=0.1,
                pool_timeout=0.1,
            )  # fmt: skip


@pytest.mark.parametrize("status", [200, 502])
async def test_a_page_of_a_proxy_is_a_network_error_that_does_not_quote_it(status: int, transport: Transport) -> None:
    async def page(_request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Please log in to Hotel WiFi</html>", status=status)

    async with serving(page) as (url, _):
        with pytest.raises(NetworkError) as caught:
            await bot_at(url, transport).do_api_request("send_Message", api_kwargs={"text": "x"})
    assert "Hotel" not in whole_text(caught.value)


async def test_a_file_is_fetched_as_it_is(transport: Transport) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x00\xff" * 40_000) if request.path.endswith("/a.ics") else web.Response(status=404)

    async with serving(answer) as (url, _):
        assert await transport.retrieve(f"{url}/file/bot{TOKEN}/documents/a.ics") == b"\x00\xff" * 40_000
        with pytest.raises(InvalidToken) as caught:
            await transport.retrieve(f"{url}/file/bot{TOKEN}/documents/b.ics")
    assert TOKEN not in whole_text(caught.value)


async def test_an_answer_without_end_is_cut_off(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.transport.LARGEST_ANSWER", 100_000)

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await response.write(b"x" * 10_000)
        return response

    async with serving(flood) as (url, _):
        with pytest.raises(NetworkError):
            await transport.retrieve(f"{url}/file/bot{TOKEN}/documents/a.ics")


async def test_no_more_connections_are_open_than_allowed() -> None:
    busiest, busy = 0, 0

    async def count(_request: web.Request) -> web.StreamResponse:
        nonlocal busy, busiest
        busy += 1
        busiest = max(busiest, busy)
        await asyncio.sleep(0.02)
        busy -= 1
        return web.json_response({"ok": True, "result": True})

    async with serving(count) as (url, _), Transport(connections=3) as transport:
        bot = bot_at(url, transport)
        calls = (bot.do_api_request("send_Message", api_kwargs={"text": "x"}) for _ in range(12))
        await asyncio.gather(*calls)
    assert busiest == 3


async def test_a_closed_transport_says_so_and_opens_again() -> None:
    transport = Transport()
    await transport.shutdown()
    with pytest.raises(NetworkError):
        await transport.do_request("http://127.0.0.1:9/x", "POST")
    async with serving() as (url, _):
        await transport.initialize()
        await transport.initialize()
        status, body = await transport.do_request(f"{url}/x", "POST")
        assert (status, json.loads(body)["ok"]) == (200, True)
        await transport.shutdown()
