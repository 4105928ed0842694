"""/export: a person's copy of everything. It is asked for here, made when its due row comes, and sent as one file."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from sqlmodel import Session
from telegram import Update
from telegram.error import TelegramError

from care.people import Patient
from handlers.context import Bot, CareContext, Deps
from handlers.copy_files import file_name, pack
from handlers.files import send_file_to
from handlers.menu import command_button
from handlers.screens import Screen, button, replace, retire
from handlers.words import Words
from storage import copies, exporting, links, patients
from storage.due import Begun

VERB = "ex"


async def export(update: Update, context: CareContext) -> None:
    """Say what a copy holds, and ask once."""
    patient, counts = await context.read(_held, context.chat_id)
    if patient is None:
        await _nothing(context)
    else:
        await context.present(ask_screen(context.words(patient.language), counts))


async def pressed(update: Update, context: CareContext) -> None:
    """Owe the copy, or leave it; a button that says nothing known asks again."""
    kind, shown = context.press.word(0), context.pressed_message_id
    if kind == "make" and shown is not None:
        asked = await context.write(exporting.ask, context.chat_id, shown, context.now)
        if asked is None:
            await _nothing(context)
        else:
            await context.present(Screen(context.words(asked.language)(f"export-{asked.state}")))
    elif kind == "no":
        patient = await context.read(patients.find, context.chat_id)
        await context.present(Screen(context.words(patient.language if patient else None)("export-later")))
    else:
        await export(update, context)


async def deliver(bot: Bot, deps: Deps, begun: Begun) -> int | None:
    """Make the copy and send it; the message that said so is changed. None for whoever erased everything meanwhile."""
    chat_id, words = begun.patient.chat_id, Words(begun.patient.language)
    parts = await deps.database.read(copies.collect, chat_id)
    if parts is None:
        return None
    now = deps.clock()
    content = await asyncio.to_thread(pack, parts, words, now)
    number = await send_file_to(bot, chat_id, content, file_name(now), words("export-file"))
    present = await deps.database.read(patients.find, chat_id)
    with suppress(TelegramError):  # the file is there: nothing that fails from here on sends it again
        if present is None or present.id != begun.patient.id:
            await retire(bot, chat_id, number)
        else:
            await replace(bot, chat_id, int(begun.due.event), Screen(words("export-done")))
    return number


def ask_screen(words: Words, counts: Mapping[str, int]) -> Screen:
    """Say what the copy holds and that it is not locked."""
    text = words(
        "export-ask",
        checkins=counts["check_ins"],
        notes=counts["notes"],
        dates=counts["appointments"] + counts["treatments"],
    )
    make, no = button(words("export-make"), VERB, "make", style="success"), button(words("export-no"), VERB, "no")
    return Screen(text, ((make, no),))


async def _nothing(context: CareContext) -> None:
    """Say that nothing is kept of a stranger, and what little of somebody who is a support person alone."""
    helped = await context.read(links.of_supporter, context.chat_id)
    words = context.words(helped[0].language if helped else None)
    if helped:
        await context.present(Screen(words("export-helper"), ((command_button(words, "delete"),),)))
    else:
        await context.present(Screen(words("export-nothing"), ((command_button(words, "start"),),)))


def _held(session: Session, chat_id: int) -> tuple[Patient | None, dict[str, int]]:
    return patients.find(session, chat_id), copies.counts(session, chat_id)
