"""What every press about treatments has in common: one hop that changes and reads, then a screen drawn from both."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from care.people import State
from care.treatments import Treatment, TreatmentKind
from care.visits import VisitKind
from handlers import treatment_screens as screens
from handlers.context import CareContext
from handlers.screens import Screen
from handlers.treatment_screens import Sheet
from handlers.visit_screens import View
from storage import patients, pending, treatments, visits

T = TypeVar("T")
MARK, RETIME, FIRST = "treated-at", "treatment-time", "course-first"
"""What may be typed: when a treatment was, when one that was marked really was, when a course begins."""
TYPED = (MARK, RETIME, FIRST)
DAY = "|"
"""Stands, in what is expected to be typed, before the day that is known already."""


async def show(context: CareContext, draw: Callable[[View, Sheet], Screen]) -> None:
    """Show a screen that is drawn from the person's treatments; nothing is expected to be typed any more."""
    await do(context, _nothing, lambda view, sheet, _: draw(view, sheet))


def _nothing(session: Session) -> None:
    pass


async def do(
    context: CareContext,
    act: Callable[[Session], T],
    draw: Callable[[View, Sheet, T], Screen],
    *,
    forgets: bool = True,
) -> None:
    """Change something in one hop and show what is drawn from it and from how things stand then."""
    done = await context.write(_hop, context.chat_id, act, context.now, forgets=forgets)
    if done is None:
        await context.acknowledge()
        return
    result, sheet = done
    view = View(context.words(sheet.patient.language), sheet.patient, context.now)
    await context.present(draw(view, sheet, result))


def _hop(
    session: Session, chat_id: int, act: Callable[[Session], T], now: datetime, *, forgets: bool
) -> tuple[T, Sheet] | None:
    """Do something for a person who finished the first minutes; forgets what they were asked to type here before."""
    patient = patients.find(session, chat_id)
    if patient is None or patient.state is State.ONBOARDING:
        return None
    expected = pending.expected(session, chat_id, now) if forgets else None
    if expected is not None and expected.kind in TYPED:
        pending.forget(session, chat_id)
    result = act(session)
    coming = [visit for visit in visits.ahead(session, chat_id, now) if visit.kind is VisitKind.TREATMENT]
    return result, Sheet(patients.find(session, chat_id) or patient, treatments.of_patient(session, chat_id), coming)


def stale(view: View, sheet: Sheet) -> Screen:
    """Show how things stand after a press that came too late."""
    return screens.overview(view, sheet, view.words("treatment-stale"))


async def expect(context: CareContext, kind: str, about: str, draw: Callable[[View, Sheet], Screen]) -> None:
    """Show a screen that asks for a typed date."""

    def ask(session: Session) -> None:
        pending.expect(session, context.chat_id, kind, f"{about}{DAY}", None, context.now)

    await do(context, ask, lambda view, sheet, _: draw(view, sheet))


def pressed_one(session: Session, context: CareContext) -> Treatment | None:
    """Give the treatment that a button is about, in the version it was drawn from; None when it is none of theirs."""
    number, version = context.press.number(1), context.press.number(2)
    known = treatments.of_patient(session, context.chat_id)
    return next((one for one in known if (one.id, one.version) == (number, version)), None)


async def with_one(context: CareContext, draw: Callable[[View, Sheet, Treatment], Screen]) -> None:
    """Show a screen about the treatment that a button is about."""
    await show(context, lambda view, sheet: about_one(context, view, sheet, draw))


async def name_kind(context: CareContext, draw: Callable[[View, Sheet, Treatment], Screen]) -> None:
    """Take how the medicine was given at the treatment that a button is about."""
    kind = next((kind for kind in TreatmentKind if kind == context.press.word(3)), None)

    def name(session: Session) -> None:
        one = pressed_one(session, context)
        if one is not None and kind is not None:
            treatments.name_kind(session, context.chat_id, one.id, kind, context.now)

    def drawn(view: View, sheet: Sheet, one: Treatment) -> Screen:
        is_named = kind is not None and one.kind is kind
        return draw(view, sheet, one) if is_named else screens.own(view, one, view.words("treatment-stale"))

    await do(context, name, lambda view, sheet, _: about_one(context, view, sheet, drawn))


def about_one(
    context: CareContext, view: View, sheet: Sheet, draw: Callable[[View, Sheet, Treatment], Screen]
) -> Screen:
    """Draw the treatment that a button is about; how things stand where it is none of theirs."""
    one = sheet.one(context.press.number(1))
    return stale(view, sheet) if one is None else draw(view, sheet, one)
