"""Reads the visits ahead from an .ics file, and writes one visit as such a file. Titles and guests are never read.

read_calendar bounds the work by what the text says (handlers/calendar_text.py). read bounds it for certain: in a
process of its own, without the bot's settings, that is ended when it takes too long.
"""

import asyncio
import contextlib
import json
import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any

from care.errors import UnknownZone
from care.schedule import moment_at, zone_named
from handlers.calendar_text import AHEAD, BadCalendar, Pruned, Unusable, pruned

__all__ = ["BadCalendar", "Calendar", "Found", "read", "read_calendar", "write_calendar"]

MOST_BYTES = 256 * 1024
MOST_EVENTS = 60
SECONDS = 3.0
WALL_SECONDS = 10.0
_MEMORY_BYTES = 512 * 1024 * 1024
_STEP = timedelta(days=20)
_MOST_SEEN = 600
_FULL_DAY = timedelta(days=1)
_PLAIN_UTC = ("UTC", "Etc/UTC", "Z", "GMT", "Etc/GMT")
_HEAD = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//pruned//EN"]
_ROOT = str(Path(__file__).resolve().parent.parent)
_PASSED_ON = ("SYSTEMROOT", "PYTHONTZPATH")
_turns = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Found:
    """One visit of a file. mark knows it again in a later file; doubtful: the file gave an hour but no zone, so ask.

    at and ends_at are UTC; zone is the IANA name in which the file gives the time, else the person's.
    """

    at: datetime
    ends_at: datetime | None
    zone: str
    mark: bytes
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """What lies ahead in a file, earliest first. all_day: how many entries were left out because they have no hour."""

    found: tuple[Found, ...]
    bad: BadCalendar | None = None
    all_day: int = 0


def read_calendar(content: bytes, now: datetime, zone: str) -> Calendar:
    """Give the visits of the coming 400 days; zone is the person's. Never raises."""
    if len(content) > MOST_BYTES:
        return Calendar((), BadCalendar.TOO_BIG)
    try:
        return _read(content, now, zone)
    except Unusable as unusable:
        return Calendar((), unusable.bad)
    except Exception:  # noqa: BLE001 - a stranger's file can break a parser in any way, and its text stays out of logs
        return Calendar((), BadCalendar.NOT_A_CALENDAR)


def _read(content: bytes, now: datetime, zone: str) -> Calendar:
    file = pruned(content, now)
    if file.is_cancellation or not file.entries:
        return Calendar((), BadCalendar.EMPTY, file.all_day)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, days = _found(file, now, zone)
    bad = None if found else BadCalendar.EMPTY
    return Calendar(tuple(sorted(found.values(), key=lambda one: one.at)), bad, file.all_day + days)


def _found(file: Pruned, now: datetime, zone: str) -> tuple[dict[bytes, Found], int]:
    """Give the visits ahead by their marks, and how many entries last for days."""
    reader = _Reader(file, zone)
    found: dict[bytes, Found] = {}
    days: set[str] = set()
    for seen, event in enumerate(_expanded(file, now)):
        one = reader.visit(event)
        if one is None:
            days |= {str(event["UID"])} if not _is_cancelled(event) else set()
        elif now < one.at <= now + AHEAD:
            found[one.mark] = one
        if len(found) > MOST_EVENTS or seen > _MOST_SEEN:
            raise Unusable(BadCalendar.TOO_OFTEN)
    return found, len(days)


def _expanded(file: Pruned, now: datetime) -> Iterator[Any]:
    """Yield every visit around the coming 400 days, a few weeks at a time: a flood is seen before it is made."""
    import recurring_ical_events as recurring  # type: ignore[import-untyped]  # noqa: PLC0415 - 10 MB, rarely needed
    from icalendar import Calendar as Ics  # noqa: PLC0415 - the same
    from icalendar.timezone import tzp  # noqa: PLC0415 - the same

    tzp.use_zoneinfo()  # forgets the zones that an earlier file defined: they must not tint this one
    query = recurring.of(Ics.from_ical(_text(file, tzp)))
    start = now - _FULL_DAY
    while start < now + AHEAD + _FULL_DAY:
        yield from query.between(start, start + _STEP)
        start += _STEP


