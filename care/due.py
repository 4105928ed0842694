"""Due work: what the bot owes, whether it is still worth doing, and when to try again.

The due table is schedule, outbox and retry queue at once. Every kind states its own lateness and what
an unknown outcome means for it, because Telegram has no idempotency key and exactly once is impossible.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from care.checkin import Outcome
from care.people import Patient
from care.schedule import days_from, is_quiet, local_time, quiet_ends, wall_minute

NUDGE_AFTER = timedelta(hours=2)
NUDGE_LATEST_MINUTE = 21 * 60 + 30
NUDGE_WORTH = timedelta(minutes=90)
MOST_NUDGES = 2
SNOOZE_WORTH = timedelta(hours=3)
CLOSE_GRACE = timedelta(minutes=30)
MID_CARD = timedelta(minutes=10)
MOST_REPEATS = 5
CLOSE_WORTH = timedelta(days=2)
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
    """One row of owed work as it was claimed. attempts counts the sends begun so far."""

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
    UNKNOWN = "unknown"
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
    return next(coming_prompts(patient, now, done), None)


def coming_prompts(patient: Patient, now: datetime, done: Collection[date] = ()) -> Iterator[NewDue]:
    """Yield the daily prompts ahead of a patient, each at the wall time of the zone that holds on its day.

    The day after a journey has none where coming home jumps over its wall time, as a changed zone does.
    """
    start = patient.active_from(now)
    if start is None:
        return
    for day in days_from(patient.day_at(start)):
        prompt = None if day in done else _prompt_of(patient, day)
        if prompt and prompt.at > start and patient.day_at(prompt.at) == day:
            yield prompt


def _prompt_of(patient: Patient, day: date) -> NewDue | None:
    plan = patient.plan_on(day)
    if plan is None or not plan.asks_on(day):
        return None
    ends = patient.day_over(day)
    at = min(plan.moment(day) + spread(patient.id), ends - timedelta(minutes=1))
    return NewDue(patient.id, Kind.DAILY, day.isoformat(), "1", patient.plan_version, at, ends)


def nudges_after_prompt(patient: Patient, day: date, sent_at: datetime) -> list[NewDue]:
    """List the nudges owed after a daily prompt: two hours apart, none after 21:30 or in quiet hours."""
    moments = [(n, sent_at + NUDGE_AFTER * n) for n in range(1, min(patient.nudges, MOST_NUDGES) + 1)]
    return [
        NewDue(patient.id, Kind.NUDGE, day.isoformat(), str(n), patient.plan_version, at, at + NUDGE_WORTH)
        for n, at in moments
        if _early_enough(patient, day, at) and not is_quiet(at, patient.zone_at(at), patient.quiet)
    ]


def _early_enough(patient: Patient, day: date, at: datetime) -> bool:
    zone = patient.zone_at(at)
    return local_time(at, zone).date() == day and wall_minute(at, zone) <= NUDGE_LATEST_MINUTE


def closing(patient: Patient, day: date, check_in_id: int) -> NewDue:
    """Give the row that closes a day's card when the day ends, worth doing for two days."""
    at = patient.day_over(day)
    event = f"{day.isoformat()}/{check_in_id}"
    return NewDue(patient.id, Kind.CLOSE, event, "1", 0, at, at + CLOSE_WORTH)


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
    if now >= due.expires_at or (due.kind is Kind.NUDGE and not _early_enough(situation.patient, due.day, now)):
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
        "nothing_open": due.kind is not Kind.DAILY and situation.outcome is None,
    }


def _outside_quiet_hours(due: Due, patient: Patient, now: datetime) -> Decision:
    """Hold late sends through quiet hours; a time that the person chose inside them is theirs to choose."""
    chosen = _chosen_moment(due, patient)
    free = quiet_ends(now, patient.zone_at(now), patient.quiet)
    if free <= now or (chosen is not None and now - chosen <= CHOSEN_HOUR_GRACE):
        return Send()
    if free >= due.expires_at:
        return Drop("quiet_hours", DueState.EXPIRED)
    return Later(free, "quiet_hours")


def _chosen_moment(due: Due, patient: Patient) -> datetime | None:
    """Give the moment the person chose; a retry moves `at`, and must not pass for their choice."""
    if due.kind is Kind.SNOOZE:
        return due.expires_at - SNOOZE_WORTH
    plan = patient.plan_on(due.day)
    return plan.moment(due.day) if plan and due.kind is Kind.DAILY else None


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
    """Tell whether a send whose outcome is unknown is tried again: nudges never, prompts up to five sends in all.

    Closing does not ask: an edit that is made twice looks the same.
    """
    return due.kind is not Kind.NUDGE and due.attempts < MOST_REPEATS


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
