"""Local days, daily moments and quiet hours: the only use of time zones in the program.

A moment is an aware UTC datetime. A day is the person's local date, which begins at their day start
(04:00 unless they chose otherwise). A minute is a wall time: minutes after local midnight, 0 to 1439.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from care.errors import UnknownZone

DAY_MINUTES = 24 * 60
EVERY_DAY = frozenset(range(7))
_LONGEST_WAIT = 400


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Wall minutes between which nothing unprompted is sent; equal ends mean no quiet hours."""

    start: int = 22 * 60
    end: int = 8 * 60

    def covers(self, minute: int) -> bool:
        """Tell whether a wall minute lies inside; the end itself lies outside."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@lru_cache(maxsize=700)
def zone_named(name: str) -> ZoneInfo:
    """Give the zone of an IANA name; raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def zone_names() -> list[str]:
    """List every IANA zone of the installed time zone data, sorted."""
    return sorted(available_timezones())


def local_time(moment: datetime, zone: str) -> datetime:
    """Give the moment as the wall clock of the zone shows it."""
    return moment.astimezone(zone_named(zone))


def wall_minute(moment: datetime, zone: str) -> int:
    """Give the wall minute of a moment."""
    local = local_time(moment, zone)
    return local.hour * 60 + local.minute


def local_day(moment: datetime, zone: str, day_start: int) -> date:
    """Give the person's day a moment belongs to; before the day start it is still yesterday."""
    local = local_time(moment, zone)
    before_start = local.hour * 60 + local.minute < day_start
    return local.date() - timedelta(days=before_start)


def moment_at(day: date, minute: int, zone: str) -> datetime:
    """Give the moment at which a zone's clocks show a wall minute of a calendar date.

    A time that the clocks skip becomes the first valid instant after it; a time that they show
    twice means the first.
    """
    tz = zone_named(zone)
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    earlier = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if earlier.astimezone(tz).replace(tzinfo=None) == wall:
        return earlier
    return _end_of_gap(wall.replace(tzinfo=tz, fold=1).astimezone(UTC), earlier, tz)


def _end_of_gap(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """Find, to the second, the clock change between two moments around it."""
    old_offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(tz).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after


def day_begins(day: date, zone: str, day_start: int) -> datetime:
    """Give the moment at which a person's day begins."""
    return moment_at(day, day_start, zone)


def day_ends(day: date, zone: str, day_start: int) -> datetime:
    """Give the moment at which a person's day is over: the beginning of the next."""
    return day_begins(day + timedelta(days=1), zone, day_start)


def daily_moment(day: date, minute: int, zone: str, day_start: int) -> datetime:
    """Give the moment of a daily wall minute within a person's day.

    A minute before the day start belongs to the small hours at the end of that day.
    """
    return moment_at(day + timedelta(days=minute < day_start), minute, zone)


@dataclass(frozen=True, slots=True)
class DailyPlan:
    """When a person wants their daily check-in: wall minute, weekdays (Monday is 0), zone, day start."""

    minute: int
    zone: str
    day_start: int = 4 * 60
    weekdays: frozenset[int] = EVERY_DAY

    def moment(self, day: date) -> datetime:
        """Give the moment of the check-in of a day."""
        return daily_moment(day, self.minute, self.zone, self.day_start)

    def day_of(self, moment: datetime) -> date:
        """Give the person's day a moment belongs to."""
        return local_day(moment, self.zone, self.day_start)


def upcoming(plan: DailyPlan, now: datetime, done: Collection[date] = ()) -> Iterator[tuple[date, datetime]]:
    """Yield the days and moments of the daily check-ins after now, leaving out days already prompted.

    A calendar date that a zone skips altogether (Samoa, 30 December 2011) has no check-in.
    """
    first = plan.day_of(now) - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(_LONGEST_WAIT)):
        if day.weekday() not in plan.weekdays or day in done:
            continue
        moment = plan.moment(day)
        if moment > now and plan.day_of(moment) == day:
            yield day, moment


def next_daily(plan: DailyPlan, now: datetime, done: Collection[date] = ()) -> tuple[date, datetime] | None:
    """Give the next day and moment of the daily check-in after now; None when no weekday is chosen."""
    return next(upcoming(plan, now, done), None)


def is_quiet(moment: datetime, zone: str, quiet: QuietHours) -> bool:
    """Tell whether a moment lies in the person's quiet hours."""
    return quiet.covers(wall_minute(moment, zone))


def quiet_ends(moment: datetime, zone: str, quiet: QuietHours) -> datetime:
    """Give the first moment from this one on that is not quiet."""
    if not is_quiet(moment, zone, quiet):
        return moment
    today = local_time(moment, zone).date()
    ends = (moment_at(today + timedelta(days=n), quiet.end, zone) for n in range(3))
    return next(end for end in ends if end > moment)


def zones_showing(minute: int, now: datetime, candidates: Collection[str]) -> list[str]:
    """List the zones whose clocks show a wall minute now, or are at most 15 minutes away from it."""
    return [name for name in candidates if _minutes_apart(wall_minute(now, name), minute) <= 15]


def _minutes_apart(one: int, other: int) -> int:
    apart = abs(one - other) % DAY_MINUTES
    return min(apart, DAY_MINUTES - apart)
