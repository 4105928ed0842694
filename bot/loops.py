"""The clockwork over the due table: drain every two seconds, plan ahead hourly, sweep daily. Never a job per person."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from telegram.error import TelegramError

from bot.health import Health
from bot.limiter import LAST_LOOK, TakenBack
from care.clock import system_clock
from care.due import Due, Failure, Send
from handlers import due as deliveries
from handlers import erasing
from handlers.context import Bot, Deps
from handlers.errors import classify
from handlers.screens import retire
from storage import due, inbox, notes, patients, supporting
from storage.database import StorageUnavailable

DRAIN_SECONDS = 2.0
PLAN_SECONDS = 3600.0
SWEEP_SECONDS = 86_400.0
FIRST_SWEEP_SECONDS = 60.0
LEASE_SECONDS = 60
LEASE_MARGIN_SECONDS = 15.0
MOST_CLAIMED = 200
MOST_IN_FLIGHT = 64
PLAN_BATCH = 200

log = structlog.get_logger(__name__)

Step = Callable[[], Awaitable[object]]
_SWEEPS = (due.sweep, inbox.sweep, notes.forget_offers, patients.forget_newcomers, supporting.forget_tries)


class Loops:
    """The steps, and the scheduler that calls them. Tests and the demo call the steps directly."""

    def __init__(self, bot: Bot, deps: Deps, sends_per_second: float, health: Health) -> None:
        self._bot = bot
        self._deps = deps
        self._health = health
        # What is begun but not sent when the process dies is of unknown outcome, so no more is begun than flows out.
        self._in_flight = min(MOST_IN_FLIGHT, max(8, int(sends_per_second / 2)))
        self._batch = int(min(MOST_CLAIMED, max(1.0, sends_per_second * (LEASE_SECONDS - LEASE_MARGIN_SECONDS) / 2)))
        self._one_drain = asyncio.Lock()
        self._stopping = False
        self._scheduler: AsyncIOScheduler | None = None
        self._watchdog: asyncio.Task[None] | None = None
        self._ticked = 0.0
        self._broken: set[str] = set()

    async def drain_once(self) -> int:
        """Send everything that is due now; give the number of rows dealt with."""
        async with self._one_drain:
            total = 0
            while not self._stopping:
                claimed = await self._drain_batch()
                total += claimed
                if claimed < self._batch:
                    break
            self._health.last_drain_at = self._deps.clock()
            return total

    async def plan_once(self) -> int:
        """Give a next row to whoever lacks one; give the number of patients planned."""
        planned: set[int] = set()
        while True:
            lacking = await self._deps.database.read(patients.unplanned, self._deps.clock(), PLAN_BATCH)
            fresh = [patient_id for patient_id in lacking if patient_id not in planned]
            for patient_id in fresh:
                await self._deps.database.write(patients.plan, patient_id, self._deps.clock())
            planned.update(fresh)
            if not fresh or len(lacking) < PLAN_BATCH:
                return len(planned)

    async def sweep_once(self) -> None:
        """Delete what has served its time."""
        for sweep in _SWEEPS:
            await self._deps.database.write(sweep, self._deps.clock())
        await erasing.erase_idle(self._bot, self._deps)

    def start(self) -> None:
        """Start the scheduler and its watchdog."""
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name, step, seconds, first in self._jobs():
            every = IntervalTrigger(seconds=seconds, timezone=UTC)
            at = system_clock() + timedelta(seconds=first)
            self._scheduler.add_job(self._guarded, every, args=(name, step), id=name, next_run_time=at)
        self._scheduler.start()
        self._ticked = asyncio.get_running_loop().time()
        self._watchdog = asyncio.create_task(self._watch())

    async def stop(self, seconds: float) -> None:
        """Let the running drain finish the sends it has begun, for at most this long, then stop the scheduler."""
        self._stopping = True
        if self._watchdog is not None:
            self._watchdog.cancel()
        if self._scheduler is None:
            return
        # Shutting down cancels running steps, even when told to wait for them: pause, wait, and only then shut down.
        self._scheduler.pause()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._one_drain.acquire(), seconds)
        self._scheduler.shutdown(wait=False)
        self._scheduler = None

    def _jobs(self) -> Sequence[tuple[str, Step, float, float]]:
        return (
            ("drain", self._drain_tick, DRAIN_SECONDS, 0.0),
            ("plan", self.plan_once, PLAN_SECONDS, 1.0),
            ("sweep", self.sweep_once, SWEEP_SECONDS, FIRST_SWEEP_SECONDS),
        )

    async def _drain_tick(self) -> None:
        self._ticked = asyncio.get_running_loop().time()
        await self.drain_once()
        self._ticked = asyncio.get_running_loop().time()

    async def _guarded(self, name: str, step: Step) -> None:
        try:
            await step()
        except Exception as error:
            if name not in self._broken:
                stack = None if isinstance(error, StorageUnavailable) else error
                log.error("step_failed", step=name, error=type(error).__name__, exc_info=stack)
            self._broken.add(name)
        else:
            self._broken.discard(name)

    async def _watch(self) -> None:
        """Start the jobs again when the wall clock was set back: the scheduler would sleep until it catches up."""
        while True:
            await asyncio.sleep(DRAIN_SECONDS)
            silent = asyncio.get_running_loop().time() - self._ticked
            if silent > 2 * DRAIN_SECONDS and not self._one_drain.locked():
                self.rearm()

    def rearm(self) -> None:
        """Make every job due now."""
        log.warning("jobs_rearmed")
        for name, *_ in self._jobs():
            if self._scheduler is not None:
                self._scheduler.modify_job(name, next_run_time=system_clock())

    async def _drain_batch(self) -> int:
        token = secrets.token_hex(8)
        deadline = asyncio.get_running_loop().time() + LEASE_SECONDS - LEASE_MARGIN_SECONDS
        rows = await self._deps.database.write(due.claim, token, self._deps.clock(), self._batch, LEASE_SECONDS)
        line = iter(rows)
        workers = (self._work(line, token, deadline) for _ in range(min(self._in_flight, len(rows))))
        await asyncio.gather(*workers)
        return len(rows)

    async def _work(self, line: Iterator[Due], token: str, deadline: float) -> None:
        """Deliver row after row; a row that is left when time is up goes to whoever claims it next."""
        for row in line:
            if self._stopping or _late(deadline):
                return
            try:
                await self._deliver(row, token, deadline)
            except Exception as error:
                log.error("due_row_failed", due_id=row.id, kind=row.kind.value, exc_info=error)

    async def _deliver(self, row: Due, token: str, deadline: float) -> None:
        begun = await self._deps.database.write(due.begin, row.id, token, self._deps.clock())
        if begun is None or not isinstance(begun.decision, Send):
            return
        # A process that slept here may not send: the row can be somebody else's. Marks are safe, they carry the token.
        if _late(deadline):
            return
        try:
            with self._looking_again(row, token, begun):
                message_id = await deliveries.deliver(self._bot, self._deps, begun)
        except TakenBack:
            return
        except Exception as error:  # noqa: BLE001 - every failure is written to the row, which decides what follows
            await self._failed(row, token, error)
            return
        previous = await self._deps.database.write(due.sent, row.id, token, message_id, self._deps.clock())
        if message_id is not None and (previous is not None or begun.visit is not None or begun.share is not None):
            await self._tidy(begun, message_id, previous)

    @contextlib.contextmanager
    def _looking_again(self, row: Due, token: str, begun: due.Begun) -> Iterator[None]:
        """Ask once more, when the call had to wait for its turn, whether it is still wanted."""
        unknown = begun.due.outcome_unknown

        async def look() -> bool:
            now = self._deps.clock()
            return await self._deps.database.write(due.still_held, row.id, token, now, was_unknown=unknown)

        before = LAST_LOOK.set(look)
        try:
            yield
        finally:
            LAST_LOOK.reset(before)

    async def _tidy(self, begun: due.Begun, message_id: int, previous: int | None) -> None:
        """Leave one card in the chat, and that one up to date; a failure here fails no prompt that was sent.

        A card that follows no other is left alone: whoever pressed it already is being answered by the handler, and
        a redraw from here could overtake that answer and ask again.
        """
        with contextlib.suppress(TelegramError):
            await deliveries.catch_up(self._bot, self._deps, begun, message_id)
        if previous is not None:
            with contextlib.suppress(TelegramError):
                await retire(self._bot, begun.patient.chat_id, previous)

    async def _failed(self, row: Due, token: str, error: Exception) -> None:
        failure, wait = classify(error)
        stack = error if failure is Failure.OURS else None
        log.warning("send_failed", due_id=row.id, kind=row.kind.value, failed=failure.value, exc_info=stack)
        await self._deps.database.write(due.failed, row.id, token, failure, wait, self._deps.clock())


def _late(deadline: float) -> bool:
    return asyncio.get_running_loop().time() > deadline
