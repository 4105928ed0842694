"""What a person can set: reading a choice from a button, and the screens that offer it. All pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale

from care.crisis import countries
from care.people import Patient
from care.schedule import DAY_MINUTES, EVERY_DAY, QuietHours, local_time, wall_minute
from handlers.pickers import (
    ZoneAsk,
    chosen_minute,
    chosen_zone,
    city,
    countries_screen,
    country_name,
    half_hours,
    time_screen,
    zone_screen,
)
from handlers.screens import Button, Screen, button, in_rows
from handlers.words import Words, languages

VERB = "se"
DAY_STARTS = (0, 120, 240, 360)
QUIET = (QuietHours(), QuietHours(23 * 60, 7 * 60), QuietHours(21 * 60, 9 * 60))
NUDGES = (0, 1, 2)
AWAY_DAYS = (3, 7, 14)
_LONGEST_TRAVEL = timedelta(days=400)
_SETTINGS = ("time", "days", "quiet", "nudges", "zone", "travel", "discreet", "start", "country")


def chosen(item: str, args: Sequence[str], now: datetime) -> dict[str, Any] | None:
    """Read what a button chose, as fields of a patient; None when it is a step on the way, or nonsense."""
    reader = _READERS.get(item)
    return reader(args, now) if reader else None


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


def overview(words: Words, patient: Patient, now: datetime, *, saved: bool = False) -> Screen:
    """List every setting as it stands, with a button for each."""
    lines = [words("settings-saved")] if saved else []
    lines += [words("settings-title"), ""]
    lines += [
        words("settings-line", name=words(f"settings-{item}"), value=_value(words, patient, now, item))
        for item in _SETTINGS
    ]
    buttons = [button(words(f"settings-{item}"), VERB, item) for item in _SETTINGS]
    if len(languages()) > 1:
        value = _language_name(words.language)
        lines.append(words("settings-line", name=words("settings-language"), value=value))
        buttons.append(button(words("settings-language"), VERB, "language"))
    return Screen("\n".join(lines), in_rows(buttons, (2,)))


def _value(words: Words, patient: Patient, now: datetime, item: str) -> str:
    values: Mapping[str, Callable[[], str]] = {
        "time": lambda: words.clock(patient.daily_minute or 0),
        "days": lambda: days_words(words, patient.weekdays),
        "quiet": lambda: quiet_words(words, patient.quiet),
        "nudges": lambda: words("settings-nudges-value", n=patient.nudges),
        "zone": lambda: _zone_value(words, patient.zone or "UTC", now),
        "travel": lambda: _travel_value(words, patient, now),
        "discreet": lambda: words("settings-on" if patient.discreet else "settings-off"),
        "start": lambda: words.clock(patient.day_start),
        "country": lambda: country_name(words, patient.country) if patient.country else words("settings-none"),
    }
    return values[item]()


def days_words(words: Words, weekdays: frozenset[int]) -> str:
    """Write weekdays as "every day" or as a list."""
    if weekdays == EVERY_DAY:
        return words("settings-every-day")
    return ", ".join(words.weekday(day) for day in sorted(weekdays))


def quiet_words(words: Words, quiet: QuietHours) -> str:
    """Write quiet hours as a span; equal ends are none."""
    if quiet.start == quiet.end:
        return words("settings-none")
    return words("settings-span", start=words.clock(quiet.start), end=words.clock(quiet.end))


def _zone_value(words: Words, zone: str, now: datetime) -> str:
    return words("settings-zone-value", city=city(words, zone), clock=words.clock(wall_minute(now, zone)))


def _travel_value(words: Words, patient: Patient, now: datetime) -> str:
    if not _is_away(patient, now) or patient.travel_zone is None or patient.travel_until is None:
        return words("settings-none")
    place = city(words, patient.travel_zone)
    return words("settings-travel-value", city=place, day=words.day(patient.travel_until))


def _is_away(patient: Patient, now: datetime) -> bool:
    return patient.travel_zone is not None and patient.zone_at(now) == patient.travel_zone


def screen_of(item: str, args: Sequence[str], words: Words, patient: Patient, ask: ZoneAsk) -> Screen:
    """Give the screen on which a setting is chosen; ask is what the zone picker needs. Unknown items give the list."""
    if item == "zone":
        return _with_back(words, zone_screen(ask, args))
    if item == "travel":
        return _with_back(words, _travel_screen(words, patient, ask, args))
    if item == "quiet":
        return _with_back(words, _quiet_screen(words, patient, args))
    screens: Mapping[str, Callable[[], Screen]] = {
        "time": lambda: time_screen(words, (VERB, "time"), args),
        "days": lambda: _days_screen(words, patient),
        "nudges": lambda: _options(
            words, "nudges", {str(n): words("settings-nudges-value", n=n) for n in NUDGES}, patient.nudges
        ),
        "discreet": lambda: _options(
            words,
            "discreet",
            {word: words(f"settings-{word}") for word in ("on", "off")},
            "on" if patient.discreet else "off",
        ),
        "start": lambda: _options(words, "start", {str(at): words.clock(at) for at in DAY_STARTS}, patient.day_start),
        "country": lambda: countries_screen(words, (VERB, "country"), countries(), words("settings-country-ask")),
        "language": lambda: _options(
            words, "language", {code: _language_name(code) for code in languages()}, words.language
        ),
    }
    return _with_back(words, screens[item]()) if item in screens else overview(words, patient, ask.now)


def _options(words: Words, item: str, options: Mapping[str, str], present: object) -> Screen:
    buttons = [_option(words, label, value == str(present), item, value) for value, label in options.items()]
    return Screen(words(f"settings-{item}-ask"), in_rows(buttons, (2,)))


def _option(words: Words, label: str, is_present: bool, *args: object) -> Button:
    """Make the button of one option; the one that holds now carries a mark, because colour alone says nothing."""
    text = words("settings-present", label=label) if is_present else label
    return button(text, VERB, *args, style="success" if is_present else "")


def _days_screen(words: Words, patient: Patient) -> Screen:
    """Offer each weekday; a button carries the days that hold after it, so that a press seen twice changes nothing."""
    buttons = [
        _option(words, words.weekday(day), day in patient.weekdays, "days", _mask(patient.weekdays ^ {day}))
        for day in range(7)
    ]
    every = button(words("settings-every-day"), VERB, "days", _mask(EVERY_DAY))
    return Screen(words("settings-days-ask"), (*in_rows(buttons, (4, 3)), (every,)))


def _mask(days: frozenset[int]) -> int:
    return sum(1 << day for day in days)


def _quiet_screen(words: Words, patient: Patient, args: Sequence[str]) -> Screen:
    step = args[0] if args else ""
    start = chosen_minute(args[1:])
    if step == "from" and start is not None:
        return half_hours(
            words, (VERB, "quiet", "to", str(start)), words("settings-quiet-to", start=words.clock(start))
        )
    if step in ("from", "to"):
        return half_hours(words, (VERB, "quiet", "from"), words("settings-quiet-from"))
    buttons = [
        _option(words, quiet_words(words, quiet), quiet == patient.quiet, "quiet", "set", quiet.start, quiet.end)
        for quiet in QUIET
    ]
    buttons.append(
        _option(words, words("settings-off"), patient.quiet.start == patient.quiet.end, "quiet", "set", 0, 0)
    )
    buttons.append(button(words("picker-other"), VERB, "quiet", "from"))
    return Screen(words("settings-quiet-ask"), in_rows(buttons, (1,)))


def _travel_screen(words: Words, patient: Patient, ask: ZoneAsk, args: Sequence[str]) -> Screen:
    zone = chosen_zone(args)
    if zone is not None:
        return _until_screen(words, patient, zone, ask.now)
    if not args and _is_away(patient, ask.now):
        home, other = button(words("settings-home"), VERB, "home"), button(words("picker-other"), VERB, "travel", "all")
        return Screen(words("settings-away", where=_travel_value(words, patient, ask.now)), ((home, other),))
    screen = zone_screen(ask, args)
    return screen if args else Screen(words("settings-travel-ask"), screen.rows)


def _until_screen(words: Words, patient: Patient, zone: str, now: datetime) -> Screen:
    today = local_time(now, zone).date()
    days = {n: today + timedelta(days=n) for n in AWAY_DAYS}
    buttons = [
        button(words("settings-until", n=n, day=words.day(day)), VERB, "until", zone, day.isoformat())
        for n, day in days.items()
    ]
    return Screen(words("settings-until-ask", city=city(words, zone)), in_rows(buttons, (1,)))


def _with_back(words: Words, screen: Screen) -> Screen:
    return Screen(screen.text, (*screen.rows, (button(words("settings-back"), VERB),)))


def _language_name(code: str) -> str:
    return Locale.parse(code).get_display_name(code) or code


def _number(args: Sequence[str], place: int) -> int | None:
    word = args[place] if place < len(args) else ""
    return int(word) if re.fullmatch(r"[0-9]{1,4}", word) else None


def _day(args: Sequence[str], place: int) -> date | None:
    word = args[place] if place < len(args) else ""
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
