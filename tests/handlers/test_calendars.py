"""Calendar files as programs really write them, broken ones, and hostile ones."""

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import calendars
from handlers.calendars import MOST_BYTES, MOST_EVENTS, BadCalendar, Calendar, read, read_calendar, write_calendar

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
BOUND = 1.0
"""Seconds of processor time that no file may take which the text alone gives away."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ics(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", *parts, "END:VCALENDAR", ""]).encode()


def event(*lines: str, uid: str = "a@clinic.example") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260901T080000Z", *lines, "END:VEVENT"])


def starts(calendar: Calendar) -> list[str]:
    assert calendar.bad is None
    return [one.at.strftime("%m-%d %H:%M") for one in calendar.found]


GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Ana Example
X-WR-TIMEZONE:America/Chicago
BEGIN:VTIMEZONE
TZID:America/New_York
X-LIC-LOCATION:America/New_York
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=America/New_York:20261020T100000
DTEND;TZID=America/New_York:20261020T123000
RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU
EXDATE;TZID=America/New_York:20261027T100000
DTSTAMP:20261001T101010Z
ORGANIZER;CN=Front desk:mailto:desk@clinic.example
UID:4k1v9@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN=an
 a@example.org;X-NUM-GUESTS=0:mailto:ana@example.org
DESCRIPTION:Please arrange a ride: you cannot drive.\\n\\nBEGIN:VEVENT is pl
 ain text here
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:Session
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P0DT0H30M0S
END:VALARM
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=America/New_York:20261104T150000
DTEND;TZID=America/New_York:20261104T173000
UID:4k1v9@google.com
RECURRENCE-ID;TZID=America/New_York:20261103T100000
SEQUENCE:3
STATUS:CONFIRMED
SUMMARY:Session
END:VEVENT
BEGIN:VEVENT
DTSTART:20261130T170000Z
DTEND:20261130T173000Z
UID:single@google.com
SUMMARY:Follow-up
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261225
DTEND;VALUE=DATE:20261226
UID:holiday@google.com
SUMMARY:Christmas
END:VEVENT
BEGIN:VEVENT
DTSTART:20250101T170000Z
DTEND:20250101T173000Z
UID:past@google.com
END:VEVENT
END:VCALENDAR
"""


def test_a_google_calendar_with_a_series_one_left_out_and_one_moved() -> None:
    read_back = read_calendar(GOOGLE.replace("\n", "\r\n").encode(), NOW, BERLIN)
    assert starts(read_back) == ["10-20 14:00", "11-04 20:00", "11-10 15:00", "11-30 17:00"]
    assert [one.zone for one in read_back.found] == [NEW_YORK] * 3 + ["America/Chicago"]
    assert read_back.found[0].ends_at == utc("2026-10-20T16:30")
    assert read_back.all_day == 1
    assert not any(one.doubtful for one in read_back.found)


OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE""".replace("\n", "\r\n")


@pytest.mark.parametrize("zone", [OUTLOOK_ZONE, "X-NOTHING:1"], ids=["with its rules", "by name alone"])
def test_an_outlook_invitation_names_its_zone_the_windows_way(zone: str) -> None:
    lines = (
        "SUMMARY;LANGUAGE=de-DE:Termin",
        "DTSTART;TZID=W. Europe Standard Time:20261029T101500",
        "DTEND;TZID=W. Europe Standard Time:20261029T114500",
        "CLASS:PUBLIC",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "X-ALT-DESC;FMTTYPE=text/html:<html><body>BEGIN:VALARM</body></html>",
    )
    (found,) = read_calendar(ics("METHOD:REQUEST", zone, event(*lines)), NOW, NEW_YORK).found
    assert (found.at, found.ends_at, found.zone) == (utc("2026-10-29T09:15"), utc("2026-10-29T10:45"), BERLIN)


def test_an_apple_calendar_keeps_its_hour_across_the_change_of_clocks() -> None:
    lines = (
        "DTSTART;TZID=Europe/Berlin:20261020T090000",
        "DURATION:PT2H",
        "RRULE:FREQ=WEEKLY;UNTIL=20261111T225959Z",
        "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
        'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="Clinic: 1st floor":geo:52.5,13.4',
    )
    read_back = read_calendar(ics("CALSCALE:GREGORIAN", event(*lines)), NOW, NEW_YORK)
    assert starts(read_back) == ["10-20 07:00", "10-27 08:00", "11-03 08:00", "11-10 08:00"]
    assert {one.zone for one in read_back.found} == {BERLIN}


def test_a_clinic_system_brings_a_zone_of_its_own_making() -> None:
    own = OUTLOOK_ZONE.replace("W. Europe Standard Time", "ClinicTime")
    clinic = ics(own, event("DTSTART;TZID=ClinicTime:20261020T090000", "DTEND;TZID=ClinicTime:20261020T103000"))
    (found,) = read_calendar(clinic, NOW, BERLIN).found
    assert (found.at, found.zone, found.doubtful) == (utc("2026-10-20T07:00"), BERLIN, False)


def test_a_zone_that_one_file_defines_does_not_tint_the_next() -> None:
    own = OUTLOOK_ZONE.replace("W. Europe Standard Time", "ClinicTime")
    visit = event("DTSTART;TZID=ClinicTime:20261020T090000")
    read_calendar(ics(own.replace("+0200", "+1100").replace("+0100", "+1000"), visit), NOW, BERLIN)
    (found,) = read_calendar(ics(own, visit), NOW, BERLIN).found
    assert found.at == utc("2026-10-20T07:00")


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART:20261020T090000",
        "DTSTART;TZID=Nowhere Standard Time:20261020T090000",
    ],
)
def test_a_time_without_a_known_zone_is_the_persons_and_doubtful(line: str) -> None:
    (found,) = read_calendar(ics(event(line)), NOW, BERLIN).found
    assert (found.at, found.zone, found.doubtful) == (utc("2026-10-20T07:00"), BERLIN, True)


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20261020",),
        ("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=DAILY"),
        ("DTSTART;TZID=Europe/Berlin:20261020T000000", "DTEND;TZID=Europe/Berlin:20261021T000000"),
        ("DTSTART:20261020T090000Z", "DURATION:P3D"),
    ],
)
def test_what_has_no_hour_is_counted_and_left_out(lines: tuple[str, ...]) -> None:
    assert read_calendar(ics(event(*lines)), NOW, BERLIN) == Calendar((), BadCalendar.EMPTY, all_day=1)


def test_cancelled_visits_are_left_out_also_out_of_a_series() -> None:
    series = event("DTSTART:20261020T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "SEQUENCE:0")
    one = event("DTSTART:20261021T090000Z", "RECURRENCE-ID:20261021T090000Z", "STATUS:CANCELLED")
    whole = event("DTSTART:20261101T090000Z", "STATUS:CANCELLED", uid="b")
    assert starts(read_calendar(ics(series, one, whole), NOW, BERLIN)) == ["10-20 09:00", "10-22 09:00"]
    assert read_calendar(ics("METHOD:CANCEL", series), NOW, BERLIN).bad is BadCalendar.EMPTY


def test_extra_dates_and_a_change_of_all_that_follow() -> None:
    extra = event("DTSTART:20261020T090000Z", "RDATE:20261023T100000Z,20261024T100000Z")
    assert starts(read_calendar(ics(extra), NOW, BERLIN)) == ["10-20 09:00", "10-23 10:00", "10-24 10:00"]
    series = event("DTSTART:20261020T090000Z", "RRULE:FREQ=DAILY;COUNT=4")
    later = event("DTSTART:20261022T110000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261022T090000Z")
    moved = read_calendar(ics(series, later), NOW, BERLIN)
    assert starts(moved) == ["10-20 09:00", "10-21 09:00", "10-22 11:00", "10-23 11:00"]
    assert len({one.mark for one in moved.found}) == 4


def test_only_the_coming_400_days_count() -> None:
    visits = [event(f"DTSTART:{day}T090000Z", uid=day) for day in ("20261013", "20261015", "20271117", "20271119")]
    assert starts(read_calendar(ics(*visits), NOW, BERLIN)) == ["10-15 09:00", "11-17 09:00"]
    running = event("DTSTART:20261014T083000Z", "DTEND:20261014T100000Z")
    assert read_calendar(ics(running), NOW, BERLIN).bad is BadCalendar.EMPTY


def test_a_mark_knows_a_visit_again_after_it_was_moved() -> None:
    first = read_calendar(ics(event("DTSTART:20261020T090000Z")), NOW, BERLIN).found
    moved = read_calendar(ics(event("DTSTART:20261021T113000Z", "SEQUENCE:1")), NOW, BERLIN).found
    assert [one.mark for one in first] == [one.mark for one in moved]
    assert len(first[0].mark) == 32
    series = event("DTSTART;TZID=Europe/Berlin:20261020T090000", "RRULE:FREQ=DAILY;COUNT=2")
    override = event("DTSTART:20261025T090000Z", "RECURRENCE-ID:20261020T070000Z")
    before = read_calendar(ics(series), NOW, BERLIN).found
    after = read_calendar(ics(series, override), NOW, BERLIN).found
    assert {one.mark for one in before} == {one.mark for one in after}
    alone = read_calendar(ics(override), NOW, NEW_YORK).found
    assert alone[0].mark == before[0].mark


def test_careless_programs_that_give_no_uid_or_always_the_same_lose_no_visit() -> None:
    days = ("20261020", "20261021", "20261022")
    same = ics(*(event(f"DTSTART:{day}T090000Z", uid="export") for day in days))
    none = same.replace(b"UID:export\r\n", b"")
    for file in (same, none):
        found = read_calendar(file, NOW, BERLIN).found
        assert len({one.mark for one in found}) == 3
        assert found == read_calendar(file, NOW, BERLIN).found


def test_two_calendars_in_one_file_are_read_together() -> None:
    one, other = (ics(event(f"DTSTART:{day}T090000Z", uid=day)) for day in ("20261020", "20261021"))
    assert len(read_calendar(one + other, NOW, BERLIN).found) == 2


def test_nothing_of_what_is_written_in_the_file_survives() -> None:
    assert "clinic.example" not in repr(read_calendar(GOOGLE.encode(), NOW, BERLIN))
    assert "google" not in repr(read_calendar(GOOGLE.encode(), NOW, BERLIN)).lower()


# Broken.

VISIT = ics(event("SUMMARY:Größe", "DTSTART:20261020T090000Z"))


@pytest.mark.parametrize(
    "file",
    [
        b"\xef\xbb\xbf" + VISIT,
        VISIT.replace(b"\r\n", b"\n"),
        VISIT.replace(b"\r\n", b"\r"),
        VISIT.decode().encode("latin-1"),
        VISIT.decode().encode("utf-16"),
        b"\r\n\r\n" + VISIT,
        VISIT.replace(b"DTSTART:2026", b"DTSTART:20\r\n 26"),
        VISIT.replace(b"BEGIN:VEVENT", b"begin:vevent").replace(b"DTSTART", b"dtstart"),
    ],
    ids=["BOM", "LF", "CR", "latin-1", "utf-16", "blank lines", "folded", "lower case"],
)
def test_files_that_are_odd_but_clear_are_read(file: bytes) -> None:
    assert starts(read_calendar(file, NOW, BERLIN)) == ["10-20 09:00"]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"hello",
        b"%PDF-1.7\n" + bytes(range(256)) * 20,
        b"PK\x03\x04" + b"BEGIN:VCALENDAR" + bytes(2000),
        VISIT[: len(VISIT) // 2],
        VISIT.replace(b"END:VCALENDAR\r\n", b""),
        VISIT.replace(b"END:VEVENT\r\n", b""),
        VISIT.replace(b"20261020T090000Z", b"20261399T990000Z"),
        VISIT.replace(b"20261020T090000Z", b"soon"),
        VISIT.replace(b"DTSTART:20261020T090000Z\r\n", b""),
        VISIT.replace(b"DTSTART:", b"DTSTART;TZID=Europe:"),
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n",
        ics(event("DTSTART:20261020T090000Z", "RRULE:FREQ=WEEKLY;INTERVAL=0")),
        ics(event("DTSTART:20261020T090000Z", "RRULE:FREQ=SOMETIMES")),
        ics(event("DTSTART:20261020T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=XX")),
        ics(event("DTSTART:20261020T090000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY")),
    ],
)
def test_what_cannot_be_read_whole_is_not_read_at_all(file: bytes) -> None:
    assert read_calendar(file, NOW, BERLIN) == Calendar((), BadCalendar.NOT_A_CALENDAR)


def test_a_calendar_without_anything_ahead_is_empty() -> None:
    assert read_calendar(ics(), NOW, BERLIN).bad is BadCalendar.EMPTY
    assert read_calendar(ics(event("DTSTART:20200101T090000Z")), NOW, BERLIN).bad is BadCalendar.EMPTY
    todo = "BEGIN:VTODO\r\nDTSTART:20261020T090000Z\r\nEND:VTODO"
    assert read_calendar(ics(todo), NOW, BERLIN).bad is BadCalendar.EMPTY


# Hostile.


def rule(*lines: str) -> bytes:
    return ics(event("DTSTART:20261020T090000Z", *lines))


def many(count: int, line: str = "DTSTART:20261020T090000Z") -> bytes:
    short = "".join(f"BEGIN:VEVENT\nUID:{n}\n{line}\nEND:VEVENT\n" for n in range(count))
    return f"BEGIN:VCALENDAR\n{short}END:VCALENDAR\n".encode()


def zone_of(*changes: str) -> bytes:
    parts = (
        f"BEGIN:STANDARD\r\n{change}\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD" for change in changes
    )
    zone = "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Bomb", *parts, "END:VTIMEZONE"])
    return ics(zone, event("DTSTART;TZID=Bomb:20261020T090000"))


EVERY = ",".join(map(str, range(24)))
MINUTES = ",".join(map(str, range(60)))
HOSTILE: dict[str, tuple[BadCalendar, Callable[[], bytes]]] = {
    "secondly": (BadCalendar.TOO_OFTEN, lambda: rule("RRULE:FREQ=SECONDLY")),
    "minutely": (BadCalendar.TOO_OFTEN, lambda: rule("RRULE:FREQ=MINUTELY;COUNT=3")),
    "hourly": (BadCalendar.TOO_OFTEN, lambda: rule("RRULE:freq=hourly")),
    "daily": (BadCalendar.TOO_OFTEN, lambda: rule("RRULE:FREQ=DAILY")),
    "a count of a billion": (BadCalendar.TOO_OFTEN, lambda: rule("RRULE:FREQ=DAILY;COUNT=1000000000")),
    "every second of a day": (
        BadCalendar.TOO_OFTEN,
        lambda: rule(f"RRULE:FREQ=DAILY;BYHOUR={EVERY};BYMINUTE={MINUTES};BYSECOND={MINUTES}"),
    ),
    "a count with 100,000 digits": (
        BadCalendar.NOT_A_CALENDAR,
        lambda: rule("RRULE:FREQ=DAILY;COUNT=" + "9" * 10_000),
    ),
    "setpos of everything": (
        BadCalendar.TOO_OFTEN,
        lambda: rule("RRULE:FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367))) + ";BYSETPOS=366"),
    ),
    "10,000 visits": (BadCalendar.TOO_BIG, lambda: many(10_000)),
    "4,000 visits": (BadCalendar.TOO_OFTEN, lambda: many(4_000)),
    "61 visits": (BadCalendar.TOO_OFTEN, lambda: many(MOST_EVENTS + 1)),
    "400 series": (BadCalendar.TOO_OFTEN, lambda: many(400, "DTSTART:20261020T090000Z\nRRULE:FREQ=DAILY")),
    "60 daily series": (BadCalendar.TOO_OFTEN, lambda: many(60, "DTSTART:20261020T090000Z\nRRULE:FREQ=DAILY")),
    "cancelled daily series": (
        BadCalendar.TOO_OFTEN,
        lambda: many(60, "DTSTART:20261020T090000Z\nSTATUS:CANCELLED\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4"),
    ),
    "series since the year 1": (
        BadCalendar.TOO_SLOW,
        lambda: many(50, "DTSTART:00010101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20261101T000000Z"),
    ),
    "an extra date flood": (
        BadCalendar.TOO_OFTEN,
        lambda: rule(
            "RDATE:" + ",".join(f"202611{day:02}T{hour:02}0000Z" for day in range(1, 31) for hour in range(24))
        ),
    ),
    "an exception flood": (
        BadCalendar.TOO_OFTEN,
        lambda: rule("RRULE:FREQ=WEEKLY", *["EXDATE:" + ",".join(["20261027T090000Z"] * 900)] * 15),
    ),
    "nested": (BadCalendar.NOT_A_CALENDAR, lambda: ics("BEGIN:VEVENT\r\n" * 5000 + "END:VEVENT\r\n" * 5000)),
    "a zone of seconds": (
        BadCalendar.TOO_OFTEN,
        lambda: zone_of("DTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY"),
    ),
    "a zone of thousands": (
        BadCalendar.TOO_SLOW,
        lambda: zone_of(*(f"DTSTART:{year:04}0101T000000" for year in range(1, 2000))),
    ),
    "a year that does not exist": (BadCalendar.NOT_A_CALENDAR, lambda: ics(event("DTSTART:00000101T090000Z"))),
    "the end of time": (
        BadCalendar.NOT_A_CALENDAR,
        lambda: rule("DTEND:99991231T235959Z", "RRULE:FREQ=DAILY"),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_good_time(name: str) -> None:
    bad, make = HOSTILE[name]
    file = make()
    began = time.process_time()
    assert read_calendar(file, NOW, BERLIN).bad is bad
    assert time.process_time() - began < BOUND


@pytest.mark.parametrize(
    "junk",
    [
        "X-JUNK:" + "a" * 200_000,
        "DESCRIPTION:" + "\r\n a" * 60_000,
        "X-A:b\r\n" * 30_000,
        "ATTENDEE;CN=" + '"' * 100_001 + ":x",
        "BEGIN:VALARM\r\nTRIGGER:-PT1S\r\nREPEAT:1000000000\r\nDURATION:PT1S\r\nACTION:DISPLAY\r\nEND:VALARM\r\n"
        * 2_000,
    ],
    ids=["long line", "folds", "lines", "quotes", "alarms"],
)
def test_junk_around_a_visit_costs_little_and_changes_nothing(junk: str) -> None:
    file = rule(junk.rstrip("\r\n"))
    assert len(file) <= MOST_BYTES
    began = time.process_time()
    assert starts(read_calendar(file, NOW, BERLIN)) == ["10-20 09:00"]
    assert time.process_time() - began < BOUND


def test_a_whole_life_of_past_visits_is_no_reason_to_refuse_the_next() -> None:
    past = "".join(f"BEGIN:VEVENT\nUID:{n}\nDTSTART:2019{n % 12 + 1:02}01T090000Z\nEND:VEVENT\n" for n in range(3500))
    file = f"BEGIN:VCALENDAR\n{past}{event('DTSTART:20261020T090000Z')}\nEND:VCALENDAR\n".encode()
    assert starts(read_calendar(file, NOW, BERLIN)) == ["10-20 09:00"]


def test_a_file_over_the_limit_is_too_big() -> None:
    assert read_calendar(VISIT + b" " * MOST_BYTES, NOW, BERLIN).bad is BadCalendar.TOO_BIG


# In a process of its own.

NEVER = rule("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
"""The thirtieth of February: nothing in the text gives it away, and looking for it goes on to the year 9999."""


async def test_another_process_reads_the_same() -> None:
    assert await read(GOOGLE.encode(), NOW, BERLIN) == read_calendar(GOOGLE.encode(), NOW, BERLIN)
    assert await read(b"hello", NOW, BERLIN) == Calendar((), BadCalendar.NOT_A_CALENDAR)
    assert (await read(b" " * (MOST_BYTES + 1), NOW, BERLIN)).bad is BadCalendar.TOO_BIG


async def test_a_file_that_never_ends_is_ended_and_blocks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "WALL_SECONDS", 1.5)
    longest, last = 0.0, time.monotonic()
    reading = asyncio.create_task(read(NEVER, NOW, BERLIN))
    began = last
    while not reading.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert reading.result().bad is BadCalendar.TOO_SLOW
    assert time.monotonic() - began < 4
    assert longest < 0.5


@pytest.mark.skipif(sys.platform == "win32", reason="has no limits for processes")
async def test_the_system_ends_a_process_that_takes_too_much_of_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "SECONDS", 1.0)
    monkeypatch.setattr(calendars, "WALL_SECONDS", 60.0)
    assert (await read(NEVER, NOW, BERLIN)).bad is BadCalendar.TOO_SLOW


async def test_a_cancelled_read_leaves_no_process_behind() -> None:
    reading = asyncio.create_task(read(NEVER, NOW, BERLIN))
    await asyncio.sleep(0.3)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert (await read(VISIT, NOW, BERLIN)).bad is None


# Writing.


def written(**changes: object) -> bytes:
    given_values: dict[str, object] = {
        "at": utc("2026-10-20T09:00"),
        "ends_at": utc("2026-10-20T11:00"),
        "zone": BERLIN,
        "title": "Appointment, 2 hours; bring: a friend\\ä",
        "uid": "visit-7@check-in",
        "stamp": NOW,
    }
    return write_calendar(**(given_values | changes))  # type: ignore[arg-type]


def test_what_is_written_is_read_back() -> None:
    (found,) = read_calendar(written(), NOW, NEW_YORK).found
    assert (found.at, found.ends_at) == (utc("2026-10-20T09:00"), utc("2026-10-20T11:00"))
    assert (found.zone, found.doubtful) == (BERLIN, False)
    (again,) = read_calendar(written(at=utc("2026-10-19T09:00"), ends_at=None, sequence=2), NOW, NEW_YORK).found
    assert (again.mark, again.ends_at) == (found.mark, None)


def test_a_written_file_is_plain_and_valid() -> None:
    import icalendar

    file = written(title="Appointment " * 20)
    lines = file.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    (visit,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert str(visit["SUMMARY"]) == ("Appointment " * 20)
    assert visit["DTSTAMP"].dt == NOW
    assert {"DTSTART:20261020T090000Z", "DTEND:20261020T110000Z"} <= set(file.decode().split("\r\n"))
    assert b"VALARM" not in file
    assert written() == written()


# Anything at all.

LINES = st.sampled_from(
    [
        *["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE"],
        *["BEGIN:STANDARD", "END:STANDARD", "BEGIN:VALARM", "END:VALARM", "UID:a", "UID:b", "TZID:Own"],
        *["DTSTART:20261020T090000Z", "DTSTART:20261020T090000", "DTSTART;VALUE=DATE:20261020", "DTSTART:x"],
        *["DTSTART;TZID=Own:20261020T090000", "DTEND:20261020T080000Z", "DTEND;VALUE=DATE:20261021", "DURATION:-P1D"],
        *["DURATION:P99999999999W", "RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=YEARLY;UNTIL=2027", "RRULE:", "RDATE:"],
        *["RDATE;VALUE=PERIOD:20261020T090000Z/PT1H", "EXDATE:20261020T090000Z", "EXDATE;VALUE=DATE:20261020"],
        *["RECURRENCE-ID:20261020T090000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261021", "SEQUENCE:x", "SEQUENCE:2"],
        *["TZOFFSETFROM:+0100", "TZOFFSETTO:+9900", "X-WR-TIMEZONE:Europe", "X-WR-TIMEZONE:../etc/passwd", "STATUS:"],
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, max_size=14))
def test_no_mix_of_lines_raises(lines: list[str]) -> None:
    whole = ics("BEGIN:VEVENT", "UID:z", "DTSTART:20261020T090000Z", *lines, "END:VEVENT")
    assert isinstance(read_calendar(whole, NOW, BERLIN), Calendar)
    assert isinstance(read_calendar("\n".join(lines).encode(), NOW, BERLIN), Calendar)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.integers(0, len(VISIT)), st.integers(0, 40))
def test_no_bytes_raise(junk: bytes, place: int, taken: int) -> None:
    read_calendar(junk, NOW, BERLIN)
    read_calendar(VISIT[:place] + junk + VISIT[place + taken :], NOW, BERLIN)


def test_a_year_of_weekly_visits_is_read_quickly() -> None:
    began = time.process_time()
    found = read_calendar(rule("RRULE:FREQ=WEEKLY"), NOW, BERLIN).found
    assert len(found) == 57
    assert found[-1].at - NOW < timedelta(days=400)
    assert time.process_time() - began < BOUND
