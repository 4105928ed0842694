"""/appointments: a date in words, moves, cancellings, and calendar files both ways."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from care.due import Kind
from care.treatments import TreatmentKind
from care.visits import Appointment, Ride, VisitKind, VisitState
from handlers.calendars import BadCalendar, Calendar, read_calendar
from handlers.due import catch_up, deliver
from handlers.visit_screens import PAGE, minute_of, moment_of
from storage import due, patients, pending, treatments, visits
from storage.visits import NewVisit
from tests.handlers.harness import ANA, CLEO, HOUR, START, Chatroom, Phone

BERLIN = "Europe/Berlin"
DEC_1 = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
DEC_8 = DEC_1 + timedelta(days=7)
OCT_20 = datetime(2026, 10, 20, 13, 0, tzinfo=UTC)
OCT_22 = OCT_20 + timedelta(days=2)
KIND_LABELS = {VisitKind.TREATMENT: "A treatment", VisitKind.FOLLOW_UP: "A follow-up visit"}


async def ahead(room: Chatroom, user_id: int = ANA) -> list[Appointment]:
    return await room.database.read(visits.ahead, user_id, room.clock())


async def only(room: Chatroom, user_id: int = ANA) -> Appointment:
    (visit,) = await ahead(room, user_id)
    return visit


async def booked(
    room: Chatroom, at: datetime = DEC_1, kind: VisitKind = VisitKind.TREATMENT, zone: str = BERLIN, user_id: int = ANA
) -> Appointment:
    made = await room.database.write(visits.make, user_id, [NewVisit(at, zone, kind)], room.clock())
    assert made
    return (made.new + made.there)[0]


async def asked_for(ana: Phone, typed: str, kind: VisitKind = VisitKind.TREATMENT) -> None:
    """Go through the buttons to the question for a date, and type one."""
    await ana.writes("/appointments")
    await ana.taps("Add a visit")
    await ana.taps(KIND_LABELS[kind])
    await ana.writes(typed)


async def opened(ana: Phone) -> None:
    await ana.writes("/appointments")
    await ana.taps("Tue, Dec 1, 15:00")


async def reminders(room: Chatroom, ana: Phone) -> list[str]:
    """List what comes about visits in the coming twelve days, in its order."""
    before = len(ana.messages)
    await room.reach(START + timedelta(days=12))
    return [message.text.splitlines()[0] for message in ana.messages[before:] if "visit" in message.text]


# The list.


async def test_without_a_visit_the_list_offers_to_add_one(ana: Phone) -> None:
    await ana.writes("/appointments")
    assert ana.last.text == "You have no visits noted yet."
    assert ana.last.labels == ["Add a visit", "From a calendar file"]


async def test_the_list_says_when_what_for_and_what_was_confirmed(room: Chatroom, ana: Phone) -> None:
    first = await booked(room)
    await booked(room, DEC_8, VisitKind.FOLLOW_UP)
    await room.database.write(visits.confirm, ANA, first.id, room.clock())
    await ana.writes("/appointments")
    assert ana.last.text.splitlines() == [
        "Your visits ahead. Tap one to confirm, move or cancel it.",
        "• Tue, Dec 1, 15:00 · treatment · ✓ you will be there",
        "• Tue, Dec 8, 15:00 · follow-up visit",
    ]
    assert ana.last.labels[:2] == ["Tue, Dec 1, 15:00", "Tue, Dec 8, 15:00"]


async def test_a_long_list_comes_in_pages(room: Chatroom, ana: Phone) -> None:
    for week in range(2 * PAGE + 1):
        await booked(room, DEC_1 + timedelta(weeks=week))
    await ana.writes("/appointments")
    assert len(ana.last.text.splitlines()) == PAGE + 1
    assert "Earlier" not in ana.last.labels
    await ana.taps("More")
    assert {"More", "Earlier"} <= set(ana.last.labels)
    await ana.taps("More")
    assert len(ana.last.text.splitlines()) == 2
    assert "More" not in ana.last.labels
    await ana.presses("1:ap:list:99999")
    assert len(ana.last.text.splitlines()) == 2, "a page that is not there is the last"
    await ana.presses("1:ap:list:-5")
    assert len(ana.last.text.splitlines()) == PAGE + 1


async def test_in_discreet_mode_only_the_times_are_seen(room: Chatroom, ana: Phone) -> None:
    await room.database.write(patients.choose, ANA, {"discreet": True}, room.clock())
    await booked(room)
    await opened(ana)
    for params in (room.telegram.said("sendMessage")[-1], room.telegram.said("editMessageText")[-1]):
        (covered,) = params["entities"]
        seen = params["text"][: covered["offset"]]
        assert covered["type"] == "spoiler"
        assert "treatment" not in seen
        assert covered["offset"] + covered["length"] == len(params["text"])


# Adding.


async def test_a_date_is_typed_said_back_and_kept_with_one_tap(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "Dec 1, 3 pm")
    assert ana.last.text == "Tue, Dec 1, 15:00 (Berlin time). Right?"
    assert ana.last.labels == ["Yes", "Change"]
    assert await ahead(room) == []
    await ana.taps("Yes")
    visit = await only(room)
    assert (visit.at, visit.zone, visit.kind, visit.state) == (DEC_1, BERLIN, VisitKind.TREATMENT, VisitState.PLANNED)
    assert ana.last.text.splitlines()[:3] == [
        "Added to your list:",
        "Tue, Dec 1, 15:00 (Berlin time)",
        "This is a treatment.",
    ]
    assert await room.database.read(pending.expected, ANA, room.clock()) is None


async def test_a_yes_pressed_twice_or_late_makes_one(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "Dec 1, 3 pm", VisitKind.FOLLOW_UP)
    yes = ana.data("Yes")
    await ana.presses(yes)
    await ana.again()
    await ana.presses(yes)
    assert (await only(room)).kind is VisitKind.FOLLOW_UP
    assert ana.last.text.startswith("This visit is in your list:")
    room.clock.moment = DEC_1 + HOUR
    await ana.presses(yes)
    assert ana.last.text == "That day or time has gone by. Please type one that is still ahead, like this: Dec 1, 3 pm"


async def test_a_date_that_was_read_wrong_is_typed_again(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "Dec 1, 3 pm")
    await ana.taps("Change")
    assert ana.last.text.startswith("Type the day and the time")
    await ana.writes("Dec 8, 3 pm")
    await ana.writes("Dec 8, 4 pm")
    await ana.taps("Yes")
    assert (await only(room)).at == DEC_8 + HOUR


async def test_a_date_with_two_readings_is_asked_with_two_buttons(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "3/11 at 3pm")
    assert ana.last.text.splitlines()[-1] == "All times are Berlin time."
    assert ana.last.labels == ["Tue, Nov 3, 15:00", "Thu, Mar 11, 2027, 15:00", "None of these"]
    await ana.taps("Tue, Nov 3, 15:00")
    assert (await only(room)).at == datetime(2026, 11, 3, 14, 0, tzinfo=UTC)


async def test_todays_weekday_is_asked_with_two_buttons(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "Wednesday 3 pm")
    assert ana.last.labels == ["Wed, Oct 14, 15:00", "Wed, Oct 21, 15:00", "None of these"]


async def test_a_missing_hour_is_asked_for_and_the_day_is_kept(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "tomorrow")
    assert ana.last.text == "Thu, Oct 15, at what time? Please type it like this: 3 pm"
    await ana.writes("hm")
    await ana.writes("half past 3 pm")
    assert ana.last.text.startswith("Thu, Oct 15, 15:30")


async def test_after_a_missing_hour_another_whole_date_counts(ana: Phone) -> None:
    await asked_for(ana, "tomorrow")
    await ana.writes("Dec 1, 3 pm")
    assert ana.last.text.startswith("Tue, Dec 1, 15:00")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("yesterday 3 pm", "That day or time has gone by."),
        ("Oct 14, 8 am", "That day or time has gone by."),
        ("13/13 3 pm", "I could not read a day and a time in that."),
        ("Dec 1, 2028, 3 pm", "That is too far from today"),
        ("banana", "I could not read a day and a time in that."),
        ("🙂", "I could not read a day and a time in that."),
        ("x" * 4000, "That is too long for me to read."),
        ("Dec 1 3 pm " * 454, "That is too long for me to read."),
    ],
)
async def test_what_is_no_date_is_told_kindly_with_a_way_out(
    room: Chatroom, ana: Phone, typed: str, answer: str
) -> None:
    await asked_for(ana, typed)
    assert ana.last.text.startswith(answer)
    assert ana.last.labels[0] == "Never mind"
    assert await ahead(room) == []
    await ana.writes("Dec 1, 3 pm")
    await ana.taps("Yes")
    assert (await only(room)).at == DEC_1


async def test_whoever_goes_elsewhere_types_notes_again(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "banana")
    await ana.taps("Never mind")
    await ana.writes("Dec 1, 3 pm")
    assert "note" in ana.last.text


async def test_a_text_that_is_no_date_can_still_become_a_note(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "It was a hard day. " * 20)
    assert ana.last.labels == ["Never mind", "Save as note"]
    await ana.taps("Save as note")
    assert ana.last.text.startswith("Saved as a note.")


async def test_a_cry_for_help_comes_before_any_date(ana: Phone) -> None:
    await asked_for(ana, "help me")
    assert "112" in ana.last.text


@pytest.mark.parametrize("kind", list(VisitKind))
async def test_a_moment_that_is_taken_is_told_before_anything_is_kept(
    room: Chatroom, ana: Phone, kind: VisitKind
) -> None:
    await booked(room)
    await asked_for(ana, "Dec 1, 3 pm", kind)
    assert ana.last.text == "You already have a visit on Tue, Dec 1, 15:00."
    await ana.presses(f"1:ap:yes:{'t' if kind is VisitKind.TREATMENT else 'v'}:{minute_of(DEC_1)}")
    assert ana.last.text.startswith("This visit is in your list:")
    await only(room)


async def test_a_full_list_says_so(room: Chatroom, ana: Phone) -> None:
    many = [NewVisit(DEC_1 + timedelta(days=n), BERLIN, VisitKind.FOLLOW_UP) for n in range(60)]
    await room.database.write(visits.make, ANA, many, room.clock())
    await asked_for(ana, "Nov 2, 3 pm")
    await ana.taps("Yes")
    assert ana.last.text.startswith("Your list is full")
    assert len(await ahead(room)) == 60


async def test_a_traveller_types_by_the_clock_they_will_live_by_then(room: Chatroom, ana: Phone) -> None:
    away = {"travel_zone": "America/New_York", "travel_until": datetime(2026, 10, 25, tzinfo=UTC).date()}
    await room.database.write(patients.choose, ANA, away, room.clock())
    await asked_for(ana, "Oct 20, 3 pm")
    assert ana.last.text == "Tue, Oct 20, 15:00 (New York time). Right?"
    await ana.writes("Dec 1, 3 pm")
    assert ana.last.text == "Tue, Dec 1, 15:00 (Berlin time). Right?"


async def test_a_new_treatment_gets_the_last_note_or_the_nasal_sprays(room: Chatroom, ana: Phone) -> None:
    await asked_for(ana, "Dec 1, 3 pm")
    await ana.taps("Yes")
    assert (await only(room)).prep_note == "", "how the medicine is given is not known"
    await room.database.write(treatments.had, ANA, START - HOUR, room.clock(), kind=TreatmentKind.NASAL)
    await asked_for(ana, "Dec 8, 3 pm")
    await ana.taps("Yes")
    assert (await ahead(room))[1].prep_note.startswith("No food for 2 hours before.")
    await ana.taps("Clinic's note")
    await ana.writes("Nothing after breakfast.")
    await asked_for(ana, "Dec 15, 3 pm")
    await ana.taps("Yes")
    assert (await ahead(room))[2].prep_note == "Nothing after breakfast."
    await asked_for(ana, "Dec 16, 3 pm", VisitKind.FOLLOW_UP)
    await ana.taps("Yes")
    assert (await ahead(room))[3].prep_note == ""


# One that is there.


async def test_an_appointment_shows_what_can_be_done(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    await opened(ana)
    assert ana.last.text.splitlines() == [
        "Tue, Dec 1, 15:00 (Berlin time)",
        "This is a treatment.",
        "",
        "Do you have a ride home?",
    ]
    assert [[button["text"] for button in row] for row in ana.last.rows] == [
        ["Have a ride", "No ride yet", "None needed"],
        ["I'll be there", "Need to move"],
        ["Can't come", "Calendar file"],
        ["Get ready", "Clinic's note"],
        ["Back"],
    ]
    assert ana.data("Get ready") == f"1:vi:open:{visit.id}"
    await ana.taps("I'll be there")
    assert "You said you will be there." in ana.last.text
    assert "I'll be there" not in ana.last.labels
    assert (await only(room)).state is VisitState.CONFIRMED
    await ana.taps("Back")
    assert "✓ you will be there" in ana.last.text


async def test_a_follow_up_visit_asks_for_no_ride_and_no_note(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room, kind=VisitKind.FOLLOW_UP)
    await opened(ana)
    assert not {"Have a ride", "Clinic's note"} & set(ana.last.labels)
    await ana.presses(f"1:ap:ride:{visit.id}:{visit.version}:yes")
    assert (await only(room)).ride is None


async def test_a_ride_home_is_noted_and_can_be_changed(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    await opened(ana)
    await ana.taps("No ride yet")
    assert "✓ No ride yet" in ana.last.labels
    await ana.taps("Have a ride")
    assert (await only(room)).ride is Ride.YES
    await ana.presses(f"1:ap:ride:{visit.id}:{visit.version}:helicopter")
    assert (await only(room)).ride is Ride.YES


async def test_what_the_clinic_said_is_kept_changed_and_removed(room: Chatroom, ana: Phone) -> None:
    await booked(room)
    await opened(ana)
    await ana.taps("Clinic's note")
    await ana.writes("y" * 1001)
    assert ana.last.text.startswith("That is too long for me to show")
    assert (await only(room)).prep_note == ""
    await ana.writes("  No food for 4 hours.  ")
    assert (await only(room)).prep_note == "No food for 4 hours."
    assert "Before the visit:\nNo food for 4 hours." in ana.last.text
    assert await room.database.read(pending.expected, ANA, room.clock()) is None
    await ana.taps("Clinic's note")
    assert "Until now it says:\nNo food for 4 hours." in ana.last.text
    await ana.taps("Remove it")
    assert (await only(room)).prep_note == ""


async def test_a_note_is_written_to_the_treatments_that_had_the_same(room: Chatroom, ana: Phone) -> None:
    await booked(room)
    other = await booked(room, DEC_8)
    await booked(room, DEC_8 + HOUR, VisitKind.FOLLOW_UP)
    await room.database.write(visits.prepare, ANA, other.id, "Bring the form.", room.clock())
    await booked(room, DEC_8 + timedelta(days=7))
    await opened(ana)
    await ana.taps("Clinic's note")
    await ana.writes("No food for 4 hours.")
    notes = ["No food for 4 hours.", "Bring the form.", "", "No food for 4 hours."]
    assert [visit.prep_note for visit in await ahead(room)] == notes
    await ana.taps("Clinic's note")
    await ana.taps("Remove it")
    assert [visit.prep_note for visit in await ahead(room)] == ["", "Bring the form.", "", ""]


async def test_moving_names_the_clinic_and_takes_the_new_time(room: Chatroom, ana: Phone) -> None:
    await booked(room)
    await opened(ana)
    await ana.taps("Need to move")
    assert "+49 30 5550100" in ana.last.text
    assert ana.last.rows[0][0]["copy_text"] == {"text": "+49 30 5550100"}
    await ana.writes("Dec 8 at 3 pm")
    assert ana.last.text == "Tue, Dec 8, 15:00 (Berlin time). Right?"
    assert (await only(room)).at == DEC_1, "nothing moves before the yes"
    yes = ana.data("Yes")
    await ana.taps("Yes")
    moved = await only(room)
    assert (moved.at, moved.version) == (DEC_8, 2)
    assert ana.last.text.startswith("Moved to:\nTue, Dec 8, 15:00")
    await ana.presses(yes)
    assert (await only(room)).version == 2
    assert ana.last.text.startswith("Tue, Dec 8, 15:00")


async def test_the_reminders_of_the_old_time_are_gone_at_once(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room, OCT_20, VisitKind.FOLLOW_UP)
    await ana.presses(f"1:ap:to:{visit.id}:{visit.version}:{minute_of(OCT_22)}")
    assert await reminders(room, ana) == [
        "You have a visit on Thu, Oct 22 at 15:00. Can you make it?",
        "You have a visit tomorrow, Thu, Oct 22, at 15:00.",
        "You have a visit today at 15:00.",
        "How did your visit on Thu, Oct 22 go? Do you have a next date?",
    ]


async def test_an_appointment_cannot_move_onto_another(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    await booked(room, DEC_8, VisitKind.FOLLOW_UP)
    await opened(ana)
    await ana.taps("Need to move")
    await ana.writes("Dec 8 at 3 pm")
    assert ana.last.text == "You already have a visit on Tue, Dec 8, 15:00."
    await ana.presses(f"1:ap:to:{visit.id}:{visit.version}:{minute_of(DEC_8)}")
    assert [one.at for one in await ahead(room)] == [DEC_1, DEC_8]


async def test_cancelling_asks_first_and_can_be_undone(room: Chatroom, ana: Phone) -> None:
    await booked(room)
    await opened(ana)
    await ana.taps("Can't come")
    assert ana.last.text == "Shall I cancel your visit on Tue, Dec 1, 15:00?"
    await ana.taps("Keep it")
    assert (await only(room)).at == DEC_1
    await ana.taps("Can't come")
    await ana.taps("Cancel it")
    assert await ahead(room) == []
    assert "This visit is cancelled. I will not remind you of it." in ana.last.text
    assert "Please tell your clinic too: +49 30 5550100." in ana.last.text
    assert ana.last.rows[0][0]["copy_text"] == {"text": "+49 30 5550100"}
    await ana.taps("Undo")
    assert (await only(room)).state is VisitState.PLANNED


async def test_an_undo_makes_no_second_visit_at_one_moment(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    await ana.presses(f"1:ap:cancel:{visit.id}:{visit.version}")
    other = await booked(room, kind=VisitKind.FOLLOW_UP)
    await ana.presses(f"1:ap:undo:{visit.id}:{visit.version}")
    assert (await only(room)).id == other.id


async def test_a_cancelled_visit_is_not_reminded_of_and_an_undone_one_is(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room, OCT_20, VisitKind.FOLLOW_UP)
    await ana.presses(f"1:ap:cancel:{visit.id}:{visit.version}")
    await room.reach(OCT_20 - timedelta(days=3))
    assert not [one for one in ana.messages if "You have a visit" in one.text]
    await ana.presses(f"1:ap:undo:{visit.id}:{visit.version}")
    await room.reach(OCT_20 - timedelta(hours=40))
    assert [one for one in ana.messages if "Can you make it?" in one.text]


async def test_a_reminder_is_answered_where_it_stands(room: Chatroom, ana: Phone) -> None:
    await booked(room, OCT_20, VisitKind.FOLLOW_UP)
    await room.reach(OCT_20 - timedelta(hours=47))
    await ana.taps("I'll be there")
    assert "You said you will be there." in ana.last.text
    assert not [one for one in ana.messages if "Can you make it?" in one.text]


async def test_a_reminder_that_was_overtaken_on_its_way_is_redrawn(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room, OCT_20, VisitKind.FOLLOW_UP)
    await room.reach(OCT_20 - timedelta(hours=49))
    room.clock.moment = OCT_20 - timedelta(hours=48)
    owed = next(
        row for row in await room.database.write(due.claim, "mine", room.clock(), 100, 60) if row.kind is Kind.VISIT
    )
    begun = await room.database.write(due.begin, owed.id, "mine", room.clock())
    assert begun
    await room.database.write(visits.move, ANA, visit.id, OCT_22, room.clock())
    shown = await deliver(room.application.bot, room.deps, begun)
    assert shown
    assert "Tue, Oct 20" in ana.last.text
    await catch_up(room.application.bot, room.deps, begun, shown)
    assert "Thu, Oct 22" in ana.last.text
    assert ana.data("Need to move") == f"1:ap:move:{visit.id}:2"


async def test_a_visit_that_was_cancelled_in_the_end_is_told_afterwards(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    room.clock.moment = DEC_1 + timedelta(hours=3)
    await ana.presses(f"1:ap:cancel:{visit.id}:{visit.version}")
    assert "This visit is cancelled." in ana.last.text
    assert "Undo" not in ana.last.labels
    found = await room.database.read(visits.find, ANA, visit.id)
    assert found
    assert found.state is VisitState.CANCELLED


async def test_a_visit_that_moved_is_moved_even_after_its_hour(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    room.clock.moment = DEC_1 + timedelta(hours=3)
    await ana.presses(f"1:ap:move:{visit.id}:{visit.version}")
    assert "ask your clinic" not in ana.last.text
    await ana.writes("Dec 8, 3 pm")
    await ana.taps("Yes")
    assert (await only(room)).at == DEC_8


async def test_one_that_has_gone_by_is_asked_about_and_not_confirmed(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    room.clock.moment = DEC_1 + timedelta(hours=3)
    await ana.presses(f"1:ap:confirm:{visit.id}:{visit.version}")
    found = await room.database.read(visits.find, ANA, visit.id)
    assert found
    assert found.state is VisitState.PLANNED
    assert "This visit has gone by." in ana.last.text
    assert ana.last.labels == ["Done", "Not yet", "It moved", "It was cancelled", "Back"]


async def test_after_a_visit_there_is_a_date_a_note_or_nothing(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room, OCT_20, VisitKind.FOLLOW_UP)
    await room.reach(OCT_20 + timedelta(days=1, hours=4))
    assert "How did your visit" in next(one for one in ana.messages if "Add a date" in one.labels).text
    await ana.taps("Write a note")
    assert ana.last.asks
    await ana.writes("It went well.")
    assert await room.database.read(pending.expected, ANA, room.clock()) is None
    await ana.taps("I did not go")
    found = await room.database.read(visits.find, ANA, visit.id)
    assert found
    assert found.state is VisitState.MISSED
    await ana.presses("1:ap:later")
    assert "/appointments" in ana.messages[-1].text


async def test_a_changed_zone_shows_the_new_clock_and_the_clinics(room: Chatroom, ana: Phone) -> None:
    await booked(room, OCT_20, VisitKind.FOLLOW_UP)
    await room.reach(OCT_20 - timedelta(hours=30))
    await room.database.write(patients.choose, ANA, {"zone": "America/New_York"}, room.clock())
    await ana.writes("/appointments")
    assert ana.last.text.splitlines()[1:] == [
        "• Tue, Oct 20, 09:00 · follow-up visit",
        "In Berlin it is then Tue, Oct 20, 15:00.",
    ]
    await room.reach(OCT_20 - timedelta(hours=20))
    told = next(one.text for one in reversed(ana.messages) if "You have a visit tomorrow" in one.text)
    assert told == "You have a visit tomorrow, Tue, Oct 20, at 09:00.\nIn Berlin it is then Tue, Oct 20, 15:00."


# Buttons that are old, strange or somebody else's.

Press = Callable[[Appointment], str]
FORGED: list[Press] = [
    lambda visit: f"1:ap:see:{visit.id}",
    lambda visit: f"1:ap:confirm:{visit.id}:{visit.version}",
    lambda visit: f"1:ap:cancel:{visit.id}:{visit.version}",
    lambda visit: f"1:ap:move:{visit.id}:{visit.version}",
    lambda visit: f"1:ap:to:{visit.id}:{visit.version}:{minute_of(DEC_8)}",
    lambda visit: f"1:ap:cant:{visit.id}:{visit.version}",
    lambda visit: f"1:ap:ride:{visit.id}:{visit.version}:yes",
    lambda visit: f"1:ap:bare:{visit.id}:{visit.version}",
    lambda visit: f"1:ap:note:{visit.id}",
    lambda visit: f"1:ap:file:{visit.id}",
    lambda visit: f"1:ap:undo:{visit.id}:{visit.version}",
    lambda visit: f"1:ap:missed:{visit.id}:{visit.version}",
]


async def test_nobody_reaches_somebody_elses_appointment(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await booked(room)
    before = await only(room)
    for press in FORGED:
        await cleo.presses(press(before))
        assert room.telegram.said("answerCallbackQuery")[-1]["text"].startswith("That visit is not in your list.")
    assert cleo.messages == []
    assert await only(room) == before
    assert await room.database.read(pending.expected, CLEO, room.clock()) is None


async def test_a_button_of_an_earlier_version_changes_nothing(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    await room.database.write(visits.move, ANA, visit.id, DEC_8, room.clock())
    before = await only(room)
    for press in FORGED[1:7]:
        await ana.presses(press(visit))
        assert ana.last.text.startswith("Tue, Dec 8, 15:00")
    assert await only(room) == before


NONSENSE = [
    "1:ap",
    "1:ap:dance",
    "1:ap:see",
    "1:ap:see:x",
    "1:ap:see:-1",
    "1:ap:new:q",
    "1:ap:yes:q:29000000",
    "1:ap:yes:t:-7",
    "1:ap:yes:t:4611686018427387903",
    "1:ap:to:1:1:4611686018427387903",
    "1:ap:confirm::",
    "1:ap:ride:1:1",
    "1:ap:take:x",
    "1:ap:take:t",
    "1:ap:list:4611686018427387903",
]


@pytest.mark.parametrize("data", NONSENSE)
async def test_forged_presses_do_no_harm(room: Chatroom, ana: Phone, data: str) -> None:
    visit = await booked(room)
    await ana.presses(data)
    assert (await only(room)).version == visit.version
    assert room.telegram.said("answerCallbackQuery")


async def test_a_stranger_is_led_to_the_start(room: Chatroom, stranger: Phone) -> None:
    await stranger.writes("/appointments")
    assert "18 or older" in stranger.last.text
    for data in ("1:ap:yes:t:29900000", "1:ap:list", "1:ap:add", "1:ap:take:t", "1:ap:jot"):
        await stranger.presses(data)
    assert await room.database.read(patients.find, ANA) is None


def test_a_moment_is_carried_in_minutes() -> None:
    assert moment_of(minute_of(DEC_1)) == DEC_1
    assert moment_of(None) is None
    assert moment_of(2**40) is None


# Calendar files.

EVENT = "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\nDTSTART{start}\r\nSUMMARY:Ketamine\r\nEND:VEVENT\r\n"
SERIES = ";TZID=Europe/Berlin:20261201T150000\r\nRRULE:FREQ=WEEKLY;COUNT=3"


def ics(*starts: str) -> bytes:
    events = "".join(EVENT.format(uid=f"u{n}@clinic", start=start) for n, start in enumerate(starts))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{events}END:VCALENDAR\r\n".encode()


@pytest.fixture
def reads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: the other one is tested with the reader."""

    async def read(content: bytes, now: datetime, zone: str) -> Calendar:
        return read_calendar(content, now, zone)

    monkeypatch.setattr("handlers.calendar_files.read", read)


