"""Due work: its kinds, and the values that planning (care/owed.py) and deciding (care/wanted.py) pass on.

The due table is schedule, outbox and retry queue at once. Every kind states its own lateness and what
an unknown outcome means for it, because Telegram has no idempotency key and exactly once is impossible.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from care.checkin import Outcome
from care.people import Patient
from care.treatments import Treatment
from care.visits import Appointment

ASKS_EARLY = "48"
"""The slot of the reminder that asks two days before whether the person can come."""


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
    CARE = "care"
    FORM = "form"


CARDS = (Kind.DAILY, Kind.NUDGE, Kind.SNOOZE, Kind.AFTER)
"""What shows a check-in's card."""
ABOUT_VISITS = (Kind.TREATED, Kind.VISIT, Kind.AFTERWARDS)
SHARING = (Kind.SHARE, Kind.NOTICE)
RIGHTS = (Kind.EXPORT, Kind.RETENTION)
"""What the person's rights over their data bring: their copy, and the word before idle data are erased."""
ABOUT_TREATMENTS = (Kind.AFTER, Kind.NEXT_DATE)
UNASKED = (Kind.DAILY, Kind.NUDGE, Kind.AFTER, Kind.NEXT_DATE, Kind.FORM, *ABOUT_VISITS)
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
