"""A month of Dana's, who has six treatments: what she does by herself, and how she answers what the bot asks."""

from collections import deque
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from bot.demo.autopilot import Autopilot, Tap
from bot.demo.feelings import Feelings
from bot.demo.messages import ChatMessage
from bot.demo.moving import ClockMover
from bot.demo.phones import Phone
from care.schedule import local_time, moment_at
from care.treatments import courses, sessions_of
from handlers.words import Words

SEED = 6
ZONE, PLACE = "America/New_York", (40.713, -74.006)
PLAN, KIND = "iv_6", "drip"
MORNING, NOON, AFTERNOON, EVENING = 10 * 60, 12 * 60 + 20, 15 * 60, 21 * 60 + 40
FIRST_WEEKDAYS, SOONEST = (0, 1), 2
"""She begins on a Monday or a Tuesday, two days from now at the earliest: no session is on a weekend."""
MOVED, CANCELLED = 2, 4
"""Which session is moved and which is cancelled, counted from 0."""
TEXTS, PUTS_OFF, ADDS_VISIT, ASKS, MADE_UP, NOTES, FOLLOW_UP, ENDS = 4, 5, 9, 11, 21, 22, 24, 26
SILENT = (12, 13)
"""How many days after the first session the rest happens; on the silent ones she answers no card."""
FINE_AFTER = 4
"""After how many sessions she feels all fine."""
NOTE = "I walked by the river early and noticed the light on the water."
TEXT = "Slept through the night for the first time in weeks."
QUESTION = "/ask Can we do the sessions later in the day?"
MAIN = "The good days last longer than they did. I want to keep that."
DELAYS = (1, 2, 2, 4, 6, 9, 15)
"""How many minutes pass before she looks at the phone."""
SOON = timedelta(hours=48)
"""How long before a visit she says for sure that she will be there."""
PATIENCE = 10.0
"""How many seconds of the machine's clock she waits for an answer of the bot's."""
COMES_BACK = 40.0
"""How many seconds a bot that could not reach Telegram may take until it tries again."""


