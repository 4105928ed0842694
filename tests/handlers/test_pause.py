"""Being quiet, stopping and going on."""

from datetime import timedelta

from care.people import State
from storage import due, patients
from tests.handlers.harness import ANA, START, Chatroom, Phone


async def state_of(room: Chatroom) -> State:
    patient = await room.database.read(patients.find, ANA)
    assert patient
    return patient.state


async def test_a_pause_of_three_days_sends_nothing_for_three_days(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/pause")
    await ana.taps("3 days")
    assert ana.last.text.startswith("I am quiet until Sat, Oct 17, 11:00.")
    before = len(ana.messages)
    await room.reach(START + timedelta(days=3))
    assert len(ana.messages) == before
    await room.reach(START + timedelta(days=3, hours=12))
    assert len(ana.messages) > before


async def test_a_pause_until_i_say_so_ends_when_i_say_so(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/pause")
    await ana.taps("Until I say")
    assert await state_of(room) is State.PAUSED
    await ana.taps("Resume")
    assert ana.last.text == "OK. I will write to you at 19:00 again."
    assert await state_of(room) is State.ACTIVE


async def test_stop_in_any_language_stops_at_once_without_asking_back(room: Chatroom, ana: Phone) -> None:
    for text in ("/stop", "STOP", "stopp", "Alto", "arrêter", "parar"):
        await ana.writes("/resume")
        await ana.writes(text)
        assert ana.last.text.startswith("I have stopped, and I will not write to you first."), text
        assert ana.last.labels == ["Resume", "Privacy"]
        assert await state_of(room) is State.STOPPED
        assert await room.database.read(due.next_moment) is None


async def test_a_stopped_person_can_still_use_every_command(ana: Phone) -> None:
    await ana.writes("/stop")
    for command in ("/checkin", "/history", "/reminders", "/settings", "/privacy", "/help", "/summary"):
        before = len(ana.messages)
        await ana.writes(command)
        assert len(ana.messages) > before, command


async def test_resume_works_after_stop(room: Chatroom, ana: Phone) -> None:
    await ana.writes("stop")
    await ana.writes("/resume")
    assert await state_of(room) is State.ACTIVE
    assert await room.database.read(due.next_moment) is not None


async def test_the_same_press_twice_changes_nothing(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/pause")
    await ana.taps("1 week")
    shown = ana.last.text
    await ana.again()
    assert ana.last.text == shown
    assert len(ana.messages) == 1


async def test_a_forged_press_changes_nothing(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/pause")
    for data in ("1:pa:for:400", "1:pa:for", "1:pa:for:-1", "1:pa", "1:pa:sleep"):
        await ana.presses(data)
        assert await state_of(room) is State.ACTIVE, data


async def test_pause_during_a_pause_tells_what_holds_and_offers_the_way_back(ana: Phone) -> None:
    await ana.writes("/pause")
    await ana.taps("1 day")
    await ana.writes("/pause")
    assert ana.last.text.startswith("I am quiet until Thu, Oct 15, 11:00.")
    assert "Resume" in ana.last.labels


async def test_a_stranger_who_says_stop_hears_that_nothing_is_sent(stranger: Phone) -> None:
    for text in ("/pause", "stop", "/resume"):
        await stranger.writes(text)
        assert stranger.last.text.startswith("I do not write to you yet.")
