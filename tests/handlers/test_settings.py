"""/settings: every choice, changed in one tap and shown as it stands."""

from datetime import date, timedelta
from typing import Any

from care.due import Kind
from care.people import OPT_IN, REMINDERS, USUAL_ITEMS, Pace, Patient
from care.schedule import EVERY_DAY, QuietHours
from care.visits import VisitKind
from handlers import choices
from handlers.words import Words
from storage import outlook, patients, pending, visits
from storage.visits import NewVisit
from tests.handlers.harness import ANA, START, Chatroom, Phone

EN = Words("en")
LISTS = ("How often", "More questions", "Before visits")


async def ana_now(room: Chatroom) -> Patient:
    patient = await room.database.read(patients.find, ANA)
    assert patient
    return patient


async def walk(phone: Phone, *labels: str) -> None:
    await phone.writes("/settings")
    for label in labels:
        await phone.taps(label)


async def test_every_setting_is_shown_as_it_stands(ana: Phone) -> None:
    await ana.writes("/settings")
    assert ana.last.text.splitlines()[2:] == [
        "Time: 19:00",
        "Days: every day",
        "How often: Every day",
        "Quiet hours: 22:00 to 08:00",
        "If I forget: 1 reminder",
        "More questions: none",
        "Before visits: 2 days, 1 day, 2 hours",
        "Time zone: Berlin, 11:00 now",
        "Travel: none",
        "Discreet: Off",
        "Day start: 04:00",
        "Help numbers: Germany",
    ]


CHOICES: list[tuple[tuple[str, ...], str, Any]] = [
    (("Time", "Morning 09:00"), "daily_minute", 540),
    (("Time", "Other", "20:30"), "daily_minute", 1230),
    (("Quiet hours", "23:00 to 07:00"), "quiet", QuietHours(1380, 420)),
    (("Quiet hours", "Off"), "quiet", QuietHours(0, 0)),
    (("Quiet hours", "Other", "20:00", "06:30"), "quiet", QuietHours(1200, 390)),
    (("If I forget", "2 reminders"), "nudges", 2),
    (("If I forget", "no reminder"), "nudges", 0),
    (("Discreet", "On"), "discreet", True),
    (("Day start", "02:00"), "day_start", 120),
    (("Day start", "00:00"), "day_start", 0),
    (("Help numbers", "France"), "country", "FR"),
    (("Help numbers", "Somewhere else"), "country", "ZZ"),
    (("Days", "✓ Mon"), "weekdays", EVERY_DAY - {0}),
    (("How often", "Every 2 days"), "pace", Pace.EVERY_2),
    (("How often", "Once a week"), "pace", Pace.WEEKLY),
    (("How often", "Every day"), "pace", Pace.DAILY),
    (("Before visits", "✓ 2 days"), "items", frozenset({"visit24", "visit2"})),
    (("Before visits", "2 days"), "items", frozenset(REMINDERS)),
    (("More questions", "Sleep", "On"), "items", frozenset({"sleep", *REMINDERS})),
    (("More questions", "✓ Sleep", "Off"), "items", frozenset(REMINDERS)),
    (("Time zone", "Other", "Wed 05:00", "New York", "Yes, that is right"), "zone", "America/New_York"),
]


async def test_each_choice_is_kept_and_shown_and_the_same_press_again_changes_nothing(
    room: Chatroom, ana: Phone
) -> None:
    for labels, field, value in CHOICES:
        await walk(ana, *labels)
        shown = ana.last.text
        assert getattr(await ana_now(room), field) == value, labels
        assert shown.startswith("Saved.") or field in ("weekdays", "items"), labels
        await ana.again()
        assert ana.last.text == shown, labels
        assert getattr(await ana_now(room), field) == value, labels


async def test_every_item_can_be_switched_and_says_what_it_is(room: Chatroom, ana: Phone) -> None:
    for item in choices.QUESTIONS:
        await ana.presses(f"1:se:{item}")
        assert ana.last.text.startswith("Shall I"), item
        assert ana.last.labels == ["On", "✓ Off", "Back"]
        await ana.taps("On")
        assert item in (await ana_now(room)).items
        assert ana.last.text.startswith("After my usual questions")
    assert (await ana_now(room)).items == USUAL_ITEMS | set(OPT_IN)
    await ana.writes("/settings")
    assert "More questions: 8 on" in ana.last.text


async def test_whatever_is_asked_only_by_opt_in_says_that_nobody_is_told(ana: Phone) -> None:
    for item in OPT_IN:
        await ana.presses(f"1:se:{item}")
        assert ana.last.text.endswith("I tell nobody what you answer."), item
        await ana.taps("Back")
        assert ana.last.text.startswith("After my usual questions")


async def test_a_question_that_is_switched_on_is_asked_on_its_day(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "More questions", "Anxiety", "On")
    await room.reach(START.replace(hour=17, minute=5))  # Wednesday
    assert "1 of 5" in ana.last.text


