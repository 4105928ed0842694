"""What came after treatments, against tables worked out by hand and against plain arithmetic."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.responses import AFTER_DAYS, BODY, REACH, Fade, Gap, Middle, fade, side_effects_by_hours, since_last
from care.trends import DayEntry, SideEffect

FIRST = date(2026, 10, 1)
NONE, NEXT, COMING = Gap.NO_ANSWER, Gap.NEXT_TREATMENT, Gap.TO_COME


def on(day: int) -> date:
    """Give a day counted from the first treatment, which is day 0."""
    return FIRST + timedelta(days=day)


def moods(**by_day: int) -> list[DayEntry]:
    """Write moods as d0=5; m1=4 is the day before day 0."""
    return [
        DayEntry(on(int(name[1:]) * (1 if name[0] == "d" else -1)), {"mood": mood}) for name, mood in by_day.items()
    ]


def felt(
    day: int, hours: float, late: bool = False, after: bool = False, extra: bool = False, **values: int
) -> DayEntry:
    return DayEntry(on(day), values, late, extra, dict.fromkeys(values, hours), after)


@pytest.mark.parametrize(
    ("entries", "treatments", "expected"),
    [
        (moods(m1=4, d1=6, d3=7, d7=5, d14=3), [0], [(4, (2, 3, 1, -1))]),
        (moods(m1=4, d0=9, d2=9, d1=4), [0], [(4, (0, NONE, NONE, NONE))]),  # no other day stands in for one
        (moods(d1=6, d3=7), [0], [(None, (NONE, NONE, NONE, NONE))]),  # nothing to compare with
        # The day before the second is the third day of the first; from the second on the days are its own.
        (
            moods(m1=4, d1=6, d3=7, d4=5, d5=8, d7=6),
            [0, 4],
            [(4, (2, 3, NEXT, NEXT)), (7, (1, -1, NONE, NONE))],
        ),
        (moods(m1=4, d3=7), [0, 3], [(4, (NONE, NEXT, NEXT, NEXT)), (None, (NONE,) * 4)]),  # its very day is the next's
        (moods(m1=4, d0=5, d1=6, d2=2), [0, 1], [(4, (NEXT,) * 4), (5, (-3, NONE, NONE, NONE))]),  # two days running
        ([], [0], [(None, (NONE,) * 4)]),
        (moods(m1=4, d1=6), [], []),
    ],
)
def test_mood_after_each_treatment_is_told_from_the_day_before(
    entries: list[DayEntry], treatments: list[int], expected: list[tuple[int | None, tuple[int | Gap, ...]]]
) -> None:
    found = fade(entries, map(on, treatments)).responses
    assert [(one.before, one.changes) for one in found] == expected
    assert [one.day for one in found] == [on(day) for day in treatments]


def test_days_after_today_are_still_to_come() -> None:
    (one,) = fade(moods(m1=4, d1=6), [on(0)], today=on(6)).responses
    assert one.changes == (2, NONE, COMING, COMING)


def test_what_was_entered_late_is_left_out() -> None:
    before, after = moods(m1=4, d1=6)
    late = [DayEntry(entry.day, entry.values, entered_late=True) for entry in (before, after)]
    assert fade([before, late[1]], [on(0)]).responses[0].changes[0] is NONE
    assert fade([late[0], after], [on(0)]).responses[0].before is None


def test_extra_check_ins_take_no_part_and_answers_without_mood_are_none() -> None:
    before, after = moods(m1=4, d1=6)
    extra = DayEntry(on(3), {"mood": 9}, extra=True)
    card = DayEntry(on(1), {"dizziness": 2}, after=True)
    (one,) = fade([before, card, after, extra, DayEntry(on(7), {"energy": 2})], [on(0)]).responses
    assert one.changes == (2, NONE, NONE, NONE)


def test_the_middle_of_all_treatments_says_how_many_answers_stand_behind_it() -> None:
    entries = moods(m1=4, d1=6, d29=5, d31=8, d59=3, d61=10, d63=3)
    found = fade(entries, [on(60), on(0), on(30), on(30)])  # in any order, and twice is once
    assert [one.day for one in found.responses] == [on(0), on(30), on(60)]
    assert found.middles == (Middle(1, 3.0, 3), Middle(3, 0.0, 1), Middle(7, None, 0), Middle(14, None, 0))
    assert not found.is_empty


def test_nothing_known_is_empty() -> None:
    assert fade([], []) == Fade((), tuple(Middle(days, None, 0) for days in AFTER_DAYS))
    assert fade([], []).is_empty
    assert fade(moods(d1=6, d3=5), [on(0)]).is_empty


@given(
    given_moods=st.dictionaries(st.integers(-3, 40), st.integers(0, 10), max_size=40),
    treatments=st.sets(st.integers(0, 30), max_size=8),
)
def test_every_change_is_one_subtraction_within_its_own_days(given_moods: dict[int, int], treatments: set[int]) -> None:
    found = fade([DayEntry(on(day), {"mood": mood}) for day, mood in given_moods.items()], map(on, treatments))
    known: dict[int, list[int]] = {days: [] for days in AFTER_DAYS}
    for one, day in zip(found.responses, sorted(treatments), strict=True):
        for days, change in zip(AFTER_DAYS, one.changes, strict=True):
            if any(day < later <= day + days for later in treatments):
                assert change is NEXT
            elif day - 1 in given_moods and day + days in given_moods:
                assert change == given_moods[day + days] - given_moods[day - 1]
                known[days].append(given_moods[day + days] - given_moods[day - 1])
            else:
                assert change is NONE
    assert [middle.count for middle in found.middles] == [len(changes) for changes in known.values()]


@pytest.mark.parametrize(
    ("hours", "window"),
    [(0.0, 0), (2.0, 0), (4.0, 0), (4.1, 1), (24.0, 1), (24.1, 2), (72.0, 2), (72.1, 3), (2000.0, 3)],
)
def test_the_hours_since_treatment_choose_the_window(hours: float, window: int) -> None:
    table = side_effects_by_hours([felt(0, hours, nausea=2)])
    assert [place for place, one in enumerate(table["nausea"]) if one.effect.answered] == [window]


def test_each_window_counts_reports_felt_moderate_and_the_worst() -> None:
    entries = [felt(0, 2, dizziness=0), felt(0, 2.5, dizziness=1), felt(7, 3, dizziness=2), felt(8, 20, dizziness=3)]
    table = side_effects_by_hours(entries)
    nothing = SideEffect(0, 0, 0, 0)
    assert [one.effect for one in table["dizziness"]] == [
        SideEffect(3, 2, 1, 2),
        SideEffect(1, 1, 1, 3),
        *[nothing] * 2,
    ]


def test_every_card_that_asked_counts_unless_it_was_filled_in_late() -> None:
    entries = [
        felt(0, 2, after=True, headache=1),
        felt(0, 3, headache=0),
        felt(0, 3.5, extra=True, headache=3),
        felt(0, 1, late=True, headache=3),
    ]
    assert side_effects_by_hours(entries)["headache"][0].effect == SideEffect(3, 2, 1, 3)


def test_only_body_feelings_that_occur_have_a_row_in_their_fixed_order() -> None:
    entries = [felt(0, 2, floaty=1, mood=4, sleepy=0, events=3), DayEntry(on(0), {"dizziness": 2})]  # no hours: no row
    assert list(side_effects_by_hours(entries)) == ["sleepy", "floaty"]
    assert side_effects_by_hours([]) == {}
    assert list(side_effects_by_hours([felt(0, 2, **dict.fromkeys(reversed(BODY), 0))])) == list(BODY)


@pytest.mark.parametrize(
    ("day", "hours", "guessed"),
    [
        (0, 2.0, True),  # the evening of the first, whose end nobody told
        (3, 75.0, True),  # three days on
        (7, 2.0, False),  # after the second
        (7, 165.0, True),  # the morning of the second still counts from the first
        (10, 70.0, False),
        (1, 10.0, True),  # past midnight
    ],
)
def test_a_window_tells_when_hours_count_from_an_assumed_end(day: int, hours: float, guessed: bool) -> None:
    table = side_effects_by_hours([felt(day, hours, nausea=1)], {on(0): True, on(7): False})
    assert [one.is_guessed for one in table["nausea"] if one.effect.answered] == [guessed]
    assert sum(one.is_guessed for one in table["nausea"]) == guessed


def test_without_known_treatments_no_end_is_called_assumed() -> None:
    assert not any(one.is_guessed for one in side_effects_by_hours([felt(0, 2, nausea=1)])["nausea"])


@pytest.mark.parametrize(
    ("days_ago", "length"),
    [
        ([], None),
        ([0], 1),
        ([12, 40], 13),
        ([89], 90),
        ([90], REACH),  # ninety days at most
        ([400], REACH),
        ([-1], None),  # one to come is not yet one
        ([-1, 3], 4),
    ],
)
def test_the_period_since_the_last_treatment(days_ago: list[int], length: int | None) -> None:
    assert since_last([on(100) - timedelta(days=n) for n in days_ago], on(100)) == length
