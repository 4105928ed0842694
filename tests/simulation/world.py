"""The whole bot in virtual time: one process with one thread, killed and started again, with people around it.

What a seed decides: who the people are, when they do what, how Telegram and the clock behave, when the bot dies.
"""

import asyncio
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from bot.app import CATCH_UP_SECONDS, App, build
from bot.health import Health
from bot.lease import Lease
from bot.polling import Poller
from storage import due, history, keys, patients
from storage.database import Database
from storage.sealing import Keyring
from tests.bot.virtual_time import VirtualLoop
from tests.databases import OPERATOR_KEY
from tests.simulation.inline import Inline
from tests.simulation.people import Person
from tests.simulation.wire import Seen, Telegram, Wire
from tests.simulation.witness import Witness
from tests.transcripts.stage import settings_for

BEGIN = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
"""Nine days before Europe's clocks go forward, eight after America's did."""
TICK = 1800.0
"""The bot looks at what is due at the moment that anything is, and at least so often, in seconds."""


class OneThread(VirtualLoop):
    """Virtual time without threads: what the bot hands to one is done at once."""

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever awaits it gets it
            future.set_exception(error)
        return future


@dataclass
class Plan:
    """How much is simulated, and how badly things go."""

    seed: int
    people: int = 6
    days: int = 8
    trouble: float = 0.04
    crashes_a_day: float = 1.5
    clock_steps: int = 2
    down_seconds: tuple[float, ...] = (0.5, 9.0, 65.0, 1800.0, 7200.0)


@dataclass
class Outcome:
    """What came of a run: the witness's complaints and its log, and how often things went wrong."""

    complaints: list[str]
    log: list[Seen]
    crashes: int
    counts: dict[str, int]


