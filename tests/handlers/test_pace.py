"""Easing off: three silent cards, then once a week, then one last message; a tap changes it back at any time."""

from datetime import UTC, datetime, timedelta

from care.easing import Tone
from care.people import Pace, Patient, State
from handlers import pace
from handlers.words import Words
from storage import patients
from tests.handlers.harness import ANA, GOOD_DAY, START, Chatroom, Phone, check_in
from tests.handlers.test_due import NEVER_UNASKED

DAY = timedelta(days=1)
EASING = "I have not heard from you for three days, and that is OK. From now on I will write once a week."
LAST = "I have not heard from you for four weeks, and that is OK. This is my last message."


async def ana_now(room: Chatroom) -> Patient:
    patient = await room.database.read(patients.find, ANA)
    assert patient
    return patient


async def wait(room: Chatroom, days: int) -> None:
    for _ in range(days):
        await room.reach(room.clock() + DAY)


def first_lines(room: Chatroom) -> list[str]:
    return [params["text"].split("\n")[0] for params in room.telegram.said("sendMessage")]


async def test_after_three_silent_cards_one_message_says_that_it_becomes_weekly(room: Chatroom, ana: Phone) -> None:
    await wait(room, 4)
    assert ana.last.text.splitlines()[0] == EASING
    assert ana.last.labels == ["Check in", "Every day", "Every 2 days", "Pause"]
    assert first_lines(room).count(EASING) == 1
    patient = await ana_now(room)
    assert (patient.pace, patient.pace_from) == (Pace.WEEKLY, datetime(2026, 10, 17, tzinfo=UTC).date())


async def test_then_one_card_a_week_and_after_four_weeks_one_last_message(room: Chatroom, ana: Phone) -> None:
    await wait(room, 60)
    lines = [line for line in first_lines(room) if not line.startswith("Your check-in is still open")]
    assert [line.rpartition("· ")[2] for line in lines] == [
        *("Wed, Oct 14", "Thu, Oct 15", "Fri, Oct 16", EASING),
        *("Sat, Oct 24", "Sat, Oct 31", "Sat, Nov 7", LAST),
    ]
    assert (await ana_now(room)).state is State.PAUSED
    assert ana.last.labels == ["Write to me again", "Check in", "Help now"]


async def test_a_tap_on_the_last_message_begins_again_daily(room: Chatroom, ana: Phone) -> None:
    await wait(room, 40)
    await ana.taps("Write to me again")
    assert ana.last.text == "OK. I will write to you at 19:00 again."
    before = len(first_lines(room))
    await wait(room, 2)
    assert [line for line in first_lines(room)[before:] if line.startswith("Time for")] == [
        "Time for your check-in · Mon, Nov 23",
        "Time for your check-in · Tue, Nov 24",
    ]


async def test_one_tap_goes_back_to_daily_and_silence_counts_anew(room: Chatroom, ana: Phone) -> None:
    await wait(room, 4)
    await ana.taps("Every day")
    assert ana.last.text == "OK. Your check-in comes at 19:00: every day."
    shown = ana.last
    await ana.again()
    assert ana.last == shown
    await wait(room, 3)
    assert first_lines(room)[-1].startswith("Your check-in is still open")
    assert (await ana_now(room)).pace is Pace.DAILY
    await wait(room, 1)
    assert first_lines(room)[-1] == EASING


async def test_every_two_days_can_be_chosen_there(room: Chatroom, ana: Phone) -> None:
    await wait(room, 4)
    await ana.taps("Every 2 days")
    assert ana.last.text == "OK. Your check-in comes at 19:00: every 2 days."
    before = len(first_lines(room))
    await wait(room, 4)
    cards = [line for line in first_lines(room)[before:] if line.startswith("Time for")]
    assert cards == ["Time for your check-in · Sun, Oct 18", "Time for your check-in · Tue, Oct 20"]


async def test_whoever_answers_now_and_then_is_asked_every_day(room: Chatroom, ana: Phone) -> None:
    for _ in range(4):
        await wait(room, 2)
        await check_in(ana, *GOOD_DAY)
    assert EASING not in first_lines(room)


async def test_a_check_in_from_the_message_opens_the_card(room: Chatroom, ana: Phone) -> None:
    await wait(room, 4)
    await ana.taps("Check in")
    assert "1 of 4" in ana.last.text


async def test_a_pace_pressed_while_the_bot_is_quiet_says_that_it_is(room: Chatroom, ana: Phone) -> None:
    await wait(room, 4)
    data = ana.data("Every day")
    await ana.writes("/stop")
    await ana.presses(data)
    assert ana.last.text.startswith("I have stopped")
    assert ana.last.labels == ["Resume"]
    assert (await ana_now(room)).state is State.STOPPED


async def test_a_stranger_and_another_patient_change_nothing_of_anas(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await cleo.presses("1:pc:weekly")
    assert (await ana_now(room)).pace is Pace.DAILY
    stranger = room.phone(4711, "Nobody")
    await stranger.presses("1:pc:weekly")
    assert stranger.messages == []


def test_what_comes_unasked_says_nothing_of_health_and_names_the_way_to_help() -> None:
    words = Words("en")
    for tone in (Tone.EASING, Tone.LAST):
        text = pace.screen(words, tone).text
        assert not any(word.lower() in text.lower() for word in NEVER_UNASKED), text
    assert "/urgent" in pace.screen(words, Tone.LAST).text


async def test_the_week_before_a_clock_change_one_card_says_that_there_is_nothing_to_do(
    room: Chatroom, ana: Phone
) -> None:
    while room.clock() < START + 16 * DAY:
        await check_in(ana, *GOOD_DAY[:1])
        await room.reach(room.clock() + DAY)
    told = [params["text"] for params in room.telegram.said("sendMessage") if "Clocks change" in params["text"]]
    assert [text.splitlines()[:2] for text in told] == [
        [
            "Time for your check-in · Sun, Oct 18",
            "Clocks change on Sun, Oct 25. Your check-in stays at 19:00. There is nothing to do.",
        ]
    ]
