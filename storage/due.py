"""The due table at work: claim, begin, and what came of it. Marks carry the token of the claim.

A token must be new for each claim: it tells a holder that slept past its lease from the one that took over.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlmodel import Session

from care.checkin import CheckIn, Outcome
from care.checkin import Kind as CheckInKind
from care.course import is_treatment_day
from care.due import (
    ABOUT_TREATMENTS,
    ABOUT_VISITS,
    CARDS,
    RIGHTS,
    SHARING,
    UNASKED,
    Decision,
    Drop,
    Due,
    DueState,
    Failure,
    Kind,
    Later,
    Message,
    Send,
    Situation,
)
from care.easing import Tone, tone_of
from care.help_card import follow_up_still_wanted
from care.owed import missed_today, nudges_after_prompt
from care.people import Patient
from care.sharing import read_update
from care.treatments import Treatment
from care.visits import Appointment
from care.wanted import next_try, notice_still_wanted, right_still_wanted, still_wanted
from storage import agenda, checkins, forms, patients, retention, shares, silence, supporting, updates
from storage.owing import insert
from storage.planning import FINAL, is_put_off, plan_next, prompted_days
from storage.rows import Person, check_in_by_key, check_in_of_patient, person_by_id
from storage.shares import Share
from storage.tables import due
from storage.writing import run

__all__ = ["Begun", "Stuck", "begin", "claim", "failed", "insert", "next_moment", "sent", "stuck", "sweep"]

KEPT = timedelta(days=120)
CARE_KEPT = timedelta(days=90)
OVERDUE = timedelta(minutes=5)
UNDECIDED_KEPT = timedelta(days=1)

_D = due.c
_READY = or_(
    and_(_D.state == DueState.WAITING, _D.at <= bindparam("moment")),
    and_(_D.state == DueState.LEASED, _D.leased_until <= bindparam("moment")),
)
_NEXT = select(_D.id).where(_READY).order_by(_D.lane, _D.at).limit(bindparam("most"))
_FIRST = _NEXT.with_for_update(skip_locked=True).cte("ready")  # SQLite has one writer and needs no such words
_ROW = [
    _D.id,
    _D.patient_id,
    _D.kind,
    _D.event,
    _D.slot,
    _D.plan_version,
    _D.at,
    _D.expires_at,
    _D.attempts,
    _D.sending,
]
_CLAIM = (
    update(due)
    .where(_D.id.in_(select(_FIRST.c.id)))
    .values(state=DueState.LEASED, token=bindparam("holder"), leased_until=bindparam("until"))
    .returning(*_ROW, _D.lane)
)
_HELD = and_(_D.id == bindparam("due_id"), _D.token == bindparam("holder"), _D.state == DueState.LEASED)
_MINE = select(*_ROW, _D.attempted_at).where(_HELD).with_for_update()
_MINE_IN_TIME = _MINE.where(_D.leased_until > bindparam("moment"))
_BEGIN = (
    update(due).where(_HELD).values(attempts=_D.attempts + 1, sending=True, attempted_at=bindparam("moment"), why=None)
)
_LATER = (
    update(due)
    .where(_HELD)
    .values(
        state=DueState.WAITING,
        at=bindparam("new_at"),
        why=bindparam("reason"),
        attempts=_D.attempts - bindparam("given_back"),
        sending=False,
        token=None,
    )
)
_FINISH = (
    update(due)
    .where(_HELD)
    .values(
        state=bindparam("final"),
        why=bindparam("reason"),
        message_id=bindparam("shown"),
        finished_at=bindparam("moment"),
        sending=False,
        token=None,
    )
)
_OTHERS_TODAY = select(_D.kind, _D.slot, _D.attempted_at).where(
    _D.patient_id == bindparam("patient_id"),
    _D.kind.in_(UNASKED),
    _D.id != bindparam("but"),
    or_(
        and_(_D.attempted_at >= bindparam("begins"), _D.attempted_at < bindparam("ends")),
        and_(_D.attempted_at.is_(None), _D.state.in_((DueState.WAITING, DueState.LEASED)), _D.at < bindparam("ends")),
    ),
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A due row whose turn has come: what was decided, for whom, and the check-in it is about."""

    due: Due
    decision: Decision
    patient: Patient
    check_in: CheckIn | None = None
    visit: Appointment | None = None
    treatment: Treatment | None = None
    tone: Tone = Tone.USUAL
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """What an operator should look at: rows overdue by minutes, since when, and rows given up in the last day."""

    overdue: int
    oldest: datetime | None
    dead: int


