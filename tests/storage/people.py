"""The people of the storage tests and what they do before a test begins.

Ana is a patient. Cleo is another patient, who must never see anything of Ana's. Both live in Berlin and
are asked at 20:00, which in March is 19:00 UTC.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from care.due import Due, Send
from care.people import REMINDERS, Patient
from storage import checkins, due, patients
from storage.tables import DueRow, PatientRow

ANA = 7_000_000_001
CLEO = 7_000_000_003
STRANGER = 7_000_000_009

NOON = datetime(2025, 3, 1, 11, 0, tzinfo=UTC)
EVENING = datetime(2025, 3, 1, 19, 5, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TODAY = NOON.date()


def begin_as(session: Session, chat_id: int, now: datetime = NOON, **choices: Any) -> Patient:
    """Agree and make every choice of the start; the rotating questions and small steps are switched off."""
    patients.agree(session, chat_id, "en", "1", now)
    given = {
        "zone": "Europe/Berlin",
        "daily_minute": 20 * 60,
        "country": "DE",
        "items": frozenset(REMINDERS),
        **choices,
    }
    patient = patients.choose(session, chat_id, given, now)
    assert patient is not None
    return patient


def open_card(session: Session, chat_id: int, now: datetime = NOON) -> checkins.Card:
    """Open the check-in of the day."""
    card = checkins.open_today(session, chat_id, now)
    assert card is not None
    return card


def fill_in(session: Session, chat_id: int, check_in_id: int, now: datetime = NOON) -> checkins.Card:
    """Answer every question of a normal day for the first time."""
    for code, value in {"mood": 6, "energy": 2, "dizziness": 0, "nausea": 1}.items():
        card = checkins.answer(session, chat_id, check_in_id, code, value, 0, now)
        assert card is not None
        assert card.changed
    return card


def claimed(session: Session, now: datetime, by: str = "t") -> list[Due]:
    """Claim everything that is due, for a minute."""
    return due.claim(session, by, now, 100, 60)


def deliver_all(session: Session, now: datetime, by: str = "t", message_id: int = 500) -> list[due.Begun]:
    """Deliver all that is due and wanted, as the drain loop does; give what was begun."""
    begun = [due.begin(session, row.id, by, now) for row in claimed(session, now, by)]
    given = [one for one in begun if one is not None]
    for one in given:
        if isinstance(one.decision, Send):
            due.sent(session, one.due.id, by, message_id, now)
    return given


def rows_of(session: Session, chat_id: int, **wanted: Any) -> list[DueRow]:
    """List a person's due rows as they stand in the table, in the order they were made."""
    found = session.exec(
        select(DueRow).join(PatientRow).where(PatientRow.chat_id == chat_id).order_by(col(DueRow.id))
    ).all()
    session.expunge_all()
    return [row for row in found if all(getattr(row, name) == value for name, value in wanted.items())]
