"""F23: sixteen taps on one question, at once. One answer, the first; none overwritten."""

import asyncio
from pathlib import Path

import pytest

from storage import checkins
from storage.database import Database
from tests.faults.town import FIRST, WORDS, town
from tests.storage.people import ANA, NOON, begin_as

TAPS = 16


async def test_of_sixteen_taps_on_one_card_the_first_counts(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path, 3) as here:
        await here.evening()
        phone = here.people[FIRST]
        card = phone.messages[-1]
        marks = [button.data for row in card.rows for button in row if button.text in map(str, range(11))]
        chosen = [marks[(7 * n + 3) % 11] for n in range(TAPS)]
        for data in chosen:
            assert data
            phone.presses(data, card.message_id)
        await here.quiet()
        found = await here.app.database.write(checkins.open_today, FIRST, here.clock())
        assert found
        answer = found.check_in.answers["mood"]
        assert (answer.value, answer.revision) == (3, 1)
        assert WORDS("question-energy") in (phone.messages[-1].text or "")
        assert len(phone.messages) == 1
        presses = here.standin.calls_to("answerCallbackQuery")
        assert sum(call.ok for call in presses) == TAPS


@pytest.mark.parametrize("revision", [0, 1])
async def test_of_sixteen_writers_one_changes_the_row(database: Database, revision: int) -> None:
    await database.write(begin_as, ANA)
    card = await database.write(checkins.open_today, ANA, NOON)
    assert card
    number = card.check_in.id
    if revision:
        await database.write(checkins.answer, ANA, number, "mood", 10, 0, NOON)
    writes = (database.write(checkins.answer, ANA, number, "mood", value % 11, revision, NOON) for value in range(TAPS))
    taken = await asyncio.gather(*writes)
    changed = [one for one in taken if one and one.changed]
    assert len(changed) == 1
    found = await database.read(checkins.find, ANA, number)
    assert found
    answer = found.check_in.answers["mood"]
    assert answer.revision == revision + 1
    assert answer == changed[0].check_in.answers["mood"]
