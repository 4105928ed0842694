"""The demo command: the real bot, the stand-in and the page in one process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, expect

from bot.demo.clock import MovableClock
from bot.demo.run import HOST, free_port, prepared, serve
from care.clock import system_clock
from tests.bot.demo.browser import chromium, opened

STEPS = 12
WEDNESDAY_NOON = datetime.fromisoformat("2026-10-14T10:00:00+00:00")


@asynccontextmanager
async def demo(folder: Path, port: int = 0, **options: Any) -> AsyncIterator[str]:
    """Run a demo and give its address; it has stopped in good order at the end."""
    stop = asyncio.Event()
    port = port or free_port(0)
    running = asyncio.create_task(serve(stop, port, folder / "data", folder / "secrets" / "keys", **options))
    address = f"http://{HOST}:{port}"
    try:
        await _answers(address, running)
        yield address
    finally:
        stop.set()
        await asyncio.wait_for(running, 15)


async def _answers(address: str, running: "asyncio.Task[None]") -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        while not running.done():
            try:
                async with session.get(f"{address}/demo/state") as response:
                    bot = (await response.json())["bot"]
            except aiohttp.ClientConnectionError:
                bot = {}
            if bot:
                return
            await asyncio.sleep(0.05)
    running.result()


async def state(address: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/demo/state") as response:
        return await response.json()


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port


def test_a_demo_starts_anew_unless_it_is_to_go_on(tmp_path: Path) -> None:
    left = tmp_path / "checkins.db"
    other = tmp_path / "somebody-elses-file"
    left.touch()
    other.touch()
    prepared(tmp_path, keep=True)
    assert left.exists()
    prepared(tmp_path, keep=False)
    assert not left.exists()
    assert other.exists()


async def test_without_a_bot_it_says_what_a_bot_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with demo(tmp_path, with_bot=False) as address:
        printed = capsys.readouterr().out
        assert f"TELEGRAM_API_URL={address}" in printed
        assert "TELEGRAM_BOT_TOKEN=" in printed
        assert (await state(address))["movable"] is False


async def test_a_kept_demo_goes_on_where_its_clock_stood(tmp_path: Path) -> None:
    port = free_port(0)
    async with demo(tmp_path, port=port, keep=True) as address, aiohttp.ClientSession() as session:
        await _movable(address)
        await session.post(f"{address}/demo/clock", json={"advance_seconds": 3 * 86400})
        before = datetime.fromisoformat((await state(address))["now"])
    async with demo(tmp_path, port=port, keep=True) as address:
        after = datetime.fromisoformat((await state(address))["now"])
    assert timedelta(seconds=-30) < after - before < timedelta(seconds=30)
    assert before - system_clock() > timedelta(days=2)


async def _movable(address: str) -> None:
    for _ in range(200):
        if (await state(address))["movable"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the bot did not get to work")


async def _begin(phone: Locator) -> None:
    """Get through the first minutes, by the first answer of each card and by sharing a location for the zone."""
    await phone.get_by_role("button", name="Start").click()
    card = phone.locator(".message").last
    words = card.locator(".text")
    for _ in range(STEPS):
        await expect(card.locator(".key").first).to_be_visible()
        text = await words.inner_text()
        if "1 of " in text:
            return
        if await card.get_by_role("button", name="Use my location").count():
            await _share_location(phone)
        else:
            await card.locator(".key").first.click()
        await expect(words).not_to_have_text(text, use_inner_text=True)
    raise AssertionError(text)


async def _share_location(phone: Locator) -> None:
    await phone.get_by_role("button", name="Send something else").click()
    await phone.get_by_role("button", name="Location: Berlin").click()


async def _answer_card(phone: Locator, mood: str) -> None:
    card = phone.locator(".message").last
    await card.get_by_role("button", name=mood, exact=True).click()
    for question, label in (("2 of ", "Some"), ("3 of ", "None"), ("4 of ", "Mild")):
        await expect(card).to_contain_text(question)
        await card.get_by_role("button", name=label, exact=True).click()
    await expect(card).to_contain_text(f"Mood: {mood}")
    await expect(card).to_contain_text("Nausea: Mild")
    if await card.get_by_text("5 of 5").count():
        await card.get_by_role("button", name="Skip", exact=True).click()
    await expect(card).to_contain_text("Saved")


async def test_a_person_lives_through_days_of_the_bot(tmp_path: Path) -> None:
    chromium()
    clock = MovableClock()
    clock.set(WEDNESDAY_NOON)
    async with demo(tmp_path, clock=clock) as address, opened(address) as page:
        phone = page.locator('[data-phone="1001"]')
        log = phone.get_by_role("log")
        note = page.locator("#clock-note")
        await _begin(phone)
        await _answer_card(phone, "7")
        await page.get_by_role("button", name="Next prompt").click()
        await expect(note).to_contain_text("15 Oct")
        await _answer_card(phone, "5")
        await page.get_by_role("button", name="+1 week").click()
        await expect(log.get_by_text("You can still fill it in.")).to_have_count(3)
        await phone.get_by_role("textbox").fill("/summary")
        await page.keyboard.press("Enter")
        picture = log.get_by_role("button", name="Enlarge photo")
        await expect(picture).to_be_visible()
        await picture.click()
        await expect(page.get_by_role("dialog", name="Photo").get_by_role("img")).to_be_visible()
    assert not list((tmp_path / "data").rglob("*.db")), "what was tried is erased when the demo stops"
