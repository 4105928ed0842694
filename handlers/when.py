"""Reads the dates and times that people type, asks back where one can mean two, and says a moment in words."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from care.schedule import local_time, moments_at
from care.visits import FARTHEST
from handlers.dates.clock import DAY_MINUTES, VISITS, Clock, hours, read_clock
from handlers.dates.day import Days, days_of
from handlers.dates.plain import plain
from handlers.pickers import city
from handlers.words import Words

LONGEST = 80
"""How many characters a typed date can have; what is longer is not looked at."""
LONGEST_AGO = timedelta(days=14)
"""How far back a treatment can be told."""
_DIGITS = re.compile(r"[\d\W]*")
_ELAPSED = re.compile(r"(?:in (?P<ahead>\d{1,3})|(?P<count>\d{1,3})) (?P<unit>hour|minute)s?(?P<way> ago| from today)?")


class Unread(StrEnum):
    """Why a typed text has no reading."""

    NOTHING = "nothing"
    TOO_LONG = "too-long"
    NO_HOUR = "no-hour"
    PAST = "past"
    FUTURE = "future"
    TOO_FAR = "too-far"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class When:
    """What a typed text can mean.

    One reading is to be echoed; two or more (four at most) are to be asked about. unread says why there is
    none. day comes with NO_HOUR: the day that was understood, None where the day itself is in doubt.
    """

    readings: tuple[datetime, ...] = ()
    unread: Unread | None = None
    day: date | None = None


NOTHING = When(unread=Unread.NOTHING)


@dataclass(frozen=True, slots=True)
class _Asked:
    now: datetime
    zone: str
    language: str
    past: bool
    days: Days = field(init=False)

    def __post_init__(self) -> None:
        days = Days(local_time(self.now, self.zone), self.language, self.past)
        object.__setattr__(self, "days", days)


async def read_when(text: str, now: datetime, zone: str, language: str, *, past: bool = False) -> When:
    """Read a typed date and time in a worker thread; see readings."""
    if len(text) > LONGEST:
        return When(unread=Unread.TOO_LONG)
    return await asyncio.to_thread(readings, text, now, zone, language, past=past)


def readings(text: str, now: datetime, zone: str, language: str, *, past: bool = False) -> When:
    """Give the moments (UTC) that a typed text can mean in a zone.

    They lie after now and within 400 days; with past, for "when was it?", before now and within 14 days.
    """
    if len(text) > LONGEST:
        return When(unread=Unread.TOO_LONG)
    said = plain(text, language)
    if not said or (_DIGITS.fullmatch(said) and not re.search(r"[:./\-]\d", said)):
        return NOTHING
    asked = _Asked(now, zone, language, past)
    return _elapsed(said, asked) or _read(said, asked)


def _elapsed(said: str, asked: _Asked) -> When | None:
    """Read "in 2 hours" and "2 hours ago"; None where the text is none of these."""
    match = _ELAPSED.fullmatch(said)
    if match is None or not (match["ahead"] or match["way"]):
        return None
    length = timedelta(**{match["unit"] + "s": int(match["ahead"] or match["count"])})
    moment = asked.now.astimezone(UTC).replace(second=0, microsecond=0)
    return _judged([moment - length if match["way"] == " ago" else moment + length], asked)


def _read(said: str, asked: _Asked) -> When:
    clock = read_clock(said)
    if clock is None:
        return NOTHING
    if not clock.minutes:
        return _without_clock(clock, asked)
    if not clock.rest:
        return _hour_alone(clock.minutes, asked)
    return _combined(days_of(clock.rest, asked.days), clock.minutes, asked)


def _hour_alone(minutes: tuple[int, ...], asked: _Asked) -> When:
    """Take an hour without a day for the next time, or the latest, that the clocks show it."""
    days = [asked.days.today + timedelta(days=n * asked.days.onward) for n in (0, 1)]
    found = [[moment for day in days for moment in _moments(day, minute, asked)] for minute in minutes]
    nearest = [moments[:1] for each in found if (moments := _judged(each, asked).readings[:: asked.days.onward])]
    return _judged([moment for moments in nearest for moment in moments], asked) if nearest else NOTHING


def _without_clock(clock: Clock, asked: _Asked) -> When:
    """Read a text in which no number is marked as an hour: a day, or a day beside a bare hour."""
    whole = days_of(clock.rest, asked.days)
    split = list(_bare_hours(clock, asked))
    if len(split) == 1 and not whole:
        return _combined(*split[0], asked)
    return NOTHING if split else _hour_missing(whole, asked)


def _bare_hours(clock: Clock, asked: _Asked) -> Iterator[tuple[tuple[date, ...], tuple[int, ...]]]:
    for match in re.finditer(r"(?<![\w:/.\-])\d{1,2}(?![\w:/.\-])", clock.rest):
        rest = " ".join((clock.rest[: match.start()] + clock.rest[match.end() :]).split())
        days, minutes = days_of(rest, asked.days), hours(match[0], 0, None, clock.part)
        if days and minutes:
            yield days, minutes


def _hour_missing(found: tuple[date, ...], asked: _Asked) -> When:
    """Ask for the hour of a day that was understood, unless that day is over or out of reach."""
    ends = [(day, _moments(day, 0 if asked.past else DAY_MINUTES - 1, asked)) for day in found]
    possible = [day for day, moments in ends if not all(_refused(moment, asked) for moment in moments)]
    if not possible:
        return _judged([moment for _, moments in ends for moment in moments], asked) if ends else NOTHING
    return When(unread=Unread.NO_HOUR, day=possible[0] if len(possible) == 1 else None)


def _combined(found: tuple[date, ...], minutes: tuple[int, ...], asked: _Asked) -> When:
    """Put days and wall minutes together; only visits' usual hours where that would be more than two."""
    if not found:
        return NOTHING
    both = [(day, minute) for day in found for minute in minutes]
    possible = [each for each in both if _judged(_moments(*each, asked), asked).readings]
    usual = [each for each in possible if each[1] in VISITS]
    chosen = usual if len(possible) > 2 and usual else possible or both  # noqa: PLR2004 - two can be asked about as they are
    return _judged([moment for each in chosen for moment in _moments(*each, asked)], asked)


