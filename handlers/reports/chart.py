"""The picture of /summary: a summary's numbers and the words of a language in, a PNG out."""

import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from threading import get_native_id, local
from typing import TYPE_CHECKING, Literal

from babel.dates import format_skeleton

from care.questions import question_sets
from care.trends import DayEntry, Summary
from handlers.words import Words

if TYPE_CHECKING:
    from typst import Compiler, Fonts

PIXELS_PER_INCH = 144.0
_NICE = 10
_LONGEST_GAP = 2
"""How many days without an answer the line of the week's mean may cross."""
_TICK_EVERY = {7: 1, 30: 5, 90: 15}
_MOST_TICKS = 8
_SINCE_EVERY = (1, 2, 5, 10, 15)

Place = tuple[int, float]
"""A day's number in the period, from 0, and a value."""
Mark = tuple[int, float, bool]
"""A day's number, a value, and whether it is drawn hollow: it was entered late."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One row below the mood panel: a question's marks, its highest value and the words at both ends."""

    name: str
    shape: Literal["solid", "hatched", "diamond"]
    most: int
    top: str
    bottom: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws; a day without an answer appears in no list.

    treatments are the numbers of the days with one. axis names the ticks where they are no dates.
    """

    language: str
    title: str
    dates: str
    mood: str
    best: str
    worst: str
    numbers: tuple[str, ...]
    length: int
    dots: tuple[Mark, ...]
    lines: tuple[tuple[Place, ...], ...]
    means: tuple[tuple[Place, ...], ...]
    extras: tuple[Place, ...]
    strips: tuple[Strip, ...]
    ticks: tuple[tuple[int, str], ...]
    legend: tuple[tuple[str, str], ...]
    treatments: tuple[int, ...] = ()
    axis: str = ""
    nothing: str = ""


def picture(summary: Summary, words: Words, *, discreet: bool = False, since: bool = False) -> Picture:
    """Lay out a summary as the places, marks and words of its picture; a discreet title names no health word.

    since: the period begins with the last treatment, and its days are counted from there.
    """
    dots = _marks(summary.days, "mood")
    means = _runs(_mean_places(summary), _LONGEST_GAP)
    extras = tuple(
        ((entry.day - summary.first).days, float(entry.values["mood"]))
        for entry in summary.extras
        if "mood" in entry.values
    )
    return Picture(
        language=words.language,
        title=_title(summary, words, discreet, since),
        dates=_dates(summary, words),
        mood=words("short-mood"),
        best=words("chart-best"),
        worst=words("chart-worst"),
        numbers=tuple(words.number(n) for n in range(11)),
        length=summary.length,
        dots=dots,
        lines=_runs([(place, value) for place, value, _ in dots], 0),
        means=means,
        extras=extras,
        strips=tuple(_strips(summary, words)),
        ticks=tuple(_since_ticks(summary, words) if since else _ticks(summary, words)),
        legend=tuple(_legend(words, summary, dots, means, extras)),
        treatments=tuple((day - summary.first).days for day in summary.treatments),
        axis=words("chart-since") if since else "",
        nothing="" if summary.answered or extras else words("chart-nothing"),
    )


def _title(summary: Summary, words: Words, discreet: bool, since: bool) -> str:
    if discreet:
        return words("chart-title-discreet", days=summary.length)
    return words("chart-title-since") if since else words("chart-title", days=summary.length)


def _dates(summary: Summary, words: Words) -> str:
    first, last = words.full_day(summary.first), words.full_day(summary.last)
    return first if first == last else words("chart-dates", first=first, last=last)


def _marks(days: Sequence[DayEntry | None], code: str) -> tuple[Mark, ...]:
    return tuple(
        (place, float(entry.values[code]), entry.entered_late)
        for place, entry in enumerate(days)
        if entry is not None and code in entry.values
    )


def _mean_places(summary: Summary) -> list[Place]:
    """Give the week's means at answered days only: on a day without an answer there is nothing to draw."""
    weeks = zip(summary.days, summary.mood_week, strict=True)
    return [
        (place, round(value, 2))
        for place, (entry, value) in enumerate(weeks)
        if entry is not None and "mood" in entry.values and value is not None
    ]


