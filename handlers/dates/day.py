"""Finds the day in plain words: what weekdays and numbers can mean, with dateparser for months and spans."""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.dates.plain import MONTHS, WEEKDAYS

_ONE_AT_A_TIME = threading.Lock()
"""dateparser keeps caches of its own, and is called from worker threads."""
_WEEK = timedelta(days=7)
_CLEAR = 4
"""So many days away, and in another week, "next Tuesday" can only be one Tuesday."""
_LATEST_BED = 4
"""Before this hour "tomorrow" can be the day that has begun at midnight."""
_LONGEST_COUNT = 1000
_W = "(" + "|".join(WEEKDAYS) + ")"
_M = "(" + "|".join(MONTHS) + ")"
_NEAR = f"(today|tomorrow|yesterday|{_W[1:-1]})"
_ROLLED = timedelta(days=300)
_SAYS_HOW_FAR = re.compile(r"\b\d{4}\b|[-/.]\d{1,2}[-/.]\d|\b(day|week|month)s?\b")
_NTH = re.compile(r"(\d{1,2})(?:st|[nr]d|th)?")
_WITH_YEAR = re.compile(r"(.*\d.*?) (\d{4}|2[4-9]|3[2-9])")
_PLAIN = re.compile(rf"\b({_NEAR}|ereyesterday|overmorrow|next|last|this|week)\b")
_MONTHS_ON = re.compile(r"(?:in )?(\d{1,2} months?)( ago| from today)?")
_COUNTED = {"day": 1, "days": 1, "week": 7, "weeks": 7}


@dataclass(frozen=True, slots=True)
class Days:
    """Where a person stands: their local time, their language, and whether they speak of the past."""

    local: datetime
    language: str
    past: bool

    @property
    def today(self) -> date:
        """Give the calendar date."""
        return self.local.date()

    @property
    def onward(self) -> int:
        """Give the direction that is meant where none is said: 1 for the future, -1 for the past."""
        return -1 if self.past else 1


Found = tuple[date, ...]


def days_of(text: str, days: Days) -> Found:
    """Give the days that plain words without a time can mean; none where they are not understood.

    A day without a year that would be more than 300 days ahead was meant for the year before.
    """
    found = _found(text, days)
    if _SAYS_HOW_FAR.search(text) or not all(day - days.today > _ROLLED for day in found):
        return found
    return _each(_date(day.year - 1, day.month, min(day.day, 28)) for day in found)


def _found(text: str, days: Days) -> Found:
    for pattern, read in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _each(read(match, days))
    weekday = re.search(rf"\b{_W}\b", text)
    if weekday is None:
        return _each(_calendar(text, days))
    rest = " ".join((text[: weekday.start()] + " " + text[weekday.end() :]).split())
    found = tuple(day for day in _each(_weekday_number(rest, days)) if day.weekday() == WEEKDAYS.index(weekday[1]))
    return found[:: days.onward][:1] if _NTH.fullmatch(rest) else found


def _each(found: Iterable[date | None]) -> Found:
    return tuple(sorted({day for day in found if day}))


def _near(match: re.Match[str], days: Days) -> Found:
    return _named(match[1], days)


def _named(name: str, days: Days) -> Found:
    if name in WEEKDAYS:
        return _coming(name, days)
    offset = ("ereyesterday", "yesterday", "today", "tomorrow", "overmorrow").index(name) - 2
    day = days.today + timedelta(days=offset)
    return (day - timedelta(days=1), day) if offset and days.local.hour < _LATEST_BED else (day,)


def _coming(name: str, days: Days) -> Found:
    """Give the coming weekday, or the one just gone; today and a week on where it is today's."""
    away = _away(name, days)
    day = days.today + timedelta(days=away * days.onward)
    return (day,) if away else (day, day + _WEEK * days.onward)


def _away(name: str, days: Days) -> int:
    return (WEEKDAYS.index(name) - days.today.weekday()) * days.onward % 7


