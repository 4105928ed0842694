"""The demo page in a real browser, with a small bot behind it."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.clock import MovableClock
from bot.demo.control import Control
from bot.demo.messages import ChatMessage
from bot.demo.page import serve_page
from bot.demo.phones import Phone
from bot.demo.spec import Upload
from bot.demo.standin import StandIn
from tests.bot.demo.browser import POCKET, chromium, opened
from tests.bot.demo.small_bot import small_bot


class StillMover:
    """Moves the clock and nothing else; there is no bot with anything due."""

    movable = True
    moving = False

    def __init__(self, clock: MovableClock, standin: StandIn) -> None:
        self.clock = clock
        self.standin = standin

    async def forward(self, target: datetime) -> None:
        self.clock.set(target)
        self.standin.world.change()

    async def next_prompt(self) -> None:
        self.standin.world.change()


async def _berlin(chat_id: int) -> str | None:
    return "Europe/Berlin" if chat_id == 1001 else None


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    chromium()
    clock = MovableClock()
    clock.set(datetime.fromisoformat("2026-10-14T18:00:00+00:00"))
    standin = StandIn(clock)
    Control(standin, StillMover(clock, standin), _berlin)
    serve_page(standin.app)
    await standin.start()
    async with small_bot(standin):
        yield standin
    await standin.stop()


@pytest.fixture
def ana(standin: StandIn) -> Phone:
    standin.person(1001, "Ana")
    standin.person(1002, "Ben")
    return standin.phones[1001]


def on(page: Page, person: int) -> Locator:
    return page.locator(f'[data-phone="{person}"]')


async def test_a_card_is_answered_and_changes_in_place(standin: StandIn, ana: Phone) -> None:
    async with opened(standin.url) as page:
        phone = on(page, 1001)
        await expect(phone.locator(".welcome")).to_contain_text("A few taps a day")
        await phone.get_by_role("button", name="Start").click()
        await phone.get_by_role("button", name="7", exact=True).click()
        await expect(phone.locator(".toast")).to_have_text("Saved")
        await phone.get_by_role("button", name="Good").click()
        await expect(phone.locator(".message")).to_have_count(2)
        await expect(phone.locator(".message").last).to_contain_text("Saved · Energy Good")
        await expect(phone.locator(".edited:visible")).to_have_count(0)
        await phone.get_by_role("button", name="Copy number").click()
        await expect(phone.locator(".toast")).to_have_text("Copied: 0800 111 0 111")
        link = phone.get_by_role("link", name="Read more")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        colours = [await key.get_attribute("data-style") for key in await phone.locator(".key[data-style]").all()]
        assert colours == ["primary", "success", "danger"]
        await expect(on(page, 1002).locator(".message")).to_have_count(0)


async def test_notes_replies_edits_and_pictures(standin: StandIn, ana: Phone) -> None:
    ana.start()
    await standin.until(lambda: ana.messages[-1].buttons)
    ana.taps("7")
    await standin.until(lambda: "Good" in ana.messages[-1].buttons)
    ana.taps("Good")
    async with opened(standin.url) as page:
        phone = on(page, 1001)
        await phone.get_by_role("button", name="Add a note").click()
        field = phone.get_by_role("textbox", name="Message from Ana")
        await expect(field).to_be_focused()
        await expect(field).to_have_attribute("placeholder", "Anything you want to keep")
        await page.keyboard.type("A quiet day")
        await page.keyboard.press("Enter")
        await expect(phone.locator(".mine .quote").last).to_contain_text("What do you want to write down?")
        spoiler = phone.locator(".spoiler")
        await spoiler.click()
        await expect(spoiler).to_have_attribute("aria-pressed", "true")
        note = phone.locator(".message.mine").last
        await note.hover()
        await note.get_by_role("button", name="Edit").click()
        await expect(field).to_have_value("A quiet day")
        await field.fill("A good day")
        await page.keyboard.press("Enter")
        await expect(note).to_contain_text("edited")
        await expect(note.locator(".reaction")).to_have_text("👌")
        await phone.get_by_role("button", name="My chart").click()
        await phone.get_by_role("button", name="Enlarge photo").click()
        await expect(page.get_by_role("dialog", name="Photo")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog", name="Photo")).to_be_hidden()


async def test_files_go_both_ways(standin: StandIn, ana: Phone, tmp_path: Path) -> None:
    ana.start()
    await standin.until(lambda: ana.messages[-1].buttons)
    visits = tmp_path / "visits.ics"
    visits.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    async with opened(standin.url) as page:
        phone = on(page, 1001)
        await phone.get_by_role("button", name="Send something else").click()
        async with page.expect_file_chooser() as chooser:
            await phone.get_by_role("button", name="File from this computer").click()
        await (await chooser.value).set_files(visits)
        sent = phone.locator(".mine .file")
        await expect(sent).to_have_text("visits.ics1 kB")
        assert next(one for one in ana.messages if one.document).document == visits.read_bytes()
        await sent.hover()
        await phone.locator(".mine").last.get_by_role("button", name="Reply").click()
        await phone.get_by_role("textbox").fill("that one")
        await page.keyboard.press("Enter")
        await expect(phone.locator(".mine .quote").last).to_contain_text("visits.ics")
        upload = Upload("appointment.ics", visits.read_bytes(), "text/calendar")
        room, stored = ana.room, standin.world.files.keep_document(upload)
        number = standin.world.next_message_id()
        news = ChatMessage(number, room.chat, standin.world.bot, standin.world.clock(), document_file=stored)
        standin.world.shown(room, news)
        link = phone.get_by_role("link", name="appointment.ics")
        async with page.expect_download() as fetching:
            await link.click()
        fetched = await fetching.value
        assert fetched.suggested_filename == "appointment.ics"
        assert (await fetched.path()).read_bytes() == visits.read_bytes()


async def test_a_file_that_telegram_would_not_take_is_told(standin: StandIn, ana: Phone, tmp_path: Path) -> None:
    ana.start()
    await standin.until(lambda: ana.messages[-1].buttons)
    empty = tmp_path / "empty.ics"
    empty.write_bytes(b"")
    async with opened(standin.url) as page:
        phone = on(page, 1001)
        await phone.locator(".picker").set_input_files(empty)
        await expect(phone.locator(".toast")).to_have_text("This file is empty.")
    assert not [message for message in ana.messages if message.document]


async def test_everything_can_be_done_with_the_keyboard(standin: StandIn, ana: Phone) -> None:
    async with opened(standin.url) as page:
        phone = on(page, 1001)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the chats")).to_be_focused()
        await phone.get_by_role("button", name="Start").focus()
        await page.keyboard.press("Enter")
        await expect(phone.get_by_role("textbox")).to_be_focused()
        await phone.get_by_role("button", name="7", exact=True).focus()
        await page.keyboard.press("Enter")
        first_answer = phone.locator(".message").last.get_by_role("button", name="None")
        await expect(first_answer).to_be_focused()
        ring = await first_answer.evaluate("node => getComputedStyle(node).outlineStyle")
        assert ring == "solid"
        await phone.get_by_role("button", name="Commands").focus()
        await page.keyboard.press("Enter")
        await expect(phone.get_by_role("button", name="/start Today's card")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(phone.get_by_role("button", name="Commands")).to_be_focused()
        await expect(phone.get_by_role("button", name="Commands")).to_have_attribute("aria-expanded", "false")


async def test_a_screen_reader_finds_its_way(standin: StandIn, ana: Phone) -> None:
    ana.start()
    await standin.until(lambda: ana.messages[-1].buttons)
    async with opened(standin.url) as page:
        for role in ("banner", "main", "complementary"):
            await expect(page.get_by_role(role)).to_have_count(1)
        log = page.get_by_role("log", name="Ana's chat")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log.get_by_role("article")).to_have_count(2)
        await expect(page.get_by_role("region", name="Ana")).to_be_visible()
        unnamed = await page.evaluate(
            "[...document.querySelectorAll('button, a, input, textarea')].filter(node => node.offsetParent"
            " && !(node.ariaLabel || node.textContent.trim() || node.labels?.length)).length"
        )
        assert unnamed == 0
        assert await page.evaluate("document.documentElement.lang") == "en"
        headings = await page.evaluate("[...document.querySelectorAll('h1, h2')].map(node => node.tagName)")
        assert headings == ["H1", *["H2"] * 6]


async def test_the_clock_moves_forward_and_shows_each_persons_time(standin: StandIn, ana: Phone) -> None:
    async with opened(standin.url) as page:
        await expect(page.locator("#clocks")).to_contain_text("Wed 14 Oct, 18:00")
        await expect(on(page, 1001).locator(".local")).to_have_text(re.compile("14 Oct, 20:00"))
        await page.get_by_role("button", name="+1 day").click()
        await expect(page.locator("#clock-note")).to_have_text(re.compile("15 Oct, 20:00 for Ana"))
        await page.get_by_label("Go to (Ana's time)").fill("2026-11-01T09:30")
        await page.get_by_role("button", name="Go", exact=True).click()
        await expect(page.locator("#clock-note")).to_have_text(re.compile("1 Nov, 09:30 for Ana"))
        assert abs(standin.world.clock() - datetime.fromisoformat("2026-11-01T08:30:00+00:00")) < timedelta(seconds=30)
        await page.get_by_label("Go to (Ana's time)").fill("2026-10-01T09:30")
        await page.get_by_role("button", name="Go", exact=True).click()
        await expect(page.locator("#clock-note")).to_have_text("Time only goes forward here.")
        await page.get_by_role("button", name="Next prompt").click()
        await expect(page.locator("#clock-note")).to_contain_text("Nothing is planned")


async def test_trouble_can_be_switched_on_and_off(standin: StandIn, ana: Phone) -> None:
    ana.start()
    await standin.until(lambda: ana.messages[-1].buttons)
    async with opened(standin.url) as page:
        phone = on(page, 1001)
        errors = page.get_by_role("switch", name="Telegram returns errors")
        await errors.click()
        await expect(errors).to_have_attribute("aria-checked", "true")
        assert [fault.kind for fault in standin.faults.active] == ["502"]
        await errors.click()
        await expect(errors).to_have_attribute("aria-checked", "false")
        assert standin.faults.active == []
        await page.get_by_role("switch", name="Ana blocks the bot").click()
        await expect(phone.get_by_role("button", name="Unblock the bot")).to_be_visible()
        await expect(phone.get_by_role("textbox")).to_be_hidden()
        await phone.get_by_role("button", name="Unblock the bot").click()
        await expect(phone.get_by_role("textbox")).to_be_visible()


async def test_on_a_small_screen_one_thing_is_shown_at_a_time(standin: StandIn, ana: Phone) -> None:
    async with opened(standin.url, POCKET) as page:
        await expect(on(page, 1001)).to_be_visible()
        await expect(on(page, 1002)).to_be_hidden()
        await page.get_by_role("button", name="Ben").click()
        await expect(on(page, 1002)).to_be_visible()
        await page.get_by_role("button", name="Clock").click()
        await expect(page.get_by_role("button", name="Next prompt")).to_be_visible()
        await expect(on(page, 1002)).to_be_hidden()
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0


# Contrast, as WCAG 2 counts it.

PAINT = """(selector) => {
  const node = [...document.querySelectorAll(selector)].find((one) => one.offsetParent);
  if (!node) return null;
  const grounds = [];
  for (let up = node; up; up = up.parentElement) grounds.push(getComputedStyle(up).backgroundColor);
  return [getComputedStyle(node).color, grounds];
}"""
WORDS = [
    ".what",
    ".role",
    ".local",
    ".status",
    ".bubble .text",
    ".bubble .meta",
    ".mine .meta",
    ".mine .inline-link",
    ".day",
    ".key:not([data-style])",
    ".key[data-style=primary]",
    ".key[data-style=success]",
    ".key[data-style=danger]",
    ".clocks dt span",
    ".moves .strong",
    ".moves button:not(.strong)",
    ".go label",
    ".note",
    ".quiet p",
    ".start",
    ".switches button:not(:disabled)",
    ".welcome p + p",
    ".composer .round",
]


def _colour(text: str) -> tuple[float, float, float, float]:
    numbers = [float(part) for part in re.findall(r"[\d.]+", text)]
    scale = 1.0 if text.startswith("color(") else 255.0
    red, green, blue = (part / scale for part in numbers[:3])
    return red, green, blue, numbers[3] if len(numbers) > 3 else 1.0


def _ground(layers: list[str]) -> tuple[float, ...]:
    """Lay the grounds over each other, the page's own at the bottom."""
    under: tuple[float, ...] = (1.0, 1.0, 1.0)
    for layer in reversed(layers):
        *colour, alpha = _colour(layer)
        under = tuple(alpha * top + (1 - alpha) * below for top, below in zip(colour, under, strict=True))
    return under


def _light(colour: Any) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in list(colour)[:3]]
    return float(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])


@pytest.mark.parametrize("dark", [False, True])
async def test_every_text_stands_out_from_its_ground(standin: StandIn, ana: Phone, dark: bool) -> None:
    ana.start()
    await standin.until(lambda: ana.messages[-1].buttons)
    ana.taps("7")
    await standin.until(lambda: "Good" in ana.messages[-1].buttons)
    ana.taps("Good")
    await standin.until(lambda: "Erase" in ana.messages[-1].buttons)
    weak = {}
    async with opened(standin.url, dark=dark) as page:
        await on(page, 1001).get_by_role("button", name="Erase").wait_for()
        for selector in WORDS:
            painted = await page.evaluate(PAINT, selector)
            assert painted is not None, selector
            pair = sorted((_light(_colour(painted[0])), _light(_ground(painted[1]))))
            contrast = (pair[1] + 0.05) / (pair[0] + 0.05)
            if contrast < 4.5:
                weak[selector] = round(contrast, 2)
    assert weak == {}
