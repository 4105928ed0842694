"""Small steps: which one fits the day, when none comes, and that nothing unwanted ever comes twice."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care.errors import BadSteps
from care.steps import MORE, NOT, Day, Shown, choose, guide, read_guide, steps

NOW = datetime(2026, 10, 14, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = Day({"mood": 6, "energy": 3, "dizziness": 0, "nausea": 0}, False, None, 10, 30, connect_no_twice=False)

# clinical.md 5.7, written out once more by hand: the file is judged by this, not by itself
CARE = {"care1", "care2", "care3", "care4", "care5", "care6"}
WATCH = {"watch1", "watch2", "watch3", "watch4"}
PEOPLE = {"people1", "people2", "people3", "people4"}
VISIT = {"visit1", "visit2", "visit3"}
TREATMENT_DAY = {"day1", "day2"}
STILL = {"care3", "care5"}
WALKS_AND_OUTDOORS = {"care1", "care2", "people3"}
NEEDS_A_CHART = {"watch2", "watch4"}


def day(*, values: Mapping[str, int] | None = None, **changes: object) -> Day:
    return replace(PLAIN, values={**PLAIN.values, **(values or {})}, **changes)  # type: ignore[arg-type]


def every(at: Day, shown: tuple[Shown, ...] = ()) -> set[str]:
    """Give the codes that can come on a day, whatever the check-in's id."""
    found = (choose(at, shown, NOW, seed) for seed in range(400))
    return {step.code for step in found if step}


def forbidden(at: Day) -> set[str]:
    """Give the codes that must not come on a day."""
    mood, energy = at.values.get("mood", 10), at.values.get("energy", 4)
    is_sick = max(at.values.get("dizziness", 0), at.values.get("nausea", 0)) >= 1
    no: set[str] = set()
    if at.is_treatment_day or is_sick:
        no |= WALKS_AND_OUTDOORS
    if is_sick:
        no |= steps().keys() - STILL - WATCH - TREATMENT_DAY
    if energy <= 1:
        no |= steps().keys() - STILL - {"low1"}
    if mood <= 3:
        no |= steps().keys() - STILL - {"low1"} - PEOPLE
    if at.is_treatment_day and not is_sick and mood > 3 and energy > 1:
        no |= steps().keys() - TREATMENT_DAY
    if at.check_ins < 14:
        no |= NEEDS_A_CHART
    if at.days_to_visit is None or at.days_to_visit > 3:
        no |= VISIT
    return no if at.can_invite else no | {"people4"}


@pytest.mark.parametrize(
    ("at", "codes"),
    [
        (PLAIN, CARE | {"watch1", "watch3", "people1", "people2", "people3"}),
        (day(can_invite=True), CARE | {"watch1", "watch3"} | PEOPLE),
        (day(values={"mood": 3}), {"low1", "people1", "people2", "people3"} | STILL),
        (day(values={"mood": 4}), CARE | {"watch1", "watch3", "people1", "people2", "people3"}),
        (day(values={"energy": 1}), {"low1"} | STILL),
        (day(values={"mood": 0, "energy": 0}), {"low1"} | STILL),
        (day(values={"dizziness": 1}), STILL | {"watch1", "watch3"} | TREATMENT_DAY),
        (day(values={"nausea": 1}, check_ins=14), STILL | WATCH | TREATMENT_DAY),
        (day(values={"mood": 2, "nausea": 3}), STILL),
        (day(is_treatment_day=True), TREATMENT_DAY),
        (day(is_treatment_day=True, days_to_visit=0, days_in=0), TREATMENT_DAY),
        (day(is_treatment_day=True, values={"dizziness": 2}), TREATMENT_DAY),
        (day(is_treatment_day=True, values={"mood": 2}), {"low1", "people1", "people2"} | STILL),  # nobody walks
        (day(days_to_visit=3), VISIT),
        (day(days_to_visit=0), VISIT),
        (day(days_to_visit=4), CARE | {"watch1", "watch3", "people1", "people2", "people3"}),
        (day(days_to_visit=2, values={"energy": 0}), {"low1"} | STILL),  # how the person is comes first
        (day(connect_no_twice=True), {"people1", "people2", "people3"}),
        (day(days_in=6), {"watch3"}),
        (day(days_in=7), CARE | {"watch1", "watch3", "people1", "people2", "people3"}),
        (day(check_ins=14), NEEDS_A_CHART),
        (replace(PLAIN, values={}), CARE | {"watch1", "watch3", "people1", "people2", "people3"}),  # all was skipped
    ],
)
def test_each_day_has_its_steps(at: Day, codes: set[str]) -> None:
    assert every(at) == codes


