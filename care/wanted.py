"""Whether owed work is still worth doing, asked at the moment of sending, and when to try again."""

from datetime import datetime, timedelta

from care.checkin import Outcome
from care.course import DAILY_SET
from care.due import (
    ABOUT_TREATMENTS,
    ABOUT_VISITS,
    ASKS_EARLY,
    UNASKED,
    Decision,
    Drop,
    Due,
    DueState,
    Failure,
    Kind,
    Later,
    Send,
    Situation,
)
from care.owed import BEFORE_DAY_ENDS, SNOOZE_WORTH, card_moment, early_enough
from care.people import Patient, State
from care.schedule import quiet_ends
from care.treatments import Treatment
from care.visits import Appointment, VisitState

CLOSE_GRACE = timedelta(minutes=30)
MID_CARD = timedelta(minutes=10)
MOST_REPEATS = 5
CHOSEN_HOUR_GRACE = timedelta(minutes=30)
MOST_A_DAY, MOST_ON_A_TREATMENT_DAY = 2, 3
RETRY_DELAYS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
_WEIGHTS = {
    Kind.VISIT: 0,
    Kind.TREATED: 0,
    Kind.AFTER: 1,
    Kind.DAILY: 2,
    Kind.AFTERWARDS: 3,
    Kind.FORM: 4,
    Kind.NUDGE: 5,
    Kind.NEXT_DATE: 6,
}
_GIVES_WAY = 4


def still_wanted(due: Due, situation: Situation, now: datetime) -> Decision:
    """Decide, at the moment of sending, whether a due row is still true."""
    if due.kind is Kind.CLOSE:
        return _close_still_wanted(due, situation, now)
    for why, is_so in _reasons_against(due, situation, now).items():
        if is_so:
            return Drop(why)
    if now >= due.expires_at or (due.kind is Kind.NUDGE and not early_enough(situation.patient, due.day, now)):
        return Drop("too_late", DueState.EXPIRED)
    last = situation.last_answer_at
    if last is not None and now < last + MID_CARD:
        return Later(last + MID_CARD, "still_answering")
    return _outside_quiet_hours(due, situation.patient, now)


def _reasons_against(due: Due, situation: Situation, now: datetime) -> dict[str, bool]:
    patient = situation.patient
    first_send = due.kind is Kind.DAILY and not due.outcome_unknown
    return {
        "plan_changed": due.plan_version != patient.plan_version,
        "not_active": not patient.is_active(now),
        "answered": situation.outcome in (Outcome.COMPLETE, Outcome.DECLINED, Outcome.CLOSED),
        "prompted_already": first_send and due.day in situation.prompted_days,
        "outcome_unknown": due.outcome_unknown and not may_repeat(due),
        "snoozed": due.kind in (Kind.DAILY, Kind.NUDGE) and situation.is_put_off,
        "nothing_open": due.kind in (Kind.NUDGE, Kind.SNOOZE) and situation.outcome is None,
        "visit_changed": due.kind in ABOUT_VISITS and not _visit_stands(due, situation.appointment),
        "confirmed": due.kind is Kind.VISIT and due.slot == ASKS_EARLY and _is_confirmed(situation.appointment),
        "treatment_changed": due.kind in ABOUT_TREATMENTS and not _is_same(due, situation.treatment),
        "treatment_day": due.kind is Kind.FORM and situation.is_treatment_day,
        "visit_known": due.kind is Kind.NEXT_DATE and situation.visit_ahead,
        "enough_today": not due.outcome_unknown and is_enough(due, situation),
    }


def notice_still_wanted(due: Due, patient: Patient, now: datetime) -> Decision:
    """Decide on a word to the patient about a link: a pause does not keep it, only quiet hours do."""
    if patient.state is State.UNREACHABLE:
        return Drop("unreachable")
    if due.outcome_unknown and not may_repeat(due):
        return Drop("outcome_unknown")
    if now >= due.expires_at:
        return Drop("too_late", DueState.EXPIRED)
    free = quiet_ends(now, patient.zone_at(now), patient.quiet)
    return Send() if free <= now else Later(free, "quiet_hours")


