"""/delete: everything of a person, at once, after two questions. And those who were not heard of for long."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session
from telegram import Update
from telegram.error import TelegramError

from care.due import Failure, lane
from care.retention import end_named
from handlers.context import Bot, CareContext, Deps
from handlers.errors import classify
from handlers.menu import command_button
from handlers.screens import Row, Screen, button, call, retire, show
from handlers.words import Words
from storage import copies, erasing, links, patients, receipts, retention
from storage.due import Begun
from storage.erasing import Erased, Told

VERB = "de"
VALID = timedelta(minutes=30)
"""How long the last question can be answered; a card that lies in the chat for longer erases nobody."""
RECEIPT_PAUSES = (1.0, 5.0, 20.0)
"""Seconds between the tries to send a receipt; two of one are better than none."""
_MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a chat's person: number as a patient (0 for none), language, rows by kind, how many they help."""

    number: int
    language: str | None
    counts: Mapping[str, int]
    helps: int


async def delete(update: Update, context: CareContext) -> None:
    """Say what would go, and ask for the first time."""
    held = await context.read(_held, context.chat_id)
    if held is None:
        await _nothing(context)
    else:
        await context.present(first_screen(context.words(held.language), held))


async def pressed(update: Update, context: CareContext) -> None:
    """Ask for the second time, erase, or leave it; an old button asks for the first time again."""
    kind = context.press.word(0)
    if kind == "keep":
        await context.write(retention.keep, context.chat_id, context.now)
    held = await context.read(_held, context.chat_id)
    words = context.words(held.language if held else None)
    if held is None:
        await _nothing(context)
    elif kind in ("keep", "no"):
        await context.present(Screen(words("erase-kept")))
    elif kind == "on":
        await context.present(second_screen(words, held, _minute(context)))
    elif kind in ("all", "clear") and _is_fresh(context, held):
        await _erase(context, words, clear=kind == "clear")
    else:
        await context.present(first_screen(words, held))


async def _erase(context: CareContext, words: Words, *, clear: bool) -> None:
    """Erase first; all that is said of it comes after, each as well as it can be. The receipt is the last message."""
    erased = await context.write(erasing.erase, context.chat_id, context.now)
    if erased is None:
        await _nothing(context)
        return
    card = context.pressed_message_id
    with suppress(TelegramError):
        await context.acknowledge()
    await tell(context.bot, erased.told)
    if clear:
        await _clear(context.bot, context.chat_id, erased.messages)
    with suppress(TelegramError):
        await call(context.bot, "delete_My_Commands", {"scope": {"type": "chat", "chat_id": context.chat_id}})
    if card is not None:
        with suppress(TelegramError):
            await retire(context.bot, context.chat_id, card)
    await _hand_over(context, receipt_screen(words, erased, context.deps.keeping.backup_days))


async def _hand_over(context: CareContext, receipt: Screen) -> None:
    """Send the receipt. Nothing is left from which it could be made again: a line that fails is tried again here."""
    for pause in (*RECEIPT_PAUSES, None):
        try:
            await show(context.bot, context.chat_id, receipt)
        except TelegramError as error:
            if pause is None or classify(error)[0] in (Failure.REFUSED, Failure.UNREACHABLE):
                raise
            await asyncio.sleep(pause)
        else:
            return


async def tell(bot: Bot, told: Iterable[Told]) -> int:
    """Tell support persons that sharing has ended, and nothing else; give how many it reached."""
    reached = 0
    for one in told:
        with suppress(TelegramError):
            await show(bot, one.chat_id, Screen(Words(one.language)("erase-sharing-ended")))
            reached += 1
    return reached


async def erase_idle(bot: Bot, deps: Deps) -> None:
    """Remind those who were not heard of for long, and erase those whose time is over."""
    months = deps.keeping.months
    if months == 0:
        return
    await deps.database.write(retention.hear, deps.clock())
    for number in await deps.database.read(retention.silent, months, deps.clock()):
        erased = await deps.database.write(retention.settle, number, months, deps.clock())
        if erased is not None:
            await tell(bot, erased.told)


async def deliver_notice(bot: Bot, begun: Begun) -> int:
    """Send the notice before somebody's data are erased."""
    screen = notice_screen(Words(begun.patient.language), begun)
    return await show(bot, begun.patient.chat_id, screen, lane=lane(begun.due.kind))


