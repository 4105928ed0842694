"""One person's due table in memory: what storage/planning.py and storage/due.py do, over care's own decisions.

tests/storage/test_random_lives.py holds it against the real storage, so that it cannot drift.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from care.checkin import Kind as CheckInKind
from care.checkin import Outcome
from care.course import LOOK_BACK, is_treatment_day
from care.due import (
    ABOUT_TREATMENTS,
    ABOUT_VISITS,
    CARDS,
    UNASKED,
    Decision,
    Drop,
    Due,
    DueState,
    Failure,
    Kind,
    Later,
    Message,
    Name,
    NewDue,
    Send,
    Situation,
    lane,
)
from care.easing import Silence, Tone, pace_after, tone_of
from care.forms import FormDay, FormsKnown, form_in, is_covered_by, is_recent, next_form
from care.owed import (
    AFTERWARDS_WORTH,
    NO_VISIT_FOR,
    after_treatment,
    around_visit,
    closing,
    missed_today,
    next_prompt,
    nudges_after_prompt,
    snooze,
)
from care.people import Pace, Patient, State
from care.treatments import LATEST_MARK, Treatment, doubles
from care.visits import AHEAD, Appointment, VisitKind, VisitState, refused_because
from care.wanted import CLOSE_GRACE, next_try, still_wanted
from tests.lives import Began, numbered
from tests.observer import Fate, Seen, Session, Visit

FINAL = (DueState.SENT, DueState.DROPPED, DueState.EXPIRED, DueState.DEAD)
OPEN = (DueState.WAITING, DueState.LEASED)
ONCE = (Kind.AFTER, Kind.TREATED, Kind.VISIT, Kind.AFTERWARDS, Kind.NEXT_DATE)
DAYS_BACK = timedelta(days=3)


@dataclass(slots=True)
class Row:
    """One row of the due table."""

    id: int
    new: NewDue
    at: datetime
    state: DueState = DueState.WAITING
    attempts: int = 0
    sending: bool = False
    token: str | None = None
    leased_until: datetime | None = None
    attempted_at: datetime | None = None
    finished_at: datetime | None = None
    why: str | None = None

    def as_due(self) -> Due:
        new = self.new
        return Due(
            self.id,
            new.patient_id,
            new.kind,
            new.event,
            new.slot,
            new.plan_version,
            self.at,
            new.expires_at,
            self.attempts,
            self.sending,
        )

    def finish(self, state: DueState, why: str | None, now: datetime) -> None:
        self.state, self.why, self.finished_at, self.sending, self.token = state, why, now, False, None


@dataclass(slots=True)
class Card:
    """One check-in, without its answers."""

    id: int
    kind: CheckInKind
    key: str
    day: date
    opened_at: datetime
    outcome: Outcome = Outcome.OPEN
    late: bool = False
    answered_at: datetime | None = None


@dataclass
class Model:
    """A world in memory for one life."""

    patient: Patient
    table: dict[tuple[str, str, str, int], Row] = field(default_factory=dict)
    open_rows: list[Row] = field(default_factory=list)
    of_kind: dict[Kind, list[Row]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    cards: list[Card] = field(default_factory=list)
    had_visits: list[Appointment] = field(default_factory=list)
    all_treatments: list[Treatment] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    noted_at: datetime | None = None

    # What lies around

    def treatments_since(self, moment: datetime) -> list[Treatment]:
        kept = [one for one in self.all_treatments if one.id not in self.removed and one.at >= moment]
        return sorted(kept, key=lambda one: (one.at, one.id))

    def standing(self, since: datetime) -> list[Appointment]:
        ahead = [one for one in self.had_visits if one.state in AHEAD and one.at > since]
        return sorted(ahead, key=lambda one: (one.at, one.id))

    def _treatment(self, number: int) -> Treatment | None:
        return None if number in self.removed else self.all_treatments[number - 1]

    def visits(self) -> dict[int, Visit]:
        return {one.id: Visit(one.at, one.end, one.kind.value, one.state.value) for one in self.had_visits}

    def sessions(self) -> dict[int, Session]:
        return {one.id: Session(one.at, one.end) for one in self.all_treatments if one.id not in self.removed}

    def fates(self) -> Iterator[Fate]:
        for row in self.table.values():
            new = row.new
            yield Fate(new.kind.value, new.event, new.slot, new.plan_version, row.state.value, row.why, row.at)

    # Planning

    def insert(self, new: NewDue) -> None:
        key = (*new.name, new.plan_version)
        if key not in self.table:
            row = self.table[key] = Row(len(self.table) + 1, new, new.at)
            self.open_rows.append(row)
            self.of_kind[new.kind].append(row)

    def plan_next(self, now: datetime, unsent: Collection[Name] = ()) -> None:
        coming = next_prompt(self.patient, now, self._done(now), self.treatments_since(now - LOOK_BACK), unsent)
        if coming is not None:
            self.insert(coming)
        self._plan_form(now, unsent)

    def _plan_form(self, now: datetime, unsent: Collection[Name] = ()) -> None:
        rows = self.of_kind[Kind.FORM]
        if any(row.state in OPEN for row in rows):
            return
        version = self.patient.plan_version
        ended = [row for row in rows if row.new.plan_version == version and row.state in FINAL]
        known = FormsKnown(
            self._forms_opened(),
            {row.new.name for row in rows if row.attempted_at is not None},
            {row.new.name for row in ended if row.attempted_at is None},
            self.treatments_since(now - LOOK_BACK),
            self.standing(now - DAYS_BACK),
            unsent,
        )
        new = next_form(self.patient, now, known)
        if new is not None:
            self.insert(new)

    def _forms_opened(self) -> list[FormDay]:
        forms = [card for card in self.cards if card.kind is CheckInKind.FORM]
        return [FormDay(card.key.partition("/")[0], card.day, card.outcome is Outcome.COMPLETE) for card in forms]

    def fill_form(self, code: str, now: datetime) -> None:
        day = self.patient.day_at(now)
        card = self._opened(CheckInKind.FORM, f"{code}/{day.isoformat()}", day, now)
        if card.outcome is Outcome.OPEN:
            card.outcome, card.answered_at = Outcome.COMPLETE, now
            for row in self._waiting():
                if row.new.kind is Kind.FORM and is_covered_by(form_in(row.new.event), code):
                    row.finish(DueState.DROPPED, "answered", now)
            self.plan_next(now)

    def _done(self, now: datetime) -> set[date]:
        since = self.patient.day_at(now) - DAYS_BACK
        version = self.patient.plan_version
        done = {
            row.new.event
            for row in self.of_kind[Kind.DAILY]
            if row.attempted_at is not None or (row.new.plan_version == version and row.state in FINAL)
        }
        days = {day for day in map(date.fromisoformat, done) if day >= since}
        return days | self._done_with(since, now)

    def _done_with(self, since: date, now: datetime) -> set[date]:
        return self._settled_days(since) | self._days_put_off(since) | self._days_of_treatment(now)

    def _days_put_off(self, since: date) -> set[date]:
        cards = (self.cards[int(row.new.event.partition("/")[2]) - 1] for row in self.of_kind[Kind.SNOOZE])
        return {card.day for card in cards if card.kind is CheckInKind.DAILY and card.day >= since}

    def prompted_days(self, now: datetime, but: int) -> set[date]:
        since = self.patient.day_at(now) - DAYS_BACK
        begun = {row.new.event for row in self.of_kind[Kind.DAILY] if row.attempted_at is not None and row.id != but}
        days = {day for day in map(date.fromisoformat, begun) if day >= since}
        return days | self._settled_days(since) | self._days_of_treatment(now)

    def _settled_days(self, since: date) -> set[date]:
        daily = (card for card in self.cards if card.kind is CheckInKind.DAILY and card.day >= since)
        return {card.day for card in daily if card.outcome is not Outcome.OPEN}

    def _days_of_treatment(self, now: datetime) -> set[date]:
        return {
            self.patient.day_at(row.at)
            for row in self.of_kind[Kind.AFTER]
            if (row.attempted_at is not None or row.state is DueState.WAITING) and row.at >= now - DAYS_BACK
        }

    def raise_plan(self, now: datetime) -> None:
        self.patient = replace(self.patient, plan_version=self.patient.plan_version + 1, heard_at=now)
        self.plan_anew(now)

    def plan_anew(self, now: datetime) -> None:
        dropped = [row for row in self._waiting() if row.new.kind is not Kind.CLOSE]
        unsent = {row.new.name for row in self.open_rows if row.attempted_at is None and self._is_unsent(row, now)}
        days = [date.fromisoformat(event) for kind, event, _ in unsent if kind == Kind.DAILY]
        unsent.update(missed_today(days, self.patient, now))
        for row in dropped:
            row.finish(DueState.DROPPED, "plan_changed", now)
        if self.patient.active_from(now) is not None:
            self._plan_around(now, unsent)
        self.plan_next(now, unsent)
        if self.patient.is_active(now):
            self._keep_snoozes(dropped)
            self._nudge_anew(now)

    def _is_unsent(self, row: Row, now: datetime) -> bool:
        came_up = row.state is DueState.LEASED or row.at <= now or row.why is not None
        return came_up or row.new.kind is not Kind.DAILY

    def _waiting(self) -> list[Row]:
        self.open_rows = [row for row in self.open_rows if row.state in OPEN]
        return [row for row in self.open_rows if row.state is DueState.WAITING]

    def _plan_around(self, now: datetime, unsent: Collection[Name]) -> None:
        sessions = self.treatments_since(now - NO_VISIT_FOR - AFTERWARDS_WORTH)
        owed = [
            new for visit in self.standing(now - DAYS_BACK) for new in around_visit(self.patient, visit, now, unsent)
        ]
        owed += [new for one in sessions for new in after_treatment(self.patient, one, now, unsent)]
        begun = {(kind, row.new.event, row.new.slot) for kind in ONCE for row in self.of_kind[kind] if row.attempted_at}
        for new in owed:
            if new.name not in begun:
                self.insert(new)

    def _keep_snoozes(self, dropped: Iterable[Row]) -> None:
        for row in dropped:
            if row.new.kind is Kind.SNOOZE:
                self.insert(replace(row.new, plan_version=self.patient.plan_version, at=row.at))

    def _nudge_anew(self, now: datetime) -> None:
        day = self.patient.day_at(now)
        sent = (row for row in self.of_kind[Kind.DAILY] if row.new.event == str(day) and row.state is DueState.SENT)
        prompt = next(sent, None)
        if prompt is None or prompt.finished_at is None or day in self._done_with(day, now):
            return
        for nudge in nudges_after_prompt(self.patient, day, prompt.finished_at):
            if nudge.at > now:
                self.insert(nudge)

    def _drop_prompts_of(self, card: Card, why: str, now: datetime, keep: str = "") -> None:
        own = f"{card.day.isoformat()}/{card.id}"
        events = (card.day.isoformat(), own) if card.kind is CheckInKind.DAILY else (own,)
        for row in self._waiting():
            if row.new.kind in CARDS and row.new.event in events and row.new.slot != keep:
                row.finish(DueState.DROPPED, why, now)

    # The table at work

    def due_at(self) -> datetime | None:
        self._waiting()
        moments = [row.at if row.state is DueState.WAITING else row.leased_until for row in self.open_rows]
        return min((moment for moment in moments if moment is not None), default=None)

    def owes_card(self) -> bool:
        return any(row.new.kind is Kind.DAILY for row in self.open_rows if row.state in OPEN)

    def claim(self, now: datetime, token: str) -> list[int]:
        ready = [row for row in self.open_rows if row.state is DueState.WAITING and row.at <= now]
        ready += [row for row in self.open_rows if row.state is DueState.LEASED and (row.leased_until or now) <= now]
        for row in ready:
            row.state, row.token, row.leased_until = DueState.LEASED, token, now + timedelta(seconds=60)
        return [row.id for row in sorted(ready, key=lambda row: (lane(row.new.kind), row.at, row.id))]

    def _held(self, number: int, token: str) -> Row | None:
        row = next((row for row in self.open_rows if row.id == number), None)
        return row if row is not None and row.state is DueState.LEASED and row.token == token else None

    def begin(self, number: int, token: str, now: datetime) -> Began | None:
        row = self._held(number, token)
        if row is None or (row.leased_until or now) <= now:
            return None
        owed = row.as_due()
        card = self._about(owed)
        situation = self._situation(owed, card, now)
        decision = still_wanted(owed, situation, now)
        if owed.kind is Kind.CLOSE and card is not None and not isinstance(decision, Later):
            card.outcome = Outcome.CLOSED if card.outcome is Outcome.OPEN else card.outcome
        if not isinstance(decision, Send):
            self._write(row, decision, now)
            self._after_drop(owed, decision, now)
            return self._began(owed, decision, card, situation, Tone.USUAL)
        row.attempts, row.sending, row.attempted_at, row.why = row.attempts + 1, True, now, None
        tone = Tone.USUAL
        if card is None and owed.kind is Kind.AFTER and situation.treatment is not None:
            card = self._open_after(situation.treatment, now)
        elif card is None and owed.kind is Kind.DAILY:
            tone = tone_of(self.patient, self._silence(), now)
            card = self._open_daily(owed.day, now) if tone is Tone.USUAL else None
        return self._began(owed, decision, card, situation, tone)

    def _began(self, owed: Due, decision: Decision, card: Card | None, about: Situation, tone: Tone) -> Began:
        said = about.appointment or about.treatment
        seen = Seen(
            owed.kind.value,
            owed.slot,
            owed.event if owed.kind is Kind.FORM else numbered(owed.event),
            owed.day if owed.kind in (Kind.DAILY, Kind.NUDGE, Kind.SNOOZE) else None,
            owed.about[0] if owed.kind in ABOUT_VISITS else None,
            owed.about[0] if owed.kind in ABOUT_TREATMENTS else None,
            said.at if said else None,
            card.id if card else None,
            tone.value,
        )
        return Began(decision, seen)

    def sent(self, number: int, token: str, now: datetime) -> None:
        row = self._held(number, token)
        if row is None:
            return
        owed = row.as_due()
        row.finish(DueState.SENT, None, now)
        if owed.kind is Kind.FORM:
            self._plan_form(now)
        if owed.kind is not Kind.DAILY:
            return
        card = self._about(owed)
        if card is None or card.opened_at > (row.attempted_at or now):
            tone = tone_of(self.patient, self._silence(but=owed.id), now)
            eased = Tone.EASING if tone is Tone.USUAL else tone
            self._change(pace_after(eased, self.patient.day_at(now)), now)
        else:
            for nudge in nudges_after_prompt(self.patient, owed.day, now):
                self.insert(nudge)
        self.plan_next(now, missed_today([owed.day], self.patient, now))

    def failed(self, number: int, token: str, failure: Failure, wait: timedelta | None, now: datetime) -> None:
        row = self._held(number, token)
        if row is None:
            return
        owed = row.as_due()
        decision = next_try(owed, failure, now, wait)
        self._write(row, decision, now, given_back=int(failure is Failure.SLOW_DOWN))
        if failure is Failure.UNREACHABLE:
            self.blocked(now)
            return
        self._after_drop(owed, decision, now)

    def _write(self, row: Row, decision: Later | Drop, now: datetime, given_back: int = 0) -> None:
        if isinstance(decision, Drop):
            row.finish(decision.state, decision.why, now)
            return
        row.state, row.at, row.why, row.sending, row.token = DueState.WAITING, decision.at, decision.why, False, None
        row.attempts -= given_back

    def _after_drop(self, owed: Due, decision: Decision, now: datetime) -> None:
        if owed.kind is Kind.FORM and isinstance(decision, Drop):
            self._plan_form(now)
        if owed.kind in (Kind.DAILY, Kind.AFTER) and isinstance(decision, Drop):
            days = [owed.day] if owed.kind is Kind.DAILY and now >= owed.expires_at else []
            self.plan_next(now, missed_today(days, self.patient, now))

    def _about(self, owed: Due) -> Card | None:
        _, _, number = owed.event.partition("/")
        if owed.kind not in (*CARDS, Kind.CLOSE):
            return None
        if owed.kind is Kind.AFTER:
            return self._card(CheckInKind.AFTER, f"t{owed.about[0]}")
        return self.cards[int(number) - 1] if number else self._card(CheckInKind.DAILY, owed.event)

    def _card(self, kind: CheckInKind, key: str) -> Card | None:
        return next((card for card in self.cards if card.kind is kind and card.key == key), None)

    def _situation(self, owed: Due, card: Card | None, now: datetime) -> Situation:
        days = self.prompted_days(now, owed.id) if owed.kind is Kind.DAILY else ()
        answered_at = card.answered_at if card else None
        put_off = card is not None and owed.kind in (Kind.DAILY, Kind.NUDGE) and self._is_put_off(card)
        if owed.kind is Kind.FORM:
            return self._with_day(owed, self._situation_of_form(owed, now), now)
        plain = Situation(self.patient, card.outcome if card else None, days, answered_at, is_put_off=put_off)
        return self._with_day(owed, plain, now) if owed.kind in UNASKED else plain

    def _situation_of_form(self, owed: Due, now: datetime) -> Situation:
        day = self.patient.day_at(now)
        card = self._card(CheckInKind.DAILY, day.isoformat())
        is_filled_in = is_recent(form_in(owed.event), self._forms_opened(), day)
        outcome = Outcome.COMPLETE if is_filled_in else None
        return Situation(self.patient, outcome, last_answer_at=card.answered_at if card else None)

    def _is_put_off(self, card: Card) -> bool:
        return any(row.new.event == f"{card.day.isoformat()}/{card.id}" for row in self.of_kind[Kind.SNOOZE])

    def _with_day(self, owed: Due, plain: Situation, now: datetime) -> Situation:
        day = self.patient.day_at(now)
        begins, ends = self.patient.day_over(day - timedelta(days=1)), self.patient.day_over(day)
        standing = self.standing(begins)
        today = [
            Message(row.new.kind, row.new.slot, row.attempted_at is not None)
            for kind in UNASKED
            for row in self.of_kind[kind]
            if row.id != owed.id
            and (
                begins <= row.attempted_at < ends
                if row.attempted_at is not None
                else row.state in OPEN and row.at < ends
            )
        ]
        return replace(
            plain,
            today=today,
            is_treatment_day=is_treatment_day(self.patient, day, standing, self.treatments_since(now - LOOK_BACK)),
            appointment=self.had_visits[owed.about[0] - 1] if owed.kind in ABOUT_VISITS else None,
            treatment=self._treatment(owed.about[0]) if owed.kind in ABOUT_TREATMENTS else None,
            visit_ahead=any(visit.at > now for visit in standing),
        )

    def _silence(self, but: int = 0) -> Silence:
        signs = [*(card.answered_at for card in self.cards), self.noted_at, self.patient.heard_at]
        heard = max((sign for sign in signs if sign is not None), default=None)
        prompts = [row.finished_at for row in self.of_kind[Kind.DAILY] if row.state is DueState.SENT and row.id != but]
        since = [at for at in prompts if at is not None and (heard is None or at > heard)]
        return Silence(len(since), min(since, default=None))

    # What the person does

    def choose(self, choices: dict[str, Any], now: datetime) -> None:
        self._change(choices, now)

    def pause(self, until: datetime | None, now: datetime) -> None:
        self._change({"state": State.PAUSED, "paused_until": until}, now)

    def stop(self, now: datetime) -> None:
        self._change({"state": State.STOPPED, "paused_until": None}, now)

    def resume(self, now: datetime) -> None:
        again = {"state": State.ACTIVE, "paused_until": None, "pace": Pace.DAILY, "pace_from": None, "heard_at": now}
        self._change(again, now)

    def blocked(self, now: datetime) -> None:
        for row in self._waiting():
            row.finish(DueState.DROPPED, "unreachable", now)
        for card in self.cards:
            card.outcome = Outcome.CLOSED if card.outcome is Outcome.OPEN else card.outcome
        lost = State.STOPPED if self.patient.state is State.STOPPED else State.UNREACHABLE
        self._change({"state": lost, "paused_until": None}, now)

    def _change(self, changes: dict[str, Any], now: datetime) -> None:
        new = {name: value for name, value in changes.items() if value != getattr(self.patient, name)}
        self.patient = replace(self.patient, **new)
        if new.keys() - {"language", "country", "discreet", "heard_at"}:
            self.patient = replace(self.patient, plan_version=self.patient.plan_version + 1)
            self.plan_anew(now)

    def open_today(self, now: datetime) -> tuple[int, date]:
        card = self._open_daily(self.patient.day_at(now), now)
        return card.id, card.day

    def _open_daily(self, day: date, now: datetime) -> Card:
        return self._opened(CheckInKind.DAILY, day.isoformat(), day, now)

    def _open_after(self, treatment: Treatment, now: datetime) -> Card:
        return self._opened(CheckInKind.AFTER, f"t{treatment.id}", self.patient.day_at(treatment.at), now)

    def _opened(self, kind: CheckInKind, key: str, day: date, now: datetime) -> Card:
        there = self._card(kind, key)
        if there is not None:
            return there
        card = Card(len(self.cards) + 1, kind, key, day, now)
        self.cards.append(card)
        self._owe_closing(card, now, "1")
        return card

    def _owe_closing(self, card: Card, now: datetime, slot: str) -> None:
        today = max(self.patient.day_at(now), card.day)
        event = f"{card.day.isoformat()}/{card.id}"
        self.insert(replace(closing(self.patient, today, card.id), event=event, slot=slot))

    def answer(self, number: int, now: datetime, *, fully: bool) -> bool:
        """Answer all of an open card, or its first question; tell whether that was taken."""
        card = self.cards[number - 1]
        if card.outcome is not Outcome.OPEN or (card.answered_at is not None and not fully):
            return False
        late = card.late or self.patient.day_at(now - CLOSE_GRACE) > card.day
        if late and not card.late:
            self._owe_closing(card, now, now.isoformat())
        card.answered_at, card.late = now, late
        if fully:
            card.outcome = Outcome.COMPLETE
            self._drop_prompts_of(card, "answered", now)
            self.plan_next(now)
        return True

    def decline(self, number: int, now: datetime) -> bool:
        card = self.cards[number - 1]
        if card.outcome is not Outcome.OPEN:
            return False
        card.outcome = Outcome.DECLINED
        self._hear(now)
        self._drop_prompts_of(card, "declined", now)
        self.plan_next(now)
        return True

    def snooze(self, number: int, at: datetime, now: datetime) -> bool:
        card = self.cards[number - 1]
        if card.outcome is not Outcome.OPEN:
            return False
        new = snooze(self.patient, card.day, card.id, at)
        self._hear(now)
        self._drop_prompts_of(card, "snoozed", now, keep=new.slot)
        self.insert(new)
        self.plan_next(now)
        return True

    def _hear(self, now: datetime) -> None:
        self.patient = replace(self.patient, heard_at=now)

    def note(self, now: datetime) -> None:
        self.noted_at = now

    def day_of(self, number: int) -> date | None:
        """Give the day of a daily card, None for another."""
        card = self.cards[number - 1]
        return card.day if card.kind is CheckInKind.DAILY else None

    # Visits and treatments

    def make(self, at: datetime, kind: VisitKind, now: datetime) -> bool:
        ahead = sorted((v for v in self.had_visits if v.state in AHEAD and v.at > now), key=lambda v: (v.at, v.id))
        same = any((one.at, one.kind) == (at, kind) for one in ahead)
        if same or refused_because(at, now, ahead):
            return False
        zone = self.patient.zone_at(at)
        self.had_visits.append(Appointment(len(self.had_visits) + 1, self.patient.id, at, zone, kind))
        self.raise_plan(now)
        return True

    def move(self, number: int, at: datetime, now: datetime) -> None:
        visit = self.had_visits[number - 1]
        if visit.is_ahead and not refused_because(at, now, ()) and visit.at != at:
            moved = replace(visit, at=at, state=VisitState.PLANNED, version=visit.version + 1)
            self.had_visits[number - 1] = moved
            self.raise_plan(now)

    def _restate(self, number: int, state: VisitState, out_of: Iterable[VisitState], now: datetime) -> None:
        visit = self.had_visits[number - 1]
        if visit.state in out_of:
            self.had_visits[number - 1] = replace(visit, state=state)
            if state is not VisitState.CONFIRMED:
                self.raise_plan(now)

    def cancel(self, number: int, now: datetime) -> None:
        self._restate(number, VisitState.CANCELLED, AHEAD, now)

    def restore(self, number: int, now: datetime) -> None:
        if self.had_visits[number - 1].at > now:
            self._restate(number, VisitState.PLANNED, (VisitState.CANCELLED,), now)

    def confirm(self, number: int, now: datetime) -> None:
        self._restate(number, VisitState.CONFIRMED, (VisitState.PLANNED,), now)

    def missed(self, number: int, now: datetime) -> None:
        self._restate(number, VisitState.MISSED, AHEAD, now)

    def went(self, number: int, now: datetime) -> None:
        self._restate(number, VisitState.DONE, AHEAD, now)

    def had(self, at: datetime, now: datetime, visit: int | None = None) -> None:
        if not now - LATEST_MARK <= at <= now:
            return
        there = self._there_already(at, visit)
        found = there or self._insert_treatment(at)
        if visit is None and there is None:
            visit = self._planned_for(at)
        is_visit = visit is not None and self._settle_visit(found, visit)
        if there is None or is_visit:
            self.raise_plan(now)

    def _there_already(self, at: datetime, visit: int | None) -> Treatment | None:
        if visit is not None and self.had_visits[visit - 1].treatment_id is not None:
            return self._treatment(self.had_visits[visit - 1].treatment_id or 0)
        return doubles(self.treatments_since(at - LOOK_BACK), at)

    def _insert_treatment(self, at: datetime) -> Treatment:
        new = Treatment(len(self.all_treatments) + 1, self.patient.id, at, self.patient.zone_at(at))
        self.all_treatments.append(new)
        return new

    def _planned_for(self, at: datetime) -> int | None:
        day, a_day = self.patient.day_at(at), timedelta(days=1)
        around = [one for one in self.standing(at - a_day) if one.kind is VisitKind.TREATMENT and one.at < at + a_day]
        same_day = [one for one in around if self.patient.day_at(one.at) == day]
        nearest = min(same_day, key=lambda one: abs(one.at - at), default=None)
        return nearest.id if nearest else None

    def _settle_visit(self, found: Treatment, number: int) -> bool:
        visit = self.had_visits[number - 1]
        if visit.kind is not VisitKind.TREATMENT or visit.state not in (*AHEAD, VisitState.MISSED):
            return False
        self.had_visits[number - 1] = replace(visit, state=VisitState.DONE, treatment_id=found.id)
        return True

    def correct(self, number: int, at: datetime, now: datetime) -> None:
        others = [one for one in self.treatments_since(at - timedelta(days=9999)) if one.id != number]
        if number in self.removed or not now - LATEST_MARK <= at <= now or doubles(others, at):
            return
        self._change_treatment(number, lambda one: replace(one, at=at, ended_at=None, version=one.version + 1), now)

    def remove(self, number: int, now: datetime) -> None:
        if number in self.removed:
            return
        self.had_visits = [
            replace(one, treatment_id=None, state=VisitState.PLANNED, version=one.version + 1)
            if one.treatment_id == number
            else one
            for one in self.had_visits
        ]
        self.removed.add(number)
        self.raise_plan(now)

    def _change_treatment(self, number: int, change: Callable[[Treatment], Treatment], now: datetime) -> None:
        self.all_treatments[number - 1] = change(self.all_treatments[number - 1])
        self.raise_plan(now)