def test_what_is_offered_first_makes_room_for_the_others_once_it_was_shown() -> None:
    two_days_ago = NOW - 48 * HOUR
    seen = tuple(Shown(code, two_days_ago) for code in VISIT)
    assert every(day(days_to_visit=2), seen) == every(PLAIN)
    seen = tuple(Shown(code, two_days_ago) for code in NEEDS_A_CHART)
    assert every(day(check_ins=60), seen) == every(PLAIN)


def test_silence_rather_than_a_step_that_does_not_fit() -> None:
    seen = tuple(Shown(code, NOW - 48 * HOUR) for code in TREATMENT_DAY)
    assert every(day(is_treatment_day=True), seen) == set()


@pytest.mark.parametrize(
    ("ago", "comes"),
    [(0 * HOUR, False), (20 * HOUR - timedelta(seconds=1), False), (20 * HOUR, True), (-HOUR, False)],
)
def test_no_step_comes_within_twenty_hours_of_the_last(ago: timedelta, comes: bool) -> None:
    assert bool(every(PLAIN, (Shown("care1", NOW - ago),))) is comes


@pytest.mark.parametrize(
    ("ago", "comes"), [(timedelta(days=9, hours=23), False), (timedelta(days=10), True), (timedelta(days=11), True)]
)
def test_no_step_comes_again_within_ten_days(ago: timedelta, comes: bool) -> None:
    assert ("care1" in every(PLAIN, (Shown("care1", NOW - ago),))) is comes


def test_a_step_that_is_not_for_me_never_comes_again() -> None:
    long_ago = NOW - timedelta(days=3000)
    assert "care1" not in every(PLAIN, (Shown("care1", long_ago, NOT),))
    assert "care1" not in every(PLAIN, (Shown("care1", long_ago, NOT), Shown("care1", long_ago + HOUR, MORE)))


def test_more_like_this_makes_its_group_likelier_and_shuts_no_other_out() -> None:
    def share(shown: tuple[Shown, ...]) -> float:
        groups = Counter(step.group for seed in range(3000) if (step := choose(PLAIN, shown, NOW, seed)))
        return groups["people"] / 3000

    before, liked = share(()), share((Shown("people1", NOW - timedelta(days=20), MORE),))
    assert before == pytest.approx(3 / 11, abs=0.03)
    assert liked == pytest.approx(9 / 17, abs=0.03)
    assert every(PLAIN, (Shown("people1", NOW - timedelta(days=20), MORE),)) == every(PLAIN)


def test_a_step_that_is_no_longer_in_the_file_still_counts_as_the_last() -> None:
    assert choose(PLAIN, (Shown("care99", NOW - HOUR, MORE),), NOW, 1) is None
    assert choose(PLAIN, (Shown("care99", NOW - 30 * HOUR, MORE),), NOW, 1) is not None


