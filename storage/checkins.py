"""Check-ins and their answers. Everything here may be called twice: the second call changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session

from care.checkin import Answer, CheckIn, Kind, Outcome, all_fine, is_complete, takes
from care.course import AFTER_SET, VISIT_SET, DayCard, card_of
from care.owed import closing
from care.owed import snooze as snoozing
from care.people import Patient, State
from care.questions import question_sets
from care.treatments import Treatment
from care.wanted import CLOSE_GRACE
from storage import agenda, updates
from storage.owing import insert as owe
from storage.planning import drop_prompts_of, plan_next
from storage.rows import Person, check_in, check_in_by_key, person, place_of_answer, sealable
from storage.tables import answer_revisions, check_ins, patients
from storage.tables import answers as answer_rows
from storage.writing import insert_new_id, put, run

DAYS_BACK = 7
"""How many days back a check-in can still be filled in."""

_MINE = check_ins.c.id == bindparam("check_in_id")
_SETTLE = (
    update(check_ins)
    .where(_MINE)
    .values(outcome=bindparam("new_outcome"), completed_at=bindparam("completed"), entered_late=bindparam("late"))
)
_CLOSE = (
    update(check_ins)
    .where(_MINE, check_ins.c.patient_id == bindparam("owner"), check_ins.c.outcome == Outcome.OPEN)
    .values(outcome=Outcome.CLOSED)
)
_CLOSE_ALL = (
    update(check_ins)
    .where(check_ins.c.patient_id == bindparam("owner"), check_ins.c.outcome == Outcome.OPEN)
    .values(outcome=Outcome.CLOSED)
)
_SHOWN = update(check_ins).where(_MINE).values(message_id=bindparam("shown"))
_ADD_REVISION = insert(answer_revisions)
_HEARD = update(patients).where(patients.c.id == bindparam("owner")).values(heard_at=bindparam("moment"))
_PLAIN = DayCard()


@dataclass(frozen=True, slots=True)
class Card:
    """A check-in as it now stands, whose it is, and whether the call changed it."""

    patient: Patient
    check_in: CheckIn
    changed: bool


def open_today(session: Session, chat_id: int, now: datetime) -> Card | None:
    """Open the check-in of the person's day, or give the one that is there; None for whoever has not finished start."""
    found = _started(session, chat_id)
    return None if found is None else open_daily(session, found, found.patient.day_at(now), now)


def open_extra(session: Session, chat_id: int, key: str, now: datetime) -> Card | None:
    """Open another check-in on the person's day; the same key gives the same check-in."""
    found = _started(session, chat_id)
    return None if found is None else _opened(session, found, Kind.EXTRA, key, found.patient.day_at(now), now, _PLAIN)


def open_past(session: Session, chat_id: int, day: date, now: datetime) -> Card | None:
    """Open the check-in of a day 1 to 7 days back as entered late; a closed or declined one is open again."""
    found = _started(session, chat_id)
    if found is None or not 1 <= (found.patient.day_at(now) - day).days <= DAYS_BACK:
        return None
    card = open_daily(session, found, day, now, late=True)
    return card if card.changed else reopen(session, chat_id, card.check_in.id, now)


def open_daily(session: Session, whose: Person, day: date, now: datetime, *, late: bool = False) -> Card:
    """Open the check-in of one of a person's days unless it is there; a new one is owed its closing.

    A treatment decides what it asks; a day that is filled in later is asked the plain questions.
    """
    asks = _PLAIN if late else card_of(whose.patient, day, agenda.lately(session, whose.patient.id, now))
    return _opened(session, whose, Kind.DAILY, day.isoformat(), day, now, asks, late=late)


def open_after(session: Session, whose: Person, treatment: Treatment, now: datetime) -> Card:
    """Open the check-in some hours after a treatment unless it is there."""
    day = whose.patient.day_at(treatment.at)
    asks = DayCard(AFTER_SET, treatment_id=treatment.id)
    return _opened(session, whose, Kind.AFTER, f"t{treatment.id}", day, now, asks)


def open_after_now(session: Session, chat_id: int, treatment_id: int, now: datetime) -> Card | None:
    """Open the check-in after a treatment because the person asked; None when the treatment is not theirs."""
    found = _started(session, chat_id)
    treatment = agenda.treatment(session, found.patient.id, treatment_id) if found else None
    return None if found is None or treatment is None else open_after(session, found, treatment, now)


def open_visit(session: Session, chat_id: int, visit_id: int, now: datetime) -> Card | None:
    """Open the check-in before an appointment unless it is there; None when it is not this person's."""
    found = _started(session, chat_id)
    visit = agenda.visit(session, found, visit_id) if found else None
    if found is None or visit is None:
        return None
    day, key = found.patient.day_at(now), f"a{visit.id}.{visit.version}"
    return _opened(session, found, Kind.VISIT, key, day, now, DayCard(VISIT_SET), appointment_id=visit.id)