class Month:
    """Dana's month, from Start to the picture of it. live goes on where an earlier one was interrupted."""

    def __init__(self, phone: Phone, mover: ClockMover, words: Words) -> None:
        self.phone = phone
        self.feelings = Feelings(SEED, ZONE, phone.world.clock())
        self.pilot = Autopilot(phone, words, self.feelings, PLACE, partial(mover.answered, PATIENCE))
        self.pilot.first = [
            *(self._was_there, self._reminded, self._just_treated),
            *(self._saved, self._asked_after, self._answered_before_visit),
        ]
        self._words = words
        self._mover = mover
        self._dice = Random(SEED)
        self._began = local_time(phone.world.clock(), ZONE).date()
        self._first = self._first_day()
        self._moments = sessions_of(courses()[PLAN], self._at(0, MORNING), ZONE)
        self._changes = {self._moments[MOVED]: self._moves, self._moments[CANCELLED]: self._cancels}
        self._left = {"note", "later", "fine", "visit"}
        self._acts: deque[tuple[datetime, Tap]] = deque(
            [
                (phone.world.clock(), self._begins),
                (phone.world.clock(), self._plans),
                (self._at(TEXTS, NOON), partial(self._says, TEXT)),
                (self._at(ADDS_VISIT, NOON), self._adds_follow_up),
                (self._at(ASKS, NOON), partial(self._says, QUESTION)),
                (self._at(ENDS, EVENING), partial(self._says, "/summary")),
            ]
        )

    @property
    def now(self) -> datetime:
        """Give the present moment."""
        return self.phone.world.clock()

    @property
    def day(self) -> int:
        """Give which day of the month it is, from 1."""
        return min((local_time(self.now, ZONE).date() - self._began).days + 1, self.days)

    @property
    def days(self) -> int:
        """Give how many days the month has."""
        return (self._first - self._began).days + ENDS + 1

    @property
    def sessions(self) -> list[datetime]:
        """List the moments of her sessions and visits as she knows them now."""
        return sorted(self._moments)

    async def live(self) -> None:
        """Live until the last thing is done. TimeoutError when the bot does not answer."""
        await self._mover.answered(COMES_BACK)
        while self._acts:
            moment, act = self._acts[0]
            if self.now >= moment:
                await act()
                await self.pilot.attends()
                self._acts.popleft()
            else:
                await self._mover.stroll(moment)
                await self._looks()

    async def _looks(self) -> None:
        """Look at the phone a little after it lit up."""
        if local_time(self.now, ZONE).date() in self._silent_days():
            self.pilot.overlooks("card-skip")
        if self.pilot.news():
            await self._mover.stroll(self.now + timedelta(minutes=self._dice.choice(DELAYS)))
            await self.pilot.attends()

    # Her calendar.

    def _first_day(self) -> date:
        days = (self._began + timedelta(days=SOONEST + n) for n in range(7))
        return next(day for day in days if day.weekday() in FIRST_WEEKDAYS)

    def _at(self, days: int, minute: int) -> datetime:
        return moment_at(self._first + timedelta(days=days), minute, ZONE)

    def _silent_days(self) -> set[date]:
        return {self._first + timedelta(days=n) for n in SILENT}

    def _next(self) -> datetime | None:
        return min((at for at in self._moments if at > self.now), default=None)

    @staticmethod
    def _written(at: datetime) -> str:
        """Write a moment as the bot asks for it, such as "Dec 1, 3 pm"."""
        local = local_time(at, ZONE)
        return f"{local:%b} {local.day}, " + f"{local:%I %p}".lstrip("0").lower()

    # What she does by herself.

    async def _begins(self) -> None:
        self.phone.start()
        await self._mover.answered(PATIENCE)

    async def _says(self, text: str) -> None:
        await self.pilot.says(text)

    async def _plans(self) -> None:
        """Set up the course: the plan, the day of the first session as she types it, and yes to the dates."""
        await self.pilot.says("/treatment")
        await self.pilot.taps_named("treatment-set-up")
        await self.pilot.taps_named(f"course-{PLAN.replace('_', '-')}")
        await self.pilot.says(self._written(self._moments[0]))
        await self.pilot.taps(self._words("course-keep", n=len(self._moments)))

    async def _adds_follow_up(self) -> None:
        await self.pilot.says("/appointments")
        await self._adds("appt-new-v", self._at(FOLLOW_UP, AFTERNOON))

    async def _adds(self, kind: str, at: datetime) -> None:
        await self.pilot.taps_named("appt-add")
        await self.pilot.taps_named(kind)
        await self.pilot.says(self._written(at))
        await self.pilot.taps_named("appt-yes")
        self._moments.append(at)

    # How she answers what is hers to decide.

    def _reminded(self, message: ChatMessage) -> Tap | None:
        """Answer a reminder: move or cancel the sessions that are to be, be there at the others, and get ready."""
        coming = self._next()
        if coming is None or not self.pilot.has(message, "appt-cant"):
            return None
        if self.pilot.has(message, "appt-file"):  # a visit's own page: she may have come to it long before
            is_next = self._words.day(local_time(coming, ZONE).date()) in message.content
            sure = ["appt-confirm"] if is_next and coming - self.now <= SOON else []
            return self._first_of(message, ["appt-ride-yes", *sure])
        if coming in self._changes:
            return partial(self._changes[coming], message, coming)
        names = ["appt-ride-yes", "appt-confirm"]
        names += ["appt-ready"] if coming == self._at(FOLLOW_UP, AFTERNOON) else []
        return self._first_of(message, names)

    def _first_of(self, message: ChatMessage, names: list[str]) -> Tap | None:
        name = next((name for name in names if self.pilot.has(message, name)), None)
        return partial(self.pilot.taps_named, name, message) if name else None

    async def _moves(self, message: ChatMessage, at: datetime) -> None:
        """Move a session to the afternoon of the next day."""
        day = local_time(at, ZONE).date() + timedelta(days=1)
        later = moment_at(day, AFTERNOON, ZONE)
        await self.pilot.taps_named("appt-move", message)
        await self.pilot.says(self._written(later))
        await self.pilot.taps_named("appt-yes")
        self._moments[self._moments.index(at)] = later
        del self._changes[at]

    async def _cancels(self, message: ChatMessage, at: datetime) -> None:
        """Cancel a session, and note the one that her clinic gives her instead."""
        await self.pilot.taps_named("appt-cant", message)
        await self.pilot.taps_named("appt-cancel")
        self._moments.remove(at)
        del self._changes[at]
        await self._adds("appt-new-t", self._at(MADE_UP, MORNING))

    def _was_there(self, message: ChatMessage) -> Tap | None:
        return partial(self._tells, message) if self.pilot.has(message, "appt-done", "appt-not-yet") else None

    async def _tells(self, message: ChatMessage) -> None:
        gone_by = [at for at in self._moments if at <= self.now]
        if gone_by and await self.pilot.taps_named("appt-done", message):
            self.feelings.had.append(max(gone_by))

    def _just_treated(self, message: ChatMessage) -> Tap | None:
        return self._first_of(message, [f"treatment-kind-{KIND}", "treated-feel"])

    def _asked_after(self, message: ChatMessage) -> Tap | None:
        """Feel all fine after one session, and put off one card: each once."""
        if "fine" in self._left and len(self.feelings.had) == FINE_AFTER and self.pilot.has(message, "after-all-fine"):
            return partial(self._once, "fine", "after-all-fine", message)
        if "later" in self._left and self.now >= self._at(PUTS_OFF, 0) and self.pilot.has(message, "card-later"):
            return partial(self._puts_off, message)
        return None

    async def _once(self, what: str, name: str, message: ChatMessage) -> None:
        self._left.discard(what)
        await self.pilot.taps_named(name, message)

    async def _puts_off(self, message: ChatMessage) -> None:
        await self._once("later", "card-later", message)
        await self.pilot.taps_named("later-soon", message)
        self.pilot.overlooks()

    def _saved(self, message: ChatMessage) -> Tap | None:
        """Write a note with a card that is complete, once."""
        ready = "note" in self._left and self.now >= self._at(NOTES, 0)
        return partial(self._notes, message) if ready and self.pilot.has(message, "card-note", "card-done") else None

    async def _notes(self, message: ChatMessage) -> None:
        await self._once("note", "card-note", message)
        await self.pilot.says(NOTE)
        await self.pilot.taps_named("card-done", message)

    def _answered_before_visit(self, message: ChatMessage) -> Tap | None:
        """Go on from the short questions before the follow-up visit, once."""
        names = ("card-visit-main", "card-visit-notes", "card-change")
        return partial(self._prepares, message) if "visit" in self._left and self.pilot.has(message, *names) else None

    async def _prepares(self, message: ChatMessage) -> None:
        """Write the one thing to say, pick the newest note, and look at the draft of the summary."""
        await self._once("visit", "card-visit-main", message)
        await self.pilot.says(MAIN)
        await self.pilot.taps_named("card-visit-notes")
        notes = self.pilot.showing("visit-notes-ask")
        if notes is not None:
            await self.pilot.taps(self._words.number(1), notes)
        await self.pilot.taps_named("card-visit-draft")
