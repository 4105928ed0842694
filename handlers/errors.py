"""Where every failure ends: what it means for owed work, and what the person hears of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from care.due import Failure
from handlers.context import Bot, CareContext, Deps
from handlers.screens import Screen, answer_press, says, show
from handlers.words import Words
from storage.database import StorageUnavailable

_NOBODY_THERE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid", "input_user_deactivated")


class LineCut(NetworkError):
    """The line was cut, or the answer spoiled, after the request had left: Telegram may have carried it out."""


def classify(error: BaseException) -> tuple[Failure, timedelta | None]:
    """Give what a failure means for what is owed, and how long Telegram asked to wait."""
    if isinstance(error, RetryAfter):
        return Failure.SLOW_DOWN, _wait(error)
    if isinstance(error, Forbidden):
        return Failure.UNREACHABLE, None
    if isinstance(error, BadRequest):
        return (Failure.UNREACHABLE if says(error, _NOBODY_THERE) else Failure.REFUSED), None
    if isinstance(error, (TimedOut, LineCut)):
        return Failure.UNKNOWN, None
    # The rest of Telegram's own faults pass: cut lines, 5xx, two pollers at once, a token that is refused for a moment.
    passes = isinstance(error, (NetworkError, TelegramError, StorageUnavailable))
    return (Failure.PASSING if passes else Failure.OURS), None


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


async def on_error(update: object, context: CareContext) -> None:
    """Tell the person, in the language of their client, that what they did was not saved; nobody else's fault is told.

    Called once an update is given up. What cannot be said, because the person blocked us, stays unsaid.
    """
    error = context.error
    if error is None or not isinstance(update, Update) or not _may_answer(update):
        return
    if classify(error)[0] in (Failure.OURS, Failure.PASSING, Failure.UNKNOWN):
        words = context.words()
        await context.say(Screen(words("error-press" if update.callback_query else "error-message")))


async def cannot_save(bot: Bot, raw: Mapping[str, Any], deps: Deps, *, is_told: bool) -> None:
    """Tell whoever pressed or wrote that it waits for the database: a press each time, a text unless they were told.

    Reads the raw update; one that is not in order, or not from a private chat, raises or is passed over.
    """
    query, message = raw.get("callback_query"), raw.get("message")
    if query is not None:
        words = Words(query["from"].get("language_code") or deps.defaults.language)
        await answer_press(bot, str(query["id"]), words("error-waits-press"))
    elif message is not None and message["chat"]["type"] == "private" and not is_told:
        words = Words(message["from"].get("language_code") or deps.defaults.language)
        await show(bot, int(message["chat"]["id"]), Screen(words("error-waits-message")), silent=True)


def _may_answer(update: Update) -> bool:
    chat = update.effective_chat
    return chat is not None and chat.type == chat.PRIVATE and update.effective_user is not None
