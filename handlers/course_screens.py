"""Setting up a course of treatments: the usual plans, the dates of one, and what became of them. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from care.people import Patient
from care.treatments import Course, courses, sessions_of
from care.visits import Appointment, VisitKind
from handlers.pickers import city
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.treatment_screens import ADD, VERB
from handlers.visit_screens import View, minute_of
from handlers.when import When, refusal
from handlers.words import Words
from storage.visits import Made, NewVisit

_FARTHEST_BACK = timedelta(days=1)
_MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class Start:
    """A course as a person would have it: which, and when its first session is."""

    course: Course
    first: datetime
    zone: str

    @property
    def moments(self) -> list[datetime]:
        """Give the moments of all its sessions."""
        return sessions_of(self.course, self.first, self.zone)

    def visits(self, now: datetime) -> list[NewVisit]:
        """List the appointments still ahead. Their marks tell the same course with the same start again."""
        return [
            NewVisit(at, self.zone, VisitKind.TREATMENT, mark=self._mark(n))
            for n, at in enumerate(self.moments)
            if at > now
        ]

    def _mark(self, n: int) -> bytes:
        return sha256(f"course {self.course.code} {minute_of(self.first)} {n}".encode()).digest()


def start_of(patient: Patient, code: str, first: datetime | None, now: datetime) -> Start | None:
    """Read the start that a button carried; None where it makes no sense. A first session today may be over."""
    course = courses().get(code)
    if course is None or first is None or first < now - _FARTHEST_BACK:
        return None
    return Start(course, first, patient.zone or "UTC")


def name(words: Words, course: Course) -> str:
    """Give the name of a course."""
    return words(f"course-{_word(course)}")


def _word(course: Course) -> str:
    return course.code.replace("_", "-")


def pick(words: Words) -> Screen:
    """Offer the usual plans, and to add dates one by one."""
    known = courses().values()
    lines = [words("course-line", name=name(words, one), about=words(f"course-{_word(one)}-about")) for one in known]
    buttons = [button(name(words, one), VERB, "plan", one.code) for one in known]
    ways = [button(words("course-other"), *ADD), button(words("treatment-back"), VERB)]
    return Screen("\n".join((words("course-pick"), "", *lines)), in_rows([*buttons, *ways], (1,)))


def ask_first(words: Words, course: Course) -> Screen:
    """Ask when the first session is."""
    return Screen(words("course-first", name=name(words, course)), ((_back(words),),))


def _back(words: Words) -> Button:
    return button(words("treatment-back"), VERB, "course")


def typed(view: View, course: Course, found: When) -> Screen:
    """Answer a typed first date: show the dates, ask which of several was meant, or say why it cannot be."""
    if not found.readings:
        return Screen(refusal(view.words, found), ((_back(view.words),),))
    if len(found.readings) == 1:
        return dates(view, Start(course, found.readings[0], view.patient.zone or "UTC"))
    buttons = [
        button(view.moment(at), VERB, "first", course.code, minute_of(at)) for at in found.readings[:_MOST_READINGS]
    ]
    return Screen(view.words("when-which"), in_rows([*buttons, _back(view.words)], (1,)))


def dates(view: View, start: Start) -> Screen:
    """List the dates of a course before anything is kept."""
    words, coming = view.words, start.visits(view.now)
    title = words("course-dates", name=name(words, start.course), city=city(words, start.zone))
    lines = [words("course-date" if at > view.now else "course-over", moment=view.moment(at)) for at in start.moments]
    note = ["", words("course-note", note=prep_note(words))] if start.course.fasting else []
    keep = button(words("course-keep", n=len(coming)), VERB, "add", *_carried(start), style="success")
    again = button(words("course-again"), VERB, "plan", start.course.code)
    return Screen("\n".join((title, *lines, *note)), ((keep, again), (_back(words),)))


def _carried(start: Start) -> tuple[str, int]:
    return start.course.code, minute_of(start.first)


def prep_note(words: Words) -> str:
    """Give the label's note for getting ready that is kept with each session of a nasal course."""
    return words("appt-preset")


def added(view: View, start: Start, made: Made) -> Screen:
    """Say how many dates of a course are on the person's list now, and that each can be changed."""
    words, kept = view.words, kept_of(made)
    mine = button(words("treatment-mine"), VERB)
    if not kept:
        again = button(words("course-again"), VERB, "plan", start.course.code)
        return Screen(words("course-nothing"), ((again, mine),))
    lines = [words("course-added", n=len(kept))]
    lines += [words("course-left-out", n=len(made.refused))] if made.refused else []
    lines += ["", words("course-change")]
    return Screen("\n".join(lines), (*_first_row(view, start), (mine,)))


def kept_of(made: Made) -> Sequence[Appointment]:
    """List the appointments of a course that stand."""
    return [visit for visit in (*made.new, *made.moved, *made.there) if visit.is_ahead]


def _first_row(view: View, start: Start) -> tuple[Row, ...]:
    """Offer to note a first session that was earlier today."""
    if start.first > view.now:
        return ()
    return ((button(view.words("course-had-first"), VERB, "at", minute_of(start.first)),),)
