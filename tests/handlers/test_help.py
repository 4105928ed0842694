"""/help, /about, /cancel and commands that do not exist."""

from storage import pending
from tests.handlers.harness import ANA, Chatroom, Phone


async def test_help_opens_every_door(ana: Phone) -> None:
    await ana.writes("/help")
    assert ana.last.labels == [
        "Check in",
        "My chart",
        "History",
        "Reminders",
        "Pause",
        "Settings",
        "Privacy",
        "Help now",
    ]
    for label in ("History", "Reminders", "Pause", "Settings", "Privacy", "Help now"):
        await ana.writes("/help")
        before = ana.last.text
        await ana.taps(label)
        assert ana.last.text != before, label


async def test_every_command_that_help_names_exists(room: Chatroom, ana: Phone) -> None:
    from handlers.routes import COMMANDS

    await ana.writes("/help")
    named = {word.strip("/,:.") for word in ana.last.text.split() if word.startswith("/")}
    assert named <= set(COMMANDS)


async def test_a_stranger_is_told_what_this_is_and_how_to_begin(stranger: Phone) -> None:
    await stranger.writes("/help")
    assert "Send /start" in stranger.last.text
    assert stranger.last.labels == ["Start", "Help now", "Privacy"]


async def test_about_says_what_it_is_not_and_who_runs_it(ana: Phone) -> None:
    await ana.writes("/about")
    assert "not a medical device" in ana.last.text
    assert "Lindenhof Clinic" in ana.last.text


async def test_a_command_that_does_not_exist_leads_to_the_likeliest_three(ana: Phone) -> None:
    await ana.writes("/sumary")
    assert ana.last.labels == ["My chart", "Check in", "Help"]
    await ana.writes("/xyzzy")
    assert ana.last.labels == ["Check in", "My chart", "Help"]


async def test_cancel_forgets_what_was_being_typed(room: Chatroom, ana: Phone) -> None:
    await room.database.write(pending.expect, ANA, "note", "", None, room.clock())
    await ana.writes("/cancel")
    assert await room.database.read(pending.expected, ANA, room.clock()) is None
    assert ana.last.text == "OK. I am not waiting for any text."


async def test_a_forged_button_leads_to_the_likeliest_three(ana: Phone) -> None:
    await ana.writes("/help")
    await ana.presses("1:he:erase-everything")
    assert ana.last.labels == ["Check in", "My chart", "Help"]
