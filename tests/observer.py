"""Somebody who watches a life from outside: what the person said, what reached them, and what should never have.

The observer reads the zone data itself and knows the promises, not the program: it uses none of care's decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

UNPROMPTED = ("daily", "nudge", "after", "treated", "visit", "afterwards", "next_date", "form")
LONGER_FORM = {"phq2": "phq9", "gad2": "gad7"}
CARDS = ("daily", "nudge", "after")
STANDS = ("planned", "confirmed")
HOUR, MINUTE, SECOND, A_DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
LATEST_REMINDER = {"48": 25 * HOUR, "24": 3 * HOUR, "2": 40 * MINUTE}
DULL = ("plan_changed",)
"""Reasons that say nothing: something else must have taken the row's place."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment as the person knows it."""

    at: datetime
    end: datetime
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Session:
    """A treatment as the person told it."""

    at: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """One message on its way to the person. visit and session are numbered in the order in which they were made."""

    kind: str
    slot: str
    event: str
    day: date | None = None
    visit: int | None = None
    session: int | None = None
    said_at: datetime | None = None
    check_in: int | None = None
    tone: str = "usual"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one owed row."""

    kind: str
    event: str
    slot: str
    version: int
    state: str
    why: str | None
    at: datetime


@dataclass
class Profile:
    """What the person chose."""

    zone: str
    daily_minute: int
    quiet: tuple[int, int]
    day_start: int = 240
    weekdays: frozenset[int] = frozenset(range(7))
    nudges: int = 1
    apart: int = 1
    paced_from: date | None = None
    reminders: frozenset[str] = frozenset({"48", "24", "2"})
    forms: frozenset[str] = frozenset()
    travel_zone: str | None = None
    travel_until: date | None = None
    active: bool = True
    paused_until: datetime | None = None


@dataclass
class Observer:
    """Watches one life; what is wrong is listed in `wrong`."""

    me: Profile
    wrong: list[str] = field(default_factory=list)
    sent: list[tuple[datetime, Seen]] = field(default_factory=list)
    known: set[tuple[object, ...]] = field(default_factory=set)
    visits: dict[int, Visit] = field(default_factory=dict)
    sessions: dict[int, Session] = field(default_factory=dict)
    moves: dict[int, int] = field(default_factory=dict)
    open_days: set[date] = field(default_factory=set)
    settled: dict[int, datetime] = field(default_factory=dict)
    settled_days: set[date] = field(default_factory=set)
    put_off: dict[int, datetime] = field(default_factory=dict)
    put_off_days: set[date] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    filled: list[tuple[str, date]] = field(default_factory=list)
    unknown: set[tuple[object, ...]] = field(default_factory=set)
    changes: list[tuple[datetime, str]] = field(default_factory=list)
    visit_changes: dict[int, datetime] = field(default_factory=dict)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    failures: list[datetime] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    # What the person tells

    def learns(self, now: datetime, why: str, **choices: object) -> None:
        """Take note of what the person chose."""
        for name, value in choices.items():
            setattr(self.me, name, value)
        self.changes.append((now, why))

    def hears(self) -> None:
        """The person gave a sign of life."""
        self.unanswered.clear()

    def settles(self, check_in: int, day: date | None, now: datetime) -> None:
        """A card was filled in, or left out."""
        self.settled.setdefault(check_in, now)
        if day is not None:
            self.settled_days.add(day)

    def puts_off(self, check_in: int, day: date | None, at: datetime) -> None:
        """The person asked to see a card again at a moment."""
        self.put_off[check_in] = at
        if day is not None:
            self.put_off_days.add(day)

    def knows(self, now: datetime, visits: dict[int, Visit], sessions: dict[int, Session]) -> None:
        """Take the appointments and treatments as they are now."""
        for number, visit in visits.items():
            before = self.visits.get(number)
            if before is not None and (before.at != visit.at or (before.state, visit.state) == ("done", "planned")):
                self.moves[number] = self.moves.get(number, 0) + 1
            if before != visit:
                self.visit_changes[number] = now
        if sessions != self.sessions:
            self.changes.append((now, "sessions"))
        self.visits, self.sessions = dict(visits), dict(sessions)

    # What reaches the person

    def sees(self, now: datetime, seen: Seen, *, surely: bool) -> None:
        """Judge a message that reached the person; surely tells whether the bot knows that it did."""
        self.counts[seen.kind] = self.counts.get(seen.kind, 0) + 1
        if seen.tone != "usual":
            self.counts[seen.tone] = self.counts.get(seen.tone, 0) + 1
        key = self._key(seen)
        again = key in self.unknown
        for complaint in self._complaints(now, seen, again=again):
            self.says(now, f"{complaint}: {seen}")
        if not surely:
            self.unknown.add(key)
        self.known.add(key)
        if not again:
            self.sent.append((now, seen))
        if seen.kind == "after":
            self.settled_days.add(self.day(now))

    def knows_sent(self, now: datetime, seen: Seen) -> None:
        """The bot learns that a message arrived: from now on it waits for an answer."""
        if seen.kind == "daily":
            self.unanswered.add(seen.event)
        if seen.tone == "easing":
            self.me.apart, self.me.paced_from = 7, self.day(now)
            self.changes.append((now, "eased"))

    def fails(self, now: datetime) -> None:
        """A send did not go well."""
        self.failures.append(now)

    def says(self, now: datetime, complaint: str) -> None:
        """Write down what is wrong."""
        self.wrong.append(f"{now:%Y-%m-%d %H:%M:%S} {complaint}")

    def _key(self, seen: Seen) -> tuple[object, ...]:
        if seen.visit is not None:
            return seen.kind, seen.slot, seen.visit, self.moves.get(seen.visit, 0)
        return seen.kind, seen.slot, seen.event

    def _complaints(self, now: datetime, seen: Seen, *, again: bool) -> Iterable[str]:
        if not self.is_active(now):
            yield "sent to somebody who wants nothing"
        if not again and self._key(seen) in self.known:
            yield "twice"
        if self.is_quiet(now) and not self._is_chosen(now, seen):
            yield "in quiet hours"
        if seen.kind in UNPROMPTED and not again:
            yield from self._too_many(now)
        yield from self._about_kind(now, seen, again=again)

    def _about_kind(self, now: datetime, seen: Seen, *, again: bool) -> Iterable[str]:
        if seen.visit is not None:
            yield from self._about_visit(now, seen, self.visits[seen.visit])
        if seen.session is not None and seen.kind in ("after", "next_date"):
            yield from self._about_session(now, seen)
        if seen.kind == "form":
            yield from self._about_form(now, seen, again=again)
        if seen.kind in (*CARDS, "snooze"):
            yield from self._about_card(now, seen, again=again)

    def _too_many(self, now: datetime) -> Iterable[str]:
        today = self.day(now)
        most = 3 if self._is_treatment_day(today) else 2
        if len(self.unprompted_on(today)) >= most:
            yield f"more than {most} on {today}"

    def unprompted_on(self, day: date) -> list[tuple[datetime, Seen]]:
        """List the unprompted messages of a day, as days are where the person is now."""
        return [one for one in self.sent if one[1].kind in UNPROMPTED and self.day(one[0]) == day]

    def _is_treatment_day(self, day: date) -> bool:
        planned = [one.at for one in self.visits.values() if one.kind == "treatment" and one.state in STANDS]
        return any(self.day(at) == day for at in (*planned, *(one.at for one in self.sessions.values())))

    def _about_visit(self, now: datetime, seen: Seen, visit: Visit) -> Iterable[str]:
        if visit.state not in STANDS:
            yield f"about a visit that is {visit.state}"
        if seen.said_at != visit.at:
            yield f"names another moment than {visit.at}"
        if seen.kind == "visit":
            yield from self._about_reminder(now, seen, visit)
        elif now < visit.end:
            yield "asks how it was before it is over"

    def _about_reminder(self, now: datetime, seen: Seen, visit: Visit) -> Iterable[str]:
        if now > visit.at - LATEST_REMINDER[seen.slot]:
            yield "reminds too late"
        if now < visit.at - int(seen.slot) * HOUR - 25 * HOUR:
            yield "reminds too early"
        if seen.slot == "48" and visit.state == "confirmed":
            yield "asks who has confirmed"
        if seen.slot not in self.me.reminders:
            yield "a reminder that is switched off"

    def _about_session(self, now: datetime, seen: Seen) -> Iterable[str]:
        told = self.sessions.get(seen.session or 0)
        if told is None:
            yield "about a treatment taken back"
        elif seen.said_at != told.at:
            yield "about a treatment's old moment"
        elif now < told.at:
            yield "before the treatment"
        if seen.kind == "next_date" and any(v.state in STANDS and v.at > now for v in self.visits.values()):
            yield "asks for a date that is known"

    def _about_form(self, now: datetime, seen: Seen, *, again: bool) -> Iterable[str]:
        day, code = self.day(now), seen.event.partition("/")[2]
        if code not in self.me.forms:
            yield "a form that is switched off"
        if self._is_treatment_day(day) or self._is_treatment_day(day - A_DAY):
            yield "a form around a treatment"
        if any(one in (code, LONGER_FORM.get(code)) and 0 <= (day - at).days < 7 for one, at in self.filled):
            yield "a form that was filled in within the week"
        before = [at for at, other in self.sent if other.kind == "form" and other.event.partition("/")[2] == code]
        if not again and any((day - self.day(at)).days < 5 for at in before):
            yield "the same form within five days"

    def _about_card(self, now: datetime, seen: Seen, *, again: bool) -> Iterable[str]:
        if seen.check_in in self.settled:
            yield "a card that is settled"
        if seen.kind != "snooze" and seen.check_in in self.put_off:
            yield "a card that was put off"
        if seen.kind == "snooze" and self.put_off.get(seen.check_in or 0) is None:
            yield "a snooze that nobody asked for"
        moved = any(now - at < 5 * MINUTE and why in ("wishes", "sessions") for at, why in self.changes)
        if (
            seen.kind in CARDS
            and not moved
            and any(
                other.kind in CARDS and now - at < 5 * MINUTE and (other.event, other.kind) != (seen.event, seen.kind)
                for at, other in self.sent[-4:]
            )
        ):
            yield "two cards at once"
        if seen.kind == "nudge":
            yield from self._about_nudge(now, seen)
        if seen.kind == "daily":
            yield from self._about_daily(now, seen, again=again)

    def _about_nudge(self, now: datetime, seen: Seen) -> Iterable[str]:
        clock = wall(now, self.zone(now))
        if clock.hour * 60 + clock.minute > 21 * 60 + 30:
            yield "a nudge after 21:30"
        if not any(other.kind == "daily" and other.day == seen.day for _, other in self.sent):
            yield "a nudge without a card"
        if sum(other.kind == "nudge" and other.day == seen.day for _, other in self.sent) >= self.me.nudges:
            yield "more nudges than wanted"

    def _about_daily(self, now: datetime, seen: Seen, *, again: bool) -> Iterable[str]:
        day = self.day(now)
        if seen.day != day:
            yield f"the card of another day than {day}"
        if not again and any(other.kind == "daily" and other.day == seen.day for _, other in self.sent):
            yield "two cards of a day"
        if not self._wants_card(day) and not self._brought_by_treatment(day):
            yield "a card on a day that has none"
        if not again:
            yield from self._about_tone(seen)

    def _wants_card(self, day: date) -> bool:
        if self.me.apart == 1:
            return day.weekday() in self.me.weekdays
        return (day - (self.me.paced_from or day)).days % self.me.apart == 0

    def _about_tone(self, seen: Seen) -> Iterable[str]:
        eases = len(self.unanswered) >= 3 and self.me.apart != 7
        if eases and seen.tone != "easing" and seen.day not in self.open_days:
            yield "no easing after three unanswered"
        if not eases and seen.tone != "usual":
            yield f"{seen.tone} after {len(self.unanswered)} unanswered"

    def _brought_by_treatment(self, day: date) -> bool:
        had = {self.day(one.at) for one in self.sessions.values()}
        return day - A_DAY in had or day - 3 * A_DAY in had

    # What should have come

    def looks_back(self, begins: datetime, ends: datetime, fates: Iterable[Fate]) -> None:
        """At the end of a life: was every day's card sent, or is there a reason; and every reminder."""
        known = list(fates)
        for n in range((ends - begins).days + 1):
            self._look_for_card(begins + n * A_DAY, begins, ends, known)
        for down, up in self.outages:
            self._look_for_catch_up(down, up, begins, ends, known)
        for number in self.visits:
            self._look_for_reminders(number, begins, ends, known)

    def _look_for_card(self, noon: datetime, begins: datetime, ends: datetime, fates: list[Fate]) -> None:
        day = self.day(noon)
        at = self._chosen_on(day)
        if at is None or not begins + HOUR < at < ends - HOUR or self._stirred(at - 36 * HOUR, at + 6 * MINUTE):
            return
        treated = self._brought_by_treatment(day) or any(self.day(one.at) == day for one in self.sessions.values())
        treated = treated or any(at - A_DAY < told < at + A_DAY and why == "sessions" for told, why in self.changes)
        if not self._wants_card(day) or treated or day in self.settled_days | self.put_off_days:
            return
        if not any(seen.kind == "daily" and seen.day == day for _, seen in self.sent):
            self._needs_reason(at, f"no card on {day}", [f for f in fates if f.kind == "daily" and f.event == str(day)])

    def _look_for_catch_up(
        self, down: datetime, up: datetime, begins: datetime, ends: datetime, fates: list[Fate]
    ) -> None:
        """One card catches up after an outage: that of the day on which the bot comes back."""
        day, soon = self.day(up), up + 10 * MINUTE
        at = self._chosen_on(day)
        if at is None or not max(down, begins + HOUR) < at < up - 6 * MINUTE:
            return
        alone = not any(a < up and b > at - 36 * HOUR for a, b in self.outages if b != up)
        alone = alone and not any(at > down - 36 * HOUR and why != "sessions" for at, why in self.changes)
        free = not any(self.is_quiet(up + n * 5 * MINUTE) for n in range(3)) and self.day(soon) == day
        treated = self._brought_by_treatment(day) or any(self.day(one.at) == day for one in self.sessions.values())
        if not alone or not free or treated or soon > ends or any(down < one < soon for one in self.failures):
            return
        if not self._wants_card(day) or day in self.settled_days | self.put_off_days:
            return
        self.counts["caught up"] = self.counts.get("caught up", 0) + 1
        if not any(seen.kind == "daily" and seen.day == day and t < soon for t, seen in self.sent):
            self._needs_reason(up, f"no catch-up on {day}", [f for f in fates if f.event == str(day)])

    def _look_for_reminders(self, number: int, begins: datetime, ends: datetime, fates: list[Fate]) -> None:
        visit = self.visits[number]
        for slot in sorted(self.me.reminders):
            at, latest = visit.at - int(slot) * HOUR, visit.at - LATEST_REMINDER[slot]
            since = self.visit_changes[number]
            held = visit.state == "planned" and since < at - 26 * HOUR
            if not held or not begins + A_DAY < at or latest > ends or self._away(at - 26 * HOUR, latest):
                continue
            if not self.is_active(at):
                continue  # who paused without an end, before all this, is told nothing
            if any(
                (seen.kind, seen.slot, seen.visit) == ("visit", slot, number) and t > since for t, seen in self.sent
            ):
                continue
            own = [f for f in fates if f.kind == "visit" and f.slot == slot and f.event.startswith(f"a{number}.")]
            self._needs_reason(at, f"no {slot} h reminder of {number}", own)

    def _away(self, begins: datetime, ends: datetime) -> bool:
        """Tell whether the bot was down, a send failed, or the person changed what messages they want."""
        down = any(a < ends and b > begins for a, b in self.outages)
        failed = any(begins < one < ends for one in self.failures)
        return down or failed or any(at > begins and why == "wishes" for at, why in self.changes)

    def _stirred(self, begins: datetime, ends: datetime) -> bool:
        """Tell whether anything was unusual about a stretch of time; "visits" is none of it."""
        down = any(a < ends and b > begins for a, b in self.outages)
        failed = any(begins < one < ends for one in self.failures)
        return down or failed or any(at > begins and why in ("wishes", "eased") for at, why in self.changes)

    def _needs_reason(self, at: datetime, what: str, fates: list[Fate]) -> None:
        last = max(fates, key=lambda one: one.version, default=None)
        if last is None:
            self.says(at, f"{what}, and nothing was owed")
        elif last.why is None or last.why in DULL:
            self.says(at, f"{what}, and no reason: {last}")
        elif last.why == "enough_today":
            self.counts["gave way"] = self.counts.get("gave way", 0) + 1

    def _chosen_on(self, day: date) -> datetime | None:
        if not self.me.active and self.me.paused_until is None:
            return None
        on = day + A_DAY if self.me.daily_minute < self.me.day_start else day
        wanted = datetime.combine(on, time()) + self.me.daily_minute * MINUTE
        about = wanted.replace(tzinfo=UTC)
        zone = self.zone(about - 14 * HOUR)
        if zone != self.zone(about + 14 * HOUR):
            return None
        about += wanted - wall(about, zone) - 4 * HOUR
        later = (about + n * 15 * MINUTE for n in range(33))
        moment = next((one for one in later if wall(one, zone) >= wanted), about)
        return moment if self.day(moment) == day and self.is_active(moment) else None

    # Time, as the zone data tells it

    def is_active(self, now: datetime) -> bool:
        """Tell whether the person wants messages."""
        return self.me.active or (self.me.paused_until is not None and self.me.paused_until <= now)

    def zone(self, moment: datetime) -> str:
        """Give the zone whose clocks the person lives by."""
        away, until = self.me.travel_zone, self.me.travel_until
        if away is None or until is None or day_in(away, moment, self.me.day_start) > until:
            return self.me.zone
        return away

    def day(self, moment: datetime) -> date:
        """Give the person's day."""
        return day_in(self.zone(moment), moment, self.me.day_start)

    def is_quiet(self, now: datetime) -> bool:
        """Tell whether the clocks show a quiet minute; what ended before clocks were set back has ended."""
        begins, ends = self.me.quiet
        clock = wall(now, self.zone(now))
        minute = clock.hour * 60 + clock.minute
        inside = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
        latest = latest_wall(self.zone(now), now)
        ended = (datetime.combine(day, time()) + ends * MINUTE for day in (clock.date(), latest.date()))
        return inside and not any(clock < end <= latest for end in ended)

    def _is_chosen(self, now: datetime, seen: Seen) -> bool:
        if seen.kind == "snooze":
            at = self.put_off.get(seen.check_in or 0)
            return at is not None and timedelta() <= now - at <= 30 * MINUTE
        if seen.kind != "daily":
            return False
        minute, zone = self.me.daily_minute, self.zone(now)
        clocks = [wall(now - n * MINUTE, zone) for n in range(31, -2, -1)]
        return any(_shows_or_skips(a, b, minute) for a, b in pairwise(clocks))


def _shows_or_skips(before: datetime, after: datetime, minute: int) -> bool:
    shown = after.hour * 60 + after.minute
    passed = int((after - before).total_seconds() // 60)
    return (shown - minute) % 1440 < max(passed, 1)


def wall(moment: datetime, zone: str) -> datetime:
    """Give what the clocks show, without zone."""
    return moment.astimezone(_zone(zone)).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=1000)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=20000)
def day_in(zone: str, moment: datetime, day_start: int) -> date:
    """Give the latest day that has begun: clocks set back do not bring yesterday back."""
    return (latest_wall(zone, moment) - day_start * MINUTE).date()


def latest_wall(zone: str, moment: datetime) -> datetime:
    """Give the latest time that the clocks showed in the last twelve hours."""
    now, earlier = wall(moment, zone), moment - 12 * HOUR
    if now - wall(earlier, zone) >= 12 * HOUR:
        return now
    back = earlier
    step = 8 * HOUR
    while step >= SECOND:
        ahead = back + step
        if ahead <= moment and wall(ahead, zone) - wall(earlier, zone) == ahead - earlier:
            back = ahead
        else:
            step = timedelta(seconds=int(step.total_seconds()) // 2)
    return max(now, wall(back, zone))