class World:
    """One run."""

    def __init__(self, plan: Plan, folder: Path, template: Path) -> None:
        self.plan, self.rng = plan, Random(plan.seed)
        self.database_path = folder / f"sim{plan.seed}.db"
        shutil.copyfile(template, self.database_path)
        self.url = f"sqlite:///{self.database_path}"
        self.folder = folder
        self.began = 0.0
        self.offset = timedelta()
        self.crashes = 0
        self.app: App | None = None
        self.telegram = Telegram(self.rng, self.time)
        self.witness = Witness(self.clock)
        self.people: list[Person] = []
        self._stirs = asyncio.Event()
        self._is_down = False
        self._tasks: list[asyncio.Task[Any]] = []
        self._main: asyncio.Task[Any] | None = None
        self._killer: asyncio.Task[Any] | None = None

    def time(self) -> float:
        """Give the virtual seconds since the beginning."""
        return asyncio.get_running_loop().time() - self.began

    def clock(self) -> datetime:
        """Give the bot's clock, which now and then is set forward or back."""
        return BEGIN + timedelta(seconds=self.time()) + self.offset

    async def run(self) -> Outcome:
        self.began, self._main = asyncio.get_running_loop().time(), asyncio.current_task()
        await self._start()
        assert self.app
        self.telegram.on_seen = self._seen
        for number in range(self.plan.people):
            person = Person(9000 + number, Random(f"{self.plan.seed}/{number}"), self)
            self.people.append(person)
            await person.settle(self.app.database)
            self.witness.meets(person)
        lives = [asyncio.create_task(person.live()) for person in self.people]
        self.telegram.trouble = self.plan.trouble
        killer = self._killer = asyncio.create_task(self._crash_now_and_then())
        await self._pass_days()
        for task in (killer, *lives):
            task.cancel()
        ended = await asyncio.gather(killer, *lives, return_exceptions=True)
        self.witness.complaints += [repr(one) for one in ended if isinstance(one, Exception)]
        self.telegram.trouble = 0.0
        if self._is_down:
            await self._start()
            self.witness.away.append((self.witness.deaths[-1], self.time()))
        await self._settle_down()
        await self._judge()
        await self._kill()
        return Outcome(self.witness.complaints, self.telegram.log, self.crashes, self.witness.counts)

    def _seen(self, seen: Seen) -> None:
        self._stirs.set()
        try:
            self.witness.sees(seen)
        except Exception as error:  # noqa: BLE001 - the bot would take the witness's own fault for a broken line
            self.witness.complaints.append(f"the witness failed: {error!r}")
        for person in self.people:
            if person.chat == seen.chat:
                person.sees(seen)

    # The bot's process

    async def _start(self) -> None:
        telegram = self.telegram
        keyring = Keyring.from_text(OPERATOR_KEY)
        inline = Inline(self.database_path, keyring)
        with (
            patch("bot.app.Transport", lambda **_: Wire(telegram)),
            patch("bot.app.Database.open", lambda *_: Database(inline, inline)),  # type: ignore[arg-type]
        ):
            self.app = build(settings_for(self.url, "http://sim", self.folder), self.clock)
        app, self._is_down = self.app, False
        await app.database.write(keys.prepare)
        await app.application.initialize()
        lease = Lease(app.database, "poller", self.clock)
        keeping = asyncio.create_task(lease.keep())
        await lease.wait()
        keeping.cancel()
        poller = Poller(app.application.bot, app.deps, app.dispatcher, lease, Health())
        self._tasks = [asyncio.create_task(poller.run()), asyncio.create_task(self._drain(poller))]

    async def _drain(self, poller: Poller) -> None:
        """Send what is due once what came before the start is handled, as bot/app.py does."""
        assert self.app
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                await poller.caught_up.wait()
                await self.app.dispatcher.idle()
        while True:
            with suppress(Exception):
                await self.app.loops.plan_once()
                await self.app.loops.drain_once()
            coming = await self.app.database.read(due.next_moment)
            wait = (coming - self.clock()).total_seconds() if coming else TICK
            await asyncio.sleep(min(max(wait, 2.0), TICK))

    async def _kill(self) -> None:
        """End the process where it stands: nothing that was begun goes on, nothing is tidied up."""
        assert self.app
        self._is_down = True
        doomed = sorted((task for task in asyncio.all_tasks() if not self._outlives(task)), key=_age)
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
        self.app.database._writer.close()

    def _outlives(self, task: "asyncio.Task[Any]") -> bool:
        """Tell whether a task is no part of the bot's process."""
        return task in (asyncio.current_task(), self._main, self._killer) or task.get_name().startswith("person")

    async def _crash_now_and_then(self) -> None:
        while self.plan.crashes_a_day:
            await asyncio.sleep(self.rng.expovariate(self.plan.crashes_a_day / 86_400))
            # Half of the deaths come while something is going on: within a second of somebody's tap.
            if self.rng.random() < 0.7:
                self._stirs.clear()
                await self._stirs.wait()
                await asyncio.sleep(self.rng.uniform(0.0, 1.5))
            self.crashes += 1
            self.witness.deaths.append(self.time())
            await self._kill()
            await asyncio.sleep(self.rng.choice(self.plan.down_seconds))
            await self._start()
            self.witness.away.append((self.witness.deaths[-1], self.time()))

    # Time

    async def _pass_days(self) -> None:
        steps = sorted(self.rng.uniform(1, self.plan.days) for _ in range(self.plan.clock_steps))
        for day in range(self.plan.days):
            for step in [one for one in steps if day <= one < day + 1]:
                await asyncio.sleep((step - day) * 40_000)
                self.offset += timedelta(seconds=self.rng.choice([-90, -30, 45, 120]))
            await asyncio.sleep((day + 1) * 86_400 - self.time())

    async def _settle_down(self) -> None:
        """Let everything arrive: no more trouble, no more deaths."""
        await asyncio.sleep(1800)

    async def _judge(self) -> None:
        assert self.app
        for person in self.people:
            if person.erased:
                patient = await self.app.database.read(patients.find, person.chat)
                self.witness.checks(patient is None, f"{person.chat} was erased and is still there")
                continue
            for day, shown in person.saved.items():
                kept = await self.app.database.read(history.entries, person.chat, day, day)
                values = next((entry.values for entry in kept if not entry.extra and not entry.after), {})
                lost = {code: value for code, value in shown.items() if values.get(code) != value}
                self.witness.checks(not lost, f"{person.chat} on {day}: shown as saved and not kept: {sorted(lost)}")


def _age(task: "asyncio.Task[Any]") -> tuple[int, str]:
    """Order tasks by when they were made: their set has no order that a seed decides."""
    number = task.get_name().rpartition("-")[2]
    return (int(number) if number.isdigit() else 0, task.get_name())


def run(plan: Plan, folder: Path, template: Path) -> Outcome:
    """Run a plan to its end in virtual time."""
    random.seed(plan.seed)  # bot/patience.py spreads its retries by the common one
    with quiet(), asyncio.Runner(loop_factory=OneThread) as runner:
        return runner.run(World(plan, folder, template).run())


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the bot's log of its many deaths off the screen."""
    import logging

    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    try:
        yield
    finally:
        logging.disable(before)