def claim(session: Session, token: str, now: datetime, limit: int, lease_seconds: float) -> list[Due]:
    """Lease the rows that are due, most urgent first; two callers never get the same row.

    A row whose lease ran out comes again, with an unknown outcome when its send had begun.
    """
    until = now + timedelta(seconds=lease_seconds)
    rows = run(session, _CLAIM, {"moment": now, "most": limit, "holder": token, "until": until}).all()
    return [_due(row) for row in sorted(rows, key=lambda row: (row.lane, row.at, row.id))]


def begin(session: Session, due_id: int, token: str, now: datetime) -> Begun | None:
    """Decide whether a leased row is still wanted and write that down before anything is sent.

    None when the lease is lost. A daily prompt that is sent opens its day's check-in; a closing freezes its check-in
    here, whether or not Telegram lets the card be edited afterwards.
    """
    row = run(session, _MINE_IN_TIME, {"due_id": due_id, "holder": token, "moment": now}).first()
    if row is None:
        return None
    owed = _due(row)
    whose, about = _whom_and_what(session, owed)
    if whose is None:
        return None
    if owed.kind in SHARING:
        return _begin_sharing(session, owed, whose, token, now)
    if owed.kind in (*RIGHTS, Kind.CARE):
        return _begin_plain(session, owed, whose, token, now)
    situation = _situation(session, owed, whose, about, now)
    decision = still_wanted(owed, situation, now)
    if owed.kind is Kind.CLOSE and about is not None and not isinstance(decision, Later):
        checkins.close(session, owed.patient_id, about.id, now)
        if about.outcome is Outcome.OPEN:
            updates.on_missed(session, whose.patient, about, now)
    begun = Begun(owed, decision, whose.patient, about, situation.appointment, situation.treatment)
    if not isinstance(decision, Send):
        _write(session, due_id, token, decision, now)
        _after_drop(session, owed, decision, whose.patient, now)
        return begun
    run(session, _BEGIN, {"due_id": due_id, "holder": token, "moment": now})
    begun = replace(begun, due=replace(owed, attempts=owed.attempts + 1))
    return _opened(session, begun, whose, now) if about is None else begun


def still_held(session: Session, due_id: int, token: str, now: datetime, *, was_unknown: bool) -> bool:
    """Tell, right before the call, whether a row that was begun is still wanted; one that is not is settled here.

    Between the two lies the wait for the limits of Telegram, in which a person may stop, erase or end sharing.
    was_unknown tells whether an earlier send of this row had an unknown outcome.
    """
    row = run(session, _MINE_IN_TIME, {"due_id": due_id, "holder": token, "moment": now}).first()
    if row is None:
        return False
    begun = _due(row)
    owed = replace(begun, attempts=begun.attempts - 1, outcome_unknown=was_unknown)
    whose, about = _whom_and_what(session, owed)
    if whose is None:
        return False
    decision = _decided_again(session, owed, whose, about, now)
    if isinstance(decision, Send):
        return True
    _write(session, due_id, token, decision, now, given_back=1)
    if owed.kind is Kind.SHARE and isinstance(decision, Drop):
        shares.settle(session, owed, whose, shares.NOT_SENT, None, now)
    _after_drop(session, owed, decision, whose.patient, now)
    return False


def _decided_again(session: Session, owed: Due, whose: Person, about: CheckIn | None, now: datetime) -> Decision:
    if owed.kind is Kind.SHARE:
        return shares.prepare(session, owed, whose, now)[0]
    if owed.kind is Kind.NOTICE:
        return notice_still_wanted(owed, whose.patient, now)
    if owed.kind in (*RIGHTS, Kind.CARE):
        return _decide_plain(session, owed, whose.patient, now)
    return still_wanted(owed, _situation(session, owed, whose, about, now), now)


