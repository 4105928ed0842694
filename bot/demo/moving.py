"""Moves the clock of the demo through everything that comes due on the way, so that a month is lived in a minute."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.demo.clock import MovableClock
from bot.demo.standin import StandIn

LONGEST_LOOK_AHEAD = timedelta(days=31)
STUCK_STEP = timedelta(seconds=30)
SETTLE_SECONDS = 3.0
SENDS = ("sendMessage", "sendPhoto", "sendDocument")


class Steps(Protocol):
    """The steps of the bot that the clock calls itself when it moves."""

    @property
    def ready(self) -> bool:
        """Tell whether the bot is at work."""

    async def next_moment(self) -> datetime | None:
        """Give the earliest moment at which something is due."""

    async def work(self) -> None:
        """Do what is due now and wait until nothing is in flight."""

    async def answered(self) -> None:
        """Wait until everything that was said is answered; TimeoutError when it takes too long."""

    async def arrived(self) -> None:
        """Do what belongs to the end of a walk."""


class ClockMover:
    """Walks a movable clock forward; one walk at a time."""

    def __init__(self, clock: MovableClock, standin: StandIn, steps: Steps) -> None:
        self.moving = False
        self._clock = clock
        self._standin = standin
        self._steps = steps
        self._is_heard = True
        self._one_walk = asyncio.Lock()

    @property
    def movable(self) -> bool:
        """Tell whether the bot is ready to live through a move."""
        return self._steps.ready

    async def forward(self, target: datetime) -> None:
        """Go to a moment by way of every due moment before it; never back."""
        await self._walking(partial(self._walk_to, target))

    async def next_prompt(self) -> None:
        """Go to the next moment at which something is sent; without one within a month the clock stays."""
        await self._walking(self._walk_to_next_send)

    async def stroll(self, target: datetime) -> None:
        """Go to the next moment at which something is sent, or to this one where nothing is before it."""
        await self._walking(partial(self._stroll_to, target), is_long=False)

    async def answered(self, seconds: float) -> None:
        """Wait until the bot has answered what people said; TimeoutError when it does not."""
        async with asyncio.timeout(seconds):
            await self._standin.idle(seconds)
            await self._steps.answered()

    async def _walking(self, walk: Callable[[], Awaitable[None]], *, is_long: bool = True) -> None:
        async with self._one_walk:
            self.moving = True
            self._is_heard = True
            self._standin.world.change()
            try:
                await self._settle()
                await walk()
                if is_long:
                    await self._steps.arrived()
            finally:
                self.moving = False
                self._standin.world.change()

    async def _walk_to(self, target: datetime) -> None:
        await self._through(target, lambda: False)
        if target > self._clock():
            self._clock.set(target)
        await self._work()

    async def _walk_to_next_send(self) -> None:
        await self._through_to_send(self._clock() + LONGEST_LOOK_AHEAD)

    async def _stroll_to(self, target: datetime) -> None:
        if not await self._through_to_send(target) and target > self._clock():
            self._clock.set(target)
            await self._work()

    async def _through_to_send(self, target: datetime) -> bool:
        before = self._sends()
        await self._through(target, lambda: self._sends() > before)
        return self._sends() > before

    async def _through(self, target: datetime, enough: Callable[[], bool]) -> None:
        """Stop at each due moment up to the target. A row that stays due is passed by small steps, not waited for."""
        seen: datetime | None = None
        while not enough():
            moment = await self._steps.next_moment()
            if moment is None or moment > target:
                return
            if moment <= self._clock() and moment == seen:
                self._clock.advance(STUCK_STEP)
            elif moment > self._clock():
                await self._hear()
                self._clock.set(moment)
            seen = moment
            await self._work()
            if self._clock() > target:
                return

    async def _work(self) -> None:
        await self._steps.work()
        self._standin.world.change()
        await asyncio.sleep(0)

    async def _settle(self) -> None:
        await self._hear()
        await self._steps.work()

    async def _hear(self) -> None:
        """Let the bot take in what people say before the clock moves on; one that cannot hear is waited for once."""
        if not self._is_heard:
            return
        try:
            await self.answered(SETTLE_SECONDS)
        except TimeoutError:
            self._is_heard = False

    def _sends(self) -> int:
        return sum(call.ok for call in self._standin.calls_to(*SENDS))
