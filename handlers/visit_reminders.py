"""What is sent about an appointment unasked: reminders, and the questions after it.

These texts light up on lock screens: no word of health stands in them. What the clinic asks for is covered.
"""

from datetime import datetime, timedelta

from care.due import Kind
from care.people import Patient
from care.schedule import local_time, wall_minute
from care.visits import Appointment, Ride, VisitKind, VisitState
from handlers.screens import Row, Screen, button
from handlers.visit_screens import (
    VERB,
    View,
    cant_button,
    confirm_button,
    move_button,
    ready_button,
    ride_row,
    were_you_rows,
)
from handlers.when import moment_label
from handlers.words import Words
from storage.due import Begun

_TWO_DAYS, _ONE_DAY = "48", "24"


def screen(words: Words, begun: Begun, now: datetime) -> Screen:
    """Give the message of a due row about an appointment or a treatment."""
    view, visit = View(words, begun.patient, now), begun.visit
    if visit is None:
        return Screen(words("appt-next-date"), (_date_row(words),))
    if begun.due.kind is Kind.TREATED:
        return _were_you(view, visit)
    return _afterwards(view, visit) if begun.due.kind is Kind.AFTERWARDS else _reminder(view, visit, begun.due.slot)


def redrawn(words: Words, patient: Patient, visit: Appointment, now: datetime | None = None) -> Screen:
    """Give what a reminder turns into when its appointment has changed; without now the moment has its year."""
    moment = moment_label(words, visit.at, patient.zone_at(visit.at), now)
    if visit.is_ahead:
        return Screen(words(f"appt-redrawn-{visit.state}", moment=moment), _answers(words, visit))
    rows: tuple[Row, ...] = (_date_row(words),)
    if visit.state is VisitState.CANCELLED:
        rows = ((button(words("appt-undo"), VERB, "undo", visit.id, visit.version),), *rows)
    return Screen(words(f"appt-redrawn-{visit.state}", moment=moment), rows)


def _reminder(view: View, visit: Appointment, slot: str) -> Screen:
    words = view.words
    lines = [words("appt-remind-ask" if slot == _TWO_DAYS else "appt-remind", when=_when(view, visit))]
    lines += [line for line in (view.there(visit.at, visit.zone), _said(words, visit)) if line]
    if slot != _ONE_DAY:
        return Screen("\n".join(lines), _answers(words, visit))
    return _day_before(words, visit, "\n".join(lines))


def _day_before(words: Words, visit: Appointment, above: str) -> Screen:
    """Add what there is to do on the day before: the clinic's note, covered, and the question for a ride home."""
    head = "\n\n".join((above, words("appt-before"))) + "\n" if visit.prep_note else above
    covered = (len(head), len(head) + len(visit.prep_note)) if visit.prep_note else None
    asks = visit.kind is VisitKind.TREATMENT and visit.ride in (None, Ride.NOT_YET)
    text = head + visit.prep_note + ("\n\n" + words("appt-ride-ask") if asks else "")
    rides = (ride_row(words, visit),) if asks else ()
    return Screen(text, (*rides, (ready_button(words, visit),), *_answers(words, visit)), covered)


def _answers(words: Words, visit: Appointment) -> tuple[Row, ...]:
    move, can_not = move_button(words, visit), cant_button(words, visit)
    if visit.state is VisitState.CONFIRMED:
        return ((move, can_not),)
    return ((confirm_button(words, visit), move), (can_not,))


def _said(words: Words, visit: Appointment) -> str:
    return words("appt-is-confirmed") if visit.state is VisitState.CONFIRMED else ""


def _were_you(view: View, visit: Appointment) -> Screen:
    words = view.words
    zone = view.patient.zone_at(visit.at)
    day = local_time(visit.at, zone).date()
    is_today = day == local_time(view.now, zone).date()
    text = words("appt-were-you-today") if is_today else words("appt-were-you", day=words.day(day))
    return Screen(text, were_you_rows(words, visit))


def _afterwards(view: View, visit: Appointment) -> Screen:
    words = view.words
    day = local_time(visit.at, view.patient.zone_at(visit.at)).date()
    note = button(words("appt-jot"), VERB, "jot")
    not_there = button(words("appt-not-there"), VERB, "missed", visit.id, visit.version)
    return Screen(words("appt-afterwards", day=words.day(day)), (_date_row(words), (note, not_there)))


def _date_row(words: Words) -> Row:
    return (button(words("appt-add-date"), VERB, "add"), button(words("appt-not-now"), VERB, "later"))


def _when(view: View, visit: Appointment) -> str:
    """Say when a visit is, as one would the days before it."""
    words, zone = view.words, view.patient.zone_at(visit.at)
    day, time = local_time(visit.at, zone).date(), words.clock(wall_minute(visit.at, zone))
    today = local_time(view.now, zone).date()
    if day == today:
        return words("appt-today", time=time)
    name = "appt-tomorrow" if day == today + timedelta(days=1) else "appt-on"
    return words(name, day=words.day(day), time=time)
