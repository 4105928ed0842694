"""The clock of the demo goes through every due moment, forward only."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.clock import MovableClock
from bot.demo.moving import ClockMover
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller

NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)


class Book:
    """A bot that has work at given moments; some of it sends a message, some of it stays due for ever."""

    def __init__(self, clock: MovableClock, call: Caller) -> None:
        self.clock = clock
        self.call = call
        self.due: list[datetime] = []
        self.stuck: list[datetime] = []
        self.silent: set[datetime] = set()
        self.worked: list[datetime] = []
        self.arrivals = 0
        self.ready = True

    async def next_moment(self) -> datetime | None:
        return min([*self.due, *self.stuck], default=None)

    async def work(self) -> None:
        for moment in [moment for moment in self.due if moment <= self.clock()]:
            self.due.remove(moment)
            self.worked.append(self.clock())
            if moment not in self.silent:
                await self.call("sendMessage", chat_id=1001, text="prompt")

    async def answered(self) -> None:
        return None

    async def arrived(self) -> None:
        self.arrivals += 1


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(lambda: NOON)


@pytest.fixture
def book(clock: MovableClock, call: Caller) -> Book:
    call.standin.person(1001, "Ana").start()
    call.standin.world.updates.drop_all()
    return Book(clock, call)


@pytest.fixture
def mover(clock: MovableClock, standin: StandIn, book: Book) -> ClockMover:
    return ClockMover(clock, standin, book)


def test_the_clock_runs_on_from_where_it_was_set() -> None:
    now = NOON
    clock = MovableClock(lambda: now)
    clock.set(NOON + timedelta(days=1))
    now += timedelta(minutes=1)
    assert clock() == NOON + timedelta(days=1, minutes=1)
    clock.advance(timedelta(hours=1))
    assert clock() == NOON + timedelta(days=1, hours=1, minutes=1)


async def test_a_day_stops_at_each_due_moment(mover: ClockMover, book: Book, clock: MovableClock) -> None:
    book.due = [NOON + timedelta(hours=hours) for hours in (9, 3, 30)]
    await mover.forward(NOON + timedelta(days=1))
    assert book.worked == [NOON + timedelta(hours=3), NOON + timedelta(hours=9)]
    assert clock() == NOON + timedelta(days=1)
    assert book.arrivals == 1


async def test_the_next_prompt_is_the_next_moment_at_which_something_is_sent(
    mover: ClockMover, book: Book, clock: MovableClock
) -> None:
    book.due = [NOON + timedelta(hours=hours) for hours in (3, 9, 12)]
    book.silent = {NOON + timedelta(hours=3)}
    await mover.next_prompt()
    assert clock() == NOON + timedelta(hours=9)


async def test_without_anything_planned_the_clock_stays(mover: ClockMover, clock: MovableClock) -> None:
    await mover.next_prompt()
    assert clock() == NOON


async def test_work_that_stays_due_does_not_hold_the_clock(mover: ClockMover, book: Book, clock: MovableClock) -> None:
    book.stuck = [NOON - timedelta(minutes=1)]
    await mover.forward(NOON + timedelta(minutes=30))
    assert clock() >= NOON + timedelta(minutes=30)


async def test_time_never_goes_back(mover: ClockMover, clock: MovableClock) -> None:
    await mover.forward(NOON - timedelta(days=1))
    assert clock() == NOON


async def test_a_stroll_ends_at_the_next_message_or_at_its_end(
    clock: MovableClock, book: Book, mover: ClockMover
) -> None:
    book.due = [NOON + timedelta(hours=1), NOON + timedelta(hours=5)]
    book.silent = {NOON + timedelta(hours=1)}
    await mover.stroll(NOON + timedelta(hours=9))
    assert clock() == NOON + timedelta(hours=5)
    await mover.stroll(NOON + timedelta(hours=9))
    assert clock() == NOON + timedelta(hours=9)
    await mover.stroll(NOON)
    assert clock() == NOON + timedelta(hours=9), "time never goes back"
    assert book.arrivals == 0, "a stroll is one of many, and sweeps nothing"


async def test_what_was_said_is_heard_before_the_clock_moves_on(
    clock: MovableClock, book: Book, mover: ClockMover, call: Caller
) -> None:
    heard: list[datetime] = []

    async def hears() -> None:
        for update in await call("getUpdates"):
            heard.append(clock())
            await call("getUpdates", offset=update["update_id"] + 1)

    book.due = [NOON + timedelta(hours=1)]
    call.standin.phones[1001].writes("Good morning")
    hearing = asyncio.create_task(hears())
    await mover.stroll(NOON + timedelta(days=1))
    await hearing
    assert heard == [NOON]
