"""/treatment: what was had and what is to come; a treatment that was told can be corrected or taken back."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.schedule import local_time
from handlers import courses, marking
from handlers import treatment_screens as screens
from handlers.context import CareContext
from handlers.marking import treated
from handlers.screens import Screen
from handlers.treatment_screens import Sheet
from handlers.treatment_steps import (
    DAY,
    FIRST,
    MARK,
    RETIME,
    TYPED,
    do,
    name_kind,
    pressed_one,
    show,
    stale,
    with_one,
)
from handlers.visit_screens import View, moment_of
from handlers.when import Unread, When, read_when
from storage import patients, pending, treatments
from storage.pending import Pending

__all__ = ["TYPED", "pressed", "treated", "treatment", "typed"]


async def treatment(update: Update, context: CareContext) -> None:
    """List the treatments that were had and those to come."""
    await show(context, screens.overview)


async def pressed(update: Update, context: CareContext) -> None:
    """Do what a button says; one that makes no sense shows the list."""
    act = _PRESSES.get(context.press.word(0))
    await (act(context) if act else show(context, screens.overview))


async def typed(update: Update, context: CareContext, expected: Pending) -> None:
    """Take a typed date for whatever asked for it. The prompt is forgotten last of all, once one moment is clear."""
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        return
    view = View(context.words(patient.language), patient, context.now)
    about, _, day = expected.target.partition(DAY)
    found = await (_first_date if expected.kind == FIRST else _past_date)(context, view, day)
    if len(found.readings) != 1:
        target = f"{about}{DAY}{found.day or day}"
        await context.write(pending.expect, context.chat_id, expected.kind, target, None, context.now)
    await _TAKERS[expected.kind](context, view, about, found)
    if len(found.readings) == 1:
        await context.write(pending.forget, context.chat_id)


async def _past_date(context: CareContext, view: View, day: str) -> When:
    """Read when something was; an hour alone belongs to the day that was understood before."""
    return await _read(context, view, day, view.patient.zone_at(view.now), past=True)


async def _first_date(context: CareContext, view: View, day: str) -> When:
    """Read when a course begins: ahead, or earlier today."""
    zone = view.patient.zone or "UTC"
    ahead = await _read(context, view, day, zone, past=False)
    behind = await _read(context, view, day, zone, past=True)
    today = local_time(view.now, zone).date()
    over = tuple(at for at in behind.readings if local_time(at, zone).date() == today)
    return When((*over, *ahead.readings)) if over else ahead


async def _read(context: CareContext, view: View, day: str, zone: str, *, past: bool) -> When:
    language = view.words.language
    if day:
        found = await read_when(f"{day}, {context.text}", view.now, zone, language, past=past)
        if found.unread is not Unread.NOTHING:
            return found
    return await read_when(context.text, view.now, zone, language, past=past)


async def _take_time(context: CareContext, view: View, about: str, found: When) -> None:
    number, version = (int(word) for word in about.split("."))
    if len(found.readings) == 1:
        await _move(context, number, version, found.readings[0], forgets=False)
    else:
        await context.say(screens.unclear(view, found, ("moveto", number, version)))


async def _new_kind(context: CareContext) -> None:
    """Take another kind for a treatment of the list."""
    await name_kind(context, lambda view, sheet, one: screens.own(view, one, view.words("treatment-saved")))


async def _own(context: CareContext) -> None:
    await with_one(context, lambda view, sheet, one: screens.own(view, one))


async def _which(context: CareContext) -> None:
    await show(context, screens.which)


async def _ask_kind(context: CareContext) -> None:
    await with_one(context, lambda view, sheet, one: screens.ask_kind(view, one))


async def _ask_time(context: CareContext) -> None:
    """Ask when a treatment really was."""
    number, version = context.press.number(1), context.press.number(2)

    def ask(session: Session) -> bool:
        is_theirs = pressed_one(session, context) is not None
        if is_theirs:
            pending.expect(session, context.chat_id, RETIME, f"{number}.{version}{DAY}", None, context.now)
        return is_theirs

    def draw(view: View, sheet: Sheet, asks: bool) -> Screen:
        return screens.ask_moment(view.words) if asks else stale(view, sheet)

    await do(context, ask, draw)


async def _move_to(context: CareContext) -> None:
    number, version, at = context.press.number(1), context.press.number(2), moment_of(context.press.number(3))
    if number is None or version is None or at is None:
        await _which(context)
        return
    await _move(context, number, version, at)


async def _move(context: CareContext, number: int, version: int, at: datetime, *, forgets: bool = True) -> None:
    """Move a treatment to when it really was; its length stays. One that was changed since stays as it is."""

    def move(session: Session) -> bool:
        known = treatments.of_patient(session, context.chat_id)
        one = next((one for one in known if (one.id, one.version) == (number, version)), None)
        if one is None:
            return True
        ended_at = min(at + (one.ended_at - one.at), context.now) if one.ended_at else None
        return treatments.correct(session, context.chat_id, number, at, ended_at, context.now) is not None

    def draw(view: View, sheet: Sheet, fits: bool) -> Screen:
        one = sheet.one(number)
        if one is None:
            return stale(view, sheet)
        if not fits:
            return screens.near_another(view.words) if at <= view.now else screens.refused(view, at)
        return screens.own(view, one, view.words("treatment-saved" if one.at == at else "treatment-stale"))

    await do(context, move, draw, forgets=forgets)


async def _undo(context: CareContext) -> None:
    """Take a treatment back that was marked by mistake."""

    def remove(session: Session) -> None:
        one = pressed_one(session, context)
        if one is not None:
            treatments.remove(session, context.chat_id, one.id, context.now)

    def draw(view: View, sheet: Sheet, _: None) -> Screen:
        is_gone = sheet.one(context.press.number(1)) is None
        return screens.overview(view, sheet, view.words("treatment-taken-back")) if is_gone else stale(view, sheet)

    await do(context, remove, draw)


_TAKERS: Mapping[str, Callable[[CareContext, View, str, When], Awaitable[None]]] = {
    MARK: marking.typed,
    RETIME: _take_time,
    FIRST: courses.typed,
}
_PRESSES: Mapping[str, Callable[[CareContext], Awaitable[None]]] = {
    **marking.PRESSES,
    **courses.PRESSES,
    "which": _which,
    "one": _own,
    "retime": _ask_time,
    "moveto": _move_to,
    "rekind": _ask_kind,
    "newkind": _new_kind,
    "undo": _undo,
}
