"""The raw text of an .ics file: checked line by line and cut down to the lines that say when, before a library sees it.

A calendar is a small program by a stranger: one line of it can ask for a million visits. What a visit is called, where
it is, who comes and what for never gets past this file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from math import prod

AHEAD = timedelta(days=400)
_SLACK = timedelta(days=2)
_DEEPEST = 6
_LONGEST_LINE = 16 * 1024
_MOST_ENTRIES = 500
_MOST_SERIES = 60
_MOST_DATES = 2000
_MOST_ZONES = 20
_MOST_ZONE_LINES = 1000
_MOST_DAYS_SCANNED = 300_000
_MOST_RULE_VALUES = 64
_MOST_TIMES_A_DAY = 4
_TIMES = {"DTSTART", "RRULE", "RDATE"}
_OF_EVENT = _TIMES | {"UID", "DTEND", "DURATION", "EXDATE", "RECURRENCE-ID", "STATUS", "SEQUENCE"}
_OF_ZONE = _TIMES | {"TZID", "TZOFFSETFROM", "TZOFFSETTO"}
_UNIT_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_RULE_PARTS = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS"),
    *("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYHOUR", "BYMINUTE", "BYSECOND"),
}
_CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NAME = re.compile(r"([A-Za-z0-9-]{1,40})[;:]")
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_END = re.compile(r"[\r\n]+")
_INTERVAL = re.compile(r"[1-9][0-9]{0,3}")
_COUNT = re.compile(r"-?[0-9]{1,10}")


class BadCalendar(StrEnum):
    """What keeps a calendar from being used; each has its words for the person."""

    TOO_BIG = "too_big"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_OFTEN = "too_often"
    TOO_SLOW = "too_slow"
    EMPTY = "empty"


class Unusable(Exception):
    """The file is not read any further; bad says why."""

    def __init__(self, bad: BadCalendar) -> None:
        super().__init__(bad.value)
        self.bad = bad


@dataclass(slots=True)
class Entry:
    """The lines of one VEVENT that say when, by property name."""

    lines: dict[str, list[str]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Give a property's value; "" when there is none. None of those kept has a colon in it."""
        return _value(self.lines[name][0]) if name in self.lines else ""

    def values(self, name: str) -> list[str]:
        """Give every value of a property that may be a list and may come several times."""
        return [value for line in self.lines.get(name, []) for value in _value(line).split(",")]

    @property
    def starts_on(self) -> date:
        """Give the calendar date of the start, in the entry's own zone."""
        return _day(self.value("DTSTART"))

    @property
    def is_series(self) -> bool:
        """Tell whether it stands for several visits."""
        return "RRULE" in self.lines or "RDATE" in self.lines

    @property
    def is_override(self) -> bool:
        """Tell whether it takes the place of one visit of a series."""
        return "RECURRENCE-ID" in self.lines

    @property
    def is_all_day(self) -> bool:
        """Tell whether it has a date and no time."""
        return "T" not in self.value("DTSTART")

    @property
    def is_cancelled(self) -> bool:
        """Tell whether the sender took it back."""
        return self.value("STATUS").upper() == "CANCELLED"


@dataclass(slots=True)
class Pruned:
    """What is left of a file: its entries, the zones it defines, and the zone it says it is meant for."""

    entries: list[Entry] = field(default_factory=list)
    zones: list[list[str]] = field(default_factory=list)
    zone: str = ""
    all_day: int = 0
    is_cancellation: bool = False


def pruned(content: bytes, now: datetime) -> Pruned:
    """Read what may lie ahead; raises Unusable where expanding it would be nonsense or too much work."""
    file = _Sorter().sorted(_lines(content))
    file.entries = [entry for entry in file.entries if not _is_over(entry, now.date())]
    file.all_day = sum(entry.is_all_day and not (entry.is_override or entry.is_cancelled) for entry in file.entries)
    file.entries = [entry for entry in file.entries if entry.is_override or not entry.is_all_day]
    _check(file, now.date())
    _tell_apart(file.entries)
    return file


def _lines(content: bytes) -> list[str]:
    utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content.decode("utf-16" if utf_16 else "utf-8-sig", "replace")
    if "\0" in text or "BEGIN:VCALENDAR" not in text[:2000].upper():
        raise Unusable(BadCalendar.NOT_A_CALENDAR)
    return _END.split(_FOLD.sub("", text))


