"""/summary: a picture of some days, its twin in words, and what came after treatments."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session
from telegram import InlineKeyboardMarkup, InputMediaPhoto, MessageEntity, Update
from telegram.error import BadRequest, TelegramError

from care.people import Patient
from care.responses import REACH, Fade, Window, fade, side_effects_by_hours, since_last
from care.schedule import local_day
from care.trends import LEAD, PERIODS, DayEntry, Summary, summarise
from handlers.context import CareContext
from handlers.menu import command_button
from handlers.reports import chart, responses, twin
from handlers.screens import Button, Row, Screen, button, call, says, spoiler
from handlers.words import Words
from storage import history, patients, treatments

VERB = "su"
_USUAL = 30
_SINCE = "since"
_ENOUGH = 2
_DONE = ("message is not modified",)
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "there is no media")


@dataclass(frozen=True, slots=True)
class Period:
    """A patient's numbers of one period. since: it began with the last treatment; treated: there is one to look at."""

    patient: Patient
    summary: Summary
    since: bool = False
    treated: bool = False

    @property
    def is_enough(self) -> bool:
        """Tell whether there is enough for a picture to say anything."""
        return self.summary.answered + len(self.summary.extras) >= _ENOUGH

    @property
    def name(self) -> str | int:
        """Give what a button carries to show this period."""
        return _SINCE if self.since else self.summary.length


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came after a patient's treatments, and the period that Back leads to."""

    patient: Patient
    fade: Fade
    windows: dict[str, tuple[Window, ...]]
    back: str


async def summary(update: Update, context: CareContext) -> None:
    """Send the picture of the usual period as a new message; with too few answers, words."""
    period = await context.read(_read, context.chat_id, str(_USUAL), context.now)
    if period is None:
        await context.acknowledge()
    elif period.is_enough:
        await _picture(context, period)
    else:
        await context.say(few_screen(context.words(period.patient.language), period))


async def pressed(update: Update, context: CareContext) -> None:
    """Show another period in the same message, the twin in words, or what came after treatments."""
    kind, page = context.press.word(0), context.press.number(2) or 0
    if kind in _AFTERMATH:
        await _show_aftermath(update, context)
        return
    period = await context.read(_read, context.chat_id, context.press.word(1), context.now)
    if period is None:
        await context.acknowledge()
    elif kind == "words":
        await context.say(words_screen(context.words(period.patient.language), period))
    elif kind == "page":
        await context.present(words_screen(context.words(period.patient.language), period, page))
    else:
        await _show_period(context, period, on_picture=_shows_picture(update))


async def _show_period(context: CareContext, period: Period, *, on_picture: bool) -> None:
    """Edit the picture; turn the words of Back into one; else send one, or say that there are too few answers."""
    in_place = on_picture or context.press.word(0) == "back"
    if on_picture or period.is_enough:
        await _picture(context, period, context.pressed_message_id if in_place else None)
    else:
        await context.present(few_screen(context.words(period.patient.language), period))


async def _show_aftermath(update: Update, context: CareContext) -> None:
    """Show how mood moved or the side effects by hours: below a picture as a new message, else in place."""
    seen = await context.read(_read_aftermath, context.chat_id, context.press.word(1), context.now)
    if seen is None:
        await context.acknowledge()
        return
    screen = _AFTERMATH[context.press.word(0)](context.words(seen.patient.language), seen, context.press.number(2) or 0)
    await (context.say if _shows_picture(update) else context.present)(screen)


def _read(session: Session, chat_id: int, asked: str, now: datetime) -> Period | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    today = patient.day_at(now)
    treated = _treated(session, patient, today)
    since = since_last(treated, today) if asked == _SINCE else None
    length = since or _length(asked)
    entries = _entries(session, chat_id, today, length)
    return Period(patient, summarise(entries, today, length, treated), since is not None, bool(treated))


def _read_aftermath(session: Session, chat_id: int, back: str, now: datetime) -> Aftermath | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    today = patient.day_at(now)
    treated = _treated(session, patient, today)
    entries = _entries(session, chat_id, today, REACH)
    within = [entry for entry in entries if (today - entry.day).days < REACH]
    known = back if back == _SINCE else str(_length(back))
    return Aftermath(patient, fade(entries, treated, today), side_effects_by_hours(within, treated), known)


def _treated(session: Session, patient: Patient, today: date) -> dict[date, bool]:
    """Give the days with a treatment that are near enough to look at, and whether the end there is only assumed."""
    had = treatments.of_patient(session, patient.chat_id)
    days = [(local_day(one.at, one.zone, patient.day_start), one.end_is_guessed) for one in had]
    return {day: guessed for day, guessed in days if 0 <= (today - day).days < REACH}


