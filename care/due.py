"""Due work: what the bot owes, whether it is still worth doing, and when to try again.

The due table is schedule, outbox and retry queue at once. Every kind states its own lateness and what
an unknown outcome means for it, because Telegram has no idempotency key and exactly once is impossible.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from itertools import islice

from care.checkin import Outcome
from care.course import AFTER_WORTH, DAILY_SET, MORNING_SET, after_moment, card_of
from care.people import Pace, Patient, State
from care.schedule import (
    EVERY_DAY,
    DailyPlan,
    day_ends,
    days_from,
    is_quiet,
    local_time,
    moment_at,
    quiet_ends,
    wall_minute,
)
from care.treatments import Treatment
from care.visits import REMIND_HOURS, Appointment, VisitKind, VisitState

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
BEFORE_DAY_ENDS = timedelta(minutes=1)
"""How long before a day's end its card comes where the clocks skip the chosen time together with that end."""
SPREAD_SECONDS = 240
TREATED_AFTER, AFTERWARDS_AFTER = timedelta(minutes=30), timedelta(days=1)
AFTERWARDS_WORTH = timedelta(days=1)
NO_VISIT_FOR = timedelta(days=21)
EXPORT_WORTH = timedelta(hours=6)
BEFORE_QUIET = timedelta(minutes=20)
_WORTH_UNTIL = {48: timedelta(hours=25), 24: timedelta(hours=3), 2: timedelta(minutes=40)}
"""How long before a visit each reminder is still worth sending."""
MOST_A_DAY, MOST_ON_A_TREATMENT_DAY = 2, 3
ASKS_EARLY = "48"
"""The slot of the reminder that asks two days before whether the person can come."""
RETRY_DELAYS = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))


class Kind(StrEnum):
    """The kinds of due work."""

    DAILY = "daily"
    NUDGE = "nudge"
    SNOOZE = "snooze"
    CLOSE = "close"
    AFTER = "after"
    TREATED = "treated"
    VISIT = "visit"
    AFTERWARDS = "afterwards"
    NEXT_DATE = "next_date"
    SHARE = "share"
    NOTICE = "notice"
    EXPORT = "export"
    RETENTION = "retention"


_WEIGHTS = {
    Kind.VISIT: 0,
    Kind.TREATED: 0,
    Kind.AFTER: 1,
    Kind.DAILY: 2,
    Kind.AFTERWARDS: 3,
    Kind.NUDGE: 5,
    Kind.NEXT_DATE: 6,
}
_GIVES_WAY = 4
CARDS = (Kind.DAILY, Kind.NUDGE, Kind.SNOOZE, Kind.AFTER)
"""What shows a check-in's card."""
ABOUT_VISITS = (Kind.TREATED, Kind.VISIT, Kind.AFTERWARDS)
SHARING = (Kind.SHARE, Kind.NOTICE)
RIGHTS = (Kind.EXPORT, Kind.RETENTION)
"""What the person's rights over their data bring: their copy, and the word before idle data are erased."""
ABOUT_TREATMENTS = (Kind.AFTER, Kind.NEXT_DATE)
UNASKED = (Kind.DAILY, Kind.NUDGE, Kind.AFTER, Kind.NEXT_DATE, *ABOUT_VISITS)
"""What counts among a day's unprompted messages; a card shown again at the person's wish does not."""


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


Name = tuple[str, str, str]
"""Kind, event and slot of work, whatever plan it belongs to."""


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

    @property
    def name(self) -> Name:
        """Give what the work keeps through a change of plan."""
        return self.kind, self.event, self.slot

    def is_ahead(self, now: datetime, unsent: Collection[Name] = ()) -> bool:
        """Tell whether the work is to come: its moment lies ahead, or it is unsent and still worth sending."""
        return self.at > now or (self.expires_at > now and self.name in unsent)


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
        """Give the person's day that a card's event starts with; raises ValueError for what is no card of a day."""
        return date.fromisoformat(self.event[:10])

    @property
    def about(self) -> tuple[int, int]:
        """Give the number and the version of the appointment or treatment the work is about, as in "a12.3"."""
        number, _, version = self.event[1:].partition(".")
        return int(number), int(version)


