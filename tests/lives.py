"""A random life: a person, what they do and when, how the network and the machine behave. One seed is one life.

A world is what the life happens in: the model in memory, or the real storage. Time jumps from moment to moment.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from random import Random
from typing import Any, Protocol

from care.due import Decision, Failure, Send
from care.people import FORMS, OPT_IN, USUAL_ITEMS, Pace
from care.schedule import EVERY_DAY, QuietHours, zone_names
from care.visits import VisitKind
from tests.care.zones import YEARS, ClockChange, clock_changes
from tests.observer import Fate, Observer, Profile, Seen, Session, Visit, wall

WEIRD = [
    *("Australia/Lord_Howe", "Africa/Casablanca", "Africa/El_Aaiun", "Antarctica/Troll", "Pacific/Chatham"),
    *("Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Apia", "America/St_Johns", "Asia/Tehran"),
    *("Africa/Cairo", "Asia/Gaza", "America/Santiago", "America/Havana", "Asia/Beirut", "Atlantic/Azores"),
    *("America/Scoresbysund", "America/Nuuk", "America/Asuncion", "Pacific/Easter", "Pacific/Niue", "Europe/Dublin"),
]
ITEMS = sorted({*USUAL_ITEMS, *OPT_IN, "phq9", "phq2", "gad2"})
SECOND, MINUTE, HOUR, A_DAY = (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Began:
    """A row whose turn has come: what was decided, and the message it would be."""

    decision: Decision
    seen: Seen


def numbered(event: str) -> str:
    """Give an event without the number of a check-in, which differs from world to world."""
    return event.partition("/")[0]


class World(Protocol):
    """What a life happens in. Visits, treatments and cards are numbered from 1 in the order they were made."""

    def due_at(self) -> datetime | None: ...
    def owes_card(self) -> bool: ...
    def claim(self, now: datetime, token: str) -> list[int]: ...
    def begin(self, number: int, token: str, now: datetime) -> Began | None: ...
    def sent(self, number: int, token: str, now: datetime) -> None: ...
    def failed(self, number: int, token: str, failure: Failure, wait: timedelta | None, now: datetime) -> None: ...
    def visits(self) -> dict[int, Visit]: ...
    def sessions(self) -> dict[int, Session]: ...
    def fates(self) -> Iterable[Fate]: ...
    def choose(self, choices: dict[str, Any], now: datetime) -> None: ...
    def pause(self, until: datetime | None, now: datetime) -> None: ...
    def stop(self, now: datetime) -> None: ...
    def resume(self, now: datetime) -> None: ...
    def blocked(self, now: datetime) -> None: ...
    def open_today(self, now: datetime) -> tuple[int, date]: ...
    def answer(self, number: int, now: datetime, *, fully: bool) -> bool: ...
    def decline(self, number: int, now: datetime) -> bool: ...
    def fill_form(self, code: str, now: datetime) -> None: ...
    def snooze(self, number: int, at: datetime, now: datetime) -> bool: ...
    def note(self, now: datetime) -> None: ...
    def day_of(self, number: int) -> date | None: ...
    def make(self, at: datetime, kind: VisitKind, now: datetime) -> bool: ...
    def move(self, number: int, at: datetime, now: datetime) -> None: ...
    def cancel(self, number: int, now: datetime) -> None: ...
    def restore(self, number: int, now: datetime) -> None: ...
    def confirm(self, number: int, now: datetime) -> None: ...
    def missed(self, number: int, now: datetime) -> None: ...
    def went(self, number: int, now: datetime) -> None: ...
    def had(self, at: datetime, now: datetime, visit: int | None = None) -> None: ...
    def correct(self, number: int, at: datetime, now: datetime) -> None: ...
    def remove(self, number: int, now: datetime) -> None: ...


@cache
def _changes() -> list[ClockChange]:
    return clock_changes(YEARS)


@cache
def _every_zone() -> list[str]:
    return zone_names()


@dataclass(frozen=True)
class Begin:
    """Where, when and with which wishes a life begins, and how long it is."""

    at: datetime
    days: int
    choices: dict[str, Any]

    @property
    def profile(self) -> Profile:
        return Profile(**as_profile(self.choices))


def as_profile(choices: dict[str, Any]) -> dict[str, Any]:
    """Give choices in the words of the observer."""
    words = dict(choices)
    if "quiet" in words:
        words["quiet"] = (words["quiet"].start, words["quiet"].end)
    if "items" in words:
        items = words.pop("items")
        words["reminders"] = frozenset(hours for hours in ("48", "24", "2") if f"visit{hours}" in items)
        words["forms"] = items & frozenset(FORMS)
    if "pace" in words:
        words["apart"] = {Pace.DAILY: 1, Pace.EVERY_2: 2, Pace.WEEKLY: 7}[words.pop("pace")]
        words["paced_from"] = words.pop("pace_from", None)
    return {name: value for name, value in words.items() if name not in ("country", "heard_at")}


def beginning(rng: Random) -> Begin:
    """Draw a beginning: any zone of the world, often a weird one, often just before its clocks change."""
    days = rng.randint(10, 14)
    at = YEARS[0] + rng.randint(30, 1000) * A_DAY + rng.randint(0, 86_399) * SECOND
    how = rng.random()
    if how < 0.4:
        change = rng.choice(_changes())
        zone, at = change.zone, change.moment - rng.randint(1, 6) * A_DAY - rng.randint(0, 86_399) * SECOND
    elif how < 0.65:
        zone = rng.choice(WEIRD)
    else:
        zone = rng.choice(_every_zone())
    choices = {"zone": zone, "daily_minute": _minute(rng), "country": "DE", "quiet": _quiet(rng)} | _wishes(rng)
    return Begin(at, days, choices)


def _minute(rng: Random) -> int:
    if rng.random() < 0.6:
        return rng.choice([18, 19, 20, 21]) * 60
    return rng.choice([rng.randrange(0, 1440, 30), rng.randrange(1440), rng.choice([0, 60, 120, 150, 180, 239, 240])])


def _quiet(rng: Random) -> QuietHours:
    if rng.random() < 0.6:
        return QuietHours()
    odd = [(0, 0), (1320, 780), (480, 479), (600, 1080), (60, 180), (0, 1439), (1200, 600), (180, 60)]
    return QuietHours(*rng.choice([*odd, (rng.randrange(1440), rng.randrange(1440))]))


def _wishes(rng: Random) -> dict[str, Any]:
    wishes: dict[str, Any] = {"nudges": rng.choice([0, 1, 1, 1, 2])}
    if rng.random() < 0.2:
        wishes["day_start"] = rng.choice([0, 180, 300, 360])
    if rng.random() < 0.2:
        wishes["weekdays"] = rng.choice([frozenset({0, 2, 4}), frozenset({5, 6}), frozenset({3})])
    if rng.random() < 0.2:
        wishes["items"] = frozenset(item for item in ITEMS if rng.random() < 0.7)
    return wishes


class Life:
    """One life, lived in a world and watched by an observer."""

    def __init__(self, seed: int, world: World, begin: Begin, rng: Random) -> None:
        self.rng, self.world, self.begin = rng, world, begin
        self.observer = Observer(begin.profile)
        self.now, self.ends = begin.at, begin.at + begin.days * A_DAY
        self.log: list[tuple[datetime, Began]] = []
        self._plans: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._answers = rng.choice([0.0, 0.2, 0.6, 0.9])
        self._trouble = rng.random() < 0.3
        self._cards = 0
        self._token = f"w{seed}"
        self._rounds = 0
        self._outages = self._draw_outages()

    def live(self) -> list[str]:
        """Live to the end; give what was wrong."""
        self._draw_acts()
        while True:
            act_at = self._plans[0][0] if self._plans else self.ends
            due_at = self.world.due_at() or self.ends
            drain_at = max(due_at, self.now) + self.rng.randint(0, 2000) * SECOND / 1000
            moment = self._after_outage(min(act_at, drain_at))
            if moment >= self.ends:
                break
            self.now = max(self.now, moment)
            if act_at <= moment:
                heapq.heappop(self._plans)[2]()
            else:
                self._drain()
        self.observer.looks_back(self.begin.at, self.now, self.world.fates())
        return self.observer.wrong

    # The machine

    def _draw_outages(self) -> list[tuple[datetime, datetime]]:
        if self.rng.random() < 0.5:
            return []
        found = []
        for _ in range(self.rng.randint(1, 2)):
            at = self.begin.at + self.rng.random() * self.begin.days * A_DAY
            long = self.rng.choice([2 * MINUTE, HOUR, 5 * HOUR, 26 * HOUR, 3 * A_DAY]) * (0.5 + self.rng.random())
            found.append((at, at + long))
        return sorted(found)

    def _after_outage(self, moment: datetime) -> datetime:
        for at, until in self._outages:
            if at <= moment < until:
                self._outages.remove((at, until))
                self.observer.outages.append((at, until + MINUTE))
                return until
        return moment

    def _drain(self) -> None:
        self._rounds += 1
        token = f"{self._token}-{self._rounds}"
        cards = 0
        late = bool(self.observer.outages) and self.now - self.observer.outages[-1][1] < MINUTE
        for number in self.world.claim(self.now, token):
            if self.rng.random() < 0.03:
                self._random_act()
            self.now += timedelta(milliseconds=self.rng.randint(5, 300))
            begun = self.world.begin(number, token, self.now)
            if begun is None:
                continue
            self.log.append((self.now, begun))
            if not isinstance(begun.decision, Send):
                continue
            if not self._send(number, token, begun.seen):
                break
            cards += begun.seen.kind in ("daily", "nudge", "after", "snooze")
        if late and cards > 1:
            self.observer.says(self.now, "a burst after an outage")
        self._check_owed()
        if self.rng.random() < 0.08:
            self._aim()

    def _check_owed(self) -> None:
        me = self.observer.me
        if me.active and me.weekdays and not self.world.owes_card():
            self.observer.says(self.now, "nothing is owed to somebody active")

    def _send(self, number: int, token: str, seen: Seen) -> bool:
        """Send one message; False when the machine dies over it."""
        luck = self.rng.random() if self._trouble else 0.0
        if seen.kind == "close":
            luck = 0.0
        if luck < 0.9:
            self._reaches(seen, surely=True)
            if self.rng.random() < 0.04:
                self.now += timedelta(milliseconds=50)
                self._random_act()
            self.now += timedelta(milliseconds=100)
            self.world.sent(number, token, self.now)
            self.observer.knows_sent(self.now, seen)
            self._react(seen)
            return True
        self.observer.fails(self.now)
        if luck < 0.97:
            failure = self.rng.choice([Failure.PASSING, Failure.SLOW_DOWN, Failure.UNKNOWN, Failure.OURS])
            if failure is Failure.UNKNOWN and self.rng.random() < 0.5:
                self._reaches(seen, surely=False)
            wait = self.rng.choice([None, timedelta(seconds=self.rng.randint(1, 3000))])
            self.world.failed(number, token, failure, wait, self.now)
            return True
        if self.rng.random() < 0.5:
            self._reaches(seen, surely=False)
        down = self.rng.choice([5 * SECOND, 70 * SECOND, HOUR])
        self._outages = sorted([*self._outages, (self.now, self.now + down)])
        return False

    def _reaches(self, seen: Seen, *, surely: bool) -> None:
        if seen.kind != "close":
            self.observer.sees(self.now, seen, surely=surely)
        if seen.check_in is not None:
            self._cards = max(self._cards, seen.check_in)
            if seen.kind in ("daily", "nudge") and seen.day is not None:
                self.observer.open_days.add(seen.day)

    # The person

    def _at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._plans, (moment, next(self._order), act))

    def _soon(self) -> datetime:
        wait = self.rng.choice([SECOND, 20 * SECOND, MINUTE, 9 * MINUTE, HOUR, 4 * HOUR])
        return self.now + wait * (0.2 + self.rng.random())

    def _draw_acts(self) -> None:
        visits = self.rng.choice([0, 1, 2, 4])
        for _ in range(visits):
            self._at(self.begin.at + self.rng.random() * A_DAY, self._make)
        if self.rng.random() < 0.3:
            self._at(self.begin.at + self.rng.random() * A_DAY, self._make_course)
        busy = self.rng.choice([0.2, 0.5, 1.5])
        for _ in range(int(busy * self.begin.days)):
            self._at(self.begin.at + self.rng.random() * self.begin.days * A_DAY, self._random_act)

    def _aim(self) -> None:
        """Do something within seconds of the next thing that is due."""
        due_at = self.world.due_at()
        if due_at is not None and due_at > self.now:
            self._at(max(self.now, due_at + self.rng.randint(-3000, 2500) * SECOND / 1000), self._random_act)

    def _random_act(self) -> None:
        acts = [
            *((self._make, 3), (self._move, 4), (self._cancel, 3), (self._restore, 1), (self._confirm, 2)),
            *((self._had, 3), (self._correct, 1), (self._remove, 1), (self._open, 3), (self._answer_some, 2)),
            (self._fill_form, 1),
            *(
                (self._fill_form, 1),
                (self._wish, 3),
                (self._travel, 2),
                (self._pause, 1),
                (self._pace, 1),
                (self._note, 1),
                (self._gone, 1),
            ),
        ]
        act = self.rng.choices([one for one, _ in acts], [weight for _, weight in acts])[0]
        act()
        self._look()

    def _look(self) -> None:
        self.observer.knows(self.now, self.world.visits(), self.world.sessions())

    def _react(self, seen: Seen) -> None:
        if seen.kind in ("daily", "nudge", "snooze", "after") and seen.check_in is not None:
            number = seen.check_in
            if self.rng.random() < self._answers:
                self._at(self._soon(), lambda: self._answer(number))
            elif self.rng.random() < 0.2:
                self._at(self._soon(), lambda: self.rng.choice([self._put_off, self._decline])(number))
        if seen.kind == "form" and self.rng.random() < self._answers:
            self._at(self._soon(), lambda: self._fill(seen.event.partition("/")[2]))
        if seen.visit is not None and self.rng.random() < 0.6:
            self._at(self._soon(), lambda: self._about_visit(seen.visit or 0, seen.kind))
        if seen.tone == "easing" and self.rng.random() < 0.3:
            self._at(self._soon(), self._resume)

    def _about_visit(self, number: int, kind: str) -> None:
        visit = self.world.visits()[number]
        if kind == "visit":
            self.rng.choice([self.world.confirm, self.world.cancel])(number, self.now)
        elif kind == "afterwards":
            self.rng.choice([self.world.went, self.world.missed])(number, self.now)
        elif self.rng.random() < 0.8:
            self.world.had(visit.at, self.now, visit=number)
        else:
            self.world.missed(number, self.now)
        if self.world.visits()[number] != visit:
            self._heard(confirms=self.world.visits()[number].state == "confirmed")
        self._look()

    def _heard(self, *, confirms: bool = False) -> None:
        if not confirms:
            self.observer.hears()

    def _some_day_time(self) -> datetime:
        day = self.now + self.rng.choice([0, 1, 1, 2, 3, 4, 7]) * A_DAY
        local = wall(day, self.observer.zone(day))
        hour = self.rng.choice([7, 8, 9, 10, 11, 14, 15, 16, self.rng.randint(0, 23)])
        at = day + (local.replace(hour=hour, minute=self.rng.choice([0, 30]), second=0, microsecond=0) - local)
        return at.replace(microsecond=0)

    def _make(self) -> None:
        kind = self.rng.choice([VisitKind.TREATMENT, VisitKind.TREATMENT, VisitKind.FOLLOW_UP])
        if self.world.make(self._some_day_time(), kind, self.now):
            self._heard()
        self._look()

    def _make_course(self) -> None:
        first = self._some_day_time()
        gap = self.rng.choice([1, 2, 3])
        for n in range(5):
            if self.world.make(first + n * gap * A_DAY, VisitKind.TREATMENT, self.now):
                self._heard()
        self._look()

    def _visit(self, *states: str) -> int | None:
        found = [number for number, visit in self.world.visits().items() if visit.state in states]
        return self.rng.choice(found) if found else None

    def _restating(self, act: Callable[[int, datetime], None], *states: str) -> None:
        number = self._visit(*states)
        if number is None:
            return
        before = self.world.visits()[number]
        act(number, self.now)
        after = self.world.visits()[number]
        if before != after:
            self._heard(confirms=after.state == "confirmed")

    def _move(self) -> None:
        at = self._some_day_time()
        self._restating(lambda number, now: self.world.move(number, at, now), "planned", "confirmed")

    def _cancel(self) -> None:
        self._restating(self.world.cancel, "planned", "confirmed")

    def _restore(self) -> None:
        self._restating(self.world.restore, "cancelled")

    def _confirm(self) -> None:
        self._restating(self.world.confirm, "planned")

    def _had(self) -> None:
        ago = self.rng.choice([MINUTE, HOUR, 3 * HOUR, 20 * HOUR, 13 * A_DAY]) * self.rng.random()
        self._telling(lambda: self.world.had((self.now - ago).replace(microsecond=0), self.now))

    def _telling(self, act: Callable[[], None]) -> None:
        before = self.world.sessions(), self.world.visits()
        act()
        if (self.world.sessions(), self.world.visits()) != before:
            self._heard()

    def _session(self) -> int | None:
        found = list(self.world.sessions())
        return self.rng.choice(found) if found else None

    def _correct(self) -> None:
        number = self._session()
        if number is not None:
            at = self.world.sessions()[number].at - self.rng.choice([30 * MINUTE, 5 * HOUR, A_DAY])
            self._telling(lambda: self.world.correct(number, at, self.now))

    def _remove(self) -> None:
        number = self._session()
        if number is not None:
            self._telling(lambda: self.world.remove(number, self.now))

    def _open(self) -> None:
        number, day = self.world.open_today(self.now)
        self._cards = max(self._cards, number)
        self.observer.open_days.add(day)
        if self.rng.random() < 0.3:
            self._answer(number)
        elif self.rng.random() < 0.4:
            self._at(self._soon(), lambda: self._put_off(number))

    def _answer_some(self) -> None:
        if self._cards:
            self._answer(self._cards)

    def _answer(self, number: int) -> None:
        fully = self.rng.random() < 0.8
        if not self.world.answer(number, self.now, fully=fully):
            return
        self.observer.hears()
        if fully:
            self.observer.settles(number, self.world.day_of(number), self.now)

    def _fill_form(self) -> None:
        self._fill(self.rng.choice(["phq2", "phq9"]))

    def _fill(self, code: str) -> None:
        self.world.fill_form(code, self.now)
        self.observer.hears()
        self.observer.filled.append((code, self.observer.day(self.now)))

    def _decline(self, number: int) -> None:
        if self.world.decline(number, self.now):
            self.observer.hears()
            self.observer.settles(number, self.world.day_of(number), self.now)

    def _put_off(self, number: int) -> None:
        at = (self.now + self.rng.choice([30 * MINUTE, 2 * HOUR, 5 * HOUR])).replace(second=0, microsecond=0)
        if self.world.snooze(number, at, self.now):
            self.observer.hears()
            self.observer.puts_off(number, self.world.day_of(number), at)

    def _note(self) -> None:
        self.world.note(self.now)
        self.observer.hears()

    def _choose(self, choices: dict[str, Any]) -> None:
        self.world.choose(choices, self.now)
        self.observer.learns(self.now, "wishes", **as_profile(choices))

    def _wish(self) -> None:
        zone = {"zone": self.rng.choice([*WEIRD, self.begin.choices["zone"]])} if self.rng.random() < 0.4 else {}
        others = [
            {"daily_minute": _minute(self.rng)},
            {"quiet": _quiet(self.rng)},
            {"nudges": self.rng.choice([0, 1, 2])},
            {"weekdays": self.rng.choice([EVERY_DAY, frozenset({0, 2, 4}), frozenset()])},
            {"day_start": self.rng.choice([0, 240, 300])},
            {"items": frozenset(item for item in ITEMS if self.rng.random() < 0.7)},
        ]
        self._choose(zone or self.rng.choice(others))

    def _travel(self) -> None:
        until = self.observer.day(self.now) + self.rng.randint(0, 4) * A_DAY
        abroad = {"travel_zone": self.rng.choice(WEIRD), "travel_until": until}
        home = {"travel_zone": None, "travel_until": None}
        self._choose(abroad if self.rng.random() < 0.8 else home)

    def _pace(self) -> None:
        pace = self.rng.choice([Pace.DAILY, Pace.DAILY, Pace.EVERY_2, Pace.WEEKLY])
        day = None if pace is Pace.DAILY else self.observer.day(self.now)
        self._choose({"pace": pace, "pace_from": day, "heard_at": self.now})
        self.observer.hears()

    def _pause(self) -> None:
        until = self.rng.choice([None, self.now + self.rng.randint(1, 80) * HOUR])
        self.world.pause(until, self.now)
        self.observer.learns(self.now, "wishes", active=False, paused_until=until)
        if until is None or self.rng.random() < 0.3:
            self._at(self.now + self.rng.randint(1, 50) * HOUR, self._resume)

    def _resume(self) -> None:
        self.world.resume(self.now)
        again = {"active": True, "paused_until": None, "apart": 1, "paced_from": None}
        self.observer.learns(self.now, "wishes", **again)
        self.observer.hears()

    def _gone(self) -> None:
        leave = self.rng.choice([self.world.stop, self.world.blocked])
        leave(self.now)
        self.observer.learns(self.now, "wishes", active=False, paused_until=None)
        self._at(self.now + self.rng.randint(1, 30) * HOUR, self._resume)


def live(seed: int, world_of: Callable[[Begin], World]) -> Life:
    """Live the life of a seed in a world."""
    rng = Random(seed)
    begin = beginning(rng)
    life = Life(seed, world_of(begin), begin, rng)
    life.live()
    return life
