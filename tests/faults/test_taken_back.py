"""F32, F33: what is owed waits for its turn, and meanwhile the person stops, erases everything, or ends sharing.

Telegram's limits make the wait: one message in two seconds. Nothing leaves after the change was written.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, func
from sqlmodel import Session, select

from bot.demo.faults import Fault
from care.due import DueState, lane
from care.due import Kind as DueKind
from handlers.screens import Screen, show
from storage import checkins, erasing, exporting, patients, support, supporting
from storage.tables import DueRow
from tests.faults.town import EVENING, FIRST, Town, town
from tests.storage.lives import share
from tests.storage.people import fill_in

pytestmark = pytest.mark.slow

LAST = FIRST + 2
BEN = 9001
MINUTE = timedelta(minutes=1)

Ends = Callable[[Session, int, Any], object]


def stop(session: Session, chat_id: int, now: Any) -> object:
    return patients.stop(session, chat_id, now)


def pause(session: Session, chat_id: int, now: Any) -> object:
    return patients.pause(session, chat_id, None, now)


def erase(session: Session, chat_id: int, now: Any) -> object:
    return erasing.erase(session, chat_id, now)


def declined(session: Session, chat_id: int, now: Any) -> object:
    card = checkins.open_today(session, chat_id, now)
    assert card
    return checkins.decline(session, chat_id, card.check_in.id, now)


@pytest.mark.parametrize("ends", [stop, pause, erase, declined], ids=lambda ends: ends.__name__)
async def test_a_card_that_waits_for_its_turn_is_taken_back(database_url: str, tmp_path: Path, ends: Ends) -> None:
    async with town(database_url, tmp_path, 3, sends_per_second=0.5) as here:
        here.clock.moment = EVENING
        await _use_up(here)
        sending = asyncio.create_task(here.app.loops.drain_once())
        await _begun(here, LAST)
        assert here.sends(LAST) == [], "it was sent before anything could end"
        await here.app.database.write(ends, LAST, here.clock())
        await sending
        await here.evening(EVENING + MINUTE)
        assert here.sends(LAST) == []
        assert all(len(here.cards(chat)) == 1 for chat in here.people if chat != LAST)


async def _use_up(here: Town) -> None:
    """Use up what Telegram allows at once, so that whatever comes next waits, in whatever order it comes."""
    await show(here.app.application.bot, FIRST, Screen("a word to somebody else"), lane=lane(DueKind.NUDGE))


async def _begun(here: Town, chat_id: int) -> None:
    """Wait until the send to somebody was decided and waits for its turn."""
    async with asyncio.timeout(30):
        while not await here.app.database.read(_is_begun, chat_id):
            await asyncio.sleep(0.005)


def _is_begun(session: Session, chat_id: int) -> bool:
    patient = patients.find(session, chat_id)
    assert patient
    rows = select(DueRow).where(DueRow.patient_id == patient.id, DueRow.state == DueState.LEASED)
    return any(row.sending for row in session.exec(rows))


def ends_link(session: Session, chat_id: int, now: Any) -> object:
    (link,) = support.links_of(session, chat_id)
    return support.end(session, chat_id, link.id, now)


def unticks_all(session: Session, chat_id: int, now: Any) -> object:
    (link,) = support.links_of(session, chat_id)
    return support.change(session, chat_id, link.id, (), now)


def pauses_sharing(session: Session, chat_id: int, now: Any) -> object:
    (link,) = support.links_of(session, chat_id)
    return support.pause(session, chat_id, link.id, True, now)


def ben_leaves(session: Session, chat_id: int, now: Any) -> object:
    (link,) = support.links_of(session, chat_id)
    return supporting.leave(session, BEN, link.id, now)


@pytest.mark.parametrize(
    "ends", [ends_link, unticks_all, pauses_sharing, ben_leaves, erase], ids=lambda ends: ends.__name__
)
@pytest.mark.parametrize("when", ["before it is begun", "while it waits"])
async def test_an_update_is_never_sent_after_sharing_ended(
    database_url: str, tmp_path: Path, ends: Ends, when: str
) -> None:
    """F32, in both orders."""
    async with town(database_url, tmp_path, 3, sends_per_second=0.5) as here:
        here.standin.person(BEN, "Ben").room.started = True
        await here.app.database.write(share, LAST, BEN, here.clock())
        await here.app.loops.drain_once()  # that sharing began is told
        here.clock.moment = EVENING - MINUTE * 30
        before = await _told_of_a_check_in(here)
        at = await here.app.database.read(_moment_of_update)
        here.clock.moment = max(at, EVENING)
        if when == "before it is begun":
            await here.app.database.write(ends, LAST, here.clock())
            await here.app.loops.drain_once()
        else:
            await _use_up(here)
            sending = asyncio.create_task(here.app.loops.drain_once())
            await _begun(here, LAST)
            assert len(_updates(here)) == before
            await here.app.database.write(ends, LAST, here.clock())
            await sending
        await here.later(MINUTE)
        assert len(_updates(here)) == before, [call.params["text"] for call in _updates(here)]


async def _told_of_a_check_in(here: Town) -> int:
    """Let the patient check in, which owes Ben an update; give how many updates about that he had before."""
    card = await here.app.database.write(checkins.open_today, LAST, here.clock())
    assert card
    await here.app.database.write(fill_in, LAST, card.check_in.id, here.clock())
    return len(_updates(here))


def _updates(here: Town) -> list[Any]:
    return [call for call in here.sends(BEN) if call.ok and "checked in" in str(call.params["text"])]


def _moment_of_update(session: Session) -> Any:
    rows = select(DueRow.at).where(DueRow.kind == DueKind.SHARE, DueRow.state == DueState.WAITING)
    return min(session.exec(rows))


async def test_a_copy_is_not_sent_to_whoever_erased_everything(database_url: str, tmp_path: Path) -> None:
    """F33: the copy is on its way when everything is erased: it is taken back, no row is left or comes back."""
    async with town(database_url, tmp_path, 3) as here:
        patient = await here.app.database.read(patients.find, LAST)
        assert patient
        slow = here.standin.misbehave(Fault("slow", "sendDocument", LAST, seconds=2.0))
        await here.app.database.write(exporting.ask, LAST, 1, here.clock())
        sending = asyncio.create_task(here.app.loops.drain_once())
        async with asyncio.timeout(30):
            while slow.times:
                await asyncio.sleep(0.005)
        await here.app.database.write(erasing.erase, LAST, here.clock())
        assert not here.standin.calls_to("sendDocument"), "the copy was there before anything could end"
        await sending
        await here.evening(EVENING + MINUTE)
        assert [call.method for call in here.standin.calls if call.chat_id == LAST] == ["sendDocument", "deleteMessage"]
        assert await here.app.database.read(_rows_of, patient.id) == {}


def _rows_of(session: Session, patient_id: int) -> dict[str, int]:
    """Count the rows that name a person, table by table."""
    tables = MetaData()
    tables.reflect(session.connection())
    mine = {name: table for name, table in tables.tables.items() if "patient_id" in table.c}
    counts = {
        name: session.connection().execute(select(func.count()).where(table.c.patient_id == patient_id)).scalar_one()
        for name, table in mine.items()
    }
    return {name: count for name, count in counts.items() if count}
