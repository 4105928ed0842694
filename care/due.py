"""Due work: what the bot owes, whether it is still worth doing, and when to try again.

The due table is schedule, outbox and retry queue at once. Every kind states its own lateness and what
an unknown outcome means for it, because Telegram has no idempotency key and exactly once is impossible.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from care.checkin import Outcome
from care.people import Patient
from care.schedule import day_ends, is_quiet, local_time, next_daily, quiet_ends, wall_minute

NUDGE_AFTER = timedelta(hours=3)
NUDGE_LATEST_MINUTE = 21 * 60 + 30
NUDGE_WORTH = timedelta(minutes=90)
SNOOZE_WORTH = timedelta(hours=3)
CLOSE_GRACE = timedelta(minutes=30)
CHOSEN_HOUR_GRACE = timedelta(minutes=30)
SPREAD_SECONDS = 240
RETRY_DELAYS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


class Kind(StrEnum):
    """The kinds of due work."""

    DAILY = "daily"
    NUDGE = "nudge"
    SNOOZE = "snooze"
    CLOSE = "close"


class Lane(IntEnum):
    """Who goes first when sends compete; a lower number goes first."""

    REPLY = 0
    SAFETY = 1
    APPOINTMENT = 2
    PROMPT = 3
    DIGEST = 4


class DueState(StrEnum):
    """Where a due row stands; the last four are final."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    DROPPED = "dropped"
    EXPIRED = "expired"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class NewDue:
    """Work to be owed: unique by (patient, kind, event, slot, plan version)."""

    patient_id: int
    kind: Kind
    event: str
    slot: str
    plan_version: int
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """One row of owed work as it was claimed. attempts counts the sends begun before this one."""

    id: int
    patient_id: int
    kind: Kind
    event: str
    slot: str
    plan_version: int
    at: datetime
    expires_at: datetime
    attempts: int = 0
    outcome_unknown: bool = False

    @property
    def day(self) -> date:
        """Give the person's day the work belongs to; every kind's event starts with it."""
        return date.fromisoformat(self.event[:10])


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true of the patient at the moment of sending. outcome is None while no check-in is open for the day."""

    patient: Patient
    outcome: Outcome | None
    prompted_days: Collection[date] = ()
    last_answer_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Do it now."""


@dataclass(frozen=True, slots=True)
class Later:
    """Do it at this moment instead; why is a short word for the log and for /reminders why."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Never do it. state is the final state of the row, why a short word."""

    why: str
    state: DueState = DueState.DROPPED


Decision = Send | Later | Drop


class Failure(StrEnum):
    """What a send can end in, as far as the due table cares."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SLOW_DOWN = "slow_down"
    PASSING = "passing"
    OURS = "ours"


def lane(kind: Kind) -> Lane:
    """Give the lane of a kind of due work."""
    return Lane.DIGEST if kind is Kind.CLOSE else Lane.PROMPT


def spread(patient_id: int) -> timedelta:
    """Give the patient's own offset, 0 to 4 minutes, that keeps 20:00 from being everybody's same second."""
    return timedelta(seconds=patient_id * 37 % (SPREAD_SECONDS + 1))


def next_prompt(patient: Patient, now: datetime, done: Collection[date]) -> NewDue | None:
    """Give the next daily prompt to be owed to a patient; None while none is wanted.

    done are the days already prompted or answered. A pause with an end is planned past its end.
    """
    start = max(now, patient.paused_until) if patient.paused_until else now
    plan = patient.plan_at(start)
    coming = next_daily(plan, start, done) if plan and patient.is_active(start) else None
    if plan is None or coming is None:
        return None
    day, moment = coming
    plan_then = patient.plan_at(moment) or plan
    ends = day_ends(day, plan_then.zone, plan_then.day_start)
    at = min(moment + spread(patient.id), ends - timedelta(minutes=1))
    return NewDue(patient.id, Kind.DAILY, day.isoformat(), "1", patient.plan_version, at, ends)


def nudges_after_prompt(patient: Patient, day: date, sent_at: datetime) -> list[NewDue]:
    """List the nudges owed after a daily prompt: three hours apart, none after 21:30 or in quiet hours."""
    moments = [(n, sent_at + NUDGE_AFTER * n) for n in range(1, patient.nudges + 1)]
    return [
        NewDue(patient.id, Kind.NUDGE, day.isoformat(), str(n), patient.plan_version, at, at + NUDGE_WORTH)
        for n, at in moments
        if _nudge_fits(patient, day, at)
    ]


def _nudge_fits(patient: Patient, day: date, at: datetime) -> bool:
    zone = patient.zone_at(at)
    early_enough = local_time(at, zone).date() == day and wall_minute(at, zone) <= NUDGE_LATEST_MINUTE
    return early_enough and not is_quiet(at, zone, patient.quiet)


def closing(patient: Patient, day: date, check_in_id: int) -> NewDue:
    """Give the row that closes a day's card when the day ends, worth doing for two days."""
    at = day_ends(day, patient.zone_at(day_start_of(patient, day)), patient.day_start)
    event = f"{day.isoformat()}/{check_in_id}"
    return NewDue(patient.id, Kind.CLOSE, event, "1", 0, at, at + timedelta(days=2))


