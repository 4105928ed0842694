"""F1, F4: kill -9 and SIGTERM at random moments of a scripted week: no answer lost, no question asked twice.

The judge is Telegram's side: what the stand-in was asked to show, and, at the end, what the database holds.
"""

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.counts import either
from tests.faults.week import Week, scene

KILLS = int(os.environ.get("CRASHES", str(either(25, 50))))
STOPS = either(5, 50)
STOP_SECONDS = 5.0


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("how", "times"), [(signal.SIGKILL, KILLS), (signal.SIGTERM, STOPS)], ids=["kill", "stop"])
async def test_no_answer_is_lost_and_no_question_is_asked_twice_while_the_bot_is_ended(
    database_url: str, tmp_path: Path, report: Callable[[str], None], how: signal.Signals, times: int
) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    async with scene(database_url, tmp_path) as here:
        await here.bot.start()
        week = Week(here.standin, here.clock, here.bot, seed, times, how)
        try:
            await week.live()
        finally:
            await here.bot.end(signal.SIGTERM)
        lost, asked_twice, repeated = await here.judged(week.days)
    engine = database_url.split(":", 1)[0]
    report(
        f"{engine}: seed {seed}, {week.kills} times {how.name} over {len(week.days)} days: {lost} answers lost, "
        f"{asked_twice} questions asked twice, {repeated} messages repeated, slowest end {week.slowest_end:.1f} s"
    )
    assert week.kills >= times
    assert (lost, asked_twice) == (0, 0)
    assert repeated <= (week.kills if how is signal.SIGKILL else 0)
    assert week.slowest_end <= STOP_SECONDS
