"""/pause, /stop and /resume: whether the bot writes first. Everything else goes on working."""

from datetime import datetime, timedelta

from telegram import Update

from care.people import Patient, State
from handlers.context import CareContext
from handlers.menu import command_button, standing
from handlers.screens import Row, Screen, button
from handlers.words import Words
from storage import patients

VERB = "pa"
_DAYS = (1, 3, 7)


async def pause(update: Update, context: CareContext) -> None:
    """Ask for how long."""
    patient = await context.read(patients.find, context.chat_id)
    if patient is None or patient.state is State.ONBOARDING:
        await _show_state(context, patient)
    else:
        await context.present(ask_screen(context.words(patient.language), patient, context.now))


async def stop(update: Update, context: CareContext) -> None:
    """Stop writing first, at once and without asking back."""
    await _show_state(context, await context.write(patients.stop, context.chat_id, context.now))


async def resume(update: Update, context: CareContext) -> None:
    """Write again at the usual times."""
    await _show_state(context, await context.write(patients.resume, context.chat_id, context.now))


async def pressed(update: Update, context: CareContext) -> None:
    """Pause, stop or resume as the button says; one that says nothing known shows the present state."""
    kind, days = context.press.word(0), context.press.number(1)
    if kind == "resume":
        await resume(update, context)
    elif kind == "stop":
        await stop(update, context)
    elif kind == "open" or (kind == "for" and days in _DAYS):
        until = context.now + timedelta(days=days) if kind == "for" and days else None
        await _show_state(context, await context.write(patients.pause, context.chat_id, until, context.now))
    else:
        await _show_state(context, await context.read(patients.find, context.chat_id))


async def _show_state(context: CareContext, patient: Patient | None) -> None:
    if patient is None:
        words = context.words()
        await context.present(Screen(words("pause-not-begun"), ((command_button(words, "start"),),)))
    else:
        await context.present(state_screen(context.words(patient.language), patient, context.now))


def ask_screen(words: Words, patient: Patient, now: datetime) -> Screen:
    """Ask for how long to be quiet; below what holds now when that is a pause."""
    quiet = not patient.is_active(now)
    text = standing(words, patient, now) if quiet else words("pause-ask")
    days: Row = tuple(button(words("pause-days", days=days), VERB, "for", days) for days in _DAYS)
    rest: Row = (button(words("pause-open"), VERB, "open"), button(words("pause-stop"), VERB, "stop"))
    return Screen(text, (days, rest, *([_resume(words)] if quiet else [])))


def state_screen(words: Words, patient: Patient, now: datetime) -> Screen:
    """Say whether the bot writes first, and give the way to the other state."""
    text = standing(words, patient, now)
    if patient.is_active(now):
        return Screen(text)
    if patient.state is State.ONBOARDING:
        return Screen(text, ((command_button(words, "start"),),))
    if patient.state is State.STOPPED:
        return Screen(text, ((*_resume(words), command_button(words, "privacy")),))
    return Screen(text, (_resume(words),))


def _resume(words: Words) -> Row:
    return (button(words("menu-resume"), VERB, "resume", style="success"),)
