"""What the runner orders the stand-in to do: deal cards, tap them as fast as they are answered, or at a steady rate."""

import asyncio
import contextlib
import math
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from benchmarks.machine import cpu_seconds
from benchmarks.world import Bot, Tap

SETTLE_SECONDS = 15.0
QUIET_SECONDS = 1.5


class OutOfCards(Exception):
    """Every card was answered to its end before the load was over: deal more."""


class Loads:
    """The orders, by name. Each ends when it is carried out, and gives what was measured."""

    def __init__(self, bots: dict[str, Bot], serve_in: Callable[[float], None]) -> None:
        self._bots = bots
        self._serve_in = serve_in

    async def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order: {"do": name, "bot": token, ...}."""
        name, token = order.pop("do"), order.pop("bot", "")
        if name == "serve_in":
            self._serve_in(order["seconds"])
            return {}
        bot = self._bots.setdefault(token, Bot(token))
        given: dict[str, Any] = await _ORDERS[name](bot, **order)
        return given


async def _deal(
    bot: Bot, prefix: str, first: int, count: int, message_id: int, text: str, markup: str
) -> dict[str, Any]:
    bot.prefix = prefix
    bot.deal(range(first, first + count), message_id, text, markup)
    return {}


async def _deal_each(
    bot: Bot, prefix: str, first: int, message_id: int, cards: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    bot.prefix = prefix
    for place, (text, markup) in enumerate(cards):
        bot.deal([first + place], message_id, text, markup)
    return {}


async def _polls(bot: Bot, since: float, within: float = 60.0) -> dict[str, Any]:
    """Wait for a poll after a moment; the monotonic clock is the same in every process."""
    await _until(lambda: bot.polled > since, within, "the bot does not poll")
    return {"at": bot.polled}


async def _saturate(bot: Bot, pid: int, outstanding: int, warm: float, seconds: float) -> dict[str, Any]:
    """Keep this many taps unanswered, and count the answered ones of a window after the warm-up."""
    done: list[float] = []
    out_of_cards = False

    def again(tap: Tap) -> None:
        nonlocal out_of_cards
        done.append(tap.wait)
        out_of_cards = bot.tap() is None or out_of_cards

    bot.on_done = again
    for _ in range(outstanding):
        bot.tap()
    await asyncio.sleep(warm)
    before, cpu, began = len(done), cpu_seconds(pid), monotonic()
    await asyncio.sleep(seconds)
    replies, used, took = len(done) - before, cpu_seconds(pid) - cpu, monotonic() - began
    bot.on_done = None
    if out_of_cards:
        raise OutOfCards(bot.token)
    await _settle(bot)
    return {"replies": replies, "seconds": took, "cpu": used, "waits": done[before : before + replies]}


async def _steady(bot: Bot, pid: int, rates: Sequence[tuple[float, float]], grace: float = 15.0) -> dict[str, Any]:
    """Tap at given rates, each for some seconds, whether or not earlier taps were answered.

    A wait counts from the moment the tap was planned for. One that is not answered within the grace counts as long as
    it has waited by then, which is less than the truth.
    """
    taps: list[Tap] = []
    cpu, began = cpu_seconds(pid), monotonic()
    at = began
    for rate, seconds in rates:
        end = at + seconds
        while at < end:
            await _sleep_until(at)
            tap = bot.tap(at)
            if tap is None:
                raise OutOfCards(bot.token)
            taps.append(tap)
            at += 1 / rate
    await _all_done(taps, grace)
    now = monotonic()
    return {
        "moments": [tap.offered - began for tap in taps],
        "waits": [tap.wait if tap.done else now - tap.offered for tap in taps],
        "unanswered": sum(not tap.done for tap in taps),
        "cpu": cpu_seconds(pid) - cpu,
    }


async def _answer(bot: Bot, count: int, outstanding: int = 64) -> dict[str, Any]:
    """Have people tap until so many taps were answered."""
    done = len([tap for tap in bot.taps if tap.done])
    end = done + count
    bot.on_done = lambda _: bot.tap() if len(bot.taps) < end else None
    for _ in range(outstanding):
        bot.tap()
    await _until(lambda: sum(tap.done for tap in bot.taps) >= end, 120.0, "too few taps are answered", 0.02)
    bot.on_done = None
    return {}


async def _pictures(bot: Bot, count: int) -> dict[str, Any]:
    """Wait until so many pictures came, and for what follows them."""
    await _until(lambda: bot.calls["sendPhoto"] >= count, 60.0, f"only {bot.calls['sendPhoto']} pictures came")
    await asyncio.sleep(0.5)
    return {}


async def _queue(bot: Bot, count: int) -> dict[str, Any]:
    """Have people tap once each and wait; nobody taps again."""
    for _ in range(count):
        if bot.tap() is None:
            raise OutOfCards(bot.token)
    return {}


async def _edits(bot: Bot, count: int, within: float = 60.0) -> dict[str, Any]:
    """Wait until so many cards were edited."""
    await _until(lambda: sum(bool(tap.edits) for tap in bot.taps) >= count, within, "too few cards are edited", 0.0005)
    return {}


async def _tally(bot: Bot, within: float = 60.0) -> dict[str, Any]:
    """Wait until nothing more comes, and tell how many taps were never answered and how many twice."""
    seen, changed = -1, monotonic()
    give_up = changed + within
    while monotonic() < min(give_up, changed + QUIET_SECONDS):
        now = sum(tap.edits for tap in bot.taps)
        if now != seen:
            seen, changed = now, monotonic()
        await asyncio.sleep(0.05)
    lost = sum(not tap.edits for tap in bot.taps)
    return {"taps": len(bot.taps), "lost": lost, "repeated": sum(max(0, tap.edits - 1) for tap in bot.taps)}


async def _write(bot: Bot, chats: Sequence[int], text: str) -> dict[str, Any]:
    for chat in chats:
        bot.write(chat, text)
    return {}


async def _sent(bot: Bot, count: int, within: float = 120.0, pid: int = 0) -> dict[str, Any]:
    """Wait for so many messages since the last such order, and tell in how many seconds they came."""
    await _until(lambda: len(bot.sends) >= count, within, f"only {len(bot.sends)} of {count} messages came")
    moments, bot.sends = bot.sends, []
    return {"seconds": moments[count - 1] - moments[0] if count else 0.0, "at": moments, "cpu": _cpu(pid)}


async def _flow(bot: Bot, pid: int, warm: float, seconds: float) -> dict[str, Any]:
    """Count the messages of a window that begins some time after the first one came."""
    bot.sends = []
    await _until(lambda: bool(bot.sends), 60.0, "no message came")
    await asyncio.sleep(warm)
    before, cpu, began = len(bot.sends), cpu_seconds(pid), monotonic()
    await asyncio.sleep(seconds)
    return {"sends": len(bot.sends) - before, "cpu": cpu_seconds(pid) - cpu, "seconds": monotonic() - began}


def _cpu(pid: int) -> float:
    return cpu_seconds(pid) if pid else math.nan


async def _calls(bot: Bot) -> dict[str, Any]:
    return dict(bot.calls)


async def _settle(bot: Bot) -> None:
    """Let what is on its way arrive, so that the next window begins with nothing."""
    await _all_done([tap for tap in bot.taps[-1000:] if not tap.done], SETTLE_SECONDS)


async def _all_done(taps: Sequence[Tap], seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await _until(lambda: all(tap.done for tap in taps), seconds, "", 0.01)


async def _sleep_until(moment: float) -> None:
    wait = moment - monotonic()
    if wait > 0:
        await asyncio.sleep(wait)


async def _until(holds: Callable[[], bool], within: float, fault: str, every: float = 0.002) -> None:
    give_up = monotonic() + within
    while not holds():
        if monotonic() > give_up:
            raise TimeoutError(fault)
        await asyncio.sleep(every)


_ORDERS: dict[str, Callable[..., Any]] = {
    "deal": _deal,
    "deal_each": _deal_each,
    "polls": _polls,
    "saturate": _saturate,
    "steady": _steady,
    "answer": _answer,
    "pictures": _pictures,
    "queue": _queue,
    "edits": _edits,
    "tally": _tally,
    "write": _write,
    "sent": _sent,
    "flow": _flow,
    "calls": _calls,
}
