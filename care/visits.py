"""Appointments: visits to the clinic that lie ahead, what is asked and told around them, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from care.treatments import USUAL_LENGTH

FARTHEST = timedelta(days=400)
"""How far ahead an appointment can lie."""
REMIND_HOURS = (48, 24, 2)
"""How many hours before a visit a reminder can come."""
MOST_AHEAD = 60
"""How many appointments a person can have ahead of them."""


class VisitKind(StrEnum):
    """What an appointment is for."""

    TREATMENT = "treatment"
    FOLLOW_UP = "visit"


class VisitState(StrEnum):
    """How an appointment stands. Only PLANNED and CONFIRMED ones are reminded of."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DONE = "done"
    MISSED = "missed"


AHEAD = (VisitState.PLANNED, VisitState.CONFIRMED)


class Ride(StrEnum):
    """Whether somebody takes the person home after a treatment."""

    YES = "yes"
    NOT_YET = "not_yet"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit at a moment, in the clinic's zone. version counts its moves; treatment_id is the session it became."""

    id: int
    patient_id: int
    at: datetime
    zone: str
    kind: VisitKind
    state: VisitState = VisitState.PLANNED
    ends_at: datetime | None = None
    ride: Ride | None = None
    version: int = 1
    treatment_id: int | None = None
    prep_note: str = ""

    @property
    def end(self) -> datetime:
        """Give the planned end, two hours after the beginning where none is known."""
        return self.ends_at or self.at + USUAL_LENGTH

    @property
    def is_ahead(self) -> bool:
        """Tell whether the appointment still stands."""
        return self.state in AHEAD


def refused_because(at: datetime, now: datetime, ahead: Sequence[Appointment]) -> str | None:
    """Name why an appointment cannot be made at a moment: "past", "far" or "many"; None when it can."""
    if at <= now:
        return "past"
    if at > now + FARTHEST:
        return "far"
    return "many" if len(ahead) >= MOST_AHEAD else None
