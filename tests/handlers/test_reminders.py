"""/reminders tells truly when the bot will write, and what became of the last messages."""

from datetime import datetime, timedelta

from care.checkin import Outcome
from storage import due, history
from tests.handlers.harness import ANA, GOOD_DAY, START, Chatroom, Phone, check_in


async def coming(phone: Phone) -> list[str]:
    await phone.writes("/reminders")
    return phone.last.text.split("\n\n")[0].splitlines()[1:]


async def next_prompt(room: Chatroom) -> datetime:
    moment = await room.database.read(due.next_moment)
    assert moment
    return moment


async def test_the_next_three_prompts_are_named_at_the_time_the_person_chose(ana: Phone) -> None:
    assert await coming(ana) == ["Wed, Oct 14, 19:00", "Thu, Oct 15, 19:00", "Fri, Oct 16, 19:00"]
    assert "Your time: 19:00, every day." in ana.last.text
    assert "Quiet hours: 22:00 to 08:00." in ana.last.text


async def test_a_day_that_is_answered_already_is_not_promised_again(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    assert (await coming(ana))[0] == "Thu, Oct 15, 19:00"
    assert (await next_prompt(room)).date() == START.date() + timedelta(days=1)


async def test_an_open_check_in_is_still_asked_for(ana: Phone) -> None:
    await check_in(ana, "6")
    assert (await coming(ana))[0] == "Wed, Oct 14, 19:00"


async def test_a_day_that_was_prompted_is_not_promised_again(room: Chatroom, ana: Phone) -> None:
    await room.reach(START + timedelta(hours=8, minutes=30))
    assert (await coming(ana))[0] == "Thu, Oct 15, 19:00"


async def test_what_is_named_is_what_comes(room: Chatroom, ana: Phone) -> None:
    for _ in range(5):
        promised = (await coming(ana))[0]
        moment = await next_prompt(room)
        assert promised == f"{moment:%a, %b} {moment.day}, 19:00"
        await room.reach(moment + timedelta(hours=6))


async def test_a_pause_is_named_with_what_comes_after_it(ana: Phone) -> None:
    await ana.writes("/pause")
    await ana.taps("3 days")
    lines = await coming(ana)
    assert lines[0].startswith("I am quiet until Sat, Oct 17, 11:00.")
    assert lines[1:] == ["After that:", "Sat, Oct 17, 19:00", "Sun, Oct 18, 19:00", "Mon, Oct 19, 19:00"]
    assert "Resume" in ana.last.labels


async def test_after_a_stop_nothing_is_promised(ana: Phone) -> None:
    await ana.writes("/stop")
    assert (await coming(ana))[0].startswith("I have stopped")
    assert "19:00" not in "".join(await coming(ana))


async def test_chosen_days_are_the_only_ones_named(ana: Phone) -> None:
    await ana.writes("/settings")
    for label in ("Days", "✓ Wed", "✓ Thu", "✓ Sat", "✓ Sun"):
        await ana.taps(label)
    assert await coming(ana) == ["Fri, Oct 16, 19:00", "Mon, Oct 19, 19:00", "Tue, Oct 20, 19:00"]


async def test_what_became_of_the_last_messages_is_told_with_the_reason(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/settings")
    await ana.taps("Time")
    await ana.taps("Midday 13:00")
    await room.reach(START + timedelta(hours=3))
    await ana.taps("6")
    for label in GOOD_DAY[1:]:
        await ana.taps(label)
    await room.reach(START + timedelta(hours=7))
    await ana.writes("/reminders")
    await ana.taps("Last messages")
    lines = ana.last.text.splitlines()
    assert "reminder: not sent, because you had answered" in lines[1]
    assert lines[2].startswith("Wed, Oct 14, 13:0")
    assert lines[2].endswith("check-in: sent")
    await ana.taps("Back")
    assert ana.last.text.startswith("When I will write to you next:")


async def test_the_buttons_lead_to_the_settings(ana: Phone) -> None:
    for label in ("Time", "Days", "Quiet hours", "If I forget", "Pause"):
        await ana.writes("/reminders")
        before = ana.last.text
        await ana.taps(label)
        assert ana.last.text != before


async def test_nothing_of_somebody_else_is_told(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    found = await room.database.read(history.recent, ANA, START.date(), START.date())
    assert found[0].outcome is Outcome.COMPLETE
    assert (await coming(cleo))[0] == "Wed, Oct 14, 19:00"
