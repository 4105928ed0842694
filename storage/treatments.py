"""Treatments that the person says they had. Changing one counts hours again and plans anew, in one transaction."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from care.questions import question_sets
from care.treatments import LATEST_MARK, Treatment, TreatmentKind, doubles
from care.visits import AHEAD, VisitKind, VisitState
from storage import agenda, planning
from storage.agenda import HAD, REMOVED, VISITS, visits
from storage.rows import Person, person
from storage.tables import answer_revisions, appointments, check_ins, treatments
from storage.tables import answers as answer_rows
from storage.writing import insert_new_id, run

_LONG_AGO = timedelta(days=400)
_A_DAY = timedelta(days=1)

_T = treatments.c
_CHANGE = (
    update(treatments)
    .where(_T.id == bindparam("number"), _T.patient_id == bindparam("owner"), _T.state == HAD)
    .values(version=_T.version + 1, changed_at=bindparam("moment"))
)
_A = appointments.c
_OF_VISIT = select(_A.treatment_id).where(_A.id == bindparam("visit_id"), _A.patient_id == bindparam("owner"))
_AROUND = VISITS.where(
    _A.state.in_(AHEAD),
    _A.kind == VisitKind.TREATMENT,
    _A.at > bindparam("earliest"),
    _A.at < bindparam("latest"),
)
_DONE = (
    update(appointments)
    .where(
        _A.id == bindparam("visit_id"),
        _A.patient_id == bindparam("owner"),
        _A.kind == VisitKind.TREATMENT,
        _A.state.in_((*AHEAD, VisitState.MISSED)),
    )
    .values(treatment_id=bindparam("session_id"), state=VisitState.DONE, changed_at=bindparam("moment"))
)
_UNDONE = (
    update(appointments)
    .where(_A.treatment_id == bindparam("session_id"), _A.patient_id == bindparam("owner"))
    .values(treatment_id=None, state=VisitState.PLANNED, version=_A.version + 1, changed_at=bindparam("moment"))
)
BODY = frozenset(q.code for one in question_sets().values() for q in one.questions if q.body)
_BODY_ANSWERS = (
    select(answer_rows.c.check_in_id, answer_rows.c.question, answer_rows.c.revision, answer_rows.c.answered_at)
    .join(check_ins, check_ins.c.id == answer_rows.c.check_in_id)
    .where(
        check_ins.c.patient_id == bindparam("owner"),
        answer_rows.c.question.in_(BODY),
        answer_rows.c.answered_at >= bindparam("since"),
    )
)


def _hours_of(table: Any) -> Any:
    return (
        update(table)
        .where(
            table.c.check_in_id == bindparam("of_check_in"),
            table.c.question == bindparam("code"),
            table.c.revision == bindparam("times"),
        )
        .values(hours=bindparam("counted"))
    )


_HOURS = tuple(_hours_of(table) for table in (answer_rows, answer_revisions))


def of_patient(session: Session, chat_id: int) -> list[Treatment]:
    """List the treatments of a chat's patient, oldest first."""
    return agenda.treatments_of(session, chat_id)


def had(
    session: Session,
    chat_id: int,
    at: datetime,
    now: datetime,
    *,
    kind: TreatmentKind | None = None,
    ended_at: datetime | None = None,
    visit_id: int | None = None,
) -> Treatment | None:
    """Note that the person had a treatment, and plan what follows it.

    It is the appointment that is named, else the nearest one that stands on the same day of theirs: nobody is asked
    about that any more. A treatment within three hours of another is that other one. None for whoever is no patient,
    for a moment to come, and for one more than 14 days ago.
    """
    whose = person(session, chat_id, locked=True)
    if whose is None or not now - LATEST_MARK <= at <= now:
        return None
    there = _there_already(session, whose, at, visit_id)
    found = there or _insert(session, whose, at, now, kind, ended_at)
    if visit_id is None and there is None:
        visit_id = _planned_for(session, whose, at)
    is_visit = _settle_visit(session, whose, found, visit_id, now)
    if there is None or is_visit:
        _follow(session, whose, found.at, now)
    return found


def name_kind(session: Session, chat_id: int, number: int, kind: TreatmentKind, now: datetime) -> Treatment | None:
    """Write how the medicine was given, and plan again: a dose at home is asked about later."""
    return _change(session, chat_id, number, {"kind": kind}, now)


