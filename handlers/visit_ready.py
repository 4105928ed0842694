"""The screens before a visit: what there is to do, the one thing to tell, the notes to pick. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from care.notes import Note
from care.people import Patient
from care.visits import Appointment, VisitState
from handlers.excerpts import excerpt
from handlers.reports.draft import shown
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.visit_draft import VERB, visit_day
from handlers.words import Words
from storage.asks import Line

_NOTES_A_PAGE = 6
_NOTE_LETTERS = 300


@dataclass(frozen=True, slots=True)
class Ready:
    """A visit, and what the person prepared for it so far."""

    patient: Patient
    visit: Appointment
    now: datetime
    main: Line | None = None
    questions: int = 0

    @property
    def is_over(self) -> bool:
        """Tell whether there is nothing left to prepare for: the visit has gone by or does not stand."""
        return not self.visit.is_ahead or self.visit.end <= self.now


def hub_screen(words: Words, ready: Ready, above: str = "") -> Screen:
    """List what there is to do before a visit; after it, only what may still be looked at."""
    day, number = words.day(visit_day(ready.patient, ready.visit)), ready.visit.id
    look: tuple[Row, ...] = (
        (button(_questions_label(words, ready.questions), "as", "list"),),
        (button(words("card-visit-draft"), VERB, "draft", number),),
    )
    if ready.is_over:
        is_off = ready.visit.state is VisitState.CANCELLED
        return Screen(words("visit-off" if is_off else "visit-over", day=day), look)
    do: tuple[Row, ...] = (
        (button(words("visit-short-questions"), VERB, "card", number),),
        (button(_main_label(words, ready), VERB, "main", number),),
        (button(words("card-visit-notes"), VERB, "notes", number, 0),),
    )
    return Screen("\n".join(filter(None, (above, words("visit-hub", day=day)))), (*do, *look))


def _main_label(words: Words, ready: Ready) -> str:
    label = words("card-visit-main")
    return words("card-ticked", label=label) if ready.main else label


def _questions_label(words: Words, count: int) -> str:
    return words("visit-questions", n=count) if count else words("menu-ask")


def main_screen(words: Words, ready: Ready) -> Screen:
    """Ask for the one thing to tell; what was written before is shown, in discreet mode covered."""
    ask, number = words("visit-main-ask"), ready.visit.id
    if ready.main is None:
        return Screen(ask, ((button(words("card-skip"), VERB, "hub", number),),))
    told = words("visit-main-now", text=shown(words, ready.main.text))
    text = "\n\n".join((ask, told))
    row = (
        button(words("visit-main-keep"), VERB, "hub", number),
        button(words("visit-main-remove"), VERB, "unsay", number, ready.main.id),
    )
    return Screen(text, (row,), (len(ask) + 2, len(text)) if ready.patient.discreet else None)


def notes_screen(words: Words, patient: Patient, visit: Appointment, notes: Sequence[Note], page: int = 0) -> Screen:
    """Give a page of notes with a switch for each; in discreet mode they are covered."""
    back: Row = (
        button(words("card-visit-draft"), VERB, "draft", visit.id),
        button(words("visit-back"), VERB, "hub", visit.id),
    )
    if not notes:
        return Screen(words("visit-notes-none"), (back,))
    place = min(max(page, 0), (len(notes) - 1) // _NOTES_A_PAGE)
    first = place * _NOTES_A_PAGE
    there = list(enumerate(notes[first : first + _NOTES_A_PAGE], first + 1))
    head = words("visit-notes-ask")
    text = "\n".join((head, *(_note(words, n, note) for n, note in there)))
    switches = [_switch(words, visit, place, n, note) for n, note in there]
    rows = (*in_rows(switches, (3,)), *_turns(words, visit, place, len(notes)), back)
    return Screen(text, rows, (len(head) + 1, len(text)) if patient.discreet else None)


def _note(words: Words, n: int, note: Note) -> str:
    return words("visit-note-line", n=n, day=words.day(note.day), text=excerpt(note.text, _NOTE_LETTERS))


def _switch(words: Words, visit: Appointment, page: int, n: int, note: Note) -> Button:
    label, style = words.number(n), "success" if note.picked else ""
    told = words("card-ticked", label=label) if note.picked else label
    return button(told, VERB, "pick", visit.id, page, note.message_id, int(not note.picked), style=style)


def _turns(words: Words, visit: Appointment, place: int, count: int) -> tuple[Row, ...]:
    turns = (("visit-notes-newer", place - 1), ("visit-notes-older", place + 1))
    last = (count - 1) // _NOTES_A_PAGE
    row = tuple(button(words(name), VERB, "notes", visit.id, to) for name, to in turns if 0 <= to <= last)
    return (row,) if row else ()
