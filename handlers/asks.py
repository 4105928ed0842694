"""/ask: questions for the next visit, each typed in a message of its own and edited where it stands in the chat.

A question stays until it is marked as asked or removed, also when a visit has gone by.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.people import Patient
from care.schedule import local_time
from care.visits import Appointment
from handlers.context import CareContext
from handlers.excerpts import excerpt, is_cut
from handlers.pickers import prompt
from handlers.reports.draft import LONGEST, shown
from handlers.screens import Row, Screen, button, in_rows, retire
from handlers.words import Words
from storage import asks, patients, pending, visits
from storage.asks import MOST_QUESTIONS, Line, LineKind, LineState
from storage.pending import Pending

VERB = "as"
KIND = "question"
"""What is expected of a person who adds a question."""
_LETTERS = 100
"""How much of a question the list shows: thirty of them fit into one message."""
_SETTLES = {"asked": LineState.ASKED, "remove": LineState.REMOVED}


@dataclass(frozen=True, slots=True)
class Listed:
    """A patient's open questions, and the visit that comes next."""

    patient: Patient
    questions: tuple[Line, ...]
    visit: Appointment | None

    @property
    def is_full(self) -> bool:
        """Tell whether there is no room for another question."""
        return len(self.questions) >= MOST_QUESTIONS


async def ask(update: Update, context: CareContext) -> None:
    """List the questions; one that was typed behind the command is kept at once."""
    message = update.message
    if message is not None and said(message.text or ""):
        await _keep(context, message.message_id, said(message.text or ""))
        return
    listed = await context.read(_read, context.chat_id, context.now)
    if listed is not None:
        await context.present(list_screen(context.words(listed.patient.language), listed))


async def pressed(update: Update, context: CareContext) -> None:
    """Open a question, settle it or ask for a new one; anything else shows the list as it stands."""
    kind, number = context.press.word(0), context.press.number(1)
    if kind in _SETTLES and number is not None:
        listed = await context.write(_settle, context.chat_id, number, _SETTLES[kind], context.now)
    else:
        listed = await context.read(_read, context.chat_id, context.now)
    if listed is None:
        await context.acknowledge()
    elif kind == "add" and not listed.is_full:
        await _prompt(context, listed.patient)
    else:
        await context.present(_screen(context.words(listed.patient.language), listed, kind, number))


async def typed(update: Update, context: CareContext, expected: Pending) -> None:
    """Keep the question that was asked for and list them anew; the older list goes.

    The prompt is forgotten last: a crash before that finds the same text again and keeps it once.
    """
    message = update.effective_message
    if message is None:
        return
    await _keep(context, message.message_id, context.text)
    if expected.target.isdecimal():
        await retire(context.bot, context.chat_id, int(expected.target))
    await context.write(pending.forget, context.chat_id)


def said(text: str) -> str:
    """Give the words of a question, without the command where they were typed behind one."""
    command, *words = text.split(maxsplit=1) or [""]
    return "".join(words).strip() if command.partition("@")[0].casefold() == "/ask" else text.strip()


async def _prompt(context: CareContext, patient: Patient) -> None:
    words = context.words(patient.language)
    prompt_id = await context.say(prompt(words, words("ask-prompt")))
    target = str(context.pressed_message_id or "")
    await context.write(pending.expect, context.chat_id, KIND, target, prompt_id, context.now)


async def _keep(context: CareContext, message_id: int, text: str) -> None:
    is_kept, listed = await context.write(_add, context.chat_id, message_id, text, context.now)
    if listed is None:
        return
    words = context.words(listed.patient.language)
    await context.say(list_screen(words, listed, above=_outcome(words, text, is_kept=is_kept)))


def _outcome(words: Words, text: str, *, is_kept: bool) -> str:
    if not is_kept:
        return words("ask-no-room")
    return words("ask-kept-long", most=LONGEST) if is_cut(text, LONGEST) else words("ask-kept")


def _read(session: Session, chat_id: int, now: datetime) -> Listed | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    ahead = visits.ahead(session, chat_id, now)
    return Listed(patient, tuple(asks.questions(session, chat_id)), ahead[0] if ahead else None)


def _add(session: Session, chat_id: int, message_id: int, text: str, now: datetime) -> tuple[bool, Listed | None]:
    is_kept = asks.add(session, chat_id, message_id, LineKind.QUESTION, text, now)
    return is_kept, _read(session, chat_id, now)


def _settle(session: Session, chat_id: int, number: int, state: LineState, now: datetime) -> Listed | None:
    asks.settle(session, chat_id, number, state)
    return _read(session, chat_id, now)


def _screen(words: Words, listed: Listed, kind: str, number: int | None) -> Screen:
    place = next((n for n, line in enumerate(listed.questions, 1) if line.id == number), None)
    return one_screen(words, listed, place) if kind == "show" and place else list_screen(words, listed)


def list_screen(words: Words, listed: Listed, above: str = "") -> Screen:
    """List the open questions with a button for each; in discreet mode what they say is covered."""
    if not listed.questions:
        return Screen("\n\n".join(filter(None, (above, words("ask-none"), words("ask-how")))), _ways(words, listed))
    head = "\n".join(filter(None, (above, _title(words, listed))))
    lines = [
        words("visit-question", n=n, text=excerpt(line.text, _LETTERS)) for n, line in enumerate(listed.questions, 1)
    ]
    text = "\n".join((head, *lines, *([words("ask-full", n=MOST_QUESTIONS)] if listed.is_full else [])))
    buttons = [button(words.number(n), VERB, "show", line.id) for n, line in enumerate(listed.questions, 1)]
    hidden = (len(head) + 1, len(text)) if listed.patient.discreet else None
    return Screen(text, (*in_rows(buttons, (6,)), *_ways(words, listed)), hidden)


def _title(words: Words, listed: Listed) -> str:
    if listed.visit is None:
        return words("ask-title")
    at = listed.visit.at
    return words("ask-title-day", day=words.day(local_time(at, listed.patient.zone_at(at)).date()))


def _ways(words: Words, listed: Listed) -> tuple[Row, ...]:
    add = () if listed.is_full else ((button(words("ask-add"), VERB, "add"),),)
    ready = ((button(words("ask-ready"), "vi", "hub", listed.visit.id),),) if listed.visit else ()
    return (*add, *ready)


def one_screen(words: Words, listed: Listed, place: int) -> Screen:
    """Show one question in full, with what can be done about it; place counts from 1."""
    line = listed.questions[place - 1]
    head = words("ask-one", n=place, count=len(listed.questions))
    told = shown(words, line.text)
    hidden = (len(head) + 1, len(head) + 1 + len(told)) if listed.patient.discreet else None
    row = (
        button(words("ask-asked"), VERB, "asked", line.id),
        button(words("ask-remove"), VERB, "remove", line.id),
        button(words("ask-keep"), VERB, "list"),
    )
    return Screen("\n".join((head, told, "", words("ask-edit"))), (row,), hidden)
