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
_LONGEST_SETBACK = 4 * 60
_ONE_DAY = timedelta(days=1)


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
    """Give the person's day a moment belongs to: the latest that has begun; before the day start it is still yesterday.

    Clocks that are set back over the day start do not bring yesterday back.
    """
    local = local_time(moment, zone)
    minute = local.hour * 60 + local.minute
    if day_start + _LONGEST_SETBACK <= minute <= day_start + DAY_MINUTES - _LONGEST_SETBACK:
        return local.date()
    tomorrow = local.date() + timedelta(days=1)
    days = (tomorrow - timedelta(days=n) for n in range(4))
    return next(day for day in days if day_begins(day, zone, day_start) <= moment)


@lru_cache(maxsize=4096)
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


def moments_at(day: date, minute: int, zone: str) -> tuple[datetime, ...]:
    """Give every moment at which a zone's clocks show a wall minute of a date: one, none in a gap, two in a fold."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    tz = zone_named(zone)
    both = {wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(moment for moment in both if moment.astimezone(tz).replace(tzinfo=None) == wall))


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

    A minute before the day start belongs to the small hours at the end of that day. Where the clocks skip
    it together with the day start, that is the very moment at which the day ends.
    """
    return moment_at(_date_of(day, minute, day_start), minute, zone)


def _date_of(day: date, minute: int, day_start: int) -> date:
    return day + timedelta(days=minute < day_start)


def is_skipped(calendar_date: date, zone: str) -> bool:
    """Tell whether a zone leaves out a calendar date altogether, as Samoa did 30 December 2011."""
    return local_time(moment_at(calendar_date, 0, zone), zone).date() != calendar_date


def clock_change(zone: str, first: date, days: int) -> date | None:
    """Give the first of some calendar dates on which the clocks of a zone change; None when they stay."""
    dates = (first + timedelta(days=n) for n in range(days))
    return next((day for day in dates if _offset_before(day, zone) != _offset_before(day + _ONE_DAY, zone)), None)


@lru_cache(maxsize=4096)
def _offset_before(day: date, zone: str) -> timedelta | None:
    """Give the offset at the last second before a date: clocks set forward at midnight belong to the new date."""
    return local_time(moment_at(day, 0, zone) - timedelta(seconds=1), zone).utcoffset()


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

    def asks_on(self, day: date) -> bool:
        """Tell whether a day has a check-in: its weekday is chosen and the zone does not leave its date out."""
        calendar_date = _date_of(day, self.minute, self.day_start)
        return day.weekday() in self.weekdays and not is_skipped(calendar_date, self.zone)


def days_from(first: date) -> Iterator[date]:
    """Yield a day and those after it, as far ahead as anything is planned."""
    return (first + timedelta(days=n) for n in range(_LONGEST_WAIT))


def upcoming(plan: DailyPlan, now: datetime, done: Collection[date] = ()) -> Iterator[tuple[date, datetime]]:
    """Yield the days and moments of the daily check-ins after now, leaving out days already prompted."""
    for day in days_from(plan.day_of(now)):
        if day not in done and plan.asks_on(day) and plan.moment(day) > now:
            yield day, plan.moment(day)


def next_daily(plan: DailyPlan, now: datetime, done: Collection[date] = ()) -> tuple[date, datetime] | None:
    """Give the next day and moment of the daily check-in after now; None when no weekday is chosen."""
    return next(upcoming(plan, now, done), None)


def is_quiet(moment: datetime, zone: str, quiet: QuietHours) -> bool:
    """Tell whether a moment lies in the person's quiet hours."""
    return quiet_ends(moment, zone, quiet) > moment


def quiet_ends(moment: datetime, zone: str, quiet: QuietHours) -> datetime:
    """Give the first moment from this one on that is not quiet.

    Quiet hours run from one moment to another, so that clocks set back never begin them anew.
    """
    today = local_time(moment, zone).date()
    for day in (today + timedelta(days=n) for n in (-1, 0, 1)):
        begins, ends = _quiet_period(day, zone, quiet)
        if begins <= moment < ends:
            moment = ends
    return moment


def _quiet_period(day: date, zone: str, quiet: QuietHours) -> tuple[datetime, datetime]:
    last = day + timedelta(days=quiet.end < quiet.start)
    return moment_at(day, quiet.start, zone), moment_at(last, quiet.end, zone)
