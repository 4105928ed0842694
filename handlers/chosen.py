"""What a button of the settings chose, read as fields of a patient. All pure; nonsense is no choice."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from care.crisis import countries
from care.easing import pace_chosen
from care.people import REMINDERS, Pace, Patient
from care.schedule import DAY_MINUTES, EVERY_DAY, QuietHours
from handlers.choices import DAY_STARTS, NUDGES, QUESTIONS
from handlers.pickers import chosen_minute, chosen_zone
from handlers.words import languages

_LONGEST_TRAVEL = timedelta(days=400)


def chosen(item: str, args: Sequence[str], patient: Patient, now: datetime) -> dict[str, Any] | None:
    """Read what a button chose, as fields of a patient; None when it is a step on the way, or nonsense."""
    if item == "pace":
        return dict(pace_chosen(patient, Pace(args[0]), now)) if args and args[0] in set(Pace) else None
    if item in (*QUESTIONS, *REMINDERS):
        return _switch(patient, item, args)
    reader = _READERS.get(item)
    return reader(args, now) if reader else None


def _switch(patient: Patient, item: str, args: Sequence[str]) -> dict[str, Any] | None:
    """Read whether an item is to be on; the others stay as they are."""
    if args[:1] not in (("on",), ("off",)):
        return None
    return {"items": patient.items | {item} if args[0] == "on" else patient.items - {item}}


def _read_days(args: Sequence[str], now: datetime) -> dict[str, Any] | None:
    mask = _number(args, 0)
    days = frozenset(day for day in EVERY_DAY if mask is not None and mask >> day & 1)
    return {"weekdays": days} if days else None


def _read_quiet(args: Sequence[str], now: datetime) -> dict[str, Any] | None:
    if args[:1] == ("set",):
        start, end = _number(args, 1), _number(args, 2)
    else:  # the last step of the grid: ("to", start, "m", end)
        start, end = _number(args, 1), chosen_minute(args[2:])
        if args[:1] != ("to",):
            return None
    if start is None or end is None or max(start, end) >= DAY_MINUTES:
        return None
    return {"quiet": QuietHours(start, end)}


def _read_until(args: Sequence[str], now: datetime) -> dict[str, Any] | None:
    zone, day = chosen_zone(("y", *args[:1])), _day(args, 1)
    if zone is None or day is None or not now.date() - timedelta(days=2) <= day <= now.date() + _LONGEST_TRAVEL:
        return None
    return {"travel_zone": zone, "travel_until": day}


def _one_of(name: str, allowed: Sequence[int]) -> Callable[[Sequence[str], datetime], dict[str, Any] | None]:
    def read(args: Sequence[str], now: datetime) -> dict[str, Any] | None:
        value = _number(args, 0)
        return {name: value} if value in allowed else None

    return read


def _read_time(args: Sequence[str], now: datetime) -> dict[str, Any] | None:
    minute = chosen_minute(args)
    return None if minute is None else {"daily_minute": minute}


def _read_zone(args: Sequence[str], now: datetime) -> dict[str, Any] | None:
    zone = chosen_zone(args)
    return None if zone is None else {"zone": zone}


_READERS: Mapping[str, Callable[[Sequence[str], datetime], dict[str, Any] | None]] = {
    "time": _read_time,
    "days": _read_days,
    "quiet": _read_quiet,
    "nudges": _one_of("nudges", NUDGES),
    "zone": _read_zone,
    "until": _read_until,
    "home": lambda args, now: {"travel_zone": None, "travel_until": None},
    "discreet": lambda args, now: {"discreet": args[0] == "on"} if args[:1] in (("on",), ("off",)) else None,
    "start": _one_of("day_start", DAY_STARTS),
    "country": lambda args, now: {"country": args[0]} if args and args[0] in countries() else None,
    "language": lambda args, now: {"language": args[0]} if args and args[0] in languages() else None,
}


def _number(args: Sequence[str], place: int) -> int | None:
    word = args[place] if place < len(args) else ""
    return int(word) if re.fullmatch(r"[0-9]{1,4}", word) else None


def _day(args: Sequence[str], place: int) -> date | None:
    word = args[place] if place < len(args) else ""
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