def _text(file: Pruned, tzp: Any) -> str:
    lines = list(_HEAD)
    for zone in file.zones:
        name = next((line.partition(":")[2] for line in zone if line[:4].upper() == "TZID"), "")
        if not _is_known(tzp, name):
            lines += zone
    for entry in file.entries:
        lines += ["BEGIN:VEVENT", *(line for same in entry.lines.values() for line in same), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _is_known(tzp: Any, name: str) -> bool:
    """Tell whether a zone's name says enough, IANA or Windows; what the file says of such a zone is not needed."""
    try:
        return tzp.timezone(name) is not None
    except OSError:
        return False


class _Reader:
    """Turns events of one file into visits."""

    def __init__(self, file: Pruned, zone: str) -> None:
        self._zone = zone
        self._utc_zone = _known_zone(file.zone) or zone
        several = (entry for entry in file.entries if entry.is_series or entry.is_override)
        self._several = {entry.value("UID") for entry in several}

    def visit(self, event: Any) -> Found | None:
        """Give the visit; None for one that is cancelled, or that has no hour or lasts for a day and more."""
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if _is_cancelled(event) or not isinstance(start, datetime):
            return None
        at, ends_at = self._moment(start), self._moment(end)
        if ends_at - at >= _FULL_DAY:
            return None
        zone = self._zone if start.tzinfo is None else self._name(start)
        return Found(at, ends_at if ends_at > at else None, zone, self._mark(event), start.tzinfo is None)

    def _moment(self, wall: datetime) -> datetime:
        if wall.tzinfo is None:
            return moment_at(wall.date(), wall.hour * 60 + wall.minute, self._zone)
        return wall.astimezone(UTC).replace(microsecond=0)

    def _name(self, start: datetime) -> str:
        """Give the IANA name; UTC is a way to write a moment, not a place, and a home-made zone has no name."""
        key = str(getattr(start.tzinfo, "key", ""))
        return self._utc_zone if not key or key in _PLAIN_UTC else _known_zone(key) or self._zone

    def _mark(self, event: Any) -> bytes:
        uid = str(event["UID"])
        which = _which(event) if uid in self._several else ""
        return sha256(f"{uid} {which}".encode()).digest()


def _which(event: Any) -> str:
    """Say which visit of a series it is: by the moment it was planned for at first."""
    planned = event["RECURRENCE-ID"]
    first: date = event["DTSTART"].dt if "RANGE" in planned.params else planned.dt
    if isinstance(first, datetime) and first.tzinfo is not None:
        first = first.astimezone(UTC)
    return first.isoformat()


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _known_zone(name: str) -> str:
    try:
        return zone_named(name).key if name and name not in _PLAIN_UTC else ""
    except UnknownZone:
        return ""


async def read(content: bytes, now: datetime, zone: str) -> Calendar:
    """Do what read_calendar does in a process that may take SECONDS of a processor, two of them at a time.

    Whoever's turn does not come within WALL_SECONDS hears the same as for a file that takes too long.
    """
    if len(content) > MOST_BYTES:
        return Calendar((), BadCalendar.TOO_BIG)
    question = json.dumps({"now": now.isoformat(), "zone": zone, "seconds": ceil(SECONDS)}).encode() + b"\n" + content
    try:
        async with asyncio.timeout(WALL_SECONDS), _turns:
            answer = await _ask(question)
    except TimeoutError:
        answer = None
    return Calendar((), BadCalendar.TOO_SLOW) if answer is None else _from_json(answer)


async def _ask(question: bytes) -> bytes | None:
    """Give the answer of a fresh process; None when the system ended it. It gets no environment: the token is there."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "handlers.calendars"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": _ROOT} | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )
    try:
        answer, _ = await process.communicate(question)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode and process.returncode > 0:
        raise RuntimeError("the process that reads calendars failed")
    return answer if process.returncode == 0 else None


def _answer() -> None:
    """Read one file from the standard input: the other side of _ask."""
    header, _, content = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(header)
    _bound_this_process(asked["seconds"])
    calendar = read_calendar(content, datetime.fromisoformat(asked["now"]), asked["zone"])
    sys.stdout.write(json.dumps(_to_json(calendar)))


def _bound_this_process(seconds: int) -> None:
    """Let the system end this process when it takes too much; where it cannot, the clock of the asking side does."""
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 - not on Windows

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _to_json(calendar: Calendar) -> dict[str, Any]:
    found = [
        (one.at.isoformat(), one.ends_at and one.ends_at.isoformat(), one.zone, one.mark.hex(), one.doubtful)
        for one in calendar.found
    ]
    return {"found": found, "bad": calendar.bad, "all_day": calendar.all_day}


def _from_json(answer: bytes) -> Calendar:
    raw = json.loads(answer)
    found = tuple(
        Found(
            datetime.fromisoformat(at), datetime.fromisoformat(end) if end else None, zone, bytes.fromhex(mark), doubt
        )
        for at, end, zone, mark, doubt in raw["found"]
    )
    return Calendar(found, BadCalendar(raw["bad"]) if raw["bad"] else None, raw["all_day"])


def write_calendar(
    at: datetime,
    ends_at: datetime | None,
    zone: str,
    title: str,
    uid: str,
    *,
    stamp: datetime,
    sequence: int = 0,
) -> bytes:
    """Give one visit as a file, in UTC and without an alarm. A higher sequence under the same uid moves an earlier one.

    stamp is the moment of writing; zone is only a hint in which zone to show it.
    """
    from icalendar import Calendar as Ics  # noqa: PLC0415 - 10 MB, rarely needed
    from icalendar import Event  # noqa: PLC0415 - the same

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", at.astimezone(UTC))
    if ends_at is not None:
        event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", title)
    event.add("sequence", sequence)
    event.add("class", "PRIVATE")
    file = Ics()
    file.add("prodid", "-//Check-in//EN")
    file.add("version", "2.0")
    file.add("x-wr-timezone", zone)
    file.add_component(event)
    return bytes(file.to_ical())


if __name__ == "__main__":
    _answer()
