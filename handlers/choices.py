"""What a person can set: the list of settings, and the screens that offer each. All pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from babel import Locale

from care.crisis import countries
from care.people import OPT_IN, REMINDERS, Pace, Patient
from care.schedule import EVERY_DAY, QuietHours, local_time, wall_minute
from handlers.menu import command_button
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
QUESTIONS = ("sleep", "anxious", "connect", "did", "steps", *OPT_IN)
"""What a card can ask or say further, each with a screen of its own that says what it is."""
_SETTINGS = (
    *("time", "days", "pace", "quiet", "nudges", "items", "visits"),
    *("zone", "travel", "discreet", "start", "country"),
)


def list_of(item: str) -> str:
    """Name the screen that shows what was chosen; "" for the list of all settings."""
    lists = {"days": "days", **dict.fromkeys(QUESTIONS, "items"), **dict.fromkeys(REMINDERS, "visits")}
    return lists.get(item, "")


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
    rights = [command_button(words, name) for name in ("forms", "support", "privacy", "export", "delete")]
    return Screen("\n".join(lines), in_rows([*buttons, *rights], (2,)))


def _value(words: Words, patient: Patient, now: datetime, item: str) -> str:
    values: Mapping[str, Callable[[], str]] = {
        "time": lambda: words.clock(patient.daily_minute or 0),
        "days": lambda: days_words(words, patient.weekdays),
        "pace": lambda: words(f"pace-{patient.pace.value}"),
        "items": lambda: words("settings-items-value", n=len(patient.items & set(QUESTIONS))),
        "visits": lambda: _visits_value(words, patient),
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


def often_words(words: Words, patient: Patient) -> str:
    """Write how often the check-in comes: at the daily pace the days chosen, else the pace."""
    return words("pace-often", pace=patient.pace.value, days=days_words(words, patient.weekdays))


def _visits_value(words: Words, patient: Patient) -> str:
    on = [words(f"settings-{item}") for item in REMINDERS if item in patient.items]
    return ", ".join(on) or words("settings-none")


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
    if item in QUESTIONS:
        return _with_back(words, _on_or_off(words, item, is_on=item in patient.items), "items")
    screens: Mapping[str, Callable[[], Screen]] = {
        "time": lambda: time_screen(words, (VERB, "time"), args),
        "days": lambda: _days_screen(words, patient),
        "nudges": lambda: _options(
            words, "nudges", {str(n): words("settings-nudges-value", n=n) for n in NUDGES}, patient.nudges
        ),
        "pace": lambda: _options(words, "pace", {pace: words(f"pace-{pace.value}") for pace in Pace}, patient.pace),
        "items": lambda: _items_screen(words, patient),
        "visits": lambda: _visits_screen(words, patient),
        "discreet": lambda: _on_or_off(words, "discreet", is_on=patient.discreet),
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


def _on_or_off(words: Words, item: str, *, is_on: bool) -> Screen:
    return _options(words, item, {word: words(f"settings-{word}") for word in ("on", "off")}, "on" if is_on else "off")


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


def _items_screen(words: Words, patient: Patient) -> Screen:
    """List what a card can ask further; each leads to what it is and to its switch."""
    buttons = [_option(words, _item_name(words, item), item in patient.items, item) for item in QUESTIONS]
    return Screen(words("settings-items-ask"), in_rows(buttons, (2,)))


def _item_name(words: Words, item: str) -> str:
    return words("settings-steps" if item == "steps" else f"short-{item}")


def _visits_screen(words: Words, patient: Patient) -> Screen:
    """Offer the reminders of visits; a button carries what it leads to, so that a press seen twice changes nothing."""
    buttons = [
        _option(words, words(f"settings-{item}"), item in patient.items, item, "off" if item in patient.items else "on")
        for item in REMINDERS
    ]
    return Screen(words("settings-visits-ask"), in_rows(buttons, (3,)))


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


def _with_back(words: Words, screen: Screen, *where: str) -> Screen:
    return Screen(screen.text, (*screen.rows, (button(words("settings-back"), VERB, *where),)))


def _language_name(code: str) -> str:
    return Locale.parse(code).get_display_name(code) or code
