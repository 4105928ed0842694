"""The way in: asks Telegram for updates, stores them sealed, and only then confirms them."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any, TypeGuard

import structlog
from telegram.error import TelegramError

from bot.dispatcher import PLACE, Dispatcher, Incoming
from bot.health import Health
from bot.lease import Lease
from bot.patience import Patience
from handlers import errors, urgent
from handlers.context import Bot, Deps
from storage import inbox

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
BATCH = 100
POLL_SECONDS = 25
ANSWER_SECONDS = 10.0
STORAGE_BACK_OFF = (1.0, 2.0, 5.0)
TELL_SECONDS = 3.0
"""How long people wait for the database before they hear that it takes longer."""
FULL_BACKLOG = 2000
_CARD = (*PLACE, "photo")
_FILE = (*PLACE, "document")
_BACKLOG_WAIT_SECONDS = 0.2

log = structlog.get_logger(__name__)


class Poller:
    """Polls while it holds the lease. At most one batch is unconfirmed; it is asked for again until it is stored."""

    def __init__(self, bot: Bot, deps: Deps, dispatcher: Dispatcher, lease: Lease, health: Health) -> None:
        self._bot = bot
        self._deps = deps
        self._dispatcher = dispatcher
        self._lease = lease
        self._health = health
        self._offset = 0
        self._must_replay = True
        self._storage_failures = 0
        self._answered: set[int] = set()
        self._told: set[int] = set()
        self.caught_up = asyncio.Event()
        """Set when Telegram held nothing more that came before the start; until then no poll waits."""

    async def run(self) -> None:
        """Poll until cancelled. Cancelling loses nothing: what is not stored is not confirmed."""
        patience = Patience(self._health, asyncio.get_running_loop().time)
        while True:
            try:
                await self._ready()
                await self.poll_once()
                patience.succeeded()
            except TelegramError as error:
                await asyncio.sleep(patience.failed(error))

    async def poll_once(self) -> int:
        """Ask once, store and hand on what came; give the number of updates. Raises Telegram's errors."""
        updates = await self._ask(POLL_SECONDS if self.caught_up.is_set() else 0)
        batch = _batch(updates)
        if updates and not batch:
            raise TelegramError("what came were no updates")
        if batch and not await self._store(batch):
            return 0
        if len(updates) < BATCH:
            self.caught_up.set()
        self._health.polled(self._deps.clock())
        if not batch:
            return 0
        self._offset = max(update.update_id for update in batch) + 1
        return len(batch)

    async def _ready(self) -> None:
        """Wait for the lease, for room in the queue, and for what an earlier process left behind."""
        if await self._lease.wait():
            self._must_replay = True
        self._health.receives = True
        if self._must_replay:
            await self._replay()
        while self._dispatcher.backlog > FULL_BACKLOG:  # noqa: ASYNC110 - nothing tells when a queue is short enough
            await asyncio.sleep(_BACKLOG_WAIT_SECONDS)

    async def _ask(self, wait: int) -> Sequence[Any]:
        params = {"limit": BATCH, "timeout": wait, "allowed_updates": ALLOWED_UPDATES}
        if self._offset:
            params["offset"] = self._offset
        # This spelling names the method without PTB's advice to use its wrapper, which parses and so can choke.
        answer = await self._bot.do_api_request(
            "get_Updates", api_kwargs=params, read_timeout=POLL_SECONDS + ANSWER_SECONDS
        )
        return answer if isinstance(answer, list) else []

    async def _store(self, batch: Sequence[Incoming]) -> bool:
        rows = [(update.update_id, update.chat, _packed(update.raw)) for update in batch]
        writing = asyncio.ensure_future(self._deps.database.write(inbox.receive, rows, self._deps.clock()))
        try:
            await self._tell_while(writing, batch)
            new = await writing
        except Exception as error:  # noqa: BLE001 - whatever the database says, the updates must stay unconfirmed
            await self._unstored(batch, error)
            return False
        finally:
            writing.cancel()
        if self._storage_failures:
            log.info("storage_answers_again")
            self._storage_failures, self._must_replay, self._health.trouble = 0, True, ""
        self._answered.clear()
        self._told.clear()
        fresh = set(new)
        if not self._must_replay:
            self._dispatcher.feed(update for update in batch if update.update_id in fresh)
        return True

    async def _tell_while(self, writing: "asyncio.Future[Any]", batch: Sequence[Incoming]) -> None:
        """While updates wait to be stored, answer them and those that came after them. None is confirmed by that."""
        while not (await asyncio.wait({writing}, timeout=TELL_SECONDS))[0]:
            with contextlib.suppress(TelegramError):
                batch = _batch(await self._ask(0))
            await self._answer_without_storage(batch)

    async def _unstored(self, batch: Sequence[Incoming], error: Exception) -> None:
        """Answer without the database, then wait. The batch comes again with the next poll."""
        if not self._storage_failures:
            log.error("updates_not_stored", error=type(error).__name__)
        self._health.trouble = "the database cannot store updates"
        await self._answer_without_storage(batch)
        pause = STORAGE_BACK_OFF[min(self._storage_failures, len(STORAGE_BACK_OFF) - 1)]
        self._storage_failures += 1
        await asyncio.sleep(pause)

    async def _answer_without_storage(self, batch: Sequence[Incoming]) -> None:
        """Answer cries for help, and tell everybody else that what they did waits; each update once."""
        for update in batch:
            if update.update_id not in self._answered:
                self._answered.add(update.update_id)
                await self._answer_one(update)

    async def _answer_one(self, update: Incoming) -> None:
        try:
            if not await urgent.without_storage(self._bot, update.raw, self._deps):
                await errors.cannot_save(self._bot, update.raw, self._deps, is_told=update.chat in self._told)
                self._told.add(update.chat)
        except Exception as error:  # noqa: BLE001 - one update that cannot be answered must not cost the others theirs
            log.warning("not_answered_without_storage", update_id=update.update_id, error=type(error).__name__)

    async def _replay(self) -> None:
        try:
            await self._dispatcher.replay()
        except Exception as error:  # noqa: BLE001 - with the database away polling goes on, for the urgent answers
            log.error("inbox_not_read", error=type(error).__name__)
            self._health.trouble = "the database cannot be read"
        else:
            self._must_replay, self._health.trouble = False, ""


