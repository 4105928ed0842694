"""What goes under a saved check-in: a card that its answers call for, or else a small step. Chosen once, and kept."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from care.checkin import CheckIn, Kind, Outcome
from care.course import is_treatment_day
from care.people import Patient
from care.steps import NOT, Day, Step, choose
from care.steps import steps as all_steps
from storage import agenda, guides, steps, support
from storage.rows import check_ins_between, person_by_id
from storage.tables import check_ins
from storage.writing import run

_WEEK = timedelta(days=7)
_LONG_AGO = timedelta(days=400)
_COMPLETE = select(func.count(), func.min(check_ins.c.day)).where(
    check_ins.c.patient_id == bindparam("owner"),
    check_ins.c.outcome == Outcome.COMPLETE,
    check_ins.c.kind != Kind.FORM,
)


def offer(session: Session, patient: Patient, done: CheckIn, now: datetime) -> Step | None:
    """Choose what goes under a check-in that is complete, and remember it; give the small step, None where none fits.

    A card that the answers call for comes first, and no step beside it. Steps come on the check-in's own day alone.
    """
    if done.kind is Kind.FORM or guides.offer(session, patient, done, now) is not None:
        return None
    if "steps" not in patient.items or done.kind is not Kind.DAILY or done.day != patient.day_at(now):
        return None
    chosen = choose(_day(session, patient, done, now), steps.shown(session, patient.chat_id), now, done.id)
    if chosen is not None:
        steps.note(session, patient.id, done.id, chosen.code, now)
    return chosen


def of_check_in(session: Session, patient: Patient, done: CheckIn) -> Step | None:
    """Give the small step that belongs to a check-in; None where it has none, or steps are switched off."""
    if "steps" not in patient.items:
        return None
    code = steps.shown_with(session, patient.chat_id, done.id)
    return all_steps().get(code) if code else None


def idea(session: Session, patient: Patient, done: CheckIn) -> Step | None:
    """Give a small step for whoever asks for one under a card: never one that is not for them. It is not remembered.

    The same check-in always gives the same.
    """
    if "steps" not in patient.items:
        return None
    at = done.completed_at or done.opened_at
    unwanted = [one for one in steps.shown(session, patient.chat_id) if one.verdict == NOT]
    past = [replace(one, at=at - _LONG_AGO) for one in unwanted]
    return choose(_day(session, patient, done, at), past, at, done.id)


def _day(session: Session, patient: Patient, done: CheckIn, now: datetime) -> Day:
    whose = person_by_id(session, patient.id)
    standing = agenda.standing(session, whose, now - _WEEK) if whose else []
    ahead = [visit.at for visit in standing if visit.at > now]
    count, first = run(session, _COMPLETE, {"owner": patient.id}).one()
    return Day(
        values=done.values,
        is_treatment_day=is_treatment_day(patient, done.day, standing, agenda.lately(session, patient.id, now)),
        days_to_visit=(patient.day_at(min(ahead)) - done.day).days if ahead else None,
        check_ins=count,
        days_in=(done.day - first).days if first else 0,
        connect_no_twice=_no_twice(session, patient, done),
        can_invite=not support.why_not(session, patient.chat_id, now),
    )


def _no_twice(session: Session, patient: Patient, done: CheckIn) -> bool:
    """Tell whether the last two answers about talking with someone trusted were both No."""
    lately = check_ins_between(session, patient.chat_id, done.day - 4 * _WEEK, done.day)
    given = [one.values["connect"] for one in lately if "connect" in one.values]
    return given[-2:] == [0, 0]
