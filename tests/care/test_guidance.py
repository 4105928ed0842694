"""Guidance after answers: every row at, below and above its bounds, and what holds whatever is answered."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.errors import BadRules
from care.guidance import (
    Case,
    Severity,
    ShownGuide,
    Told,
    choose,
    everything,
    felt_before,
    is_alone,
    read_rules,
    rule_named,
    rules,
    substance_line,
)

NOW = datetime(2026, 10, 14, 18, 0, tzinfo=UTC)
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_HOURS = 168.0
RED = {"red_body", "nausea_red", "bladder_red"}
ONCE_A_TREATMENT = {"dizzy_early", "nausea_early"}


def told(hours: float | None = 30.0, day: date = TODAY, **values: int) -> Told:
    return Told(day, values, dict.fromkeys(values, hours))


def late(**values: int) -> Told:
    """What was filled in when its day was over."""
    return Told(TODAY, values)


def before(*values: int, question: str = "mood", hours: float | None = 100.0) -> tuple[Told, ...]:
    """Give the daily check-ins before today's, the latest first."""
    return tuple(told(hours, TODAY - n * DAY, **{question: value}) for n, value in enumerate(values, 1))


def ticked(*events: int) -> int:
    return sum(1 << one for one in events)


def chosen(case: Case, *shown: ShownGuide, now: datetime = NOW) -> str | None:
    rule = choose(case, shown, now)
    return rule.code if rule else None