def right_still_wanted(due: Due, patient: Patient, now: datetime, *, heard: bool) -> Decision:
    """Decide on a copy that was asked for, and on a notice, which is void once the person was heard of again."""
    if due.kind is Kind.RETENTION:
        return Drop("heard_of") if heard else notice_still_wanted(due, patient, now)
    if due.outcome_unknown and not may_repeat(due):
        return Drop("outcome_unknown")
    return Send() if now < due.expires_at else Drop("too_late", DueState.EXPIRED)


def _visit_stands(due: Due, visit: Appointment | None) -> bool:
    if visit is None or (visit.id, visit.version) != due.about:
        return False
    return visit.state is not VisitState.CANCELLED if due.kind is Kind.AFTERWARDS else visit.is_ahead


def _is_confirmed(visit: Appointment | None) -> bool:
    return visit is not None and visit.state is VisitState.CONFIRMED


def _is_same(due: Due, treatment: Treatment | None) -> bool:
    return treatment is not None and (treatment.id, treatment.version) == due.about


def is_enough(due: Due, situation: Situation) -> bool:
    """Tell whether a day has its messages without this one: two, or three on a treatment day.

    What went out counts, and what still waits and matters more. A card the person asked for is never too much.
    """
    if due.kind not in UNASKED:
        return False
    most = MOST_ON_A_TREATMENT_DAY if situation.is_treatment_day else MOST_A_DAY
    mine = _weight(due.kind, due.slot)
    before = [one for one in situation.today if one.went_out or _weight(one.kind, one.slot) < mine]
    return len(before) >= most


def _weight(kind: Kind, slot: str) -> int:
    """Give how much a message gives way to others; less matters more."""
    if kind is Kind.VISIT and slot == ASKS_EARLY:
        return _GIVES_WAY
    return _WEIGHTS[kind]


def _outside_quiet_hours(due: Due, patient: Patient, now: datetime) -> Decision:
    """Hold late sends through quiet hours; a time that the person chose inside them is theirs to choose."""
    chosen = _chosen_moment(due, patient)
    free = quiet_ends(now, patient.zone_at(now), patient.quiet)
    if free <= now or (chosen is not None and -BEFORE_DAY_ENDS <= now - chosen <= CHOSEN_HOUR_GRACE):
        return Send()
    if free >= due.expires_at:
        return Drop("quiet_hours", DueState.EXPIRED)
    return Later(free, "quiet_hours")


def _chosen_moment(due: Due, patient: Patient) -> datetime | None:
    """Give the moment the person chose; a retry moves `at`, and must not pass for their choice."""
    if due.kind is Kind.SNOOZE:
        return due.expires_at - SNOOZE_WORTH
    return card_moment(patient, due.day, DAILY_SET) if due.kind is Kind.DAILY else None


def _close_still_wanted(due: Due, situation: Situation, now: datetime) -> Decision:
    """Closing is written down before the card is edited, so a card that is closed already is still to be shown so."""
    if situation.outcome not in (Outcome.OPEN, Outcome.CLOSED):
        return Drop("answered")
    if now >= due.expires_at:
        return Drop("too_late", DueState.EXPIRED)
    over = situation.patient.day_over(due.day)
    if now < over:
        return Later(over, "day_not_over")
    last = situation.last_answer_at
    if last is not None and now < last + CLOSE_GRACE:
        return Later(last + CLOSE_GRACE, "still_answering")
    return Send()


def may_repeat(due: Due) -> bool:
    """Tell whether a send whose outcome is unknown is tried again: up to five sends.

    Nudges, updates and the word after a help card never are. Closing does not ask: an edit that is made twice looks
    the same.
    """
    return due.kind not in (Kind.NUDGE, Kind.SHARE, Kind.CARE) and due.attempts < MOST_REPEATS


def next_try(due: Due, failure: Failure, now: datetime, wait: timedelta | None = None) -> Later | Drop:
    """Decide what follows a failed send; wait is what Telegram asked for with a 429."""
    if failure is Failure.UNREACHABLE:
        return Drop("unreachable")
    if failure is Failure.SLOW_DOWN:
        return Later(now + (wait or RETRY_DELAYS[0]), "slow_down")
    if failure is Failure.UNKNOWN and not may_repeat(due):
        return Drop("outcome_unknown")
    tries = max(due.attempts - 1, 0)
    if failure is Failure.REFUSED or tries >= len(RETRY_DELAYS):
        return Drop(failure.value, DueState.DEAD)
    return Later(now + RETRY_DELAYS[tries], failure.value)
