"""Journal notes, known by the Telegram message they were typed in."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlmodel import Session

from care.notes import Note
from storage.rows import Person, check_in, person
from storage.tables import note_revisions, notes, patients
from storage.writing import insert_new_id, run

OFFER_LIFE = timedelta(hours=24)

_OFFERED = "offered"
_KEPT = "kept"

_N = notes.c
_OF_CHAT = _N.patient_id.in_(select(patients.c.id).where(patients.c.chat_id == bindparam("chat_id")))
_THIS = [_OF_CHAT, _N.message_id == bindparam("message_id")]
_FIND = select(_N.id, _N.state, _N.revision, _N.text_sealed, _N.written_at).where(*_THIS).with_for_update()
_KEEP = update(notes).where(_N.id == bindparam("note_id")).values(state=_KEPT)
_REVISE = (
    update(notes)
    .where(_N.id == bindparam("note_id"))
    .values(revision=bindparam("new_revision"), text_sealed=bindparam("new_text"))
)
_ADD_REVISION = insert(note_revisions)
_MINE_KEPT = update(notes).where(_OF_CHAT, _N.message_id == bindparam("this"), _N.state == _KEPT)
_PICK = _MINE_KEPT.values(picked_at=bindparam("moment"))
_REMOVE = delete(notes).where(_OF_CHAT, _N.message_id == bindparam("this"))
_DISCARD = _REMOVE.where(_N.state == _OFFERED)
_FORGET = delete(notes).where(_N.state == _OFFERED, _N.written_at <= bindparam("since"))
_OF_DAYS: Select[Any] = (
    select(_N.message_id, _N.day, _N.text_sealed, _N.written_at, _N.revision, _N.picked_at)
    .where(_OF_CHAT, _N.state == _KEPT, _N.day >= bindparam("first"), _N.day <= bindparam("last"))
    .order_by(_N.day, _N.written_at, _N.id)
)


def offer(session: Session, chat_id: int, message_id: int, text: str, now: datetime) -> bool:
    """Store what was typed out of the blue until the person says whether to keep it; False without a patient."""
    whose = person(session, chat_id)
    if whose is None:
        return False
    _add(session, whose, message_id, text, now, state=_OFFERED, day=whose.patient.day_at(now))
    return True


def keep(session: Session, chat_id: int, message_id: int, now: datetime) -> bool:
    """Keep an offered note; True also when it was kept before, False when there is none (or it died after a day)."""
    found = _found(session, chat_id, message_id)
    if found is None or (found.state == _OFFERED and found.written_at <= now - OFFER_LIFE):
        return False
    if found.state == _OFFERED:
        run(session, _KEEP, {"note_id": found.id})
    return True


def discard(session: Session, chat_id: int, message_id: int) -> bool:
    """Delete an offered note; a kept one stays. Tells whether anything was deleted."""
    return run(session, _DISCARD, {"chat_id": chat_id, "this": message_id}).rowcount > 0


def write(session: Session, chat_id: int, message_id: int, text: str, check_in_id: int | None, now: datetime) -> bool:
    """Keep a note at once, for its check-in's day or for the person's day.

    The same message again changes nothing. False without a patient, or when the check-in is not theirs.
    """
    if check_in_id is None:
        whose = person(session, chat_id)
        day = whose.patient.day_at(now) if whose else None
    else:
        whose, about = check_in(session, chat_id, check_in_id) or (None, None)
        day = about.day if about else None
    if whose is None or day is None:
        return False
    _add(session, whose, message_id, text, now, state=_KEPT, day=day, check_in_id=check_in_id)
    return True


def revise(session: Session, chat_id: int, message_id: int, text: str, now: datetime) -> bool:
    """Give a note the wording of the edited message, as a new revision; False when there is no such note."""
    whose, found = person(session, chat_id), _found(session, chat_id, message_id)
    if whose is None or found is None:
        return False
    if whose.open(found.text_sealed, _place(message_id, found.revision)) == text:
        return True
    revision = found.revision + 1
    sealed = whose.seal(text, _place(message_id, revision))
    run(session, _REVISE, {"note_id": found.id, "new_revision": revision, "new_text": sealed})
    _add_revision(session, found.id, revision, sealed, now)
    return True


def remove(session: Session, chat_id: int, message_id: int) -> bool:
    """Delete a note with all its wordings; tell whether there was one."""
    return run(session, _REMOVE, {"chat_id": chat_id, "this": message_id}).rowcount > 0


def pick(session: Session, chat_id: int, message_id: int, picked: bool, now: datetime) -> bool:
    """Pick a kept note for the next visit, or leave it out again; tell whether there is such a note."""
    values = {"chat_id": chat_id, "this": message_id, "moment": now if picked else None}
    return run(session, _PICK, values).rowcount > 0


def of_days(session: Session, chat_id: int, first: date, last: date) -> list[Note]:
    """List the kept notes of the days from first to last, oldest first."""
    whose = person(session, chat_id)
    if whose is None:
        return []
    rows = run(session, _OF_DAYS, {"chat_id": chat_id, "first": first, "last": last})
    return [
        Note(
            message_id, day, whose.open(sealed, _place(message_id, revision)), written_at, revision, picked is not None
        )
        for message_id, day, sealed, written_at, revision, picked in rows
    ]


def forget_offers(session: Session, now: datetime) -> None:
    """Delete what was offered a day ago and never kept."""
    run(session, _FORGET, {"since": now - OFFER_LIFE})


def _add(
    session: Session,
    whose: Person,
    message_id: int,
    text: str,
    now: datetime,
    *,
    state: str,
    day: date,
    check_in_id: int | None = None,
) -> None:
    sealed = whose.seal(text, _place(message_id, 1))
    row = {
        "patient_id": whose.patient.id,
        "message_id": message_id,
        "check_in_id": check_in_id,
        "state": state,
        "day": day,
        "revision": 1,
        "text_sealed": sealed,
        "written_at": now,
    }
    number = insert_new_id(session, notes, row)
    if number is not None:
        _add_revision(session, number, 1, sealed, now)


def _add_revision(session: Session, note_id: int, revision: int, sealed: bytes, now: datetime) -> None:
    row = {"note_id": note_id, "revision": revision, "text_sealed": sealed, "written_at": now}
    run(session, _ADD_REVISION, row)


def _found(session: Session, chat_id: int, message_id: int) -> Any:
    return run(session, _FIND, {"chat_id": chat_id, "message_id": message_id}).first()


def _place(message_id: int, revision: int) -> str:
    return f"notes/{message_id}/{revision}"
