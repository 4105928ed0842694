"""People who are not heard of any more: found once a day, told twice, then erased."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update
from sqlmodel import Session

from care.due import Due, DueState, Kind
from care.people import Patient, State
from care.retention import end_named, ends, is_about, latest_sign, needs_notice, notices
from storage.erasing import Erased, erase
from storage.owing import insert
from storage.rows import person_by_id
from storage.tables import answers, check_ins, due, inbox, notes, patients
from storage.writing import run

_A_MONTH = timedelta(days=30)

_P = patients.c
_stored = func.coalesce(_P.heard_at, _P.created_at)
_ANSWERED = (
    select(func.max(answers.c.answered_at))
    .join(check_ins, check_ins.c.id == answers.c.check_in_id)
    .where(check_ins.c.patient_id == bindparam("owner"))
)
_NOTED = select(func.max(notes.c.written_at)).where(notes.c.patient_id == bindparam("owner"))
_BORN = select(_P.created_at).where(_P.id == bindparam("owner"))


def _answered_since(name: str) -> Any:
    return exists().where(
        check_ins.c.patient_id == _P.id,
        answers.c.check_in_id == check_ins.c.id,
        answers.c.answered_at > bindparam(name),
    )


def _noted_since(name: str) -> Any:
    return exists().where(notes.c.patient_id == _P.id, notes.c.written_at > bindparam(name))


_SILENT = (
    select(_P.id)
    .where(_stored <= bindparam("edge"), _P.created_at <= bindparam("edge"))
    .where(~_answered_since("edge"), ~_noted_since("edge"))
    .order_by(_P.id)
)
_LATEST_WORD = select(func.max(inbox.c.received_at)).where(inbox.c.chat_key == _P.chat_id).scalar_subquery()
_HEAR = (
    update(patients)
    .where(_stored < bindparam("since"), _P.state != State.UNREACHABLE, ~_answered_since("since"))
    .where(exists().where(inbox.c.chat_key == _P.chat_id, inbox.c.received_at > bindparam("since")))
    .values(heard_at=_LATEST_WORD)
)
_NOTICES = (
    select(due.c.event, due.c.slot, due.c.state, due.c.why)
    .where(due.c.patient_id == bindparam("owner"), due.c.kind == Kind.RETENTION)
    .order_by(due.c.event.desc(), due.c.at.desc())
)
_HEARD = update(patients).where(_P.chat_id == bindparam("whose")).values(heard_at=bindparam("moment"))


def hear(session: Session, now: datetime) -> None:
    """Note who wrote or pressed anything at all lately; of people who answer their cards the answers tell enough."""
    run(session, _HEAR, {"since": now - _A_MONTH})


def silent(session: Session, months: int, now: datetime) -> list[int]:
    """List the patients who may not have been heard of for almost this many months."""
    return list(run(session, _SILENT, {"edge": latest_sign(now, months)}).scalars())


def settle(session: Session, patient_id: int, months: int, now: datetime) -> Erased | None:
    """Owe a silent patient the notices that are lacking, or erase them when their time is over; give what went.

    Whoever cannot be reached gets no notice. Decided and done in one transaction, so that no sign of life is too late.
    """
    whose = person_by_id(session, patient_id, locked=True)
    if whose is None or not _is_over(session, whose.patient, months, now):
        return None
    return erase(session, whose.patient.chat_id, now)


def keep(session: Session, chat_id: int, now: datetime) -> None:
    """Take a press as a sign of life."""
    run(session, _HEARD, {"whose": chat_id, "moment": now})


def is_heard(session: Session, owed: Due, patient: Patient) -> bool:
    """Tell whether the person was heard of since a notice was owed."""
    return not is_about(owed.event, last_sign(session, patient))


def last_sign(session: Session, patient: Patient) -> datetime:
    """Give the moment at which a patient was last heard of: an answer, a note, a choice, or their first word."""
    signs = [run(session, one, {"owner": patient.id}).scalar() for one in (_BORN, _ANSWERED, _NOTED)]
    return max(sign for sign in (*signs, patient.heard_at) if sign is not None)


def _is_over(session: Session, patient: Patient, months: int, now: datetime) -> bool:
    """Tell whether a silent patient is to be erased now; else owe the notices that are lacking."""
    sign = last_sign(session, patient)
    if patient.state is State.UNREACHABLE:
        return now.date() >= ends(sign, months)
    if not needs_notice(sign, months, now):
        return False
    told = [row for row in run(session, _NOTICES, {"owner": patient.id}) if is_about(row.event, sign)]
    if told and now.date() >= end_named(told[0].event) and _is_settled(told[0]):
        return True
    if not told or (now.date() >= end_named(told[0].event) and not _is_waiting(told[0])):
        for notice in notices(patient, sign, months, now):
            insert(session, notice)
    return False


def _is_settled(row: Any) -> bool:
    """Tell whether the last notice went out, or never can because the person blocked the bot."""
    return bool(row.state == DueState.SENT or (row.state == DueState.DROPPED and row.why == "unreachable"))


def _is_waiting(row: Any) -> bool:
    return row.state in (DueState.WAITING, DueState.LEASED)
