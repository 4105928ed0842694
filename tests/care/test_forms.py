"""The standard forms: official content, sums, their clocks, and which answers speak of thoughts of death."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from care.checkin import Answer, CheckIn, Kind, Outcome
from care.due import Drop as Dropped
from care.due import Due, DueState, Later, Message, NewDue, Send, Situation
from care.due import Kind as DueKind
from care.errors import BadForms
from care.forms import (
    FormDay,
    FormsKnown,
    Score,
    form_of,
    forms,
    has_thoughts,
    longer_offered,
    next_form,
    read_forms,
    score,
    thoughts_in,
)
from care.people import FORMS, Patient, State
from care.questions import question_sets
from care.treatments import Treatment
from care.visits import Appointment, VisitKind
from care.wanted import still_wanted

PACKAGED = files("care").joinpath("forms.toml").read_text("utf-8")
DAY = timedelta(days=1)
MONDAY = date(2026, 1, 12)
NOW = datetime(2026, 1, 12, 12, tzinfo=UTC)
ANA = Patient(1, 1001, "en", State.ACTIVE, zone="Europe/London", country="GB", daily_minute=19 * 60, plan_version=3)


def wants(*codes: str) -> Patient:
    return replace(ANA, items=ANA.items | set(codes))


def done(set_name: str, values: dict[str, int | None], day: date = MONDAY) -> CheckIn:
    answers = {code: Answer(value, 1, NOW) for code, value in values.items()}
    return CheckIn(1, 1, Kind.FORM, day, NOW, set_name, outcome=Outcome.COMPLETE, answers=answers)


def all_of(set_name: str, value: int) -> dict[str, int | None]:
    return {question.code: value for question in question_sets()[set_name].questions}


def day_of(new: NewDue | None) -> date | None:
    return ANA.day_at(new.at) if new else None


# Content


@pytest.mark.parametrize(
    ("code", "items", "most"), [("phq2", 2, 6), ("phq9", 9, 27), ("phq8", 8, 24), ("gad2", 2, 6), ("gad7", 7, 21)]
)
def test_a_form_has_its_items_and_its_highest_sum(code: str, items: int, most: int) -> None:
    assert score(done(code, all_of(code, 3))) == Score(most, items, items, most)
    assert score(done(code, all_of(code, 0))) == Score(0, items, items, most)


def test_every_item_of_every_form_looks_back_two_weeks_on_the_same_four_answers() -> None:
    for code in (*FORMS, "phq8"):
        for question in question_sets()[code].questions:
            assert (question.values, question.recall, question.higher_is) == ((0, 1, 2, 3), "2 weeks", "worse")


def test_how_hard_it_is_made_is_asked_only_after_a_problem_and_never_counts() -> None:
    asked = next(one for one in question_sets()["phq9"].questions if one.code == "phq_hard")
    assert asked.when
    assert set(asked.when.questions) == {f"phq{item}" for item in range(1, 10)}
    assert score(done("phq9", {"phq1": 1, "phq_hard": 3})) == Score(1, 1, 9, 27)


def test_a_sum_with_left_out_items_says_how_many_it_goes_over() -> None:
    found = score(done("phq9", all_of("phq9", 1) | {"phq9": None}))
    assert found == Score(8, 8, 9, 27)
    assert not found.is_whole
    assert score(done("phq9", dict.fromkeys(all_of("phq9", 0)))) is None
    assert score(done("daily", {"mood": 5})) is None


def test_item_nine_is_left_out_where_the_operator_says_so() -> None:
    form = forms()["phq9"]
    assert (form.set_name(item_nine=True), form.set_name(item_nine=False)) == ("phq9", "phq8")
    assert form_of("phq8") is form_of("phq9") is form
    assert forms()["gad7"].set_name(item_nine=False) == "gad7"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"phq9": 0}, ""),
        ({"phq9": 1}, "phq9"),
        ({"phq9": 3}, "phq9"),
        ({"events": 1 << 7}, "events"),
        ({"events": 1 << 7 | 1}, "events"),
        ({"events": 1 << 6 | 1 << 8}, ""),
        ({"phq2": 3, "phq6": 3}, ""),
        ({}, ""),
    ],
)
def test_thoughts_of_death_are_told_from_item_nine_and_from_the_list(values: dict[str, int], expected: str) -> None:
    assert thoughts_in(values) == expected
    assert has_thoughts(values) is bool(expected)


@pytest.mark.parametrize(("values", "offers"), [((1, 1), ""), ((2, 1), "phq9"), ((3, 3), "phq9"), ((3, None), "phq9")])
def test_a_short_form_of_three_or_more_offers_the_longer_one(values: tuple[int, int | None], offers: str) -> None:
    short = done("phq2", {"phq1": values[0], "phq2": values[1]})
    assert longer_offered(short, (), MONDAY) == offers
    assert longer_offered(short, [FormDay("phq9", MONDAY - 6 * DAY, is_complete=True)], MONDAY) == ""
    assert longer_offered(short, [FormDay("phq9", MONDAY - 7 * DAY, is_complete=True)], MONDAY) == offers


# Clocks


def test_nobody_gets_a_form_unless_they_switched_one_on() -> None:
    assert next_form(ANA, NOW, FormsKnown()) is None
    assert next_form(replace(wants("phq9"), state=State.STOPPED), NOW, FormsKnown()) is None


def test_the_first_comes_the_same_day_a_little_after_the_card() -> None:
    new = next_form(wants("phq9"), NOW, FormsKnown())
    assert new
    assert new.at == datetime(2026, 1, 12, 19, 15, tzinfo=ZoneInfo("Europe/London"))
    assert (new.kind, new.event, new.slot) == (DueKind.FORM, "2026-01-12/phq9", "0")


@pytest.mark.parametrize(("code", "days"), [("phq2", 7), ("phq9", 14), ("gad2", 14), ("gad7", 28)])
def test_each_form_has_its_own_clock(code: str, days: int) -> None:
    asked = {(DueKind.FORM, f"{MONDAY}/{code}", "0")}
    for later in (0, 1, days - 1):
        found = next_form(wants(code), NOW + later * DAY + timedelta(hours=8), FormsKnown(asked=asked))
        assert day_of(found) == MONDAY + days * DAY, later


def test_a_treatment_starts_no_clock_again_and_its_day_and_the_next_are_spared() -> None:
    had = Treatment(1, 1, NOW + timedelta(hours=1), "Europe/London")
    assert day_of(next_form(wants("phq9"), NOW, FormsKnown(treatments=[had]))) == MONDAY + 2 * DAY
    asked = {(DueKind.FORM, "2026-01-12/phq9", "2")}  # put off by two days
    later = FormsKnown(asked=asked, treatments=[had])
    assert day_of(next_form(wants("phq9"), NOW + 3 * DAY, later)) == MONDAY + 14 * DAY


def test_a_planned_treatment_spares_its_day_and_the_next() -> None:
    visit = Appointment(1, 1, NOW + DAY, "Europe/London", VisitKind.TREATMENT)
    asked = {(DueKind.FORM, f"{MONDAY - 6 * DAY}/phq2", "0")}
    assert day_of(next_form(wants("phq2"), NOW, FormsKnown(asked=asked, visits=[visit]))) == MONDAY + 3 * DAY


def test_a_form_that_finds_no_free_day_waits_for_its_next_turn() -> None:
    visits = [Appointment(n, 1, NOW + n * DAY, "Europe/London", VisitKind.TREATMENT) for n in range(1, 5)]
    found = next_form(wants("phq2"), NOW + DAY, FormsKnown(visits=visits))
    assert day_of(found) == MONDAY + 8 * DAY


def test_a_day_that_was_too_full_moves_the_form_to_the_next_day_and_no_further_than_three() -> None:
    names = [(DueKind.FORM, f"{MONDAY}/phq2", str(n)) for n in range(3)]
    for n in range(1, 3):
        assert day_of(next_form(wants("phq2"), NOW, FormsKnown(settled=names[:n]))) == MONDAY + n * DAY
    assert day_of(next_form(wants("phq2"), NOW, FormsKnown(settled=names))) == MONDAY + 7 * DAY


def test_a_form_filled_in_by_oneself_or_before_a_visit_counts_as_the_next_one() -> None:
    asked = {(DueKind.FORM, f"{MONDAY}/phq9", "0")}
    filled = [FormDay("phq9", MONDAY + 10 * DAY, is_complete=True)]
    found = next_form(wants("phq9"), NOW + 11 * DAY, FormsKnown(filled, asked))
    assert day_of(found) == MONDAY + 28 * DAY
    left_open = [FormDay("phq9", MONDAY + 10 * DAY)]
    assert day_of(next_form(wants("phq9"), NOW + 11 * DAY, FormsKnown(left_open, asked))) == MONDAY + 14 * DAY


def test_the_longer_form_stands_for_the_shorter_that_week() -> None:
    both = wants("phq2", "phq9")
    first = next_form(both, NOW, FormsKnown())
    assert first
    assert first.event.endswith("/phq9")
    filled = FormsKnown([FormDay("phq9", MONDAY, is_complete=True)], {first.name})
    second = next_form(both, NOW + timedelta(hours=8), filled)
    assert second
    assert second.event.endswith("/phq2")
    assert day_of(second) == MONDAY + 7 * DAY


def test_forms_come_on_the_weekday_that_the_person_chose() -> None:
    thursdays = wants("phq2", "form3")
    assert day_of(next_form(thursdays, NOW, FormsKnown())) == MONDAY + 3 * DAY
    asked = {(DueKind.FORM, f"{MONDAY}/phq2", "0")}
    assert day_of(next_form(thursdays, NOW + DAY, FormsKnown(asked=asked))) == MONDAY + 3 * DAY
    assert day_of(next_form(thursdays, NOW + 7 * DAY, FormsKnown(asked=asked))) == MONDAY + 10 * DAY


def test_a_pause_puts_the_form_off_to_its_end() -> None:
    paused = replace(wants("phq9"), state=State.PAUSED, paused_until=NOW + 5 * DAY)
    assert day_of(next_form(paused, NOW, FormsKnown())) == MONDAY + 5 * DAY


@pytest.mark.parametrize("minute", [0, 180, 239, 240, 1435])
def test_a_form_never_leaves_its_day(minute: int) -> None:
    patient = replace(wants("phq9"), daily_minute=minute)
    for n in range(3):
        new = next_form(patient, NOW + n * DAY, FormsKnown())
        assert new is None or patient.day_at(new.at) == date.fromisoformat(new.event[:10]) + int(new.slot) * DAY


# At the moment of sending

ROW = Due(1, 1, DueKind.FORM, "2026-01-12/phq9", "0", 3, NOW, NOW + timedelta(hours=12))


def decided(now: datetime = NOW, outcome: Outcome | None = None, **situation: Any) -> object:
    return still_wanted(ROW, Situation(ANA, outcome, **situation), now)


def test_what_is_decided_when_a_form_is_about_to_be_sent() -> None:
    card = Message(DueKind.DAILY, "1", went_out=True)
    visit = Message(DueKind.VISIT, "24", went_out=True)
    assert decided(today=[card]) == Send()
    assert decided(today=[card, visit]) == Dropped("enough_today")
    assert decided(is_treatment_day=True) == Dropped("treatment_day")
    assert decided(outcome=Outcome.COMPLETE) == Dropped("answered")
    assert decided(now=NOW + timedelta(hours=12)) == Dropped("too_late", DueState.EXPIRED)
    assert decided(last_answer_at=NOW - timedelta(minutes=4)) == Later(NOW + timedelta(minutes=6), "still_answering")


# The file


def test_the_packaged_file_is_sound_and_awaits_review() -> None:
    read = read_forms(PACKAGED)
    assert set(read.forms) == set(FORMS)
    assert {read.reviewed_by, read.thoughts.reviewed_by, *(form.reviewed_by for form in read.forms.values())} == {""}
    assert all(form.source for form in read.forms.values())
    assert read.thoughts.source


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[forms.phq2]", "[forms.phq2", "TOMLDecodeError"),
        ("[forms.phq2]", "[forms.qids]", "nobody can switch it on"),
        ("every_days = 7\n", "every_days = 6\n", "clock must leave"),
        ('longer = "phq9"', 'longer = "hads"', "its longer form is none"),
        ("offer_longer_from = 3\n", "", "needs a sum"),
        ('without_item_nine = "phq8"', 'without_item_nine = "phq7"', "no question set"),
        ('item = "phq9"', 'item = "phq99"', "nobody is asked that"),
        ('list = "events"', 'list = "mood"', "nobody is asked that"),
        ("days_between = 7\n", "", "TypeError"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(old: str, new: str, fault: str) -> None:
    assert old in PACKAGED
    with pytest.raises(BadForms, match=re.escape(fault)):
        read_forms(PACKAGED.replace(old, new, 1))