def _begin_sharing(session: Session, owed: Due, whose: Person, token: str, now: datetime) -> Begun:
    """Decide on an update to a support person, or on a word to the patient about one."""
    share: Share | None = None
    if owed.kind is Kind.SHARE:
        decision, share = shares.prepare(session, owed, whose, now)
    else:
        decision = notice_still_wanted(owed, whose.patient, now)
    if isinstance(decision, Send):
        run(session, _BEGIN, {"due_id": owed.id, "holder": token, "moment": now})
        owed = replace(owed, attempts=owed.attempts + 1)
    else:
        _write(session, owed.id, token, decision, now)
        if isinstance(decision, Drop) and owed.kind is Kind.SHARE:
            shares.settle(session, owed, whose, _ledger_outcome(decision), None, now)
    return Begun(owed, decision, whose.patient, share=share)


def _begin_plain(session: Session, owed: Due, whose: Person, token: str, now: datetime) -> Begun:
    """Decide on what no check-in and no link hangs on: a copy, a word before idle data are erased or after a card."""
    decision = _decide_plain(session, owed, whose.patient, now)
    if isinstance(decision, Send):
        run(session, _BEGIN, {"due_id": owed.id, "holder": token, "moment": now})
        owed = replace(owed, attempts=owed.attempts + 1)
    else:
        _write(session, owed.id, token, decision, now)
    return Begun(owed, decision, whose.patient)


def _decide_plain(session: Session, owed: Due, patient: Patient, now: datetime) -> Decision:
    if owed.kind is Kind.CARE:
        return follow_up_still_wanted(owed, patient, now)
    heard = owed.kind is Kind.RETENTION and retention.is_heard(session, owed, patient)
    return right_still_wanted(owed, patient, now, heard=heard)


def _ledger_outcome(decision: Drop) -> str:
    return shares.UNKNOWN if decision.why == "outcome_unknown" else shares.NOT_SENT


def _opened(session: Session, begun: Begun, whose: Person, now: datetime) -> Begun:
    """Open the check-in that a card is for; a person who was silent for long is asked something else instead."""
    if begun.due.kind is Kind.AFTER and begun.treatment is not None:
        return replace(begun, check_in=checkins.open_after(session, whose, begun.treatment, now).check_in)
    if begun.due.kind is not Kind.DAILY:
        return begun
    tone = tone_of(whose.patient, silence.of_patient(session, whose.patient), now)
    if tone is not Tone.USUAL:
        return replace(begun, tone=tone)
    return replace(begun, check_in=checkins.open_daily(session, whose, begun.due.day, now).check_in)


def sent(session: Session, due_id: int, token: str, message_id: int | None, now: datetime) -> int | None:
    """Note that a row was sent, and do what follows; give the message that showed the card before.

    A daily prompt is followed by its nudges and by the next day's prompt.
    """
    row = run(session, _MINE, {"due_id": due_id, "holder": token}).first()
    if row is None:
        return None
    owed = _due(row)
    _finish(session, due_id, token, DueState.SENT, None, now, message_id)
    whose, about = _whom_and_what(session, owed)
    if whose is None:
        return None
    if owed.kind is Kind.SHARE:
        shares.settle(session, owed, whose, shares.SENT, message_id, now)
    if owed.kind is Kind.FORM:
        forms.plan(session, whose.patient, now)
    if owed.kind is Kind.DAILY:
        said_less = about is None or about.opened_at > row.attempted_at
        _after_prompt(session, owed, whose.patient, now, said_less=said_less)
    if owed.kind not in (*CARDS, Kind.CLOSE) or about is None or message_id is None:
        return None
    return checkins.remember_card(session, about, message_id)


