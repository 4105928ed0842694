"""What a person answered, for their own eyes and for the numbers of the summary."""

from datetime import date

from sqlmodel import Session

from care.checkin import CheckIn, Kind
from care.trends import DayEntry
from storage.rows import check_ins_between


def recent(session: Session, chat_id: int, first: date, last: date) -> list[CheckIn]:
    """List the check-ins of the days from first to last with their answers, oldest first."""
    return check_ins_between(session, chat_id, first, last)


def entries(session: Session, chat_id: int, first: date, last: date) -> list[DayEntry]:
    """List the same days as the numbers read them; a check-in without any value is left out."""
    return [
        DayEntry(
            found.day,
            found.values,
            found.entered_late,
            extra=found.kind is Kind.EXTRA,
            hours=found.hours,
            after=found.kind is Kind.AFTER,
        )
        for found in check_ins_between(session, chat_id, first, last)
        if found.values and found.kind not in (Kind.VISIT, Kind.FORM)
    ]