def first_screen(words: Words, held: Held) -> Screen:
    """Say what would go, by kind, and offer a copy first."""
    counts = receipts.by_kind(held.counts) if held.number else {}
    parts = [words("erase-first"), _list(words, counts)] if held.number else []
    parts += [words("erase-helps", n=held.helps)] if held.helps else []
    parts += [words("erase-for-good"), *([words("erase-shared")] if held.counts.get("support_persons") else [])]
    copy = (button(words("erase-copy"), "he", "export"),) if held.number else ()
    on, no = button(words("erase-on"), VERB, "on"), button(words("erase-no"), VERB, "no")
    return Screen("\n\n".join(part for part in parts if part), (*([copy] if copy else []), (on, no)))


def second_screen(words: Words, held: Held, minute: int) -> Screen:
    """Ask in other words; the buttons know for whom they were drawn, and when."""
    every = button(words("erase-all"), VERB, "all", held.number, minute, style="danger")
    clear = button(words("erase-clear"), VERB, "clear", held.number, minute, style="danger")
    rows: tuple[Row, ...] = ((every,), (clear,), (button(words("erase-keep"), VERB, "no"),))
    return Screen(words("erase-second"), rows)


def receipt_screen(words: Words, erased: Erased, backup_days: int) -> Screen:
    """Say what went, when, and when it is gone from backups too. Nothing of health stands in it."""
    moment = f"{erased.at:%Y-%m-%d %H:%M}"
    backups = words("erase-backups", n=backup_days) if backup_days else words("erase-no-backups")
    code = words("erase-code", code=erased.code)
    parts = (words("erase-receipt", moment=moment), _list(words, erased.counts), backups, code, words("erase-bye"))
    return Screen("\n\n".join(part for part in parts if part), ((command_button(words, "start"),),))


def notice_screen(words: Words, begun: Begun) -> Screen:
    """Say in kind words when data that nobody touches will be erased, and how they are kept."""
    day = words.full_day(end_named(begun.due.event))
    keep, copy = button(words("erase-idle-keep"), VERB, "keep", style="success"), command_button(words, "export")
    return Screen(words("erase-idle", day=day), ((keep,), (copy, command_button(words, "delete"))))


async def _nothing(context: CareContext) -> None:
    """Forget what little is kept of a stranger, and say that there is nothing."""
    await context.write(erasing.erase, context.chat_id, context.now)
    words = context.words()
    await context.present(Screen(words("erase-nothing"), ((command_button(words, "start"),),)))


async def _clear(bot: Bot, chat_id: int, messages: tuple[int, ...]) -> None:
    for first in range(0, len(messages), _MOST_AT_ONCE):
        some = list(messages[first : first + _MOST_AT_ONCE])
        try:
            await call(bot, "delete_Messages", {"chat_id": chat_id, "message_ids": some})
        except TelegramError:
            await _clear_one_by_one(bot, chat_id, some)


async def _clear_one_by_one(bot: Bot, chat_id: int, messages: list[int]) -> None:
    """Take back what can be: one message that is too old keeps all others of a call."""
    for number in messages:
        with suppress(TelegramError):
            await call(bot, "delete_Message", {"chat_id": chat_id, "message_id": number})


def _list(words: Words, counts: Mapping[str, int]) -> str:
    return "\n".join(words(f"erase-kind-{kind}", n=n) for kind, n in counts.items() if n)


def _minute(context: CareContext) -> int:
    return int(context.now.timestamp() // 60)


def _is_fresh(context: CareContext, held: Held) -> bool:
    """Tell whether a button was drawn for this person lately: whoever began anew is somebody else."""
    number, minute = context.press.number(1), context.press.number(2)
    if number != held.number or minute is None:
        return False
    return 0 <= _minute(context) - minute <= VALID.total_seconds() // 60


def _held(session: Session, chat_id: int) -> Held | None:
    patient = patients.find(session, chat_id)
    helped = links.of_supporter(session, chat_id)
    if patient is None and not helped:
        return None
    language = patient.language if patient else helped[0].language
    return Held(patient.id if patient else 0, language, copies.counts(session, chat_id), len(helped))
