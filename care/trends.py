"""The numbers behind /summary: what was answered, the middle and the range, days with side effects, gaps.

Every number is plain arithmetic over the person's own answers; nothing here is a verdict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import fmean, median

PERIODS = (7, 30, 90)
MEAN_NEEDS = 4
_WEEK = 7
LEAD = _WEEK - 1
"""How many days before a period still count in the week means of its first days."""
SIDE_EFFECTS = ("dizziness", "nausea")


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One check-in's answers for a day; values by question code, absent when skipped or not asked.

    hours says, by question code, how many hours after the end of the last treatment an answer was given.
    after marks the card that comes after a treatment: it stands for its day only where nothing else does.
    """

    day: date
    values: dict[str, int]
    entered_late: bool = False
    extra: bool = False
    hours: Mapping[str, float] = field(default_factory=dict)
    after: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The middle and the range of a question's values, with how many stand behind them."""

    middle: float
    lowest: int
    highest: int
    count: int


@dataclass(frozen=True, slots=True)
class SideEffect:
    """On how many answered days a side effect was felt at all, at least moderate (2), and the worst value."""

    answered: int
    any: int
    moderate: int
    worst: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One period's numbers. days runs without holes from first to last; a missing day holds None.

    extras are the further check-ins of the period, oldest first. treatments are its days with a treatment.
    """

    first: date
    last: date
    days: tuple[DayEntry | None, ...]
    extras: tuple[DayEntry, ...]
    answered: int
    mood: Span | None
    energy: Span | None
    side_effects: dict[str, SideEffect]
    mood_week: tuple[float | None, ...]
    treatments: tuple[date, ...]

    @property
    def length(self) -> int:
        """Give the number of days in the period."""
        return len(self.days)


def summarise(entries: Iterable[DayEntry], last: date, length: int, treatments: Iterable[date] = ()) -> Summary:
    """Summarise the `length` days that end with `last`; a day's own check-in counts, extras stand beside it.

    Entries of the six days before, where there are any, count in the first week means and nowhere else.
    """
    first = last - timedelta(days=length - 1)
    given = [entry for entry in entries if entry.values]
    own = own_entries(given)
    with_lead = tuple(own.get(first + timedelta(days=n)) for n in range(-LEAD, length))
    days = with_lead[LEAD:]
    within = [entry for entry in given if first <= entry.day <= last]
    return Summary(
        first=first,
        last=last,
        days=days,
        extras=tuple(entry for entry in within if own.get(entry.day) is not entry),
        answered=sum(day is not None for day in days),
        mood=span(values_of(days, "mood")),
        energy=span(values_of(days, "energy")),
        side_effects={code: side_effect(values_of(days, code)) for code in SIDE_EFFECTS},
        mood_week=week_means(with_lead)[LEAD:],
        treatments=tuple(sorted({day for day in treatments if first <= day <= last})),
    )


def own_entries(entries: Iterable[DayEntry]) -> dict[date, DayEntry]:
    """Give the entry that stands for each day: its own check-in, else the first card after a treatment."""
    kept = [entry for entry in entries if not entry.extra]
    after = {entry.day: entry for entry in reversed(kept) if entry.after}
    return after | {entry.day: entry for entry in kept if not entry.after}


def values_of(days: Iterable[DayEntry | None], code: str) -> list[int]:
    """List the values given for a question, leaving out days without one."""
    return [entry.values[code] for entry in days if entry is not None and code in entry.values]


def span(values: Sequence[int]) -> Span | None:
    """Give the median and range of the values; None when there are none."""
    if not values:
        return None
    return Span(float(median(values)), min(values), max(values), len(values))


def side_effect(values: Sequence[int]) -> SideEffect:
    """Count the days on which a side effect was felt."""
    return SideEffect(
        answered=len(values),
        any=sum(value >= 1 for value in values),
        moderate=sum(value >= 2 for value in values),  # noqa: PLR2004 - 2 is "moderate" on the four-point scale
        worst=max(values, default=0),
    )


def week_means(days: Sequence[DayEntry | None]) -> tuple[float | None, ...]:
    """Give for each day the mean mood of the seven days that end with it; None with fewer than four values.

    The one-week mean is the one that tracked PHQ-9 in daily mood texts (Aguilera 2015, J Affect Disord).
    """
    weeks = (values_of(days[max(0, n - _WEEK + 1) : n + 1], "mood") for n in range(len(days)))
    return tuple(fmean(week) if len(week) >= MEAN_NEEDS else None for week in weeks)
