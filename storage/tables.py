"""Every table on one page. What a person says or is called is sealed (columns named ..._sealed or value);
ids, times and states are clear.

A table is a SQLModel class; storage functions use the plain tables at the end of the page, because statements
on them cost a quarter of loading objects.
"""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Index, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import NAMES, Codes, Weekdays, clear, moment, own_id, refers, sealed, small, telegram

SQLModel.metadata.naming_convention = NAMES


class Row(SQLModel):
    """What every table has in common. Nobody validates through these classes, so that work is put off for good."""

    model_config = {"defer_build": True}


_COUNTED = {"sqlite_autoincrement": True}
"""A number is never given twice, so that what was sealed for an erased row can never open in a new one."""


class DataKeyRow(Row, table=True):
    """A person's data key, wrapped by the operator's. Without this row everything sealed for them is noise."""

    __tablename__ = "data_keys"
    __table_args__ = (_COUNTED,)
    id: int | None = own_id()
    wrapped: bytes = sealed()
    made_at: datetime = moment()


class PatientRow(Row, table=True):
    """One patient: choices and state."""

    __tablename__ = "patients"
    __table_args__ = (_COUNTED,)
    id: int | None = own_id()
    chat_id: int = telegram(unique=True)
    key_id: int | None = refers("data_keys.id", gone="SET NULL", nullable=True)
    name_sealed: bytes | None = sealed(nullable=True)
    language: str = clear()
    state: str = clear()
    zone: str | None = clear(nullable=True)
    travel_zone: str | None = clear(nullable=True)
    travel_until: date | None = None
    country: str | None = clear(nullable=True)
    daily_minute: int | None = small(nullable=True)
    weekdays: frozenset[int] = Field(sa_type=cast(Any, Weekdays))
    quiet_start: int = small()
    quiet_end: int = small()
    nudges: int = small()
    discreet: bool = False
    day_start: int = small()
    paused_until: datetime | None = moment(nullable=True)
    plan_version: int = 1
    items: frozenset[str] = Field(sa_type=cast(Any, Codes))
    pace: str = clear()
    pace_from: date | None = None
    heard_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class NewcomerRow(Row, table=True):
    """The language of somebody who has not agreed yet; dies after 24 hours."""

    __tablename__ = "newcomers"
    chat_id: int = telegram(primary_key=True)
    language: str = clear()
    written_at: datetime = moment(index=True)


class ConsentRow(Row, table=True):
    """What a patient agreed to, in which version of the text, and since when not any more."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("patient_id", "kind", "version"), _COUNTED)
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    kind: str = clear()
    version: str = clear()
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(nullable=True)


class TreatmentRow(Row, table=True):
    """A treatment session that the person says they had. version counts its corrections."""

    __tablename__ = "treatments"
    __table_args__ = (Index("ix_treatments_patient_id_at", "patient_id", "at"), _COUNTED)
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    zone: str = clear()
    kind: str | None = clear(nullable=True)
    state: str = clear()
    source: str = clear()
    version: int = 1
    label_sealed: bytes | None = sealed(nullable=True)
    notes_sealed: bytes | None = sealed(nullable=True)
    created_at: datetime = moment()
    changed_at: datetime = moment()


class AppointmentRow(Row, table=True):
    """A visit in the clinic's zone, treatments to come included. version counts its moves.

    calendar_hash knows it again in an uploaded calendar; source tells where it came from.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("patient_id", "calendar_hash"),
        Index("ix_appointments_patient_id_at", "patient_id", "at"),
        _COUNTED,
    )
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    treatment_id: int | None = refers("treatments.id", gone="SET NULL", nullable=True)
    at: datetime = moment()
    ends_at: datetime | None = moment(nullable=True)
    zone: str = clear()
    kind: str | None = clear(nullable=True)
    state: str = clear()
    ride: str | None = clear(nullable=True)
    version: int = 1
    calendar_hash: bytes | None = sealed(nullable=True)
    label_sealed: bytes | None = sealed(nullable=True)
    notes_sealed: bytes | None = sealed(nullable=True)
    created_at: datetime = moment()
    changed_at: datetime = moment()