@pytest.mark.parametrize(
    ("case", "code"),
    [
        # row 2
        (Case(told(faint=2, dizziness=2)), "red_body"),
        (Case(told(2.0, faint=1, dizziness=2)), "dizzy_early"),
        (Case(told(1.0, dizziness=3)), "red_body"),
        (Case(told(None, dizziness=3)), "red_body"),
        (Case(late(dizziness=3)), "red_body"),
        (Case(told(1.0, headache=3)), "red_body"),
        (Case(told(1.0, headache=2)), None),
        *((Case(told(72.0, events=ticked(one))), "red_body") for one in (1, 2, 3)),
        (Case(told(72.0, events=ticked(0, 8, 9))), None),
        (Case(told(72.0, events=ticked(10))), None),
        (Case(told(72.0, events=ticked(4, 5, 2))), "red_body"),
        # row 3
        (Case(told(1.0, nausea=3, vomit=3)), "nausea_red"),
        (Case(told(None, nausea=3, vomit=3)), "nausea_red"),
        (Case(told(23.9, nausea=2, vomit=2)), "nausea_early"),
        (Case(told(24.0, nausea=2, vomit=2)), "nausea_red"),
        (Case(told(24.0, nausea=2, vomit=1)), "nausea_late"),
        (Case(late(nausea=2, vomit=2)), None),
        # row 4
        (Case(told(17.9, floaty=3)), None),
        (Case(told(18.0, floaty=2)), "floaty_late"),
        (Case(told(18.0, floaty=1)), None),
        (Case(told(None, floaty=3)), None),
        # row 5
        (Case(told(bladder=0)), None),
        (Case(told(bladder=1)), "bladder"),
        (Case(told(bladder=2)), "bladder"),
        (Case(late(bladder=3)), "bladder_red"),
        (Case(told(72.0, events=ticked(4))), "bladder"),
        # row 6
        (Case(told(23.9, dizziness=2)), "dizzy_early"),
        (Case(told(24.0, dizziness=2)), "dizzy_late"),
        (Case(told(24.0, dizziness=1)), None),
        (Case(told(WEEK_HOURS - 0.1, dizziness=2)), "dizzy_late"),
        (Case(told(WEEK_HOURS, dizziness=2)), "dizzy_new"),
        (Case(told(None, dizziness=2)), "dizzy_new"),
        (Case(told(None, dizziness=1)), None),
        (Case(late(dizziness=2)), None),
        (Case(told(130.0, dizziness=1), before(1, 1, question="dizziness")), "dizzy_late"),
        (Case(told(130.0, dizziness=1), before(1, 0, question="dizziness")), None),
        (Case(told(130.0, dizziness=1), before(1, question="dizziness")), None),
        (Case(told(130.0, dizziness=0), before(1, 1, question="dizziness")), None),
        (Case(told(120.0, dizziness=1), before(1, 1, question="dizziness", hours=72.0)), "dizzy_late"),
        (Case(told(120.0, dizziness=1), before(1, 1, question="dizziness", hours=71.9)), None),
        (Case(told(71.9, dizziness=1), before(1, 1, question="dizziness", hours=80.0)), None),
        (Case(told(None, dizziness=1), before(1, 1, question="dizziness", hours=None)), None),
        # row 7
        (Case(told(23.9, nausea=2)), "nausea_early"),
        (Case(told(24.0, nausea=2)), "nausea_late"),
        (Case(told(24.0, nausea=1)), None),
        (Case(told(WEEK_HOURS, nausea=3)), "nausea_new"),
        (Case(told(None, nausea=2)), "nausea_new"),
        (Case(told(None, nausea=1)), None),
        (Case(told(130.0, nausea=1), before(2, 1, question="nausea")), "nausea_late"),
        (Case(told(130.0, nausea=1), before(0, 1, question="nausea")), None),
        # row 8
        (Case(told(highs=1)), None),
        (Case(told(highs=2)), "highs"),
        (Case(told(72.0, events=ticked(5))), "highs"),
        # row 9
        (Case(told(crave=1)), None),
        (Case(told(crave=2)), "crave"),
        (Case(told(crave=3)), "crave"),
        (Case(told(72.0, events=ticked(6))), "crave"),
        # row 10
        (Case(told(mood=3)), None),
        (Case(told(mood=2)), "mood_low"),
        (Case(told(mood=0)), "mood_low"),
        (Case(late(mood=2)), "mood_low"),
        (Case(told(mood=3), before(3, 3)), "mood_low"),
        (Case(told(mood=3), before(3)), None),
        (Case(told(mood=3), before(3, 4)), None),
        (Case(told(mood=4), before(3, 3)), None),
        # a check-in in between that had no such question breaks no row
        (Case(told(mood=3), (told(dizziness=0), *before(3, 3))), "mood_low"),
        # row 11
        (Case(told(mood=4), before(7, 7, 7, 7)), "mood_drop"),
        (Case(told(mood=5), before(7, 7, 7, 7)), None),
        (Case(told(mood=4), before(7, 7, 7)), None),
        (Case(told(mood=4), before(8, 8, 6, 6)), "mood_drop"),
        (Case(told(mood=4), before(8, 7, 6, 6)), None),  # median 6.5
        (Case(told(mood=4), (*before(7, 7, 7), told(day=TODAY - 7 * DAY, mood=7))), "mood_drop"),
        (Case(told(mood=4), (*before(7, 7, 7), told(day=TODAY - 8 * DAY, mood=7))), None),
        # rows 12 and 13
        (Case(told(0.0, dizziness=0)), None),
        (Case(told(0.0, dizziness=1)), "dizzy_early"),
        (Case(told(23.9, dizziness=1)), "dizzy_early"),
        (Case(told(0.0, nausea=1)), "nausea_early"),
        (Case(told(23.9, nausea=1)), "nausea_early"),
        (Case(told(0.0, nausea=3)), None),
        # what comes first wins
        (Case(told(2.0, dizziness=1, nausea=1)), "dizzy_early"),
        (Case(told(2.0, dizziness=1, mood=1)), "mood_low"),
        (Case(told(30.0, floaty=2, dizziness=3)), "red_body"),
        (Case(told(30.0, floaty=2, dizziness=2)), "floaty_late"),
        (Case(told(30.0, floaty=3, bladder=3)), "bladder_red"),
        (Case(told()), None),
    ],
)
def test_each_row_at_below_and_above_its_bounds(case: Case, code: str | None) -> None:
    assert chosen(case) == code


@pytest.mark.parametrize(
    ("ago", "code"), [(0 * HOUR, None), (24 * HOUR - timedelta(seconds=1), None), (24 * HOUR, "highs"), (-HOUR, None)]
)
def test_a_card_comes_once_in_twenty_four_hours(ago: timedelta, code: str | None) -> None:
    assert chosen(Case(told(highs=2)), ShownGuide("highs", NOW - ago)) == code


def test_a_card_that_was_shown_makes_room_for_the_next_that_holds() -> None:
    case = Case(told(30.0, dizziness=2, mood=1))
    assert chosen(case) == "dizzy_late"
    assert chosen(case, ShownGuide("dizzy_late", NOW - HOUR)) == "mood_low"


