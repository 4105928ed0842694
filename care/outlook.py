"""What the bot will send next, as far as it can be known: what waits, and the cards that will be owed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from care.checkin import Outcome
from care.course import DAILY_SET, card_of, is_treatment_day
from care.due import Drop, Due, Kind, Later, Message, Situation
from care.easing import Silence, Tone, pace_after, tone_of
from care.owed import card_moment, coming_prompts
from care.people import Patient
from care.treatments import Treatment
from care.visits import Appointment
from care.wanted import still_wanted


@dataclass(frozen=True, slots=True)
class Coming:
    """A message to come: when, about what, and the word for why it is held when it is."""

    due: Due
    at: datetime
    held: str | None = None
    visit: Appointment | None = None
    treatment: Treatment | None = None
    set_name: str = DAILY_SET
    tone: Tone = Tone.USUAL


@dataclass(frozen=True, slots=True)
class Known:
    """What the outlook is worked out from.

    waiting are rows as they stand, done the days that need no card any more, said the messages of the last day.
    """

    patient: Patient
    waiting: Sequence[Coming] = ()
    done: frozenset[date] = frozenset()
    visits: Sequence[Appointment] = ()
    treatments: Sequence[Treatment] = ()
    said: Sequence[tuple[datetime, Message]] = ()
    silence: Silence = field(default_factory=lambda: Silence(0, None))


def outlook(known: Known, now: datetime, most: int) -> list[Coming]:
    """List the next messages in the order in which they will come, as if the person did nothing in between."""
    cards = list(islice(_cards(known, now), 2 * most))  # a full day leaves its card out
    others = [one for one in known.waiting if one.due.kind is not Kind.DAILY]
    owed = sorted([*others, *cards], key=lambda one: one.at)
    found: list[Coming] = []
    for place, one in enumerate(owed):
        if len(found) == most:
            break
        found += _foreseen(known, one, found, owed[place + 1 :], now)
        if one.tone is Tone.LAST:
            break
    return sorted(found, key=lambda one: one.at)


def _cards(known: Known, now: datetime) -> Iterator[Coming]:
    """Yield the cards of the days ahead: the one that waits and those not owed yet, at the pace that will hold."""
    patient = known.patient
    waiting = [one for one in known.waiting if one.due.kind is Kind.DAILY]
    owed = next(iter(waiting), None) or next(_computed(known, patient, known.done, now), None)
    if owed is None:
        return
    tone = tone_of(patient, known.silence, owed.at)
    yield replace(_shown(known, owed), tone=tone)
    changes: dict[str, Any] = pace_after(tone, owed.due.day)
    yield from _computed(known, replace(patient, **changes), known.done | {owed.due.day}, now)


def _computed(known: Known, patient: Patient, done: frozenset[date], now: datetime) -> Iterator[Coming]:
    for new in coming_prompts(patient, now, done, known.treatments):
        due = Due(0, new.patient_id, new.kind, new.event, new.slot, new.plan_version, new.at, new.expires_at)
        yield _shown(known, Coming(due, new.at))


def _shown(known: Known, one: Coming) -> Coming:
    """Add what a day's card asks, and name it by the time the person chose unless it is held."""
    patient, day = known.patient, one.due.day
    card = card_of(patient, day, known.treatments)
    treatment = next((had for had in known.treatments if had.id == card.treatment_id), None)
    moments = () if one.held else (card_moment(patient, day, name) for name in (card.set_name, DAILY_SET))
    planned = max((at for at in moments if at and at <= one.at), default=one.at)
    return replace(one, at=planned, set_name=card.set_name, treatment=treatment)


def _foreseen(
    known: Known, one: Coming, before: Sequence[Coming], after: Sequence[Coming], now: datetime
) -> list[Coming]:
    """Give a message as it will come, or nothing where it will not: what decides then is asked already now."""
    decision = still_wanted(one.due, _situation(known, one, before, after), max(one.due.at, now))
    if isinstance(decision, Drop):
        return []
    return [replace(one, at=decision.at, held=decision.why) if isinstance(decision, Later) else one]


def _situation(known: Known, one: Coming, before: Sequence[Coming], after: Sequence[Coming]) -> Situation:
    patient, day = known.patient, known.patient.day_at(one.at)
    went = [message for moment, message in known.said if patient.day_at(moment) == day]
    went += [Message(each.due.kind, each.due.slot, True) for each in before if patient.day_at(each.at) == day]
    waits = [Message(each.due.kind, each.due.slot, False) for each in after if patient.day_at(each.at) == day]
    return Situation(
        patient,
        Outcome.OPEN,
        today=[*went, *waits],
        is_treatment_day=is_treatment_day(patient, day, known.visits, known.treatments),
        appointment=one.visit,
        treatment=one.treatment,
        visit_ahead=any(visit.at > one.at for visit in known.visits),
    )
