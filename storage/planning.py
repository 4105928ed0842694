"""Owing prompts: planning the next one, dropping those that are no longer wanted, planning anew after a change."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session

from care.checkin import CheckIn, Outcome
from care.checkin import Kind as CheckInKind
from care.due import CARDS, DueState, Kind, Name, NewDue
from care.owed import (
    AFTERWARDS_WORTH,
    NO_VISIT_FOR,
    after_treatment,
    around_visit,
    missed_today,
    next_prompt,
    nudges_after_prompt,
)
from care.people import Patient
from storage import agenda, forms, updates
from storage.owing import insert
from storage.rows import Person, person_by_id
from storage.tables import check_ins, due, patients
from storage.writing import run

PLANNED = (
    *(Kind.DAILY, Kind.NUDGE, Kind.SNOOZE, Kind.AFTER, Kind.TREATED, Kind.VISIT, Kind.AFTERWARDS, Kind.NEXT_DATE),
    Kind.FORM,
)
"""What a changed plan replaces."""
FINAL = (DueState.SENT, DueState.DROPPED, DueState.EXPIRED, DueState.DEAD)
_DAYS_BACK = timedelta(days=3)

_D = due.c
_DAILY = and_(_D.patient_id == bindparam("patient_id"), _D.kind == Kind.DAILY, _D.event >= bindparam("since"))
_PROMPTED = select(_D.event).where(_DAILY, _D.attempted_at.is_not(None), _D.id != bindparam("but"))
_NOT_AGAIN = select(_D.event).where(
    _DAILY,
    or_(_D.attempted_at.is_not(None), and_(_D.plan_version == bindparam("version"), _D.state.in_(FINAL))),
)
_SETTLED = select(check_ins.c.day).where(
    check_ins.c.patient_id == bindparam("patient_id"),
    check_ins.c.day >= bindparam("since"),
    check_ins.c.kind == CheckInKind.DAILY,
    check_ins.c.outcome != Outcome.OPEN,
)
_DAY_OF_TREATMENT = select(_D.at).where(
    _D.patient_id == bindparam("patient_id"),
    _D.kind == Kind.AFTER,
    or_(_D.attempted_at.is_not(None), _D.state == DueState.WAITING),
    _D.at >= bindparam("since"),
)
_NAME = (_D.kind, _D.event, _D.slot)
_BEGUN = select(*_NAME).where(
    _D.patient_id == bindparam("patient_id"),
    _D.kind.in_((Kind.AFTER, Kind.TREATED, Kind.VISIT, Kind.AFTERWARDS, Kind.NEXT_DATE)),
    _D.attempted_at.is_not(None),
)
_RAISE = (
    update(patients)
    .where(patients.c.id == bindparam("number"))
    .values(plan_version=patients.c.plan_version + 1, heard_at=bindparam("moment"))
)
_WAITING = and_(_D.patient_id == bindparam("owner"), _D.state == DueState.WAITING)
_DROP = (
    update(due)
    .where(_WAITING, _D.kind.in_(bindparam("kinds", expanding=True)))
    .values(state=DueState.DROPPED, why=bindparam("reason"), finished_at=bindparam("moment"))
)
_DROP_ALL = _DROP.returning(_D.kind, _D.event, _D.slot, _D.at, _D.expires_at)
_UNSENT = select(*_NAME).where(
    _D.patient_id == bindparam("patient_id"),
    _D.attempted_at.is_(None),
    or_(
        _D.state == DueState.LEASED,
        and_(
            _D.state == DueState.WAITING, or_(_D.kind != Kind.DAILY, _D.at <= bindparam("moment"), _D.why.is_not(None))
        ),
    ),
)
_PUT_OFF = select(_D.event).where(
    _D.patient_id == bindparam("patient_id"), _D.kind == Kind.SNOOZE, _D.event >= bindparam("since")
)
_PUT_OFF_ONE = select(_D.id).where(
    _D.patient_id == bindparam("patient_id"), _D.kind == Kind.SNOOZE, _D.event == bindparam("event")
)
_DAYS_OF_CARDS = select(check_ins.c.day).where(
    check_ins.c.patient_id == bindparam("patient_id"),
    check_ins.c.kind == CheckInKind.DAILY,
    check_ins.c.id.in_(bindparam("numbers", expanding=True)),
)
_DROP_EVENTS = _DROP.where(_D.event.in_(bindparam("events", expanding=True)), _D.slot != bindparam("keep"))
_SENT_PROMPT = select(_D.finished_at).where(
    _D.patient_id == bindparam("patient_id"),
    _D.kind == Kind.DAILY,
    _D.event == bindparam("event"),
    _D.state == DueState.SENT,
)


def prompted_days(session: Session, patient: Patient, now: datetime, but: int) -> set[date]:
    """Give the last days on which a prompt was begun, by any row but one, or whose check-in is settled."""
    since = patient.day_at(now) - _DAYS_BACK
    events = run(session, _PROMPTED, {"patient_id": patient.id, "since": since.isoformat(), "but": but}).scalars()
    days = {date.fromisoformat(event) for event in events} | _settled_days(session, patient.id, since)
    return days | _days_of_treatment(session, patient, now)


def plan_next(session: Session, patient: Patient, now: datetime, unsent: Collection[Name] = ()) -> None:
    """Owe a patient their next daily prompt and form; nothing new when it is owed already or none is wanted."""
    done, lately = _done(session, patient, now), agenda.lately(session, patient.id, now)
    coming = next_prompt(patient, now, done, lately, unsent)
    if coming is not None:
        insert(session, coming)
    forms.plan(session, patient, now, unsent)


def _done(session: Session, patient: Patient, now: datetime) -> set[date]:
    """Give the days that are owed no card any more: asked, answered, put off, or asked about after a treatment."""
    since = patient.day_at(now) - _DAYS_BACK
    values = {"patient_id": patient.id, "since": since.isoformat(), "version": patient.plan_version}
    done = {date.fromisoformat(event) for event in run(session, _NOT_AGAIN, values).scalars()}
    return done | _done_with(session, patient, since, now)


def _done_with(session: Session, patient: Patient, since: date, now: datetime) -> set[date]:
    """Give the days whose card needs no more asking, whether it was sent or not."""
    days = _settled_days(session, patient.id, since) | _days_put_off(session, patient.id, since)
    return days | _days_of_treatment(session, patient, now)


def _days_put_off(session: Session, patient_id: int, since: date) -> set[date]:
    """Give the days whose card the person asked to see later: that moment replaced the day's other prompts."""
    events = run(session, _PUT_OFF, {"patient_id": patient_id, "since": since.isoformat()}).scalars()
    numbers = [int(event.partition("/")[2]) for event in events]
    if not numbers:
        return set()
    return set(run(session, _DAYS_OF_CARDS, {"patient_id": patient_id, "numbers": numbers}).scalars())