async def gives(ana: Phone, content: bytes, name: str = "visits.ics") -> int:
    return await ana.sends_document(name, content, "text/calendar")


@pytest.mark.usefixtures("reads_here")
async def test_a_calendar_file_is_shown_and_kept_only_after_a_tap(room: Chatroom, ana: Phone) -> None:
    number = await gives(ana, ics(SERIES, ";VALUE=DATE:20261224", ":20260101T100000Z"))
    assert ana.last.reply_to == number
    assert ana.last.text.splitlines() == [
        "I found 3 dates in this file:",
        "",
        "• Tue, Dec 1, 15:00",
        "• Tue, Dec 8, 15:00",
        "• Tue, Dec 15, 15:00",
        "",
        "All times are Berlin time.",
        "I left out 1 entry that has no time of day.",
        "What are they for? I add nothing before you tap.",
    ]
    assert await ahead(room) == []
    await ana.taps("Add as treatments")
    assert ana.last.text == "Added: 3 visits."
    assert {visit.kind for visit in await ahead(room)} == {VisitKind.TREATMENT}
    await ana.taps("Show my visits")
    assert "Tue, Dec 15, 15:00" in ana.last.text


@pytest.mark.usefixtures("reads_here")
async def test_a_file_sent_again_adds_nothing_and_a_changed_one_moves(room: Chatroom, ana: Phone) -> None:
    await gives(ana, ics(":20261201T140000Z", ":20261203T140000Z"))
    take = ana.data("Add as follow-up visits")
    offer = ana.last.id
    await ana.taps("Add as follow-up visits")
    await ana.presses(take, offer)
    assert ana.last.text == "In your list before: 2 visits."
    await gives(ana, ics(":20261208T140000Z", ":20261203T140000Z", ":20261220T140000Z"))
    assert "• Thu, Dec 3, 15:00 · in your list" in ana.last.text
    await ana.taps("Add as follow-up visits")
    assert ana.last.text.splitlines() == ["Added: 1 visit.", "Moved: 1 visit.", "In your list before: 1 visit."]
    assert [visit.at.day for visit in await ahead(room)] == [3, 8, 20]


