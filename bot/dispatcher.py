"""Hands stored updates to the handlers: one chat's in order, many chats' in parallel, none blocking another's."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from telegram import CallbackQuery, Chat, InaccessibleMessage, Update, User

from care.due import Failure
from handlers.context import Bot, CareApplication, Deps
from handlers.errors import classify
from storage import inbox
from storage.database import StorageUnavailable

IN_FLIGHT = 32
REPLAY_LIMIT = 10_000
TRIES = 3
OUR_BACK_OFF = (0.2, 1.0)
PASSING_BACK_OFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
PASSING_SECONDS = 600.0
PLACE = ("message_id", "date", "chat")
"""What says where a pressed card is. Parsing one as a message costs more than all the rest of its update."""
_PRESS = ("id", "from", "chat_instance", "message", "data")
_STORAGE_WAIT_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as it came: its number, the chat whose order it keeps, and its JSON."""

    update_id: int
    chat: int
    raw: dict[str, Any]


@dataclass(slots=True)
class _Try:
    """How the present update of a chat fares. wait is the back-off after a failure, None when nobody tries again."""

    began: float
    passing: int = 0
    ours: int = 0
    failed: bool = False
    wait: float | None = None


class Dispatcher:
    """The queues in memory over the inbox in the database. An update is marked handled after its handler finished."""

    def __init__(self, application: CareApplication, deps: Deps, in_flight: int = IN_FLIGHT) -> None:
        self._application = application
        self._deps = deps
        self._slots = asyncio.Semaphore(in_flight)
        self._queues: dict[int, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._tries: dict[int, _Try] = {}
        self._known: set[int] = set()
        self._done: dict[int, asyncio.Future[None]] = {}
        self._marker: asyncio.Task[None] | None = None
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._closing = asyncio.Event()

    @property
    def backlog(self) -> int:
        """Give the number of updates queued or in flight."""
        return len(self._known)

    def feed(self, updates: Iterable[Incoming]) -> None:
        """Queue updates that are stored; one that is queued already is not queued twice."""
        for update in updates:
            if self._closing.is_set() or update.update_id in self._known:
                continue
            self._known.add(update.update_id)
            self._quiet.clear()
            queue = self._queues.get(update.chat)
            if queue is None:
                self._queues[update.chat] = deque([update])
                self._start(self._serve(update.chat))
            else:
                queue.append(update)

    async def replay(self) -> int:
        """Queue what the inbox still holds from before, oldest first; give how many there were."""
        rows = await self._deps.database.read(inbox.waiting, REPLAY_LIMIT)
        self.feed(Incoming(update_id, chat, _unpacked(raw)) for update_id, chat, raw in rows)
        if rows:
            log.info("inbox_replayed", updates=len(rows))
        return len(rows)

    async def idle(self) -> None:
        """Wait until nothing is queued, in flight or unmarked."""
        await self._quiet.wait()

    async def drain(self, seconds: float) -> bool:
        """Start nothing more, let what is in flight finish in time, and mark it. The rest stays in the inbox."""
        self._closing.set()
        ends = asyncio.get_running_loop().time() + seconds
        flying = {task for task in self._tasks if not task.done()}
        late: set[asyncio.Task[None]] = set()
        if flying:
            _, late = await asyncio.wait(flying, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if (marker := self._marker) is not None:
            await asyncio.wait({marker}, timeout=max(0.0, ends - asyncio.get_running_loop().time()))
            marker.cancel()
        return not late

    async def failed(self, update: object, error: Exception) -> bool:
        """Note that the handlers failed with this update; tell whether that was its last try."""
        number = update.update_id if isinstance(update, Update) else None
        attempt = self._tries.get(number) if number is not None else None
        if attempt is None or number is None:
            log.error("failed_outside_an_update", exc_info=error)
            return False
        return await self._note(number, attempt, error)

    async def _note(self, update_id: int, attempt: _Try, error: Exception) -> bool:
        failure, asked = classify(error)
        try:
            final = await self._is_final(update_id, attempt, failure, error)
        except Exception as fault:  # noqa: BLE001 - what cannot be written down is tried again, whatever the database says
            failure, final = Failure.PASSING, False
            log.error("failure_not_written", update_id=update_id, error=type(fault).__name__)
        attempt.failed = True
        attempt.wait = None if final else _back_off(attempt, failure, asked)
        stack = error if failure is Failure.OURS else None
        log.error(
            "update_failed",
            update_id=update_id,
            kind=failure.value,
            error=type(error).__name__,
            final=final,
            exc_info=stack,
        )
        return final

    async def _is_final(self, update_id: int, attempt: _Try, failure: Failure, error: Exception) -> bool:
        """Decide and write down whether an update is given up: what Telegram refuses at once, ours at the third try."""
        if failure is Failure.UNREACHABLE:
            self._mark(update_id)
            return True
        if failure is Failure.OURS:
            final = await self._deps.database.write(inbox.failed, update_id, self._deps.clock(), TRIES)
        else:
            late = asyncio.get_running_loop().time() - attempt.began > PASSING_SECONDS
            # While the database is away nothing is saved yet: such an update is never given up.
            final = failure is Failure.REFUSED or (late and not isinstance(error, StorageUnavailable))
            if final:
                await self._deps.database.write(inbox.set_aside, update_id, self._deps.clock())
        if final:
            self._known.discard(update_id)
        return final

    async def _serve(self, chat: int) -> None:
        """Take one chat's updates in order until none is left."""
        queue = self._queues[chat]
        while queue and await self._settle(queue[0]):
            queue.popleft()
        if not self._closing.is_set():
            del self._queues[chat]
            self._check_quiet()

    async def _settle(self, update: Incoming) -> bool:
        """Try an update until it is handled or given up; the slot is free while it waits. False when closing.

        The slot is kept until the mark is written: what a death shows again is never more than the slots.
        """
        attempt = _Try(asyncio.get_running_loop().time())
        while True:
            async with self._slots:
                if self._closing.is_set():
                    return False
                await self._attempt(update, attempt)
                if (unmarked := self._done.get(update.update_id)) is not None:
                    await unmarked
            if attempt.wait is None:
                return True
            await self._rest(attempt.wait)

    async def _attempt(self, update: Incoming, attempt: _Try) -> None:
        """Handle an update once; the attempt tells how it went."""
        attempt.failed, attempt.wait = False, None
        try:
            parsed = parse(update.raw, self._application.bot)
        except Exception as error:  # noqa: BLE001 - whatever a malformed update raises, it is set aside unseen
            return await self._unreadable(update, attempt, error)
        self._tries[update.update_id] = attempt
        try:
            await self._application.process_update(parsed)
        except Exception as error:  # noqa: BLE001 - PTB hands failures to the error handler; this is one of its own
            if not attempt.failed:
                await self._note(update.update_id, attempt, error)
        finally:
            del self._tries[update.update_id]
        if not attempt.failed:
            self._mark(update.update_id)
        return None

    async def _unreadable(self, update: Incoming, attempt: _Try, error: Exception) -> None:
        log.error("update_unreadable", update_id=update.update_id, error=type(error).__name__)
        try:
            await self._deps.database.write(inbox.set_aside, update.update_id, self._deps.clock())
        except Exception as fault:  # noqa: BLE001 - it stays in the inbox and is set aside when the database is back
            attempt.failed, attempt.wait = True, _STORAGE_WAIT_SECONDS
            log.error("failure_not_written", update_id=update.update_id, error=type(fault).__name__)
        else:
            self._known.discard(update.update_id)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    def _mark(self, update_id: int) -> None:
        """Have an update marked handled; marks that come together are written together."""
        self._done[update_id] = asyncio.get_running_loop().create_future()
        if self._marker is None or self._marker.done():
            self._marker = asyncio.create_task(self._write_marks())

    async def _write_marks(self) -> None:
        while self._done:
            marks = list(self._done)
            try:
                await self._deps.database.write(inbox.handled, marks, self._deps.clock())
            except Exception as error:  # noqa: BLE001 - an unwritten mark only means that a screen is shown again
                log.error("marks_not_written", error=type(error).__name__)
                await asyncio.sleep(_STORAGE_WAIT_SECONDS)
            else:
                self._known.difference_update(marks)
                for update_id in marks:
                    _wake(self._done.pop(update_id))
        self._marker = None
        self._check_quiet()

    def _check_quiet(self) -> None:
        if not self._queues and not self._done and self._marker is None:
            self._quiet.set()

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def parse(raw: dict[str, Any], bot: Bot) -> Update:
    """Make an update of its JSON. A pressed card of which only the place was kept is not parsed as a whole message.

    Whatever is malformed raises something.
    """
    press = raw.get("callback_query")
    card = press.get("message") if isinstance(press, dict) else None
    if not isinstance(press, dict) or not isinstance(card, dict) or press.keys() - _PRESS or card.keys() - PLACE:
        return Update.de_json(raw, bot)
    place = InaccessibleMessage(Chat.de_json(card["chat"], bot), card["message_id"])
    query = CallbackQuery(
        press["id"], User.de_json(press["from"], bot), press["chat_instance"], place, press.get("data")
    )
    query.set_bot(bot)
    update = Update(raw["update_id"], callback_query=query)
    update.set_bot(bot)
    return update


def _wake(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)


def _unpacked(raw: bytes) -> dict[str, Any]:
    """Read a stored update; one that no key opens is empty, and is set aside when it is parsed."""
    try:
        unpacked = json.loads(raw)
    except ValueError:
        return {}
    return unpacked if isinstance(unpacked, dict) else {}


def _back_off(attempt: _Try, failure: Failure, wait: timedelta | None) -> float:
    if failure is Failure.OURS:
        attempt.ours += 1
        return OUR_BACK_OFF[min(attempt.ours, len(OUR_BACK_OFF)) - 1]
    attempt.passing += 1
    usual = PASSING_BACK_OFF[min(attempt.passing, len(PASSING_BACK_OFF)) - 1]
    return max(wait.total_seconds(), usual) if wait else usual
