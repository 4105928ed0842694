"""The policy, and what was agreed to, each to be taken back."""

import pytest

from care.people import State
from storage import consents, patients, support
from storage.patients import find
from tests.handlers.harness import ANA, BEN, START, Chatroom, Phone
from tests.storage.lives import share


async def test_the_policy_names_what_is_stored_and_who_can_see_it_and_for_how_long(ana: Phone) -> None:
    await ana.writes("/privacy")
    for part in (
        "not end-to-end encrypted",
        "No one reads along",
        "Lindenhof Clinic",
        "24 months",
        "/export",
        "/delete",
    ):
        assert part in ana.last.text
    assert ana.last.labels == ["Full text", "What I said yes to", "Get a copy", "Delete all"]


async def test_the_full_text_opens_in_place_and_folds_again(ana: Phone) -> None:
    await ana.writes("/privacy")
    short = ana.last.text
    await ana.taps("Full text")
    assert "HIPAA" in ana.last.text
    assert "Backups are kept for 30 days" in ana.last.text
    await ana.taps("In short")
    assert ana.last.text == short
    assert len(ana.messages) == 1


async def test_a_stranger_can_read_it_before_agreeing_to_anything(stranger: Phone) -> None:
    await stranger.writes("/privacy")
    assert "What I store" in stranger.last.text
    assert stranger.last.labels == ["Full text"]
    await stranger.taps("Full text")
    assert "HIPAA" in stranger.last.text
    await stranger.presses("1:pr:agreed")
    assert "What I store" in stranger.last.text
    await stranger.presses("1:pr:back:storing")


async def test_everything_the_policy_names_as_a_command_exists(ana: Phone) -> None:
    import re

    from handlers.routes import COMMANDS

    await ana.writes("/privacy")
    await ana.taps("Full text")
    assert set(re.findall(r"(?<![\w/])/([a-z]+)", ana.last.text)) <= set(COMMANDS)


async def test_taking_back_messages_is_stopping_them_and_nothing_else(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/privacy")
    await ana.taps("What I said yes to")
    assert "storing your answers: Oct 14, 2026 (text 1)" in ana.last.text
    assert ana.last.labels == ["Take back: storing", "Take back: messages", "Back"]
    await ana.taps("Take back: messages")
    assert "messages at your times: Oct 14, 2026 (text 1), ended Oct 14, 2026" in ana.last.text
    assert "storing your answers: Oct 14, 2026 (text 1)\n" in ana.last.text
    patient = await room.database.read(find, ANA)
    assert patient is not None
    assert patient.state is State.STOPPED
    await ana.again()
    await ana.taps("Say yes to messages again")
    patient = await room.database.read(find, ANA)
    assert patient is not None
    assert patient.state is State.ACTIVE
    given = {one.kind: one.withdrawn_at for one in await room.database.read(patients.consents, ANA)}
    assert given == {"storing": None, "reminders": None}


async def test_stop_typed_is_the_same_withdrawal(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/stop")
    given = {one.kind: one.withdrawn_at for one in await room.database.read(patients.consents, ANA)}
    assert given == {"storing": None, "reminders": START}


async def test_taking_back_storing_offers_a_copy_and_to_delete(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/privacy")
    await ana.taps("What I said yes to")
    await ana.taps("Take back: storing")
    assert ana.last.labels == ["Get a copy", "Delete all", "Back"]
    assert await room.database.read(find, ANA) is not None
    await ana.taps("Delete all")
    assert "Go on" in ana.last.labels


async def test_taking_back_sharing_ends_it_at_once(room: Chatroom, ana: Phone) -> None:
    await room.database.write(share, ANA, BEN, START)
    await ana.writes("/privacy")
    await ana.taps("What I said yes to")
    assert "You share with 1 person now." in ana.last.text
    await ana.taps("Take back: sharing")
    assert await room.database.read(support.links_of, ANA) == []
    assert "You share" not in ana.last.text


@pytest.mark.parametrize("data", ["1:pr", "1:pr:x", "1:pr:back", "1:pr:back:x"])
async def test_a_forged_press_takes_nothing_back(room: Chatroom, ana: Phone, data: str) -> None:
    await ana.presses(data)
    given = await room.database.read(patients.consents, ANA)
    assert [one.withdrawn_at for one in given] == [None, None]


async def test_a_consent_given_again_holds_from_then_on(room: Chatroom, ana: Phone) -> None:
    patient = await room.database.read(find, ANA)
    assert patient is not None
    for kind in (consents.SHARING, consents.REMINDERS):
        await room.database.write(consents.give, patient.id, kind, "1", START)
        await room.database.write(consents.give, patient.id, kind, "1", START)
    assert len(await room.database.read(patients.consents, ANA)) == 3
