"""Dates and times as people type them: what is read, what is asked back, and what is refused."""

import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care.visits import FARTHEST
from handlers.dates.plain import slips
from handlers.when import LONGEST, LONGEST_AGO, Unread, When, echo, moment_label, read_when, readings, refusal
from handlers.words import Words

BERLIN, NEW_YORK, LONDON = "Europe/Berlin", "America/New_York", "Europe/London"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 10:00 in Berlin
WORDS = Words("en")
GOAL = 0.95


def local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def told(
    text: str, now: datetime = MONDAY, zone: str = BERLIN, language: str = "en", *, past: bool = False
) -> list[str]:
    return [local(moment, zone) for moment in readings(text, now, zone, language, past=past).readings]


def unread(
    text: str, now: datetime = MONDAY, zone: str = BERLIN, language: str = "en", *, past: bool = False
) -> Unread:
    found = readings(text, now, zone, language, past=past)
    assert found.readings == ()
    assert found.unread is not None
    return found.unread


@dataclass(frozen=True)
class Phrase:
    """What somebody typed, and the local times that it can mean: none, a day alone, one, or two to ask about."""

    text: str
    means: list[str]
    now: datetime
    zone: str
    past: bool

    def judged(self) -> str:
        """Say how it was read: "right", "asked" (a question that leads there), "missed" (type it anew) or "wrong"."""
        found = readings(self.text, self.now, self.zone, "en", past=self.past)
        read = [local(moment, self.zone) for moment in found.readings]
        if len(read) == 1:
            return "right" if read == self.means else "wrong"
        return self.judged_question(found, read)

    def judged_question(self, found: When, read: list[str]) -> str:
        if not self.means:
            return "missed" if read else "right"
        if read:
            return ("right" if len(self.means) > 1 else "asked") if set(self.means) <= set(read) else "missed"
        wanted = self.means[0][:10]
        if found.unread is Unread.NO_HOUR and found.day in (None, date.fromisoformat(wanted)):
            return "right" if self.means == [str(found.day)] else "asked"
        return "missed"


def phrases(part: str) -> Iterator[Phrase]:
    for typed in tomllib.loads(Path(__file__).with_name("when_phrases.toml").read_text("utf-8"))["typed"]:
        now = datetime.fromisoformat(typed["now"]).replace(tzinfo=ZoneInfo(typed["zone"])).astimezone(UTC)
        for text, *means in typed[part]:
            yield Phrase(text, means, now, typed["zone"], typed["past"])