def correct(
    session: Session, chat_id: int, number: int, at: datetime, ended_at: datetime | None, now: datetime
) -> Treatment | None:
    """Move a treatment that was marked at a wrong time.

    None, and nothing changes, for a moment to come, one more than 14 days ago, and one within three hours of another.
    """
    others = [one for one in of_patient(session, chat_id) if one.id != number]
    if not now - LATEST_MARK <= at <= now or doubles(others, at):
        return None
    return _change(session, chat_id, number, {"at": at, "ended_at": ended_at}, now)


def remove(session: Session, chat_id: int, number: int, now: datetime) -> Treatment | None:
    """Take back a treatment that was marked by mistake; give it as it was.

    The appointment it was marked from stands again, in a new version: buttons from before cannot mark it.
    """
    whose = person(session, chat_id, locked=True)
    if whose is None or agenda.treatment(session, whose.patient.id, number) is None:
        return None
    run(session, _UNDONE, {"session_id": number, "owner": whose.patient.id, "moment": now})
    return _change(session, chat_id, number, {"state": REMOVED}, now)


def last_kind(session: Session, chat_id: int) -> TreatmentKind | None:
    """Give how the medicine was given last; None when nobody said."""
    kinds = [one.kind for one in of_patient(session, chat_id) if one.kind is not None]
    return kinds[-1] if kinds else None


def _there_already(session: Session, whose: Person, at: datetime, visit_id: int | None) -> Treatment | None:
    if visit_id is not None:
        row = run(session, _OF_VISIT, {"visit_id": visit_id, "owner": whose.patient.id}).first()
        if row is not None and row.treatment_id is not None:
            return agenda.treatment(session, whose.patient.id, row.treatment_id)
    return doubles(agenda.lately(session, whose.patient.id, at), at)


def _planned_for(session: Session, whose: Person, at: datetime) -> int | None:
    """Give the number of the treatment appointment that stands nearest to a moment, on the same day of the person."""
    day = whose.patient.day_at(at)
    around = visits(session, whose, _AROUND, earliest=at - _A_DAY, latest=at + _A_DAY)
    same_day = [visit for visit in around if whose.patient.day_at(visit.at) == day]
    nearest = min(same_day, key=lambda visit: abs(visit.at - at), default=None)
    return nearest.id if nearest else None


def _settle_visit(session: Session, whose: Person, found: Treatment, visit_id: int | None, now: datetime) -> bool:
    """Write that an appointment became a treatment; False when there is none that stands."""
    values = {"visit_id": visit_id, "owner": whose.patient.id, "session_id": found.id, "moment": now}
    return visit_id is not None and run(session, _DONE, values).rowcount == 1


def _insert(
    session: Session,
    whose: Person,
    at: datetime,
    now: datetime,
    kind: TreatmentKind | None,
    ended_at: datetime | None,
) -> Treatment:
    zone = whose.patient.zone_at(at)
    values = {"patient_id": whose.patient.id, "at": at, "ended_at": ended_at, "zone": zone, "kind": kind}
    more = {"state": HAD, "source": "person", "version": 1, "created_at": now, "changed_at": now}
    number = insert_new_id(session, treatments, values | more)
    if number is None:
        raise LookupError("a treatment that was just written is gone")
    return Treatment(number, whose.patient.id, at, zone, kind, ended_at)


def _change(session: Session, chat_id: int, number: int, changes: dict[str, Any], now: datetime) -> Treatment | None:
    whose = person(session, chat_id, locked=True)
    before = agenda.treatment(session, whose.patient.id, number) if whose else None
    if whose is None or before is None:
        return None
    run(session, _CHANGE.values(changes), {"number": number, "owner": whose.patient.id, "moment": now})
    after = agenda.treatment(session, whose.patient.id, number)
    _follow(session, whose, min(before.at, after.at if after else before.at), now)
    return after or before


def _follow(session: Session, whose: Person, from_moment: datetime, now: datetime) -> None:
    """Count hours again from a moment on, and plan anew."""
    _count_hours(session, whose.patient.id, from_moment)
    planning.raise_plan(session, whose.patient.id, now)


def _count_hours(session: Session, patient_id: int, from_moment: datetime) -> None:
    known = agenda.treatments_since(session, patient_id, from_moment - _LONG_AGO)
    rows = run(session, _BODY_ANSWERS, {"owner": patient_id, "since": from_moment}).all()
    counted = [
        {"of_check_in": number, "code": code, "times": revision, "counted": agenda.hours_at(known, answered_at)}
        for number, code, revision, answered_at in rows
    ]
    for statement in _HOURS if counted else ():
        run(session, statement, counted)
