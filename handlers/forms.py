"""/forms: the standard forms, which the person switches on; each opens as a card of its own (handlers/checkin.py)."""

from datetime import date, datetime

from sqlmodel import Session
from telegram import Update

from care.checkin import CheckIn
from care.forms import forms
from care.people import FORM_DAYS, FORMS, Patient
from handlers import form_screens as screens
from handlers.context import CareContext
from handlers.form_screens import FormsView
from handlers.menu import command_button
from handlers.screens import Screen
from storage import forms as rows
from storage import patients


async def forms_(update: Update, context: CareContext) -> None:
    """List the forms."""
    view = await _view(context)
    if view:
        await context.present(screens.overview(view))


async def pressed(update: Update, context: CareContext) -> None:
    """Switch a form on or off, choose the weekday of forms, or show one; anything else shows the list."""
    kind, code = context.press.word(0), context.press.word(1)
    patient = await context.read(patients.find, context.chat_id)
    items = _chosen(patient, kind, code) if patient else None
    if items is not None:
        await context.write(patients.choose, context.chat_id, {"items": items}, context.now)
    view = await _view(context)
    if view is None:
        await context.acknowledge()
    else:
        await context.present(_screen(view, kind, code))


def _screen(view: FormsView, kind: str, code: str) -> Screen:
    form = forms().get(code)
    if kind == "no":
        return Screen(view.words("form-declined"), ((command_button(view.words, "forms"),),))
    if kind in ("days", "day"):
        return screens.days(view)
    return screens.one(view, form) if form and kind in ("see", "on", "off") else screens.overview(view)


def _chosen(patient: Patient, kind: str, code: str) -> frozenset[str] | None:
    """Read what a button switches; None where it switches nothing."""
    if code in FORMS and kind in ("on", "off"):
        return patient.items | {code} if kind == "on" else patient.items - {code}
    chosen = dict.fromkeys(map(str, range(len(FORM_DAYS)))) | {screens.ANY: None}
    if kind != "day" or code not in chosen:
        return None
    return patient.items - set(FORM_DAYS) | ({FORM_DAYS[int(code)]} if code != screens.ANY else set())


async def _view(context: CareContext) -> FormsView | None:
    found = await context.read(_read, context.chat_id, context.now)
    if found is None:
        return None
    patient, done, coming = found
    return FormsView(context.words(patient.language), patient, done, coming, context.deps.item_nine)


def _read(session: Session, chat_id: int, now: datetime) -> tuple[Patient, list[CheckIn], dict[str, date]] | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    coming = {code: patient.day_at(at) for code, at in rows.coming(session, patient.id).items()}
    return patient, rows.history(session, chat_id, now), coming
