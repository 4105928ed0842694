"""What is said to come is what will come: the same rules decide now that decide at the moment of sending."""

from dataclasses import replace
from datetime import date, timedelta

from care.due import Due, Kind, Message
from care.easing import Silence, Tone
from care.outlook import Coming, Known, outlook
from care.people import Pace, Patient, State
from care.treatments import Treatment, TreatmentKind
from care.visits import Appointment, VisitKind, VisitState
from tests.care.moments import at, shown

LONDON = "Europe/London"
ANA = Patient(13, 1001, "en", State.ACTIVE, zone=LONDON, country="GB", daily_minute=19 * 60, plan_version=3)
NOW = at("2026-01-10 12:00")  # a Saturday; her own offset is four minutes
TREATMENT = Treatment(5, 13, at("2026-01-10 09:00"), LONDON, TreatmentKind.NASAL, at("2026-01-10 11:00"), 1)
VISIT = Appointment(7, 13, at("2026-01-12 15:00"), LONDON, VisitKind.FOLLOW_UP)


def waits(kind: Kind, event: str, when: str, slot: str = "1", hours: int = 3) -> Due:
    return Due(1, 13, kind, event, slot, 3, at(when), at(when) + timedelta(hours=hours))


def told(known: Known, most: int = 5) -> list[str]:
    return [f"{shown(one.at, LONDON)[5:]} {one.due.kind.value}" for one in outlook(known, NOW, most)]


def about(visit: Appointment, when: str, slot: str, kind: Kind = Kind.VISIT) -> Coming:
    owed = waits(kind, f"a{visit.id}.{visit.version}", when, slot)
    return Coming(owed, owed.at, visit=visit)


def test_a_card_that_waits_and_the_same_day_worked_out_are_one() -> None:
    owed = waits(Kind.DAILY, "2026-01-10", "2026-01-10 19:04", hours=9)
    expected = ["01-10 19:00 daily", "01-11 19:00 daily", "01-12 19:00 daily"]
    assert told(Known(ANA, [Coming(owed, owed.at)]), 3) == expected
    assert told(Known(ANA), 3) == expected


def test_days_that_are_done_are_left_out() -> None:
    assert told(Known(ANA, done=frozenset({date(2026, 1, 10)})), 1) == ["01-11 19:00 daily"]


def test_a_card_that_is_held_is_named_by_when_it_will_come() -> None:
    owed = waits(Kind.DAILY, "2026-01-10", "2026-01-10 20:30", hours=7)
    (first, *_) = outlook(Known(ANA, [Coming(owed, owed.at, "passing")]), NOW, 5)
    assert (shown(first.at, LONDON)[-5:], first.held) == ("20:30", "passing")


def test_what_would_come_in_quiet_hours_is_named_with_its_end() -> None:
    owed = waits(Kind.VISIT, "a7.1", "2026-01-12 07:00", "2", hours=7)
    found = outlook(Known(ANA, [Coming(owed, owed.at, visit=VISIT)], visits=[VISIT]), NOW, 5)
    (held,) = [one for one in found if one.due.kind is Kind.VISIT]
    assert (shown(held.at, LONDON), held.held) == ("2026-01-12 08:00", "quiet_hours")


def test_every_kind_stands_in_the_order_of_time() -> None:
    waiting = [about(VISIT, "2026-01-11 15:00", "24"), about(VISIT, "2026-01-12 13:00", "2")]
    assert told(Known(ANA, waiting, visits=[VISIT])) == [
        "01-10 19:00 daily",
        "01-11 15:00 visit",
        "01-11 19:00 daily",
        "01-12 13:00 visit",
        "01-12 19:00 daily",
    ]


def test_a_reminder_that_asks_what_was_answered_is_left_out() -> None:
    confirmed = replace(VISIT, state=VisitState.CONFIRMED)
    known = Known(ANA, [about(confirmed, "2026-01-10 15:00", "48")], visits=[confirmed])
    assert "visit" not in " ".join(told(known))


