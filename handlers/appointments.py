"""/appointments: lists, adds, moves and cancels. A date is typed, said back and confirmed with one tap.

A button carries everything: the kind and the minute of a new appointment, the number and the version of a known one.
With another version, or another owner, nothing changes and the present state is shown.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from telegram import Update

from care.people import Patient
from care.visits import Appointment
from handlers import calendar_files, notes, visit_changes
from handlers.context import CareContext
from handlers.screens import Screen, button
from handlers.visit_changes import NEW_TYPED, NOTE_TYPED, TYPED
from handlers.visit_screens import (
    CODES,
    LONGEST_NOTE,
    Ask,
    View,
    cancel_ask,
    dated,
    kinds,
    moment_of,
    not_made,
    overview,
    own,
    send_file,
    type_date,
    type_new_date,
    type_note,
)
from handlers.when import Unread, When, read_when
from storage import notes as written
from storage import patients, pending
from storage.pending import Pending

__all__ = ["TYPED", "appointments", "pressed", "typed"]

_NO_DATES = (Unread.NOTHING, Unread.TOO_LONG)


async def appointments(update: Update, context: CareContext) -> None:
    """List what lies ahead."""
    await _show_list(context, *await context.read(visit_changes.all_ahead, context.chat_id, context.now))


async def pressed(update: Update, context: CareContext) -> None:
    """Take a press; one that nobody made leads to the list."""
    await _STEPS.get(context.press.word(0), _list)(context)


async def typed(update: Update, context: CareContext, expected: Pending) -> None:
    """Take a typed date, or what the clinic said. What is expected is forgotten last of all."""
    await (_note_typed if expected.kind == NOTE_TYPED else _date_typed)(context, expected)


# What is ahead.


async def _list(context: CareContext) -> None:
    patient, ahead = await context.write(visit_changes.listed, context.chat_id, context.now)
    await _show_list(context, patient, ahead, page=context.press.number(1) or 0)


async def _show_list(
    context: CareContext, patient: Patient | None, ahead: Sequence[Appointment], *, page: int = 0
) -> None:
    if patient is None:
        await context.acknowledge()
        return
    await context.present(overview(_view(context, patient), ahead, page))


async def _see(context: CareContext) -> None:
    await _show(
        context, *await context.write(visit_changes.look, context.chat_id, context.press.number(1), context.now)
    )


async def _show(context: CareContext, patient: Patient | None, visit: Appointment | None, above: str = "") -> None:
    """Show an appointment as it stands; somebody else's, or none, is only told of."""
    words = context.words(patient.language if patient else None)
    if patient is None or visit is None:
        await context.acknowledge(words("appt-not-found"))
        return
    await context.present(own(_view(context, patient), visit, words(above) if above else ""))


# A new one.


async def _add(context: CareContext) -> None:
    patient, _ = await context.write(visit_changes.look, context.chat_id, None, context.now)
    await context.present(kinds(context.words(patient.language if patient else None)))


async def _new(context: CareContext) -> None:
    code = context.press.word(1)
    if code not in CODES:
        await _add(context)
        return
    patient = await context.write(visit_changes.expect_date, context.chat_id, code, context.now)
    await context.present(type_date(context.words(patient.language if patient else None)))


async def _yes(context: CareContext) -> None:
    kind, at = CODES.get(context.press.word(1)), moment_of(context.press.number(2))
    if kind is None or at is None:
        await _list(context)
        return
    patient, visit, why = await context.write(visit_changes.make, context.chat_id, kind, at, context.now)
    await _show_made(context, patient, visit, why)


async def _show_made(context: CareContext, patient: Patient | None, visit: Appointment | None, why: str) -> None:
    """Show what came of a date: an appointment, or the reason why there is none."""
    if patient is not None and visit is None and why:
        await context.present(not_made(_view(context, patient), why))
    else:
        await _show(context, patient, visit, f"appt-{why}" if why in ("added", "moved", "same") else "")


# One that is there.


async def _move(context: CareContext) -> None:
    number, version = context.press.number(1), context.press.number(2)
    patient, visit = await context.write(visit_changes.expect_move, context.chat_id, number, version, context.now)
    await _ask_or_show(context, patient, visit, version, type_new_date)


async def _cant(context: CareContext) -> None:
    patient, visit = await context.write(visit_changes.look, context.chat_id, context.press.number(1), context.now)
    await _ask_or_show(context, patient, visit, context.press.number(2), cancel_ask)


async def _ask_or_show(
    context: CareContext,
    patient: Patient | None,
    visit: Appointment | None,
    version: int | None,
    ask: Callable[[View, Appointment], Screen],
) -> None:
    """Ask something about an appointment that still stands as the button knew it; else show how it stands."""
    if patient is None or visit is None or not visit_changes.stands(visit, version):
        await _show(context, patient, visit)
    else:
        await context.present(ask(_view(context, patient), visit))


async def _to(context: CareContext) -> None:
    at = moment_of(context.press.number(3))
    if at is None:
        await _see(context)
        return
    about = (context.press.number(1), context.press.number(2))
    patient, visit, why = await context.write(visit_changes.move, context.chat_id, *about, at, context.now)
    await _show_made(context, patient, visit, why)


async def _changed(context: CareContext) -> None:
    about = (context.press.number(1), context.press.number(2))
    args = (context.chat_id, context.press.word(0), *about, context.press.word(3), context.now)
    await _show(context, *await context.write(visit_changes.change, *args))