class _Sorter:
    """Walks through the lines and keeps those of events and zones, however much is nested around them."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._file = Pruned()

    def sorted(self, lines: list[str]) -> Pruned:
        for line in lines:
            named = _NAME.match(line)
            if named is not None:
                self._take(named[1].upper(), line)
        if self._open:
            raise Unusable(BadCalendar.NOT_A_CALENDAR)
        return self._file

    def _take(self, name: str, line: str) -> None:
        if name == "BEGIN":
            self._begin(_value(line).upper())
        elif name == "END":
            self._end(_value(line).upper())
        elif self._open == ["VCALENDAR"]:
            self._take_header(name, line)
        elif self._open == ["VCALENDAR", "VEVENT"] and name in _OF_EVENT:
            self._file.entries[-1].lines.setdefault(name, []).append(_short(line))
        if self._open[1:2] == ["VTIMEZONE"] and name in _OF_ZONE | {"BEGIN"}:
            self._file.zones[-1].append(_short(line))

    def _begin(self, component: str) -> None:
        self._open.append(component)
        if len(self._open) > _DEEPEST or self._open[0] != "VCALENDAR":
            raise Unusable(BadCalendar.NOT_A_CALENDAR)
        if self._open == ["VCALENDAR", "VEVENT"]:
            self._file.entries.append(Entry())
        elif self._open == ["VCALENDAR", "VTIMEZONE"]:
            self._file.zones.append([])

    def _end(self, component: str) -> None:
        if self._open[1:2] == ["VTIMEZONE"]:
            self._file.zones[-1].append(f"END:{component}")
        if not self._open or self._open.pop() != component:
            raise Unusable(BadCalendar.NOT_A_CALENDAR)

    def _take_header(self, name: str, line: str) -> None:
        if name == "METHOD" and _value(line).upper() == "CANCEL":
            self._file.is_cancellation = True
        elif name == "X-WR-TIMEZONE":
            self._file.zone = _value(line)[:64]


def _short(line: str) -> str:
    if len(line) > _LONGEST_LINE:
        raise Unusable(BadCalendar.TOO_OFTEN)
    return line


def _value(line: str) -> str:
    return line.rpartition(":")[2].strip()


def _day(value: str) -> date:
    """Read the date of a date or a time; raises ValueError."""
    return date(int(value[:4]), int(value[4:6]), int(value[6:8]))


def _is_over(entry: Entry, today: date) -> bool:
    """Tell whether an entry cannot bear on the coming 400 days; most of an exported calendar is like that."""
    last = max(_last_days(entry))
    return last < today - _SLACK or (not entry.is_series and not entry.is_override and last > today + AHEAD + _SLACK)


def _last_days(entry: Entry) -> Iterator[date]:
    yield entry.starts_on
    yield from (_day(value) for value in entry.values("RDATE"))
    if entry.is_override:
        whole_rest = "RANGE" in entry.lines["RECURRENCE-ID"][0].upper()
        yield date.max if whole_rest else _day(entry.value("RECURRENCE-ID"))
    if "RRULE" in entry.lines:
        until = _parts(entry.value("RRULE")).get("UNTIL")
        yield _day(until) if until else date.max


def _check(file: Pruned, today: date) -> None:
    series = [entry for entry in file.entries if entry.is_series]
    dates = sum(len(entry.values("RDATE")) + len(entry.values("EXDATE")) for entry in file.entries)
    if len(file.entries) > _MOST_ENTRIES or len(series) > _MOST_SERIES or dates > _MOST_DATES:
        raise Unusable(BadCalendar.TOO_OFTEN)
    scanned = sum(_days_scanned(entry, today + AHEAD) for entry in series)
    if scanned > _MOST_DAYS_SCANNED or len(file.zones) > _MOST_ZONES or _zone_lines(file) > _MOST_ZONE_LINES:
        raise Unusable(BadCalendar.TOO_SLOW)


def _zone_lines(file: Pruned) -> int:
    """Count the lines of all zones; raises Unusable for a zone whose clocks change more than a few times a year."""
    for line in (line for zone in file.zones for line in zone if line[:5].upper() == "RRULE"):
        if _checked(_value(line)).get("FREQ") != "YEARLY":
            raise Unusable(BadCalendar.TOO_SLOW)
    return sum(len(zone) for zone in file.zones)


def _days_scanned(entry: Entry, horizon: date) -> int:
    """Give how many days have to be looked at to expand a series; raises Unusable for a rule out of all reason."""
    if "RRULE" not in entry.lines:
        return 0
    if len(entry.lines["RRULE"]) > 1:
        raise Unusable(BadCalendar.NOT_A_CALENDAR)
    parts = _checked(entry.value("RRULE"))
    return max(0, (horizon - entry.starts_on).days) // int(parts.get("INTERVAL", "1"))


def _checked(rule: str) -> dict[str, str]:
    """Give a rule's parts; raises Unusable for one that repeats within the day or that no calendar would write."""
    parts = _parts(rule)
    if parts.get("FREQ") in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise Unusable(BadCalendar.TOO_OFTEN)
    sound = parts.keys() <= _RULE_PARTS and parts.get("FREQ") in _UNIT_DAYS
    counted = _INTERVAL.fullmatch(parts.get("INTERVAL", "1")) and _COUNT.fullmatch(parts.get("COUNT", "1"))
    if not (sound and counted):
        raise Unusable(BadCalendar.NOT_A_CALENDAR)
    lengths = {name: len(value.split(",")) for name, value in parts.items()}
    if sum(lengths.values()) > _MOST_RULE_VALUES:
        raise Unusable(BadCalendar.TOO_OFTEN)
    if prod(lengths.get(name, 1) for name in _CLOCK_PARTS) > _MOST_TIMES_A_DAY:
        raise Unusable(BadCalendar.TOO_OFTEN)
    return parts


def _parts(rule: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in rule.upper().split(";") if part)}


def _tell_apart(entries: list[Entry]) -> None:
    """Put a digest in place of each UID, another one where a careless program gave several visits the same."""
    taken: set[tuple[str, str]] = set()
    for entry in entries:
        start = entry.value("DTSTART")
        uid = entry.lines.get("UID", [f"UID:{start}"])[0].partition(":")[2].strip()
        key = (uid, entry.value("SEQUENCE"))
        if key in taken and not entry.is_override and not entry.is_series:
            uid = f"{uid}\n{start}"
        elif not entry.is_override:
            taken.add(key)
        entry.lines["UID"] = [f"UID:{sha256(uid.encode()).hexdigest()}"]
