"""What the process knows about its own condition, for the log and for whoever asks it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Health:
    """The last good moments and the present trouble; trouble is "" while all is well."""

    started_at: datetime | None = None
    last_poll_at: datetime | None = None
    last_drain_at: datetime | None = None
    receives: bool = False
    trouble: str = ""

    def polled(self, now: datetime) -> None:
        """Note a poll that Telegram answered and whose updates are stored."""
        self.last_poll_at = now
        self.trouble = ""
