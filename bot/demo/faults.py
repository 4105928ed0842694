"""How the stand-in misbehaves when it is told to."""

from dataclasses import dataclass, field

from bot.demo.refused import Refused, too_many_requests
from bot.demo.updates import OTHER_POLL

REFUSALS = {
    "400": (400, "Bad Request: chat not found"),
    "401": (401, "Unauthorized"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "404": (404, "Not Found"),
    "409": (409, f"Conflict: {OTHER_POLL}"),
    "500": (500, "Internal Server Error"),
    "502": (502, "Bad Gateway"),
    "503": (503, "Service Unavailable"),
    "504": (504, "Gateway Timeout"),
}
BROKEN = frozenset({"slow", "drop_before", "drop_after", "half", "garbage"})
KINDS = frozenset(REFUSALS) | BROKEN | {"429"}


@dataclass(slots=True)
class Fault:
    """One way to misbehave.

    kind: a status ("400" ... "504", "429"), "slow" (answers after seconds), "drop_before" (the line is cut before
    the call is carried out), "drop_after" (after), "half" (carried out, half an answer), "garbage" (carried out, an
    answer that is no JSON). method and chat_id narrow it, times counts down (None: until behave() is called),
    seconds is the delay or the retry_after.
    """

    kind: str
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist, so that a test cannot pass by a slip of the pen."""
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {self.kind}")

    def fits(self, method: str, chat_id: object) -> bool:
        """Tell whether a call is hit."""
        return (
            self.times != 0
            and self.method in (None, method)
            and (self.chat_id is None or str(chat_id) == str(self.chat_id))
        )

    def refusal(self) -> Refused | None:
        """Give the refusal this fault answers with; None for a fault of the line."""
        if self.kind == "429":
            return too_many_requests(max(1, round(self.seconds)))
        known = REFUSALS.get(self.kind)
        return Refused(*known) if known else None


@dataclass(slots=True)
class Faults:
    """The faults in force, oldest first."""

    active: list[Fault] = field(default_factory=list)

    def take(self, method: str, chat_id: object) -> list[Fault]:
        """Give the faults that hit a call and count them down: every "slow", and the first of the others."""
        hits = [fault for fault in self.active if fault.fits(method, chat_id)]
        slow = [fault for fault in hits if fault.kind == "slow"]
        taken = slow + [fault for fault in hits if fault.kind != "slow"][:1]
        for fault in taken:
            if fault.times is not None:
                fault.times -= 1
        self.active = [fault for fault in self.active if fault.times != 0]
        return taken
