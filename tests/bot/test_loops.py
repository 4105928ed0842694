"""The steps over the due table: claimed in time, sent once, marked with the token, started again when they stall."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session
from telegram.error import Forbidden, NetworkError

from bot import loops as module
from bot.health import Health
from bot.loops import Loops
from care.due import Kind
from handlers.context import Deps
from storage import due, patients
from storage.database import Database, StorageUnavailable
from storage.due import Begun
from tests.bot.updates import ANA, BEN, CLEO
from tests.clocks import StillClock

MORNING = datetime(2026, 10, 14, 7, 30, tzinfo=UTC)
CHOICES = {"zone": "Europe/Berlin", "daily_minute": 9 * 60, "country": "DE"}


class Deliveries:
    """In the place of handlers/due.py: keeps what it is told to send, and fails where it is told to."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.retired: list[tuple[int, int]] = []
        self.failures: dict[int, list[Exception]] = {}
        self.meanwhile: Callable[[], None] = lambda: None

    async def deliver(self, _bot: object, _deps: Deps, begun: Begun) -> int:
        self.meanwhile()
        chat = begun.patient.chat_id
        if self.failures.get(chat):
            raise self.failures[chat].pop()
        self.sent.append(chat)
        return 100 + len(self.sent)

    async def retire(self, _bot: object, chat_id: int, message_id: int) -> None:
        self.retired.append((chat_id, message_id))


@pytest.fixture
def deliveries(monkeypatch: pytest.MonkeyPatch) -> Deliveries:
    deliveries = Deliveries()
    monkeypatch.setattr(module.deliveries, "deliver", deliveries.deliver)
    monkeypatch.setattr(module, "retire", deliveries.retire)
    return deliveries


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MORNING - timedelta(hours=2))


@pytest.fixture
def loops(database: Database, clock: StillClock, deliveries: Deliveries) -> Loops:
    return Loops(None, Deps(database, clock), 25.0, Health())


@pytest.fixture
async def three_people(database: Database, clock: StillClock) -> None:
    """Ana, Ben and Cleo each want to be asked at 09:00 in Berlin, which is 07:00 UTC, give or take a few minutes."""
    for chat in (ANA, BEN, CLEO):
        await database.write(_joins, chat, clock())


def _joins(session: Session, chat: int, now: datetime) -> None:
    patients.agree(session, chat, "en", "1", now)
    patients.choose(session, chat, CHOICES, now)


async def test_nothing_is_sent_before_its_time(loops: Loops, deliveries: Deliveries, three_people: None) -> None:
    assert await loops.drain_once() == 0
    assert deliveries.sent == []


