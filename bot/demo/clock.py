"""A clock that can be moved, shared by the stand-in and the bot of the demo."""

from datetime import datetime, timedelta

from care.clock import Clock, system_clock


class MovableClock:
    """The base clock plus an offset; calling it gives the moment, as every Clock does."""

    def __init__(self, base: Clock = system_clock) -> None:
        self._base = base
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        """Give the present moment of this clock, UTC."""
        return self._base() + self.offset

    def advance(self, step: timedelta) -> None:
        """Move the clock by a step."""
        self.offset += step

    def set(self, moment: datetime) -> None:
        """Move the clock to a moment; it runs on from there."""
        self.offset = moment - self._base()
