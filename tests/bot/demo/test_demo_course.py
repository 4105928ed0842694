"""Dana's month on the demo page: six treatments in under a minute, lived by taps and typed texts alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import expect

from bot.demo import month
from bot.demo.autopilot import Autopilot
from bot.demo.clock import MovableClock
from bot.demo.control import Control
from bot.demo.course import DANA, Course
from bot.demo.feelings import Feelings
from bot.demo.messages import ChatMessage
from bot.demo.month import PLACE, ZONE, Month
from bot.demo.moving import ClockMover
from bot.demo.page import serve_page
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from care.questions import question_sets
from care.schedule import local_time
from handlers.words import Words
from tests.bot.demo.browser import POCKET, chromium, opened
from tests.bot.demo.caller import Caller
from tests.bot.demo.test_demo_page import StillMover
from tests.bot.demo.test_demo_run import demo

WEDNESDAY = datetime(2026, 10, 14, 18, 0, tzinfo=UTC)
WORDS = Words("en")
A_MINUTE = 60.0


@pytest.fixture
async def standin(clock: MovableClock) -> AsyncIterator[StandIn]:
    """A stand-in with the page, to which a test adds what it wants before anybody asks."""
    standin = StandIn(clock)
    serve_page(standin.app)
    yield standin
    await standin.stop()


@asynccontextmanager
async def control_of(folder: Path) -> AsyncIterator[Callable[..., Any]]:
    """Run the demo and give what calls its door: a path alone reads, a path with a body writes."""
    clock = MovableClock()
    clock.set(WEDNESDAY)
    async with demo(folder, clock=clock) as address, aiohttp.ClientSession() as session:

        async def call(path: str, body: dict[str, Any] | None = None) -> Any:
            method = "GET" if body is None else "POST"
            async with session.request(method, f"{address}/demo/{path}", json=body) as response:
                return await response.json()

        async with asyncio.timeout(20):
            while not (await call("state"))["movable"]:
                await asyncio.sleep(0.05)
        yield call


async def _until(call: Callable[..., Any], true: Callable[[Any], bool], seconds: float = A_MINUTE) -> Any:
    async with asyncio.timeout(seconds):
        while not true(state := await call("state")):
            await asyncio.sleep(0.1)
    return state


def _chat(state: Any, number: int) -> list[Any]:
    (phone,) = (phone for phone in state["phones"] if phone["id"] == number)
    return list(phone["messages"])


def _saying(chat: list[Any], name: str, **values: str) -> list[Any]:
    """List the messages that say the words of a name, up to its first variable where none is given."""
    text = WORDS(name, **values) if values else WORDS(name, moment="\0", day="\0").split("\0", maxsplit=1)[0]
    return [message for message in chat if text in message["text"]]


async def test_a_month_with_six_treatments_takes_less_than_a_minute(
    tmp_path: Path, report: Callable[[str], None]
) -> None:
    async with control_of(tmp_path) as call:
        begun = time.monotonic()
        assert (await call("course", {}))["ok"]
        assert (await call("course", {}))["ok"], "a second press starts no second month"
        await _until(call, lambda state: state["course"]["day"] > 3)
        await call("phone/1001/start", {})
        asked = time.monotonic()
        await _until(call, lambda state: any(not one["mine"] for one in _chat(state, 1001)), 10)
        waited = time.monotonic() - asked
        state = await _until(call, lambda state: state["course"]["state"] != "living")
        took = time.monotonic() - begun
    report(
        f"demo: a month with six treatments was lived in {took:.1f} s; Ana waited {waited:.2f} s in the middle of it"
    )
    assert state["course"]["state"] == "lived"
    assert state["course"]["day"] == state["course"]["days"] == 32
    assert took < A_MINUTE
    assert [phone["name"] for phone in state["phones"]] == ["Ana", "Ben", "Dana"]
    _judge(_chat(state, DANA[0]))


def _judge(chat: list[Any]) -> None:
    """Look for everything that belongs to her month."""
    said = [message["text"] for message in chat if message["mine"]]
    assert [text for text in said if not text.startswith("/")] == [
        *["", "Oct 19, 10 am", month.TEXT, "Oct 27, 3 pm", "Nov 12, 3 pm", "Nov 9, 10 am"],
        *[month.NOTE, month.MAIN],
    ]
    assert len(_saying(chat, "treated-noted")) == 6
    silent = ("Sat, Oct 31", "Sun, Nov 1")
    assert [len(_saying(chat, "card-closed", day=day)) for day in silent] == [1, 1]
    assert len(_saying(chat, "note-kept", **{"key-help": ""})) == 1
    assert len(_saying(chat, "visit-draft-title")) == 1
    assert len([one for one in chat if WORDS("after-care") in one["text"]]) >= 6
    assert not [one for one in chat if one["text"].startswith((WORDS("press-out-of-date"), WORDS("error-press")))]
    assert chat[-1]["photo"], "her month ends with its picture"


async def test_a_silent_bot_makes_her_wait_and_she_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(month, "PATIENCE", 5.0)
    async with control_of(tmp_path) as call:
        await call("course", {})
        await _until(call, lambda state: state["course"]["day"] > 1)
        await call("misbehave", {"preset": "unreachable", "on": True})
        state = await _until(call, lambda state: state["course"]["state"] != "living")
        assert state["course"]["state"] == "unanswered"
        await call("misbehave", {"preset": "unreachable", "on": False})
        assert (await call("course", {}))["ok"]
        later = await _until(call, lambda now: now["course"]["day"] > state["course"]["day"] + 2)
        assert later["course"]["state"] in ("living", "lived")


async def test_without_a_bot_there_is_no_month(standin: StandIn, clock: MovableClock) -> None:
    control = Control(standin)
    await standin.start()
    async with aiohttp.ClientSession() as session:
        call = Caller(standin, session)
        control.course = Course(standin, ClockMover(clock, standin, Idle()))
        async with call.session.post(f"{standin.url}/demo/course", json={}) as response:
            assert response.status == 409
    assert DANA[0] not in standin.phones


class Idle:
    """A bot that is not at work."""

    ready = False

    async def next_moment(self) -> datetime | None:
        return None

    async def work(self) -> None:
        return None

    answered = arrived = work


# The autopilot alone, with screens made by hand.


def _shown(phone: Phone, text: str, *labels: str) -> None:
    rows = [[{"text": label, "callback_data": f"1:x:{label}"[:64]}] for label in labels]
    number, world = phone.world.next_message_id(), phone.world
    message = ChatMessage(
        number, phone.room.chat, world.bot, world.clock(), text=text, markup={"inline_keyboard": rows}
    )
    world.shown(phone.room, message)


def _tapped(phone: Phone) -> list[str]:
    return [made.data.removeprefix("1:x:") for made in phone.world.presses.values()]


def _pilot(phone: Phone, answered: Callable[[], Any] | None = None) -> Autopilot:
    async def at_once() -> None:
        return None

    return Autopilot(phone, WORDS, Feelings(1, ZONE, phone.world.clock()), PLACE, answered or at_once)


@pytest.mark.parametrize(
    ("labels", "tapped"),
    [
        (("Wave", "Dance"), []),  # she leaves what she does not know,
        (("Wave", WORDS("card-skip")), [WORDS("card-skip")]),  # or skips it
        ((WORDS("card-skip"), WORDS("card-done")), [WORDS("card-done")]),
        ((WORDS("note-no"), WORDS("note-keep")), [WORDS("note-keep")]),
    ],
)
async def test_what_she_does_not_know_she_leaves_or_closes(
    ana: Phone, labels: tuple[str, ...], tapped: list[str]
) -> None:
    _shown(ana, "Something new", *labels)
    await _pilot(ana).attends()
    assert _tapped(ana) == tapped


async def test_a_screen_that_does_not_change_is_tapped_once(ana: Phone) -> None:
    question = WORDS("question-energy")
    _shown(ana, question, *(WORDS(f"option-energy-{value}") for value in range(5)), WORDS("card-skip"))
    pilot = _pilot(ana)
    await pilot.attends()
    await pilot.attends()
    assert len(_tapped(ana)) == 1


async def test_a_question_where_many_may_be_tapped_is_ended(ana: Phone) -> None:
    labels = [WORDS(f"option-events-{value}") for value in range(11)]
    _shown(ana, WORDS("question-events"), *labels, WORDS("many-done"))
    await _pilot(ana).attends()
    assert _tapped(ana) == [labels[10], WORDS("many-done")]


async def test_a_bot_that_changes_its_screen_for_ever_is_laid_aside(ana: Phone) -> None:
    async def again() -> None:
        _shown(ana, f"Turn {len(ana.messages)}", WORDS("card-skip"))

    _shown(ana, "Turn", WORDS("card-skip"))
    await asyncio.wait_for(_pilot(ana, again).attends(), 5)


# How she feels.


def test_her_answers_are_the_same_each_time_and_all_within_their_scales() -> None:
    first, second = (Feelings(6, ZONE, WEDNESDAY) for _ in range(2))
    for feelings in (first, second):
        feelings.had.append(WEDNESDAY + timedelta(days=5))
    questions = [question for each in question_sets().values() for question in each.questions]
    for hours in range(0, 24 * 30, 7):
        now = WEDNESDAY + timedelta(hours=hours)
        answers = [first.answer(question, now) for question in questions]
        assert answers == [second.answer(question, now) for question in questions]
        assert all(value is None or question.takes(value) for question, value in zip(questions, answers, strict=True))


def test_a_treatment_lifts_her_mood_from_the_next_day_on_and_fades() -> None:
    feelings = Feelings(6, ZONE, WEDNESDAY)
    feelings.had.append(WEDNESDAY)
    moods = [feelings.mood(WEDNESDAY + timedelta(days=days)) for days in range(8)]
    assert moods[1] > moods[0] + 2
    assert moods[1:] == sorted(moods[1:], reverse=True)
    assert moods[7] > moods[0]


def test_she_begins_on_a_weekday_soon(standin: StandIn, clock: MovableClock) -> None:
    for days in range(7):
        clock.set(WEDNESDAY + timedelta(days=days))
        phone = standin.person(2000 + days, "Dana")
        hers = Month(phone, ClockMover(clock, standin, Idle()), WORDS)
        assert 29 <= hers.days <= 34
        assert all(local_time(at, ZONE).weekday() < 5 for at in hers.sessions)


# The page.


class Told:
    """A month that does what a test says."""

    def __init__(self) -> None:
        self.told = {"state": "ready", "day": 0, "days": 0}
        self.begun = 0

    def view(self) -> dict[str, Any]:
        return self.told

    def begin(self) -> bool:
        self.begun += 1
        return True


async def test_the_page_shows_how_far_she_is_and_what_became_of_it(standin: StandIn, clock: MovableClock) -> None:
    chromium()
    control, told = Control(standin, StillMover(clock, standin)), Told()
    control.course = told
    await standin.start()
    standin.person(1001, "Ana")
    standin.person(1002, "Ben")
    async with opened(standin.url, POCKET) as page:
        await page.get_by_role("button", name="Clock").click()
        begin = page.get_by_role("button", name="A month with six treatments")
        await begin.click()
        async with asyncio.timeout(5):
            while not told.begun:
                await asyncio.sleep(0.02)
        standin.person(*DANA)
        told.told = {"state": "living", "day": 7, "days": 32}
        standin.world.change()
        await expect(page.get_by_role("region", name="Dana")).to_be_visible()
        await expect(page.get_by_role("region", name="Dana")).to_contain_text("day 7 of 32")
        await expect(page.get_by_role("log", name="Dana's chat")).to_have_attribute("aria-live", "off")
        await page.get_by_role("button", name="Clock").click()
        await expect(page.locator("#course-day")).to_have_text("Day 7 of 32")
        await expect(begin).to_be_hidden()
        told.told = {"state": "unanswered", "day": 9, "days": 32}
        standin.world.change()
        await expect(page.get_by_role("button", name="Go on with the month")).to_be_visible()
        await expect(page.locator("#course-note")).to_contain_text("she waits")
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0


async def test_three_phones_fit_beside_each_other_on_a_laptop(standin: StandIn) -> None:
    chromium()
    Control(standin)
    await standin.start()
    for number, name in ((1001, "Ana"), (1002, "Ben"), DANA):
        standin.person(number, name)
    async with opened(standin.url) as page:
        edges = [await one.bounding_box() for one in await page.locator(".person").all()]
        desk = await page.locator(".desk").bounding_box()
        assert desk
        rights = [edge["x"] + edge["width"] for edge in edges if edge]
        assert len(rights) == 3
        assert rights == sorted(rights)
        assert rights[-1] <= desk["x"]
