"""Moves the clock of the demo through everything that comes due on the way, so that a month is lived in a minute."""

import asyncio
import contextlib
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

    async def arrived(self) -> None:
        """Do what belongs to the end of a walk."""


class ClockMover:
    """Walks a movable clock forward; one walk at a time."""

    def __init__(self, clock: MovableClock, standin: StandIn, steps: Steps) -> None:
        self.moving = False
        self._clock = clock
        self._standin = standin
        self._steps = steps
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

    async def _walking(self, walk: Callable[[], Awaitable[None]]) -> None:
        async with self._one_walk:
            self.moving = True
            self._standin.world.change()
            try:
                await self._settle()
                await walk()
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
        before = self._sends()
        await self._through(self._clock() + LONGEST_LOOK_AHEAD, lambda: self._sends() > before)

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
        """Let the bot finish what was said before the clock moves on, unless it cannot be reached."""
        with contextlib.suppress(TimeoutError):
            await self._standin.idle(SETTLE_SECONDS)
        await self._steps.work()

    def _sends(self) -> int:
        return sum(call.ok for call in self._standin.calls_to(*SENDS))