def test_a_day_has_no_more_messages_than_it_may() -> None:
    second = replace(VISIT, id=8, at=at("2026-01-12 18:00"))
    waiting = [about(VISIT, "2026-01-12 13:00", "2"), about(second, "2026-01-12 16:00", "2")]
    known = Known(ANA, waiting, visits=[VISIT, second])
    assert [line for line in told(known, 6) if line.startswith("01-12")] == ["01-12 13:00 visit", "01-12 16:00 visit"]
    treated = replace(known, visits=[replace(VISIT, kind=VisitKind.TREATMENT), second])
    assert "01-12 19:00 daily" in told(treated, 6)


def test_what_went_out_today_counts() -> None:
    said = [
        (at("2026-01-10 08:30"), Message(Kind.VISIT, "2", True)),
        (at("2026-01-10 09:30"), Message(Kind.VISIT, "24", True)),
    ]
    assert told(Known(ANA, said=said), 1) == ["01-11 19:00 daily"]
    yesterday = [(moment - timedelta(days=1), message) for moment, message in said]
    assert told(Known(ANA, said=yesterday), 1) == ["01-10 19:00 daily"]


def test_the_cards_after_a_treatment_are_named_as_such() -> None:
    known = Known(ANA, done=frozenset({date(2026, 1, 10)}), treatments=[TREATMENT])
    found = outlook(known, NOW, 3)
    assert [(shown(one.at, LONDON)[5:], one.set_name, one.treatment and one.treatment.id) for one in found] == [
        ("01-11 09:00", "next_morning", 5),
        ("01-12 19:00", "daily", None),
        ("01-13 19:00", "day_three", 5),
    ]


def test_a_morning_card_that_comes_in_the_evening_is_named_by_the_evening() -> None:
    yesterday = replace(TREATMENT, at=at("2026-01-09 09:00"), ended_at=at("2026-01-09 11:00"))
    owed = waits(Kind.DAILY, "2026-01-10", "2026-01-10 19:04", hours=9)
    (first,) = outlook(Known(ANA, [Coming(owed, owed.at)], treatments=[yesterday]), NOW, 1)
    assert (shown(first.at, LONDON)[5:], first.set_name) == ("01-10 19:00", "next_morning")


def test_the_question_for_a_next_date_is_left_out_while_a_visit_lies_after_it() -> None:
    owed = waits(Kind.NEXT_DATE, "t5.1", "2026-01-11 15:00")
    asks = Coming(owed, owed.at, treatment=TREATMENT)
    assert "01-11 15:00 next_date" in told(Known(ANA, [asks]))
    assert "01-11 15:00 next_date" not in told(Known(ANA, [asks], visits=[VISIT]))


def test_after_three_unanswered_cards_the_outlook_is_weekly() -> None:
    found = outlook(Known(ANA, silence=Silence(3, at("2026-01-07 19:00"))), NOW, 3)
    assert [(shown(one.at, LONDON)[5:10], one.tone) for one in found] == [
        ("01-10", Tone.EASING),
        ("01-17", Tone.USUAL),
        ("01-24", Tone.USUAL),
    ]


def test_after_the_last_message_nothing_is_promised() -> None:
    weekly = replace(ANA, pace=Pace.WEEKLY, pace_from=date(2026, 1, 3))
    later = about(VISIT, "2026-01-11 15:00", "24")
    found = outlook(Known(weekly, [later], visits=[VISIT], silence=Silence(5, at("2025-12-10 19:00"))), NOW, 5)
    assert [one.tone for one in found] == [Tone.LAST]


def test_a_pause_promises_what_comes_after_it_and_a_stop_nothing() -> None:
    paused = replace(ANA, state=State.PAUSED, paused_until=at("2026-01-12 12:00"))
    assert told(Known(paused), 1) == ["01-12 19:00 daily"]
    assert told(Known(replace(ANA, state=State.STOPPED), [about(VISIT, "2026-01-11 15:00", "24")])) == []
