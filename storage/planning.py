"""Owing prompts: planning the next one, dropping those that are no longer wanted, planning anew after a change."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session

from care.checkin import CheckIn, Outcome
from care.checkin import Kind as CheckInKind
from care.due import DueState, Kind, NewDue, lane, next_prompt, nudges_after_prompt
from care.people import Patient
from storage.rows import person_by_id
from storage.tables import check_ins, due
from storage.writing import insert_new, run

PROMPTS = (Kind.DAILY, Kind.NUDGE, Kind.SNOOZE)
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
_WAITING = and_(_D.patient_id == bindparam("owner"), _D.state == DueState.WAITING)
_DROP = (
    update(due)
    .where(_WAITING, _D.kind.in_(bindparam("kinds", expanding=True)))
    .values(state=DueState.DROPPED, why=bindparam("reason"), finished_at=bindparam("moment"))
)
_DROP_ALL = _DROP.returning(_D.kind, _D.event, _D.slot, _D.at, _D.expires_at)
_DROP_EVENTS = _DROP.where(_D.event.in_(bindparam("events", expanding=True)), _D.slot != bindparam("keep"))
_SENT_PROMPT = select(_D.finished_at).where(
    _D.patient_id == bindparam("patient_id"),
    _D.kind == Kind.DAILY,
    _D.event == bindparam("event"),
    _D.state == DueState.SENT,
)


def insert(session: Session, new: NewDue) -> None:
    """Owe something, unless the same is owed or was owed already."""
    insert_new(
        session,
        due,
        {
            "patient_id": new.patient_id,
            "kind": new.kind,
            "event": new.event,
            "slot": new.slot,
            "plan_version": new.plan_version,
            "lane": lane(new.kind),
            "at": new.at,
            "expires_at": new.expires_at,
            "state": DueState.WAITING,
            "attempts": 0,
            "sending": False,
        },
    )


def prompted_days(session: Session, patient: Patient, now: datetime, but: int) -> set[date]:
    """Give the last days on which a prompt was begun, by any row but one, or whose check-in is settled."""
    since = patient.day_at(now) - _DAYS_BACK
    events = run(session, _PROMPTED, {"patient_id": patient.id, "since": since.isoformat(), "but": but}).scalars()
    return {date.fromisoformat(event) for event in events} | _settled_days(session, patient.id, since)


def plan_next(session: Session, patient: Patient, now: datetime) -> None:
    """Owe a patient their next daily prompt; nothing new when it is owed already or none is wanted."""
    since = patient.day_at(now) - _DAYS_BACK
    values = {"patient_id": patient.id, "since": since.isoformat(), "version": patient.plan_version}
    done = {date.fromisoformat(event) for event in run(session, _NOT_AGAIN, values).scalars()}
    coming = next_prompt(patient, now, done | _settled_days(session, patient.id, since))
    if coming is not None:
        insert(session, coming)


def plan_anew(session: Session, patient_id: int, now: datetime) -> Patient | None:
    """Replace every unsent prompt after a patient's plan has changed and its version was raised; give the patient.

    A moment that the person chose for Later stays, and nudges still to come are worked out anew.
    """
    found = person_by_id(session, patient_id)
    if found is None:
        return None
    patient = found.patient
    values = {"owner": patient_id, "kinds": PROMPTS, "reason": "plan_changed", "moment": now}
    dropped = run(session, _DROP_ALL, values).all()
    plan_next(session, patient, now)
    if patient.is_active(now):
        _keep_snoozes(session, patient, dropped)
        _nudge_anew(session, patient, now)
    return patient


def drop_prompts_of(session: Session, check_in: CheckIn, why: str, now: datetime, keep: str = "") -> None:
    """Drop the waiting prompts of a check-in, but the one in a slot to keep."""
    own = f"{check_in.day.isoformat()}/{check_in.id}"
    events = [check_in.day.isoformat(), own] if check_in.kind is CheckInKind.DAILY else [own]
    values = {"owner": check_in.patient_id, "kinds": PROMPTS, "reason": why, "moment": now}
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
    if sent_at is None or day in _settled_days(session, patient.id, day):
        return
    for nudge in nudges_after_prompt(patient, day, sent_at):
        if nudge.at > now:
            insert(session, nudge)
