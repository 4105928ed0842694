"""Appointments. Whatever changes one raises the person's plan version and plans everything anew, in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from care.visits import AHEAD, Appointment, Ride, VisitKind, VisitState, refused_because
from storage import agenda, planning, updates
from storage.agenda import VISITS, place_of_note, visits
from storage.rows import Person, person
from storage.tables import appointments
from storage.writing import insert_new_id, run

_A = appointments.c
_AHEAD = VISITS.where(_A.state.in_(AHEAD), _A.at > bindparam("moment")).order_by(_A.at, _A.id)
_PAST = (
    VISITS.where(
        _A.state.not_in((VisitState.CANCELLED, VisitState.MISSED)),
        _A.kind.in_(bindparam("kinds", expanding=True)),
        _A.at <= bindparam("moment"),
    )
    .order_by(_A.at.desc())
    .limit(1)
)
_BY_MARK = VISITS.where(_A.calendar_hash == bindparam("mark"))
_CHANGE = update(appointments).where(_A.id == bindparam("number"), _A.patient_id == bindparam("owner"))
_LAST_NOTE = (
    select(_A.id, _A.notes_sealed)
    .where(_A.patient_id == bindparam("owner"), _A.kind == VisitKind.TREATMENT, _A.notes_sealed.is_not(None))
    .order_by(_A.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class NewVisit:
    """An appointment to be made. mark knows it again in a calendar file."""

    at: datetime
    zone: str
    kind: VisitKind
    ends_at: datetime | None = None
    mark: bytes | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What became of appointments to be made: new ones, moved ones, those that were there, and why others were not."""

    new: tuple[Appointment, ...] = ()
    moved: tuple[Appointment, ...] = ()
    there: tuple[Appointment, ...] = ()
    refused: tuple[str, ...] = ()


def ahead(session: Session, chat_id: int, now: datetime) -> list[Appointment]:
    """List the appointments that lie ahead, the nearest first."""
    whose = person(session, chat_id)
    return [] if whose is None else visits(session, whose, _AHEAD, moment=now)


def find(session: Session, chat_id: int, number: int) -> Appointment | None:
    """Give an appointment of this chat's person; None when it is not theirs."""
    whose = person(session, chat_id)
    return None if whose is None else agenda.visit(session, whose, number)


def last_before(
    session: Session, chat_id: int, now: datetime, kinds: Collection[VisitKind] = tuple(VisitKind)
) -> Appointment | None:
    """Give the person's last appointment of some kinds that lies behind them and was neither cancelled nor missed."""
    whose = person(session, chat_id)
    found = visits(session, whose, _PAST, moment=now, kinds=list(kinds)) if whose else []
    return found[0] if found else None


def make(session: Session, chat_id: int, new: Sequence[NewVisit], now: datetime) -> Made | None:
    """Make appointments at once, each only once: the same kind at the same moment, or the same mark, is the same.

    A marked one whose moment is another has moved. None for whoever is no patient.
    """
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return None
    made = _Making(session, whose, now)
    for one in new:
        made.take(one)
    if made.new or made.moved:
        planning.raise_plan(session, whose.patient.id, now)
    return Made(tuple(made.new), tuple(made.moved), tuple(made.there), tuple(made.refused))


def make_once(session: Session, chat_id: int, new: Sequence[NewVisit], now: datetime) -> Made | None:
    """Make appointments that belong together and carry marks, unless they were made before.

    What became of them since then stays: those that were moved stay moved. They are made again only when all were
    cancelled.
    """
    whose = person(session, chat_id, locked=True)
    known = [visit for one in new for visit in visits(session, whose, _BY_MARK, mark=one.mark)] if whose else []
    if all(visit.state is VisitState.CANCELLED for visit in known):
        return make(session, chat_id, new, now)
    return Made(there=tuple(known))


def move(session: Session, chat_id: int, number: int, at: datetime, now: datetime) -> Appointment | None:
    """Move an appointment that stands; the reminders of the old moment are gone at once. None when it cannot be."""
    whose, visit = _mine(session, chat_id, number)
    if whose is None or visit is None or not visit.is_ahead or refused_because(at, now, ()):
        return None
    if visit.at != at:
        updates.visit_off(session, whose.patient, visit, now)
        _move(session, whose, visit, at, None if visit.ends_at is None else at + (visit.ends_at - visit.at), now)
        planning.raise_plan(session, whose.patient.id, now)
    return agenda.visit(session, whose, number)


def cancel(session: Session, chat_id: int, number: int, now: datetime) -> Appointment | None:
    """Cancel an appointment; none of its reminders comes any more."""
    return _restate(session, chat_id, number, VisitState.CANCELLED, AHEAD, now)


def restore(session: Session, chat_id: int, number: int, now: datetime) -> Appointment | None:
    """Take a cancelling back while the moment still lies ahead."""
    return _restate(session, chat_id, number, VisitState.PLANNED, (VisitState.CANCELLED,), now, ahead_only=True)


def confirm(session: Session, chat_id: int, number: int, now: datetime) -> Appointment | None:
    """Note that the person will be there; the question two days before is not asked any more."""
    return _restate(session, chat_id, number, VisitState.CONFIRMED, (VisitState.PLANNED,), now, plans=False)


