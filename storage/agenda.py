"""What lies around a person's days: the treatments they had and their appointments, read for planning and for cards."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from care.course import LOOK_BACK
from care.treatments import Treatment, TreatmentKind, hours_since, latest_before
from care.visits import AHEAD, Appointment, Ride, VisitKind, VisitState
from storage.rows import Person
from storage.tables import appointments, patients, treatments
from storage.writing import run

HAD, REMOVED = "had", "removed"
"""States of a treatment row."""
_LONG_AGO = timedelta(days=400)

_T = treatments.c
_TREATMENT = [_T.id, _T.patient_id, _T.at, _T.zone, _T.kind, _T.ended_at, _T.version]
_HAD = select(*_TREATMENT).where(_T.patient_id == bindparam("owner"), _T.state == HAD)
_SINCE = _HAD.where(_T.at >= bindparam("since")).order_by(_T.at, _T.id)
_ONE = _HAD.where(_T.id == bindparam("number"))
_OF_CHAT = (
    select(*_TREATMENT)
    .join(patients, patients.c.id == _T.patient_id)
    .where(patients.c.chat_id == bindparam("chat_id"), _T.state == HAD)
    .order_by(_T.at, _T.id)
)
_A = appointments.c
VISIT = [
    *(_A.id, _A.patient_id, _A.at, _A.zone, _A.kind, _A.state, _A.ends_at, _A.ride, _A.version),
    *(_A.treatment_id, _A.notes_sealed),
]
VISITS = select(*VISIT).where(_A.patient_id == bindparam("owner"))
_VISIT = VISITS.where(_A.id == bindparam("number"))
_STANDING = VISITS.where(_A.state.in_(AHEAD), _A.at > bindparam("since")).order_by(_A.at, _A.id)


def treatments_of(session: Session, chat_id: int) -> list[Treatment]:
    """List the treatments of a chat's patient, oldest first."""
    return [_treatment(row) for row in run(session, _OF_CHAT, {"chat_id": chat_id})]


def treatments_since(session: Session, patient_id: int, moment: datetime) -> list[Treatment]:
    """List a patient's treatments from a moment on, oldest first."""
    return [_treatment(row) for row in run(session, _SINCE, {"owner": patient_id, "since": moment})]


def lately(session: Session, patient_id: int, now: datetime) -> list[Treatment]:
    """List the treatments that matter to the cards of the days around a moment."""
    return treatments_since(session, patient_id, now - LOOK_BACK)


def treatment(session: Session, patient_id: int, number: int) -> Treatment | None:
    """Give a treatment of this patient; None when it is not theirs or was removed."""
    row = run(session, _ONE, {"owner": patient_id, "number": number}).first()
    return None if row is None else _treatment(row)


def hours_now(session: Session, patient_id: int, moment: datetime) -> float | None:
    """Give the hours since a patient's last treatment at a moment; None when they had none for 400 days."""
    return hours_at(treatments_since(session, patient_id, moment - _LONG_AGO), moment)


def hours_at(known: Sequence[Treatment], moment: datetime) -> float | None:
    """Give the hours since the last of these treatments at a moment."""
    return hours_since(latest_before(known, moment), moment)


def visit(session: Session, whose: Person, number: int) -> Appointment | None:
    """Give an appointment of a person by its number; None when it is not theirs."""
    found = visits(session, whose, _VISIT, number=number)
    return found[0] if found else None


def standing(session: Session, whose: Person, since: datetime) -> list[Appointment]:
    """List the appointments that still stand, from a moment on: also those whose hour has passed unmarked."""
    return visits(session, whose, _STANDING, since=since)


def visits(session: Session, whose: Person, statement: Any, **values: Any) -> list[Appointment]:
    """List a person's appointments that a statement over VISITS finds."""
    return [_visit(whose, row) for row in run(session, statement, {"owner": whose.patient.id, **values})]


def place_of_note(number: int) -> str:
    """Name the place of an appointment's preparation note."""
    return f"appointments/{number}/notes"


def _treatment(row: Any) -> Treatment:
    number, patient_id, at, zone, kind, ended_at, version = row
    return Treatment(number, patient_id, at, zone, TreatmentKind(kind) if kind else None, ended_at, version)


def _visit(whose: Person, row: Any) -> Appointment:
    number, patient_id, at, zone, kind, state, ends_at, way, version, treatment_id, note = row
    return Appointment(
        number,
        patient_id,
        at,
        zone,
        VisitKind(kind),
        VisitState(state),
        ends_at,
        Ride(way) if way else None,
        version,
        treatment_id,
        whose.open(note, place_of_note(number)) if note else "",
    )
