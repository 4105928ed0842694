import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import people
from care.clock import system_clock
from care.due import Kind
from care.schedule import local_time
from storage import checkins, due


@pytest.mark.parametrize("hour", range(24))
def test_the_people_live_where_it_is_noon_so_that_no_day_ends_meanwhile(hour: int) -> None:
    now = datetime(2026, 3, 1, hour, 59, tzinfo=UTC)

    assert local_time(now, people.noon_zone(now)).hour == 12


async def test_a_copied_person_is_a_real_one_whose_own_card_can_be_answered(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    drawn = await asyncio.to_thread(people.settle, path, 3)
    pressed = json.loads(drawn[2][1])["inline_keyboard"][0][4]["callback_data"]
    _, _, number, code, value, revision = pressed.split(":")
    database = people.opened(path)

    card = await database.write(
        checkins.answer, people.FIRST_CHAT + 2, int(number), code, int(value), int(revision), system_clock()
    )
    others = await database.read(checkins.find, people.FIRST_CHAT + 1, int(number) - 1)
    await database.close()

    assert card is not None
    assert (card.changed, card.check_in.value("mood")) == (True, 4)
    assert others is not None
    assert others.check_in.answers == {}


async def test_everybody_in_a_crowd_is_owed_one_prompt(tmp_path: Path) -> None:
    path = tmp_path / "crowd.db"
    await asyncio.to_thread(people.crowd, path, 5, due=True)
    database = people.opened(path)

    claimed = await database.write(due.claim, "token", system_clock(), 100, 60)
    await database.close()

    assert [row.kind for row in claimed] == [Kind.DAILY] * 5
    assert len({row.patient_id for row in claimed}) == 5