def test_a_red_card_comes_every_time() -> None:
    for case in (Case(told(dizziness=3)), Case(told(vomit=3)), Case(told(bladder=3))):
        first = chosen(case)
        assert first in RED
        assert chosen(case, ShownGuide(first, NOW), ShownGuide(first, NOW - HOUR)) == first


def test_what_is_normal_on_treatment_day_is_said_once_a_treatment() -> None:
    case = Case(told(5.0, dizziness=1), treated_at=NOW - 30 * HOUR)
    assert chosen(case, ShownGuide("dizzy_early", NOW - 29 * HOUR)) is None
    assert chosen(case, ShownGuide("dizzy_early", NOW - 31 * HOUR)) == "dizzy_early"


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "mood": st.integers(0, 10),
        "dizziness": st.integers(0, 3),
        "faint": st.integers(0, 2),
        "nausea": st.integers(0, 3),
        "vomit": st.integers(0, 3),
        "headache": st.integers(0, 3),
        "floaty": st.integers(0, 3),
        "bladder": st.integers(0, 3),
        "highs": st.integers(0, 2),
        "crave": st.integers(0, 3),
        "events": st.integers(1, 2**10 - 1) | st.just(2**10),
    },
)
HOURS = st.none() | st.sampled_from([0.0, 17.9, 18.0, 23.9, 24.0, 71.9, 72.0, 167.9, 168.0, 900.0])
TOLD = st.builds(lambda values, hours: told(hours, **values), VALUES, HOURS) | st.builds(
    lambda values: late(**values), VALUES
)
PAST = st.lists(st.builds(lambda hours, **v: (hours, v), HOURS, mood=st.integers(0, 10), dizziness=st.integers(0, 3)))
CASES = st.builds(
    lambda now, past, ago: Case(
        now,
        tuple(told(hours, TODAY - n * DAY, **values) for n, (hours, values) in enumerate(past, 1)),
        None if ago is None else NOW - ago * HOUR,
    ),
    TOLD,
    PAST,
    st.none() | st.integers(0, 160),
)
SHOWN = st.lists(
    st.builds(
        ShownGuide,
        st.sampled_from([rule.code for rule in rules()]),
        st.integers(0, 60 * 72).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    ),
    max_size=12,
)


def is_red(values: Mapping[str, int], hours: Mapping[str, float | None]) -> bool:
    """Say by hand what is red, apart from the file."""
    since = hours.get("vomit")
    return (
        values.get("faint") == 2
        or 3 in (values.get("dizziness"), values.get("headache"), values.get("vomit"), values.get("bladder"))
        or bool(values.get("events", 0) & 0b1110)
        or (values.get("vomit") == 2 and since is not None and since >= 24)
    )


@given(CASES, SHOWN)
def test_red_always_comes_and_only_when_it_is(case: Case, shown: list[ShownGuide]) -> None:
    rule = choose(case, shown, NOW)
    assert (rule is not None and rule.severity is Severity.RED) == is_red(case.told.values, case.told.hours)


@given(CASES, SHOWN)
def test_any_other_comes_once_a_day_and_an_early_one_once_a_treatment(case: Case, shown: list[ShownGuide]) -> None:
    rule = choose(case, shown, NOW)
    if rule is None or rule.code in RED:
        return
    assert rule.holds(case)
    assert all(NOW - one.at >= 24 * HOUR for one in shown if one.code == rule.code)
    if rule.code in ONCE_A_TREATMENT and case.treated_at:
        assert all(one.at < case.treated_at for one in shown if one.code == rule.code)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "mood": st.integers(4, 10),
            "dizziness": st.just(0),
            "nausea": st.just(0),
            "headache": st.integers(0, 2),
            "floaty": st.integers(0, 1),
            "bladder": st.just(0),
            "highs": st.integers(0, 1),
            "crave": st.integers(0, 1),
            "events": st.sampled_from([1, 1 << 8, 1 << 9, 1 << 10]),
        },
    ),
    HOURS,
    st.lists(st.integers(0, 6), max_size=10),
    SHOWN,
)
def test_nothing_comes_below_the_thresholds(
    values: dict[str, int], hours: float | None, moods: list[int], shown: list[ShownGuide]
) -> None:
    assert choose(Case(told(hours, **values), before(*moods)), shown, NOW) is None