DAYS = st.builds(
    Day,
    values=st.fixed_dictionaries(
        {},
        optional={
            "mood": st.integers(0, 10),
            "energy": st.integers(0, 4),
            "dizziness": st.integers(0, 3),
            "nausea": st.integers(0, 3),
        },
    ),
    is_treatment_day=st.booleans(),
    days_to_visit=st.none() | st.integers(-1, 9),
    check_ins=st.integers(0, 40),
    days_in=st.integers(0, 60),
    connect_no_twice=st.booleans(),
    can_invite=st.booleans(),
)
PAST = st.lists(
    st.builds(
        Shown,
        st.sampled_from(sorted(steps())),
        st.integers(0, 20 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        st.sampled_from([None, MORE, NOT]),
    ),
    max_size=12,
)


@given(DAYS, PAST, st.integers(1, 2**62))
def test_whatever_was_before_nothing_forbidden_comes(at: Day, shown: list[Shown], seed: int) -> None:
    step = choose(at, shown, NOW, seed)
    assert step == choose(at, shown, NOW, seed)
    if step is None:
        return
    assert step.code not in forbidden(at)
    for one in shown:
        assert NOW - one.at >= 20 * HOUR
        assert one.code != step.code or (one.verdict != NOT and NOW - one.at >= timedelta(days=10))


def a_day(dice: Random) -> Day:
    """Throw the dice for a day; plain days are frequent enough that much is shown."""
    top = {"mood": 10, "energy": 4, "dizziness": 3, "nausea": 3}
    worst = {code: dice.randint(0, most) for code, most in top.items() if dice.random() < 0.9}
    values = worst if dice.random() < 0.5 else PLAIN.values
    visit = dice.choice([None, *range(8)])
    return Day(values, dice.random() < 0.2, visit, dice.randint(0, 30), dice.randint(0, 30), dice.random() < 0.2)


@settings(max_examples=50)  # lives of 240 check-ins: 12,000 in all
@given(st.integers(0, 2**32))
def test_in_a_long_life_nothing_comes_too_soon_twice_or_unwanted(seed: int) -> None:
    dice, now, shown = Random(seed), NOW, list[Shown]()
    for number in range(240):
        now += timedelta(minutes=dice.randint(1, 48 * 60))
        at = a_day(dice)
        step = choose(at, shown, now, number)
        if step is None:
            continue
        assert step.code not in forbidden(at)
        assert not shown or now - shown[-1].at >= 20 * HOUR
        assert not any(one.code == step.code and now - one.at < timedelta(days=10) for one in shown)
        assert not any(one.code == step.code and one.verdict == NOT for one in shown)
        shown.append(Shown(step.code, now, dice.choice([None] * 12 + [MORE, NOT])))
    assert shown


def test_every_mix_of_states_leaves_something_to_offer() -> None:
    for mood, energy, dizzy, sick, treated in product((2, 6), (0, 3), (0, 2), (0, 2), (False, True)):
        values = {"mood": mood, "energy": energy, "dizziness": dizzy, "nausea": sick}
        assert choose(day(values=values, is_treatment_day=treated), (), NOW, 1)


def test_every_packaged_step_is_reached_by_some_day() -> None:
    days = [PLAIN, day(can_invite=True), day(check_ins=14), day(values={"energy": 0}), day(days_to_visit=1)]
    reached = set[str]().union(*(every(at) for at in [*days, day(is_treatment_day=True)]))
    assert reached == steps().keys()


def test_codes_are_kept_for_ever() -> None:
    assert steps().keys() == CARE | WATCH | PEOPLE | VISIT | TREATMENT_DAY | {"low1"}
    assert {code for code, step in steps().items() if step.outdoors} == WALKS_AND_OUTDOORS
    assert {code for code, step in steps().items() if step.still} == STILL
    assert guide() is guide()
    assert guide().reviewed_by == ""  # a name only when a real person has signed


SOUND = """
version = 1
reviewed_by = ""
source = "own"
hours_between = 20
days_before_again = 10
liked_weight = 3
[[limits]]
when = { fact = "mood", at_most = 3 }
only = ["low", "still"]
indoors = true
[[offers]]
when = { fact = "days_to_visit", at_least = 0, at_most = 3 }
steps = ["care1"]
[steps]
care1 = { group = "care", outdoors = true }
care2 = { group = "care", still = true }
low1 = { group = "low" }
"""


def test_lists_name_codes_groups_and_what_is_still() -> None:
    read = read_guide(SOUND)
    assert read.limits[0].codes == {"low1", "care2"}
    assert read.offers[0].codes == {"care1"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("hours_between = 20", "", "KeyError: 'hours_between'"),
        ("hours_between = 20", "hours_between = 0", "hours_between: must be a whole number"),
        ("days_before_again = 10", 'days_before_again = "10"', "days_before_again: must be"),
        ("liked_weight = 3", "liked_weight = 1.5", "liked_weight: must be"),
        ("version = 1", "version = true", "version: must be"),
        ("care2 =", "Care2 =", "Care2: the code must be"),
        ("care2 =", "walk2 =", "walk2: the code must be"),  # not its group
        ("care2 =", "care =", "care: the code must be"),
        ("low1 = {", "low1 = { outdors = true,", "outdors"),  # a slip of the pen is named
        ("still = true", "still = true, outdoors = true", "care2: outdoors and still"),
        ("still = true", "still = 1", "care2: outdoors and still"),
        ('fact = "mood"', 'fact = "moood"', "limit 1: nothing is known of moood"),
        ('fact = "days_to_visit"', 'fact = "days_to"', "offer 1: nothing is known of days_to"),
        (", at_most = 3 }\nonly", " }\nonly", "limit 1: needs at_least"),
        ("at_most = 3 }\nonly", 'at_most = "3" }\nonly', "limit 1: needs at_least"),
        ("at_least = 0, at_most = 3", "at_least = 3, at_most = 0", "offer 1: needs at_least"),
        ('["low", "still"]', '["low", "lying"]', "limit 1: needs a list of codes, groups or still; unknown: ['lying']"),
        ('["low", "still"]', "[]", "limit 1: needs a list"),
        ('["low", "still"]', '"low"', "limit 1: needs a list"),
        ('["care1"]', '["care9"]', "unknown: ['care9']"),
        ("indoors = true", "indors = true", "indors"),
        ("[steps]", "[step]", "KeyError: 'steps'"),
        ("version = 1", "version 1", "TOMLDecodeError"),
    ],
)
def test_nonsense_is_refused_and_named(old: str, new: str, fault: str) -> None:
    assert old in SOUND
    with pytest.raises(BadSteps, match=re.escape(fault)):
        read_guide(SOUND.replace(old, new))


def test_the_packaged_file_holds_every_number() -> None:
    text = files("care").joinpath("steps.toml").read_text("utf-8")
    assert read_guide(text) == guide()
    assert (guide().between, guide().before_again) == (20 * HOUR, timedelta(days=10))
