"""Starts Dana's month on the demo page, tells how far it is, and what happened to it."""

import asyncio
import contextlib
from typing import Any

import structlog

from bot.demo.month import Month
from bot.demo.moving import ClockMover
from bot.demo.standin import StandIn
from handlers.words import Words

DANA = (1004, "Dana")

log = structlog.get_logger(__name__)


class Course:
    """One month, lived once. Where it was interrupted, it goes on when it is asked for again."""

    def __init__(self, standin: StandIn, mover: ClockMover) -> None:
        self._standin = standin
        self._mover = mover
        self._month: Month | None = None
        self._living: asyncio.Task[None] | None = None
        self._state = "ready"

    @property
    def state(self) -> str:
        """Tell how it stands: "ready", "living", "lived", "unanswered" (the bot was silent) or "broken"."""
        return self._state

    def view(self) -> dict[str, Any]:
        """Give what the page shows."""
        month = self._month
        return {"state": self._state, "day": month.day if month else 0, "days": month.days if month else 0}

    def begin(self) -> bool:
        """Let Dana live, or go on; False where the bot is not at work yet. A month that is on, or over, stays so."""
        if not self._mover.movable:
            return False
        if self._state not in ("living", "lived"):
            self._month = self._month or Month(self._standin.person(*DANA), self._mover, Words("en"))
            self._state = "living"
            self._living = asyncio.create_task(self._live(self._month))
        return True

    async def stop(self) -> None:
        """End it."""
        if self._living is not None:
            self._living.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._living

    async def _live(self, month: Month) -> None:
        try:
            await month.live()
        except TimeoutError:
            self._state = "unanswered"
        except Exception as error:  # noqa: BLE001 - whatever she meets, the other phones go on and the page says so
            log.warning("demo_month_broken", error=type(error).__name__)
            self._state = "broken"
        else:
            self._state = "lived"
        finally:
            self._standin.world.change()
