"""F9, F10, F13: Telegram asks to wait, for one chat or for all; a person is gone. Nobody else notices."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.faults import Fault
from bot.demo.world import Call
from tests.faults.counts import on_one_database
from tests.faults.flood import Flood
from tests.faults.town import FIRST, Town, town

MINUTE = timedelta(minutes=1)
PEOPLE = 12
UNLUCKY = FIRST + 5

pytestmark = [pytest.mark.slow, on_one_database]


def too_early(calls: list[Call], seconds: float) -> list[Call]:
    """List the calls that were made although a 429 before them had asked to wait so long."""
    refused = [call for call in calls if call.fault == "429"]
    return [
        call
        for call in calls
        if any(0 < call.took_at - before.took_at < seconds for before in refused if before is not call)
    ]


async def test_a_429_for_one_chat_holds_up_nobody_else(database_url: str, tmp_path: Path) -> None:
    """F9."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        here.standin.misbehave(Fault("429", "sendMessage", UNLUCKY, seconds=60))
        await here.evening()
        others = [chat for chat in here.people if chat != UNLUCKY]
        assert [len(here.cards(chat)) for chat in others] == [1] * len(others)
        assert here.cards(UNLUCKY) == []
        await here.evening()
        assert len(here.sends(UNLUCKY)) == 1, "asked again within the minute that Telegram asked for"


async def test_a_card_that_had_to_wait_comes_afterwards_and_once(database_url: str, tmp_path: Path) -> None:
    """F9."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        here.standin.misbehave(Fault("429", "sendMessage", UNLUCKY, seconds=1))
        await here.evening()
        await _until_all_have_their_card(here)
        assert [len(here.cards(chat)) for chat in here.people] == [1] * PEOPLE
        assert too_early(here.sends(UNLUCKY), 1.0) == []


async def test_a_429_for_all_silences_every_chat_while_it_lasts(database_url: str, tmp_path: Path) -> None:
    """F9: two chats that are refused together mean everybody."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        fault = here.standin.misbehave(Fault("429", "sendMessage", times=None, seconds=2))
        await here.evening()
        refused_at = max(call.took_at for call in here.sends())
        first_round = len(here.sends())
        assert first_round < PEOPLE, "every chat was tried although Telegram refused all"
        here.standin.faults.active.remove(fault)
        await _until_all_have_their_card(here)
        after = [call.took_at - refused_at for call in here.sends()[first_round:]]
        assert min(after) >= 1.9
        assert [len(here.cards(chat)) for chat in here.people] == [1] * PEOPLE


@pytest.mark.parametrize("_round", range(2))
async def test_nobody_who_asked_to_wait_is_called_before(
    database_url: str, tmp_path: Path, report: Callable[[str], None], _round: int
) -> None:
    """F10: a stand-in that doubles the wait with every call in a window never has cause to."""
    seed = random.SystemRandom().randrange(10**6)
    rng = random.Random(seed)
    async with town(database_url, tmp_path, PEOPLE) as here:
        flood = Flood(begins=set(rng.sample(sorted(here.people), 6)))
        here.standin.misbehave(flood)
        await here.evening()
        await _until_all_have_their_card(here)
        report(f"floods: seed {seed}, {flood.refused} waits asked for, {flood.violations} calls within one")
        assert flood.refused >= 1
        assert flood.violations == 0
        assert [len(here.cards(chat)) for chat in here.people] == [1] * PEOPLE


async def _until_all_have_their_card(here: Town) -> None:
    for _ in range(60):
        if all(here.cards(chat) for chat in here.people):
            return
        await here.later(timedelta(milliseconds=500))
        await asyncio.sleep(0.1)
    raise AssertionError(f"no card for {[chat for chat in here.people if not here.cards(chat)]}")


@pytest.mark.parametrize("gone", ["blocked", "deactivated"])
async def test_whoever_is_gone_is_left_alone_until_they_come_back(database_url: str, tmp_path: Path, gone: str) -> None:
    """F13."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        phone = here.people[UNLUCKY]
        setattr(phone.room, gone, True)
        await here.evening()
        assert len(here.sends(UNLUCKY)) == 1
        for day in range(1, 4):
            await here.later(timedelta(days=1) if day > 1 else MINUTE)
        assert len(here.sends(UNLUCKY)) == 1, "called again after a 403"
        assert all(len(here.cards(chat)) == 3 for chat in here.people if chat != UNLUCKY)
        setattr(phone.room, gone, False)
        phone.start()
        await here.quiet()
        phone.taps("Resume")
        await here.quiet()
        await here.later(timedelta(days=1))
        assert len(here.cards(UNLUCKY)) == 1


async def test_a_chat_that_became_another_is_not_called_again_and_again(database_url: str, tmp_path: Path) -> None:
    """F13: "group chat was upgraded" and "chat not found" are final for a row."""
    async with town(database_url, tmp_path, PEOPLE) as here:
        here.standin.misbehave(Fault("400", "sendMessage", UNLUCKY, times=None))
        await here.evening()
        for _ in range(5):
            await here.later(MINUTE)
        assert len(here.sends(UNLUCKY)) == 1
        assert all(here.cards(chat) for chat in here.people if chat != UNLUCKY)