@pytest.mark.usefixtures("reads_here")
async def test_a_moment_that_was_typed_before_is_not_doubled_by_a_file(room: Chatroom, ana: Phone) -> None:
    await booked(room, kind=VisitKind.FOLLOW_UP)
    await gives(ana, ics(":20261201T140000Z"))
    await ana.taps("Add as treatments")
    assert ana.last.text == "In your list before: 1 visit."
    await only(room)


@pytest.mark.usefixtures("reads_here")
async def test_only_the_first_ten_of_many_dates_are_listed(room: Chatroom, ana: Phone) -> None:
    await gives(ana, ics(";TZID=Europe/Berlin:20261201T150000\r\nRRULE:FREQ=WEEKLY;COUNT=14"))
    assert len([line for line in ana.last.text.splitlines() if line.startswith("•")]) == 10
    assert "and 4 more" in ana.last.text


@pytest.mark.usefixtures("reads_here")
async def test_a_file_without_a_zone_says_whose_was_taken(ana: Phone) -> None:
    await gives(ana, ics(":20261201T150000"))
    assert "I took your own: Berlin time." in ana.last.text


@pytest.mark.usefixtures("reads_here")
async def test_a_file_of_another_zone_shows_both_clocks(ana: Phone) -> None:
    await gives(ana, ics(";TZID=America/New_York:20261201T090000"))
    assert "• Tue, Dec 1, 15:00\nIn New York it is then Tue, Dec 1, 09:00." in ana.last.text