def _after_prompt(session: Session, owed: Due, patient: Patient, now: datetime, *, said_less: bool) -> None:
    """Owe what follows a day's prompt: nudges and the next one; after a long silence the new pace.

    Where the message opened no card it said that less will be written: that holds whatever the person did meanwhile.
    """
    if said_less:
        tone = tone_of(patient, silence.of_patient(session, patient, but=owed.id), now)
        patient = patients.ease(session, patient, Tone.EASING if tone is Tone.USUAL else tone, now)
    else:
        for nudge in nudges_after_prompt(patient, owed.day, now):
            insert(session, nudge)
    # A machine that slept between the send and this comes to the card of the day on which it wakes.
    plan_next(session, patient, now, missed_today([owed.day], patient, now))


def failed(session: Session, due_id: int, token: str, failure: Failure, wait: timedelta | None, now: datetime) -> None:
    """Note that a send failed: try again later or never. One that cannot reach the person stops all of theirs."""
    row = run(session, _MINE, {"due_id": due_id, "holder": token}).first()
    if row is None:
        return
    owed = _due(row)
    decision = next_try(owed, failure, now, wait)
    # A 429 sent nothing: it is no attempt.
    _write(session, due_id, token, decision, now, given_back=int(failure is Failure.SLOW_DOWN))
    whose = person_by_id(session, owed.patient_id)
    if whose is not None and owed.kind is Kind.SHARE:
        _share_failed(session, owed, whose, failure, decision, now)
    elif failure is Failure.UNREACHABLE:
        patients.unreachable(session, owed.patient_id, now)
    elif whose is not None:
        _after_drop(session, owed, decision, whose.patient, now)


def _share_failed(
    session: Session, owed: Due, whose: Person, failure: Failure, decision: Later | Drop, now: datetime
) -> None:
    """Write what came of an update into the ledger; a support person whom nothing reaches is linked no more."""
    if isinstance(decision, Drop):
        outcome = shares.UNKNOWN if failure is Failure.UNKNOWN else shares.NOT_SENT
        shares.settle(session, owed, whose, outcome, None, now)
    if failure is Failure.UNREACHABLE:
        supporting.unreachable(session, read_update(owed.event).link_id, now)


def next_moment(session: Session) -> datetime | None:
    """Give the earliest moment at which anything is due; None when nothing waits."""
    found: datetime | None = run(session, select(func.min(_D.at)).where(_D.state == DueState.WAITING)).scalar()
    return found


def stuck(session: Session, now: datetime) -> Stuck:
    """Count what is overdue by more than five minutes, and what was given up since yesterday."""
    late = or_(
        and_(_D.state == DueState.WAITING, _D.at < now - OVERDUE),
        and_(_D.state == DueState.LEASED, _D.leased_until < now - OVERDUE),
    )
    overdue, oldest = run(session, select(func.count(), func.min(_D.at)).where(late)).one()
    dead = select(func.count()).where(_D.state == DueState.DEAD, _D.finished_at > now - timedelta(days=1))
    return Stuck(overdue, oldest, run(session, dead).scalar_one())


def sweep(session: Session, now: datetime) -> None:
    """Delete what was settled 120 days ago, or 90 of a help card; give up what nobody could decide on for a day."""
    given_up = update(due).where(
        _D.state.in_([DueState.WAITING, DueState.LEASED]), _D.expires_at < now - UNDECIDED_KEPT
    )
    run(session, given_up.values(state=DueState.EXPIRED, why="too_late", finished_at=now, sending=False, token=None))
    run(session, delete(due).where(_D.state.in_(FINAL), _D.finished_at < now - KEPT))
    run(session, delete(due).where(_D.state.in_(FINAL), _D.kind == Kind.CARE, _D.finished_at < now - CARE_KEPT))


def _due(row: Any) -> Due:
    number, patient_id, kind, *rest = row[:10]
    return Due(number, patient_id, Kind(kind), *rest)


def _whom_and_what(session: Session, owed: Due) -> tuple[Person | None, CheckIn | None]:
    """Give the patient of a row and the check-in it is about, locked so that an answer comes before or after."""
    _, _, number = owed.event.partition("/")
    if owed.kind not in (*CARDS, Kind.CLOSE):
        return person_by_id(session, owed.patient_id), None
    if owed.kind is Kind.AFTER:
        after = checkins.after_of(session, owed.patient_id, owed.about[0], locked=True)
        return person_by_id(session, owed.patient_id), after
    if number:
        found = check_in_of_patient(session, owed.patient_id, int(number), locked=True)
    else:
        found = check_in_by_key(session, owed.patient_id, CheckInKind.DAILY, owed.event, locked=True)
    return found or (person_by_id(session, owed.patient_id), None)