def open_form(session: Session, chat_id: int, set_name: str, now: datetime) -> Card | None:
    """Open a standard form on the person's day unless it is there."""
    found = _started(session, chat_id)
    if found is None:
        return None
    day = found.patient.day_at(now)
    return _opened(session, found, Kind.FORM, f"{set_name}/{day.isoformat()}", day, now, DayCard(set_name))


def after_of(session: Session, patient_id: int, treatment_id: int, *, locked: bool = False) -> CheckIn | None:
    """Give the check-in some hours after a treatment; None while it is not open."""
    found = check_in_by_key(session, patient_id, Kind.AFTER, f"t{treatment_id}", locked=locked)
    return found[1] if found else None


def find(session: Session, chat_id: int, check_in_id: int) -> Card | None:
    """Give a check-in of this person; None when there is none or it is somebody else's."""
    found = check_in(session, chat_id, check_in_id)
    return None if found is None else Card(found[0].patient, found[1], False)


def answer(
    session: Session, chat_id: int, check_in_id: int, code: str, value: int | None, revision: int, now: datetime
) -> Card | None:
    """Take an answer that was given to the card as it now stands; anything else changes nothing.

    revision is how often the question had been answered when the button was drawn, so that a press from an
    older card can never overwrite a newer answer. None when the check-in is not this person's.
    """
    found = check_in(session, chat_id, check_in_id, locked=True)
    if found is None:
        return None
    whose, present = found
    if not _may_answer(present, code, value, revision):
        return Card(whose.patient, present, False)
    given = Answer(value, revision + 1, now, _hours(session, present, code, now))
    _write(session, whose, present.id, code, given)
    return Card(whose.patient, _weigh(session, whose.patient, present, {code: given}, now), True)


def answer_all_fine(session: Session, chat_id: int, check_in_id: int, now: datetime) -> Card | None:
    """Answer every question still open that "All fine" stands for; None when the check-in is not this person's."""
    found = check_in(session, chat_id, check_in_id, locked=True)
    if found is None:
        return None
    whose, present = found
    fine = all_fine(present.questions, present.answers) if present.outcome is Outcome.OPEN else {}
    if not fine:
        return Card(whose.patient, present, False)
    given = {code: Answer(value, 1, now, _hours(session, present, code, now)) for code, value in fine.items()}
    for code, one in given.items():
        _write(session, whose, present.id, code, one)
    return Card(whose.patient, _weigh(session, whose.patient, present, given, now), True)


def decline(session: Session, chat_id: int, check_in_id: int, now: datetime) -> Card | None:
    """Leave an open check-in out ("not today"); its prompts are dropped."""
    found = check_in(session, chat_id, check_in_id, locked=True)
    if found is None:
        return None
    whose, present = found
    if present.outcome is not Outcome.OPEN:
        return Card(whose.patient, present, False)
    declined = replace(present, outcome=Outcome.DECLINED)
    _settle(session, declined)
    _hear(session, whose.patient, now)
    drop_prompts_of(session, declined, "declined", now)
    plan_next(session, whose.patient, now)
    return Card(whose.patient, declined, True)


def reopen(session: Session, chat_id: int, check_in_id: int, now: datetime) -> Card | None:
    """Open a closed or declined check-in again, up to 7 days back; entered late when its day is over."""
    found = check_in(session, chat_id, check_in_id, locked=True)
    if found is None:
        return None
    whose, present = found
    back = (whose.patient.day_at(now) - present.day).days
    too_old = back > _days_back(present.kind)
    if present.outcome not in (Outcome.CLOSED, Outcome.DECLINED) or too_old:
        return Card(whose.patient, present, False)
    again = replace(present, outcome=Outcome.OPEN, entered_late=present.entered_late or back > 0)
    _settle(session, again)
    _owe_closing(session, whose.patient, again, now, slot=now.isoformat())
    return Card(whose.patient, again, True)


def _days_back(kind: Kind) -> float:
    """Give how many days back a check-in of a kind opens again: a form asks about the time before its own day."""
    return {Kind.VISIT: inf, Kind.FORM: 0}.get(kind, DAYS_BACK)


def close(session: Session, patient_id: int, check_in_id: int, now: datetime) -> None:
    """Freeze a patient's check-in that is still open; what was answered stays."""
    run(session, _CLOSE, {"check_in_id": check_in_id, "owner": patient_id})


def close_all(session: Session, patient_id: int) -> None:
    """Freeze all of a patient's open check-ins, because nobody can be asked any more."""
    run(session, _CLOSE_ALL, {"owner": patient_id})


def snooze(session: Session, chat_id: int, check_in_id: int, at: datetime, now: datetime) -> Card | None:
    """Show an open check-in again at a moment the person chose, instead of its other prompts."""
    found = check_in(session, chat_id, check_in_id, locked=True)
    if found is None:
        return None
    whose, present = found
    if present.outcome is not Outcome.OPEN:
        return Card(whose.patient, present, False)
    new = snoozing(whose.patient, present.day, present.id, at)
    _hear(session, whose.patient, now)
    drop_prompts_of(session, present, "snoozed", now, keep=new.slot)
    owe(session, new)
    plan_next(session, whose.patient, now)
    return Card(whose.patient, present, True)


