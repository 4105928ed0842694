"""/history: the last days as a list; each opens with its answers and notes, to be changed, filled in or removed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session
from telegram import Update

from care.checkin import CheckIn, Kind, Outcome, asked
from care.notes import Note
from care.people import Patient
from handlers.answers import answer_words
from handlers.context import CareContext
from handlers.form_words import form_name
from handlers.menu import command_button
from handlers.screens import Row, Screen, button, in_rows
from handlers.words import Words
from storage import history as past
from storage import notes, patients
from storage.checkins import DAYS_BACK

VERB = "hi"
_NOTE_LETTERS = 300
_NOTES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Days:
    """Some of a person's days up to today, with what each holds."""

    patient: Patient
    first: date
    today: date
    check_ins: tuple[CheckIn, ...]
    notes: tuple[Note, ...]

    def daily(self, day: date) -> CheckIn | None:
        """Give the daily check-in of a day."""
        return next((found for found in self.check_ins if found.day == day and found.kind is Kind.DAILY), None)

    def extras(self, day: date) -> list[CheckIn]:
        """List a day's other check-ins that hold an answer: extra ones, after a treatment, before a visit."""
        return [found for found in self._besides(day) if found.kind is not Kind.FORM]

    def forms(self, day: date) -> list[CheckIn]:
        """List a day's standard forms that hold an answer."""
        return [found for found in self._besides(day) if found.kind is Kind.FORM]

    def _besides(self, day: date) -> list[CheckIn]:
        return [
            found for found in self.check_ins if found.day == day and found.kind is not Kind.DAILY and found.answers
        ]

    def notes_of(self, day: date) -> list[Note]:
        """List the notes of a day."""
        return [note for note in self.notes if note.day == day]


async def history(update: Update, context: CareContext) -> None:
    """List today and the seven days before."""
    days = await context.read(_read, context.chat_id, context.now)
    if days:
        await context.present(list_screen(context.words(days.patient.language), days))


async def pressed(update: Update, context: CareContext) -> None:
    """Open a day, ask whether a note shall go, or let it go; anything else shows the list."""
    press = context.press
    kind, day, message_id = press.word(0), _day(press.word(1)), press.number(2)
    if kind == "gone" and message_id is not None:
        await context.write(notes.remove, context.chat_id, message_id)
    days = await context.read(_read, context.chat_id, context.now)
    if days is None:
        await context.acknowledge()
        return
    words = context.words(days.patient.language)
    if day is None or not days.first <= day <= days.today:
        await context.present(list_screen(words, days))
        return
    note = next((note for note in days.notes_of(day) if note.message_id == message_id), None)
    ask = kind == "drop" and note is not None
    await context.present(drop_screen(words, days.patient, note) if ask and note else day_screen(words, days, day))


def _read(session: Session, chat_id: int, now: datetime) -> Days | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    today = patient.day_at(now)
    first = today - timedelta(days=DAYS_BACK)
    found = past.recent(session, chat_id, first, today)
    return Days(patient, first, today, tuple(found), tuple(notes.of_days(session, chat_id, first, today)))


def list_screen(words: Words, days: Days) -> Screen:
    """Give the list of days, newest first, and a button for each."""
    listed = [days.today - timedelta(days=n) for n in range((days.today - days.first).days + 1)]
    lines = [words("history-title"), *(_line(words, days, day) for day in listed)]
    buttons = [button(words.day(day), VERB, "day", day.isoformat()) for day in listed]
    return Screen("\n".join(lines), in_rows(buttons, (2,)))


def _line(words: Words, days: Days, day: date) -> str:
    parts = [words(f"history-{_state(days.daily(day))}")]
    parts += [words("history-extras", n=n) for n in [len(days.extras(day))] if n]
    parts += [form_name(words, form.set_name) for form in days.forms(day)]
    parts += [words("history-notes", n=n) for n in [len(days.notes_of(day))] if n]
    return words("history-line", day=words.day(day), what=", ".join(parts))


