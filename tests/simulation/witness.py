"""Who watches a run from Telegram's side, and knows the promises and the time zones, not the program."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.simulation.people import Person
from tests.simulation.wire import Seen

QUIET_FROM, QUIET_TO = 22, 8
CARD = "Time for your check-in"
STOPPED, PAUSED = "I have stopped, and I will not write to you first", "I am quiet until you tell me"
ENDS = ("OK. I will write to you", "I am quiet until ")
ERASED = ("All is deleted.", "I keep nothing about you.")
"""The receipt; or, when the bot died before it could hand it over, what it says to somebody it does not know."""
HELP = ("I am glad you told me.", "If any of that is about not feeling safe", "I was offline and only see")
DAY_AFTER = "Hello. A short word from me."
"""The word on the day after a help card; a pause does not keep it, a stop does."""
ANSWERED_WITHIN = 120.0
"""A message within two minutes of something that its person did may be an answer to it."""


class Witness:
    """Writes down what must not be."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.complaints: list[str] = []
        self.counts: dict[str, int] = Counter()
        self._people: dict[int, Person] = {}
        self._prompts: dict[tuple[int, date], list[Seen]] = defaultdict(list)
        self._quiet: dict[int, bool] = {}
        self.deaths: list[float] = []
        self.away: list[tuple[float, float]] = []

    def meets(self, person: Person) -> None:
        self._people[person.chat] = person

    def checks(self, holds: bool, complaint: str) -> None:
        if not holds:
            self.complaints.append(complaint)

    def sees(self, seen: Seen) -> None:
        person = self._people.get(seen.chat)
        if person is None:
            return
        self.counts[seen.name] = self.counts.get(seen.name, 0) + 1
        self._notes_wishes(seen, person)
        if seen.name != "sendMessage":
            return
        self._first_after_danger(seen, person)
        if self._awake_between(person.last_act, seen.at) > ANSWERED_WITHIN:
            self._unprompted(seen, person)

    def _awake_between(self, begin: float, end: float) -> float:
        """Give for how many of these seconds the bot was running."""
        return end - begin - sum(max(0.0, min(up, end) - max(down, begin)) for down, up in self.away)

    def _unprompted(self, seen: Seen, person: Person) -> None:
        local = self.clock().astimezone(ZoneInfo(person.zone))
        self.counts["unprompted"] = self.counts.get("unprompted", 0) + 1
        what = f"{seen.chat} at {local:%d %H:%M}: {seen.text[:40]!r}"
        self.checks(QUIET_TO <= local.hour < QUIET_FROM, f"in quiet hours, {what}")
        is_stopped = self._quiet.get(seen.chat)
        may_come = is_stopped is None or (not is_stopped and seen.text.startswith(DAY_AFTER))
        self.checks(may_come, f"after a stop or a pause was confirmed, {what}")
        if seen.text.startswith(CARD):
            day = (local - timedelta(hours=4)).date()
            earlier = self._prompts[seen.chat, day]
            allowed = 1 + sum(not one.known for one in earlier) + self._deaths_after(earlier)
            self.checks(len(earlier) < allowed, f"{seen.chat} got {len(earlier) + 1} cards on {day}")
            earlier.append(seen)

    def _deaths_after(self, earlier: list[Seen]) -> int:
        """A death right after a send leaves it of unknown outcome as well."""
        return sum(any(one.at <= died < one.at + 2 for died in self.deaths) for one in earlier)

    def _notes_wishes(self, seen: Seen, person: Person) -> None:
        if seen.text.startswith((STOPPED, PAUSED)) and seen.known:
            self._quiet[seen.chat] = seen.text.startswith(STOPPED)
        elif seen.text.startswith(ENDS) or "I will write to you at" in seen.text:
            self._quiet.pop(seen.chat, None)
        elif seen.text.startswith(ERASED):
            person.erased = True
            self._quiet[seen.chat] = True

    def _first_after_danger(self, seen: Seen, person: Person) -> None:
        """What a person hears first after such words is the help card, or the line where they saw the card just now."""
        if person.wrote_danger_at is not None and seen.at > person.wrote_danger_at + 0.001:
            before, written = person.acted_before_danger, person.wrote_danger_at
            person.wrote_danger_at = None
            if self._awake_between(before, written) < ANSWERED_WITHIN:
                return  # what they did before may still be waiting for its own answer
            self.counts["danger"] = self.counts.get("danger", 0) + 1
            self.checks(seen.text.startswith(HELP), f"{seen.chat} heard first: {seen.text[:50]}")
