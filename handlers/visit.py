"""Before a visit: short questions, the one thing to tell, the notes to show, and the draft of a summary in words.

The one thing belongs to the visit it was written for: a visit that moves keeps it, and the next visit asks anew.
Nothing here is ever sent to anybody but the person.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.checkin import Outcome
from care.notes import Note
from care.people import Patient
from care.visits import Appointment
from handlers import visit_draft
from handlers.card import View, card
from handlers.context import CareContext
from handlers.excerpts import is_cut
from handlers.reports import chart
from handlers.reports.draft import LONGEST
from handlers.screens import Screen, retire
from handlers.visit_draft import Drafted, draft_screen, period_of
from handlers.visit_ready import Ready, hub_screen, main_screen, notes_screen
from handlers.words import Words
from storage import asks, checkins, notes, patients, pending, visits
from storage.asks import LineKind, LineState
from storage.checkins import Card
from storage.pending import Pending

KIND = "visit-main"
"""What is expected of a person who is asked for the one thing they want to tell."""
_SHUT = (Outcome.DECLINED, Outcome.CLOSED)


async def pressed(update: Update, context: CareContext) -> None:
    """Do what a button says; one that nobody made leads to what there is to do before the visit."""
    await _STEPS.get(context.press.word(0), _hub)(context)


async def typed(update: Update, context: CareContext, expected: Pending) -> None:
    """Keep the one thing to tell and show what else there is to do. What is expected is forgotten last of all."""
    message = update.effective_message
    if message is None:
        return
    number = int(expected.target) if expected.target.isdecimal() else 0
    ready = await context.write(_tell, context.chat_id, number, message.message_id, context.text, context.now)
    if ready is not None:
        words = context.words(ready.patient.language)
        is_long = is_cut(context.text, LONGEST)
        kept = words("ask-kept-long", most=LONGEST) if is_long else words("visit-main-kept")
        await context.say(hub_screen(words, ready, above=kept))
    if expected.prompt_message_id is not None:
        await retire(context.bot, context.chat_id, expected.prompt_message_id)
    await context.write(pending.forget, context.chat_id)


def _ready(session: Session, chat_id: int, number: int, now: datetime) -> Ready | None:
    patient, visit = patients.find(session, chat_id), visits.find(session, chat_id, number)
    if patient is None or visit is None:
        return None
    questions = asks.questions(session, chat_id)
    return Ready(patient, visit, now, asks.main_for(session, chat_id, number), len(questions))


def _tell(session: Session, chat_id: int, number: int, message_id: int, text: str, now: datetime) -> Ready | None:
    asks.add(session, chat_id, message_id, LineKind.MAIN, text, now, number)
    return _ready(session, chat_id, number, now)


# What there is to do.


async def _hub(context: CareContext) -> None:
    await _show_hub(context, await context.write(_leave, context.chat_id, _number(context), context.now))


def _leave(session: Session, chat_id: int, number: int, now: datetime) -> Ready | None:
    """Give what there is to do; whoever looks at that types the one thing no more."""
    expected = pending.expected(session, chat_id, now)
    if expected is not None and expected.kind == KIND:
        pending.forget(session, chat_id)
    return _ready(session, chat_id, number, now)


async def _show_hub(context: CareContext, ready: Ready | None) -> None:
    if ready is None:
        await _not_found(context)
    else:
        await context.present(hub_screen(context.words(ready.patient.language), ready))


async def _not_found(context: CareContext) -> None:
    await context.acknowledge(context.words()("visit-not-found"))


def _number(context: CareContext) -> int:
    """Give the number of the visit that a button carries; 0, which no visit has, for one that nobody made."""
    return context.press.number(1) or 0


# The short questions.


async def _open(context: CareContext) -> None:
    """Open the short questions as a new message: a reminder keeps its own buttons."""
    await _show_card(context, context.say)


async def _card(context: CareContext) -> None:
    await _show_card(context, context.present)


async def _show_card(context: CareContext, show: Callable[[Screen], Awaitable[int]]) -> None:
    ready, opened = await context.write(_open_questions, context.chat_id, _number(context), context.now)
    if ready is None:
        await _not_found(context)
        return
    words = context.words(ready.patient.language)
    if opened is None:
        await show(hub_screen(words, ready))
        return
    shown = await show(card(View(words, opened.patient, opened.check_in, context.now)))
    await _keep_one_live(context, opened, shown)


async def _keep_one_live(context: CareContext, opened: Card, shown: int) -> None:
    if shown == opened.check_in.message_id:
        return
    previous = await context.write(checkins.card_shown, context.chat_id, opened.check_in.id, shown)
    if previous is not None:
        await retire(context.bot, context.chat_id, previous)


def _open_questions(session: Session, chat_id: int, number: int, now: datetime) -> tuple[Ready | None, Card | None]:
    """Open the check-in before a visit, or open it again; None where the visit is over or that is not possible."""
    ready = _ready(session, chat_id, number, now)
    if ready is None or ready.is_over:
        return ready, None
    found = checkins.open_visit(session, chat_id, number, now)
    if found is not None and found.check_in.outcome in _SHUT:
        found = checkins.reopen(session, chat_id, found.check_in.id, now)
    return ready, None if found is None or found.check_in.outcome in _SHUT else found


# The one thing to tell.


async def _main(context: CareContext) -> None:
    args = (context.chat_id, _number(context), context.pressed_message_id, context.now)
    ready = await context.write(_expect_main, *args)
    if ready is None or ready.is_over:
        await _show_hub(context, ready)
    else:
        await context.present(main_screen(context.words(ready.patient.language), ready))


def _expect_main(session: Session, chat_id: int, number: int, prompt_id: int | None, now: datetime) -> Ready | None:
    ready = _ready(session, chat_id, number, now)
    if ready is not None and not ready.is_over:
        pending.expect(session, chat_id, KIND, str(number), prompt_id, now)
    return ready


async def _unsay(context: CareContext) -> None:
    line = context.press.number(2) or 0
    await _show_hub(context, await context.write(_take_back, context.chat_id, _number(context), line, context.now))


def _take_back(session: Session, chat_id: int, number: int, line: int, now: datetime) -> Ready | None:
    main = asks.main_for(session, chat_id, number)
    if main is not None and main.id == line:
        asks.settle(session, chat_id, line, LineState.REMOVED)
    return _leave(session, chat_id, number, now)


# The notes to show.


@dataclass(frozen=True, slots=True)
class Journal:
    """The notes of the days that are told of at a visit, the newest first."""

    patient: Patient
    visit: Appointment
    notes: tuple[Note, ...]


async def _notes(context: CareContext) -> None:
    await _show_notes(context, await context.read(_journal, context.chat_id, _number(context), context.now))


async def _pick(context: CareContext) -> None:
    """Pick a note, or leave it out again; the button carries which, so that a doubled press changes nothing."""
    message_id, picked = context.press.number(3) or 0, context.press.word(4) == "1"
    args = (context.chat_id, _number(context), message_id, picked, context.now)
    await _show_notes(context, await context.write(_pick_note, *args))


def _pick_note(
    session: Session, chat_id: int, number: int, message_id: int, picked: bool, now: datetime
) -> Journal | None:
    notes.pick(session, chat_id, message_id, picked, now)
    return _journal(session, chat_id, number, now)


def _journal(session: Session, chat_id: int, number: int, now: datetime) -> Journal | None:
    patient, visit = patients.find(session, chat_id), visits.find(session, chat_id, number)
    if patient is None or visit is None:
        return None
    period = period_of(session, patient, visit, now)
    found = notes.of_days(session, chat_id, period.first, period.last)
    return Journal(patient, visit, tuple(reversed(found)))


async def _show_notes(context: CareContext, journal: Journal | None) -> None:
    if journal is None:
        await _not_found(context)
        return
    words, page = context.words(journal.patient.language), context.press.number(2) or 0
    await context.present(notes_screen(words, journal.patient, journal.visit, journal.notes, page))


# The draft.


async def _draft(context: CareContext) -> None:
    drafted = await context.read(visit_draft.read, context.chat_id, _number(context), context.now)
    if drafted is None:
        await _not_found(context)
        return
    words, mask, page = context.words(drafted.patient.language), context.press.number(2), context.press.number(3) or 0
    await context.present(draft_screen(words, drafted, mask, page))


async def _picture(context: CareContext) -> None:
    """Send the chart of the draft's days, drawn while the press is answered."""
    drafted = await context.read(visit_draft.read, context.chat_id, _number(context), context.now)
    if drafted is None:
        await _not_found(context)
        return
    words = context.words(drafted.patient.language)
    if not drafted.has_picture:
        await context.acknowledge(words("visit-picture-few"))
        return
    png, _ = await asyncio.gather(chart.draw(_scene(words, drafted)), context.acknowledge())
    caption = words("visit-draft-own")
    await context.bot.send_photo(context.chat_id, png, caption=caption, has_spoiler=drafted.patient.discreet)


def _scene(words: Words, drafted: Drafted) -> chart.Picture:
    return chart.picture(drafted.draft.summary, words, discreet=drafted.patient.discreet)


_STEPS: Mapping[str, Callable[[CareContext], Awaitable[None]]] = {
    "hub": _hub,
    "open": _open,
    "card": _card,
    "main": _main,
    "unsay": _unsay,
    "notes": _notes,
    "pick": _pick,
    "draft": _draft,
    "picture": _picture,
}
"""What a button does, by the word after the verb."""