def _state(check_in: CheckIn | None) -> str:
    """Name what a day's check-in holds; one whose every question was skipped was skipped."""
    if check_in is None:
        return "none"
    values = [answer.value for answer in check_in.answers.values()]
    if values and all(value is None for value in values):
        return "skipped"
    if check_in.outcome is Outcome.COMPLETE:
        return "complete"
    if values:
        return "partly"
    return "skipped" if check_in.outcome is Outcome.DECLINED else "none"


def day_screen(words: Words, days: Days, day: date) -> Screen:
    """Give a day's answers and notes with what can be done about them; in discreet mode they are covered."""
    heading = words.full_day(day)
    text = "\n".join([heading, *_answers(words, days, day), *_note_lines(words, days, day)])
    hidden = (len(heading) + 1, len(text)) if days.patient.discreet else None
    back = (button(words("history-back"), VERB, "list"),)
    return Screen(text, (*_answer_rows(words, days, day), *_note_rows(words, days, day), back), hidden)


def _answers(words: Words, days: Days, day: date) -> list[str]:
    daily = days.daily(day)
    lines = _told(words, daily) if daily else []
    if not lines:
        lines = [words("history-empty")]
    elif daily and daily.entered_late:
        lines.append(words("history-late"))
    for extra in days.extras(day):
        lines += ["", words(f"history-{extra.kind.value}"), *_told(words, extra)]
    for form in days.forms(day):
        lines += ["", words("history-form", name=form_name(words, form.set_name)), *_told(words, form)]
    return lines


def _told(words: Words, check_in: CheckIn) -> list[str]:
    return [
        words("history-answer", name=words(f"short-{question.code}"), answer=_answer(words, check_in, question.code))
        for question in asked(check_in.questions, check_in.answers)
        if question.code in check_in.answers
    ]


def _answer(words: Words, check_in: CheckIn, code: str) -> str:
    value = check_in.value(code)
    return words("history-answer-skipped") if value is None else answer_words(words, code, value)


def _note_lines(words: Words, days: Days, day: date) -> list[str]:
    kept = days.notes_of(day)
    lines = [words("history-note", n=n, text=_short(note.text)) for n, note in enumerate(kept[:_NOTES_SHOWN], 1)]
    more = len(kept) - _NOTES_SHOWN
    return ["", *lines, *([words("history-notes-more", n=more)] if more > 0 else [])] if kept else []


def _short(text: str) -> str:
    """Give a note on one line, cut where it is long, and kept from turning the text around it right to left."""
    line = re.sub(r"\s+", " ", text).strip()
    cut = line if len(line) <= _NOTE_LETTERS else line[: _NOTE_LETTERS - 1] + "…"
    return f"\u2068{cut}\u2069"


def _answer_rows(words: Words, days: Days, day: date) -> list[Row]:
    daily = days.daily(day)
    row: list[Row] = []
    if daily and daily.answers:
        row.append((button(words("history-change"), "c", "change", daily.id),))
    if daily is None or daily.outcome is not Outcome.COMPLETE:
        today = (command_button(words, "checkin"),)
        row.append(today if day == days.today else (button(words("history-fill"), "c", "past", day.isoformat()),))
    row += [(button(words("history-change-extra"), "c", "change", extra.id),) for extra in days.extras(day)]
    for form in days.forms(day):
        label = words("history-change-form", name=form_name(words, form.set_name))
        row.append((button(label, "c", "change", form.id),))
    return row


def _note_rows(words: Words, days: Days, day: date) -> tuple[Row, ...]:
    buttons = [
        button(words("history-drop", n=n), VERB, "drop", day.isoformat(), note.message_id)
        for n, note in enumerate(days.notes_of(day)[:_NOTES_SHOWN], 1)
    ]
    return in_rows(buttons, (2,))


def drop_screen(words: Words, patient: Patient, note: Note) -> Screen:
    """Ask whether a note shall go, because it cannot come back."""
    ask = words("history-drop-ask")
    text = f"{ask}\n{_short(note.text)}"
    place = (VERB, "gone", note.day.isoformat(), note.message_id)
    yes = button(words("history-drop-yes"), *place, style="danger")
    no = button(words("history-drop-no"), VERB, "day", note.day.isoformat())
    return Screen(text, ((yes, no),), (len(ask) + 1, len(text)) if patient.discreet else None)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