@pytest.mark.parametrize("part", ["tuning", "holdout"])
def test_what_people_type_is_read_right_or_asked_back(part: str, report: Callable[[str], None]) -> None:
    judged = [(phrase.judged(), phrase.text) for phrase in phrases(part)]
    count = Counter(judgement for judgement, _ in judged)
    good = (count["right"] + count["asked"]) / len(judged)
    report(
        f"typed dates, {part}: {len(judged)} phrases, {good:.1%} right or asked back "
        f"({count['right']} as expected, {count['asked']} one question more, {count['missed']} not read), "
        f"{count['wrong']} wrong without a question"
    )
    assert not [text for judgement, text in judged if judgement == "wrong"]
    assert good >= GOAL, [text for judgement, text in judged if judgement == "missed"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Unread.NOTHING),
        ("   ", Unread.NOTHING),
        ("dunno", Unread.NOTHING),
        ("😀", Unread.NOTHING),
        ("15", Unread.NOTHING),
        ("1430", Unread.NOTHING),
        ("123456789", Unread.NOTHING),
        ("07911 123456", Unread.NOTHING),
        ("+49 170 1234567", Unread.NOTHING),
        ("(555) 010-9999", Unread.NOTHING),
        ("13/13 10am", Unread.NOTHING),
        ("31 feb 10:00", Unread.NOTHING),
        ("2027-02-30 10:00", Unread.NOTHING),
        ("1/1/0000 3pm", Unread.NOTHING),
        ("friday 25:00", Unread.NOTHING),
        ("friday 3:75 pm", Unread.NOTHING),
        ("friday 15 pm", Unread.NOTHING),
        ("tomorrow morning at 15:00", Unread.NOTHING),
        ("tuesday dec 2 3pm", Unread.NOTHING),  # a Wednesday
        ("friday 3pm or 5pm", Unread.NOTHING),
        ("friday or saturday 3pm", Unread.NOTHING),
        ("not friday 3pm", Unread.NOTHING),
        ("before friday 3pm", Unread.NOTHING),
        ("dec 5-6 3pm", Unread.NOTHING),
        ("friday until 2pm", Unread.NOTHING),
        ("friday 3pm est", Unread.NOTHING),  # another zone than the one that is echoed
        ("munday 3pm", Unread.NOTHING),  # as near to Sunday as to Monday
        ("tursday 3pm", Unread.NOTHING),
        ("tuesday 15", Unread.NOTHING),  # at three, or a Tuesday that is a 15th
        ("yesterday 3pm", Unread.PAST),
        ("today 9am", Unread.PAST),
        ("nov 20 3pm", Unread.PAST),
        ("nov 20", Unread.PAST),
        ("yesterday", Unread.PAST),
        ("in 500 days 3pm", Unread.TOO_FAR),
        ("dec 30 2027 3pm", Unread.TOO_FAR),
        ("dec 1 2029", Unread.TOO_FAR),
        ("tomorrow", Unread.NO_HOUR),
        ("friday afternoon", Unread.NO_HOUR),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text: str, why: Unread) -> None:
    assert unread(text) is why
    assert refusal(WORDS, readings(text, MONDAY, BERLIN, "en"))


def test_a_day_without_an_hour_is_kept_for_the_next_question() -> None:
    found = readings("friday", MONDAY, BERLIN, "en")
    assert found == When(unread=Unread.NO_HOUR, day=date(2026, 11, 27))
    assert refusal(WORDS, found).startswith("Fri, Nov 27, at what time?")


def test_a_day_in_doubt_without_an_hour_is_asked_for_anew() -> None:
    found = readings("12/03", MONDAY, BERLIN, "en")
    assert found == When(unread=Unread.NO_HOUR)
    assert refusal(WORDS, found) == WORDS("when-unread-nothing")


def test_a_long_text_is_not_looked_at() -> None:
    assert unread("a" * (LONGEST + 1)) is Unread.TOO_LONG
    assert unread("tomorrow 3pm " * 400) is Unread.TOO_LONG
    begins = time.perf_counter()
    for _ in range(100):
        readings("tomorrow 3pm " * 400, MONDAY, BERLIN, "en")
    assert time.perf_counter() - begins < 0.1


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("friday at 15", ["2026-11-27 15:00"]),
        ("friday 03:00", ["2026-11-27 03:00"]),
        ("friday 10:30", ["2026-11-27 10:30"]),
        ("friday 3:30", ["2026-11-27 03:30", "2026-11-27 15:30"]),
        ("friday at 10", ["2026-11-27 10:00", "2026-11-27 22:00"]),
        ("friday at 12", ["2026-11-27 00:00", "2026-11-27 12:00"]),
        ("friday 12am", ["2026-11-27 00:00"]),
        ("friday midnight", ["2026-11-27 00:00", "2026-11-28 00:00"]),
        ("5 to 6 pm friday", ["2026-11-27 17:00", "2026-11-27 17:55"]),
        ("friday 3-4pm", ["2026-11-27 15:00"]),
        ("friday 3:30-6 p.m.", ["2026-11-27 15:30"]),
        ("friday 3:30 to 6 pm", ["2026-11-27 15:30"]),
        ("friday 11-1pm", ["2026-11-27 11:00"]),
        ("friday 9:30 - 11:00", ["2026-11-27 09:30", "2026-11-27 21:30"]),
        ("dec 10 11am", ["2026-12-10 11:00"]),
        ("dec 10 ten thirty am", ["2026-12-10 10:30"]),
        ("12/03 at 3", ["2026-12-03 15:00", "2027-03-12 15:00"]),
    ],
)
def test_an_hour_that_can_be_two_is_asked_about(text: str, means: list[str]) -> None:
    assert told(text) == means