@dataclass(frozen=True, slots=True)
class Message:
    """An unprompted message of the person's day: one that went out, or one that still waits."""

    kind: Kind
    slot: str
    went_out: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true of the patient at the moment of sending. outcome is None while no check-in is open for the day.

    today are the other unprompted messages of the person's day; appointment and treatment are those that the work
    is about, None when they are gone; visit_ahead tells whether any appointment lies ahead, is_put_off whether the
    person asked to see the card later.
    """

    patient: Patient
    outcome: Outcome | None
    prompted_days: Collection[date] = ()
    last_answer_at: datetime | None = None
    today: Collection[Message] = ()
    is_treatment_day: bool = False
    appointment: Appointment | None = None
    treatment: Treatment | None = None
    visit_ahead: bool = False
    is_put_off: bool = False


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
    if kind in (Kind.VISIT, Kind.TREATED):
        return Lane.APPOINTMENT
    if kind is Kind.EXPORT:
        return Lane.REPLY
    return Lane.DIGEST if kind in (Kind.CLOSE, Kind.NEXT_DATE, Kind.RETENTION) else Lane.PROMPT


def spread(patient_id: int) -> timedelta:
    """Give the patient's own offset, 0 to 4 minutes, that keeps 20:00 from being everybody's same second."""
    return timedelta(seconds=patient_id * 37 % (SPREAD_SECONDS + 1))


def next_prompt(
    patient: Patient,
    now: datetime,
    done: Collection[date],
    treatments: Sequence[Treatment] = (),
    unsent: Collection[Name] = (),
) -> NewDue | None:
    """Give the next card to be owed to a patient; None while none is wanted.

    done are the days already prompted or answered, unsent what an older plan had come to but not sent. A pause with
    an end is planned past its end.
    """
    return next(coming_prompts(patient, now, done, treatments, unsent), None)


def coming_prompts(
    patient: Patient,
    now: datetime,
    done: Collection[date] = (),
    treatments: Sequence[Treatment] = (),
    unsent: Collection[Name] = (),
) -> Iterator[NewDue]:
    """Yield the cards ahead of a patient, one a day, each at the wall time of the zone that holds on its day.

    The day after a journey has none where coming home jumps over its wall time, as a changed zone does.
    """
    start = patient.active_from(now)
    if start is None:
        return
    for day in days_from(patient.day_at(start)):
        prompts = [] if day in done else prompts_of(patient, day, treatments)
        ahead = (one for one in prompts if one.is_ahead(start, unsent) and patient.day_at(one.at) == day)
        yield from islice(ahead, 1)


def prompt_of(patient: Patient, day: date, treatments: Sequence[Treatment] = ()) -> NewDue | None:
    """Give the card that a day owes; None where the day has none."""
    return next(iter(prompts_of(patient, day, treatments)), None)


def prompts_of(patient: Patient, day: date, treatments: Sequence[Treatment] = ()) -> list[NewDue]:
    """List when the card that a day owes can come, the best moment first; none where the day has no card.

    A morning card that was not known of in the morning comes at the daily time. The weekdays chosen count at the
    daily pace alone; a card that a treatment brings comes on any day.
    """
    plan = patient.plan_on(day)
    if plan is None:
        return []
    name = card_of(patient, day, treatments).set_name
    is_usual = name == DAILY_SET
    asks = plan if is_usual and patient.pace is Pace.DAILY else replace(plan, weekdays=EVERY_DAY)
    if not asks.asks_on(day) or (is_usual and not patient.paces(day)):
        return []
    moments = [card_moment(patient, day, one) for one in ([name, DAILY_SET] if name == MORNING_SET else [name])]
    return [_prompt_at(patient, day, plan, at) for at in moments if at is not None]


def _prompt_at(patient: Patient, day: date, plan: DailyPlan, at: datetime) -> NewDue:
    latest = day_ends(day, plan.zone, plan.day_start) - BEFORE_DAY_ENDS
    at, ends = min(at + spread(patient.id), latest), patient.day_over(day)
    return NewDue(patient.id, Kind.DAILY, day.isoformat(), "1", patient.plan_version, at, ends)


def card_moment(patient: Patient, day: date, set_name: str) -> datetime | None:
    """Give the moment planned for a day's card: the morning one at waking, others at the daily time."""
    plan = patient.plan_on(day)
    if plan is None:
        return None
    return (replace(plan, minute=patient.waking_minute) if set_name == MORNING_SET else plan).moment(day)


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


