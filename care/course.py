"""Which card a day of the person has: the daily one, or the one that a treatment puts in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from care.people import Patient
from care.questions import ROTATING, question_sets
from care.schedule import is_quiet
from care.treatments import Treatment, TreatmentKind
from care.visits import Appointment, VisitKind

DAILY_SET, AFTER_SET, MORNING_SET, DAY_THREE_SET, VISIT_SET = (
    *("daily", "after_treatment", "next_morning", "day_three"),
    "before_visit",
)
MERGED = ("change", "events")
"""What a day-three card that gives way asks on the card that comes instead."""
AFTER_LEAVING, AFTER_A_DOSE_AT_HOME = timedelta(hours=2), timedelta(hours=3)
AFTER_WORTH = timedelta(hours=4)
_MORNING, _DAY_THREE = timedelta(days=1), timedelta(days=3)
LOOK_BACK = timedelta(days=7)
"""How far back treatments matter to a day's card."""


@dataclass(frozen=True, slots=True)
class DayCard:
    """What a day's card asks, and the treatment it follows."""

    set_name: str = DAILY_SET
    extras: tuple[str, ...] = ()
    treatment_id: int | None = None


def card_of(patient: Patient, day: date, treatments: Iterable[Treatment]) -> DayCard:
    """Give the card of a day: the morning after a treatment and the third day have their own, others the daily one.

    A third day that falls on a later treatment or on the morning after it gives way: what only it asks
    joins that morning's card.
    """
    had = {patient.day_at(one.at): one.id for one in treatments}
    yesterday = had.get(day - _MORNING)
    if yesterday is not None:
        gives_way = day - _DAY_THREE in had or day - _MORNING - _DAY_THREE in had
        return DayCard(MORNING_SET, MERGED if gives_way else (), yesterday)
    if day - _DAY_THREE in had and day not in had:
        return DayCard(DAY_THREE_SET, (), had[day - _DAY_THREE])
    return DayCard(extras=() if day in had else rotating(patient, day))


def rotating(patient: Patient, day: date) -> tuple[str, ...]:
    """Give the further question whose turn a day is, out of those that are switched on; never two."""
    due = [
        question
        for question in question_sets()[ROTATING].questions
        if question.code in patient.items and (day.weekday() in question.weekdays or day.day == question.monthday)
    ]
    due.sort(key=lambda question: question.monthday is None)
    return tuple(question.code for question in due[:1])


def after_moment(patient: Patient, treatment: Treatment) -> datetime | None:
    """Give the moment of the card on the day of a treatment: two hours after its end, three after a dose at home.

    None where that would be in quiet hours or on another day: the next morning asks anyway.
    """
    at_home = treatment.kind is TreatmentKind.TABLET
    at = treatment.at + AFTER_A_DOSE_AT_HOME if at_home else treatment.end + AFTER_LEAVING
    same_day = patient.day_at(at) == patient.day_at(treatment.at)
    return at if same_day and not is_quiet(at, patient.zone_at(at), patient.quiet) else None


def is_treatment_day(
    patient: Patient, day: date, visits: Iterable[Appointment], treatments: Iterable[Treatment]
) -> bool:
    """Tell whether a treatment is planned for a person's day, or was had on it."""
    planned = (visit.at for visit in visits if visit.kind is VisitKind.TREATMENT)
    return any(patient.day_at(at) == day for at in (*planned, *(one.at for one in treatments)))
