"""/treatment and /treated: marked once, told kindly, corrected and taken back; a course set up in three taps."""

from datetime import UTC, datetime, timedelta

import pytest

from care.people import Patient
from care.treatments import Treatment, TreatmentKind, courses, sessions_of
from care.visits import Appointment, VisitKind, VisitState
from handlers.words import Words, languages
from storage import patients, pending, treatments, visits
from storage.visits import NewVisit
from tests.handlers.harness import ANA, CLEO, HOUR, START, Chatroom, Phone, settle_in

BERLIN = "Europe/Berlin"
EN = Words("en")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
CARE = EN("after-care")


async def had(room: Chatroom, chat_id: int = ANA) -> list[Treatment]:
    return await room.database.read(treatments.of_patient, chat_id)


async def had_one(room: Chatroom) -> Treatment:
    (one,) = await had(room)
    return one


async def ahead(room: Chatroom, chat_id: int = ANA) -> list[Appointment]:
    return await room.database.read(visits.ahead, chat_id, room.clock())


async def visit_at(room: Chatroom, at: datetime, ends_at: datetime | None = None) -> Appointment:
    new = NewVisit(at, BERLIN, VisitKind.TREATMENT, ends_at)
    made = await room.database.write(visits.make, ANA, [new], min(room.clock(), at - DAY))
    assert made
    return made.new[0]


async def visit_now(room: Chatroom, visit: Appointment) -> Appointment:
    found = await room.database.read(visits.find, ANA, visit.id)
    assert found
    return found


async def known_kind(room: Chatroom, at: datetime = START - 9 * DAY) -> Treatment:
    """Let Ana have told of a drip before, so that the kind is not asked."""
    one = await room.database.write(treatments.had, ANA, at, at + HOUR, kind=TreatmentKind.DRIP)
    assert one
    return one


async def patient(room: Chatroom) -> Patient:
    found = await room.database.read(patients.find, ANA)
    assert found
    return found


def minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


async def test_the_list_begins_empty_and_says_what_is_asked_when(ana: Phone) -> None:
    await ana.writes("/treatment")
    assert ana.last.text.splitlines() == [
        "Your treatments",
        "",
        "You have not told me of one yet.",
        "",
        EN("treatment-asked"),
    ]
    assert ana.last.labels == ["I had a treatment", "Set up a course", "Add one date"]


async def test_the_list_has_the_last_ones_and_the_coming_ones(room: Chatroom, ana: Phone) -> None:
    for n in range(4):
        await known_kind(room, START - (12 - 2 * n) * DAY)
    for n in range(6):
        await visit_at(room, START + (n + 1) * DAY)
    await ana.writes("/treatment")
    assert ana.last.text.splitlines()[:-1] == [
        "Your treatments",
        "",
        "You told me of 4. The last ones:",
        "· Sun, Oct 4, 11:00 · IV drip",
        "· Tue, Oct 6, 11:00 · IV drip",
        "· Thu, Oct 8, 11:00 · IV drip",
        "",
        "Coming up:",
        "· Thu, Oct 15, 11:00",
        "· Fri, Oct 16, 11:00",
        "· Sat, Oct 17, 11:00",
        "· Sun, Oct 18, 11:00",
        "And 2 more: see /appointments.",
        "",
    ]
    await ana.taps("Coming: Thu, Oct 15, 11:00")
    assert "Thu, Oct 15, 11:00" in ana.last.text
    assert "Your treatments" not in ana.last.text


async def test_visits_of_another_kind_are_not_listed(room: Chatroom, ana: Phone) -> None:
    new = NewVisit(START + DAY, BERLIN, VisitKind.FOLLOW_UP)
    await room.database.write(visits.make, ANA, [new], START)
    await ana.writes("/treatment")
    assert "Coming up" not in ana.last.text


async def test_in_discreet_mode_the_list_is_covered(room: Chatroom, ana: Phone) -> None:
    await settle_in(ana, discreet=True)
    await ana.writes("/treatment")
    (sent,) = room.telegram.said("sendMessage")
    assert sent["entities"] == [{"type": "spoiler", "offset": 0, "length": len(ana.last.text)}]


