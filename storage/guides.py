"""The card that the answers of a complete check-in call for: chosen once, remembered sealed, and shown while it holds.

It is kept where the small step of the check-in would be: the card takes the step's place. Which card it was would tell
an answer, so its code is sealed like one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from care.checkin import CheckIn, Kind, Outcome
from care.guidance import Case, Rule, ShownGuide, Told, choose, felt_before, rule_named
from care.people import Patient
from care.treatments import latest_before
from storage import agenda
from storage.rows import Person, check_ins_between, person_by_id
from storage.steps import CARD, IS_CARD
from storage.tables import steps_shown
from storage.writing import insert_new, run

_WIDTH = 16
_LOOK_BACK = timedelta(days=28)
_A_DAY = timedelta(days=1)
_LONG_AGO = timedelta(days=400)
_S = steps_shown.c
_SHOWN = select(_S.check_in_id, _S.code, _S.shown_at).where(_S.patient_id == bindparam("owner"), IS_CARD)
_LATELY = _SHOWN.where(_S.shown_at >= bindparam("since"))
_OF_ONE = _SHOWN.where(_S.check_in_id == bindparam("number"))
_DROP = delete(steps_shown).where(_S.patient_id == bindparam("owner"), _S.check_in_id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class Guide:
    """A card, and whether what it is about was felt after the treatment before, too."""

    rule: Rule
    felt_before: bool = False


def offer(session: Session, patient: Patient, done: CheckIn, now: datetime) -> Rule | None:
    """Choose the card for a check-in that is complete now or was changed, and remember it; None where none is due."""
    whose, case = person_by_id(session, patient.id), _case(session, patient, done)
    if whose is None:
        return None
    others = [one for number, one in _lately(session, whose, now) if number != done.id]
    rule = choose(case, others, now)
    if rule is not None and _kept(session, whose, done.id) != rule.code:
        _remember(session, whose, done.id, rule.code, now)
    return rule


def of_check_in(session: Session, patient: Patient, done: CheckIn) -> Guide | None:
    """Give the card that was chosen for a check-in; None where there is none or the answers no longer call for it."""
    whose = person_by_id(session, patient.id)
    rule = rule_named(_kept(session, whose, done.id)) if whose else None
    if rule is None or not rule.holds(_case(session, patient, done)):
        return None
    return Guide(rule, bool(rule.about) and _felt_before(session, patient, done, rule.about))


def _case(session: Session, patient: Patient, done: CheckIn) -> Case:
    """Put together what a card is chosen by. A day that was filled in later knows nothing of the days before it."""
    finished = done.completed_at or done.opened_at
    if patient.day_at(finished) != done.day:
        return Case(_told(patient, done))
    before = check_ins_between(session, patient.chat_id, done.day - _LOOK_BACK, done.day - _A_DAY)
    daily = [one for one in before if one.kind is Kind.DAILY and one.outcome is Outcome.COMPLETE]
    treated = latest_before(agenda.lately(session, patient.id, finished), finished)
    earlier = tuple(_told(patient, one) for one in reversed(daily))
    return Case(_told(patient, done), earlier, treated.at if treated else None)


def _told(patient: Patient, one: CheckIn) -> Told:
    given = ((code, one.answers[code]) for code in one.values)
    hours = {code: answer.hours for code, answer in given if patient.day_at(answer.answered_at) == one.day}
    return Told(one.day, one.values, hours)


def _felt_before(session: Session, patient: Patient, done: CheckIn, feeling: str) -> bool:
    """Tell whether a feeling was moderate or worse in the first day after the treatment before the last."""
    finished = done.completed_at or done.opened_at
    known = agenda.treatments_since(session, patient.id, finished - _LONG_AGO)
    last = latest_before(known, finished)
    before = latest_before([one for one in known if last and one.at < last.at], finished)
    if last is None or before is None:
        return False
    first, until = patient.day_at(before.at), patient.day_at(before.end + _A_DAY)
    after = [
        one
        for one in check_ins_between(session, patient.chat_id, first, until)
        if feeling in one.answers and before.at <= one.answers[feeling].answered_at < last.at
    ]
    return felt_before(feeling, [_told(patient, one) for one in after])


def _lately(session: Session, whose: Person, now: datetime) -> list[tuple[int, ShownGuide]]:
    rows = run(session, _LATELY, {"owner": whose.patient.id, "since": now - _LOOK_BACK})
    return [(number, ShownGuide(_opened(whose, number, code), at)) for number, code, at in rows]


def _kept(session: Session, whose: Person, number: int) -> str:
    row = run(session, _OF_ONE, {"owner": whose.patient.id, "number": number}).first()
    return "" if row is None else _opened(whose, row.check_in_id, row.code)


def _remember(session: Session, whose: Person, number: int, code: str, now: datetime) -> None:
    """Keep a card in place of what was shown with the check-in before."""
    run(session, _DROP, {"owner": whose.patient.id, "number": number})
    sealed = CARD + urlsafe_b64encode(whose.seal(code.ljust(_WIDTH), _place(number))).decode()
    row = {"patient_id": whose.patient.id, "check_in_id": number, "code": sealed, "shown_at": now}
    insert_new(session, steps_shown, row)


def _opened(whose: Person, number: int, code: str) -> str:
    return whose.open(urlsafe_b64decode(code.removeprefix(CARD)), _place(number)).rstrip()


def _place(number: int) -> str:
    return f"steps_shown/{number}"
