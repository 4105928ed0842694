"""How long a person has not been heard of: prompts sent since their last answer, note or word about the prompts."""

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from care.due import DueState, Kind
from care.easing import Silence
from care.people import Patient
from storage.tables import answers, check_ins, due, notes
from storage.writing import run

_D = due.c
_ANSWERED = (
    select(func.max(answers.c.answered_at))
    .join(check_ins, check_ins.c.id == answers.c.check_in_id)
    .where(check_ins.c.patient_id == bindparam("owner"))
)
_NOTED = select(func.max(notes.c.written_at)).where(notes.c.patient_id == bindparam("owner"))
_PROMPTS = select(func.count(), func.min(_D.finished_at)).where(
    _D.patient_id == bindparam("owner"),
    _D.kind == Kind.DAILY,
    _D.state == DueState.SENT,
    _D.id != bindparam("but"),
)
_PROMPTS_SINCE = _PROMPTS.where(_D.finished_at > bindparam("heard"))


def of_patient(session: Session, patient: Patient, but: int = 0) -> Silence:
    """Give a patient's silence; but leaves one due row out of the count."""
    values = {"owner": patient.id, "but": but}
    heard = _heard(session, patient)
    counted = run(session, _PROMPTS_SINCE, values | {"heard": heard}) if heard else run(session, _PROMPTS, values)
    return Silence(*counted.one())


def _heard(session: Session, patient: Patient) -> datetime | None:
    signs = [run(session, statement, {"owner": patient.id}).scalar() for statement in (_ANSWERED, _NOTED)]
    return max((sign for sign in (*signs, patient.heard_at) if sign is not None), default=None)
