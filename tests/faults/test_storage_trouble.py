"""F22, F24, F25: the database is locked, full, or the power fails. What was shown as taken is there; the rest waits."""

import asyncio
import os
import random
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.counts import either
from tests.faults.crowd import Crowd, crowd
from tests.faults.real_bot import RealBot, real_bot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.parametrize("backend", ["sqlite"])]

LOCKED_SECONDS = either(5, 10)
COPIES = either(20, 200)
PEOPLE = either(24, 120)
WAITS = "I can't save right now"


def seeded() -> tuple[int, random.Random]:
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    return seed, random.Random(seed)


def file_of(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite:///"))


async def test_a_locked_database_loses_nothing_and_people_are_told(database_url: str, tmp_path: Path) -> None:
    """F22: another process writes for seconds. Whoever taps hears that it waits, and is answered afterwards."""
    _, rng = seeded()
    async with crowd(database_url, tmp_path, 8, rng) as here, real_bot(here.standin, database_url, tmp_path) as bot:
        lock = sqlite3.connect(file_of(database_url), isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        answering = asyncio.create_task(here.answer_all())
        await asyncio.sleep(LOCKED_SECONDS)
        texts = [str(call.params.get("text")) for call in here.standin.calls_to("sendMessage", "answerCallbackQuery")]
        assert sum(WAITS in text for text in texts) == 8, "everybody is told once"
        assert not any(here.confirmed(chat) for chat in here.said)
        lock.execute("ROLLBACK")
        lock.close()
        await answering
        await bot.end()
        assert await here.kept() == here.said


async def test_a_full_disk_confirms_nothing_and_is_recovered_from_alone(
    database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F24: no file may grow any more, from one moment to the next, several times. The kernel refuses the writes."""
    seed, rng = seeded()
    async with crowd(database_url, tmp_path, 10, rng) as here, real_bot(here.standin, database_url, tmp_path) as bot:
        _limit(bot, 8_000)
        answering = asyncio.create_task(here.answer_all(120))
        await asyncio.sleep(2)
        assert not any(here.shows(chat, "saved") for chat in here.said), f"seed {seed}: nothing was refused"
        for _ in range(either(2, 25)):
            await _confirmed_and_kept(here)
            _limit(bot, None)
            await asyncio.sleep(rng.uniform(0.02, 0.1))
            _limit(bot, rng.choice([4_000, 40_000, 80_000]))
            await asyncio.sleep(rng.uniform(0.3, 2.0))
        await _confirmed_and_kept(here)
        _limit(bot, None)
        await answering
        await here.standin.idle(30)
        refused = bot.output.count("updates_not_stored") + bot.output.count("update_failed")
        report(f"full disk: seed {seed}, {refused} writes of updates or answers refused")
        assert refused
        await bot.end()
        assert await here.kept() == here.said


def _limit(bot: RealBot, more: int | None) -> None:
    """Let no file of the process grow past some bytes more than what it has printed; None lifts that."""
    end = resource.RLIM_INFINITY if more is None else bot.printed.stat().st_size + more
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (end, resource.RLIM_INFINITY))


async def _confirmed_and_kept(here: Crowd) -> None:
    """Check that whatever is shown as taken is in the file."""
    confirmed = {chat: here.confirmed(chat) for chat in here.said}
    kept = await here.kept()
    for chat, answers in confirmed.items():
        assert answers.items() <= kept[chat].items(), "shown as taken, and not there"


async def test_after_a_power_loss_every_reply_that_was_shown_is_there(
    database_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    """F25: the files as they are at a random instant, opened as if the machine had died then.

    The process is stopped while they are copied, so a copy is one instant. What the kernel had not written to the disk
    yet is in the copy: that part of a power loss is not simulated, synchronous=FULL is what stands for it.
    """
    seed, rng = seeded()
    checked = 0
    async with (
        crowd(database_url, tmp_path, PEOPLE, rng) as here,
        real_bot(here.standin, database_url, tmp_path) as bot,
    ):
        answering = [asyncio.create_task(_at_leisure(here, chat, rng)) for chat in here.said]
        await here.standin.until(lambda: any(here.confirmed(chat) for chat in here.said), 20)
        for n in range(COPIES):
            await asyncio.sleep(rng.uniform(0.0, 0.15))
            os.kill(bot.pid, signal.SIGSTOP)
            confirmed = {chat: here.confirmed(chat) for chat in here.said}
            copy = _copied(file_of(database_url), tmp_path / f"copy{n}")
            os.kill(bot.pid, signal.SIGCONT)
            kept = await here.kept(f"sqlite:///{copy}")
            assert _is_whole(copy)
            for chat, answers in confirmed.items():
                assert answers.items() <= kept[chat].items(), f"seed {seed}, copy {n}"
                checked += len(answers)
        await asyncio.gather(*answering)
        await bot.end()
        report(f"power loss: seed {seed}, {COPIES} copies, {checked} replies that were shown are in them")
        assert checked > COPIES
        assert await here.kept() == here.said


async def _at_leisure(here: Crowd, chat_id: int, rng: random.Random) -> None:
    await asyncio.sleep(rng.uniform(0, COPIES * 0.1))
    await here.answer(chat_id, 60)


def _copied(database: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in database.parent.glob(f"{database.name}*"):
        if not path.name.endswith("-shm"):
            shutil.copyfile(path, folder / path.name)
    return folder / database.name


def _is_whole(database: Path) -> bool:
    connection = sqlite3.connect(database)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        connection.close()