def _runs(places: Iterable[Place], gap: int) -> tuple[tuple[Place, ...], ...]:
    """Cut a line wherever more than `gap` days in a row are missing."""
    runs: list[list[Place]] = []
    for place in places:
        if runs and place[0] - runs[-1][-1][0] <= gap + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return tuple(tuple(run) for run in runs)


def _strips(summary: Summary, words: Words) -> Iterable[Strip]:
    energy = _marks(summary.days, "energy")
    if energy:
        yield _strip(words, "energy", "diamond", energy)
    yield _strip(words, "dizziness", "solid", _marks(summary.days, "dizziness"))
    yield _strip(words, "nausea", "hatched", _marks(summary.days, "nausea"))


def _strip(words: Words, code: str, shape: Literal["solid", "hatched", "diamond"], marks: tuple[Mark, ...]) -> Strip:
    question = question_sets()["daily"].question(code)
    values = question.values if question else (0, 1)
    low, high = (words(f"option-{code}-{value}") for value in (values[0], values[-1]))
    return Strip(words(f"short-{code}"), shape, values[-1], high, low, marks)


def _ticks(summary: Summary, words: Words) -> Iterable[tuple[int, str]]:
    """Name days from the last one backwards, so that the newest day always has its date."""
    every = _TICK_EVERY.get(summary.length, max(1, summary.length // 6))
    for place in reversed(range(summary.length - 1, -1, -every)):
        day = summary.first + timedelta(days=place)
        name = _short_day(day, words.language)
        yield place, f"{words.weekday(day.weekday())}\n{name}" if every == 1 else name


def _since_ticks(summary: Summary, words: Words) -> Iterable[tuple[int, str]]:
    """Count days from the first, the day of the treatment, with the date below."""
    every = next((n for n in _SINCE_EVERY if summary.length <= n * _MOST_TICKS), _SINCE_EVERY[-1])
    for place in range(0, summary.length, every):
        yield place, f"{words.number(place)}\n{_short_day(summary.first + timedelta(days=place), words.language)}"


def _legend(
    words: Words, summary: Summary, dots: Sequence[Mark], means: Sequence[object], extras: Sequence[object]
) -> Iterable[tuple[str, str]]:
    shown = {
        "dot": any(not late for _, _, late in dots),
        "late": any(late for _, _, late in dots),
        "extra": bool(extras),
        "mean": bool(means),
        "treatment": bool(summary.treatments),
    }
    return ((kind, words(f"chart-{kind}")) for kind, is_there in shown.items() if is_there)


def _short_day(day: date, language: str) -> str:
    return str(format_skeleton("MMMd", datetime.combine(day, time()), locale=language))


async def draw(scene: Picture) -> bytes:
    """Give the PNG of a picture, 1280 x 880 pixels, drawn in a thread; one is drawn at a time."""
    return await asyncio.get_running_loop().run_in_executor(_thread(), render, scene)


def render(scene: Picture) -> bytes:
    """Give the PNG of a picture; the same picture gives the same bytes."""
    inputs = {"picture": json.dumps(asdict(scene), ensure_ascii=False)}
    drawn = _compiler().compile(format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs)
    if not isinstance(drawn, bytes):
        raise TypeError("the chart template made more than one page")
    return drawn


@cache
def _thread() -> ThreadPoolExecutor:
    """A thread of its own: pictures never use up the threads that the rest of the program waits for.

    One draws dozens of pictures a second, more than Telegram takes; a second compiler costs 6 MiB.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="chart", initializer=_stand_back)


def _stand_back() -> None:
    """Let this thread have what the others leave of the machine, so that drawing keeps nobody's tap waiting."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)


def _compiler() -> "Compiler":
    """Give this thread's compiler; one compiler cannot serve two threads at once."""
    if not hasattr(_own, "compiler"):
        from typst import Compiler  # noqa: PLC0415 - 30 MB that a bot which draws nothing need not load

        template = Path(__file__).with_name("chart.typ")
        _own.compiler = Compiler(str(template), font_paths=_fonts(), ignore_system_fonts=True)
    compiler: Compiler = _own.compiler
    return compiler


@cache
def _fonts() -> "Fonts":
    """Read the packaged fonts once for all threads; the machine's own are left out: same pixels everywhere."""
    import manimgx_fonts  # noqa: PLC0415
    from typst import Fonts  # noqa: PLC0415

    folder = Path(manimgx_fonts.__file__).parent
    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


_own = local()