def _moments(day: date, minute: int, asked: _Asked) -> tuple[datetime, ...]:
    try:
        return moments_at(day + timedelta(days=minute // DAY_MINUTES), minute % DAY_MINUTES, asked.zone)
    except OverflowError:
        return ()


def _judged(moments: Iterable[datetime], asked: _Asked) -> When:
    """Keep the moments that can be meant, or say why none can."""
    all_of = sorted(set(moments))
    possible = tuple(moment for moment in all_of if not _refused(moment, asked))
    if possible:
        return When(possible)
    return When(unread=_refused(all_of[0], asked) if all_of else Unread.SKIPPED)


def _refused(moment: datetime, asked: _Asked) -> Unread | None:
    if asked.past:
        if moment > asked.now:
            return Unread.FUTURE
        return Unread.TOO_FAR if moment < asked.now - LONGEST_AGO else None
    if moment <= asked.now:
        return Unread.PAST
    return Unread.TOO_FAR if moment > asked.now + FARTHEST else None


def refusal(words: Words, found: When) -> str:
    """Say why a typed text has no reading, and what to type instead."""
    if found.unread is Unread.NO_HOUR:
        return words("when-unread-no-hour", day=words.day(found.day)) if found.day else words("when-unread-nothing")
    return words(f"when-unread-{found.unread}")


def echo(words: Words, at: datetime, zone: str, now: datetime | None = None) -> str:
    """Say a moment as it was understood: "Tue, Dec 1, 15:00 (Berlin time). Right?"; see moment_label for the year."""
    return words("when-echo", moment=moment_label(words, at, zone, now), city=city(words, zone))


def moment_label(words: Words, at: datetime, zone: str, now: datetime | None = None) -> str:
    """Write a moment as a zone's clocks show it, in "Tue, Dec 1, 15:00"; with its year unless that is this year's."""
    local = local_time(at, zone)
    this_year = now is not None and local.year == local_time(now, zone).year
    day = words.day(local.date()) if this_year else f"{words.weekday(local.weekday())}, {words.full_day(local.date())}"
    return f"{day}, {_clock(words, at, zone)}"


def _clock(words: Words, at: datetime, zone: str) -> str:
    """Write the time of day; where the clocks show it twice, with which of the two it is."""
    local = local_time(at, zone)
    minute = local.hour * 60 + local.minute
    time = words.clock(minute)
    if len(moments_at(local.date(), minute, zone)) == 1:
        return time
    return words("when-after-change", time=time) if local.fold else words("when-before-change", time=time)
