"""Replies first, bulk paced, and a 429 stops exactly what it was about."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.limiter import Lanes
from care.due import Lane
from tests.bot.virtual_time import run_in_virtual_time

ANA, BEN, CLEO = 1001, 1002, 1003


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


class Telegram:
    """Notes when each call went out; refuses the chats it is told to refuse, for as long as it says."""

    def __init__(self, lanes: Lanes) -> None:
        self.lanes = lanes
        self.log: list[tuple[float, str, int | None]] = []
        self.refusals: list[tuple[int | None, int]] = []

    async def call(self, endpoint: str, chat: int | None, lane: Lane | None = None) -> Any:
        data = {} if chat is None else {"chat_id": chat}
        return await self.lanes.process_request(self._answer, (endpoint, chat), {}, endpoint, data, lane)

    async def send(self, chat: int, lane: Lane | None = None) -> Any:
        return await self.call("sendMessage", chat, lane)

    async def _answer(self, endpoint: str, chat: int | None) -> bool:
        self.log.append((asyncio.get_running_loop().time() - 1000.0, endpoint, chat))
        for refusal in self.refusals:
            if refusal[0] == chat:
                self.refusals.remove(refusal)
                raise RetryAfter(refusal[1])
        return True

    def moments(self, chat: int | None = None) -> list[float]:
        return [at for at, _, told in self.log if chat in (None, told)]


def play(script: Any, rate: float = 25.0) -> Telegram:
    telegram = Telegram(Lanes(rate))

    async def run() -> None:
        await script(telegram)

    work: Coroutine[Any, Any, None] = run()
    run_in_virtual_time(work)
    return telegram


def busiest_second(moments: list[float]) -> int:
    return max(sum(start <= at < start + 1.0 for at in moments) for start in moments)


def test_bulk_to_many_chats_stays_at_its_rate() -> None:
    async def script(telegram: Telegram) -> None:
        await asyncio.gather(*(telegram.send(chat, Lane.PROMPT) for chat in range(300)))

    telegram = play(script)
    assert busiest_second(telegram.moments()) <= 28
    assert telegram.moments()[-1] == pytest.approx(12, abs=0.3)


def test_a_reply_never_waits_behind_bulk() -> None:
    async def script(telegram: Telegram) -> None:
        bulk = [asyncio.create_task(telegram.send(chat, Lane.PROMPT)) for chat in range(300)]
        for tap in range(5):
            await asyncio.sleep(1)
            asked = asyncio.get_running_loop().time()
            await telegram.send(ANA + tap)
            assert asyncio.get_running_loop().time() - asked < 0.05
        await asyncio.gather(*bulk)

    play(script)


def test_lower_lanes_go_first_among_those_that_wait() -> None:
    async def script(telegram: Telegram) -> None:
        bulk = [telegram.send(chat, Lane.DIGEST) for chat in range(50)]
        await asyncio.gather(*bulk, telegram.send(ANA, Lane.PROMPT), telegram.send(BEN, Lane.SAFETY))

    order = [chat for _, _, chat in play(script).log]
    assert order.index(BEN) < order.index(ANA) < 10


def test_a_burst_of_replies_goes_out_at_once_and_bulk_gives_way() -> None:
    async def script(telegram: Telegram) -> None:
        replies = [asyncio.create_task(telegram.send(chat)) for chat in range(30)]
        bulk = [asyncio.create_task(telegram.send(5000 + chat, Lane.PROMPT)) for chat in range(3)]
        await asyncio.gather(*replies, *bulk)

    telegram = play(script)
    assert max(at for at, _, chat in telegram.log if chat is not None and chat < 5000) == 0.0
    assert all(at > 0.1 for at, _, chat in telegram.log if chat is not None and chat >= 5000)


def test_edits_that_answer_people_are_not_held_up() -> None:
    async def script(telegram: Telegram) -> None:
        await asyncio.gather(*(telegram.call("editMessageText", chat) for chat in range(1000)))

    assert play(script).moments()[-1] == 0.0


def test_unprompted_messages_to_one_chat_are_a_second_apart() -> None:
    async def script(telegram: Telegram) -> None:
        await asyncio.gather(*(telegram.send(ANA, Lane.PROMPT) for _ in range(4)))

    assert play(script).moments() == pytest.approx([0, 1, 2, 3], abs=0.01)


def test_replies_to_one_chat_may_burst_a_little() -> None:
    async def script(telegram: Telegram) -> None:
        await asyncio.gather(*(telegram.send(ANA) for _ in range(7)))

    assert play(script).moments() == pytest.approx([0, 0, 0, 0, 0, 1, 2], abs=0.01)


def test_one_slow_chat_does_not_hold_up_the_others() -> None:
    async def script(telegram: Telegram) -> None:
        await asyncio.gather(*(telegram.send(ANA, Lane.PROMPT) for _ in range(3)), telegram.send(BEN, Lane.PROMPT))

    assert play(script).moments(BEN)[0] < 0.1


def test_a_refused_chat_pauses_alone_and_its_reply_goes_out_afterwards() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals.append((ANA, 5))
        to_ana = asyncio.create_task(telegram.send(ANA))
        await asyncio.sleep(0.5)
        await telegram.send(BEN)
        await to_ana

    telegram = play(script)
    assert telegram.moments(ANA) == pytest.approx([0, 5], abs=0.01)
    assert telegram.moments(BEN) == pytest.approx([0.5], abs=0.01)


def test_bulk_to_a_paused_chat_is_given_back_without_a_call() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals.append((ANA, 5))
        with pytest.raises(RetryAfter):
            await telegram.send(ANA, Lane.PROMPT)
        await asyncio.sleep(1)
        with pytest.raises(RetryAfter) as caught:
            await telegram.send(ANA, Lane.PROMPT)
        assert caught.value.retry_after == timedelta(seconds=4)

    assert len(play(script).log) == 1


def test_a_refusal_without_a_chat_pauses_every_call() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals.append((None, 5))
        first = asyncio.create_task(telegram.call("setMyCommands", None))
        await asyncio.sleep(0.1)
        await asyncio.gather(first, telegram.send(BEN), telegram.call("answerCallbackQuery", None))

    telegram = play(script)
    assert [at for at in telegram.moments() if 0 < at < 5] == []
    assert len(telegram.log) == 4


def test_two_chats_refused_within_a_second_pause_every_call() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals += [(ANA, 5), (BEN, 5)]
        both = [asyncio.create_task(telegram.send(chat)) for chat in (ANA, BEN)]
        await asyncio.sleep(1)
        await asyncio.gather(*both, telegram.send(CLEO))

    assert play(script).moments(CLEO)[0] == pytest.approx(5, abs=0.01)


def test_bulk_that_waits_its_turn_is_given_back_when_everything_pauses() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals.append((None, 5))
        bulk = [asyncio.create_task(telegram.send(chat, Lane.PROMPT)) for chat in range(100)]
        await asyncio.sleep(0.5)
        refused = asyncio.create_task(telegram.call("getMe", None))
        outcomes = await asyncio.gather(*bulk, return_exceptions=True)
        assert sum(isinstance(outcome, RetryAfter) for outcome in outcomes) > 80
        await refused

    telegram = play(script)
    assert [at for at in telegram.moments() if 0.6 < at < 5] == []


def test_a_reply_gives_up_when_the_pause_is_longer_than_its_patience() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals.append((ANA, 300))
        with pytest.raises(RetryAfter):
            await telegram.send(ANA)

    assert len(play(script).log) == 1


def test_a_reply_gives_up_after_three_refusals() -> None:
    async def script(telegram: Telegram) -> None:
        telegram.refusals += [(ANA, 2)] * 3
        with pytest.raises(RetryAfter):
            await telegram.send(ANA)

    assert play(script).moments() == pytest.approx([0, 2, 4], abs=0.01)


def test_other_errors_pass_through_untouched() -> None:
    async def script(telegram: Telegram) -> None:
        async def fail() -> bool:
            raise ValueError("not ours to judge")

        with pytest.raises(ValueError, match="not ours"):
            await telegram.lanes.process_request(fail, (), {}, "sendMessage", {"chat_id": ANA}, None)

    play(script)


def test_a_call_that_is_given_up_while_waiting_does_not_hold_up_the_next() -> None:
    async def script(telegram: Telegram) -> None:
        await telegram.send(ANA, Lane.PROMPT)
        given_up = asyncio.create_task(telegram.send(ANA, Lane.PROMPT))
        await asyncio.sleep(0.1)
        given_up.cancel()
        await telegram.send(ANA, Lane.PROMPT)

    assert play(script).moments() == pytest.approx([0, 1], abs=0.01)
