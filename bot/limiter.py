"""Stays under Telegram's limits: replies go first, bulk is paced, and a 429 stops exactly what it was about."""

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram._utils.types import JSONDict
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from care.due import Lane

RESERVE_PER_SECOND = 5.0
CHAT_PER_SECOND = 1.0
CHAT_BURST = 5.0
BORROW_SECONDS = 1.0
EDIT_COST = 0.1
BULK_BURST_SECONDS = 0.1
TRIES = 3
PATIENCE_SECONDS = 60.0
TOGETHER_SECONDS = 1.0
SHORTEST_WAIT = 0.001
AT_ONCE_SECONDS = 0.01
_FORGET_CHATS_ABOVE = 4096
_NOTHING = 1e-9

Answer = bool | JSONDict | list[JSONDict]

LAST_LOOK: ContextVar[Callable[[], Awaitable[bool]] | None] = ContextVar("last_look", default=None)
"""Asked before a bulk call that had to wait goes out; False takes the call back."""


class TakenBack(Exception):
    """What a call was about ended while it waited for its turn; it was not made."""


class Bucket:
    """Tokens that flow back at a steady rate up to a burst; it may be drawn below zero."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._tokens, self._at = rate, burst, burst, now

    def wait(self, now: float, level: float = 1.0) -> float:
        """Give the seconds until the bucket holds this level; 0 when it does now."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        missing = min(level, self._burst) - self._tokens
        return missing / self._rate if missing > _NOTHING else 0.0

    def take(self, cost: float = 1.0) -> None:
        """Draw tokens."""
        self._tokens -= cost

    def is_full(self, now: float) -> bool:
        """Tell whether nothing was drawn for so long that the bucket may be forgotten."""
        return self.wait(now, self._burst) == 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """What the limits need to know of one call. sends is false for edits, which Telegram hardly limits."""

    lane: Lane
    chat: int | None
    counts: bool
    sends: bool

    @property
    def is_reply(self) -> bool:
        """Tell whether a person is waiting for it."""
        return self.lane is Lane.REPLY


class Gate:
    """Says how long a call has to wait. No clock and no await in it: now is a monotonic number of seconds."""

    def __init__(self, bulk_per_second: float, chat_per_second: float, now: float) -> None:
        rate = bulk_per_second + RESERVE_PER_SECOND
        self._reserve = RESERVE_PER_SECOND
        self._borrow = rate * BORROW_SECONDS
        self._all = Bucket(rate, rate, now)
        self._bulk = Bucket(bulk_per_second, max(1.0, bulk_per_second * BULK_BURST_SECONDS), now)
        self._chat_rate = chat_per_second
        self._chats: dict[int, Bucket] = {}
        self._paused: dict[int | None, float] = {}
        self._last_refusal: tuple[int | None, float] = (None, float("-inf"))

    def pause(self, chat: int | None, seconds: float, now: float) -> None:
        """Note a 429: its chat stops; with no chat, or when two chats are refused within a second, everything stops."""
        last_chat, last_at = self._last_refusal
        together = last_chat not in (None, chat) and now - last_at <= TOGETHER_SECONDS
        self._last_refusal = (chat, now)
        for stopped in {chat, None} if together else {chat}:
            self._paused[stopped] = max(self._paused.get(stopped, 0.0), now + seconds)

    def paused(self, call: Call, now: float) -> float:
        """Give the seconds for which Telegram asked this call to stay away."""
        self._paused = {chat: until for chat, until in self._paused.items() if until > now}
        return max((self._paused.get(key, now) - now for key in (None, call.chat)), default=0.0)

    def chat_wait(self, call: Call, now: float) -> float:
        """Give the seconds to wait for the call's own chat: its pause, or one message a second."""
        pause = self.paused(call, now) if self._paused else 0.0
        if not (call.counts and call.sends) or call.chat is None:
            return pause
        level = 1.0 if call.is_reply else CHAT_BURST
        return max(pause, self._chat(call.chat, now).wait(now, level))

    def wait(self, call: Call, now: float) -> float:
        """Give the seconds to wait for the limit over all chats. An edit that answers a person never waits for it."""
        if not call.counts or (call.is_reply and not call.sends):
            return 0.0
        if call.is_reply:
            return self._all.wait(now, 1.0 - self._borrow)
        return max(self._all.wait(now, 1.0 + self._reserve), self._bulk.wait(now))

    def take(self, call: Call, now: float) -> None:
        """Count a call that goes out now."""
        if not call.counts:
            return
        self._all.wait(now)
        self._all.take(1.0 if call.sends or not call.is_reply else EDIT_COST)
        if not call.is_reply:
            self._bulk.take()
        if call.sends and call.chat is not None:
            self._chat(call.chat, now).take()

    def _chat(self, chat: int, now: float) -> Bucket:
        if len(self._chats) > _FORGET_CHATS_ABOVE:
            self._chats = {key: bucket for key, bucket in self._chats.items() if not bucket.is_full(now)}
        return self._chats.setdefault(chat, Bucket(self._chat_rate, CHAT_BURST, now))