@pytest.mark.usefixtures("reads_here")
async def test_a_file_that_is_gone_is_asked_for_again(room: Chatroom, ana: Phone) -> None:
    number = await gives(ana, ics(SERIES))
    room.telegram.files.clear()
    await ana.taps("Add as treatments")
    assert ana.last.text == "I could not get that file from Telegram any more. Please send it again."
    await gives(ana, ics(SERIES))
    del room.telegram.chats[ANA][number + 2]
    await ana.presses("1:ap:take:t")
    assert "Please send it again." in ana.last.text
    assert await ahead(room) == []


@pytest.mark.usefixtures("reads_here")
async def test_an_offer_can_be_left(room: Chatroom, ana: Phone) -> None:
    await gives(ana, ics(SERIES))
    await ana.taps("Do not add them")
    assert ana.last.text == "OK. I added nothing."
    assert await ahead(room) == []


BAD = [
    (b"hello", BadCalendar.NOT_A_CALENDAR, "I could not read that file as a calendar."),
    (b"", BadCalendar.NOT_A_CALENDAR, "I could not read that file as a calendar."),
    (b"\x00\xff" * 500, BadCalendar.NOT_A_CALENDAR, "I could not read that file as a calendar."),
    (ics(), BadCalendar.EMPTY, "I found no day and time ahead"),
    (ics(":20200101T100000Z"), BadCalendar.EMPTY, "I found no day and time ahead"),
    (ics(":20261015T100000Z\r\nRRULE:FREQ=SECONDLY"), BadCalendar.TOO_OFTEN, "That file has too many dates"),
    (ics(*[":20261201T140000Z"] * 3000), BadCalendar.TOO_BIG, "That file is too big for me."),
]