def test_tomorrow_can_be_two_days_before_the_night_is_over() -> None:
    at_night = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 01:30 in Berlin
    assert told("tomorrow 3pm", at_night) == ["2026-11-24 15:00", "2026-11-25 15:00"]
    assert told("today 3pm", at_night) == ["2026-11-24 15:00"]


def test_a_time_that_the_clocks_skip_is_told() -> None:
    friday = datetime(2027, 3, 26, 12, tzinfo=UTC)
    assert unread("sunday 2:30 am", friday) is Unread.SKIPPED
    assert told("sunday 3:30 am", friday) == ["2027-03-28 03:30"]


def test_a_time_that_the_clocks_show_twice_is_asked_about() -> None:
    friday = datetime(2026, 10, 23, 12, tzinfo=UTC)
    first, second = readings("sunday 2:30 am", friday, BERLIN, "en").readings
    assert second - first == timedelta(hours=1)
    labels = [moment_label(WORDS, moment, BERLIN, friday) for moment in (first, second)]
    assert labels == ["Sun, Oct 25, 02:30 (before the clocks change)", "Sun, Oct 25, 02:30 (after the clocks change)"]


def test_of_a_treatment_only_the_last_two_weeks_are_taken() -> None:
    assert told("yesterday 3pm", past=True) == ["2026-11-22 15:00"]
    assert told("monday 9am", past=True) == ["2026-11-16 09:00", "2026-11-23 09:00"]
    assert told("tuesday 2pm", past=True) == ["2026-11-17 14:00"]
    assert unread("tomorrow 3pm", past=True) is Unread.FUTURE
    assert unread("in 2 hours", past=True) is Unread.FUTURE
    assert unread("3 weeks ago 3pm", past=True) is Unread.TOO_FAR
    assert unread("nov 1", past=True) is Unread.TOO_FAR


@pytest.mark.parametrize(
    ("language", "text", "means"),
    [
        ("de", "morgen um 15 Uhr", ["2026-11-24 15:00"]),
        ("de", "Dienstag 15 Uhr 30", ["2026-11-24 15:30"]),
        ("de", "am 1. April um 14:30", ["2027-04-01 14:30"]),
        ("de", "1.12. 14 Uhr", ["2026-12-01 14:00"]),
        ("de", "12/03 14:00", ["2027-03-12 14:00"]),  # nobody puts the month first
        ("de", "in 3 Tagen um 10 Uhr", ["2026-11-26 10:00"]),
        ("de", "heute Abend um 8", ["2026-11-23 20:00"]),
        ("de", "Freitag um 3", ["2026-11-27 03:00", "2026-11-27 15:00"]),
        ("de", "so 10 Uhr", ["2026-11-29 10:00"]),
        ("es", "mañana a las 3 de la tarde", ["2026-11-24 15:00"]),
        ("es", "mañana por la mañana a las 9", ["2026-11-24 09:00"]),
        ("es", "el martes 1 de diciembre a las 4 de la tarde", ["2026-12-01 16:00"]),
        ("es", "en 3 días a las 10:00", ["2026-11-26 10:00"]),
        ("fr", "demain à 15h30", ["2026-11-24 15:30"]),
        ("fr", "aujourd'hui à 18 heures", ["2026-11-23 18:00"]),
        ("fr", "le 1er décembre à 14h", ["2026-12-01 14:00"]),
        ("fr", "dans 3 jours à 10h", ["2026-11-26 10:00"]),
        ("pt", "amanhã às 3 da tarde", ["2026-11-24 15:00"]),
        ("pt-BR", "sexta às 15:30", ["2026-11-27 15:30"]),
        ("pt", "1 de dezembro às 14h", ["2026-12-01 14:00"]),
        ("xx", "friday 3pm", ["2026-11-27 15:00"]),
    ],
)
def test_other_languages_are_read_in_their_own_way(language: str, text: str, means: list[str]) -> None:
    assert told(text, language=language) == means