def is_put_off(session: Session, check_in: CheckIn) -> bool:
    """Tell whether the person asked to see a card later."""
    event = f"{check_in.day.isoformat()}/{check_in.id}"
    return run(session, _PUT_OFF_ONE, {"patient_id": check_in.patient_id, "event": event}).first() is not None


def _days_of_treatment(session: Session, patient: Patient, now: datetime) -> set[date]:
    values = {"patient_id": patient.id, "since": now - _DAYS_BACK}
    return {patient.day_at(at) for at in run(session, _DAY_OF_TREATMENT, values).scalars()}


def raise_plan(session: Session, patient_id: int, now: datetime) -> Patient | None:
    """Plan a patient's messages anew after the person changed something that they hang on; give the patient."""
    run(session, _RAISE, {"number": patient_id, "moment": now})
    return plan_anew(session, patient_id, now)


def plan_anew(session: Session, patient_id: int, now: datetime) -> Patient | None:
    """Replace every unsent prompt after a patient's plan has changed and its version was raised; give the patient.

    What was due already, or reminds of a visit, is owed on while it is worth it. A moment that the person chose for
    Later stays, and nudges still to come are worked out anew.
    """
    found = person_by_id(session, patient_id)
    if found is None:
        return None
    patient = found.patient
    unsent = {tuple(row) for row in run(session, _UNSENT, {"patient_id": patient_id, "moment": now})}
    days = [date.fromisoformat(event) for kind, event, _ in unsent if kind == Kind.DAILY]
    unsent.update(missed_today(days, patient, now))
    values = {"owner": patient_id, "kinds": PLANNED, "reason": "plan_changed", "moment": now}
    dropped = run(session, _DROP_ALL, values).all()
    if patient.active_from(now) is not None:
        _plan_around(session, found, now, unsent)
    plan_next(session, patient, now, unsent)
    if patient.is_active(now):
        _keep_snoozes(session, patient, dropped)
        _nudge_anew(session, patient, now)
    return patient


def _plan_around(session: Session, whose: Person, now: datetime, unsent: Collection[Name]) -> None:
    """Owe what appointments and treatments bring, but what was begun already for the same moment."""
    patient = whose.patient
    visits = agenda.standing(session, whose, now - _DAYS_BACK)
    sessions = agenda.treatments_since(session, patient.id, now - NO_VISIT_FOR - AFTERWARDS_WORTH)
    owed = [new for visit in visits for new in around_visit(patient, visit, now, unsent)]
    owed += [new for one in sessions for new in after_treatment(patient, one, now, unsent)]
    updates.plan_visits(session, patient, visits, now)
    if not owed:
        return
    begun = {tuple(row) for row in run(session, _BEGUN, {"patient_id": patient.id})}
    for new in owed:
        if new.name not in begun:
            insert(session, new)


def drop_prompts_of(session: Session, check_in: CheckIn, why: str, now: datetime, keep: str = "") -> None:
    """Drop the waiting prompts of a check-in, but the one in a slot to keep."""
    if check_in.kind is CheckInKind.FORM:
        forms.drop_prompt_of(session, check_in, why, now)
        return
    own = f"{check_in.day.isoformat()}/{check_in.id}"
    events = [check_in.day.isoformat(), own] if check_in.kind is CheckInKind.DAILY else [own]
    values = {"owner": check_in.patient_id, "kinds": CARDS, "reason": why, "moment": now}
    run(session, _DROP_EVENTS, values | {"events": events, "keep": keep})


def drop_everything(session: Session, patient_id: int, why: str, now: datetime) -> None:
    """Drop all that waits for a patient, closings included."""
    run(session, _DROP, {"owner": patient_id, "kinds": tuple(Kind), "reason": why, "moment": now})


def _settled_days(session: Session, patient_id: int, since: date) -> set[date]:
    return set(run(session, _SETTLED, {"patient_id": patient_id, "since": since}).scalars())


def _keep_snoozes(session: Session, patient: Patient, dropped: Sequence[Any]) -> None:
    for kind, event, slot, at, expires_at in dropped:
        if kind == Kind.SNOOZE:
            insert(session, NewDue(patient.id, Kind.SNOOZE, event, slot, patient.plan_version, at, expires_at))


def _nudge_anew(session: Session, patient: Patient, now: datetime) -> None:
    day = patient.day_at(now)
    sent_at = run(session, _SENT_PROMPT, {"patient_id": patient.id, "event": day.isoformat()}).scalars().first()
    if sent_at is None or day in _done_with(session, patient, day, now):
        return
    for nudge in nudges_after_prompt(patient, day, sent_at):
        if nudge.at > now:
            insert(session, nudge)