@pytest.mark.usefixtures("reads_here")
@pytest.mark.parametrize(("content", "bad", "answer"), BAD, ids=[f"{n}-{bad}" for n, (_, bad, _) in enumerate(BAD)])
async def test_a_bad_file_is_told_kindly(
    room: Chatroom, ana: Phone, content: bytes, bad: BadCalendar, answer: str
) -> None:
    assert read_calendar(content, room.clock(), BERLIN).bad is bad
    await gives(ana, content)
    assert ana.last.text.startswith(answer)
    assert not {"Add as treatments", "Add as follow-up visits"} & set(ana.last.labels)


@pytest.mark.parametrize("bad", list(BadCalendar))
async def test_every_fault_of_a_file_has_its_words(
    ana: Phone, monkeypatch: pytest.MonkeyPatch, bad: BadCalendar
) -> None:
    async def read(content: bytes, now: datetime, zone: str) -> Calendar:
        return Calendar((), bad, all_day=2)

    monkeypatch.setattr("handlers.calendar_files.read", read)
    await gives(ana, b"x")
    assert ana.last.text.endswith("I left out 2 entries that have no time of day.")


async def test_what_a_file_says_of_its_contents_goes_nowhere(room: Chatroom, ana: Phone) -> None:
    """The one test here that reads in the other process."""
    await gives(ana, ics(SERIES))
    await ana.taps("Add as treatments")
    assert len(await ahead(room)) == 3
    assert "Ketamine" not in "".join(message.text for message in ana.messages)


