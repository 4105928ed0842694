"""Groups are left after one sentence; a block and its end are heeded."""

from contextlib import suppress
from datetime import datetime

from sqlmodel import Session
from telegram import ChatMember, Update
from telegram.error import BadRequest, Forbidden

from handlers.context import CareContext
from handlers.screens import Screen, button, call, show
from handlers.words import Words
from storage import patients, supporting

_GONE = (ChatMember.LEFT, ChatMember.BANNED)


async def leave(update: Update, context: CareContext) -> None:
    """Say one sentence in a group and leave it; whoever may not speak there leaves silently."""
    chat = update.effective_chat
    if chat is None or (update.my_chat_member and update.my_chat_member.new_chat_member.status in _GONE):
        return
    with suppress(BadRequest, Forbidden):
        await show(context.bot, chat.id, Screen(context.words()("groups-private-only")))
    with suppress(BadRequest, Forbidden):
        await call(context.bot, "leave_Chat", {"chat_id": chat.id})


async def membership(update: Update, context: CareContext) -> None:
    """Note that a person blocked the bot; when they let it in again, ask before writing to them."""
    change = update.my_chat_member
    if change is None:
        return
    if change.new_chat_member.status == ChatMember.BANNED:
        await context.write(_blocked, context.chat_id, context.now)
        return
    patient = await context.read(patients.find, context.chat_id)
    if patient is not None and change.old_chat_member.status == ChatMember.BANNED:
        await context.say(unblocked_screen(context.words(patient.language)))


def _blocked(session: Session, chat_id: int, now: datetime) -> None:
    patients.blocked(session, chat_id, now)
    supporting.lost(session, chat_id, now)


def unblocked_screen(words: Words) -> Screen:
    """Ask somebody who is back whether to go on."""
    go_on = button(words("menu-resume"), "pa", "resume", style="success")
    return Screen(words("groups-back"), ((go_on, button(words("groups-not-now"), "pa", "not")),))