async def _note(context: CareContext) -> None:
    patient, visit = await context.write(
        visit_changes.expect_note, context.chat_id, context.press.number(1), context.now
    )
    if patient is None or visit is None:
        await _show(context, patient, visit)
    else:
        await context.present(type_note(_view(context, patient), visit))


# Calendar files.


async def _from_file(context: CareContext) -> None:
    patient, _ = await context.write(visit_changes.look, context.chat_id, None, context.now)
    await context.present(send_file(context.words(patient.language if patient else None)))


async def _take_file(context: CareContext) -> None:
    kind = CODES.get(context.press.word(1))
    if kind is None:
        await _list(context)
    else:
        await calendar_files.take(context, kind)


async def _drop_file(context: CareContext) -> None:
    await _say_over(context, "appt-file-dropped")


async def _file(context: CareContext) -> None:
    patient, visit = await context.read(visit_changes.seen, context.chat_id, context.press.number(1))
    if patient is None or visit is None or not visit.is_ahead or visit.at <= context.now:
        await _show(context, patient, visit)
    else:
        await calendar_files.give(context, patient, visit)


# After a visit.


async def _later(context: CareContext) -> None:
    await _say_over(context, "appt-later")


async def _say_over(context: CareContext, name: str) -> None:
    patient, _ = await context.write(visit_changes.look, context.chat_id, None, context.now)
    await context.present(Screen(context.words(patient.language if patient else None)(name)))


async def _jot(context: CareContext) -> None:
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        await context.acknowledge()
        return
    prompt_id = await context.say(notes.ask_screen(context.words(patient.language)))
    await context.write(pending.expect, context.chat_id, notes.KIND, "", prompt_id, context.now)


_STEPS: Mapping[str, Callable[[CareContext], Awaitable[None]]] = {
    "list": _list,
    "see": _see,
    "add": _add,
    "new": _new,
    "yes": _yes,
    "move": _move,
    "to": _to,
    "cant": _cant,
    "confirm": _changed,
    "cancel": _changed,
    "undo": _changed,
    "missed": _changed,
    "ride": _changed,
    "bare": _changed,
    "note": _note,
    "in": _from_file,
    "take": _take_file,
    "drop": _drop_file,
    "file": _file,
    "later": _later,
    "jot": _jot,
}
"""What a button does, by the word after the verb."""


# What is typed.


async def _date_typed(context: CareContext, expected: Pending) -> None:
    """Say a typed date back. What is expected stays until a button says yes: the date may simply be typed again."""
    what, _, day = expected.target.partition("/")
    patient, ahead = await context.read(visit_changes.all_ahead, context.chat_id, context.now)
    if patient is None:
        return
    found = await _read(context.text, day, patient, context.now)
    if found.day is not None:
        target = f"{what}/{found.day.isoformat()}"
        await context.write(pending.expect, context.chat_id, expected.kind, target, None, context.now)
    screen = dated(_view(context, patient), found, _ask_of(expected.kind, what), ahead)
    await context.say(await _or_a_note(context, screen, patient) if found.unread in _NO_DATES else screen)


async def _or_a_note(context: CareContext, screen: Screen, patient: Patient) -> Screen:
    """Offer to keep a text as a note that is no date at all: who was asked for one may have had more to say."""
    message = context.incoming.effective_message if context.incoming else None
    if message is None or not screen.rows:
        return screen
    await context.write(written.offer, context.chat_id, message.message_id, context.text, context.now)
    keep = button(context.words(patient.language)("note-keep"), "n", "keep", message.message_id)
    return replace(screen, rows=((*screen.rows[0], keep),))


def _ask_of(kind: str, what: str) -> Ask:
    if kind == NEW_TYPED:
        return Ask(("yes", what), ("new", what))
    number, _, version = what.partition(".")
    return Ask(("to", number, version), ("move", number, version))


async def _read(text: str, day: str, patient: Patient, now: datetime) -> When:
    """Read a date by the clock that the person will live by then; day is the one that only lacked its hour."""
    found = await _in_zone(text, day, patient, patient.zone_at(now), now)
    zone = patient.zone_at(found.readings[0]) if found.readings else patient.zone_at(now)
    return found if zone == patient.zone_at(now) else await _in_zone(text, day, patient, zone, now)


async def _in_zone(text: str, day: str, patient: Patient, zone: str, now: datetime) -> When:
    if day:
        found = await read_when(f"{day} {text}", now, zone, patient.language)
        if found.unread not in (Unread.NOTHING, Unread.TOO_LONG):
            return found
    return await read_when(text, now, zone, patient.language)


async def _note_typed(context: CareContext, expected: Pending) -> None:
    """Keep what the clinic said about getting ready."""
    note = context.text.strip()
    if len(note) > LONGEST_NOTE:
        patient = await context.read(patients.find, context.chat_id)
        words = context.words(patient.language if patient else None)
        await context.say(Screen(words("appt-note-too-long", most=words.number(LONGEST_NOTE))))
        return
    number = int(expected.target)
    await _show(
        context,
        *await context.write(visit_changes.keep_note, context.chat_id, number, note, context.now),
        "appt-note-kept",
    )
    await context.write(pending.forget, context.chat_id)


def _view(context: CareContext, patient: Patient) -> View:
    return View(context.words(patient.language), patient, context.now, context.deps.clinic)
