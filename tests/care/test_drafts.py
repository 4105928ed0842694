"""The summary for a visit: its period, the mood before it, what came up, and what has something to say."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from care.checkin import Answer, CheckIn, Kind
from care.drafts import (
    ALL,
    USUAL,
    Draft,
    Event,
    Part,
    Period,
    events_of,
    for_visit,
    is_in,
    list_was_empty,
    mood_before,
    period_since,
)
from care.trends import DayEntry, summarise

TODAY = date(2026, 10, 14)
NOW = datetime(2026, 10, 14, 12, tzinfo=UTC)
VISIT, OTHER_VISIT = 7, 8
THREW_UP, FAINTED, HURTS_TO_PEE, URGE, HURT_MYSELF, NONE = 1 << 0, 1 << 1, 1 << 4, 1 << 6, 1 << 7, 1 << 10


def told(
    set_name: str, values: Mapping[str, int], kind: Kind = Kind.DAILY, visit: int | None = None, back: int = 0
) -> CheckIn:
    answers = {code: Answer(value, 1, NOW, 3.0 if code == "faint" else None) for code, value in values.items()}
    day = TODAY - timedelta(days=back)
    return CheckIn(1, 1, kind, day, NOW, set_name, appointment_id=visit, answers=answers)


def before_visit(values: Mapping[str, int], visit: int = VISIT, back: int = 0) -> CheckIn:
    return told("before_visit", values, Kind.VISIT, visit, back)


@pytest.mark.parametrize(
    ("last_visit", "first", "since"),
    [
        (None, date(2026, 9, 15), False),  # nobody knows of a visit: 30 days
        (TODAY, TODAY, True),
        (date(2026, 10, 1), date(2026, 10, 1), True),  # the day of the last visit counts
        (date(2026, 7, 17), date(2026, 7, 17), True),  # 90 days
        (date(2026, 7, 16), date(2026, 7, 17), False),  # longer ago: 90 days, and not called since the visit
    ],
)
def test_the_period_begins_with_the_last_visit(last_visit: date | None, first: date, since: bool) -> None:
    assert period_since(last_visit, TODAY) == Period(first, TODAY, since)


def moods(first_back: int, last_back: int, mood: int) -> list[DayEntry]:
    return [DayEntry(TODAY - timedelta(days=n), {"mood": mood}) for n in range(last_back, first_back + 1)]


def draft_of(entries: list[DayEntry], period: Period) -> Draft:
    summary = summarise(entries, period.last, period.length)
    return Draft(period, summary, (), mood_before(entries, period), {}, (), (), False, None, "", (), ())


def test_mood_is_compared_with_as_many_days_before() -> None:
    period = period_since(TODAY - timedelta(days=9), TODAY)
    entries = moods(9, 0, 6) + moods(19, 10, 4) + moods(30, 20, 0)
    draft = draft_of(entries, period)
    assert draft.before is not None
    assert (draft.before.middle, draft.before.count) == (4.0, 10)
    assert draft.mood_change == 2.0


def test_a_short_period_is_compared_with_a_week() -> None:
    period = period_since(TODAY - timedelta(days=2), TODAY)
    draft = draft_of(moods(2, 0, 6) + moods(9, 3, 4) + moods(10, 10, 0), period)
    assert draft.before is not None
    assert draft.before.count == 7


@pytest.mark.parametrize(("now", "before", "change"), [(3, 3, 1.0), (2, 7, None), (7, 2, None), (7, 0, None)])
def test_a_change_needs_three_answers_on_both_sides(now: int, before: int, change: float | None) -> None:
    period = period_since(TODAY - timedelta(days=6), TODAY)
    entries = moods(now - 1, 0, 5) + moods(6 + before, 7, 4)
    assert draft_of(entries, period).mood_change == change


def test_what_came_up_is_told_by_day_with_its_hours() -> None:
    check_ins = [
        told("daily", {"mood": 5, "dizziness": 3, "faint": 2, "nausea": 2, "vomit": 0}, back=3),
        told("day_three", {"events": THREW_UP | FAINTED}, back=1),
        before_visit({"change": 3, "events": THREW_UP}),
    ]
    assert events_of(check_ins, VISIT, private=False) == (
        Event(TODAY - timedelta(days=3), "faint", 2, 3.0),
        Event(TODAY - timedelta(days=1), "events", THREW_UP | FAINTED),
        Event(TODAY, "events", THREW_UP),
    )


def test_urges_bladder_and_thoughts_of_self_harm_are_kept_apart() -> None:
    daily = CheckIn(
        1, 1, Kind.DAILY, TODAY, NOW, extras=("crave",), answers={"crave": Answer(2, 1, NOW), "mood": Answer(5, 1, NOW)}
    )
    listed = before_visit({"events": THREW_UP | HURTS_TO_PEE | URGE | HURT_MYSELF})
    assert events_of([daily, listed], VISIT, private=False) == (Event(TODAY, "events", THREW_UP),)
    assert events_of([daily, listed], VISIT, private=True) == (
        Event(TODAY, "crave", 2),
        Event(TODAY, "events", HURTS_TO_PEE | URGE | HURT_MYSELF),
    )


def test_what_was_answered_before_another_visit_is_left_out() -> None:
    check_ins = [before_visit({"change": 0, "events": FAINTED}, OTHER_VISIT), before_visit({"change": 4}, back=0)]
    own = for_visit(check_ins, VISIT)
    assert own is not None
    assert own.value("change") == 4
    assert events_of(check_ins, VISIT, private=False) == ()


def test_of_two_check_ins_before_a_visit_that_moved_the_later_counts() -> None:
    check_ins = [before_visit({"events": FAINTED}, back=4), before_visit({"events": NONE})]
    assert events_of(check_ins, VISIT, private=False) == ()
    assert list_was_empty(check_ins, VISIT)


@pytest.mark.parametrize(
    ("earlier", "said", "empty"),
    [(0, NONE, True), (0, THREW_UP, False), (THREW_UP, NONE, False), (URGE, NONE, False), (NONE, NONE, True)],
)
def test_nothing_from_the_list_is_only_said_where_nothing_came_up(earlier: int, said: int, empty: bool) -> None:
    check_ins = [told("day_three", {"events": earlier}, back=2)] if earlier else []
    assert list_was_empty([*check_ins, before_visit({"events": said})], VISIT) is empty


def test_without_an_answer_nothing_is_said_of_the_list() -> None:
    assert not list_was_empty([before_visit({"change": 2})], VISIT)
    assert for_visit([before_visit({})], VISIT) is None


def test_private_answers_are_out_until_they_are_put_in_and_all_else_is_in() -> None:
    assert [part for part in Part if not is_in(USUAL, part)] == [Part.PRIVATE]
    assert all(is_in(ALL, part) for part in Part)


def test_a_part_with_nothing_to_say_has_no_switch() -> None:
    assert draft_of([], period_since(None, TODAY)).parts == (Part.TREATMENTS, Part.MOOD)
