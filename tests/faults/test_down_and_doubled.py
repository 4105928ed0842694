"""F2, F5, F6, F18, F21: killed in a broadcast, away over the due time, two at once, and clocks that jump."""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from care.due import Kind
from care.schedule import DailyPlan
from storage import patients
from storage.tables import DueRow
from tests.faults.counts import either, on_one_database
from tests.faults.crowd import crowd
from tests.faults.real_bot import launch
from tests.faults.week import FIRST_DAY, LEASE, PEOPLE, BotProcess, Scene, cards_shown, scene

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

MANY = either(60, 300)
ROUNDS = either(1, 8)
IN_FLIGHT = 12
"""So many sends are begun at once at 25 a second: bot/loops.py."""
CHOICES = {"zone": "Europe/Berlin", "daily_minute": 19 * 60, "country": "DE", "nudges": 0, "items": frozenset[str]()}
LATE = "This comes later than planned."
FIRST = 5001
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), Path("/nowhere"))


def due_on(day: date) -> datetime:
    """Give a moment by which every card of a day is due."""
    return DailyPlan(19 * 60, "Europe/Berlin").moment(day) + timedelta(minutes=5)


async def settle(here: Scene, count: int) -> list[int]:
    chats = list(range(FIRST, FIRST + count))
    for chat_id in chats:
        await here.database.write(patients.agree, chat_id, "en", "1", here.clock())
        await here.database.write(patients.choose, chat_id, CHOICES, here.clock())
        here.standin.person(chat_id, f"P{chat_id}").room.started = True
    return chats


async def heard_of(here: Scene, chats: list[int]) -> None:
    """Let everybody have given a sign of life: whoever is silent for three days is asked only once a week."""
    for chat_id in chats:
        await here.database.write(patients.choose, chat_id, {"heard_at": here.clock()}, here.clock())


def texts(here: Scene, chat_id: int, day: date) -> list[str]:
    return [
        str(call.params["text"]) for call in cards_shown(here.standin, chat_id, day) if call.method == "sendMessage"
    ]


def sends(here: Scene, chat_id: int) -> list[str]:
    calls = here.standin.calls_to("sendMessage")
    return [str(call.params["text"]) for call in calls if call.ok and call.chat_id == chat_id]


