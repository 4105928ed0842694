"""What the time zone data says, read without the code under test."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

THOROUGH = os.environ.get("CARE_THOROUGH") == "1"
YEARS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))
LONG_YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC))
_STRIDE = timedelta(days=1 if THOROUGH else 14)  # no zone changes its clocks twice within a fortnight


@dataclass(frozen=True, order=True)
class ClockChange:
    """One change of a zone's offset: the first moment of the new one."""

    moment: datetime
    zone: str

    @property
    def clocks(self) -> tuple[str, str]:
        """What the clocks show a second before and at the change."""
        before = wall(self.moment - timedelta(seconds=1), self.zone)
        return before.strftime("%H:%M"), wall(self.moment, self.zone).strftime("%H:%M")


@cache
def behaviours(years: tuple[datetime, datetime]) -> dict[tuple[datetime | float, ...], list[str]]:
    """Group all zones by their first offset and every change of it, so that links are looked at once."""
    groups: dict[tuple[datetime | float, ...], list[str]] = {}
    for name in sorted(available_timezones()):
        groups.setdefault((offset(years[0], ZoneInfo(name)), *_changes(name, years)), []).append(name)
    return groups


def distinct_zones(years: tuple[datetime, datetime]) -> list[str]:
    """List one zone of each behaviour: its twins have the same offset at every moment of these years."""
    return [names[0] for names in behaviours(years).values()]


@cache
def clock_changes(years: tuple[datetime, datetime]) -> list[ClockChange]:
    """List every clock change of the distinct zones, to the second."""
    return sorted(ClockChange(moment, zone) for zone in distinct_zones(years) for moment in _changes(zone, years))


@cache
def _changes(name: str, years: tuple[datetime, datetime]) -> list[datetime]:
    tz, found, before, old = ZoneInfo(name), [], years[0], offset(years[0], ZoneInfo(name))
    while before < years[1]:
        after, new = before + _STRIDE, offset(before + _STRIDE, tz)
        if new != old:
            found.append(_first_moment(before, after, tz))
        before, old = after, new
    return found


def _first_moment(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    old = offset(before, tz)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(before + timedelta(seconds=middle), tz) == old else (low, middle)
    return before + timedelta(seconds=high)


def offset(moment: datetime, tz: ZoneInfo) -> float:
    """Give the offset from UTC in seconds."""
    local = moment.astimezone(tz).utcoffset()
    assert local is not None
    return local.total_seconds()


def wall(moment: datetime, zone: str) -> datetime:
    """Give what the clocks show, without zone or fold."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def is_second_showing(moment: datetime, zone: str) -> bool:
    """Tell whether the clocks showed the same time before, in an hour that comes twice."""
    return moment.astimezone(ZoneInfo(zone)).fold == 1
