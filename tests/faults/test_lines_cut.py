"""F11, F12: the line to Telegram breaks in every way it can. Nothing is lost, nothing doubled that need not be."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.faults import Fault
from bot.demo.world import Call
from tests.faults.counts import either, on_one_database
from tests.faults.town import FIRST, QUESTIONS, WORDS, LagSampler, Town, town

PEOPLE = 8
UNLUCKY = FIRST + 3
BROKEN = either(
    ("502", "drop_before", "drop_after", "half", "slow"),
    ("500", "502", "503", "504", "drop_before", "drop_after", "half", "garbage", "slow"),
)
MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.slow, on_one_database]


async def answer_all(here: Town, chat_id: int) -> None:
    """Answer the four questions of the open card, each as soon as it is asked."""
    phone = here.people[chat_id]
    for code in QUESTIONS:
        question = WORDS(f"question-{code}")
        await here.standin.until(lambda question=question: _shows(here, chat_id, question), 30)
        phone.taps(WORDS(f"option-{code}-{'5' if code == 'mood' else '0'}"))
    await here.standin.until(lambda: _shows(here, chat_id, "Saved"), 30)


def edits(here: Town) -> list[Call]:
    """List the edits that Telegram carried out."""
    return [call for call in here.standin.calls_to("editMessageText") if call.ok]


def _shows(here: Town, chat_id: int, text: str) -> bool:
    messages = here.people[chat_id].messages
    return bool(messages) and text in (messages[-1].text or "")


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_card_whose_line_breaks_comes_all_the_same(database_url: str, tmp_path: Path, kind: str) -> None:
    """F11, F12: where Telegram may have taken it, one copy more at most, of the same card."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        here.standin.misbehave(Fault(kind, "sendMessage", UNLUCKY, seconds=1.0))
        await here.evening()
        for _ in range(4):
            await here.later(MINUTE)
        copies = here.cards(UNLUCKY)
        assert 1 <= len(copies) <= (2 if kind in ("drop_after", "half", "garbage") else 1)
        assert len({str(copy.params["reply_markup"]) for copy in copies}) == 1, "the copies are of different cards"
        assert all(len(here.cards(chat)) == 1 for chat in here.people if chat != UNLUCKY)


@pytest.mark.parametrize("kind", BROKEN)
async def test_an_answer_is_taken_once_however_its_edit_breaks(database_url: str, tmp_path: Path, kind: str) -> None:
    """F11: the screen is shown in the end, and no earlier question stands again after a later one."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        await here.evening()
        for method in ("editMessageText", "answerCallbackQuery"):
            here.standin.misbehave(Fault(kind, method, None if method.startswith("answer") else UNLUCKY, 2, 0.3))
        await answer_all(here, UNLUCKY)
        await here.quiet(30)
        edits = [call for call in here.standin.calls_to("editMessageText") if call.ok and call.chat_id == UNLUCKY]
        shown = [
            place
            for call in edits
            for place, code in enumerate(QUESTIONS)
            if WORDS(f"question-{code}") in call.params["text"]
        ]
        assert shown == sorted(shown), "an earlier question came back"


async def test_a_tap_waits_out_a_telegram_that_hangs_and_the_loop_goes_on(
    database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F11: one chat's call hangs until the bot gives it up; everybody else is served, and the loop is never late."""
    async with town(database_url, tmp_path, PEOPLE) as here, LagSampler() as lag:
        await here.evening()
        here.standin.misbehave(Fault("slow", "editMessageText", UNLUCKY, 1, 12.0))
        stuck = asyncio.create_task(answer_all(here, UNLUCKY))
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(answer_all(here, chat) for chat in here.people if chat != UNLUCKY))
        others = asyncio.get_running_loop().time() - began
        await stuck
        report(f"a hanging call: the others took {others:.1f} s, loop lag p99 {lag.percentile(0.99) * 1000:.0f} ms")
        assert others < 8
        assert lag.percentile(0.99) < 0.25


async def test_polls_that_break_lose_and_double_nothing(database_url: str, tmp_path: Path) -> None:
    """F11: each kind of broken poll, one after the other, while people answer."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        await here.evening()
        for kind in ("500", "drop_after", "half", "garbage", "drop_before"):
            here.standin.misbehave(Fault(kind, "getUpdates"))
        await asyncio.gather(*(answer_all(here, chat) for chat in here.people))
        await here.quiet(30)
        saved = Counter(
            call.chat_id
            for call in here.standin.calls_to("editMessageText")
            if call.ok and "Saved" in call.params["text"]
        )
        assert saved == Counter(dict.fromkeys(here.people, 1))
