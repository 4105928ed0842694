"""Easing off: what a prompt says to a person who has not answered for a while, and the pace that follows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from care.people import Pace, Patient, State

UNANSWERED = 3
"""After how many unanswered cards in a row the pace becomes weekly."""
SILENT_FOR = timedelta(days=28)
"""After how long a silence one last message is sent."""


class Tone(StrEnum):
    """What a day's prompt is: the card, the word that I will write less, or the last message."""

    USUAL = "usual"
    EASING = "easing"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Silence:
    """How many prompts in a row found no answer, and when the first of them was sent; None when none did."""

    unanswered: int
    since: datetime | None


def tone_of(patient: Patient, silence: Silence, now: datetime) -> Tone:
    """Give what the next prompt to a person is to be."""
    if silence.since is not None and now - silence.since >= SILENT_FOR:
        return Tone.LAST
    return Tone.EASING if patient.pace is not Pace.WEEKLY and silence.unanswered >= UNANSWERED else Tone.USUAL


def pace_after(tone: Tone, day: date) -> dict[str, object]:
    """Give what a prompt of a tone changes: weekly from its day on, or nothing more until the person says so."""
    if tone is Tone.LAST:
        return {"state": State.PAUSED, "paused_until": None}
    return {"pace": Pace.WEEKLY, "pace_from": day} if tone is Tone.EASING else {}


def pace_chosen(patient: Patient, pace: Pace, now: datetime) -> dict[str, object]:
    """Give what a pace that the person chose changes: it begins today, and they were heard of.

    Whoever chooses the pace that holds keeps its days.
    """
    begins = {} if pace is patient.pace else {"pace": pace, "pace_from": patient.day_at(now)}
    return {**begins, "heard_at": now}