def _monday(days: Days) -> date:
    return days.today - timedelta(days=days.today.weekday())


def _next(match: re.Match[str], days: Days) -> Found:
    """Give what "next Tuesday" or "last Tuesday" can mean: the nearest, the one after it, or either."""
    step = timedelta(days=7 if match[1] == "next" else -7)
    away = (WEEKDAYS.index(match[2]) - days.today.weekday()) * (1 if match[1] == "next" else -1) % 7
    day = days.today + (timedelta(days=away) if match[1] == "next" else -timedelta(days=away))
    if not away:
        return (day + step,)
    other_week = not _monday(days) <= day < _monday(days) + _WEEK
    return (day,) if away >= _CLEAR and other_week else (day, day + step)


def _of_week(match: re.Match[str], days: Days) -> Found:
    which, name = (match[1], match[2]) if match[2] else (match[4], match[3])
    weeks = {"last": -1, "this": 0, "next": 1}[which]
    day = _monday(days) + _WEEK * weeks + timedelta(days=WEEKDAYS.index(name))
    sunday = days.today.weekday() == WEEKDAYS.index("sunday")
    return (day, day + _WEEK) if sunday else (day,)


def _weeks_on(match: re.Match[str], days: Days) -> Found:
    said = match.groupdict()
    count, name = int(said.get("count") or 1), said["name"]
    return tuple(day + _WEEK * count for day in _named(name, days)) if count < _LONGEST_COUNT else ()


def _counted(match: re.Match[str], days: Days) -> Found:
    said = match.groupdict()
    count = int(said["count"]) * _COUNTED[said["unit"]] * (-1 if said.get("ago") else 1)
    return (days.today + timedelta(days=count),) if abs(count) < _LONGEST_COUNT else ()


def _nth(match: re.Match[str], days: Days) -> Found:
    """Give the next such day of a month, or the latest one."""
    return _each(_month_days(int(match[1]), days))[:: days.onward][:1]


def _month_days(number: int, days: Days) -> Iterable[date | None]:
    for month in range(3):
        months = days.today.year * 12 + days.today.month - 1 + month * days.onward
        day = _date(months // 12, months % 12 + 1, number)
        yield day if day and (day - days.today).days * days.onward >= 0 else None


def _weekday_number(text: str, days: Days) -> Iterable[date | None]:
    """Give the days that stand beside a weekday's name, which then chooses among them."""
    number = _NTH.fullmatch(text)
    return _month_days(int(number[1]), days) if number else _numeric(text, days) or _calendar(text, days)


def _nth_weekday(match: re.Match[str], days: Days) -> Iterable[date | None]:
    """Give the day of "2nd Tuesday in November"."""
    month, weekday, nth = MONTHS.index(match[3]) + 1, WEEKDAYS.index(match[2]), int(match[1]) - 1
    firsts = [date(year, month, 1) for year in _years(days, match[4])]
    found = [first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * nth) for first in firsts]
    return [_soonest([day for day in found if day.month == month], days)]


def _numbers(match: re.Match[str], days: Days) -> Found:
    return _numeric(match[0], days)


def _numeric(text: str, days: Days) -> Found:
    """Give the days of a date in digits: day first, and in English month first too."""
    iso = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", text)
    if iso:
        return _each([_date(int(iso[1]), int(iso[3]), int(iso[4]))])
    match = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2})?)?", text)
    if match is None:
        return ()
    orders = [(int(match[1]), int(match[3]))]
    if days.language.startswith("en") and match[2] != ".":
        orders.append((int(match[3]), int(match[1])))
    return _each(_soonest([_date(y, month, day) for y in _years(days, match[4])], days) for day, month in orders)


def _years(days: Days, said: str | None) -> list[int]:
    if said:
        return [int(said) + 2000 * (len(said) == 2)]  # noqa: PLR2004 - 27 for 2027
    return [days.today.year, days.today.year + days.onward]


