"""/summary: a picture of 7, 30 or 90 days, and its twin in words."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session
from telegram import InlineKeyboardMarkup, InputMediaPhoto, MessageEntity, Update
from telegram.error import BadRequest, TelegramError

from care.people import Patient
from care.trends import PERIODS, Summary, summarise
from handlers.context import CareContext
from handlers.menu import command_button
from handlers.reports import chart, twin
from handlers.screens import Button, Row, Screen, button, call, says, spoiler
from handlers.words import Words
from storage import history, patients

VERB = "su"
_USUAL = 30
_ENOUGH = 2
_DONE = ("message is not modified",)
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


@dataclass(frozen=True, slots=True)
class Period:
    """A patient's numbers of one period."""

    patient: Patient
    summary: Summary

    @property
    def is_enough(self) -> bool:
        """Tell whether there is enough for a picture to say anything."""
        return self.summary.answered + len(self.summary.extras) >= _ENOUGH


async def summary(update: Update, context: CareContext) -> None:
    """Send the picture of the usual period as a new message; with too few answers, words."""
    period = await context.read(_read, context.chat_id, _USUAL, context.now)
    if period is None:
        await context.acknowledge()
    elif period.is_enough:
        await _picture(context, period)
    else:
        await context.say(few_screen(context.words(period.patient.language), period))


async def pressed(update: Update, context: CareContext) -> None:
    """Show another period in the same message, or the twin in words."""
    kind, length, page = context.press.word(0), context.press.number(1), context.press.number(2)
    period = await context.read(_read, context.chat_id, length if length in PERIODS else _USUAL, context.now)
    if period is None:
        await context.acknowledge()
        return
    words = context.words(period.patient.language)
    if kind == "words":
        await context.say(words_screen(words, period))
    elif kind == "page":
        await context.present(words_screen(words, period, page or 0))
    elif _shows_picture(update):
        await _picture(context, period, context.pressed_message_id)
    elif period.is_enough:
        await _picture(context, period)
    else:
        await context.present(few_screen(words, period))


def _read(session: Session, chat_id: int, length: int, now: datetime) -> Period | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    last = patient.day_at(now)
    entries = history.entries(session, chat_id, last - timedelta(days=length - 1), last)
    return Period(patient, summarise(entries, last, length))


def picture_screen(words: Words, period: Period) -> Screen:
    """Give the caption and the buttons of the picture; in discreet mode the caption is covered."""
    text = twin.caption(period.summary, words)
    if not period.is_enough:
        text = "\n".join((text, words("summary-few-here")))
    hidden = (0, len(text)) if period.patient.discreet else None
    in_words = (button(words("summary-words"), VERB, "words", period.summary.length),)
    return Screen(text, (_periods(words, period.summary.length), in_words), hidden)


def few_screen(words: Words, period: Period) -> Screen:
    """Say kindly that a picture needs more answers, how many there are, and offer a check-in."""
    n = period.summary.answered + len(period.summary.extras)
    text = words("summary-few", n=n, days=period.summary.length)
    return Screen(text, (_periods(words, period.summary.length), (command_button(words, "checkin"),)))


def words_screen(words: Words, period: Period, page: int = 0) -> Screen:
    """Give a page of the twin in words; in discreet mode it is covered."""
    pages = twin.pages(period.summary, words)
    place = min(max(page, 0), len(pages) - 1)
    turns = [("summary-later", place - 1), ("summary-earlier", place + 1)]
    length = period.summary.length
    row = tuple(button(words(name), VERB, "page", length, to) for name, to in turns if 0 <= to < len(pages))
    text = pages[place]
    return Screen(text, (row,) if row else (), (0, len(text)) if period.patient.discreet else None)


def _periods(words: Words, present: int) -> Row:
    return tuple(_period(words, days, present) for days in PERIODS)


def _period(words: Words, days: int, present: int) -> Button:
    label = words("summary-days", days=days)
    shown = words("settings-present", label=label) if days == present else label
    return button(shown, VERB, "show", days, style="success" if days == present else "")


async def _picture(context: CareContext, period: Period, message_id: int | None = None) -> None:
    """Draw the picture while the press is answered and the chat says so; edit a message or send a new one."""
    words = context.words(period.patient.language)
    scene = chart.picture(period.summary, words, discreet=period.patient.discreet)
    png, *_ = await asyncio.gather(chart.draw(scene), context.acknowledge(), _say_so(context))
    screen = picture_screen(words, period)
    if message_id is None or not await _edit(context, message_id, png, screen):
        await _send(context, png, screen)


async def _say_so(context: CareContext) -> None:
    """Show "sending a photo"; nobody misses it where that fails."""
    with suppress(TelegramError):
        await call(context.bot, "send_Chat_Action", {"chat_id": context.chat_id, "action": "upload_photo"})


async def _send(context: CareContext, png: bytes, screen: Screen) -> None:
    await context.bot.send_photo(
        context.chat_id,
        png,
        caption=screen.text,
        caption_entities=_entities(screen),
        has_spoiler=screen.hidden is not None,
        reply_markup=_markup(screen),
    )


async def _edit(context: CareContext, message_id: int, png: bytes, screen: Screen) -> bool:
    """Put a picture in place of an earlier one; False when that message is gone."""
    media = InputMediaPhoto(
        png, caption=screen.text, caption_entities=_entities(screen), has_spoiler=screen.hidden is not None
    )
    try:
        await context.bot.edit_message_media(media, context.chat_id, message_id, reply_markup=_markup(screen))
    except BadRequest as error:
        if says(error, _GONE):
            return False
        if not says(error, _DONE):
            raise
    return True


def _entities(screen: Screen) -> list[MessageEntity]:
    if screen.hidden is None:
        return []
    covered = spoiler(screen.text, *screen.hidden)
    return [MessageEntity(covered["type"], covered["offset"], covered["length"])]


def _markup(screen: Screen) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(screen.markup() or {"inline_keyboard": []}, None)


def _shows_picture(update: Update) -> bool:
    message = update.effective_message
    return bool(message and message.photo)