@on_one_database
async def test_a_broadcast_that_is_killed_again_and_again_reaches_everybody(
    database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F2: at random sends, also three times in a row. Nobody is left out; twice at most whoever was in flight."""
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    rng = random.Random(seed)
    async with scene(database_url, tmp_path) as here:
        chats = await settle(here, MANY)
        kills = doubled = 0
        for n in range(ROUNDS):
            day = FIRST_DAY + timedelta(days=n)
            await heard_of(here, chats)
            here.clock.set(max(due_on(day), here.clock()))
            at = sorted(rng.sample(range(MANY * 3 // 4), 2))
            for stop_after in [at[0], at[0], at[0], at[1]]:
                await here.bot.start()
                await _until(lambda day=day, stop=stop_after: _reached(here, chats, day) > stop, 60)
                await here.bot.end(signal.SIGKILL)
                kills += 1
                here.clock.set(here.clock() + LEASE)
            await here.bot.start()
            await _until(lambda day=day: all(texts(here, chat, day) for chat in chats), 120)
            await here.bot.end(signal.SIGTERM)
            doubled += sum(len(texts(here, chat, day)) - 1 for chat in chats)
        engine = database_url.split(":", 1)[0]
        report(f"{engine}: seed {seed}, {kills} kills in {ROUNDS} broadcasts to {MANY}: 0 left out, {doubled} doubled")
        assert doubled <= kills * IN_FLIGHT


def _reached(here: Scene, chats: list[int], day: date) -> int:
    return sum(bool(texts(here, chat, day)) for chat in chats)


async def _until(true: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


@on_one_database
@pytest.mark.parametrize(("away", "late"), [(2, False), (165, True)])
async def test_a_card_that_was_due_while_the_bot_was_away_comes_once(
    database_url: str, tmp_path: Path, away: int, late: bool
) -> None:
    """F5: two minutes; almost three hours, which ends before quiet hours begin."""
    async with scene(database_url, tmp_path) as here:
        chats = await settle(here, 3)
        here.clock.set(due_on(FIRST_DAY) + timedelta(minutes=away))
        await here.bot.start()
        await _until(lambda: all(sends(here, chat) for chat in chats), 30)
        await asyncio.sleep(2.5)
        assert [len(sends(here, chat)) for chat in chats] == [1] * 3
        assert [LATE in sends(here, chat)[0] for chat in chats] == [late] * 3


@on_one_database
async def test_after_days_away_there_is_one_card_and_what_was_missed_is_written_down(
    database_url: str, tmp_path: Path
) -> None:
    """F5: three days. Never a flood of old cards."""
    async with scene(database_url, tmp_path) as here:
        chats = await settle(here, 3)
        back = FIRST_DAY + timedelta(days=3)
        here.clock.set(due_on(back))
        await here.bot.start()
        await _until(lambda: all(texts(here, chat, back) for chat in chats), 30)
        await asyncio.sleep(2.5)
        assert [len(sends(here, chat)) for chat in chats] == [1] * 3
        fates = await here.database.read(_fates, FIRST_DAY.isoformat())
        assert set(fates) <= {"expired", "dropped"}
        assert len(fates) >= 3


def _fates(session: Session, event: str) -> list[str]:
    rows = select(DueRow.state).where(DueRow.kind == Kind.DAILY, col(DueRow.event) == event)
    return list(session.exec(rows))


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_two_processes_on_one_database_send_everything_once_and_one_polls(
    database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F6, F18: they share the work; when the one that polls is killed, the other takes over within ten seconds."""
    async with scene(database_url, tmp_path) as here:
        chats = await settle(here, either(60, 1000))
        other = await BotProcess.prepare(here.standin.url, database_url, str(tmp_path))
        try:
            await here.bot.start()
            await _until(lambda: bool(here.standin.calls_to("getUpdates")), 20)
            await other.start()
            await asyncio.sleep(1.5)
            here.clock.set(due_on(FIRST_DAY))
            await _until(lambda: all(texts(here, chat, FIRST_DAY) for chat in chats), 120)
            await asyncio.sleep(1)
            assert [len(texts(here, chat, FIRST_DAY)) for chat in chats] == [1] * len(chats)
            assert not [call for call in here.standin.calls if call.error and "Conflict" in call.error]
            polls = len(here.standin.calls_to("getUpdates"))
            await here.bot.end(signal.SIGKILL)
            began = asyncio.get_running_loop().time()
            await asyncio.sleep(0.1)
            here.standin.phones[PEOPLE["Ana"]].writes("/checkin")
            await _until(lambda: len(here.standin.calls_to("getUpdates")) > polls, 10)
            took = asyncio.get_running_loop().time() - began
            report(f"{database_url.split(':', 1)[0]}: the other process polls {took:.1f} s after a kill")
            assert took <= 10
        finally:
            await other.close()


@on_one_database
@pytest.mark.parametrize(
    "step",
    either([timedelta(hours=-1)], [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1)]),
    ids=str,
)
async def test_a_clock_that_jumps_doubles_nothing_and_stops_nothing(
    database_url: str, tmp_path: Path, step: timedelta
) -> None:
    """F21: the bot's clock jumps right after the day's cards went out, and a process that slept goes on."""
    async with scene(database_url, tmp_path) as here:
        chats = await settle(here, 4)
        here.clock.set(due_on(FIRST_DAY))
        await here.bot.start()
        await _until(lambda: all(texts(here, chat, FIRST_DAY) for chat in chats), 30)
        here.clock.set(here.clock() + step)
        os.kill(here.bot.pid, signal.SIGSTOP)
        await asyncio.sleep(1)
        os.kill(here.bot.pid, signal.SIGCONT)
        await asyncio.sleep(4.5)
        assert [len(texts(here, chat, FIRST_DAY)) for chat in chats] == [1] * 4
        tomorrow = FIRST_DAY + timedelta(days=1)
        here.clock.set(max(due_on(tomorrow), here.clock()))
        await _until(lambda: all(texts(here, chat, tomorrow) for chat in chats), 60)
        assert [len(texts(here, chat, tomorrow)) for chat in chats] == [1] * 4


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_machines_clock_set_back_stops_no_prompt(database_url: str, tmp_path: Path) -> None:
    """F21: the system's own clock, which the scheduler follows, goes back an hour; cards come all the same."""
    if not FAKETIME.exists():
        pytest.skip("no libfaketime on this machine; .ci/run installs it where it can")
    offset = tmp_path / "offset"
    offset.write_text("+0")
    faked = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    async with crowd(database_url, tmp_path, 3, random.Random(1)) as here:
        bot = await launch(here.standin, database_url, tmp_path, **faked)
        try:
            await asyncio.sleep(2.5)
            offset.write_text("-3600")
            await asyncio.sleep(6)
            offset.write_text(f"+{11 * 3600 + 360}")
            await _until(lambda: len(here.standin.calls_to("sendMessage")) >= 3, 60)
            await asyncio.sleep(2.5)
            assert len(here.standin.calls_to("sendMessage")) == 3
        finally:
            await bot.end(signal.SIGKILL)
