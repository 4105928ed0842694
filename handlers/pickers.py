"""Screens for choosing a time zone, a time of day or a country; each is told what its buttons carry back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from babel import Locale
from babel.dates import get_timezone_location

from care.crisis import ELSEWHERE
from care.schedule import DAY_MINUTES, DailyPlan, local_time, next_daily
from care.zones import is_zone, offsets, zones_at
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.words import Words

Carry = tuple[str, ...]
"""What a picker's buttons carry before their own arguments: a verb, and arguments of the caller's."""

MORNING, MIDDAY, EVENING = 9 * 60, 13 * 60, 19 * 60
_HALF_HOURS = range(0, DAY_MINUTES, 30)
_CLOCK = re.compile(r"(\d{1,2})(?:\s?[:.h]\s?(\d{2})?)?\s*(am|pm|a\.m\.|p\.m\.|uhr)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ZoneAsk:
    """What the zone picker needs: words, what to carry, the moment, offsets to offer first, the wall minute to tell."""

    words: Words
    carry: Carry
    now: datetime
    likely: Sequence[int]
    minute: int = EVENING


def zone_screen(ask: ZoneAsk, args: Sequence[str] = ()) -> Screen:
    """Give the screen that a press of the zone picker leads to; args is what the press carried after `carry`.

    A press that carries ("y", zone) is the end: ask chosen_zone first. Anything unknown begins anew.
    """
    kind, value = (*args, "", "")[:2]
    if kind == "z" and is_zone(value):
        return confirm_zone(ask, value)
    if kind == "o" and re.fullmatch(r"-?\d{1,4}", value) and int(value) in offsets(ask.now):
        return _cities(ask, int(value))
    return _all_clocks(ask) if kind == "all" else _few_clocks(ask)


def chosen_zone(args: Sequence[str]) -> str | None:
    """Give the zone that the person said yes to; None when the press is another step of the picker."""
    kind, value = (*args, "", "")[:2]
    return value if kind == "y" and is_zone(value) else None


def confirm_zone(ask: ZoneAsk, zone: str) -> Screen:
    """Ask whether a zone is right by saying how far away a check-in would be on its clock."""
    coming = next_daily(DailyPlan(ask.minute, zone), ask.now)
    wait = int((coming[1] - ask.now).total_seconds() // 60) if coming else 0
    text = ask.words(
        "zone-confirm",
        city=city(ask.words, zone),
        clock=_clock_at(ask.words, zone, ask.now),
        time=ask.words.clock(ask.minute),
        hours=wait // 60,
        minutes=wait % 60,
    )
    yes = button(ask.words("zone-yes"), *ask.carry, "y", zone, style="success")
    return Screen(text, ((yes, button(ask.words("zone-no"), *ask.carry, "all")),))


def city(words: Words, zone: str) -> str:
    """Give the name of the city a zone is named after."""
    return str(get_timezone_location(zone, locale=words.language, return_city=True)).split("/")[-1]


def _few_clocks(ask: ZoneAsk) -> Screen:
    clocks = [_clock_button(ask, offset) for offset in ask.likely]
    other = button(ask.words("picker-other"), *ask.carry, "all")
    here = button(ask.words("zone-here"), "zo", "here")
    return Screen(ask.words("zone-clocks"), in_rows([*clocks, other, here], (2,)))


def _all_clocks(ask: ZoneAsk) -> Screen:
    clocks = [_clock_button(ask, offset) for offset in offsets(ask.now)]
    return Screen(ask.words("zone-all-clocks"), in_rows(clocks, (4,)))


def _cities(ask: ZoneAsk, offset: int) -> Screen:
    cities = [button(city(ask.words, zone), *ask.carry, "z", zone) for zone in zones_at(offset, ask.now)]
    back = (button(ask.words("picker-back"), *ask.carry, "all"),)
    return Screen(ask.words("zone-cities", time=_at_offset(ask, offset)), (*in_rows(cities, (2,)), back))


def _clock_button(ask: ZoneAsk, offset: int) -> Button:
    return button(_at_offset(ask, offset), *ask.carry, "o", offset)


def _at_offset(ask: ZoneAsk, offset: int) -> str:
    there = ask.now.astimezone(UTC) + timedelta(minutes=offset)
    return f"{ask.words.weekday(there.weekday())} {ask.words.clock(there.hour * 60 + there.minute)}"


def _clock_at(words: Words, zone: str, now: datetime) -> str:
    there = local_time(now, zone)
    return words.clock(there.hour * 60 + there.minute)


def time_screen(words: Words, carry: Carry, args: Sequence[str] = ()) -> Screen:
    """Ask for the time of the daily check-in: three usual ones, or the grid when the press asked for it."""
    if args and args[0] == "grid":
        return half_hours(words, carry, words("time-grid"))
    usual = {"time-morning": MORNING, "time-midday": MIDDAY, "time-evening": EVENING}
    buttons = [button(words(name, time=words.clock(at)), *carry, "m", at) for name, at in usual.items()]
    return Screen(words("time-ask"), in_rows([*buttons, button(words("picker-other"), *carry, "grid")], (2,)))


def half_hours(words: Words, carry: Carry, text: str) -> Screen:
    """Offer every half hour of the day under a text."""
    buttons = [button(words.clock(at), *carry, "m", at) for at in _HALF_HOURS]
    return Screen(text, in_rows(buttons, (6,)))


def chosen_minute(args: Sequence[str]) -> int | None:
    """Give the wall minute that a press of the time picker chose; None when it is another step."""
    kind, value = (*args, "", "")[:2]
    return int(value) if kind == "m" and re.fullmatch(r"\d{1,4}", value) and int(value) < DAY_MINUTES else None


def read_clock(text: str) -> int | None:
    """Read a time of day as people type it ("20:30", "8.30 pm", "9 am"); None when it is none."""
    match = _CLOCK.fullmatch(text.strip()[:20])
    if match is None or match.group(0).strip().isdecimal():
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()[:1]
    if half in ("a", "p"):
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
            return None
        hour = hour % 12 + 12 * (half == "p")
    return hour * 60 + minute if hour * 60 + minute < DAY_MINUTES and minute < 60 else None  # noqa: PLR2004 - minutes


def countries_screen(words: Words, carry: Carry, codes: Iterable[str], text: str) -> Screen:
    """Offer every country by name, in the order of its language, and a place for everybody else."""
    named = sorted((country_name(words, code), code) for code in codes if code != ELSEWHERE)
    buttons = [button(name, *carry, code) for name, code in named]
    elsewhere: Row = (button(words("country-elsewhere"), *carry, ELSEWHERE),)
    return Screen(text, (*in_rows(buttons, (2,)), elsewhere))


def country_name(words: Words, code: str) -> str:
    """Give a country's name in a language; for people elsewhere the words for that."""
    if code == ELSEWHERE:
        return words("country-elsewhere")
    return str(Locale.parse(words.language).territories.get(code, code))


def help_keyboard(words: Words) -> Mapping[str, Any]:
    """Give the reply keyboard that stays under every chat: one key, the way to help."""
    return {"keyboard": [[{"text": words("key-help")}]], "is_persistent": True, "resize_keyboard": True}


def prompt(words: Words, text: str) -> Screen:
    """Ask for a typed text; it brings the key to help, which stays where it is."""
    return Screen(text, keyboard=help_keyboard(words))


def location_keyboard(words: Words) -> Mapping[str, Any]:
    """Give the reply keyboard with which a person may share where they are, above the way to help."""
    share = {"text": words("key-location"), "request_location": True}
    return {"keyboard": [[share], [{"text": words("key-help")}]], "is_persistent": True, "resize_keyboard": True}