def _situation(session: Session, owed: Due, whose: Person, about: CheckIn | None, now: datetime) -> Situation:
    patient = whose.patient
    days = prompted_days(session, patient, now, but=owed.id) if owed.kind is Kind.DAILY else ()
    if owed.kind is Kind.FORM:
        return _with_day(session, owed, whose, _situation_of_form(session, owed, whose, now), now)
    moments = [answer.answered_at for answer in about.answers.values()] if about else []
    put_off = about is not None and owed.kind in (Kind.DAILY, Kind.NUDGE) and is_put_off(session, about)
    outcome, last = about.outcome if about else None, max(moments, default=None)
    plain = Situation(patient, outcome, days, last, is_put_off=put_off)
    return _with_day(session, owed, whose, plain, now) if owed.kind in UNASKED else plain


def _situation_of_form(session: Session, owed: Due, whose: Person, now: datetime) -> Situation:
    """Give what matters to the prompt of a form: whether it is filled in, and whether the day's card is just now."""
    patient = whose.patient
    day = check_in_by_key(session, patient.id, CheckInKind.DAILY, patient.day_at(now).isoformat())
    moments = [answer.answered_at for answer in day[1].answers.values()] if day else []
    is_answered = forms.is_answered(session, patient, owed.event, now)
    outcome = Outcome.COMPLETE if is_answered else None
    return Situation(patient, outcome, last_answer_at=max(moments, default=None))


def _with_day(session: Session, owed: Due, whose: Person, plain: Situation, now: datetime) -> Situation:
    """Add what else the person's day brings, and the appointment or the treatment that the row is about."""
    patient = whose.patient
    day = patient.day_at(now)
    begins, ends = patient.day_over(day - timedelta(days=1)), patient.day_over(day)
    standing = agenda.standing(session, whose, begins)
    sessions = agenda.lately(session, patient.id, now)
    values = {"patient_id": patient.id, "begins": begins, "ends": ends, "but": owed.id}
    rows = run(session, _OTHERS_TODAY, values)
    return replace(
        plain,
        today=[Message(Kind(kind), slot, attempted is not None) for kind, slot, attempted in rows],
        is_treatment_day=is_treatment_day(patient, day, standing, sessions),
        appointment=agenda.visit(session, whose, owed.about[0]) if owed.kind in ABOUT_VISITS else None,
        treatment=agenda.treatment(session, patient.id, owed.about[0]) if owed.kind in ABOUT_TREATMENTS else None,
        visit_ahead=any(visit.at > now for visit in standing),
    )


def _write(
    session: Session, due_id: int, token: str, decision: Later | Drop, now: datetime, *, given_back: int = 0
) -> None:
    if isinstance(decision, Later):
        later = {"new_at": decision.at, "reason": decision.why, "given_back": given_back}
        run(session, _LATER, later | {"due_id": due_id, "holder": token})
    else:
        _finish(session, due_id, token, decision.state, decision.why, now)


def _finish(
    session: Session, due_id: int, token: str, state: DueState, why: str | None, now: datetime, shown: int | None = None
) -> None:
    values = {"due_id": due_id, "holder": token, "final": state, "reason": why, "shown": shown, "moment": now}
    run(session, _FINISH, values)


def _after_drop(session: Session, owed: Due, decision: Decision, patient: Patient, now: datetime) -> None:
    """Owe the next prompt when this one will never be sent: after an outage of days that is today's."""
    if owed.kind is Kind.FORM and isinstance(decision, Drop):
        forms.plan(session, patient, now)
    if owed.kind in (Kind.DAILY, Kind.AFTER) and isinstance(decision, Drop):
        days = [owed.day] if owed.kind is Kind.DAILY and now >= owed.expires_at else []
        plan_next(session, patient, now, missed_today(days, patient, now))