def missed(session: Session, chat_id: int, number: int, now: datetime) -> Appointment | None:
    """Note that the person did not go."""
    return _restate(session, chat_id, number, VisitState.MISSED, AHEAD, now)


def went(session: Session, chat_id: int, number: int, now: datetime) -> Appointment | None:
    """Note that the person was at a visit."""
    return _restate(session, chat_id, number, VisitState.DONE, AHEAD, now)


def ride(session: Session, chat_id: int, number: int, answer: Ride, now: datetime) -> Appointment | None:
    """Note whether somebody takes the person home."""
    return _write(session, chat_id, number, {"ride": answer}, now)


def prepare(session: Session, chat_id: int, number: int, note: str, now: datetime) -> Appointment | None:
    """Keep what the clinic said about getting ready for an appointment; "" takes it away."""
    whose, visit = _mine(session, chat_id, number)
    if whose is None or visit is None:
        return None
    sealed = whose.seal(note, place_of_note(number)) if note else None
    return _write(session, chat_id, number, {"notes_sealed": sealed}, now)


def last_note(session: Session, whose: Person) -> str:
    """Give the preparation note of the person's newest treatment appointment that has one; "" when none has."""
    row = run(session, _LAST_NOTE, {"owner": whose.patient.id}).first()
    return "" if row is None else whose.open(row.notes_sealed, place_of_note(row.id))


class _Making:
    """The appointments of one call, as they are made one after the other."""

    def __init__(self, session: Session, whose: Person, now: datetime) -> None:
        self._session, self._whose, self._now = session, whose, now
        self._ahead = visits(session, whose, _AHEAD, moment=now)
        self.new: list[Appointment] = []
        self.moved: list[Appointment] = []
        self.there: list[Appointment] = []
        self.refused: list[str] = []

    def take(self, one: NewVisit) -> None:
        """Make one appointment, move it, or say why not."""
        known = visits(self._session, self._whose, _BY_MARK, mark=one.mark) if one.mark else []
        same = known or [other for other in self._ahead if (other.at, other.kind) == (one.at, one.kind)]
        refused = refused_because(one.at, self._now, () if same else self._ahead)
        if refused:
            self.refused.append(refused)
        elif not same:
            self._insert(one)
        elif (same[0].at, same[0].is_ahead) == (one.at, True):
            self.there.append(same[0])
        else:
            self._bring_back(same[0], one)

    def _insert(self, one: NewVisit) -> None:
        number = insert_new_id(self._session, appointments, _row(self._whose.patient.id, one, self._now))
        made = agenda.visit(self._session, self._whose, number) if number is not None else None
        if made is not None:
            self.new.append(made)
            self._ahead.append(made)

    def _bring_back(self, known: Appointment, one: NewVisit) -> None:
        """Move an appointment that a calendar file knows by its mark; one that is done stays as it is."""
        if known.state in (VisitState.DONE, VisitState.MISSED):
            self.there.append(known)
            return
        _move(self._session, self._whose, known, one.at, one.ends_at, self._now)
        moved = agenda.visit(self._session, self._whose, known.id)
        self.moved += [moved] if moved else []


def _row(patient_id: int, one: NewVisit, now: datetime) -> dict[str, Any]:
    return {
        "patient_id": patient_id,
        "at": one.at,
        "ends_at": one.ends_at,
        "zone": one.zone,
        "kind": one.kind,
        "state": VisitState.PLANNED,
        "version": 1,
        "calendar_hash": one.mark,
        "created_at": now,
        "changed_at": now,
    }


def _move(
    session: Session, whose: Person, visit: Appointment, at: datetime, ends_at: datetime | None, now: datetime
) -> None:
    values = {"at": at, "ends_at": ends_at, "state": VisitState.PLANNED, "version": visit.version + 1}
    keys = {"number": visit.id, "owner": whose.patient.id}
    run(session, _CHANGE.values(values | {"changed_at": now}), keys)


def _restate(
    session: Session,
    chat_id: int,
    number: int,
    state: VisitState,
    out_of: Iterable[VisitState],
    now: datetime,
    *,
    plans: bool = True,
    ahead_only: bool = False,
) -> Appointment | None:
    """Change how an appointment stands, out of some states only; in any other it stays, and is given as it is."""
    whose, visit = _mine(session, chat_id, number)
    if whose is None or visit is None:
        return None
    if visit.state not in out_of or (ahead_only and visit.at <= now):
        return visit
    if state is VisitState.CANCELLED:
        updates.visit_off(session, whose.patient, visit, now)
    _write(session, chat_id, number, {"state": state}, now)
    if plans:
        planning.raise_plan(session, whose.patient.id, now)
    return agenda.visit(session, whose, number)


def _write(session: Session, chat_id: int, number: int, values: Mapping[str, Any], now: datetime) -> Appointment | None:
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return None
    keys = {"number": number, "owner": whose.patient.id}
    run(session, _CHANGE.values(dict(values) | {"changed_at": now}), keys)
    return agenda.visit(session, whose, number)


def _mine(session: Session, chat_id: int, number: int) -> tuple[Person | None, Appointment | None]:
    whose = person(session, chat_id, locked=True)
    return whose, agenda.visit(session, whose, number) if whose else None
