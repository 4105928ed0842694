"""The patient as the rules see them: choices and state, no name and no answer."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from care.schedule import EVERY_DAY, DailyPlan, QuietHours, day_ends, local_day


class State(StrEnum):
    """Where a patient stands. Only ACTIVE, or PAUSED with its end behind us, gets unprompted messages."""

    ONBOARDING = "onboarding"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Pace(StrEnum):
    """How often the daily card comes. Only the person makes it quicker; three unanswered cards make it weekly."""

    DAILY = "daily"
    EVERY_2 = "every2"
    WEEKLY = "weekly"


DAYS_APART = {Pace.DAILY: 1, Pace.EVERY_2: 2, Pace.WEEKLY: 7}
OPT_IN = ("crave", "bladder", "highs")
REMINDERS = ("visit48", "visit24", "visit2")
USUAL_ITEMS = frozenset({"sleep", "anxious", "connect", "did", "steps", *REMINDERS})
FORMS = ("phq9", "gad7", "phq2", "gad2")
"""The standard forms; each is off until the person switches it on."""
FORM_DAYS = tuple(f"form{day}" for day in range(7))
"""The weekday on which forms come, Monday first: at most one of these is among a person's items."""
EARLIEST_WAKING = 9 * 60


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
    items: frozenset[str] = USUAL_ITEMS
    pace: Pace = Pace.DAILY
    pace_from: date | None = None
    heard_at: datetime | None = None

    @property
    def waking_minute(self) -> int:
        """Give the wall minute at which a morning card may come: 09:00, or the end of quiet hours if later."""
        ends = self.quiet.end
        return ends if EARLIEST_WAKING < ends <= _NOON else EARLIEST_WAKING

    def paces(self, day: date) -> bool:
        """Tell whether the pace has a daily card on a day."""
        return (day - (self.pace_from or day)).days % DAYS_APART[self.pace] == 0

    def zone_on(self, day: date) -> str:
        """Give the zone that holds on one of the person's days: the travel zone to its last day, else home."""
        if self.travel_zone is not None and self.travel_until is not None and day <= self.travel_until:
            return self.travel_zone
        return self.zone or "UTC"

    def zone_at(self, moment: datetime) -> str:
        """Give the zone whose clock the person lives by: while travelling, the travel zone until its last day ends."""
        if self.travel_zone is None:
            return self.zone or "UTC"
        return self.zone_on(local_day(moment, self.travel_zone, self.day_start))

    def day_at(self, moment: datetime) -> date:
        """Give the person's day a moment belongs to."""
        return local_day(moment, self.zone_at(moment), self.day_start)

    def day_over(self, day: date) -> datetime:
        """Give the moment at which a day of the person is over.

        The last day of a journey goes on at home where it is earlier there: the later of both ends counts.
        """
        zones = {self.zone_on(day), self.zone_on(day + timedelta(days=1))}
        return max(day_ends(day, zone, self.day_start) for zone in zones)

    def plan_on(self, day: date) -> DailyPlan | None:
        """Give the daily plan that holds on one of the person's days; None until a time and a zone are chosen."""
        if self.zone is None or self.daily_minute is None:
            return None
        return DailyPlan(self.daily_minute, self.zone_on(day), self.day_start, self.weekdays)

    def is_active(self, now: datetime) -> bool:
        """Tell whether unprompted messages are wanted now."""
        if self.state is State.PAUSED:
            return self.paused_until is not None and self.paused_until <= now
        return self.state is State.ACTIVE

    def active_from(self, now: datetime) -> datetime | None:
        """Give the moment from which unprompted messages are wanted: now, or a pause's end; None for no such moment."""
        if self.state is State.PAUSED and self.paused_until is not None:
            return max(now, self.paused_until)
        return now if self.is_active(now) else None


_NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to, to which version of the text, and when; withdrawn_at is None while it holds."""

    kind: str
    version: str
    given_at: datetime
    withdrawn_at: datetime | None = None


def onboarding_step(patient: Patient) -> str | None:
    """Name the first thing not yet chosen: "zone", "time" or "country"; None when all is chosen."""
    choices = {"zone": patient.zone, "time": patient.daily_minute, "country": patient.country}
    return next((step for step, choice in choices.items() if choice is None), None)
