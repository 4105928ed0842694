"""Setting up a course of treatments: a usual plan, its first date, and all its dates kept at once."""

from collections.abc import Awaitable, Callable, Mapping

from sqlmodel import Session

from care.treatments import courses
from handlers import course_screens as screens
from handlers.context import CareContext
from handlers.course_screens import Start, start_of
from handlers.screens import Screen
from handlers.treatment_screens import Sheet
from handlers.treatment_steps import FIRST, do, expect, show
from handlers.visit_screens import View, moment_of
from handlers.when import When
from storage import patients, visits
from storage.visits import Made


async def typed(context: CareContext, view: View, about: str, found: When) -> None:
    """Take a typed first date of a course."""
    course = courses().get(about)
    if course is not None:
        await context.say(screens.typed(view, course, found))


async def _pick_course(context: CareContext) -> None:
    await show(context, lambda view, sheet: screens.pick(view.words))


async def _ask_first(context: CareContext) -> None:
    course = courses().get(context.press.word(1))
    if course is None:
        await _pick_course(context)
        return
    await expect(context, FIRST, course.code, lambda view, sheet: screens.ask_first(view.words, course))


def _start(context: CareContext, sheet: Sheet) -> Start | None:
    first = moment_of(context.press.number(2))
    return start_of(sheet.patient, context.press.word(1), first, context.now)


async def _dates(context: CareContext) -> None:
    def draw(view: View, sheet: Sheet) -> Screen:
        start = _start(context, sheet)
        return screens.pick(view.words) if start is None else screens.dates(view, start)

    await show(context, draw)


async def _add_course(context: CareContext) -> None:
    """Keep the dates of a course, once, however often it is pressed; what became of them since then stays."""

    def draw(view: View, sheet: Sheet, made: tuple[Start, Made] | None) -> Screen:
        return screens.pick(view.words) if made is None else screens.added(view, *made)

    await do(context, lambda session: _make_course(session, context), draw)


def _make_course(session: Session, context: CareContext) -> tuple[Start, Made] | None:
    patient, now = patients.find(session, context.chat_id), context.now
    first = moment_of(context.press.number(2))
    start = start_of(patient, context.press.word(1), first, now) if patient else None
    made = visits.make_once(session, context.chat_id, start.visits(now), now) if start else None
    if patient is None or start is None or made is None:
        return None
    if start.course.fasting:
        note = screens.prep_note(context.words(patient.language))
        for visit in made.new:
            visits.prepare(session, context.chat_id, visit.id, note, now)
    return start, made


PRESSES: Mapping[str, Callable[[CareContext], Awaitable[None]]] = {
    "course": _pick_course,
    "plan": _ask_first,
    "first": _dates,
    "add": _add_course,
}
"""What a button of "tx" does, by its first word."""