async def test_just_now_is_two_hours_that_end_now_and_the_kind_is_asked_once(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/treated")
    assert ana.last.labels == ["Just now", "Earlier today", "Another time"]
    await ana.taps("Just now")
    assert ana.last.text == "Noted: your treatment on Wed, Oct 14, 09:00.\nWhat kind was it?"
    assert ana.last.labels == ["Nasal spray", "IV drip", "Shot", "Tablet or lozenge", "Other", "Skip"]
    one = await had_one(room)
    assert (one.at, one.ended_at, one.kind) == (START - 2 * HOUR, START, None)
    await ana.taps("IV drip")
    assert ana.last.text == "\n".join(
        ("Noted: your treatment on Wed, Oct 14, 09:00.", "I will ask how you feel at 13:00.", "", CARE)
    )
    assert ana.last.labels == ["That was wrong"]
    assert (await had_one(room)).kind is TreatmentKind.DRIP
    room.clock.advance(3 * DAY)
    await ana.writes("/treated")
    await ana.taps("Just now")
    assert "What kind" not in ana.last.text
    assert [one.kind for one in await had(room)] == [TreatmentKind.DRIP] * 2


async def test_the_driving_text_is_whole_the_first_time_and_short_later(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await ana.writes("/treated")
    await ana.taps("Just now")
    assert ana.last.text.splitlines() == [
        "Noted: your treatment on Wed, Oct 14, 09:00.",
        "I will ask how you feel at 13:00.",
        "",
        "Do not drive until tomorrow, after a good night of sleep.",
    ]


async def test_the_kind_can_be_skipped(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/treated")
    await ana.taps("Just now")
    await ana.taps("Skip")
    assert "I will ask how you feel at 13:00." in ana.last.text
    assert CARE in ana.last.text
    assert (await had_one(room)).kind is None


async def test_a_tablet_at_home_is_asked_about_three_hours_after_it(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/treated")
    await ana.taps("Just now")
    await ana.taps("Tablet or lozenge")
    assert "I will ask how you feel at 12:00." in ana.last.text


async def test_pressed_twice_late_and_again_it_stays_one_treatment(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await ana.writes("/treated")
    data, number = ana.data("Just now"), ana.last.id
    await ana.taps("Just now")
    said = ana.last.text
    await ana.again()
    assert ana.last.text == said
    room.clock.advance(40 * MINUTE)
    await ana.presses(data, number)
    assert ana.last.text == said
    room.clock.advance(3 * HOUR)
    await ana.presses(data, number)
    assert ana.last.text == "When was your treatment?"
    assert len(await had(room)) == 2


async def test_earlier_today_is_an_hour_to_tap(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    room.clock.advance(3 * HOUR + 20 * MINUTE)
    await ana.writes("/treated")
    await ana.taps("Earlier today")
    assert ana.last.labels == [*(f"{hour:02}:00" for hour in range(4, 15)), "Back"]
    await ana.taps("09:00")
    one = (await had(room))[-1]
    assert (one.at, one.ended_at) == (START - 2 * HOUR, None)
    assert ana.last.labels == ["How do you feel now?", "That was wrong"]
    assert ana.data("How do you feel now?") == f"1:c:after:{one.id}"
    assert "in the morning, at 09:00" in ana.last.text
    await ana.writes("I feel well")
    assert "could not read" not in ana.last.text


async def test_an_hour_can_be_typed_too(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await ana.writes("/treated")
    await ana.taps("Earlier today")
    await ana.writes("7:30")
    assert (await had(room))[-1].at == START - 3 * HOUR - 30 * MINUTE
    assert await room.database.read(pending.expected, ANA, START) is None


async def test_in_the_first_minutes_of_a_day_nothing_was_earlier(room: Chatroom, ana: Phone) -> None:
    room.clock.moment = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)
    await ana.writes("/treated")
    assert ana.last.labels == ["Just now", "Another time"]


async def test_another_time_is_typed_in_one_go_or_bit_by_bit(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await ana.writes("/treated")
    await ana.taps("Another time")
    await ana.writes("soon")
    assert ana.last.text == EN("treated-unread")
    await ana.writes("yesterday")
    assert ana.last.text == "Tue, Oct 13, at what time? Please type it like this: 3 pm"
    await ana.writes("3 pm")
    one = (await had(room))[-1]
    assert one.at == datetime(2026, 10, 13, 13, 0, tzinfo=UTC)
    assert ana.last.text.splitlines() == [
        "Noted: your treatment on Tue, Oct 13, 15:00.",
        "Your check-ins go on as usual.",
    ]


async def test_a_typed_time_that_can_be_two_is_asked_about(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await ana.writes("/treated")
    await ana.taps("Another time")
    await ana.writes("yesterday at 3")
    assert ana.last.labels == ["Tue, Oct 13, 03:00", "Tue, Oct 13, 15:00", "Back"]
    await ana.taps("Tue, Oct 13, 15:00")
    assert (await had(room))[-1].at == datetime(2026, 10, 13, 13, 0, tzinfo=UTC)
    assert await room.database.read(pending.expected, ANA, START) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow 3 pm", "when-unread-future"),
        ("Sep 3, 3 pm", "when-unread-too-far"),
        ("x" * 200, "when-unread-too-long"),
    ],
)
async def test_a_time_that_makes_no_sense_is_said_kindly(room: Chatroom, ana: Phone, text: str, said: str) -> None:
    await ana.writes("/treated")
    await ana.taps("Another time")
    await ana.writes(text)
    assert ana.last.text == EN(said)
    assert await had(room) == []


async def test_after_going_back_a_text_is_no_date_any_more(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/treated")
    await ana.taps("Another time")
    await ana.taps("Back")
    await ana.writes("yesterday 3 pm")
    assert await had(room) == []


async def test_a_cry_for_help_is_never_taken_for_a_date(ana: Phone) -> None:
    await ana.writes("/treated")
    await ana.taps("Another time")
    await ana.writes("Help now")
    assert "could not read" not in ana.last.text
    assert "112" in ana.last.text


async def test_while_paused_nothing_is_promised(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await room.database.write(patients.pause, ANA, None, START)
    await ana.writes("/treated")
    await ana.taps("Just now")
    assert EN("treated-paused") in ana.last.text
    assert "I will ask" not in ana.last.text


async def test_a_planned_one_is_done_in_one_tap(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    visit = await visit_at(room, START - 3 * HOUR, START - HOUR)
    press = f"1:tx:done:{visit.id}:1"
    await ana.writes("/help")
    await ana.presses(press)
    one = (await had(room))[-1]
    assert (one.at, one.ended_at, one.kind) == (START - 3 * HOUR, START - HOUR, TreatmentKind.DRIP)
    assert (await visit_now(room, visit)).treatment_id == one.id
    assert "I will ask how you feel at 12:00." in ana.last.text
    said, version = ana.last.text, (await patient(room)).plan_version
    await ana.presses(press)
    await ana.presses(f"1:tx:notyet:{visit.id}:1")
    assert ana.last.text == said
    assert (await patient(room)).plan_version == version
    assert len(await had(room)) == 2


async def test_one_that_ends_early_ended_now(room: Chatroom, ana: Phone) -> None:
    visit = await visit_at(room, START - HOUR, START + HOUR)
    await ana.presses(f"1:tx:done:{visit.id}:1")
    assert (await had_one(room)).ended_at == START


async def test_not_yet_waits_and_leads_on(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    visit = await visit_at(room, START - 3 * HOUR)
    await ana.writes("/help")
    await ana.presses(f"1:tx:notyet:{visit.id}:1")
    assert ana.last.text == "OK. Tell me when you are done."
    assert ana.last.labels == ["I'm done", "It moved"]
    assert ana.data("It moved") == f"1:ap:move:{visit.id}:1"
    assert len(await had(room)) == 1
    await ana.taps("I'm done")
    assert len(await had(room)) == 2


async def test_whoever_was_not_done_when_asked_ended_only_now(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    visit = await visit_at(room, START - 4 * HOUR)
    await ana.writes("/help")
    await ana.presses(f"1:tx:notyet:{visit.id}:1")
    await ana.taps("I'm done")
    assert (await had(room))[-1].ended_at == START
    assert "I will ask how you feel at 13:00." in ana.last.text


@pytest.mark.parametrize("later", [2 * HOUR, DAY])
async def test_done_after_the_planned_end_or_the_next_day_ended_as_planned(
    room: Chatroom, ana: Phone, later: timedelta
) -> None:
    visit = await visit_at(room, START - 2 * HOUR, START - HOUR)
    room.clock.advance(later)
    await ana.writes("/help")
    await ana.presses(f"1:tx:done:{visit.id}:1" + (":now" if later == DAY else ""))
    assert (await had_one(room)).ended_at == START - HOUR


async def test_one_that_lies_ahead_is_not_noted(room: Chatroom, ana: Phone) -> None:
    visit = await visit_at(room, START + HOUR)
    await ana.writes("/help")
    for data in (f"1:tx:done:{visit.id}:1", f"1:tx:at:{minute(START + HOUR)}"):
        await ana.presses(data)
        assert ana.last.text == "That is still ahead: Wed, Oct 14, 12:00. Tell me when it is over."
    assert await had(room) == []
    assert await visit_now(room, visit) == visit


async def test_one_from_long_ago_is_not_noted(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/help")
    await ana.presses(f"1:tx:at:{minute(START - 15 * DAY)}")
    assert ana.last.text == EN("treated-long-ago")
    assert await had(room) == []


async def test_told_by_command_the_planned_one_is_not_asked_about(room: Chatroom, ana: Phone) -> None:
    visit = await visit_at(room, START - HOUR)
    await ana.writes("/treated")
    await ana.taps("Just now")
    await ana.taps("IV drip")
    assert (await visit_now(room, visit)).state is VisitState.DONE


async def test_that_was_wrong_takes_it_back_once(room: Chatroom, ana: Phone) -> None:
    visit = await visit_at(room, START - HOUR)
    await ana.writes("/help")
    done = f"1:tx:done:{visit.id}:1"
    await ana.presses(done)
    await ana.taps("Skip")
    await ana.taps("That was wrong")
    assert ana.last.text.startswith("OK. That one is not on your list.\n\nYour treatments")
    said = ana.last.text
    await ana.again()
    assert ana.last.text == said
    assert await had(room) == []
    again = await visit_now(room, visit)
    assert (again.state, again.version) == (VisitState.PLANNED, 2)
    await ana.presses(done)
    assert "out of date" in ana.last.text
    assert await had(room) == []


async def test_the_time_of_one_is_corrected(room: Chatroom, ana: Phone) -> None:
    one = await known_kind(room, START - 2 * DAY)
    await ana.writes("/treatment")
    await ana.taps("Correct a past one")
    await ana.taps("Mon, Oct 12, 11:00 · IV drip")
    assert ana.last.labels == ["Change time", "Change kind", "Take it back", "Back"]
    await ana.taps("Change time")
    await ana.writes("Oct 12, 3 pm")
    assert ana.last.text == "Saved.\nTreatment on Mon, Oct 12, 15:00 · IV drip"
    assert (await had_one(room)).at == one.at + 4 * HOUR
    assert await room.database.read(pending.expected, ANA, START) is None


async def test_a_correction_keeps_how_long_it_was(room: Chatroom, ana: Phone) -> None:
    at = START - 5 * HOUR
    one = await room.database.write(treatments.had, ANA, at, START, ended_at=at + HOUR)
    assert one
    await ana.writes("/help")
    await ana.presses(f"1:tx:moveto:{one.id}:1:{minute(at + HOUR)}")
    moved = await had_one(room)
    assert (moved.at, moved.ended_at) == (at + HOUR, at + 2 * HOUR)
    await ana.presses(f"1:tx:moveto:{one.id}:2:{minute(START - 30 * MINUTE)}")
    assert (await had_one(room)).ended_at == START


async def test_a_correction_from_an_older_card_changes_nothing(room: Chatroom, ana: Phone) -> None:
    one = await known_kind(room, START - 2 * DAY)
    await ana.writes("/help")
    await ana.presses(f"1:tx:moveto:{one.id}:1:{minute(START - 3 * DAY)}")
    said = ana.last.text
    await ana.again()
    assert ana.last.text == said == "Saved.\nTreatment on Sun, Oct 11, 11:00 · IV drip"
    now = await had_one(room)
    for data in (
        f"moveto:{one.id}:1:{minute(START - DAY)}",
        f"newkind:{one.id}:1:shot",
        f"kind:{one.id}:1:shot",
        f"retime:{one.id}:1",
        f"undo:{one.id}:1",
    ):
        await ana.presses(f"1:tx:{data}")
        assert "out of date" in ana.last.text, data
        assert await had_one(room) == now


async def test_one_cannot_be_moved_onto_another_or_ahead(room: Chatroom, ana: Phone) -> None:
    first, second = await known_kind(room, START - 5 * DAY), await known_kind(room, START - 2 * DAY)
    await ana.writes("/help")
    await ana.presses(f"1:tx:moveto:{second.id}:1:{minute(first.at + HOUR)}")
    assert ana.last.text == EN("treatment-near")
    await ana.presses(f"1:tx:moveto:{second.id}:1:{minute(START + HOUR)}")
    assert "still ahead" in ana.last.text
    assert await had(room) == [first, second]


async def test_the_kind_of_one_is_corrected(room: Chatroom, ana: Phone) -> None:
    await known_kind(room, START - 2 * DAY)
    await ana.writes("/treatment")
    await ana.taps("Correct a past one")
    await ana.taps("Mon, Oct 12, 11:00 · IV drip")
    await ana.taps("Change kind")
    await ana.taps("Shot")
    assert ana.last.text == "Saved.\nTreatment on Mon, Oct 12, 11:00 · Shot"
    await ana.taps("Take it back")
    assert await had(room) == []


async def set_up(phone: Phone, first: str, name: str = "IV drip, 3 weeks") -> None:
    await phone.writes("/treatment")
    await phone.taps("Set up a course")
    await phone.taps(name)
    await phone.writes(first)


async def test_a_course_is_shown_before_anything_is_kept(room: Chatroom, ana: Phone) -> None:
    await set_up(ana, "Oct 20, 9:30 am")
    assert ana.last.text.splitlines() == [
        "IV drip, 3 weeks. These are the dates, by the clock of Berlin. Shall I keep them?",
        "· Tue, Oct 20, 09:30",
        "· Fri, Oct 23, 09:30",
        "· Tue, Oct 27, 09:30",
        "· Fri, Oct 30, 09:30",
        "· Tue, Nov 3, 09:30",
        "· Fri, Nov 6, 09:30",
    ]
    assert ana.last.labels == ["Add all 6", "Another start", "Back"]
    assert await ahead(room) == []


async def test_a_course_is_kept_once_in_one_plan(room: Chatroom, ana: Phone) -> None:
    await set_up(ana, "Oct 20, 9:30 am")
    data, number, version = ana.data("Add all 6"), ana.last.id, (await patient(room)).plan_version
    await ana.taps("Add all 6")
    said = ana.last.text
    assert said.splitlines() == ["6 dates of this plan are on your list now.", "", EN("course-change")]
    await ana.again()
    await ana.presses(data, number)
    assert ana.last.text == said
    kept = await ahead(room)
    assert [visit.at for visit in kept] == sessions_of(
        courses()["iv_6"], datetime(2026, 10, 20, 7, 30, tzinfo=UTC), BERLIN
    )
    assert {visit.prep_note for visit in kept} == {""}
    assert (await patient(room)).plan_version == version + 1


async def test_pressed_again_much_later_a_course_stays_as_it_was_changed(room: Chatroom, ana: Phone) -> None:
    await set_up(ana, "Oct 20, 9:30 am")
    data = ana.data("Add all 6")
    await ana.taps("Add all 6")
    first, second, *_ = await ahead(room)
    await room.database.write(visits.move, ANA, first.id, first.at + DAY, START)
    await room.database.write(visits.cancel, ANA, second.id, START)
    before = await ahead(room)
    await ana.presses(data)
    assert ana.last.text.startswith("5 dates of this plan are on your list now.")
    assert await ahead(room) == before


async def test_a_nasal_course_comes_with_the_labels_note(room: Chatroom, ana: Phone) -> None:
    await set_up(ana, "Oct 20, 9:30 am", "Nasal spray, 8 weeks")
    assert "No food for 2 hours before." in ana.last.text
    await ana.taps("Add all 12")
    assert {visit.prep_note for visit in await ahead(room)} == {EN("appt-preset")}


async def test_a_course_that_began_today_leaves_the_first_out_and_offers_to_note_it(room: Chatroom, ana: Phone) -> None:
    await known_kind(room)
    await set_up(ana, "today, 9 am")
    assert "· Wed, Oct 14, 09:00 (over, I leave it out)" in ana.last.text
    await ana.taps("Add all 5")
    assert len(await ahead(room)) == 5
    await ana.taps("I had the first one")
    assert (await had(room))[-1].at == START - 2 * HOUR


async def test_a_first_date_that_can_be_two_is_asked_about(room: Chatroom, ana: Phone) -> None:
    await set_up(ana, "today, 9:00")
    assert ana.last.labels == ["Wed, Oct 14, 09:00", "Wed, Oct 14, 21:00", "Back"]
    await ana.taps("Wed, Oct 14, 21:00")
    assert ana.last.labels[0] == "Add all 6"


async def test_a_first_day_and_its_hour_can_be_typed_one_after_the_other(ana: Phone) -> None:
    await set_up(ana, "Oct 20")
    assert ana.last.text == "Tue, Oct 20, at what time? Please type it like this: 3 pm"
    await ana.writes("3 pm")
    assert "· Tue, Oct 20, 15:00" in ana.last.text


async def test_another_start_asks_again(ana: Phone) -> None:
    await set_up(ana, "Oct 20, 9:30 am")
    await ana.taps("Another start")
    await ana.writes("Oct 21, 9:30 am")
    assert "· Wed, Oct 21, 09:30" in ana.last.text


@pytest.mark.parametrize("text", ["yesterday, 3 pm", "Dec 1, 2029, 3 pm", "whenever"])
async def test_a_first_date_that_cannot_be_is_said_kindly(room: Chatroom, ana: Phone, text: str) -> None:
    await set_up(ana, text)
    assert ana.last.labels == ["Back"]
    assert await ahead(room) == []


async def test_dates_too_far_ahead_are_left_out(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/help")
    await ana.presses(f"1:tx:add:iv_6:{minute(START + 399 * DAY)}")
    assert ana.last.text.startswith("1 date of this plan is on your list now.\nI left 5 dates out.")
    await ana.presses(f"1:tx:add:iv_6:{minute(START + 500 * DAY)}")
    assert ana.last.text == EN("course-nothing")
    assert len(await ahead(room)) == 1


async def test_the_clocks_may_change_within_a_course(room: Chatroom, ana: Phone) -> None:
    await set_up(ana, "Oct 20, 9:30 am")
    await ana.taps("Add all 6")
    assert [visit.at.hour for visit in await ahead(room)] == [7, 7, 8, 8, 8, 8]


FORGED = [
    *("", "x", "done", "done:1", "done:x:y", "done:999:1", f"done:{2**62 - 1}:1", "notyet:999:1", "notyet"),
    *(
        "at",
        "at:x",
        "at:-5",
        f"at:{2**61}",
        "just",
        "just:x",
        f"just:{2**61}",
        "kind",
        "kind:1:1:gas",
        "kind:999:1:shot",
    ),
    *(
        "noted",
        "noted:999",
        "one",
        "one:999",
        "retime:999:1",
        "retime",
        "moveto",
        "moveto:1:1",
        "moveto:999:1:29000000",
    ),
    *("rekind:999", "newkind:999:1:shot", "undo", "undo:999:1", "plan", "plan:none", "first", "first:iv_6"),
    *(
        "first:none:29400000",
        "first:iv_6:1",
        f"first:iv_6:{2**61}",
        "add",
        "add:iv_6",
        "add:iv_6:1",
        "add:none:29400000",
    ),
]


@pytest.mark.parametrize("data", FORGED)
async def test_a_forged_press_shows_how_things_stand(room: Chatroom, ana: Phone, data: str) -> None:
    await ana.writes("/help")
    version = (await patient(room)).plan_version
    await ana.presses(f"1:tx:{data}" if data else "1:tx")
    assert "/treat" not in ana.last.text
    assert ana.last.rows
    assert (await had(room), await ahead(room)) == ([], [])
    assert (await patient(room)).plan_version == version
    assert await room.database.read(pending.expected, ANA, START) is None


async def test_nothing_of_anas_reaches_cleo(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    one = await known_kind(room, START - 2 * DAY)
    visit = await visit_at(room, START - HOUR)
    await cleo.writes("/help")
    for word in ("one", "noted", "rekind", "undo", "retime", "kind", "newkind", "moveto"):
        await cleo.presses(f"1:tx:{word}:{one.id}:1:{'shot' if 'kind' in word else minute(START - DAY)}")
        assert "Oct" not in cleo.last.text, word
    for word in ("done", "notyet"):
        await cleo.presses(f"1:tx:{word}:{visit.id}:1")
        assert "Oct" not in cleo.last.text, word
    assert await had(room) == [one]
    assert await had(room, CLEO) == []
    assert await visit_now(room, visit) == visit


async def test_a_follow_up_visit_is_never_marked_as_a_treatment(room: Chatroom, ana: Phone) -> None:
    new = NewVisit(START - HOUR, BERLIN, VisitKind.FOLLOW_UP)
    made = await room.database.write(visits.make, ANA, [new], START - DAY)
    assert made
    await ana.writes("/help")
    await ana.presses(f"1:tx:done:{made.new[0].id}:1")
    assert "out of date" in ana.last.text
    assert await had(room) == []


async def test_a_cancelled_one_is_not_marked_by_an_old_card(room: Chatroom, ana: Phone) -> None:
    visit = await visit_at(room, START - HOUR)
    await room.database.write(visits.cancel, ANA, visit.id, START)
    await ana.writes("/help")
    for word in ("done", "notyet"):
        await ana.presses(f"1:tx:{word}:{visit.id}:1")
        assert "out of date" in ana.last.text
    assert await had(room) == []


async def test_a_moved_one_is_not_marked_by_an_old_card(room: Chatroom, ana: Phone) -> None:
    visit = await visit_at(room, START - HOUR)
    await room.database.write(visits.move, ANA, visit.id, START + DAY, START)
    await ana.writes("/help")
    await ana.presses(f"1:tx:done:{visit.id}:1")
    assert "out of date" in ana.last.text
    assert "· Thu, Oct 15, 11:00" in ana.last.text
    assert await had(room) == []


async def test_a_stranger_is_led_to_the_beginning(room: Chatroom, stranger: Phone) -> None:
    for command in ("/treatment", "/treated"):
        await stranger.writes(command)
        assert "18 or older" in stranger.last.text
    before = len(stranger.messages)
    await stranger.presses(f"1:tx:at:{minute(START - HOUR)}")
    assert len(stranger.messages) == before
    assert await had(room) == []


async def test_away_from_home_times_are_the_ones_of_the_clock_there(room: Chatroom, ana: Phone) -> None:
    await settle_in(ana, travel_zone="America/New_York", travel_until=START.date() + 9 * DAY)
    await known_kind(room)
    await ana.writes("/treated")
    await ana.taps("Just now")
    assert "Wed, Oct 14, 03:00" in ana.last.text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", courses())
def test_every_course_has_its_words(language: str, code: str) -> None:
    words, name = Words(language), f"course-{code.replace('_', '-')}"
    assert words.has(name)
    assert str(courses()[code].sessions) in words(f"{name}-about")
