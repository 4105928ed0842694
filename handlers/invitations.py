"""Inviting somebody: under which name, whom, what they may see, an example with real data, and the link."""

import asyncio
import secrets
from contextlib import suppress
from datetime import datetime
from io import BytesIO

from telegram import ReplyKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.helpers import create_deep_linked_url

from care.sharing import CODE_BYTES, InvitationState, new_code
from handlers import updates
from handlers.context import CareContext
from handlers.excerpts import one_line
from handlers.invitation_screens import (
    LONGEST_NAME,
    Made,
    made_screen,
    name_screen,
    open_screen,
    pick_screen,
    picked_screen,
    preview_screen,
    refused_screen,
    ticks_screen,
    who_screen,
)
from handlers.inviting import MAKES, Given, Step, pick, step
from handlers.pickers import help_keyboard
from handlers.screens import Screen
from handlers.support_screens import list_screen
from handlers.words import Words
from storage import patients, pending, support
from storage.pending import Pending

_PICTURE_SCALE = 8


async def pressed(update: Update, context: CareContext) -> None:
    """Take one step; a button of an invitation that is not this person's, or not any more, shows how sharing stands."""
    kind, first_name = context.press.word(0), _first_name(update)
    code = new_code(secrets.token_bytes(CODE_BYTES)) if kind in MAKES else ""
    taken = await context.write(step, context.chat_id, Given(context.press, first_name, code), context.now)
    if taken is None:
        await context.acknowledge()
        return
    words = context.words(taken.sharing.patient.language)
    if kind in MAKES and taken.done:
        await _hand_over(context, words, taken, code)
    elif kind == "pick" and taken.sharing.name and not taken.refused:
        await context.say(pick_screen(words))
    else:
        await context.present(_screen(words, taken, kind, first_name, context.now))


async def typed(update: Update, context: CareContext, expected: Pending) -> None:
    """Take the name under which the person invites; the prompt is forgotten last of all."""
    name = one_line(context.text)
    patient = await context.read(patients.find, context.chat_id)
    words = context.words(patient.language if patient else None)
    if not 0 < len(name) <= LONGEST_NAME:
        await context.say(Screen(words("support-name-unread", most=LONGEST_NAME)))
        return
    await context.write(support.name_me, context.chat_id, name)
    await context.say(who_screen(words, words("support-named", name=name)))
    await context.write(pending.forget, context.chat_id)


async def users_shared(update: Update, context: CareContext) -> None:
    """Begin an invitation for the person who was picked; the usual key comes back under the chat."""
    message = update.effective_message
    picked = message.users_shared.users[0] if message and message.users_shared and message.users_shared.users else None
    if picked is None:
        return
    name = one_line(picked.first_name or "")[:LONGEST_NAME]
    taken = await context.write(pick, context.chat_id, picked.user_id, name, context.now)
    if taken is None:
        return
    words = context.words(taken.sharing.patient.language)
    if taken.invitation is None:
        why = taken.refused
        await context.say(refused_screen(words, why, name) if why else name_screen(words, _first_name(update)))
        return
    await context.say(picked_screen(words, name))
    await context.say(ticks_screen(words, taken.invitation))


async def _hand_over(context: CareContext, words: Words, taken: Step, code: str) -> None:
    """Show the link and the code, and the link as a picture. Nothing is lost where the picture cannot be sent."""
    if taken.invitation is None:
        return
    bot = context.bot.username
    link = create_deep_linked_url(bot, code)
    await context.present(made_screen(words, taken.sharing.patient, Made(taken.invitation, code, link, bot)))
    picture = await asyncio.to_thread(_picture, link)
    keyboard = ReplyKeyboardMarkup.de_json(dict(help_keyboard(words)), None)
    with suppress(TelegramError):
        await context.bot.send_photo(context.chat_id, picture, words("support-picture"), reply_markup=keyboard)


def _picture(link: str) -> bytes:
    """Draw a link as a QR code, PNG."""
    import segno  # noqa: PLC0415 - a start need not load what few people ever ask for

    drawn = BytesIO()
    segno.make_qr(link, error="m").save(drawn, kind="png", scale=_PICTURE_SCALE)
    return drawn.getvalue()


def _first_name(update: Update) -> str:
    user = update.effective_user
    return one_line(user.first_name)[:LONGEST_NAME] if user else ""


def _screen(words: Words, taken: Step, kind: str, first_name: str, now: datetime) -> Screen:
    sharing = taken.sharing
    if taken.refused:
        return list_screen(words, sharing, words(f"support-{taken.refused}"))
    if kind == "name" or not sharing.name:
        return name_screen(words, first_name)
    if kind in ("invite", "called"):
        return who_screen(words)
    if taken.invitation is None or kind == "drop":
        return list_screen(words, sharing, words("support-said-withdrawn") if taken.done else "")
    return _of_invitation(words, taken, now)


def _of_invitation(words: Words, taken: Step, now: datetime) -> Screen:
    found = taken.invitation
    if found is None or found.state is InvitationState.OPEN:
        return open_screen(words, taken.sharing, found) if found else list_screen(words, taken.sharing)
    if not taken.example:
        return ticks_screen(words, found)
    said = {
        scope: [updates.screen(words, share, now).text for share in shares] for scope, shares in taken.example.items()
    }
    return preview_screen(words, taken.sharing.patient, found, said)
