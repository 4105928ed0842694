"""Rows turned into the values that care's rules read, always for one person and with that person's key at hand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from care.checkin import SKIPPED, Answer, CheckIn, Kind, Outcome
from care.people import Pace, Patient, State
from care.schedule import QuietHours
from storage.sealing import KeyFault, Keyring, seal, unseal
from storage.tables import answers, check_ins, data_keys, patients
from storage.writing import run


@dataclass(frozen=True, slots=True)
class Person:
    """A patient with the means to seal and open what is theirs."""

    patient: Patient
    wrapped: bytes | None
    keyring: Keyring

    def seal(self, value: str, place: str) -> bytes:
        """Seal words of this person for one place, to which the person's own number is added."""
        return seal(self._key(), value.encode(), f"{self.patient.id}/{place}")

    def open(self, sealed: bytes, place: str) -> str:
        """Open what seal() sealed for that place; raises KeyFault for anything else."""
        return unseal(self._key(), sealed, f"{self.patient.id}/{place}").decode()

    def _key(self) -> bytes:
        if self.wrapped is None:
            raise KeyFault("this person's key was dropped: what was sealed with it stays closed for ever")
        return self.keyring.unwrap(self.wrapped)


_P = patients.c
_C = check_ins.c
_PATIENT = [
    *(_P.id, _P.chat_id, _P.language, _P.state, _P.zone, _P.travel_zone, _P.travel_until, _P.country),
    *(_P.daily_minute, _P.weekdays, _P.quiet_start, _P.quiet_end, _P.nudges, _P.discreet, _P.day_start),
    *(_P.paused_until, _P.plan_version, _P["items"], _P.pace, _P.pace_from, _P.heard_at, data_keys.c.wrapped),
]
_CHECK_IN = [
    *(_C.id, _C.patient_id, _C.kind, _C.day, _C.opened_at, _C.set_name, _C.set_version, _C.outcome),
    *(_C.completed_at, _C.entered_late, _C.message_id, _C.extras, _C.treatment_id, _C.appointment_id),
]
_WIDTH = len(_PATIENT)
_VALUE_WIDTH = 8
_WITH_KEY = patients.outerjoin(data_keys, data_keys.c.id == _P.key_id)


def _locking(statement: Select[Any], table: Any) -> dict[bool, Select[Any]]:
    """Give a statement that only reads, and one that keeps others from changing the row (SQLite needs no word)."""
    return {False: statement, True: statement.with_for_update(of=table)}


_BY_CHAT = _locking(select(*_PATIENT).select_from(_WITH_KEY).where(_P.chat_id == bindparam("chat_id")), patients)
_BY_ID = _locking(select(*_PATIENT).select_from(_WITH_KEY).where(_P.id == bindparam("patient_id")), patients)
_CHECK_INS = select(*_PATIENT, *_CHECK_IN).select_from(check_ins.join(_WITH_KEY, _C.patient_id == _P.id))
_CHECK_IN_OF_CHAT = _locking(
    _CHECK_INS.where(_C.id == bindparam("check_in_id"), _P.chat_id == bindparam("chat_id")), check_ins
)
_CHECK_IN_OF_PATIENT = _locking(
    _CHECK_INS.where(_C.id == bindparam("check_in_id"), _P.id == bindparam("patient_id")), check_ins
)
_CHECK_IN_BY_KEY = _locking(
    _CHECK_INS.where(
        _C.patient_id == bindparam("patient_id"), _C.kind == bindparam("kind"), _C.key == bindparam("key")
    ),
    check_ins,
)
_CHECK_INS_BETWEEN = _CHECK_INS.where(
    _P.chat_id == bindparam("chat_id"), _C.day >= bindparam("first"), _C.day <= bindparam("last")
).order_by(_C.day, _C.opened_at, _C.id)
_CHECK_INS_OF_KIND = _CHECK_INS.where(
    _P.chat_id == bindparam("chat_id"), _C.kind == bindparam("kind"), _C.day >= bindparam("first")
).order_by(_C.day, _C.opened_at, _C.id)
_A = answers.c
_ANSWER: list[Any] = [_A.check_in_id, _A.question, _A.value, _A.revision, _A.answered_at, _A.hours]
_ANSWERS = select(*_ANSWER).where(answers.c.check_in_id == bindparam("check_in_id"))
_ANSWERS_OF_ALL = select(*_ANSWER).where(answers.c.check_in_id.in_(bindparam("check_in_ids", expanding=True)))


def keyring(session: Session) -> Keyring:
    """Give the operator's keys that the database put into the session."""
    return cast(Keyring, session.info["keyring"])


