"""/treated: marking a treatment as had, by the time the person names or from the appointment that was planned."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session
from telegram import Update

from care.schedule import local_time
from care.treatments import NEVER_TWO_WITHIN, USUAL_LENGTH, Treatment
from care.visits import Appointment, VisitKind, VisitState
from handlers import treatment_screens as screens
from handlers.context import CareContext
from handlers.screens import Screen
from handlers.treatment_screens import Sheet
from handlers.treatment_steps import DAY, MARK, do, expect, name_kind, show, stale, with_one
from handlers.visit_screens import View, moment_of
from handlers.when import When
from storage import patients, pending, treatments, visits

_LATE = timedelta(hours=6)
"""How long after the planned end a treatment can still have ended only now."""


async def treated(update: Update, context: CareContext) -> None:
    """Ask when the treatment was."""
    await _ask_when(context)


async def typed(context: CareContext, view: View, about: str, found: When) -> None:
    """Take a typed date for when a treatment was."""
    if len(found.readings) == 1:
        await mark(context, found.readings[0], forgets=False)
    else:
        await context.say(screens.unclear(view, found, ("at",)))


async def _ask_when(context: CareContext) -> None:
    await show(context, lambda view, sheet: screens.ask_when(view))


async def _ask_hour(context: CareContext) -> None:
    """Offer hours, and take one that is typed; an hour alone belongs to the date that the clocks show now."""

    def ask(session: Session) -> None:
        patient = patients.find(session, context.chat_id)
        today = local_time(context.now, patient.zone_at(context.now)).date() if patient else ""
        pending.expect(session, context.chat_id, MARK, f"{DAY}{today}", None, context.now)

    await do(context, ask, lambda view, sheet, _: screens.ask_hour(view))


async def _ask_moment(context: CareContext) -> None:
    await expect(context, MARK, "", lambda view, sheet: screens.ask_moment(view.words))


async def _just_now(context: CareContext) -> None:
    """Note a treatment that ended now and lasted two hours. The button of a question from long ago asks again."""
    asked, now = moment_of(context.press.number(1)), context.now
    if asked is None or abs(now - asked) >= NEVER_TWO_WITHIN:
        await _ask_when(context)
        return
    await mark(context, now - USUAL_LENGTH, now)


async def _at(context: CareContext) -> None:
    at = moment_of(context.press.number(1))
    await (_ask_when(context) if at is None else mark(context, at))


async def mark(context: CareContext, at: datetime, ended_at: datetime | None = None, *, forgets: bool = True) -> None:
    """Note a treatment and show what follows it; one that is noted already is shown again."""

    def note(session: Session) -> Treatment | None:
        return _had(session, context.chat_id, at, context.now, ended_at)

    def draw(view: View, sheet: Sheet, one: Treatment | None) -> Screen:
        return screens.refused(view, at) if one is None else screens.marked(view, sheet, one)

    await do(context, note, draw, forgets=forgets)


def _had(
    session: Session, chat_id: int, at: datetime, now: datetime, ended_at: datetime | None, visit_id: int | None = None
) -> Treatment | None:
    """Note a treatment of the kind that the person named last."""
    kind = treatments.last_kind(session, chat_id)
    return treatments.had(session, chat_id, at, now, kind=kind, ended_at=ended_at, visit_id=visit_id)


async def _done(context: CareContext) -> None:
    """Note the treatment that was planned. A press on another version of the appointment shows how things stand."""
    await do(context, lambda session: _visit_done(session, context), _drawn_done)


def _visit_done(session: Session, context: CareContext) -> Treatment | Appointment | None:
    """Give the treatment that an appointment became; the appointment where it cannot become one; None if it is none."""
    visit, now = _visit(session, context), context.now
    if visit is None or visit.state is VisitState.CANCELLED:
        return None
    if visit.treatment_id is None:
        ended_at = _ended_at(visit, now, only_now=context.press.word(3) == screens.ONLY_NOW)
        return _had(session, context.chat_id, visit.at, now, ended_at, visit.id) or visit
    known = treatments.of_patient(session, context.chat_id)
    return next((one for one in known if one.id == visit.treatment_id), None)


def _ended_at(visit: Appointment, now: datetime, *, only_now: bool) -> datetime | None:
    """Give when a treatment ended: now, where the person is done early or said before that they were not yet."""
    if now < visit.end or (only_now and now < visit.end + _LATE):
        return now
    return visit.ends_at


def _visit(session: Session, context: CareContext) -> Appointment | None:
    """Give the treatment appointment that a button is about; None when it is none of theirs, or it has moved."""
    number, version = context.press.number(1), context.press.number(2)
    visit = None if number is None else visits.find(session, context.chat_id, number)
    is_same = visit is not None and visit.kind is VisitKind.TREATMENT and visit.version == version
    return visit if is_same else None


def _drawn_done(view: View, sheet: Sheet, found: Treatment | Appointment | None) -> Screen:
    if isinstance(found, Treatment):
        return screens.marked(view, sheet, found)
    return screens.refused(view, found.at) if found else stale(view, sheet)


async def _not_yet(context: CareContext) -> None:
    """Wait for the person; where the appointment was marked or changed meanwhile, show how things stand."""

    def draw(view: View, sheet: Sheet, visit: Appointment | None) -> Screen:
        if visit is not None and visit.is_ahead:
            return screens.not_yet(view.words, visit)
        one = sheet.one(visit.treatment_id) if visit else None
        return screens.marked(view, sheet, one) if one else stale(view, sheet)

    await do(context, lambda session: _visit(session, context), draw)


async def _kind(context: CareContext) -> None:
    """Take how the medicine was given, asked once after the first mark."""
    await name_kind(context, screens.noted)


async def _noted(context: CareContext) -> None:
    await with_one(context, screens.noted)


PRESSES: Mapping[str, Callable[[CareContext], Awaitable[None]]] = {
    "mark": _ask_when,
    "just": _just_now,
    "earlier": _ask_hour,
    "other": _ask_moment,
    "at": _at,
    "done": _done,
    "notyet": _not_yet,
    "kind": _kind,
    "noted": _noted,
}
"""What a button of "tx" does, by its first word."""
