"""B13: local days that get no prompt, or two, around every clock change of two years in every zone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from benchmarks.figure import Figure, Run, worst
from care.schedule import DailyPlan, clock_change, zone_names

CASES = ("B13",)
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
TIMES = (0, 30, 60, 90, 120, 150, 180, 9 * 60, 20 * 60)
"""Minutes after midnight at which people may want their prompt: when clocks change, and two usual ones."""
AROUND = 1
_DAY = timedelta(days=1)
_NOWHERE = "localtime"


def run(run: Run) -> list[Figure]:
    """Count for both; nothing here depends on the machine. A quick run looks at a tenth of the zones."""
    zones = [zone for zone in zone_names() if zone != _NOWHERE][:: 10 if run.quick else 1]
    ours: Counter[str] = Counter()
    cron: Counter[str] = Counter()
    for zone, change in changes(zones):
        days = [change + n * _DAY for n in range(-AROUND, AROUND + 1)]
        for minute in TIMES:
            plan = DailyPlan(minute, zone, day_start=0)
            _count(ours, days, zone, [plan.moment(day) for day in days])
            _count(cron, days, zone, _cron_moments(days, minute, zone))
    beside = {"this bot": _told(ours), "APScheduler's CronTrigger": _told(cron)}
    return [worst("B13", [ours["missed"] + ours["doubled"]], beside)]


def changes(zones: Iterable[str]) -> Iterator[tuple[str, date]]:
    """Yield each zone's clock changes."""
    for zone in zones:
        day = FIRST
        while (change := clock_change(zone, day, (LAST - day).days + 1)) is not None:
            yield zone, change
            day = change + _DAY


def _cron_moments(days: list[date], minute: int, zone: str) -> list[datetime]:
    """List when the trigger fires from the first of the days to the last, each time asked as the scheduler asks it."""
    tz = ZoneInfo(zone)
    trigger = CronTrigger(hour=minute // 60, minute=minute % 60, timezone=tz)
    now = datetime.combine(days[0], datetime.min.time(), tz).astimezone(UTC) - timedelta(microseconds=1)
    moments: list[datetime] = []
    previous: datetime | None = None
    while (found := trigger.get_next_fire_time(previous, now)) is not None and found.astimezone(tz).date() <= days[-1]:
        moments.append(found.astimezone(UTC))
        previous, now = found, found.astimezone(UTC)
    return moments


def _count(counts: Counter[str], days: list[date], zone: str, moments: list[datetime]) -> None:
    """Count the days that are in the zone's calendar but got no moment, or more than one."""
    tz = ZoneInfo(zone)
    per_day = Counter(moment.astimezone(tz).date() for moment in moments)
    for day in days:
        counts["days"] += 1
        counts["missed"] += per_day[day] == 0
        counts["doubled"] += per_day[day] > 1


def _told(counts: Counter[str]) -> str:
    return f"{counts['missed']:,} missed and {counts['doubled']:,} doubled of {counts['days']:,}"