def around_visit(patient: Patient, visit: Appointment, now: datetime, unsent: Collection[Name] = ()) -> list[NewDue]:
    """List what an appointment owes from now on: its reminders, and the question afterwards.

    unsent is what an older plan owed and did not send: it is owed on, as long as it is worth it.
    """
    if not visit.is_ahead:
        return []
    owed = [*_reminders(patient, visit), _afterwards(patient, visit)]
    return [one for one in owed if one.is_ahead(now, unsent)]


def _reminders(patient: Patient, visit: Appointment) -> Iterator[NewDue]:
    for hours in REMIND_HOURS:
        if f"visit{hours}" in patient.items:
            at, until = visit.at - timedelta(hours=hours), visit.at - _WORTH_UNTIL[hours]
            yield _about(
                patient, Kind.VISIT, f"a{visit.id}.{visit.version}", str(hours), _awake(patient, at, until), until
            )


def _afterwards(patient: Patient, visit: Appointment) -> NewDue:
    """Ask half an hour after a treatment whether it was had; the day after another visit how it went."""
    is_treatment = visit.kind is VisitKind.TREATMENT
    kind, wait = (Kind.TREATED, TREATED_AFTER) if is_treatment else (Kind.AFTERWARDS, AFTERWARDS_AFTER)
    at = visit.end + wait
    until = at + AFTERWARDS_WORTH
    return _about(patient, kind, f"a{visit.id}.{visit.version}", "1", _after_quiet(patient, at), until)


def after_treatment(
    patient: Patient, treatment: Treatment, now: datetime, unsent: Collection[Name] = ()
) -> list[NewDue]:
    """List what a treatment owes from now on: the card some hours later, and once the question for a next date."""
    event = f"t{treatment.id}.{treatment.version}"
    later = treatment.end + NO_VISIT_FOR
    owed = [
        _about(
            patient,
            Kind.NEXT_DATE,
            event,
            "1",
            _after_quiet(patient, later),
            later + AFTERWARDS_WORTH,
        )
    ]
    at = after_moment(patient, treatment)
    if at is not None:
        owed.append(_about(patient, Kind.AFTER, event, "1", at, at + AFTER_WORTH))
    return [one for one in owed if one.is_ahead(now, unsent)]


def _about(patient: Patient, kind: Kind, event: str, slot: str, at: datetime, until: datetime) -> NewDue:
    return NewDue(patient.id, kind, event, slot, patient.plan_version, at, until)


def _after_quiet(patient: Patient, at: datetime) -> datetime:
    return quiet_ends(at, patient.zone_at(at), patient.quiet)


def _awake(patient: Patient, at: datetime, until: datetime) -> datetime:
    """Move a moment out of quiet hours: to their end, or where that is too late to their evening's beginning."""
    zone, ends = patient.zone_at(at), _after_quiet(patient, at)
    if ends <= at or ends < until:
        return ends
    local = local_time(at, zone)
    evening = moment_at(
        local.date() - timedelta(days=local.hour * 60 + local.minute < patient.quiet.start), patient.quiet.start, zone
    )
    return evening - BEFORE_QUIET


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


def missed_today(dailies: Collection[date], patient: Patient, now: datetime) -> list[Name]:
    """Name today's card where cards of these days came up and were not sent: after an outage nobody came to today's."""
    today = patient.day_at(now)
    return [(Kind.DAILY, today.isoformat(), "1")] if any(day <= today for day in dailies) else []


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


def export(patient: Patient, message_id: int, now: datetime) -> NewDue:
    """Give the row that makes a person's copy now; message_id shows how far it is."""
    return NewDue(patient.id, Kind.EXPORT, str(message_id), now.isoformat(), 0, now, now + EXPORT_WORTH)


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
    """Tell whether a send whose outcome is unknown is tried again: nudges and updates never, others up to five sends.

    Closing does not ask: an edit that is made twice looks the same.
    """
    return due.kind not in (Kind.NUDGE, Kind.SHARE) and due.attempts < MOST_REPEATS


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
