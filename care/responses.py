"""What the days after a treatment hold: how mood moved, and side effects by the hours since. Numbers, no verdict."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from care.trends import PERIODS, DayEntry, SideEffect, own_entries, side_effect

REACH = max(PERIODS)
"""How many days back treatments are looked at."""
AFTER_DAYS = (1, 3, 7, 14)
"""How many days after a treatment mood is looked at; ketamine trials follow up at 24 h, 72 h and 7 days."""
WINDOW_ENDS = (4, 24, 72)
"""The hours at which the windows end; what comes after the last is a window too. An hour on the edge is inside."""
BODY = ("dizziness", "nausea", "sleepy", "headache", "floaty")
"""The body feelings on the four-point scale."""


class Gap(StrEnum):
    """Why there is no number."""

    NO_ANSWER = "none"
    NEXT_TREATMENT = "next"
    TO_COME = "coming"


@dataclass(frozen=True, slots=True)
class Response:
    """One treatment: the mood of the day before, and the change from it at each of AFTER_DAYS."""

    day: date
    before: int | None
    changes: tuple[int | Gap, ...]


@dataclass(frozen=True, slots=True)
class Middle:
    """The middle change of all treatments so many days after, with how many answers stand behind it."""

    days_after: int
    change: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Fade:
    """Every treatment's response, oldest first, and the middle of all at each of AFTER_DAYS."""

    responses: tuple[Response, ...]
    middles: tuple[Middle, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether not one change is known."""
        return not any(middle.count for middle in self.middles)


@dataclass(frozen=True, slots=True)
class Window:
    """The answers of one span of hours since treatment. is_guessed: some hours count from an assumed end."""

    effect: SideEffect
    is_guessed: bool = False


def fade(entries: Iterable[DayEntry], treatment_days: Iterable[date], today: date = date.max) -> Fade:
    """Give how mood moved after each treatment; what was entered late is left out.

    Days from the next treatment on belong to that one, days after today are still to come.
    """
    own = own_entries(entry for entry in entries if not entry.entered_late)
    moods = {day: entry.values["mood"] for day, entry in own.items() if "mood" in entry.values}
    days = sorted(set(treatment_days))
    ends = [*days[1:], date.max]
    responses = tuple(_response(moods, day, end, today) for day, end in zip(days, ends, strict=False))
    return Fade(responses, tuple(_middle(responses, place) for place in range(len(AFTER_DAYS))))


def _response(moods: Mapping[date, int], day: date, end: date, today: date) -> Response:
    before = moods.get(day - timedelta(days=1))
    later = (day + timedelta(days=n) for n in AFTER_DAYS)
    return Response(day, before, tuple(_change(moods, before, then, end, today) for then in later))


def _change(moods: Mapping[date, int], before: int | None, then: date, end: date, today: date) -> int | Gap:
    if then >= end:
        return Gap.NEXT_TREATMENT
    if then > today:
        return Gap.TO_COME
    return Gap.NO_ANSWER if before is None or then not in moods else moods[then] - before


def _middle(responses: Sequence[Response], place: int) -> Middle:
    known = [change for one in responses if not isinstance(change := one.changes[place], Gap)]
    return Middle(AFTER_DAYS[place], float(median(known)) if known else None, len(known))


def side_effects_by_hours(
    entries: Iterable[DayEntry], ends_guessed: Mapping[date, bool] | None = None
) -> dict[str, tuple[Window, ...]]:
    """Count each body feeling that occurs in the windows 0-4, 4-24, 24-72 and over 72 hours since treatment.

    Whatever card asked counts, but not what was entered late: its hours are those of the answering.
    ends_guessed tells of each treatment day whether the end there is only assumed.
    """
    timely = [entry for entry in entries if not entry.entered_late]
    windows = {code: _windows(timely, code, ends_guessed or {}) for code in BODY}
    return {code: found for code, found in windows.items() if any(window.effect.answered for window in found)}


def _windows(entries: Iterable[DayEntry], code: str, ends_guessed: Mapping[date, bool]) -> tuple[Window, ...]:
    values: list[list[int]] = [[] for _ in range(len(WINDOW_ENDS) + 1)]
    guessed = set[int]()
    for entry in entries:
        if code in entry.values and code in entry.hours:
            place = bisect_left(WINDOW_ENDS, entry.hours[code])
            values[place].append(entry.values[code])
            if _rests_on_a_guess(entry.day, entry.hours[code], ends_guessed):
                guessed.add(place)
    return tuple(Window(side_effect(given), place in guessed) for place, given in enumerate(values))


def _rests_on_a_guess(day: date, hours: float, ends_guessed: Mapping[date, bool]) -> bool:
    """Find the treatment that the hours count from: the one whose day is nearest to so many hours before."""
    nearest = min(ends_guessed, key=lambda treated: abs((day - treated).days - hours / 24), default=None)
    return nearest is not None and ends_guessed[nearest]


def since_last(treatment_days: Iterable[date], today: date) -> int | None:
    """Give the length of the period since the last treatment, in days: 1 today, 90 at most; None without one."""
    days = [day for day in treatment_days if day <= today]
    return min((today - max(days)).days + 1, REACH) if days else None