class CheckInRow(Row, table=True):
    """One check-in. key tells apart the check-ins of a kind: the day for a daily one, the press for an extra one."""

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("patient_id", "kind", "key"),
        Index("ix_check_ins_patient_id_day", "patient_id", "day"),
        _COUNTED,
    )
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    kind: str = clear()
    key: str = clear()
    day: date
    language: str = clear()
    set_name: str = clear()
    set_version: int
    extras: frozenset[str] = Field(sa_type=cast(Any, Codes))
    opened_at: datetime = moment()
    outcome: str = clear()
    completed_at: datetime | None = moment(nullable=True)
    entered_late: bool = False
    message_id: int | None = telegram(nullable=True)
    treatment_id: int | None = refers("treatments.id", gone="SET NULL", nullable=True)
    appointment_id: int | None = refers("appointments.id", gone="SET NULL", nullable=True)


class AnswerRow(Row, table=True):
    """The answer that stands for a question of a check-in; revision counts how often it was given."""

    __tablename__ = "answers"
    check_in_id: int = refers("check_ins.id", index=False, primary_key=True)
    question: str = clear(primary_key=True)
    revision: int
    value: bytes = sealed()
    answered_at: datetime = moment()
    hours: float | None = None


class AnswerRevisionRow(Row, table=True):
    """Every answer ever given to a question of a check-in, the one that stands included."""

    __tablename__ = "answer_revisions"
    check_in_id: int = refers("check_ins.id", index=False, primary_key=True)
    question: str = clear(primary_key=True)
    revision: int = Field(primary_key=True)
    value: bytes = sealed()
    answered_at: datetime = moment()
    hours: float | None = None


class NoteRow(Row, table=True):
    """A journal note, known by the Telegram message it was typed in. An offered one dies unless it is kept."""

    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("patient_id", "message_id"),
        Index("ix_notes_patient_id_day", "patient_id", "day"),
        _COUNTED,
    )
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    message_id: int = telegram()
    check_in_id: int | None = refers("check_ins.id", gone="SET NULL", nullable=True)
    state: str = clear()
    day: date
    revision: int = 1
    text_sealed: bytes = sealed()
    written_at: datetime = moment()
    picked_at: datetime | None = moment(nullable=True)


class NoteRevisionRow(Row, table=True):
    """Every wording of a note, the one that stands included."""

    __tablename__ = "note_revisions"
    note_id: int = refers("notes.id", index=False, primary_key=True)
    revision: int = Field(primary_key=True)
    text_sealed: bytes = sealed()
    written_at: datetime = moment()


class VisitLineRow(Row, table=True):
    """What a person wants to say at a visit: a question for the care team, or the one thing they most want to tell."""

    __tablename__ = "visit_lines"
    __table_args__ = (UniqueConstraint("patient_id", "message_id"), _COUNTED)
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    message_id: int = telegram()
    kind: str = clear()
    appointment_id: int | None = refers("appointments.id", gone="SET NULL", nullable=True)
    state: str = clear()
    text_sealed: bytes = sealed()
    written_at: datetime = moment()


class StepShownRow(Row, table=True):
    """A small step that was shown under a saved card, and what the person said of it."""

    __tablename__ = "steps_shown"
    __table_args__ = (
        UniqueConstraint("check_in_id"),
        Index("ix_steps_shown_patient_id_shown_at", "patient_id", "shown_at"),
        _COUNTED,
    )
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    check_in_id: int = refers("check_ins.id", index=False)
    code: str = clear()
    verdict: str | None = clear(nullable=True)
    shown_at: datetime = moment()


class PendingInputRow(Row, table=True):
    """The one thing that a chat may type next, and until when."""

    __tablename__ = "pending_inputs"
    chat_id: int = telegram(primary_key=True)
    kind: str = clear()
    target: str = clear()
    prompt_message_id: int | None = telegram(nullable=True)
    expires_at: datetime = moment()


class InvitationRow(Row, table=True):
    """An invitation of a support person: only a hash of its code, usable once, until it expires."""

    __tablename__ = "invitations"
    __table_args__ = (_COUNTED,)
    id: int | None = own_id()
    patient_id: int = refers("patients.id")
    code_hash: bytes = sealed(unique=True)
    bound_chat_id: int | None = telegram(nullable=True)
    scopes: frozenset[str] = Field(sa_type=cast(Any, Codes))
    state: str = clear()
    name_sealed: bytes | None = sealed(nullable=True)
    made_at: datetime = moment()
    expires_at: datetime = moment()
    answered_at: datetime | None = moment(nullable=True)