@dataclass(order=True, slots=True)
class _Waiter:
    lane: Lane
    number: int
    call: Call = field(compare=False)
    give_up: float = field(compare=False)
    go: "asyncio.Future[None]" = field(compare=False)


class Lanes(BaseRateLimiter[Lane]):
    """Lets calls out in the order of their lanes. rate_limit_args is a Lane; without one a call is a reply.

    A reply that meets a 429 waits and tries again for a while. Bulk gets RetryAfter at once, also while a pause
    lasts: the due table knows how to wait, and waits through restarts.
    """

    def __init__(
        self,
        bulk_per_second: float,
        chat_per_second: float = CHAT_PER_SECOND,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._rate = bulk_per_second
        self._chat_rate = chat_per_second
        self._monotonic = monotonic
        self._gate: Gate | None = None
        self._waiting: list[_Waiter] = []
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Stop the timer; calls that still wait are their callers' to cancel."""
        if self._timer is not None:
            self._timer.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Answer:
        """Make the call when its turn comes."""
        call = _call(endpoint, data.get("chat_id"), rate_limit_args)
        give_up = self._now() + PATIENCE_SECONDS
        for tries_left in reversed(range(TRIES)):
            if await self._turn(call, give_up):
                await _look(call)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self._open_gate().pause(call.chat, seconds(error), self._now())
                if not call.is_reply or not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _turn(self, call: Call, give_up: float) -> bool:
        """Wait until the call may go out, and count it; tell whether that took a moment.

        RetryAfter when a pause outlasts its patience.
        """
        gate, now = self._open_gate(), self._now()
        _refuse_if_paused(gate, call, give_up, now)
        if call.is_reply and not gate.chat_wait(call, now) and not gate.wait(call, now):
            gate.take(call, now)
            return False
        self._number += 1
        waiter = _Waiter(call.lane, self._number, call, give_up, asyncio.get_running_loop().create_future())
        insort(self._waiting, waiter)
        self._let_go()
        await waiter.go
        _refuse_if_paused(gate, call, give_up, self._now())
        return self._now() - now > AT_ONCE_SECONDS

    def _let_go(self) -> None:
        """Let out every call whose turn it is, and set the timer for the next one."""
        if self._timer is not None:
            self._timer.cancel()
        gate, now = self._open_gate(), self._now()
        delays: list[float] = []
        for waiter in list(self._waiting):
            blocked, everyone = _blocked(gate, waiter, now)
            if not blocked:
                self._waiting.remove(waiter)
                continue
            delays.append(blocked)
            # Nobody behind may overtake a call that waits for everybody's limit: its lane comes first.
            if everyone:
                break
        if delays:
            self._timer = asyncio.get_running_loop().call_later(max(min(delays), SHORTEST_WAIT), self._let_go)

    def _open_gate(self) -> Gate:
        if self._gate is None:
            self._gate = Gate(self._rate, self._chat_rate, self._now())
        return self._gate

    def _now(self) -> float:
        return (self._monotonic or asyncio.get_running_loop().time)()


async def _look(call: Call) -> None:
    look = LAST_LOOK.get()
    if look is not None and not call.is_reply and not await look():
        raise TakenBack


def _hopeless(gate: Gate, call: Call, give_up: float, now: float) -> float:
    """Give the seconds of a pause that this call does not wait out; 0 when there is none."""
    pause = gate.paused(call, now)
    return pause if not call.is_reply or now + pause > give_up else 0.0


def _refuse_if_paused(gate: Gate, call: Call, give_up: float, now: float) -> None:
    if pause := _hopeless(gate, call, give_up, now):
        raise RetryAfter(timedelta(seconds=pause))


def _blocked(gate: Gate, waiter: _Waiter, now: float) -> tuple[float, bool]:
    """Give the seconds a waiter still waits and whether all behind it wait too; let it go when it may."""
    call = waiter.call
    if waiter.go.done() or _hopeless(gate, call, waiter.give_up, now):
        _wake(waiter)
        return 0.0, False
    for_chat = gate.chat_wait(call, now)
    if for_chat:
        return for_chat, False
    for_all = gate.wait(call, now)
    if for_all:
        return for_all, True
    gate.take(call, now)
    _wake(waiter)
    return 0.0, False


def _wake(waiter: _Waiter) -> None:
    if not waiter.go.done():
        waiter.go.set_result(None)


def _call(endpoint: str, chat: Any, lane: Lane | None) -> Call:
    sends = endpoint.startswith(("send", "copy", "forward")) and endpoint != "sendChatAction"
    edits = endpoint.startswith("editMessage")
    known = int(chat) if isinstance(chat, int) or (isinstance(chat, str) and chat.lstrip("-").isdigit()) else None
    return Call(Lane.REPLY if lane is None else lane, known, counts=sends or edits, sends=sends)


def seconds(error: RetryAfter) -> float:
    """Give the seconds that Telegram asked for; PTB gives a number or a timedelta, by an environment variable."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