def _soonest(found: Iterable[date | None], days: Days) -> date | None:
    """Give the first of these days that is not on the wrong side of today, else the last."""
    real = [day for day in found if day]
    right = [day for day in real if (day - days.today).days * days.onward >= 0]
    return next(iter(right or real[-1:]), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _calendar(text: str, days: Days) -> Iterable[date | None]:
    """Give the day of a date with a month's name, or of a span such as "in 2 months"."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if not numbers or len(numbers) > 2:  # noqa: PLR2004 - a day and a year
        return []
    bare, year = match.groups() if (match := _WITH_YEAR.fullmatch(text)) else (text, None)
    dated = [_parsed(f"{bare} {y}", "absolute-time", days) for y in _years(days, year)]
    dated = [day for day in dated if day and _explains(day, numbers)]
    return [_soonest(dated, days)] if dated else _span(text, days)


def _span(text: str, days: Days) -> list[date | None]:
    """Give the day of a span in months, or in another language's words; a plain word beside it makes it no span."""
    months = _MONTHS_ON.fullmatch(text)
    if months and (months[2] or text.startswith("in ")):
        return [_parsed(f"{months[1]} ago" if months[2] == " ago" else f"in {months[1]}", "relative-time", days)]
    return [] if days.language.startswith("en") or _PLAIN.search(text) else [_parsed(text, "relative-time", days)]


def _explains(day: date, numbers: list[int]) -> bool:
    return all(number in (day.day, day.year, day.year % 100) for number in numbers)


def _parsed(text: str, parser: str, days: Days) -> date | None:
    """Ask dateparser for a day. It is imported here because it takes 25 MB that few conversations need."""
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # noqa: PLC0415 - it brings no types

    settings: dict[str, Any] = {
        "PARSERS": [parser],
        "DATE_ORDER": "DMY",
        "REQUIRE_PARTS": ["day", "month"] if parser == "absolute-time" else [],
        "PREFER_DATES_FROM": "past" if days.past else "future",
        "RELATIVE_BASE": datetime.combine(days.today, time()),
    }
    try:
        known = list(dict.fromkeys((days.language.split("-", maxsplit=1)[0], "en")))
        with _ONE_AT_A_TIME:
            found = DateDataParser(languages=known, settings=settings).get_date_data(text)
    except Exception:  # noqa: BLE001 - a library that reads free text; whatever it stumbles over was not a date
        return None
    return found.date_obj.date() if found.date_obj and found.date_obj.tzinfo is None else None


_Read = Callable[[re.Match[str], Days], Iterable[date | None]]
_PATTERNS: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(ereyesterday|yesterday|today|tomorrow|overmorrow)", _near),
        (rf"(?:this )?{_W}", _near),
        (rf"(next|last) {_W}", _next),
        (rf"(next|last|this) week {_W}|{_W} (next|last|this) week", _of_week),
        (rf"(?:in )?(?P<count>\d+) weeks? (?:from |after )?(?P<name>{_NEAR})", _weeks_on),
        (rf"(?P<name>{_NEAR}) (?:in )?(?P<count>\d+) weeks?", _weeks_on),
        (rf"(?P<name>{_NEAR}) week", _weeks_on),
        (rf"(?P<name>{_W}) after next", _weeks_on),
        (r"in (?P<count>\d+) (?P<unit>days?|weeks?)", _counted),
        (r"(?P<count>\d+) (?P<unit>days?|weeks?) (?P<ago>ago)", _counted),
        (r"(?P<count>\d+) (?P<unit>days?) from today", _counted),
        (r"(\d{1,2})(?:st|[nr]d|th)", _nth),
        (rf"([1-5])(?:st|[nr]d|th) {_W} (?:in )?{_M}(?: (\d{{4}}))?", _nth_weekday),
        (r"[\d/.\-]+", _numbers),
    )
)
