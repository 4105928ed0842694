"""What presses and typed texts change about appointments, one hop each: pieces of storage put together.

A button knows the version of an appointment. Where that is another by now nothing changes, and it is given as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlmodel import Session

from care.people import Patient
from care.treatments import TreatmentKind
from care.visits import Appointment, Ride, VisitKind, refused_because
from handlers.words import Words
from storage import patients, pending, treatments, visits
from storage.rows import person
from storage.visits import NewVisit

NEW_TYPED, MOVE_TYPED, NOTE_TYPED = "visit-new", "visit-move", "visit-note"
TYPED = (NEW_TYPED, MOVE_TYPED, NOTE_TYPED)
"""What a person may be asked to type here: a first date, another date, what the clinic said."""

Found = tuple[Patient | None, Appointment | None]


def stands(visit: Appointment, version: int | None) -> bool:
    """Tell whether an appointment still stands as a button knew it."""
    return visit.is_ahead and visit.version == version


def all_ahead(session: Session, chat_id: int, now: datetime) -> tuple[Patient | None, list[Appointment]]:
    """Give the patient and what lies ahead of them."""
    return patients.find(session, chat_id), visits.ahead(session, chat_id, now)


def listed(session: Session, chat_id: int, now: datetime) -> tuple[Patient | None, list[Appointment]]:
    """Do the same for whoever looks at the list: they type no date any more."""
    _forget(session, chat_id, now)
    return all_ahead(session, chat_id, now)


def seen(session: Session, chat_id: int, number: int | None) -> Found:
    """Give the patient and an appointment, if it is theirs."""
    visit = visits.find(session, chat_id, number) if number is not None else None
    return patients.find(session, chat_id), visit


def look(session: Session, chat_id: int, number: int | None, now: datetime) -> Found:
    """Give an appointment, if it is theirs; whoever looks at it types no date any more."""
    _forget(session, chat_id, now)
    return seen(session, chat_id, number)


def _forget(session: Session, chat_id: int, now: datetime) -> None:
    expected = pending.expected(session, chat_id, now)
    if expected is not None and expected.kind in TYPED:
        pending.forget(session, chat_id)


def expect_date(session: Session, chat_id: int, code: str, now: datetime) -> Patient | None:
    """Expect the date of a new appointment to be typed."""
    patient = patients.find(session, chat_id)
    if patient is not None:
        pending.expect(session, chat_id, NEW_TYPED, code, None, now)
    return patient


def expect_move(session: Session, chat_id: int, number: int | None, version: int | None, now: datetime) -> Found:
    """Expect the new date of an appointment to be typed, if it still stands."""
    patient, visit = look(session, chat_id, number, now)
    if visit is not None and stands(visit, version):
        pending.expect(session, chat_id, MOVE_TYPED, f"{number}.{version}", None, now)
    return patient, visit


def expect_note(session: Session, chat_id: int, number: int | None, now: datetime) -> Found:
    """Expect what the clinic said about getting ready to be typed."""
    patient, visit = look(session, chat_id, number, now)
    if visit is not None:
        pending.expect(session, chat_id, NOTE_TYPED, str(number), None, now)
    return patient, visit


def make(
    session: Session, chat_id: int, kind: VisitKind, at: datetime, now: datetime
) -> tuple[Patient | None, Appointment | None, str]:
    """Make an appointment, once however often it is asked for; give it, or why there is none."""
    patient, _ = look(session, chat_id, None, now)
    if patient is None:
        return None, None, ""
    same = _at(session, chat_id, at, now)
    if same is not None:
        return patient, same, "same"
    made = visits.make(session, chat_id, [NewVisit(at, patient.zone_at(at), kind)], now)
    if made is None or made.refused:
        return patient, None, made.refused[0] if made else ""
    equip(session, patient, made.new, now)
    return patient, next((visits.find(session, chat_id, one.id) for one in made.new), None), "added"


def _at(session: Session, chat_id: int, at: datetime, now: datetime) -> Appointment | None:
    return next((visit for visit in visits.ahead(session, chat_id, now) if visit.at == at), None)


def move(
    session: Session, chat_id: int, number: int | None, version: int | None, at: datetime, now: datetime
) -> tuple[Patient | None, Appointment | None, str]:
    """Move an appointment that stands as the button knew it; its old reminders are gone at once."""
    patient, visit = look(session, chat_id, number, now)
    if visit is None or not stands(visit, version):
        return patient, visit, ""
    same, refused = _at(session, chat_id, at, now), refused_because(at, now, ())
    if same is not None or refused:
        return patient, same, refused or "same"
    return patient, visits.move(session, chat_id, visit.id, at, now), "moved"


def change(
    session: Session, chat_id: int, what: str, number: int | None, version: int | None, answer: str, now: datetime
) -> Found:
    """Change how an appointment stands, if the button knew its present version."""
    patient, visit = look(session, chat_id, number, now)
    if visit is None or visit.version != version:
        return patient, visit
    if what == "ride":
        return patient, _ride(session, chat_id, visit, answer, now)
    if what == "confirm" and visit.at <= now:
        return patient, visit
    same = _at(session, chat_id, visit.at, now) if what == "undo" else None
    return patient, same or _CHANGES[what](session, chat_id, visit.id, now)


def _ride(session: Session, chat_id: int, visit: Appointment, answer: str, now: datetime) -> Appointment | None:
    wanted = visit.kind is VisitKind.TREATMENT and visit.is_ahead and answer in list(Ride)
    return visits.ride(session, chat_id, visit.id, Ride(answer), now) if wanted else visit


def _without_note(session: Session, chat_id: int, number: int, now: datetime) -> Appointment | None:
    return _prepare(session, chat_id, number, "", now)


_CHANGES: Mapping[str, Callable[[Session, int, int, datetime], Appointment | None]] = {
    "confirm": visits.confirm,
    "cancel": visits.cancel,
    "undo": visits.restore,
    "missed": visits.missed,
    "bare": _without_note,
}


def keep_note(session: Session, chat_id: int, number: int, note: str, now: datetime) -> Found:
    """Keep what the clinic said about getting ready for an appointment."""
    return patients.find(session, chat_id), _prepare(session, chat_id, number, note, now)


def _prepare(session: Session, chat_id: int, number: int, note: str, now: datetime) -> Appointment | None:
    """Write a preparation note, also to the treatments ahead that had the same one, or none, just as this one."""
    before = visits.find(session, chat_id, number)
    if before is None:
        return None
    for one in visits.ahead(session, chat_id, now):
        if (one.kind, one.prep_note) == (before.kind, before.prep_note):
            visits.prepare(session, chat_id, one.id, note, now)
    return visits.prepare(session, chat_id, number, note, now)


def equip(session: Session, patient: Patient, made: Iterable[Appointment], now: datetime) -> None:
    """Give new treatment appointments the person's last preparation note, or the nasal spray's where they have that."""
    sessions = [visit for visit in made if visit.kind is VisitKind.TREATMENT and not visit.prep_note]
    whose = person(session, patient.chat_id) if sessions else None
    if whose is None:
        return
    note = visits.last_note(session, whose)
    if not note and treatments.last_kind(session, patient.chat_id) is TreatmentKind.NASAL:
        note = Words(patient.language)("appt-preset")
    for visit in sessions if note else ():
        visits.prepare(session, patient.chat_id, visit.id, note, now)
