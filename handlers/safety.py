"""What anybody writes is read for words of suicide and self-harm before anything else happens to it.

Words that say it plainly bring the help card, first of all; words that may mean it bring one quiet line, last of all.
Either way the text then goes where it was going. Nobody is told anything, and nothing of the text is kept here.
"""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from sqlmodel import Session
from telegram import Message, Update

from care.checkin import Outcome
from care.help_card import Shows, shows
from care.people import State
from care.wording import Level, read
from handlers import safety_screens as screens
from handlers.context import CareContext, Deps
from handlers.nearby import Near, in_time, near
from handlers.screens import Screen
from storage import follow_ups, history, patients, support, supporting

Handler = Callable[[Update, CareContext], Awaitable[None]]
Route = Callable[[Update, CareContext], Coroutine[Any, Any, None]]


def heard(handler: Handler) -> Route:
    """Have a message read before a handler takes it: the card comes first, the quiet line last."""

    async def reads(update: Update, context: CareContext) -> None:
        message = update.effective_message
        level = read(words_of(message)).level if message else Level.NONE
        if level is Level.FULL and message:
            await _answer(update, message, context)
            context.is_answered = True
        await handler(update, context)
        if level is Level.SOFT:
            await _say_line(update, context)

    return reads


def words_of(message: Message) -> str:
    """Give what a message says: its text, what stands under its picture or file, or what its poll asks."""
    poll = message.poll
    asked = [poll.question, *(option.text for option in poll.options)] if poll else []
    return "\n".join(filter(None, (message.text, message.caption, *asked)))


async def _answer(update: Update, message: Message, context: CareContext) -> None:
    """Show the card, or the line when it stands just above; an update that comes again is not answered again."""
    lately, now = context.deps.lately, context.now
    if lately.is_answered(update.update_id):
        await _remember(context)
        return
    here = await near(context)
    shown = shows(_last(here, context), _said_at(message), now)
    if shown is Shows.LINE:
        await context.say(screens.line(here))
    else:
        await context.say(screens.card(here, stamp(now), late=shown is Shows.LATE))
        lately.note_card(context.chat_id, now)
        await _remember(context)
    lately.note_answer(update.update_id)


async def _say_line(update: Update, context: CareContext) -> None:
    lately = context.deps.lately
    if not lately.is_answered(update.update_id):
        await context.say(screens.line(await near(context)), silent=True)
        lately.note_answer(update.update_id)


async def _remember(context: CareContext) -> None:
    """Owe the message of the next day, if the database lets us; the same card is owed one once."""
    shown_at = context.deps.lately.card_at(context.chat_id)
    if shown_at is not None:
        await in_time(context.write(follow_ups.owe, context.chat_id, shown_at))


def _last(here: Near, context: CareContext) -> datetime | None:
    moments = (here.known.card_at if here.known else None, context.deps.lately.card_at(context.chat_id))
    return max((moment for moment in moments if moment is not None), default=None)


def _said_at(message: Message) -> datetime:
    return message.edit_date or message.date


def stamp(now: datetime) -> int:
    """Give the second that the buttons of a card carry."""
    return int(now.timestamp())


def bare(here: Near, chat_id: int, said_at: datetime, deps: Deps) -> Screen:
    """Give what a text that says it plainly is answered with when nothing but this process is there."""
    now = deps.clock()
    shown = shows(deps.lately.card_at(chat_id), said_at, now)
    if shown is Shows.LINE:
        return screens.line(here)
    deps.lately.note_card(chat_id, now)
    return screens.card(here, stamp(now), late=shown is Shows.LATE)


def pressed(resume: Handler) -> Handler:
    """Give the handler of the card's buttons; resume shows a person the step they were at."""

    async def does(update: Update, context: CareContext) -> None:
        kind = context.press.word(0)
        if kind in ("ok", "wrong"):
            await _go_on(update, context, resume)
        elif kind == "send":
            await context.present(await _send(context))
        else:
            await context.present(screens.door(await near(context), context.press))

    return does


async def _go_on(update: Update, context: CareContext, resume: Handler) -> None:
    here, was_wrong = await near(context), context.press.word(0) == "wrong"
    if was_wrong:
        shown_at = context.press.number(2) or 0
        await in_time(context.write(follow_ups.call_off, context.chat_id, shown_at, context.now))
    is_amid = await in_time(context.read(_is_amid, context.chat_id, context.now)) or False
    await context.present(ended(here, was_wrong=was_wrong, is_amid=is_amid))
    if is_amid:
        await resume(update, context)


def ended(here: Near, *, was_wrong: bool, is_amid: bool) -> Screen:
    """Give what the card turns into when the person goes on."""
    if was_wrong:
        return Screen(here.words("safety-wrong"))
    is_saved = is_amid and here.known is not None and here.known.patient.state is not State.ONBOARDING
    return Screen(here.words("safety-ok-saved") if is_saved else here.words("safety-ok"))


def _is_amid(session: Session, chat_id: int, now: datetime) -> bool:
    """Tell whether somebody is amid something: the first minutes, or today's open card."""
    patient = patients.find(session, chat_id)
    if patient is None:
        return not supporting.is_one(session, chat_id)
    if patient.state is State.ONBOARDING:
        return True
    day = patient.day_at(now)
    return any(one.outcome is Outcome.OPEN and one.message_id for one in history.recent(session, chat_id, day, day))


async def _send(context: CareContext) -> Screen:
    """Ask a support person to call, once a day; where that cannot be done now, give words to send oneself."""
    here, press = await near(context), context.press
    number, version, at = press.number(3), press.number(4), press.number(2) or 0
    link = next((one for one in here.supporters if (one.id, one.version) == (number, version)), None)
    if link is None:
        return screens.people(here, at)
    args = (context.chat_id, link.id, context.now.isoformat(), context.now)
    said = await in_time(context.write(support.ask_to_call, *args))
    return screens.asked(here, at, link, said) if said else screens.share(here, at)