async def test_each_person_is_prompted_once(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING
    assert await loops.drain_once() == 3
    assert await loops.drain_once() == 0
    assert sorted(deliveries.sent) == [ANA, BEN, CLEO]


async def test_two_processes_share_the_work_and_send_nothing_twice(
    loops: Loops, database: Database, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING
    other = Loops(None, Deps(database, clock), 25.0, Health())
    assert sum(await asyncio.gather(loops.drain_once(), other.drain_once())) == 3
    assert sorted(deliveries.sent) == [ANA, BEN, CLEO]


async def test_full_batches_follow_each_other(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    loops._batch = 1
    clock.moment = MORNING
    assert await loops.drain_once() == 3
    assert sorted(deliveries.sent) == [ANA, BEN, CLEO]


async def test_a_send_that_fails_passingly_is_tried_again_later(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    deliveries.failures[ANA] = [NetworkError("cut")]
    clock.moment = MORNING
    await loops.drain_once()
    assert sorted(deliveries.sent) == [BEN, CLEO]
    clock.advance(timedelta(minutes=2))
    await loops.drain_once()
    assert sorted(deliveries.sent) == [ANA, BEN, CLEO]


async def test_a_person_who_blocked_the_bot_is_left_alone(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    deliveries.failures[ANA] = [Forbidden("bot was blocked by the user")]
    for day in range(3):
        clock.moment = MORNING + timedelta(days=day)
        await loops.plan_once()
        await loops.drain_once()
    assert ANA not in deliveries.sent
    assert deliveries.sent.count(BEN) >= 3


async def test_one_bad_row_does_not_stop_the_batch(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, bad = due.begin, []

    def stumbles_once(session: Session, due_id: int, token: str, now: datetime) -> Begun | None:
        if not bad or bad == [due_id]:
            bad[:] = [due_id]
            raise KeyError("a bug")
        return begin(session, due_id, token, now)

    monkeypatch.setattr(module.due, "begin", stumbles_once)
    clock.moment = MORNING
    assert await loops.drain_once() == 3
    assert len(deliveries.sent) == 2


async def test_a_holder_that_slept_past_its_lease_neither_sends_nor_marks(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.moment = MORNING
    monkeypatch.setattr(module, "_late", lambda _deadline: True)
    await loops.drain_once()
    assert deliveries.sent == []
    monkeypatch.setattr(module, "_late", lambda _deadline: False)
    clock.advance(timedelta(seconds=61))
    await loops.drain_once()
    assert sorted(deliveries.sent) == [ANA, BEN, CLEO]


async def test_a_mark_that_comes_after_the_row_was_claimed_anew_changes_nothing(
    loops: Loops, database: Database, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING
    (mine, *_) = await database.write(due.claim, "mine", clock(), 1, 60)
    await database.write(due.begin, mine.id, "mine", clock())
    clock.advance(timedelta(seconds=61))
    theirs = await database.write(due.claim, "theirs", clock(), 10, 60)
    assert mine.id in [row.id for row in theirs]
    await database.write(due.sent, mine.id, "mine", 7, clock())
    assert await database.write(due.begin, mine.id, "theirs", clock()) is not None


async def test_a_nudge_takes_the_card_before_it_away(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING
    await loops.drain_once()
    clock.advance(timedelta(hours=3))
    await loops.drain_once()
    assert (ANA, 100 + deliveries.sent.index(ANA) + 1) in deliveries.retired


async def test_only_a_card_that_follows_another_is_redrawn(
    loops: Loops, clock: StillClock, three_people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    redrawn: list[Kind] = []

    async def catch_up(_bot: object, _deps: Deps, begun: Begun, _message_id: int) -> None:
        redrawn.append(begun.due.kind)

    monkeypatch.setattr(module.deliveries, "catch_up", catch_up)
    clock.moment = MORNING
    await loops.drain_once()
    assert redrawn == []
    clock.advance(timedelta(hours=3))
    await loops.drain_once()
    assert set(redrawn) == {Kind.NUDGE}


async def test_plan_ahead_gives_a_row_to_whoever_lacks_one(
    loops: Loops, database: Database, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING + timedelta(days=30)
    await loops.drain_once()
    assert await loops.plan_once() <= 3
    assert await loops.plan_once() == 0
    assert await database.read(due.next_moment) is not None


async def test_planning_ends_even_when_somebody_cannot_be_planned(
    loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.patients, "unplanned", lambda _session, _now, limit: list(range(limit)))
    monkeypatch.setattr(module.patients, "plan", lambda _session, _patient_id, _now: None)
    assert await asyncio.wait_for(loops.plan_once(), 20) == module.PLAN_BATCH


async def test_the_sweep_runs(loops: Loops, three_people: None) -> None:
    await loops.sweep_once()


async def test_the_scheduler_drains_by_itself_and_stops_gracefully(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING
    loops.start()
    await _until(lambda: len(deliveries.sent) == 3)
    await loops.stop(1)
    await loops.stop(1)


async def test_stopping_waits_for_the_sends_that_were_begun_and_begins_no_more(
    loops: Loops, deliveries: Deliveries, database: Database, clock: StillClock, three_people: None
) -> None:
    clock.moment = MORNING
    loops._in_flight = 1
    begun = asyncio.Event()
    deliveries.meanwhile = begun.set
    loops.start()
    await asyncio.wait_for(begun.wait(), 5)
    await loops.stop(2)
    assert len(deliveries.sent) == 1
    clock.advance(timedelta(seconds=61))
    again = await database.write(due.claim, "next", clock(), 10, 60)
    assert (len(again), any(row.outcome_unknown for row in again)) == (2, False)


async def test_a_stalled_scheduler_is_started_again(
    loops: Loops, deliveries: Deliveries, clock: StillClock, three_people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wall clock set back an hour looks to the scheduler like a next tick an hour away."""
    monkeypatch.setattr(module, "DRAIN_SECONDS", 0.05)
    loops.start()
    await asyncio.sleep(0.1)
    assert loops._scheduler is not None
    for name in ("drain", "plan", "sweep"):
        loops._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + timedelta(hours=1))
    clock.moment = MORNING
    await _until(lambda: len(deliveries.sent) == 3)
    await loops.stop(1)


async def test_a_step_that_fails_is_said_once_and_tried_again(loops: Loops, capsys: pytest.CaptureFixture[str]) -> None:
    tries: list[int] = []

    async def away() -> Any:
        tries.append(1)
        raise StorageUnavailable("gone")

    for _ in range(5):
        await loops._guarded("drain", away)
    assert len(tries) == 5
    assert capsys.readouterr().out.count("step_failed") == 1


def test_a_claim_is_never_more_than_flows_out_within_the_lease(database: Database, clock: StillClock) -> None:
    for rate in (0.1, 1, 25, 1000):
        loops = Loops(None, Deps(database, clock), rate, Health())
        assert 1 <= loops._batch <= max(1, rate * module.LEASE_SECONDS)
        assert loops._batch <= 200


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)