class SupportPersonRow(Row, table=True):
    """Somebody a patient shares chosen things with: an own data key, language and zone."""

    __tablename__ = "support_persons"
    __table_args__ = (UniqueConstraint("patient_id", "chat_id"), _COUNTED)
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    chat_id: int = telegram(index=True)
    key_id: int | None = refers("data_keys.id", gone="SET NULL", nullable=True)
    name_sealed: bytes | None = sealed(nullable=True)
    language: str = clear()
    zone: str | None = clear(nullable=True)
    scopes: frozenset[str] = Field(sa_type=cast(Any, Codes))
    state: str = clear()
    version: int = 1
    quiet_start: int = small()
    quiet_end: int = small()
    paused_at: datetime | None = moment(nullable=True)
    wishes_muted: bool = False
    last_wish_at: datetime | None = moment(nullable=True)
    linked_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class CodeTryRow(Row, table=True):
    """A wrong invitation code that was tried in a chat; dies after a day."""

    __tablename__ = "code_tries"
    __table_args__ = (Index("ix_code_tries_chat_id_at", "chat_id", "at"), _COUNTED)
    id: int | None = own_id()
    chat_id: int = telegram()
    at: datetime = moment()


class SharingEventRow(Row, table=True):
    """The ledger of everything ever shared: what kind, with whom, when, with a sealed copy of the words."""

    __tablename__ = "sharing_events"
    __table_args__ = (Index("ix_sharing_events_patient_id_at", "patient_id", "at"), _COUNTED)
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    support_person_id: int | None = refers("support_persons.id", gone="SET NULL", nullable=True)
    due_id: int | None = telegram(nullable=True, unique=True)
    at: datetime = moment()
    kind: str = clear()
    scope: str | None = clear(nullable=True)
    outcome: str = clear()
    message_id: int | None = telegram(nullable=True)
    copy_sealed: bytes | None = sealed(nullable=True)


class DueRow(Row, table=True):
    """Everything the bot owes: schedule, outbox and retry queue at once.

    sending is true from the commit before the network call until its result is written: a row found so
    after its lease ran out has an unknown outcome.
    """

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("patient_id", "kind", "event", "slot", "plan_version"),
        Index("ix_due_state_at", "state", "at"),
        Index(
            "ix_due_leased_until",
            "leased_until",
            sqlite_where=text("state = 'leased'"),
            postgresql_where=text("state = 'leased'"),
        ),
        _COUNTED,
    )
    id: int | None = own_id()
    patient_id: int = refers("patients.id", index=False)
    kind: str = clear()
    event: str = clear()
    slot: str = clear()
    plan_version: int
    lane: int = small()
    at: datetime = moment()
    expires_at: datetime = moment()
    state: str = clear()
    why: str | None = clear(nullable=True)
    attempts: int = 0
    sending: bool = False
    token: str | None = clear(nullable=True)
    leased_until: datetime | None = moment(nullable=True)
    attempted_at: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)
    message_id: int | None = telegram(nullable=True)


class InboxRow(Row, table=True):
    """An update as Telegram sent it, sealed with the operator's key; the body goes when it is handled."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state_received_at", "state", "received_at"),)
    update_id: int = telegram(primary_key=True)
    chat_key: int = telegram()
    state: str = clear()
    body: bytes | None = sealed(nullable=True)
    tries: int = small()
    received_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)


class LeaseRow(Row, table=True):
    """Who may do a thing that only one process may do, and until when."""

    __tablename__ = "leases"
    name: str = clear(primary_key=True)
    holder: str = clear()
    until: datetime = moment()


class MarkRow(Row, table=True):
    """A named value that the bot must not forget, such as the hash of the profile it published."""

    __tablename__ = "marks"
    name: str = clear(primary_key=True)
    value: str = clear()


metadata = SQLModel.metadata


def _table(row: type[SQLModel]) -> Table:
    return cast(Table, getattr(row, "__table__"))  # noqa: B009 - SQLModel does not declare the attribute


data_keys = _table(DataKeyRow)
patients = _table(PatientRow)
newcomers = _table(NewcomerRow)
consents = _table(ConsentRow)
treatments = _table(TreatmentRow)
appointments = _table(AppointmentRow)
check_ins = _table(CheckInRow)
answers = _table(AnswerRow)
answer_revisions = _table(AnswerRevisionRow)
notes = _table(NoteRow)
note_revisions = _table(NoteRevisionRow)
invitations = _table(InvitationRow)
support_persons = _table(SupportPersonRow)
sharing_events = _table(SharingEventRow)
code_tries = _table(CodeTryRow)
visit_lines = _table(VisitLineRow)
steps_shown = _table(StepShownRow)
pending_inputs = _table(PendingInputRow)
due = _table(DueRow)
inbox = _table(InboxRow)
leases = _table(LeaseRow)
marks = _table(MarkRow)