def person(session: Session, chat_id: int, *, locked: bool = False) -> Person | None:
    """Give the patient of a chat; locked keeps others from changing the row until the transaction ends."""
    row = run(session, _BY_CHAT[locked], {"chat_id": chat_id}).first()
    return None if row is None else _person(session, row)


def person_by_id(session: Session, patient_id: int, *, locked: bool = False) -> Person | None:
    """Give a patient by their number, for work that a due row carries."""
    row = run(session, _BY_ID[locked], {"patient_id": patient_id}).first()
    return None if row is None else _person(session, row)


def check_in(
    session: Session, chat_id: int, check_in_id: int, *, locked: bool = False
) -> tuple[Person, CheckIn] | None:
    """Give a check-in with its answers, and whose it is; None when it is not this chat's."""
    return _one(session, _CHECK_IN_OF_CHAT[locked], {"check_in_id": check_in_id, "chat_id": chat_id})


def check_in_of_patient(
    session: Session, patient_id: int, check_in_id: int, *, locked: bool = False
) -> tuple[Person, CheckIn] | None:
    """Give a check-in by the patient's number; None when it is not theirs."""
    return _one(session, _CHECK_IN_OF_PATIENT[locked], {"check_in_id": check_in_id, "patient_id": patient_id})


def check_in_by_key(
    session: Session, patient_id: int, kind: Kind, key: str, *, locked: bool = False
) -> tuple[Person, CheckIn] | None:
    """Give a patient's check-in of a kind by its key; None when it was not opened."""
    return _one(session, _CHECK_IN_BY_KEY[locked], {"patient_id": patient_id, "kind": kind, "key": key})


def check_ins_between(session: Session, chat_id: int, first: Any, last: Any) -> list[CheckIn]:
    """List the check-ins of a chat's days from first to last with their answers, oldest first."""
    return _all(session, _CHECK_INS_BETWEEN, {"chat_id": chat_id, "first": first, "last": last})


def check_ins_of_kind(session: Session, chat_id: int, kind: Kind, first: Any) -> list[CheckIn]:
    """List a chat's check-ins of one kind since a day with their answers, oldest first."""
    return _all(session, _CHECK_INS_OF_KIND, {"chat_id": chat_id, "kind": kind, "first": first})


def _all(session: Session, statement: Select[Any], values: Mapping[str, Any]) -> list[CheckIn]:
    rows = run(session, statement, values).all()
    if not rows:
        return []
    owner = _person(session, rows[0])
    by_check_in: dict[int, list[Any]] = {row[_WIDTH]: [] for row in rows}
    for found in run(session, _ANSWERS_OF_ALL, {"check_in_ids": list(by_check_in)}):
        by_check_in[found[0]].append(found)
    return [_check_in(row, _answers(owner, by_check_in[row[_WIDTH]])) for row in rows]


def place_of_answer(check_in_id: int, code: str, revision: int) -> str:
    """Name the place of an answer, which no other answer shares."""
    return f"answers/{check_in_id}/{code}/{revision}"


def sealable(value: int | None) -> str:
    """Write an answer's value as it is sealed: as JSON, and as wide as any other, or the length would tell it."""
    return json.dumps(value).ljust(_VALUE_WIDTH)


def value_of(text: str) -> int | None:
    """Read an answer's value as it was sealed."""
    return SKIPPED if text.startswith("null") else int(text)


def _one(session: Session, statement: Select[Any], values: Mapping[str, Any]) -> tuple[Person, CheckIn] | None:
    row = run(session, statement, values).first()
    if row is None:
        return None
    owner = _person(session, row)
    # A second statement, not a join: after waiting for the lock a join would show the answers as they were before.
    given = run(session, _ANSWERS, {"check_in_id": row[_WIDTH]}).all()
    return owner, _check_in(row, _answers(owner, given))


def _person(session: Session, row: Any) -> Person:
    *given, wrapped = row[:_WIDTH]
    given[3] = State(given[3])
    given[18] = Pace(given[18])
    given[10:12] = [QuietHours(*given[10:12])]
    return Person(Patient(*given), wrapped, keyring(session))


def _check_in(row: Any, given: Mapping[str, Answer]) -> CheckIn:
    values = [*row[_WIDTH:], given]
    values[2], values[7], values[11] = Kind(values[2]), Outcome(values[7]), tuple(sorted(values[11]))
    return CheckIn(*values)


def _answers(owner: Person, rows: Sequence[Any]) -> dict[str, Answer]:
    return {
        code: Answer(value_of(owner.open(value, place_of_answer(number, code, revision))), revision, answered_at, hours)
        for number, code, value, revision, answered_at, hours in rows
    }