async def test_other_files_are_still_not_read(ana: Phone) -> None:
    await ana.sends_document("letter.pdf", b"%PDF", "application/pdf")
    assert ana.last.text.startswith("I can only read text and buttons.")


async def test_a_cry_for_help_under_a_file_is_heard(ana: Phone) -> None:
    await ana.sends_document("visits.ics", ics(SERIES), "text/calendar", "help me")
    assert "112" in ana.last.text


async def test_a_stranger_with_a_calendar_is_led_to_the_start(stranger: Phone) -> None:
    await gives(stranger, ics(SERIES))
    assert "18 or older" in stranger.last.text


async def test_an_appointment_goes_into_the_phones_calendar_without_a_word_of_what_it_is(
    room: Chatroom, ana: Phone
) -> None:
    visit = await booked(room)
    await opened(ana)
    await ana.taps("Calendar file")
    assert ana.last.file is not None
    name, content = ana.last.file
    text = content.decode()
    assert name == "visit.ics"
    assert "SUMMARY:Visit" in text
    assert "DTSTART:20261201T140000Z" in text
    assert not [word for word in ("treat", "ketamin", "clinic", str(ANA)) if word in text.lower()]
    await room.database.write(visits.move, ANA, visit.id, DEC_8, room.clock())
    await ana.presses(f"1:ap:file:{visit.id}")
    assert ana.last.file is not None
    later = ana.last.file[1].decode()
    uids = [line for one in (text, later) for line in one.splitlines() if line.startswith("UID:")]
    assert uids[0] == uids[1]
    assert "SEQUENCE:1" in text
    assert "SEQUENCE:2" in later


async def test_a_cancelled_visit_gives_no_file(room: Chatroom, ana: Phone) -> None:
    visit = await booked(room)
    await room.database.write(visits.cancel, ANA, visit.id, room.clock())
    await ana.presses(f"1:ap:file:{visit.id}")
    assert room.telegram.said("sendDocument") == []
    assert "This visit is cancelled." in ana.last.text