def card_shown(session: Session, chat_id: int, check_in_id: int, message_id: int) -> int | None:
    """Remember the message that now shows the card; give the one that did before, when it is another."""
    found = check_in(session, chat_id, check_in_id, locked=True)
    return None if found is None else remember_card(session, found[1], message_id)


def remember_card(session: Session, present: CheckIn, message_id: int) -> int | None:
    """Do what card_shown does for a check-in that was read and locked already."""
    if present.message_id == message_id:
        return None
    run(session, _SHOWN, {"check_in_id": present.id, "shown": message_id})
    return present.message_id


def _started(session: Session, chat_id: int) -> Person | None:
    found = person(session, chat_id)
    return None if found is None or found.patient.state is State.ONBOARDING else found


def _hear(session: Session, patient: Patient, now: datetime) -> None:
    """Remember that the person was heard of: a card left out or put off is no silence."""
    run(session, _HEARD, {"owner": patient.id, "moment": now})


def _hours(session: Session, present: CheckIn, code: str, now: datetime) -> float | None:
    question = present.questions.question(code)
    return agenda.hours_now(session, present.patient_id, now) if question is not None and question.body else None


def _opened(
    session: Session,
    whose: Person,
    kind: Kind,
    key: str,
    day: date,
    now: datetime,
    asks: DayCard,
    *,
    late: bool = False,
    appointment_id: int | None = None,
) -> Card:
    patient = whose.patient
    values = {
        "patient_id": patient.id,
        "kind": kind,
        "key": key,
        "day": day,
        "language": patient.language,
        "set_name": asks.set_name,
        "set_version": question_sets()[asks.set_name].version,
        "extras": frozenset(asks.extras),
        "treatment_id": asks.treatment_id,
        "appointment_id": appointment_id,
        "opened_at": now,
        "outcome": Outcome.OPEN,
        "entered_late": late,
    }
    number = insert_new_id(session, check_ins, values)
    there = check_in_by_key(session, patient.id, kind, key)
    if there is None:
        raise LookupError("a check-in that was just opened is gone")
    if number is not None:
        _owe_closing(session, patient, there[1], now)
    return Card(patient, there[1], number is not None)


def _may_answer(present: CheckIn, code: str, value: int | None, revision: int) -> bool:
    return (
        present.outcome in (Outcome.OPEN, Outcome.COMPLETE)
        and present.revision(code) == revision
        and takes(present.questions, present.answers, code, value)
    )


def _write(session: Session, whose: Person, check_in_id: int, code: str, given: Answer) -> None:
    sealed = whose.seal(sealable(given.value), place_of_answer(check_in_id, code, given.revision))
    row = {
        "check_in_id": check_in_id,
        "question": code,
        "revision": given.revision,
        "value": sealed,
        "answered_at": given.answered_at,
        "hours": given.hours,
    }
    run(session, _ADD_REVISION, row)
    put(session, answer_rows, row)


def _weigh(session: Session, patient: Patient, before: CheckIn, given: Mapping[str, Answer], now: datetime) -> CheckIn:
    """Work out how a check-in stands after answers, and write that when it is something new."""
    answers = {**before.answers, **given}
    complete = is_complete(before.questions, answers)
    after = replace(
        before,
        answers=answers,
        outcome=Outcome.COMPLETE if complete else Outcome.OPEN,
        completed_at=(before.completed_at or now) if complete else None,
        entered_late=before.entered_late or _is_late(patient, before, now),
    )
    if (after.outcome, after.entered_late) == (before.outcome, before.entered_late):
        return after
    _settle(session, after)
    if after.outcome is Outcome.COMPLETE:
        updates.on_complete(session, patient, after, now)
        drop_prompts_of(session, after, "answered", now)
        plan_next(session, patient, now)
    else:
        _owe_closing(session, patient, after, now, slot=now.isoformat())
    return after


def _is_late(patient: Patient, before: CheckIn, now: datetime) -> bool:
    """Tell whether an answer to a check-in never finished comes after its day; half an hour is not late yet."""
    return before.outcome is Outcome.OPEN and patient.day_at(now - CLOSE_GRACE) > before.day


def _settle(session: Session, after: CheckIn) -> None:
    values = {"new_outcome": after.outcome, "completed": after.completed_at, "late": after.entered_late}
    run(session, _SETTLE, {"check_in_id": after.id, **values})


def _owe_closing(session: Session, patient: Patient, present: CheckIn, now: datetime, slot: str = "1") -> None:
    """Owe the closing of an open check-in at the end of its day, or of today for a day that is over."""
    today = max(patient.day_at(now), present.day)
    event = f"{present.day.isoformat()}/{present.id}"
    owe(session, replace(closing(patient, today, present.id), event=event, slot=slot))