def _entries(session: Session, chat_id: int, today: date, length: int) -> list[DayEntry]:
    return history.entries(session, chat_id, today - timedelta(days=length - 1 + LEAD), today)


def _length(asked: str) -> int:
    return next((days for days in PERIODS if asked == str(days)), _USUAL)


def picture_screen(words: Words, period: Period) -> Screen:
    """Give the caption and the buttons of the picture; in discreet mode the caption is covered."""
    text = twin.caption(period.summary, words, since=period.since)
    if not period.is_enough:
        text = "\n".join((text, words("summary-few-here")))
    in_words = button(words("summary-words"), VERB, "words", period.name)
    rows: tuple[Row, ...] = (_periods(words, period), (in_words,))
    if period.treated:
        after = _aftermath(words, period.patient, "fade", period.name)
        by_hours = _aftermath(words, period.patient, "hours", period.name)
        rows = (_periods(words, period), (_since(words, period), after), (by_hours, in_words))
    return Screen(text, rows, _hidden(period.patient, text))


def few_screen(words: Words, period: Period) -> Screen:
    """Say kindly that a picture needs more answers, how many there are, and offer a check-in."""
    n = period.summary.answered + len(period.summary.extras)
    text = words("summary-few-since", n=n) if period.since else words("summary-few", n=n, days=period.summary.length)
    since = ((_since(words, period),),) if period.treated else ()
    return Screen(text, (_periods(words, period), *since, (command_button(words, "checkin"),)))


def words_screen(words: Words, period: Period, page: int = 0) -> Screen:
    """Give a page of the twin in words; in discreet mode it is covered."""
    pages = twin.pages(period.summary, words, since=period.since)
    place = min(max(page, 0), len(pages) - 1)
    turns = _turns(words, "page", period.name, place, len(pages))
    return Screen(pages[place], turns, _hidden(period.patient, pages[place]))


def fade_screen(words: Words, seen: Aftermath, page: int = 0) -> Screen:
    """Give a page of how mood moved after treatments; in discreet mode it is covered."""
    pages = responses.fade_pages(seen.fade, words)
    place = min(max(page, 0), len(pages) - 1)
    other = _aftermath(words, seen.patient, "hours", seen.back)
    rows = (*_turns(words, "fade", seen.back, place, len(pages)), (other, _back(words, seen)))
    return Screen(pages[place], rows, _hidden(seen.patient, pages[place]))


def hours_screen(words: Words, seen: Aftermath, _: int = 0) -> Screen:
    """Give the side effects by hours since treatment; in discreet mode they are covered."""
    text = responses.hours_text(seen.windows, words)
    other = _aftermath(words, seen.patient, "fade", seen.back)
    return Screen(text, ((other, _back(words, seen)),), _hidden(seen.patient, text))


_AFTERMATH = {"fade": fade_screen, "hours": hours_screen}


def _hidden(patient: Patient, text: str) -> tuple[int, int] | None:
    return (0, len(text)) if patient.discreet else None


def _periods(words: Words, present: Period) -> Row:
    return tuple(_period(words, present, days, words("summary-days", days=days)) for days in PERIODS)


def _since(words: Words, present: Period) -> Button:
    label = words("summary-since-discreet" if present.patient.discreet else "summary-since")
    return _period(words, present, _SINCE, label)


def _period(words: Words, present: Period, name: str | int, label: str) -> Button:
    is_shown = name == present.name
    shown = words("settings-present", label=label) if is_shown else label
    return button(shown, VERB, "show", name, style="success" if is_shown else "")


def _aftermath(words: Words, patient: Patient, kind: str, back: str | int) -> Button:
    if kind == "hours":
        return button(words("summary-hours"), VERB, kind, back)
    return button(words("summary-after-discreet" if patient.discreet else "summary-after"), VERB, kind, back)


def _back(words: Words, seen: Aftermath) -> Button:
    return button(words("summary-back"), VERB, "back", seen.back)


def _turns(words: Words, kind: str, period: str | int, place: int, count: int) -> tuple[Row, ...]:
    turns = [("summary-later", place - 1), ("summary-earlier", place + 1)]
    row = tuple(button(words(name), VERB, kind, period, to) for name, to in turns if 0 <= to < count)
    return (row,) if row else ()


async def _picture(context: CareContext, period: Period, message_id: int | None = None) -> None:
    """Draw the picture while the press is answered and the chat says so; edit a message or send a new one."""
    words = context.words(period.patient.language)
    scene = chart.picture(period.summary, words, discreet=period.patient.discreet, since=period.since)
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
