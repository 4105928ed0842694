"""The numbers behind /summary against plain arithmetic: gaps stay gaps, skips are not zeros."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.trends import (
    MEAN_NEEDS,
    PERIODS,
    DayEntry,
    SideEffect,
    Span,
    side_effect,
    span,
    summarise,
    values_of,
    week_means,
)

LAST = date(2026, 3, 8)


def entry(
    days_ago: int, late: bool = False, extra: bool = False, after: bool = False, hours: float = 2.0, **values: int
) -> DayEntry:
    since = dict.fromkeys(values, hours) if after else {}
    return DayEntry(LAST - timedelta(days=days_ago), values, late, extra, since, after)


def moods(*values: int | None) -> list[DayEntry | None]:
    """Write a row of days by their mood; None for a missing day."""
    return [None if value is None else DayEntry(LAST, {"mood": value}) for value in values]


def test_nothing_at_all_is_a_row_of_gaps() -> None:
    summary = summarise([], LAST, 7)
    assert (summary.first, summary.last, summary.length) == (date(2026, 3, 2), LAST, 7)
    assert (set(summary.days), set(summary.mood_week)) == ({None}, {None})
    assert len(summary.mood_week) == 7
    assert (summary.answered, summary.extras, summary.mood, summary.energy) == (0, (), None, None)
    assert summary.side_effects == {"dizziness": SideEffect(0, 0, 0, 0), "nausea": SideEffect(0, 0, 0, 0)}


def test_days_stand_in_their_place_and_gaps_stay_gaps() -> None:
    summary = summarise([entry(0, mood=7), entry(2, mood=3), entry(6, mood=0)], LAST, 7)
    assert [day and day.values["mood"] for day in summary.days] == [0, None, None, None, 3, None, 7]
    assert (summary.answered, summary.mood) == (3, Span(3.0, 0, 7, 3))


def test_a_skipped_question_is_no_zero() -> None:
    summary = summarise([entry(0, mood=4), entry(1, energy=2)], LAST, 7)
    assert summary.answered == 2
    assert (summary.mood, summary.energy) == (Span(4.0, 4, 4, 1), Span(2.0, 2, 2, 1))


def test_a_check_in_whose_every_question_was_skipped_is_a_gap() -> None:
    summary = summarise([entry(0), entry(0, extra=True)], LAST, 7)
    assert (summary.days[-1], summary.answered, summary.extras) == (None, 0, ())


def test_an_entry_made_late_counts_and_stays_marked() -> None:
    summary = summarise([entry(3, late=True, mood=6)], LAST, 7)
    assert summary.answered == 1
    assert [day for day in summary.days if day] == [entry(3, late=True, mood=6)]


def test_extras_stand_beside_the_day_and_count_in_no_number() -> None:
    summary = summarise([entry(0, mood=8), entry(0, extra=True, mood=2), entry(1, extra=True, mood=1)], LAST, 7)
    assert (summary.answered, summary.mood) == (1, Span(8.0, 8, 8, 1))
    assert [extra.values["mood"] for extra in summary.extras] == [2, 1]
    assert summary.days[-2] is None  # an extra does not fill its day


def test_the_card_after_a_treatment_stands_for_a_day_that_has_nothing_else() -> None:
    card = entry(1, after=True, dizziness=2, sleepy=1)
    summary = summarise([card], LAST, 7)
    assert (summary.days[-2], summary.answered, summary.extras) == (card, 1, ())
    assert summary.side_effects["dizziness"] == SideEffect(answered=1, any=1, moderate=1, worst=2)


@pytest.mark.parametrize("after_first", [True, False])
def test_the_card_after_a_treatment_stands_beside_the_days_own_check_in(after_first: bool) -> None:
    card, own = entry(1, after=True, dizziness=3), entry(1, mood=6, dizziness=0)
    summary = summarise([card, own] if after_first else [own, card], LAST, 7)
    assert (summary.days[-2], summary.answered, summary.extras) == (own, 1, (card,))
    assert summary.side_effects["dizziness"].worst == 0


def test_of_two_cards_after_treatments_the_first_stands_for_the_day() -> None:
    first, second = entry(0, after=True, dizziness=1), entry(0, after=True, dizziness=2)
    summary = summarise([first, second], LAST, 7)
    assert (summary.days[-1], summary.extras) == (first, (second,))


def test_an_extra_never_takes_the_place_of_the_card_after_a_treatment() -> None:
    card, extra = entry(0, after=True, nausea=1), entry(0, extra=True, mood=4)
    summary = summarise([extra, card], LAST, 7)
    assert (summary.days[-1], summary.extras) == (card, (extra,))


def test_the_treatments_of_the_period_are_its_days_with_one() -> None:
    days = [LAST - timedelta(days=n) for n in (0, 3, 3, 6, 7, 40)] + [LAST + timedelta(days=1)]
    assert summarise([], LAST, 7, days).treatments == tuple(LAST - timedelta(days=n) for n in (6, 3, 0))
    assert summarise([], LAST, 7).treatments == ()


@pytest.mark.parametrize("days_ago", [-1, 7, 400])
def test_days_outside_the_period_are_left_out(days_ago: int) -> None:
    summary = summarise([entry(days_ago, mood=5), entry(days_ago, extra=True, mood=5)], LAST, 7)
    assert (summary.answered, summary.extras, summary.mood) == (0, (), None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),  # nothing given
        ([0], Span(0.0, 0, 0, 1)),  # nought is a value
        ([7, 1], Span(4.0, 1, 7, 2)),  # between the middle two
        ([5, 1, 2], Span(2.0, 1, 5, 3)),
        ([1, 1, 2, 4], Span(1.5, 1, 4, 4)),
    ],
)
def test_a_span(values: list[int], expected: Span | None) -> None:
    assert span(values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], SideEffect(answered=0, any=0, moderate=0, worst=0)),
        ([0, 0], SideEffect(answered=2, any=0, moderate=0, worst=0)),  # asked, and none felt
        ([0, 1, 2, 3], SideEffect(answered=4, any=3, moderate=2, worst=3)),
    ],
)
def test_a_side_effect(values: list[int], expected: SideEffect) -> None:
    assert side_effect(values) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (moods(1, 2, 3), [None, None, None]),  # too few
        (moods(1, 2, 3, 6), [None, None, None, 3.0]),  # four are enough
        (moods(1, 2, 3, None, 6), [None, None, None, None, 3.0]),  # a gap takes no part
        (moods(4, 4, 4, 4, None, None, None), [None, None, None, 4.0, 4.0, 4.0, 4.0]),
        (moods(4, 4, 4, 4, None, None, None, None)[:8], [None, None, None, 4.0, 4.0, 4.0, 4.0, None]),  # three left
        (moods(0, 0, 0, 0, 0, 0, 0, 7), [None, None, None, 0.0, 0.0, 0.0, 0.0, 1.0]),  # the first has moved out
        ([], []),
    ],
)
def test_the_mean_of_a_week_needs_four_values(days: list[DayEntry | None], expected: list[float | None]) -> None:
    assert list(week_means(days)) == expected


def test_the_first_weeks_mean_knows_the_days_before_the_period() -> None:
    before = [entry(days_ago, mood=2) for days_ago in range(7, 13)]
    older = [entry(13, mood=10)]  # seven days before the first day
    summary = summarise([*older, *before, entry(6, mood=9)], LAST, 7)
    assert summary.mood_week[0] == pytest.approx((6 * 2 + 9) / 7)
    assert (summary.answered, summary.mood) == (1, Span(9.0, 9, 9, 1))  # they count nowhere else


ENTRIES = st.lists(
    st.builds(
        entry,
        st.integers(-3, 100),
        late=st.booleans(),
        extra=st.booleans(),
        after=st.booleans(),
        mood=st.integers(0, 10),
        energy=st.integers(0, 4),
        dizziness=st.integers(0, 3),
        nausea=st.integers(0, 3),
    ).flatmap(
        lambda full: st.sets(st.sampled_from(sorted(full.values))).map(
            lambda kept: replace(full, values={code: full.values[code] for code in kept}, after=full.after > full.extra)
        )
    ),
    unique_by=lambda made: (made.day, made.extra, made.after),
    max_size=60,
)


@given(entries=ENTRIES, length=st.sampled_from([1, 2, *PERIODS]))
def test_the_numbers_are_those_of_plain_arithmetic(entries: list[DayEntry], length: int) -> None:
    summary = summarise(entries, LAST, length)
    wanted = [LAST - timedelta(days=n) for n in reversed(range(length))]
    cards = [made for made in entries if made.values and not made.extra]
    own = {made.day: made for made in sorted(cards, key=lambda made: not made.after)}  # its own check-in comes last
    assert summary.days == tuple(own.get(day) for day in wanted)
    assert summary.answered == len([day for day in wanted if day in own])
    beside = [made for made in entries if made.values and made.day in wanted and own.get(made.day) is not made]
    assert list(summary.extras) == beside
    for code, stated in (("mood", summary.mood), ("energy", summary.energy)):
        values = sorted(own[day].values[code] for day in wanted if day in own and code in own[day].values)
        assert values_of(summary.days, code) == [
            own[day].values[code] for day in wanted if day in own and code in own[day].values
        ]
        assert (stated is None) == (not values)
        if stated:
            middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
            assert stated == Span(middle, values[0], values[-1], len(values))
    for code, effect in summary.side_effects.items():
        felt = values_of(summary.days, code)
        assert effect == SideEffect(
            len(felt), len([v for v in felt if v > 0]), len([v for v in felt if v > 1]), max([0, *felt])
        )
    for day, stated_mean in zip(wanted, summary.mood_week, strict=True):
        week = [own.get(day - timedelta(days=n)) for n in range(7)]
        given_moods = [made.values["mood"] for made in week if made and "mood" in made.values]
        if len(given_moods) < MEAN_NEEDS:
            assert stated_mean is None
        else:
            assert stated_mean == pytest.approx(sum(given_moods) / len(given_moods))