def _batch(updates: Sequence[Any]) -> list[Incoming]:
    return [incoming for update in updates if (incoming := _incoming(update)) is not None]


def _incoming(update: Any) -> Incoming | None:
    """Name an update's queue; None for what is no update at all."""
    number = update.get("update_id") if isinstance(update, dict) else None
    if not _is_storable(number):
        log.error("no_update", shape=type(update).__name__)
        return None
    return Incoming(number, _chat_of(update), _slim(update))


def _chat_of(update: dict[str, Any]) -> int:
    """Give the chat whose order an update belongs to; 0 for one too malformed to tell."""
    for kind in ALLOWED_UPDATES:
        body = update.get(kind)
        if isinstance(body, dict):
            place = body.get("from" if kind == "callback_query" else "chat")
            known = place.get("id") if isinstance(place, dict) else None
            return known if _is_storable(known) else 0
    return 0


def _is_storable(number: Any) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) < 1 << 63


def _slim(update: dict[str, Any]) -> dict[str, Any]:
    """Keep of a pressed card what says which message it is: nobody reads the rest, and parsing it costs most.

    Of the message it replied to, a document is kept as well: the buttons under a calendar file are about that file.
    """
    press = update.get("callback_query")
    message = press.get("message") if isinstance(press, dict) else None
    if isinstance(press, dict) and isinstance(message, dict):
        press["message"] = _parts(message, _CARD)
        answered = message.get("reply_to_message")
        if isinstance(answered, dict) and "document" in answered:
            press["message"]["reply_to_message"] = _parts(answered, _FILE)
    return update


def _parts(message: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {part: message[part] for part in names if part in message}


def _packed(raw: dict[str, Any]) -> bytes:
    # As ASCII: half of a surrogate pair has no UTF-8 form and would hold up its whole batch.
    return json.dumps(raw, separators=(",", ":")).encode()
