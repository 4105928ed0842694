"""/help, /about, /cancel, a command that does not exist, and the buttons that do what a command does."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Update

from handlers.context import CareContext
from handlers.menu import command_button, likeliest
from handlers.screens import Screen, in_rows
from handlers.words import Words
from storage import patients, pending

Handler = Callable[[Update, CareContext], Awaitable[None]]
_DOORS = ("checkin", "summary", "history", "reminders", "pause", "settings", "privacy", "urgent")


async def help_(update: Update, context: CareContext) -> None:
    """Tell what the bot does and open every door."""
    words, known = await _whose(context)
    await context.present(help_screen(words) if known else newcomer_screen(words))


async def about(update: Update, context: CareContext) -> None:
    """Tell what the bot is and is not, and who runs it."""
    words, _ = await _whose(context)
    await context.present(about_screen(words, context.deps.clinic.name))


async def cancel(update: Update, context: CareContext) -> None:
    """Forget what was being typed."""
    await context.write(pending.forget, context.chat_id)
    words, _ = await _whose(context)
    await context.present(Screen(words("help-cancelled"), likeliest(words)))


async def unknown(update: Update, context: CareContext) -> None:
    """Answer a command that does not exist with the three that were most likely meant."""
    words, known = await _whose(context)
    typed = context.text.partition(" ")[0].partition("@")[0].lstrip("/")
    await context.present(unknown_screen(words, typed) if known else newcomer_screen(words))


def by_button(commands: Mapping[str, Handler]) -> Handler:
    """Give the handler of the buttons that do what a command does; a forged one shows the likeliest."""

    async def run(update: Update, context: CareContext) -> None:
        await commands.get(context.press.word(0), unknown)(update, context)

    return run


def help_screen(words: Words) -> Screen:
    """Give the list of what a patient can do."""
    return Screen(words("help-text"), in_rows([command_button(words, door) for door in _DOORS], (2,)))


def newcomer_screen(words: Words) -> Screen:
    """Give the help of somebody who has not agreed to anything yet."""
    doors = [command_button(words, door) for door in ("start", "urgent", "privacy")]
    return Screen(words("help-newcomer"), (tuple(doors),))


def about_screen(words: Words, clinic: str) -> Screen:
    """Tell what the bot is and is not; clinic is who runs it, if they said."""
    runs = words("help-run-by", clinic=clinic) if clinic else words("help-run")
    return Screen("\n\n".join((words("help-about"), runs)), likeliest(words))


def unknown_screen(words: Words, typed: str) -> Screen:
    """Say that a command does not exist and offer three that do."""
    return Screen(words("help-unknown"), likeliest(words, typed))


async def _whose(context: CareContext) -> tuple[Words, bool]:
    patient = await context.read(patients.find, context.chat_id)
    return context.words(patient.language if patient else None), patient is not None