@given(CASES, st.integers(1, 30))
def test_in_a_row_of_check_ins_no_card_but_a_red_one_comes_twice_a_day(case: Case, times: int) -> None:
    shown: list[ShownGuide] = []
    for n in range(times):
        now = NOW + n * 2 * HOUR
        rule = choose(case, shown, now)
        if rule and rule.code not in RED:
            assert not any(one.code == rule.code and now - one.at < DAY for one in shown)
        shown += [ShownGuide(rule.code, now)] if rule else []


def test_a_feeling_was_there_before_when_it_was_moderate_within_a_day() -> None:
    assert felt_before("dizziness", [told(2.0, dizziness=0), told(23.9, dizziness=2)])
    assert not felt_before("dizziness", [told(2.0, dizziness=1), told(24.0, dizziness=3), told(None, dizziness=3)])
    assert not felt_before("nausea", [told(2.0, dizziness=3), late(nausea=3)])
    assert not felt_before("nausea", [])


def test_only_a_plain_no_is_alone() -> None:
    assert is_alone({"safe": 0})
    assert not is_alone({"safe": 1})
    assert not is_alone({"safe": 2})
    assert not is_alone({})


def test_codes_are_kept_for_ever_and_nobody_has_signed_any() -> None:
    order = (
        "red_body nausea_red bladder_red floaty_late bladder dizzy_late dizzy_new nausea_late nausea_new highs crave "
        "mood_low mood_drop dizzy_early nausea_early"
    )
    assert [rule.code for rule in rules()] == order.split()
    assert {rule.code for rule in rules() if rule.severity is Severity.RED} == RED
    assert {rule.code for rule in rules() if rule.once_a_treatment} == ONCE_A_TREATMENT
    assert {rule.row for rule in rules()} == set(range(2, 14))
    signed = [rule.reviewed_by for rule in rules()] + [everything().felt_reviewed_by, everything().alone_reviewed_by]
    assert not any(signed)
    assert rule_named("highs") is not None
    assert rule_named("") is None


def test_a_private_line_is_known_by_country() -> None:
    found = substance_line("US")
    assert found is not None
    assert found.number
    assert substance_line("DE") is None
    assert substance_line(None) is None


SOUND = """
version = 1
source = "own"
hours_between = 24
[felt_before]
at_least = 2
within_hours = 24
reviewed_by = ""
[alone]
question = "safe"
at_most = 0
reviewed_by = ""
[[rules]]
row = 2
code = "red_one"
severity = "red"
signs = [{ question = "faint", at_least = 2 }]
[[rules]]
row = 8
code = "calm_one"
severity = "blue"
signs = [{ question = "events", ticked = [5] }, { question = "mood", below_middle = 3, middle_days = 7, middle_of = 4 }]
"""


def test_a_sound_file_is_read() -> None:
    assert [rule.code for rule in read_rules(SOUND).rules] == ["red_one", "calm_one"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('severity = "red"', 'severity = "pink"'),
        ('severity = "red"', 'severity = "amber"\nsurprise = 1'),
        ('severity = "blue"', 'severity = "red"\n[[rules'),
        ('severity = "red"', 'severity = "blue"'),  # and the next made red below
        ('code = "calm_one"', 'code = "red_one"'),
        ('code = "calm_one"', 'code = "Calm 1"'),
        ('"faint", at_least = 2', '"fever", at_least = 2'),
        ('"faint", at_least = 2', '"faint", at_least = 3'),
        ('"faint", at_least = 2', '"faint", at_least = 2.0'),
        ('"faint", at_least = 2', '"faint", at_least = true'),
        ('"faint", at_least = 2', '"faint", at_least = 2, at_most = 1'),
        ('"faint", at_least = 2', '"faint"'),
        ('"faint", at_least = 2', '"faint", at_least = 2, running = 0'),
        ('"faint", at_least = 2', '"mood", at_most = 2, from_hours = 24'),
        ('"faint", at_least = 2', '"events", at_least = 2'),
        ("ticked = [5]", "ticked = [11]"),
        ("middle_days = 7, ", ""),
        ('signs = [{ question = "faint", at_least = 2 }]', "signs = []"),
        ("hours_between = 24", ""),
        ('question = "safe"', 'question = "unknown"'),
    ],
)
def test_nonsense_stops_the_start(old: str, new: str) -> None:
    spoilt = SOUND.replace(old, new)
    assert spoilt != SOUND
    if new == 'severity = "blue"':
        spoilt = spoilt.replace('code = "calm_one"\nseverity = "blue"', 'code = "calm_one"\nseverity = "red"')
    with pytest.raises(BadRules):
        read_rules(spoilt)
