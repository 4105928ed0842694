"""Clocks that stand still until a test moves them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class StillClock:
    """A clock in memory; calling it gives its moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


class FileClock:
    """A clock that two processes share: the moment stands in a file, written whole by renaming."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(float(self.path.read_text("ascii")), UTC)

    def set(self, moment: datetime) -> None:
        beside = self.path.with_suffix(".new")
        beside.write_text(repr(moment.timestamp()), "ascii")
        beside.replace(self.path)
