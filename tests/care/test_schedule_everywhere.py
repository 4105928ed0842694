"""Every zone of the world: one prompt a local day, at the wall time, through every clock change."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from care.schedule import (
    DailyPlan,
    QuietHours,
    day_begins,
    day_ends,
    is_quiet,
    local_day,
    moment_at,
    next_daily,
    quiet_ends,
    upcoming,
    zone_names,
)
from tests.care.zones import (
    LONG_YEARS,
    THOROUGH,
    YEARS,
    ClockChange,
    behaviours,
    clock_changes,
    distinct_zones,
    is_second_showing,
    wall,
)

HALF_HOURS = range(0, 24 * 60, 30)
DAY_STARTS = (0, 3 * 60, 4 * 60) if not THOROUGH else range(0, 7 * 60, 60)
SECOND = timedelta(seconds=1)


def one_of_each_kind() -> list[ClockChange]:
    """Give one clock change of 2020-2037 for each pair of readings before and after it; all in a thorough run."""
    kinds: dict[object, list[ClockChange]] = defaultdict(list)
    for change in clock_changes(LONG_YEARS):
        kinds[change.clocks].append(change)
    return [change for changes in kinds.values() for change in (changes if THOROUGH else changes[:1])]


def days_around(change: ClockChange, reach: int = 1) -> list[date]:
    day = wall(change.moment, change.zone).date()
    return [day + timedelta(days=n) for n in range(-reach, reach + 1)]


def assert_is_right_moment(moment: datetime, day: date, minute: int, zone: str) -> None:
    """The clocks show the wished time, for the first time that day; or they just skipped it."""
    wished = datetime.combine(day, time(minute // 60, minute % 60))
    shown = wall(moment, zone)
    if shown == wished:
        assert not is_second_showing(moment, zone), (zone, wished)
    else:
        assert wall(moment - SECOND, zone) < wished < shown, (zone, wished, shown)


def test_all_zones_are_known_here() -> None:
    assert sorted(name for names in behaviours(YEARS).values() for name in names) == zone_names()


def test_every_half_hour_around_every_clock_change_is_at_its_wall_time() -> None:
    for change in clock_changes(YEARS) + one_of_each_kind():
        for day in days_around(change):
            for minute in HALF_HOURS:
                assert_is_right_moment(moment_at(day, minute, change.zone), day, minute, change.zone)


def test_every_half_hour_on_plain_days_is_at_its_wall_time_in_every_zone() -> None:
    for zone in distinct_zones(YEARS):
        for day in (date(2026, 1, 15), date(2027, 7, 1), date(2028, 2, 29)):
            for minute in HALF_HOURS:
                moment = moment_at(day, minute, zone)
                assert wall(moment, zone) == datetime.combine(day, time(minute // 60, minute % 60))


@pytest.mark.parametrize("day_start", DAY_STARTS)
def test_each_day_around_every_clock_change_has_exactly_one_prompt_within_it(day_start: int) -> None:
    for change in clock_changes(YEARS)[:: 1 if THOROUGH else 6] + one_of_each_kind():
        days = days_around(change)
        now = day_begins(days[0], change.zone, day_start) - SECOND
        for minute in HALF_HOURS:
            prompts = _first(DailyPlan(minute, change.zone, day_start), now, len(days))
            assert [day for day, _ in prompts] == days, (change, minute)
            for day, moment in prompts:
                begins, ends = day_begins(day, change.zone, day_start), day_ends(day, change.zone, day_start)
                assert begins <= moment <= ends, (change, minute)


def _first(plan: DailyPlan, now: datetime, count: int) -> list[tuple[date, datetime]]:
    ahead = upcoming(plan, now)
    return [next(ahead) for _ in range(count)]


def test_three_years_of_prompts_skip_no_day_and_repeat_none() -> None:
    for zone in distinct_zones(YEARS)[:: 1 if THOROUGH else 24]:
        for minute in (150, 23 * 60 + 30):
            plan = DailyPlan(minute, zone)
            days = [day for day, _ in _three_years(plan)]
            assert days == [days[0] + timedelta(days=n) for n in range(len(days))], (zone, minute)
            assert len(days) == (YEARS[1] - YEARS[0]).days, (zone, minute)


def _three_years(plan: DailyPlan) -> Iterator[tuple[date, datetime]]:
    """Ask again after each prompt, as the bot does."""
    now = plan.moment(plan.day_of(YEARS[0])) - SECOND
    end = now + (YEARS[1] - YEARS[0])
    while (coming := next_daily(plan, now)) is not None and coming[1] < end - timedelta(hours=12):
        yield coming
        now = coming[1]


@pytest.mark.parametrize("day_start", DAY_STARTS)
def test_days_follow_one_another_without_a_hole_and_never_go_back(day_start: int) -> None:
    for change in clock_changes(YEARS)[:: 1 if THOROUGH else 3] + one_of_each_kind():
        known = None
        for n in range(-24, 2 * 24):
            moment = change.moment + timedelta(minutes=30 * n)
            day = local_day(moment, change.zone, day_start)
            begins, ends = day_begins(day, change.zone, day_start), day_ends(day, change.zone, day_start)
            assert begins <= moment < ends, (change, moment)
            assert known is None or day in (known, known + timedelta(days=1)), (change, moment)
            known = day


@pytest.mark.parametrize(
    "quiet",
    [
        QuietHours(),  # 22:00-08:00
        QuietHours(60, 150),  # 01:00-02:30: both ends may be skipped or come twice
        QuietHours(150, 600),  # 02:30-10:00: begins where most clocks change
        QuietHours(23 * 60 + 30, 20 * 60),  # nearly all day
    ],
    ids=str,
)
def test_quiet_hours_around_every_clock_change_begin_and_end_once(quiet: QuietHours) -> None:
    length = timedelta(minutes=(quiet.end - quiet.start) % (24 * 60))
    for change in one_of_each_kind():
        moments = [change.moment + timedelta(minutes=30 * n) for n in range(-16, 2 * 16)]
        ends = [quiet_ends(moment, change.zone, quiet) for moment in moments]
        for moment, free in zip(moments, ends, strict=True):
            assert moment <= free <= moment + length + timedelta(hours=3), (change, moment)
            assert not is_quiet(free, change.zone, quiet)
            assert free == moment or is_quiet(free - SECOND, change.zone, quiet)
        periods = {free for moment, free in zip(moments, ends, strict=True) if free > moment}
        assert len(periods) <= 2, (change, periods)


def test_quiet_hours_away_from_clock_changes_are_what_the_clock_shows() -> None:
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    for zone in distinct_zones(YEARS):
        for quiet in (QuietHours(), QuietHours(9 * 60, 17 * 60), QuietHours(0, 1439), QuietHours(300, 300)):
            for n in range(24):
                moment = noon + timedelta(minutes=61 * n)
                shown = wall(moment, zone)
                assert is_quiet(moment, zone, quiet) == quiet.covers(shown.hour * 60 + shown.minute)
