"""Notes: written after a prompt, kept from a text that came by itself, and edited where they stand in the chat."""

from datetime import datetime, timedelta

from sqlmodel import Session
from telegram import Update
from telegram.error import BadRequest

from care.checkin import Outcome
from care.people import Patient
from handlers.asks import said
from handlers.context import CareContext
from handlers.pickers import prompt
from handlers.screens import Screen, button, call
from handlers.words import Words
from storage import asks, checkins, history, notes, patients, pending
from storage.pending import Pending

KIND = "note"
_SEEN = "👌"


def ask_screen(words: Words) -> Screen:
    """Ask for a note, and say that nobody reads it now."""
    return prompt(words, words("note-ask"))


def offer_screen(words: Words, message_id: int, *, card_is_open: bool) -> Screen:
    """Ask whether a text that came by itself is a note; where a card waits for a tap, point to it kindly."""
    rows = [(button(words("note-keep"), "n", "keep", message_id), button(words("note-no"), "n", "no", message_id))]
    if not card_is_open:
        return Screen(words("note-offer"), tuple(rows))
    card = (button(words("note-card"), "he", "checkin"),)
    return Screen(words("note-offer") + "\n" + words("note-card-open"), (*rows, card))


async def pressed(update: Update, context: CareContext) -> None:
    """Ask for a note, or keep or drop the text that was offered."""
    kind, number = context.press.word(0), context.press.number(1)
    patient = await context.read(patients.find, context.chat_id)
    if patient is None or number is None or kind not in ("add", "keep", "no"):
        await context.acknowledge(context.words()("press-not-found"))
    elif kind == "add":
        await _ask(context, patient, number)
    else:
        await _settle(context, patient, number, keep=kind == "keep")


async def _ask(context: CareContext, patient: Patient, check_in_id: int) -> None:
    words = context.words(patient.language)
    if await context.read(checkins.find, context.chat_id, check_in_id) is None:
        await context.acknowledge(words("press-not-found"))
        return
    prompt_id = await context.say(ask_screen(words))
    await context.write(pending.expect, context.chat_id, KIND, str(check_in_id), prompt_id, context.now)


async def _settle(context: CareContext, patient: Patient, message_id: int, *, keep: bool) -> None:
    words = context.words(patient.language)
    if not keep:
        await context.write(notes.discard, context.chat_id, message_id)
        await context.present(Screen(words("note-dropped")))
        return
    kept = await context.write(notes.keep, context.chat_id, message_id, context.now)
    await context.present(Screen(words("note-kept" if kept else "note-gone")))


async def take(update: Update, context: CareContext, expected: Pending) -> None:
    """Keep the text that a prompt asked for, quietly: a small sign on the text.

    The prompt is forgotten last: a crash before that finds the same text again and keeps it once.
    """
    message = update.effective_message
    if message is None:
        return
    check_in_id = int(expected.target) if expected.target.isdecimal() else None
    await context.write(notes.write, context.chat_id, message.message_id, context.text, check_in_id, context.now)
    await _nod(context, message.message_id)
    await context.write(pending.forget, context.chat_id)


async def offer(update: Update, context: CareContext) -> None:
    """Hold a text that came by itself and ask whether to keep it as a note."""
    message = update.effective_message
    if message is None:
        return
    args = (context.chat_id, message.message_id, context.text, context.now)
    patient, is_kept, card_is_open = await context.write(_offer, *args)
    if is_kept:
        await _nod(context, message.message_id)
    elif patient is not None:
        words = context.words(patient.language)
        await context.say(offer_screen(words, message.message_id, card_is_open=card_is_open))


def _offer(
    session: Session, chat_id: int, message_id: int, text: str, now: datetime
) -> tuple[Patient | None, bool, bool]:
    """Hold a text; give whose it is, whether it is kept already, and whether a card waits for a tap."""
    patient = patients.find(session, chat_id)
    is_line = asks.knows(session, chat_id, message_id)
    if patient is None or is_line or not notes.offer(session, chat_id, message_id, text, now):
        return None, is_line, False
    day = patient.day_at(now)
    kept = notes.of_days(session, chat_id, day - timedelta(days=checkins.DAYS_BACK), day)
    cards = history.recent(session, chat_id, day, day)
    card_is_open = any(card.outcome is Outcome.OPEN and card.message_id for card in cards)
    return patient, any(note.message_id == message_id for note in kept), card_is_open


async def edited(update: Update, context: CareContext) -> None:
    """Take over an edit of a note, or of a line for a visit; a note's earlier wording stays in its history."""
    message = update.edited_message
    if message is None or not message.text:
        return
    args = (context.chat_id, message.message_id, message.text, context.now)
    if await context.write(_revise, *args):
        await _nod(context, message.message_id)


def _revise(session: Session, chat_id: int, message_id: int, text: str, now: datetime) -> bool:
    """Give what was typed in a message its new words; that is a note, or a line for a visit, or nothing we keep."""
    is_note = notes.revise(session, chat_id, message_id, text, now)
    return is_note or asks.revise(session, chat_id, message_id, said(text))


async def unreadable(update: Update, context: CareContext) -> None:
    """Say that only text and buttons can be read."""
    patient = await context.read(patients.find, context.chat_id)
    words = context.words(patient.language if patient else None)
    await context.say(Screen(words("unreadable")))


async def _nod(context: CareContext, message_id: int) -> None:
    reaction = [{"type": "emoji", "emoji": _SEEN}]
    params = {"chat_id": context.chat_id, "message_id": message_id, "reaction": reaction}
    await _try(context, "set_Message_Reaction", params)


async def _try(context: CareContext, endpoint: str, params: dict[str, object]) -> None:
    """Make a call whose refusal is no harm: the message it is about may be gone."""
    try:
        await call(context.bot, endpoint, params)
    except BadRequest:
        return
