"""The patient as the rules see them: choices and state, no name and no answer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from care.schedule import EVERY_DAY, DailyPlan, QuietHours, local_day


class State(StrEnum):
    """Where a patient stands. Only ACTIVE, or PAUSED with its end behind us, gets unprompted messages."""

    ONBOARDING = "onboarding"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient's choices; None where the person has not been asked yet. Minutes are wall minutes."""

    id: int
    chat_id: int
    language: str
    state: State = State.ONBOARDING
    zone: str | None = None
    travel_zone: str | None = None
    travel_until: date | None = None
    country: str | None = None
    daily_minute: int | None = None
    weekdays: frozenset[int] = EVERY_DAY
    quiet: QuietHours = field(default_factory=QuietHours)
    nudges: int = 1
    discreet: bool = False
    day_start: int = 4 * 60
    paused_until: datetime | None = None
    plan_version: int = 1

    def zone_at(self, moment: datetime) -> str:
        """Give the zone whose clock the person lives by: while travelling, the travel zone until its last day ends."""
        home = self.zone or "UTC"
        if self.travel_zone is None or self.travel_until is None:
            return home
        away = local_day(moment, self.travel_zone, self.day_start) <= self.travel_until
        return self.travel_zone if away else home

    def day_at(self, moment: datetime) -> date:
        """Give the person's day a moment belongs to."""
        return local_day(moment, self.zone_at(moment), self.day_start)

    def plan_at(self, moment: datetime) -> DailyPlan | None:
        """Give the daily plan that holds at a moment; None until a time and a zone are chosen."""
        if self.zone is None or self.daily_minute is None:
            return None
        return DailyPlan(self.daily_minute, self.zone_at(moment), self.day_start, self.weekdays)

    def is_active(self, now: datetime) -> bool:
        """Tell whether unprompted messages are wanted now."""
        if self.state is State.PAUSED:
            return self.paused_until is not None and self.paused_until <= now
        return self.state is State.ACTIVE


def onboarding_step(patient: Patient) -> str | None:
    """Name the first thing not yet chosen: "zone", "time" or "country"; None when all is chosen."""
    choices = {"zone": patient.zone, "time": patient.daily_minute, "country": patient.country}
    return next((step for step, choice in choices.items() if choice is None), None)
