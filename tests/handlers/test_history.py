"""/history: the last days, each to be seen, changed, filled in or lightened by a note."""

from datetime import timedelta

from storage import notes
from tests.handlers.harness import ANA, GOOD_DAY, Chatroom, Phone, check_in, settle_in

TODAY = "2026-10-14"


async def test_the_list_names_today_and_seven_days_with_what_each_holds(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await room.database.write(notes.write, ANA, 77, "slept well", None, room.clock())
    room.clock.moment += timedelta(days=1)
    await check_in(ana, "3")
    room.clock.moment += timedelta(days=1)
    await check_in(ana, "Skip", "Skip", "Skip", "Skip")
    room.clock.moment += timedelta(days=1)
    await check_in(ana, "Not today")
    room.clock.moment += timedelta(days=1)
    await ana.writes("/history")
    assert ana.last.text.splitlines()[1:6] == [
        "Sun, Oct 18: nothing yet",
        "Sat, Oct 17: skipped",
        "Fri, Oct 16: skipped",
        "Thu, Oct 15: partly filled in",
        "Wed, Oct 14: complete, 1 note",
    ]
    assert len(ana.last.labels) == 8


async def test_a_day_shows_its_answers_and_can_be_changed(ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.writes("/history")
    await ana.taps("Wed, Oct 14")
    assert ana.last.text.splitlines() == [
        "Oct 14, 2026",
        "Mood: 6",
        "Energy: Some",
        "Dizziness: None",
        "Nausea: None",
    ]
    assert ana.last.labels == ["Change an answer", "All days"]
    await ana.taps("Change an answer")
    assert "Which answer do you want to change?" in ana.last.text


async def test_an_empty_day_can_be_filled_in(ana: Phone) -> None:
    await ana.writes("/history")
    await ana.taps("Mon, Oct 12")
    assert "No answers for this day." in ana.last.text
    await ana.taps("Fill in")
    assert "How was your mood" in ana.last.text
    await ana.taps("4")
    await ana.writes("/history")
    await ana.taps("Mon, Oct 12")
    assert "Mood: 4" in ana.last.text
    assert "Filled in later." in ana.last.text


async def test_today_leads_to_the_card_of_today(ana: Phone) -> None:
    await ana.writes("/history")
    await ana.taps("Wed, Oct 14")
    await ana.taps("Check in")
    assert "How was your mood today?" in ana.last.text


async def test_a_note_is_removed_after_asking(room: Chatroom, ana: Phone) -> None:
    for number, text in ((71, "first"), (72, "second")):
        await room.database.write(notes.write, ANA, number, text, None, room.clock())
    await ana.writes("/history")
    await ana.taps("Wed, Oct 14")
    assert "Note 2: \u2068second\u2069" in ana.last.text
    await ana.taps("Remove note 2")
    assert "It cannot come back." in ana.last.text
    await ana.taps("Keep it")
    await ana.taps("Remove note 2")
    await ana.taps("Remove it")
    assert "second" not in ana.last.text
    assert "first" in ana.last.text
    await ana.again()
    assert "first" in ana.last.text


async def test_nobody_removes_or_sees_a_note_of_somebody_else(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await room.database.write(notes.write, ANA, 71, "mine alone", None, room.clock())
    await cleo.writes("/history")
    for data in (f"1:hi:gone:{TODAY}:71", f"1:hi:drop:{TODAY}:71", f"1:hi:day:{TODAY}"):
        await cleo.presses(data)
        assert "mine alone" not in cleo.last.text
    await ana.writes("/history")
    await ana.taps("Wed, Oct 14")
    assert "mine alone" in ana.last.text


async def test_long_notes_and_many_notes_fit_a_message(room: Chatroom, ana: Phone) -> None:
    for number in range(12):
        await room.database.write(notes.write, ANA, 100 + number, "😀\n" * 2000, None, room.clock())
    await ana.writes("/history")
    await ana.taps("Wed, Oct 14")
    assert "6 more notes are kept." in ana.last.text


async def test_discreet_mode_covers_what_a_day_holds(room: Chatroom) -> None:
    ana = room.phone(ANA)
    await settle_in(ana, discreet=True)
    await check_in(ana, *GOOD_DAY)
    await ana.writes("/history")
    await ana.taps("Wed, Oct 14")
    (entity,) = room.telegram.said("editMessageText")[-1]["entities"]
    assert ana.last.text[entity["offset"] :].startswith("Mood: 6")


async def test_a_forged_press_shows_the_list(ana: Phone) -> None:
    await ana.writes("/history")
    for data in ("1:hi", "1:hi:day:2020-01-01", "1:hi:day:2026-13-40", "1:hi:day:2027-01-01"):
        await ana.presses(data)
        assert ana.last.text.startswith("Today and the 7 days before."), data


async def test_extra_check_ins_are_listed_and_can_be_changed(ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.writes("/checkin")
    await ana.taps("Another entry")
    await ana.taps("2")
    await ana.writes("/history")
    assert "1 extra check-in" in ana.last.text
    await ana.taps("Wed, Oct 14")
    assert "Extra check-in\nMood: 2" in ana.last.text
    assert "Change the extra check-in" in ana.last.labels
