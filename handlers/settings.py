"""/settings: every choice a person can make, changed in one hop. The screens stand in choices.py."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session
from telegram import Update

from care.people import Patient
from handlers import onboarding
from handlers.choices import VERB, list_of, overview, screen_of
from handlers.chosen import chosen
from handlers.context import CareContext
from handlers.pickers import ZoneAsk, read_clock
from handlers.profile import set_menu
from handlers.screens import Screen
from storage import patients, pending
from storage.pending import Pending

TIME_TYPED = "settings-time"
"""What is expected of a person who looks at the time picker: a time of day may be typed."""


async def settings(update: Update, context: CareContext) -> None:
    """List every setting as it stands."""
    patient = await context.read(patients.find, context.chat_id)
    if patient:
        await context.present(overview(context.words(patient.language), patient, context.now))


async def pressed(update: Update, context: CareContext) -> None:
    """Take what a button chose, or show the next step towards a choice."""
    item, args = context.press.word(0), context.press.args[1:]
    patient, is_taken = await context.write(_press, context.chat_id, item, args, context.now)
    if patient is None or is_taken:
        await _show_taken(context, item, patient)
        return
    words = context.words(patient.language)
    await context.present(screen_of(item, args, words, patient, _zone_ask(context, patient, item)))


async def typed(update: Update, context: CareContext, expected: Pending) -> None:
    """Take a typed time of day; text that is none is asked for again. The prompt is forgotten last of all."""
    minute = read_clock(context.text)
    if minute is None:
        patient = await context.read(patients.find, context.chat_id)
        await context.say(Screen(context.words(patient.language if patient else None)("settings-time-unread")))
        return
    choice = {"daily_minute": minute}
    await _show_taken(context, "time", await context.write(patients.choose, context.chat_id, choice, context.now))
    await context.write(pending.forget, context.chat_id)


async def _show_taken(context: CareContext, item: str, patient: Patient | None) -> None:
    if patient is None:
        await context.acknowledge()
        return
    words = context.words(patient.language)
    if item == "language":
        await set_menu(context.bot, context.deps, context.chat_id, words)
    shown = list_of(item)
    if shown:
        await context.present(screen_of(shown, (), words, patient, _zone_ask(context, patient, item)))
    else:
        await context.present(overview(words, patient, context.now, saved=True))


def _press(
    session: Session, chat_id: int, item: str, args: tuple[str, ...], now: datetime
) -> tuple[Patient | None, bool]:
    """Write what a button chose, or open what it leads to; give the patient and whether something was chosen."""
    patient = patients.find(session, chat_id)
    choice = chosen(item, args, patient, now) if patient else None
    if choice is not None:
        return _choose(session, chat_id, choice, now), True
    if patient and item == "time":
        # Whoever looks at the time picker may type a time as well, until they go elsewhere.
        pending.expect(session, chat_id, TIME_TYPED, "", None, now)
    return patient, False


def _choose(session: Session, chat_id: int, choice: dict[str, Any], now: datetime) -> Patient | None:
    """Write a choice; a time that was tapped need not be typed any more."""
    expected = pending.expected(session, chat_id, now) if "daily_minute" in choice else None
    if expected is not None and expected.kind == TIME_TYPED:
        pending.forget(session, chat_id)
    return patients.choose(session, chat_id, choice, now)


def _zone_ask(context: CareContext, patient: Patient, item: str) -> ZoneAsk:
    words, code = context.words(patient.language), onboarding.client_language(context)
    ask = onboarding.zone_ask(words, patient, context.now, code, context.deps.defaults)
    return replace(ask, carry=(VERB, item))
