"""Random lives lived twice: in the real storage and in the model of tests/care, which must tell the same story."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from care.checkin import Kind as CheckInKind
from care.checkin import Outcome, next_question
from care.due import ABOUT_TREATMENTS, ABOUT_VISITS, DueState, Failure, Kind
from care.people import Patient, State
from care.visits import VisitKind
from storage import agenda, checkins, due, notes, patients, treatments, visits
from storage.rows import person
from storage.tables import CheckInRow, DueRow, PatientRow
from tests.care.due_model import Model
from tests.lives import Began, Begin, Life, live, numbered
from tests.observer import Fate, Seen, Visit
from tests.observer import Session as Treated

FIRST = int(os.environ.get("SEED", "1"))
LIVES = 1 if "SEED" in os.environ else int(os.environ.get("STORED_LIVES", "4"))
GROUPS = 1 if "SEED" in os.environ else 3


@dataclass
class Numbers:
    """The numbers that rows have in the database, in the order in which one life made them."""

    ids: list[int] = field(default_factory=list)

    def of(self, row_id: int) -> int:
        """Give the place of a row, from 1."""
        if row_id not in self.ids:
            self.ids.append(row_id)
        return self.ids.index(row_id) + 1

    def row(self, number: int) -> int:
        """Give the row in a place."""
        return self.ids[number - 1]


@dataclass
class Stored:
    """A world in the database."""

    session: Session
    chat_id: int
    patient: Patient
    visit_ids: Numbers = field(default_factory=Numbers)
    session_ids: Numbers = field(default_factory=Numbers)
    card_ids: Numbers = field(default_factory=Numbers)
    messages: int = 0

    def due_at(self) -> datetime | None:
        mine = select(func.min(DueRow.at)).where(DueRow.patient_id == self.patient.id)
        waiting = self.session.exec(mine.where(DueRow.state == DueState.WAITING)).one()
        leases = select(func.min(col(DueRow.leased_until))).where(DueRow.patient_id == self.patient.id)
        leased = self.session.exec(leases.where(DueRow.state == DueState.LEASED)).one()
        return min((moment for moment in (waiting, leased) if moment is not None), default=None)

    def owes_card(self) -> bool:
        rows = select(DueRow.id).where(DueRow.patient_id == self.patient.id, DueRow.kind == Kind.DAILY)
        return self.session.exec(rows.where(col(DueRow.state).in_(("waiting", "leased")))).first() is not None

    def claim(self, now: datetime, token: str) -> list[int]:
        return [row.id for row in due.claim(self.session, token, now, 200, 60)]

    def begin(self, number: int, token: str, now: datetime) -> Began | None:
        begun = due.begin(self.session, number, token, now)
        return None if begun is None else Began(begun.decision, self._seen(begun))

    def _seen(self, begun: due.Begun) -> Seen:
        owed, said = begun.due, begun.visit or begun.treatment
        about_visit, about_session = owed.kind in ABOUT_VISITS, owed.kind in ABOUT_TREATMENTS
        return Seen(
            owed.kind.value,
            owed.slot,
            self._event(owed.kind, owed.event),
            owed.day if owed.kind in (Kind.DAILY, Kind.NUDGE, Kind.SNOOZE) else None,
            self.visit_ids.of(owed.about[0]) if about_visit else None,
            self.session_ids.of(owed.about[0]) if about_session else None,
            said.at if said else None,
            self.card_ids.of(begun.check_in.id) if begun.check_in else None,
            begun.tone.value,
        )

    def _event(self, kind: Kind, event: str) -> str:
        if kind is Kind.FORM:
            return event
        if kind not in (*ABOUT_VISITS, *ABOUT_TREATMENTS):
            return numbered(event)
        number, _, version = event[1:].partition(".")
        ids = self.visit_ids if kind in ABOUT_VISITS else self.session_ids
        return f"{event[0]}{ids.of(int(number))}.{version}"

    def sent(self, number: int, token: str, now: datetime) -> None:
        self.messages += 1
        due.sent(self.session, number, token, self.messages, now)

    def failed(self, number: int, token: str, failure: Failure, wait: timedelta | None, now: datetime) -> None:
        due.failed(self.session, number, token, failure, wait, now)

    def visits(self) -> dict[int, Visit]:
        whose = person(self.session, self.chat_id)
        assert whose is not None
        found = agenda.visits(self.session, whose, agenda.VISITS.order_by("id"))
        return {self.visit_ids.of(v.id): Visit(v.at, v.end, v.kind.value, v.state.value) for v in found}

    def sessions(self) -> dict[int, Treated]:
        found = sorted(treatments.of_patient(self.session, self.chat_id), key=lambda one: one.id)
        return {self.session_ids.of(one.id): Treated(one.at, one.end) for one in found}

    def fates(self) -> Iterator[Fate]:
        rows = select(DueRow).where(DueRow.patient_id == self.patient.id).order_by(col(DueRow.id))
        for row in self.session.exec(rows):
            event = self._event(Kind(row.kind), row.event)
            yield Fate(row.kind, event, row.slot, row.plan_version, row.state, row.why, row.at)
        self.session.expunge_all()

    def choose(self, choices: dict[str, Any], now: datetime) -> None:
        patients.choose(self.session, self.chat_id, choices, now)

    def pause(self, until: datetime | None, now: datetime) -> None:
        patients.pause(self.session, self.chat_id, until, now)

    def stop(self, now: datetime) -> None:
        patients.stop(self.session, self.chat_id, now)

    def resume(self, now: datetime) -> None:
        patients.resume(self.session, self.chat_id, now)

    def blocked(self, now: datetime) -> None:
        patients.blocked(self.session, self.chat_id, now)

    def open_today(self, now: datetime) -> tuple[int, date]:
        card = checkins.open_today(self.session, self.chat_id, now)
        assert card is not None
        return self.card_ids.of(card.check_in.id), card.check_in.day

    def answer(self, number: int, now: datetime, *, fully: bool) -> bool:
        card = checkins.find(self.session, self.chat_id, self.card_ids.row(number))
        assert card is not None
        present = card.check_in
        if present.outcome is not Outcome.OPEN or (present.answers and not fully):
            return False
        while (question := next_question(present.questions, present.answers)) is not None:
            taken = checkins.answer(self.session, self.chat_id, present.id, question.code, None, 0, now)
            assert taken is not None
            assert taken.changed
            present = taken.check_in
            if not fully:
                break
        return True

    def fill_form(self, code: str, now: datetime) -> None:
        card = checkins.open_form(self.session, self.chat_id, code, now)
        assert card is not None
        self.card_ids.of(card.check_in.id)
        present = card.check_in
        while present.outcome is Outcome.OPEN:
            question = next_question(present.questions, present.answers)
            assert question is not None
            taken = checkins.answer(self.session, self.chat_id, present.id, question.code, None, 0, now)
            assert taken is not None
            present = taken.check_in

    def decline(self, number: int, now: datetime) -> bool:
        card = checkins.decline(self.session, self.chat_id, self.card_ids.row(number), now)
        return card is not None and card.changed

    def snooze(self, number: int, at: datetime, now: datetime) -> bool:
        card = checkins.snooze(self.session, self.chat_id, self.card_ids.row(number), at, now)
        return card is not None and card.changed

    def note(self, now: datetime) -> None:
        self.messages += 1
        notes.write(self.session, self.chat_id, 9_000_000 + self.messages, "a note", None, now)

    def day_of(self, number: int) -> date | None:
        row = self.session.get_one(CheckInRow, self.card_ids.row(number))
        return row.day if row.kind == CheckInKind.DAILY else None

    def make(self, at: datetime, kind: VisitKind, now: datetime) -> bool:
        made = visits.make(self.session, self.chat_id, [visits.NewVisit(at, "Europe/Berlin", kind)], now)
        assert made is not None
        for one in made.new:
            self.visit_ids.of(one.id)
        return bool(made.new)

    def _visit(self, act: Callable[..., object], number: int, *rest: Any) -> None:
        act(self.session, self.chat_id, self.visit_ids.row(number), *rest)

    def move(self, number: int, at: datetime, now: datetime) -> None:
        self._visit(visits.move, number, at, now)

    def cancel(self, number: int, now: datetime) -> None:
        self._visit(visits.cancel, number, now)

    def restore(self, number: int, now: datetime) -> None:
        self._visit(visits.restore, number, now)

    def confirm(self, number: int, now: datetime) -> None:
        self._visit(visits.confirm, number, now)

    def missed(self, number: int, now: datetime) -> None:
        self._visit(visits.missed, number, now)

    def went(self, number: int, now: datetime) -> None:
        self._visit(visits.went, number, now)

    def had(self, at: datetime, now: datetime, visit: int | None = None) -> None:
        visit_id = None if visit is None else self.visit_ids.row(visit)
        found = treatments.had(self.session, self.chat_id, at, now, visit_id=visit_id)
        if found is not None:
            self.session_ids.of(found.id)

    def correct(self, number: int, at: datetime, now: datetime) -> None:
        treatments.correct(self.session, self.chat_id, self.session_ids.row(number), at, None, now)

    def remove(self, number: int, now: datetime) -> None:
        treatments.remove(self.session, self.chat_id, self.session_ids.row(number), now)


def in_storage(session: Session, seed: int, begin: Begin) -> Stored:
    chat_id = 7_000_000_000 + seed
    patients.agree(session, chat_id, "en", "1", begin.at)
    patient = patients.choose(session, chat_id, begin.choices, begin.at)
    assert patient is not None
    return Stored(session, chat_id, patient)


def in_memory(patient: Patient, begin: Begin) -> Model:
    model = Model(Patient(patient.id, patient.chat_id, "en", State.ACTIVE, plan_version=2, **begin.choices))
    model.plan_anew(begin.at)
    return model


def lived_twice(session: Session, seed: int) -> tuple[Life, Life]:
    """Live a life in storage, then in memory as the person of the same number, which decides the minute."""
    real = live(seed, lambda begin: in_storage(session, seed, begin))
    patient = real.world.patient  # type: ignore[attr-defined]
    model = live(seed, lambda begin: in_memory(patient, begin))
    session.delete(session.get_one(PatientRow, patient.id))
    session.flush()
    return real, model


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_storage_sends_what_the_model_sends(session: Session, group: int) -> None:
    for seed in range(FIRST + group * LIVES, FIRST + (group + 1) * LIVES):
        real, model = lived_twice(session, seed)
        assert real.log, f"SEED={seed}"
        assert real.log == model.log, f"SEED={seed}"
        assert real.observer.wrong == [], f"SEED={seed}"
