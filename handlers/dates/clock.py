"""Finds the time of day in plain words, and says where twelve-hour and twenty-four-hour readings differ."""

import re
from dataclasses import dataclass

DAY_MINUTES = 24 * 60
NOON = 12
VISITS = range(7 * 60, 21 * 60)
"""The wall minutes at which visits happen."""

_HALF = r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?|(?P<letter>[ap])\b)"
_AT = r"(?:\bat )?"
_HOUR = r"(?<![\d:/.])(?P<hour>\d{1,2})"
_SPOKEN = (
    r"(?<![\w:/.\-])(?P<part>quarter|half|\d{1,2})(?: minutes)? (?P<side>past|after|to) (?P<hour>\d{1,2})(?![\d:/])"
)
_APART = r"(?P<minute>1[3-9]|[2-5]\d)"
_CLOCKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_AT}{_SPOKEN}(?: uhr)?{_HALF}?",
        rf"{_AT}\b(?P<part>half) (?P<hour>\d{{1,2}})(?![\d:/.]){_HALF}?",
        rf"{_AT}\b(?:12 )?(?P<named>noon|midnight)\b",
        rf"{_AT}{_HOUR}:(?P<minute>\d{{2}})(?::\d{{2}})?(?![\d:/])(?:\s?h(?:rs)?\b)?{_HALF}?",
        rf"{_AT}{_HOUR} {_APART}{_HALF}",
        rf"\bat {_HOUR} {_APART}(?![\w:/.\-])",
        rf"{_AT}{_HOUR}\.(?P<minute>\d{{2}})(?![\d./]){_HALF}",
        rf"\bat {_HOUR}\.(?P<minute>\d{{2}})(?![\d./])",
        rf"{_AT}{_HOUR}(?P<h>h)(?P<minute>\d{{2}})?\b(?!\w)",
        rf"{_AT}(?<![\d:/.\-])(?P<digits>\d{{1,4}})(?: uhr)?{_HALF}",
        r"\bat (?P<digits>\d{1,4})(?![\w:/.\-])(?: ?(?:uhr|hrs?))?",
        r"(?<![\d:/.\-])\b(?P<digits>\d{1,4}) ?(?:uhr|hrs)\b",
        r"(?<![\d:/.\-])\b(?P<digits>(?!20[23]\d)[012]\d[0-5]\d)(?![\w:/.\-])",
        r"(?<![\d:/.])\b(?P<hour>\d{1,2})\.(?P<minute>1[3-9]|[2-5]\d)(?![\d./])",
    )
)
_PARTS = {"quarter": 15, "half": 30}
_SURE_MINUTES = (20, 25)
_HOURS_OF = {"morning": range(12), "afternoon": range(12, 19), "evening": range(16, 24), "night": range(18, 24)}
_TIMES = re.compile(r"\b(?:(?P<when>this|last) )?(?P<part>morning|afternoon|evening|night|tonight)\b")
_SHORT_SPAN = re.compile(
    r"(?<![\d:/.\-])(?:from (?P<from>\d{1,2}) (?:to|until) |"
    r"(?P<hour>\d{1,2})(?:-|(?P<minute>:\d{2}) ?(?:-|to|until) ?))(?P<ends>\d{1,2})(?::\d{2})? ?(?P<half>[ap])\.?m\b\.?"
)
_BETWEEN = re.compile(r"\s*(-|to|until)\s*")


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall minutes that a text can mean (1440 is the midnight after), the text around them, the part of the day."""

    minutes: tuple[int, ...]
    rest: str
    part: str | None = None


def read_clock(text: str) -> Clock | None:
    """Find the one time of day in plain words. No minutes where there is none; None where it cannot be."""
    text, part = _part_of_day(_SHORT_SPAN.sub(_span_begins, text))
    found = _find_all(text)
    if not found:
        return Clock((), text, part)
    if len(found) > 1 and not _is_span(found, text):
        return None
    minutes = minutes_of(found[0], part)
    rest = text[: found[0].start()].removesuffix("from ") + " " + text[found[-1].end() :]
    return Clock(minutes, " ".join(rest.split()), part) if minutes else None


def _is_span(found: list[re.Match[str]], text: str) -> bool:
    begins, ends, *more = found
    return not more and _BETWEEN.fullmatch(text[begins.end() : ends.start()]) is not None


def _part_of_day(text: str) -> tuple[str, str | None]:
    parts = {("night" if m["part"] == "tonight" else m["part"]) for m in _TIMES.finditer(text)}
    if len(parts) != 1:
        return text, None
    return " ".join(_TIMES.sub(_its_day, text).split()), parts.pop()


def _its_day(match: re.Match[str]) -> str:
    if match["part"] == "tonight" or match["when"] == "this":
        return "today"
    return "yesterday" if match["when"] == "last" else ""


def _span_begins(match: re.Match[str]) -> str:
    begins = int(match["from"] or match["hour"])
    return f"{begins}{match['minute'] or ''}{_half_of_begin(begins, int(match['ends']), match['half'])}m"


def _half_of_begin(begins: int, ends: int, half: str) -> str:
    """Give the half of the day in which a span of less than twelve hours begins, from that in which it ends."""
    other = "a" if half == "p" else "p"
    return half if begins % NOON < ends % NOON else other


def _find_all(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for pattern in _CLOCKS:
        for match in pattern.finditer(text):
            if all(match.end() <= other.start() or match.start() >= other.end() for other in found):
                found.append(match)
    return sorted(found, key=lambda match: match.start())


def minutes_of(match: re.Match[str], part: str | None) -> tuple[int, ...]:
    """Give the wall minutes that a found time can mean; none where it is no time of day."""
    said = match.groupdict()
    if said.get("named"):
        return (NOON * 60,) if said["named"] == "noon" else (0, DAY_MINUTES)
    half = said.get("half") or said.get("letter")
    if said.get("digits"):
        return _of_digits(said["digits"], half, part)
    hour = said["hour"]
    if said.get("part"):
        return _of_words(said, int(hour), half, part)
    literal = len(hour) == 2 or bool(said.get("h"))  # noqa: PLR2004 - "10:30", not "3:30"
    return hours(hour, int(said["minute"] or 0), half, part, literal=literal)


def _of_digits(digits: str, half: str | None, part: str | None) -> tuple[int, ...]:
    if len(digits) <= 2:  # noqa: PLR2004 - an hour alone
        return hours(digits, 0, half, part)
    return hours(digits[:-2], int(digits[-2:]), half, part, literal=len(digits) == 4)  # noqa: PLR2004 - as in 1430


def _of_words(said: dict[str, str | None], hour: int, half: str | None, part: str | None) -> tuple[int, ...]:
    spoken = str(said["part"])
    minutes = _PARTS.get(spoken) or int(spoken)
    if said.get("side") != "to":
        return hours(str(hour), minutes, half, part)
    before = tuple((minute - minutes) % DAY_MINUTES for minute in hours(str(hour), 0, half, part))
    return before if spoken == "quarter" or minutes in _SURE_MINUTES else before + _begins(minutes, hour, half, part)


def _begins(begins: int, ends: int, half: str | None, part: str | None) -> tuple[int, ...]:
    """Give the beginning of "10 to 4", which can be the span as well as ten minutes before four."""
    return hours(str(begins), 0, _half_of_begin(begins, ends, half) if half else None, part, literal=True)


def hours(hour: str, minute: int, half: str | None, part: str | None, *, literal: bool = False) -> tuple[int, ...]:
    """Give the wall minutes of an hour as typed: one where am, pm, the part of the day or the way it is written tells.

    literal says that it is written as on a twenty-four-hour clock; a visit's usual hours then settle what is left.
    """
    number = int(hour)
    if number >= 24 or minute >= 60 or (half and not 1 <= number <= NOON):  # noqa: PLR2004 - the clock's hours and minutes
        return ()
    if half:
        both: tuple[int, ...] = (number % NOON + NOON * (half == "p"),)
    elif number > NOON or hour.startswith("0"):
        both = (number,)
    else:
        both = (number % NOON, number % NOON + NOON)
    if part:
        both = tuple(n for n in both if n in _HOURS_OF[part])
    found = tuple(n * 60 + minute for n in both)
    usual = tuple(n for n in found if n in VISITS)
    return usual if literal and usual == (number * 60 + minute,) else found
