"""The queue of updates as Telegram's own server keeps it: offsets, lifetimes, and one waiting poll at most."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.demo.refused import conflict
from care.clock import Clock

PRESSES_LAST = timedelta(seconds=150)
MESSAGES_LAST = timedelta(hours=24)
LONGEST_WAIT = 50
MOST_AT_ONCE = 100
BEYOND_TAIL = 10
REPEAT_HELD = 3.0
REPEAT_AT_ONCE = 0.5
FIRST_UPDATE = 700_000_001
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(slots=True)
class Pending:
    """An update that nobody confirmed yet. again: how often it comes back after it was confirmed (a fault)."""

    update_id: int
    kind: str
    content: Any
    expires_at: datetime
    again: int = 0

    def to_api(self) -> dict[str, Any]:
        """Give Telegram's Update object."""
        return {"update_id": self.update_id, self.kind: self.content}


@dataclass(slots=True)
class UpdateQueue:
    """All updates of the bot that were not confirmed."""

    clock: Clock
    hold_repeats: bool = True
    webhook_url: str = ""
    allowed: list[str] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    next_id: int = FIRST_UPDATE
    delivered_up_to: int = 0
    _waiting: asyncio.Future[str | None] | None = None
    _last_poll: tuple[int, float] = (0, -10.0)
    _next_conflict: float = 0.0
    _emptied: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, kind: str, content: Any, again: int = 0) -> int | None:
        """Queue an update and give its id; None when the bot does not want its kind."""
        if not self.wants(kind):
            return None
        lasts = PRESSES_LAST if kind == "callback_query" else MESSAGES_LAST
        update_id = self.next_id
        self.next_id += 1
        self.pending.append(Pending(update_id, kind, content, self.clock() + lasts, again))
        self.wake()
        return update_id

    def wants(self, kind: str) -> bool:
        """Tell whether the bot subscribed to a kind of update."""
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def wake(self) -> None:
        """Let a waiting poll look again."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def poll(self, offset: int, limit: int, seconds: int) -> list[dict[str, Any]]:
        """Answer getUpdates as Telegram's server does."""
        if self.webhook_url:
            raise conflict(WEBHOOK_ACTIVE)
        seconds, limit = self._held(offset, limit, min(max(seconds, 0), LONGEST_WAIT))
        self._confirm(offset)
        found = self.peek(limit)
        if not found and seconds:
            await self._wait(seconds)
            found = self.peek(limit)
        return found

    def _held(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        """Slow down a bot that asks for the same again, as the server does."""
        limit = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
        now = time.monotonic()
        last_offset, last_time = self._last_poll
        self._last_poll = (offset, now)
        if not self.hold_repeats or offset != last_offset:
            return seconds, limit
        held = max(seconds, int(REPEAT_HELD)) if now < last_time + REPEAT_HELD else seconds
        return held, 1 if now < last_time + REPEAT_AT_ONCE else limit

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif 0 < offset <= self.next_id + BEYOND_TAIL:
            done = [one for one in self.pending if one.update_id < offset]
            for one in done:
                one.again -= 1
            self.pending = [one for one in self.pending if one.update_id >= offset or one.again >= 0]
        self._tell_if_empty()

    def _tell_if_empty(self) -> None:
        if not self.pending:
            self._emptied.set()

    async def emptied(self) -> None:
        """Wait until every update is confirmed."""
        while self.pending:
            self._emptied.clear()
            await self._emptied.wait()

    def peek(self, limit: int = MOST_AT_ONCE) -> list[dict[str, Any]]:
        """Give the oldest updates that have not expired."""
        now = self.clock()
        self.pending = [one for one in self.pending if one.expires_at > now]
        self._tell_if_empty()
        found = self.pending[:limit]
        self.delivered_up_to = max([self.delivered_up_to, *(one.update_id for one in found)])
        return [one.to_api() for one in found]

    async def _wait(self, seconds: int) -> None:
        self.end_waiting(OTHER_POLL)
        mine = asyncio.get_running_loop().create_future()
        self._waiting = mine
        try:
            reason = await asyncio.wait_for(mine, seconds)
        except TimeoutError:
            return
        finally:
            if self._waiting is mine:
                self._waiting = None
        if reason is not None:
            await self._be_ended(reason)

    async def _be_ended(self, reason: str) -> None:
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(REPEAT_HELD)
        else:
            self._next_conflict = now + REPEAT_HELD
        raise conflict(reason)

    def end_waiting(self, reason: str) -> None:
        """End the waiting poll, if there is one, with a 409."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(reason)

    def drop_all(self) -> None:
        """Forget everything that was not confirmed."""
        self.pending.clear()
        self._tell_if_empty()
