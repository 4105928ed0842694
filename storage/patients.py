"""Patients: who they are, what they chose, and whether they want to be written to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, or_, select, update
from sqlmodel import Session

from care.due import DueState, Kind
from care.easing import Tone, pace_after
from care.people import Consent, Pace, Patient, State, onboarding_step
from care.schedule import QuietHours
from storage import checkins, planning
from storage import consents as consents_given
from storage.rows import Person, keyring, person, person_by_id
from storage.tables import consents as consent_rows
from storage.tables import data_keys, due, newcomers, patients
from storage.writing import insert_new, insert_new_id, put, run

NEWCOMER_LIFE = timedelta(hours=24)
CONSENTS = ("storing", "reminders")
_WHEN_ASKED = {
    *("zone", "travel_zone", "travel_until", "daily_minute", "weekdays", "quiet", "nudges", "day_start"),
    *("items", "pace", "pace_from"),
}
_PLAN = _WHEN_ASKED | {"state", "paused_until"}
CHOICES = _WHEN_ASKED | {"language", "country", "discreet", "heard_at"}
"""What a person may choose."""

_FRESH = Patient(0, 0, "")
_OF_CHAT = newcomers.c.chat_id == bindparam("chat_id")
_NEWCOMER = select(newcomers.c.language).where(_OF_CHAT, newcomers.c.written_at > bindparam("since"))
_FORGET_ONE = delete(newcomers).where(newcomers.c.chat_id == bindparam("chat_id"))
_FORGET_OLD = delete(newcomers).where(newcomers.c.written_at <= bindparam("since"))
_GIVE_KEY = update(patients).where(patients.c.id == bindparam("patient_id")).values(key_id=bindparam("new_key"))
_CONSENTS = (
    select(consent_rows.c.kind, consent_rows.c.version, consent_rows.c.given_at, consent_rows.c.withdrawn_at)
    .join(patients, patients.c.id == consent_rows.c.patient_id)
    .where(patients.c.chat_id == bindparam("chat_id"))
    .order_by(consent_rows.c.given_at, consent_rows.c.id)
)
_HAS_PROMPT = exists().where(
    due.c.patient_id == patients.c.id,
    due.c.kind == Kind.DAILY,
    due.c.state.in_([DueState.WAITING, DueState.LEASED]),
)
_UNPLANNED = (
    select(patients.c.id)
    .where(
        or_(
            patients.c.state == State.ACTIVE, (patients.c.state == State.PAUSED) & patients.c.paused_until.is_not(None)
        ),
        patients.c.zone.is_not(None),
        patients.c.daily_minute.is_not(None),
        patients.c.weekdays != frozenset(),
        ~_HAS_PROMPT,
    )
    .order_by(patients.c.id)
    .limit(bindparam("most"))
)


def find(session: Session, chat_id: int) -> Patient | None:
    """Give the patient of a chat; None for anybody who has not agreed."""
    found = person(session, chat_id)
    return found.patient if found else None


def remember_newcomer(session: Session, chat_id: int, language: str, now: datetime) -> None:
    """Remember for 24 hours which language somebody who has not agreed yet reads."""
    put(session, newcomers, {"chat_id": chat_id, "language": language, "written_at": now})


def newcomer_language(session: Session, chat_id: int, now: datetime) -> str | None:
    """Give the language that was remembered in the last 24 hours for somebody who has not agreed yet."""
    found: str | None = run(session, _NEWCOMER, {"chat_id": chat_id, "since": now - NEWCOMER_LIFE}).scalar_one_or_none()
    return found


def forget_newcomers(session: Session, now: datetime) -> None:
    """Delete what was remembered of people who did not agree within 24 hours."""
    run(session, _FORGET_OLD, {"since": now - NEWCOMER_LIFE})


def agree(session: Session, chat_id: int, language: str, version: str, now: datetime) -> Patient:
    """Take the consent to this version of the text; a new patient gets a row and a data key of their own."""
    number = insert_new_id(session, patients, _first_row(chat_id, language, now))
    if number is not None:
        _make_key(session, number, now)
    run(session, _FORGET_ONE, {"chat_id": chat_id})
    patient = find(session, chat_id)
    if patient is None:
        raise LookupError("a patient who has just agreed is gone")
    for kind in CONSENTS:
        consent = {"patient_id": patient.id, "kind": kind, "version": version, "given_at": now}
        insert_new(session, consent_rows, consent)
    return patient


def choose(session: Session, chat_id: int, choices: Mapping[str, Any], now: datetime) -> Patient | None:
    """Write what a person chose; a choice that is none raises ValueError. None when there is no such patient.

    With the last choice of the start made the patient becomes active. Whatever changes the plan raises its
    version and replaces the prompts that are not sent yet.
    """
    unknown = set(choices) - CHOICES
    if unknown:
        raise ValueError(f"not a person's choice: {', '.join(sorted(unknown))}")
    return _change(session, person(session, chat_id, locked=True), choices, now)


def pause(session: Session, chat_id: int, until: datetime | None, now: datetime) -> Patient | None:
    """Send nothing unasked until a moment; None means until the person says so. Not for whoever has not begun."""
    found = person(session, chat_id, locked=True)
    if found is None or found.patient.state is State.ONBOARDING:
        return found.patient if found else None
    return _change(session, found, {"state": State.PAUSED, "paused_until": until}, now)


def stop(session: Session, chat_id: int, now: datetime) -> Patient | None:
    """Send nothing unasked any more: the person takes back that they agreed to it."""
    found = person(session, chat_id, locked=True)
    if found is not None:
        consents_given.withdraw(session, found.patient.id, consents_given.REMINDERS, now)
    return _change(session, found, {"state": State.STOPPED, "paused_until": None}, now)


def resume(session: Session, chat_id: int, now: datetime) -> Patient | None:
    """Begin again after a pause, a stop or a block, because the person asked for it."""
    found = person(session, chat_id, locked=True)
    if found is None:
        return None
    state = State.ONBOARDING if onboarding_step(found.patient) else State.ACTIVE
    consents_given.give_again(session, found.patient.id, consents_given.REMINDERS, now)
    again = {"state": state, "paused_until": None, "pace": Pace.DAILY, "pace_from": None, "heard_at": now}
    return _change(session, found, again, now)


def ease(session: Session, patient: Patient, tone: Tone, now: datetime) -> Patient:
    """Write less after a prompt that said so: once a week, and after the last message not any more."""
    changes = pace_after(tone, patient.day_at(now))
    return _change(session, person(session, patient.chat_id, locked=True), changes, now) or patient


def unreachable(session: Session, patient_id: int, now: datetime) -> Patient | None:
    """Note that nothing reaches a patient: all that waits is dropped until the person comes back."""
    return _lose(session, person_by_id(session, patient_id, locked=True), now)


def blocked(session: Session, chat_id: int, now: datetime) -> None:
    """Note that a patient has blocked the bot."""
    _lose(session, person(session, chat_id, locked=True), now)


def consents(session: Session, chat_id: int) -> list[Consent]:
    """List what a patient agreed to, oldest first."""
    return [Consent(*row) for row in run(session, _CONSENTS, {"chat_id": chat_id})]


def unplanned(session: Session, now: datetime, limit: int) -> list[int]:
    """List patients who want prompts but are owed none: plan ahead gives them one."""
    return list(run(session, _UNPLANNED, {"most": limit}).scalars())


def plan(session: Session, patient_id: int, now: datetime) -> None:
    """Owe a patient their next prompt unless it is owed already."""
    found = person_by_id(session, patient_id)
    if found is not None:
        planning.plan_next(session, found.patient, now)


def _first_row(chat_id: int, language: str, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "language": language,
        "state": State.ONBOARDING,
        "weekdays": _FRESH.weekdays,
        "quiet_start": _FRESH.quiet.start,
        "quiet_end": _FRESH.quiet.end,
        "nudges": _FRESH.nudges,
        "discreet": _FRESH.discreet,
        "day_start": _FRESH.day_start,
        "plan_version": _FRESH.plan_version,
        "items": _FRESH.items,
        "pace": _FRESH.pace,
        "created_at": now,
    }


def _make_key(session: Session, patient_id: int, now: datetime) -> None:
    keys = keyring(session)
    key_id = insert_new_id(session, data_keys, {"wrapped": keys.wrap(keys.new_data_key()), "made_at": now})
    run(session, _GIVE_KEY, {"patient_id": patient_id, "new_key": key_id})


def _lose(session: Session, found: Person | None, now: datetime) -> Patient | None:
    """Drop all that waits and freeze the open cards; whoever had stopped has stopped all the same."""
    if found is None:
        return None
    planning.drop_everything(session, found.patient.id, "unreachable", now)
    checkins.close_all(session, found.patient.id)
    lost = State.STOPPED if found.patient.state is State.STOPPED else State.UNREACHABLE
    return _change(session, found, {"state": lost, "paused_until": None}, now)


def _change(session: Session, found: Person | None, changes: Mapping[str, Any], now: datetime) -> Patient | None:
    """Write changes of a locked patient, and plan anew when they change what is owed."""
    if found is None:
        return None
    before = found.patient
    new = {name: value for name, value in _with_start(before, changes).items() if value != getattr(before, name)}
    if not new:
        return before
    moved = bool(_PLAN & new.keys())
    values = _columns(new) | {"plan_version": before.plan_version + moved}
    run(session, update(patients).where(patients.c.id == before.id).values(values))
    return planning.plan_anew(session, before.id, now) if moved else find(session, before.chat_id)


def _with_start(before: Patient, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Add the step to active when these changes make the last choice of the start."""
    after = replace(before, **changes)
    if after.state is State.ONBOARDING and onboarding_step(after) is None:
        return {**changes, "state": State.ACTIVE}
    return dict(changes)


def _columns(new: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a patient's fields into columns: quiet hours are two of them."""
    columns = dict(new)
    quiet: QuietHours | None = columns.pop("quiet", None)
    return columns | ({"quiet_start": quiet.start, "quiet_end": quiet.end} if quiet else {})
