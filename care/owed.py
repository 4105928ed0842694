"""What is owed to a person, and when: cards, nudges, reminders of visits, what follows a treatment."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from care.course import AFTER_WORTH, DAILY_SET, MORNING_SET, after_moment, card_of
from care.due import Kind, Name, NewDue
from care.people import Pace, Patient
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
from care.visits import REMIND_HOURS, Appointment, VisitKind

NUDGE_AFTER = timedelta(hours=2)
NUDGE_LATEST_MINUTE = 21 * 60 + 30
NUDGE_WORTH = timedelta(minutes=90)
MOST_NUDGES = 2
SNOOZE_WORTH = timedelta(hours=3)
CLOSE_WORTH = timedelta(days=2)
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
        if early_enough(patient, day, at) and not is_quiet(at, patient.zone_at(at), patient.quiet)
    ]


def early_enough(patient: Patient, day: date, at: datetime) -> bool:
    """Tell whether a nudge for a day can come at a moment: on its date, and by 21:30."""
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


def missed_today(dailies: Collection[date], patient: Patient, now: datetime) -> list[Name]:
    """Name today's card where cards of these days came up and were not sent: after an outage nobody came to today's."""
    today = patient.day_at(now)
    return [(Kind.DAILY, today.isoformat(), "1")] if any(day <= today for day in dailies) else []


def export(patient: Patient, message_id: int, now: datetime) -> NewDue:
    """Give the row that makes a person's copy now; message_id shows how far it is."""
    return NewDue(patient.id, Kind.EXPORT, str(message_id), now.isoformat(), 0, now, now + EXPORT_WORTH)
