"""The draft of the summary for a visit: read in one hop, shown in words with a switch for each part."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from care.drafts import (
    ALL,
    USUAL,
    Draft,
    Part,
    Period,
    compared_from,
    events_of,
    for_visit,
    forms_of,
    is_in,
    list_was_empty,
    mood_before,
    period_since,
)
from care.people import Patient
from care.responses import REACH, side_effects_by_hours
from care.schedule import local_day, local_time
from care.treatments import Treatment
from care.trends import LEAD, summarise
from care.visits import Appointment, VisitKind
from handlers.reports.draft import draft_pages, name_of
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.words import Words
from storage import asks, history, notes, patients, treatments, visits

VERB = "vi"
_JUST_BEFORE = timedelta(seconds=1)
_PICTURE_NEEDS = 2
"""How many days with answers a picture needs to say anything."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A patient's draft for a visit of theirs."""

    patient: Patient
    visit: Appointment
    draft: Draft

    @property
    def has_picture(self) -> bool:
        """Tell whether there is enough for a picture."""
        return self.draft.summary.answered >= _PICTURE_NEEDS


def visit_day(patient: Patient, visit: Appointment) -> date:
    """Give the day of a visit by the person's own clock."""
    return local_time(visit.at, patient.zone_at(visit.at)).date()


def period_of(session: Session, patient: Patient, visit: Appointment, now: datetime) -> Period:
    """Give the days that are told of at a visit: since the visit before it, if there was one.

    A follow-up visit looks back over the treatments to the follow-up before; a treatment to whatever came before it.
    """
    kinds = (VisitKind.FOLLOW_UP,) if visit.kind is VisitKind.FOLLOW_UP else tuple(VisitKind)
    last = visits.last_before(session, patient.chat_id, min(visit.at, now) - _JUST_BEFORE, kinds)
    return period_since(visit_day(patient, last) if last else None, patient.day_at(now))


def read(session: Session, chat_id: int, number: int, now: datetime) -> Drafted | None:
    """Read everything that the draft for a visit can say; None when the visit is not this person's."""
    patient, visit = patients.find(session, chat_id), visits.find(session, chat_id, number)
    if patient is None or visit is None:
        return None
    return Drafted(patient, visit, _draft(session, patient, visit, now))


def _draft(session: Session, patient: Patient, visit: Appointment, now: datetime) -> Draft:
    chat_id, period = patient.chat_id, period_of(session, patient, visit, now)
    first, last = period.first, period.last
    treated = {one: _day_of(patient, one) for one in treatments.of_patient(session, chat_id)}
    entries = history.entries(session, chat_id, min(compared_from(period), first - timedelta(days=LEAD)), last)
    within = [entry for entry in entries if entry.day >= first]
    guessed = {day: one.end_is_guessed for one, day in treated.items() if (last - day).days < REACH}
    told = history.recent(session, chat_id, first, last)
    own, main = for_visit(told, visit.id), asks.main_for(session, chat_id, visit.id)
    return Draft(
        period=period,
        summary=summarise(entries, last, period.length, treated.values()),
        treatments=tuple((day, one.kind) for one, day in treated.items() if first <= day <= last),
        before=mood_before(entries, period),
        windows=side_effects_by_hours(within, guessed),
        events=events_of(told, visit.id, private=False),
        private=events_of(told, visit.id, private=True),
        list_was_empty=list_was_empty(told, visit.id),
        change=own.value("change") if own else None,
        main=main.text if main else "",
        questions=tuple(line.text for line in asks.questions(session, chat_id)),
        notes=tuple(note for note in notes.of_days(session, chat_id, first, last) if note.picked),
        forms=forms_of(told),
    )


def _day_of(patient: Patient, treatment: Treatment) -> date:
    return local_day(treatment.at, treatment.zone, patient.day_start)


def draft_screen(words: Words, drafted: Drafted, mask: int | None, page: int = 0) -> Screen:
    """Give a page of the draft. Every switch carries the parts that are in once it was pressed.

    In discreet mode all but the first line is covered.
    """
    chosen = USUAL if mask is None else mask & ALL
    pages = draft_pages(drafted.draft, words, chosen, words.day(visit_day(drafted.patient, drafted.visit)))
    place = min(max(page, 0), len(pages) - 1)
    text = pages[place]
    rows = (
        *in_rows([_switch(words, drafted, part, chosen, place) for part in drafted.draft.parts], (2,)),
        *_turns(words, drafted, chosen, place, len(pages)),
        *_ways(words, drafted),
    )
    covered_from = 0 if place else len(words("visit-draft-top")) + 1
    return Screen(text, rows, (covered_from, len(text)) if drafted.patient.discreet else None)


def _switch(words: Words, drafted: Drafted, part: Part, mask: int, page: int) -> Button:
    label, on = _label(words, drafted.patient, part), is_in(mask, part)
    told = words("card-ticked", label=label) if on else label
    return button(told, VERB, "draft", drafted.visit.id, mask ^ 1 << part, page, style="success" if on else "")


def _label(words: Words, patient: Patient, part: Part) -> str:
    discreet = f"visit-part-{name_of(part)}-discreet"
    return words(discreet if patient.discreet and words.has(discreet) else f"visit-part-{name_of(part)}")


def _turns(words: Words, drafted: Drafted, mask: int, place: int, count: int) -> tuple[Row, ...]:
    turns = (("visit-page-back", place - 1), ("visit-page-on", place + 1))
    row = tuple(button(words(name), VERB, "draft", drafted.visit.id, mask, to) for name, to in turns if 0 <= to < count)
    return (row,) if row else ()


def _ways(words: Words, drafted: Drafted) -> tuple[Row, ...]:
    number = drafted.visit.id
    picture = (button(words("visit-picture"), VERB, "picture", number),) if drafted.has_picture else ()
    return ((*picture, button(words("visit-back"), VERB, "hub", number)),)
