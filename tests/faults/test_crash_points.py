"""F3: the process ends at a named step. At every one nothing is lost, and no message comes more than once again."""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.counts import SOAK
from tests.faults.crash_points import POINTS
from tests.faults.week import FIRST_DAY, LEASE, Week, scene

TRIED = len(POINTS) if SOAK else 7


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_no_step_is_a_bad_one_to_die_at(database_url: str, tmp_path: Path, report: Callable[[str], None]) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    points = random.Random(seed).sample(POINTS, TRIED)
    engine = database_url.split(":", 1)[0]
    async with scene(database_url, tmp_path) as here:
        week = Week(here.standin, here.clock, here.bot, seed)
        for n, point in enumerate(points):
            day = FIRST_DAY + timedelta(days=n)
            await here.bot.start(point)
            evening = asyncio.create_task(week.live_a_day(day))
            await asyncio.wait_for(here.bot.ended(), 30)
            week.killed_at = asyncio.get_running_loop().time()
            here.clock.set(here.clock() + LEASE)
            await here.bot.start()
            await evening
            await here.bot.end(signal.SIGTERM)
            lost, asked_twice, repeated = await here.judged([day])
            report(f"{engine}, died {point}: {lost} lost, {asked_twice} asked twice, {repeated} repeated (seed {seed})")
            assert (lost, asked_twice) == (0, 0), point
            assert repeated <= 1, point