def day_start_of(patient: Patient, day: date) -> datetime:
    """Give the moment a patient's day ends by their home clock; enough to know which zone holds that day."""
    return day_ends(day, patient.zone or "UTC", patient.day_start)


def snooze(patient: Patient, day: date, check_in_id: int, at: datetime) -> NewDue:
    """Give the row that shows a card again at the moment the person chose."""
    event = f"{day.isoformat()}/{check_in_id}"
    return NewDue(patient.id, Kind.SNOOZE, event, at.isoformat(), patient.plan_version, at, at + SNOOZE_WORTH)


def still_wanted(due: Due, situation: Situation, now: datetime) -> Decision:
    """Decide, at the moment of sending, whether a due row is still true."""
    if due.kind is Kind.CLOSE:
        return _close_still_wanted(due, situation, now)
    for why, is_so in _reasons_against(due, situation, now).items():
        if is_so:
            return Drop(why)
    if now >= due.expires_at:
        return Drop("too_late", DueState.EXPIRED)
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
        "nothing_open": due.kind is not Kind.DAILY and situation.outcome is None,
    }


def _outside_quiet_hours(due: Due, patient: Patient, now: datetime) -> Decision:
    """Hold late sends through quiet hours; a time that the person chose inside them is theirs to choose."""
    chosen = due.kind in (Kind.DAILY, Kind.SNOOZE) and now - due.at <= CHOSEN_HOUR_GRACE
    free = quiet_ends(now, patient.zone_at(now), patient.quiet)
    if chosen or free <= now:
        return Send()
    if free >= due.expires_at:
        return Drop("quiet_hours", DueState.EXPIRED)
    return Later(free, "quiet_hours")


def _close_still_wanted(due: Due, situation: Situation, now: datetime) -> Decision:
    if situation.outcome is not Outcome.OPEN:
        return Drop("answered")
    if now >= due.expires_at:
        return Drop("too_late", DueState.EXPIRED)
    last = situation.last_answer_at
    if last is not None and now < last + CLOSE_GRACE:
        return Later(last + CLOSE_GRACE, "still_answering")
    return Send()


def may_repeat(due: Due) -> bool:
    """Tell whether a send whose outcome is unknown is tried once more. Nudges never; prompts and edits once."""
    return due.kind is not Kind.NUDGE and due.attempts <= 1


def next_try(due: Due, failure: Failure, now: datetime, wait: timedelta | None = None) -> Later | Drop:
    """Decide what follows a failed send; wait is what Telegram asked for with a 429."""
    if failure is Failure.UNREACHABLE:
        return Drop("unreachable")
    if failure is Failure.SLOW_DOWN:
        return Later(now + (wait or RETRY_DELAYS[0]), "slow_down")
    tries = max(due.attempts - 1, 0)
    if failure is Failure.REFUSED or tries >= len(RETRY_DELAYS):
        return Drop(failure.value, DueState.DEAD)
    return Later(now + RETRY_DELAYS[tries], failure.value)
