"""What a support person may see: scopes, the life of an invitation, and whether an update is still to be shared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from care.checkin import CheckIn
from care.due import Decision, Drop, DueState, Later, Send
from care.schedule import QuietHours, quiet_ends


class Scope(StrEnum):
    """What can be shared, each only when it was ticked. Nothing else ever is."""

    CHECKED_IN = "checked_in"
    MOOD_WEEK = "mood_week"
    SIDE_EFFECTS = "side_effects"
    VISITS = "visits"
    PLEASE_CALL = "please_call"


SCOPES = tuple(Scope)
MOST_SUPPORT = 3
INVITATION_LIFE = timedelta(hours=48)
MOST_INVITATIONS_A_DAY = 5
MOST_WRONG_CODES_AN_HOUR = 5
MOST_UPDATES_A_DAY = 4
CALL_AGAIN_AFTER = timedelta(hours=24)
WISH_AGAIN_AFTER = timedelta(hours=24)
UPDATE_WORTH = timedelta(hours=20)
_FELT = ("dizziness", "nausea", "sleepy", "headache", "floaty")
_MODERATE = 2
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 20
_BITS_A_LETTER = 5
CODE_BYTES = CODE_LETTERS * _BITS_A_LETTER // 8 + 1
_TYPED = str.maketrans("OIL", "011", "-_ \u2013\u2014\u00a0\t")


class What(StrEnum):
    """What an update to a support person is about."""

    CHECKED_IN = "checked_in"
    MISSED = "missed"
    MOOD_WEEK = "mood_week"
    SIDE_EFFECTS = "side_effects"
    VISIT = "visit"
    VISIT_OFF = "visit_off"
    PLEASE_CALL = "please_call"
    STARTED = "started"
    ENDED = "ended"


_SCOPE_OF = {
    What.CHECKED_IN: Scope.CHECKED_IN,
    What.MISSED: Scope.CHECKED_IN,
    What.MOOD_WEEK: Scope.MOOD_WEEK,
    What.SIDE_EFFECTS: Scope.SIDE_EFFECTS,
    What.VISIT: Scope.VISITS,
    What.VISIT_OFF: Scope.VISITS,
    What.PLEASE_CALL: Scope.PLEASE_CALL,
}
_AT_ONCE = (What.PLEASE_CALL, What.STARTED, What.ENDED)
"""What passes quiet hours and the daily limit: a person asks a person, or a thing that must be known."""


class InvitationState(StrEnum):
    """Where an invitation stands. Only an OPEN one can be answered."""

    DRAFT = "draft"
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


class LinkState(StrEnum):
    """How a link stands. WAITING: the patient has not said yet that the name is the right person's."""

    WAITING = "waiting"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. bound_chat_id is the account it is for; None lets whoever has the code answer."""

    id: int
    patient_id: int
    bound_chat_id: int | None
    scopes: frozenset[Scope]
    state: InvitationState
    name: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A patient and a support person. version counts every change of what is shared; name is the support person's."""

    id: int
    patient_id: int
    chat_id: int
    language: str
    zone: str | None
    scopes: frozenset[Scope]
    state: LinkState
    name: str
    version: int
    quiet: QuietHours = field(default_factory=QuietHours)
    paused_at: datetime | None = None
    wishes_muted: bool = False
    last_wish_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the link has not ended."""
        return self.state is not LinkState.ENDED

    def shares(self, scope: Scope) -> bool:
        """Tell whether updates of a scope flow now."""
        return self.state is LinkState.ACTIVE and self.paused_at is None and scope in self.scopes


@dataclass(frozen=True, slots=True)
class Update:
    """An update that is owed, as the event of its due row names it: "s<link>.<version>/<what>/<key>"."""

    link_id: int
    version: int
    what: What
    key: str

    @property
    def event(self) -> str:
        """Write the event; nothing of health stands in it."""
        return f"s{self.link_id}.{self.version}/{self.what.value}/{self.key}"


def read_update(event: str) -> Update:
    """Read an update from its event; raises ValueError for anything else."""
    link, what, key = event.split("/", 2)
    number, version = link[1:].split(".")
    return Update(int(number), int(version), What(what), key)


def scope_of(what: What) -> Scope | None:
    """Give the scope that an update needs; None for what belongs to the link itself."""
    return _SCOPE_OF.get(what)


def scopes_of(mask: int) -> frozenset[Scope]:
    """Read scopes from the bits of a number; bits beyond the scopes are left out."""
    return frozenset(scope for n, scope in enumerate(SCOPES) if mask >> n & 1)


def mask_of(scopes: Iterable[Scope]) -> int:
    """Write scopes as the bits of a number."""
    return sum(1 << SCOPES.index(scope) for scope in set(scopes))


def new_code(random_bytes: bytes) -> str:
    """Make an invitation's code, 100 bits in Crockford's base 32, from at least 13 random bytes."""
    if len(random_bytes) < CODE_BYTES:
        raise ValueError(f"a code needs {CODE_BYTES} random bytes")
    number = int.from_bytes(random_bytes, "big")
    return "".join(_ALPHABET[number >> _BITS_A_LETTER * n & 31] for n in range(CODE_LETTERS))


def spelt(code: str) -> str:
    """Write a code in groups of five, as people copy it."""
    return "-".join(code[n : n + 5] for n in range(0, len(code), 5))


def read_code(text: str) -> str | None:
    """Read a code as people type it: case, spaces and dashes do not matter, O is 0, I and L are 1; None for no code."""
    code = text.strip()[: 3 * CODE_LETTERS].upper().translate(_TYPED)
    return code if re.fullmatch(f"[{_ALPHABET}]{{{CODE_LETTERS}}}", code) else None


def side_effects_of(check_in: CheckIn) -> dict[str, int]:
    """Give the side effects that may be shared: felt at least moderately (2 of 0 to 3), by question code."""
    return {code: value for code, value in check_in.values.items() if code in _FELT and value >= _MODERATE}


def may_invite(links: int, open_invitations: int, made_today: int) -> bool:
    """Tell whether a patient can invite one more: three support persons at most, five invitations a day."""
    return links + open_invitations < MOST_SUPPORT and made_today < MOST_INVITATIONS_A_DAY


@dataclass(frozen=True, slots=True)
class ShareSituation:
    """What is true at the moment of sharing. zone is the support person's, the patient's while that is unknown.

    is_current: what the update is about still stands (the visit, the check-in). sent_today counts updates.
    """

    link: Link
    zone: str
    is_current: bool
    sent_today: int


def still_shared(
    update: Update, situation: ShareSituation, now: datetime, expires_at: datetime, *, unknown: bool
) -> Decision:
    """Decide, at the moment of sending, whether an update may still be shared."""
    link = situation.link
    for why, is_so in _reasons_against(update, situation, unknown=unknown).items():
        if is_so:
            return Drop(why)
    if now >= expires_at:
        return Drop("too_late", DueState.EXPIRED)
    free = now if update.what in _AT_ONCE else quiet_ends(now, situation.zone, link.quiet)
    if free >= expires_at:
        return Drop("quiet_hours", DueState.EXPIRED)
    return Send() if free <= now else Later(free, "quiet_hours")


def _reasons_against(update: Update, situation: ShareSituation, *, unknown: bool) -> dict[str, bool]:
    link, scope = situation.link, scope_of(update.what)
    of_the_link = update.what is What.ENDED or (update.what is What.STARTED and link.is_open)
    return {
        "outcome_unknown": unknown,
        "sharing_changed": not of_the_link and update.version != link.version,
        "not_shared": not of_the_link and (scope is None or not link.shares(scope)),
        "visit_changed": not situation.is_current,
        "enough_today": update.what not in _AT_ONCE and situation.sent_today >= MOST_UPDATES_A_DAY,
    }
