"""The summary that a person takes to a visit: its period, its parts, and what each can say. Numbers, no verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from care.checkin import CheckIn, Kind, Outcome
from care.forms import score
from care.notes import Note
from care.questions import question_named
from care.responses import REACH, Window
from care.treatments import TreatmentKind
from care.trends import DayEntry, Span, Summary, own_entries, span, values_of

USUAL_DAYS = 30
"""How many days the summary covers where no visit lies behind the person."""
FEWEST_BEFORE = 7
"""How many days before the period the mood is compared with, where the period itself is shorter."""
COMPARE_NEEDS = 3


class Part(IntEnum):
    """A part of the summary, in its order. In a mask its bit says that it is in; a number is never given again."""

    TREATMENTS = 0
    MOOD = 1
    SIDE_EFFECTS = 2
    EVENTS = 3
    PRIVATE = 4
    CHANGE = 5
    FORMS = 9
    MAIN = 6
    QUESTIONS = 7
    NOTES = 8


ALL = (1 << len(Part)) - 1
USUAL = ALL & ~(1 << Part.PRIVATE)
"""What is in until the person says otherwise: urges, bladder and thoughts of death wait to be put in."""

LIST = "events"
"""The question with a list of what may have come up."""
_EVENTS, _PRIVATE = ("faint", "vomit", "highs"), ("crave", "bladder", "phq9")
_PRIVATE_ON_LIST = 1 << 4 | 1 << 6 | 1 << 7
"""Of the list of events: pain when peeing, a strong urge, thoughts of hurting oneself."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that came up: the day it was told on, the question, the answer, and the hours since treatment."""

    day: date
    code: str
    value: int
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a summary covers. since_visit: the first is the day of the last visit."""

    first: date
    last: date
    since_visit: bool

    @property
    def length(self) -> int:
        """Give the number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that a summary for a visit can say; before is the mood of the days before the period."""

    period: Period
    summary: Summary
    treatments: tuple[tuple[date, TreatmentKind | None], ...]
    before: Span | None
    windows: Mapping[str, tuple[Window, ...]]
    events: tuple[Event, ...]
    private: tuple[Event, ...]
    list_was_empty: bool
    change: int | None
    main: str
    questions: tuple[str, ...]
    notes: tuple[Note, ...]
    forms: tuple[CheckIn, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Give the parts that have something to say; that there was no treatment and no mood is said as well."""
        says = {
            Part.SIDE_EFFECTS: self.windows,
            Part.EVENTS: self.events or self.list_was_empty,
            Part.PRIVATE: self.private,
            Part.CHANGE: self.change is not None,
            Part.FORMS: self.forms,
            Part.MAIN: self.main,
            Part.QUESTIONS: self.questions,
            Part.NOTES: self.notes,
        }
        return tuple(part for part in Part if says.get(part, True))

    @property
    def mood_change(self) -> float | None:
        """Give how the middle of mood moved since the days before; None with too few answers on either side."""
        now, before = self.summary.mood, self.before
        if now is None or before is None or min(now.count, before.count) < COMPARE_NEEDS:
            return None
        return now.middle - before.middle


def is_in(mask: int, part: Part) -> bool:
    """Tell whether a part is in."""
    return bool(mask >> part & 1)


def period_since(last_visit: date | None, today: date) -> Period:
    """Give the days from the last visit to today, that day included; the last 30 without one, 90 at most."""
    if last_visit is not None and 0 <= (today - last_visit).days < REACH:
        return Period(last_visit, today, since_visit=True)
    length = USUAL_DAYS if last_visit is None else REACH
    return Period(today - timedelta(days=length - 1), today, since_visit=False)


def compared_from(period: Period) -> date:
    """Give the first of the days before a period that its mood is compared with: as many, seven at least."""
    return period.first - timedelta(days=max(period.length, FEWEST_BEFORE))


def mood_before(entries: Iterable[DayEntry], period: Period) -> Span | None:
    """Give the middle and the range of mood on the days before a period."""
    earliest = compared_from(period)
    own = own_entries(entry for entry in entries if earliest <= entry.day < period.first)
    return span(values_of(own.values(), "mood"))


def for_visit(check_ins: Iterable[CheckIn], visit_id: int) -> CheckIn | None:
    """Give the check-in before a visit that was answered last; None when none was."""
    told = [one for one in check_ins if one.kind is Kind.VISIT and one.appointment_id == visit_id and one.values]
    return told[-1] if told else None


def events_of(check_ins: Sequence[CheckIn], visit_id: int, *, private: bool) -> tuple[Event, ...]:
    """List what came up, oldest first: either what is told by default, or what the person has to put in.

    What was answered before another visit is about the time before that one, and is left out.
    """
    own = for_visit(check_ins, visit_id)
    told = [one for one in check_ins if one.kind is not Kind.VISIT or one is own]
    return tuple(event for one in told for event in _events(one, _PRIVATE if private else _EVENTS, private=private))


def _events(check_in: CheckIn, codes: Sequence[str], *, private: bool) -> Iterable[Event]:
    values, hours = check_in.values, check_in.hours
    yield from (Event(check_in.day, code, values[code], hours.get(code)) for code in codes if values.get(code, 0) >= 1)
    listed = _from_list(values.get(LIST, 0), private=private)
    if listed:
        yield Event(check_in.day, LIST, listed)


def _from_list(value: int, *, private: bool) -> int:
    chosen = value & ~_nothing()
    return chosen & _PRIVATE_ON_LIST if private else chosen & ~_PRIVATE_ON_LIST


def forms_of(check_ins: Iterable[CheckIn]) -> tuple[CheckIn, ...]:
    """List the standard forms that were filled in and have a sum, oldest first."""
    return tuple(one for one in check_ins if one.outcome is Outcome.COMPLETE and score(one) is not None)


def list_was_empty(check_ins: Sequence[CheckIn], visit_id: int) -> bool:
    """Tell whether the list of events was answered with none of them before the visit, and nothing else came up."""
    own = for_visit(check_ins, visit_id)
    said_none = own is not None and own.value(LIST) == _nothing()
    return said_none and not any(events_of(check_ins, visit_id, private=private) for private in (False, True))


def _nothing() -> int:
    """Give the answer that none of the list came up."""
    question = question_named(LIST)
    return 0 if question is None or question.alone is None else 1 << question.alone
