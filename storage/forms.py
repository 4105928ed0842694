"""The standard forms as they were filled in, and the one prompt that is owed for the next of them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, update
from sqlmodel import Session

from care.checkin import CheckIn, Kind, Outcome
from care.due import DueState, Name
from care.due import Kind as DueKind
from care.forms import (
    FormDay,
    FormsKnown,
    everything,
    form_in,
    form_of,
    forms,
    is_covered_by,
    is_recent,
    longer_offered,
    next_form,
)
from care.people import FORMS, Patient
from storage import agenda
from storage.owing import insert
from storage.rows import check_ins_of_kind, person_by_id
from storage.tables import check_ins, due
from storage.writing import run

_LOOK_BACK = timedelta(days=400)
_AROUND = timedelta(days=3)
_FINAL = (DueState.SENT, DueState.DROPPED, DueState.EXPIRED, DueState.DEAD)

_D, _C = due.c, check_ins.c
_OWN = (_D.patient_id == bindparam("owner"), _D.kind == DueKind.FORM)
_WAITS = select(_D.id).where(*_OWN, _D.state.in_((DueState.WAITING, DueState.LEASED))).limit(1)
_NAMES = select(_D.kind, _D.event, _D.slot, _D.attempted_at).where(
    *_OWN, or_(_D.attempted_at.is_not(None), (_D.plan_version == bindparam("version")) & _D.state.in_(_FINAL))
)
_WAITING = select(_D.id, _D.event, _D.at).where(*_OWN, _D.state == DueState.WAITING)
_DROP = (
    update(due)
    .where(_D.id == bindparam("number"))
    .values(state=DueState.DROPPED, why=bindparam("reason"), finished_at=bindparam("moment"))
)
_OPENED = select(_C.set_name, _C.day, _C.outcome).where(
    _C.patient_id == bindparam("owner"), _C.kind == Kind.FORM, _C.day >= bindparam("since")
)
_DAILY_DONE = select(func.count()).where(
    _C.patient_id == bindparam("owner"),
    _C.kind == Kind.DAILY,
    _C.outcome == Outcome.COMPLETE,
    _C.id <= bindparam("number"),
)


def plan(session: Session, patient: Patient, now: datetime, unsent: Collection[Name] = ()) -> None:
    """Owe a patient the prompt of their next form; nothing while one is owed, or no form is switched on."""
    if patient.items.isdisjoint(FORMS) or run(session, _WAITS, {"owner": patient.id}).first() is not None:
        return
    new = next_form(patient, now, _known(session, patient, now, unsent))
    if new is not None:
        insert(session, new)


def _known(session: Session, patient: Patient, now: datetime, unsent: Collection[Name]) -> FormsKnown:
    whose = person_by_id(session, patient.id)
    rows = run(session, _NAMES, {"owner": patient.id, "version": patient.plan_version}).all()
    return FormsKnown(
        opened=opened(session, patient, now),
        asked={(kind, event, slot) for kind, event, slot, attempted in rows if attempted is not None},
        settled={(kind, event, slot) for kind, event, slot, attempted in rows if attempted is None},
        treatments=agenda.lately(session, patient.id, now),
        visits=agenda.standing(session, whose, now - _AROUND) if whose else (),
        unsent=unsent,
    )


def coming(session: Session, patient_id: int) -> dict[str, datetime]:
    """Give the form whose prompt waits and its moment, as a mapping of at most one."""
    return {form_in(event): at for _, event, at in run(session, _WAITING, {"owner": patient_id})}


def opened(session: Session, patient: Patient, now: datetime) -> list[FormDay]:
    """List the days of the last 400 on which a patient opened a form."""
    rows = run(session, _OPENED, {"owner": patient.id, "since": patient.day_at(now) - _LOOK_BACK})
    known = [(form_of(name), day, outcome) for name, day, outcome in rows]
    return [FormDay(form.code, day, outcome == Outcome.COMPLETE) for form, day, outcome in known if form]


def is_answered(session: Session, patient: Patient, event: str, now: datetime) -> bool:
    """Tell whether the form that a prompt is about was filled in so lately that it is not asked."""
    return is_recent(form_in(event), opened(session, patient, now), patient.day_at(now))


def drop_prompt_of(session: Session, done: CheckIn, why: str, now: datetime) -> None:
    """Drop the prompt that waits for a form that is filled in, or for a short one that its longer one stands for."""
    form = form_of(done.set_name)
    waiting = run(session, _WAITING, {"owner": done.patient_id}).first()
    if form is None or waiting is None or done.outcome is not Outcome.COMPLETE:
        return
    if is_covered_by(form_in(waiting.event), form.code):
        run(session, _DROP, {"number": waiting.id, "reason": why, "moment": now})


def history(session: Session, chat_id: int, now: datetime) -> list[CheckIn]:
    """List a person's complete forms of the last 400 days, oldest first."""
    found = check_ins_of_kind(session, chat_id, Kind.FORM, (now - _LOOK_BACK).date())
    return [one for one in found if one.outcome is Outcome.COMPLETE]


def before(session: Session, chat_id: int, done: CheckIn, now: datetime) -> CheckIn | None:
    """Give the same form as it was filled in the time before; None for the first."""
    same = [one for one in history(session, chat_id, now) if one.set_name == done.set_name and one.id < done.id]
    return same[-1] if same else None


def offered(session: Session, patient: Patient, done: CheckIn, now: datetime) -> str:
    """Name the form that is offered under a complete check-in; "" for none.

    After a short form that is the longer one, where its sum calls for it; before a visit the form that the person
    has switched on for that. What was filled in within the week is not offered.
    """
    day = patient.day_at(now)
    if done.kind is Kind.FORM:
        return longer_offered(done, opened(session, patient, now), day)
    if done.kind is not Kind.VISIT:
        return ""
    on = [form.code for form in forms().values() if form.before_visits and form.code in patient.items]
    lately = opened(session, patient, now) if on else []
    return next((code for code in on if not is_recent(code, lately, day)), "")


def is_told(session: Session, patient: Patient, done: CheckIn) -> bool:
    """Tell whether a saved card says that there are forms: one card does, and none once a form is switched on."""
    if done.kind is not Kind.DAILY or not patient.items.isdisjoint(FORMS):
        return False
    count = run(session, _DAILY_DONE, {"owner": patient.id, "number": done.id}).scalar_one()
    return bool(count == everything().told_after_check_ins)