def test_what_is_in_doubt_in_other_languages_is_not_guessed() -> None:
    assert told("15 mar 10:00", language="es") == ["2027-03-15 10:00"]  # "mar" is March here, and Tuesday elsewhere
    assert unread("mar 10:00", language="es") is Unread.NOTHING
    assert unread("Freitag um 3 est", language="de") is Unread.NOTHING


def test_slips_of_the_hand_are_counted() -> None:
    assert slips("frdiay", "friday") == 1
    assert slips("mundai", "monday") == 2
    assert slips("tomorrow", "tomorrow") == 0


PIECES = """
    next last this in on at the of to from week weeks day days month hour hours ago monday tue fri sunday today
    tomorrow yesterday tonight noon midnight half quarter past am pm 1 2 3 10 12 15 29 30 31 99 1st 31st dec
    february 12/03 31/12/2027 29.2. 2026-12-01 2027 9999 10:30 23:59 0 - : um 15h a las tarde 000 999 1000000
    second
""".split()  # noqa: SIM905 - a list of so many would be a page
ANYTHING = st.one_of(
    st.text(max_size=LONGEST + 5),
    st.text("0123456789:./- apmh", max_size=LONGEST),
    st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
ZONES = st.sampled_from([BERLIN, NEW_YORK, LONDON, "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"])
LANGUAGES = st.sampled_from(["en", "en", "en", "de", "es", "fr", "pt-BR", "xx", ""])


@settings(max_examples=400, deadline=None)
@given(ANYTHING, MOMENTS, ZONES, LANGUAGES, st.booleans())
def test_no_text_raises_or_leads_out_of_reach(text: str, now: datetime, zone: str, language: str, past: bool) -> None:
    found = readings(text, now, zone, language, past=past)
    assert bool(found.readings) != bool(found.unread)
    assert len(found.readings) <= 4
    assert list(found.readings) == sorted(set(found.readings))
    assert found.day is None or found.unread is Unread.NO_HOUR
    earliest, latest = (now - LONGEST_AGO, now) if past else (now, now + FARTHEST)
    assert all(earliest <= moment <= latest and moment.tzinfo is UTC for moment in found.readings)
    assert refusal(WORDS, found) if found.unread else echo(WORDS, found.readings[0], zone, now)


async def test_a_handler_reads_in_a_thread() -> None:
    found = await read_when("tomorrow 3pm", MONDAY, BERLIN, "en")
    assert found == When((datetime(2026, 11, 24, 14, tzinfo=UTC),))
    assert await read_when("x" * 5000, MONDAY, BERLIN, "en") == When(unread=Unread.TOO_LONG)


def test_an_echo_names_weekday_date_time_and_city() -> None:
    afternoon = datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert echo(WORDS, afternoon, BERLIN, MONDAY) == "Tue, Dec 1, 15:00 (Berlin time). Right?"
    assert echo(WORDS, afternoon, NEW_YORK, MONDAY) == "Tue, Dec 1, 09:00 (New York time). Right?"
    assert echo(WORDS, afternoon, BERLIN) == "Tue, Dec 1, 2026, 15:00 (Berlin time). Right?"
    next_year = datetime(2027, 1, 14, 7, 30, tzinfo=UTC)
    assert echo(WORDS, next_year, BERLIN, MONDAY) == "Thu, Jan 14, 2027, 08:30 (Berlin time). Right?"


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, handlers.when; sys.exit('dateparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
