"""A Telegram that minds being called while it asked to wait: every call within a wait doubles it."""

import time
from dataclasses import dataclass, field

from bot.demo.faults import Fault
from bot.demo.refused import Refused, too_many_requests

FIRST_WAIT = 1.0


@dataclass(slots=True)
class Flood(Fault):
    """Waits for some chats. refused counts the waits asked for, violations the calls that came within one."""

    kind: str = "429"
    times: int | None = None
    begins: set[int] = field(default_factory=set)
    refused: int = 0
    violations: int = 0
    waits: dict[int, tuple[float, float]] = field(default_factory=dict)

    def fits(self, method: str, chat_id: object) -> bool:
        """Tell whether a call is refused: the first one to a chosen chat, and any within its wait."""
        if method != "sendMessage" or not isinstance(chat_id, int):
            return False
        until, wait = self.waits.get(chat_id, (0.0, FIRST_WAIT / 2))
        within = time.monotonic() < until
        if not within and chat_id not in self.begins:
            return False
        self.begins.discard(chat_id)
        self.violations += within
        self.refused += not within
        self.seconds = wait * 2 if within else FIRST_WAIT
        self.waits[chat_id] = (time.monotonic() + self.seconds, self.seconds)
        return True

    def refusal(self) -> Refused:
        """Give the answer: to wait so long."""
        return too_many_requests(max(1, round(self.seconds)))