async def test_a_pace_begins_today_and_its_press_again_keeps_its_days(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "How often", "Once a week")
    chosen = await ana_now(room)
    assert (chosen.pace_from, chosen.heard_at) == (START.date(), START)
    room.clock.moment += timedelta(days=2)
    await ana.again()
    again = await ana_now(room)
    assert (again.pace_from, again.plan_version) == (START.date(), chosen.plan_version)


async def test_a_switch_changes_nothing_but_its_own_item(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/settings")
    await ana.presses("1:se:sleep:on")
    await ana.presses("1:se:visit2:off")
    await ana.presses("1:se:sleep:on")
    assert (await ana_now(room)).items == {"sleep", "visit48", "visit24"}


async def test_a_reminder_of_visits_that_is_switched_off_is_owed_no_more(room: Chatroom, ana: Phone) -> None:
    visit = NewVisit(START + timedelta(days=5), "Europe/Berlin", VisitKind.FOLLOW_UP)
    await room.database.write(visits.make, ANA, [visit], START)
    await walk(ana, "Before visits", "✓ 2 days", "✓ 2 hours")
    known = await room.database.read(outlook.known, ANA, START)
    assert known
    assert [one.due.slot for one in known.waiting if one.due.kind is Kind.VISIT] == ["24"]


async def test_days_are_switched_one_by_one_and_one_always_stays(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "Days", *[f"✓ {day}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat")])
    assert (await ana_now(room)).weekdays == {6}
    await ana.taps("✓ Sun")
    assert (await ana_now(room)).weekdays == {6}
    await ana.taps("every day")
    assert (await ana_now(room)).weekdays == EVERY_DAY


async def test_a_time_may_be_typed_while_it_is_asked_for(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "Time")
    await ana.writes("half past")
    assert "could not read that as a time" in ana.last.text
    await ana.writes("8:15 pm")
    assert (await ana_now(room)).daily_minute == 20 * 60 + 15
    assert ana.last.text.startswith("Saved.")
    assert await room.database.read(pending.expected, ANA, room.clock()) is None


async def test_a_time_typed_after_a_time_was_tapped_is_a_note(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "Time", "Morning 09:00")
    await ana.writes("20:30")
    assert (await ana_now(room)).daily_minute == 540


async def test_travel_sets_a_zone_until_a_date_and_ends_by_itself_or_by_a_tap(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "Travel", "Other", "Wed 05:00", "New York", "Yes, that is right", "1 week: until Wed, Oct 21")
    patient = await ana_now(room)
    assert (patient.zone, patient.travel_zone, patient.travel_until) == (
        "Europe/Berlin",
        "America/New_York",
        date(2026, 10, 21),
    )
    assert "Travel: New York, until Wed, Oct 21" in ana.last.text
    await ana.taps("Travel")
    await ana.taps("I am home")
    assert (await ana_now(room)).travel_zone is None
    assert "Travel: none" in ana.last.text


async def test_back_leads_to_the_list_from_everywhere(ana: Phone) -> None:
    for item in ("Time", "Days", "Quiet hours", "If I forget", "Time zone", "Travel", "Discreet", "Day start", *LISTS):
        await walk(ana, item, "Back")
        assert "Your settings." in ana.last.text


FORGED = [
    "1:se:pace:hourly",
    "1:se:pace",
    "1:se:items:sleep:on",
    "1:se:sleep:maybe",
    "1:se:visit48",
    "1:se:visit99:on",
    "1:se:mood:off",
    "1:pc:hourly",
    "1:pc",
    "1:se:time:m:9999",
    "1:se:days:0",
    "1:se:days:-3",
    "1:se:quiet:set:5000:1",
    "1:se:quiet:to:x:m:3",
    "1:se:nudges:9",
    "1:se:zone:y:Mars/Base",
    "1:se:until:America/New_York:2999-01-01",
    "1:se:until:America/New_York:soon",
    "1:se:until",
    "1:se:discreet:maybe",
    "1:se:start:77",
    "1:se:country:QQ",
    "1:se:language:tlh",
    "1:se:state:active",
    "1:se",
]


async def test_a_forged_press_changes_nothing_and_shows_a_screen(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/settings")
    before = await ana_now(room)
    for data in FORGED:
        await ana.presses(data)
        assert await ana_now(room) == before, data
        assert ana.last.text, data


async def test_a_change_of_time_moves_the_next_prompt(room: Chatroom, ana: Phone) -> None:
    await walk(ana, "Time", "Midday 13:00")
    before = len(ana.messages)
    await room.reach(START.replace(hour=11, minute=30))
    assert len(ana.messages) == before + 1


async def test_a_stranger_who_presses_an_old_button_changes_nothing(stranger: Phone) -> None:
    await stranger.presses("1:se:time:m:540")
    assert stranger.messages == []


def test_labels_that_share_a_row_are_short() -> None:
    patient = Patient(1, 1, "en", zone="Europe/Berlin", daily_minute=0, country="DE")
    for row in choices.overview(EN, patient, START).rows:
        assert all(len(button.label) <= 14 for button in row)
