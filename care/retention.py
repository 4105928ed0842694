"""How long the data of somebody who is not heard of any more are kept, and when that is said beforehand."""

import calendar
from datetime import date, datetime, timedelta

from care.due import Kind, NewDue
from care.people import Patient

NOTICE_DAYS = (30, 7)
"""How many days before the end a notice comes."""
_WORTH = timedelta(days=5)
_MONTHS = 12


def ends(last_sign: datetime, months: int) -> date:
    """Give the day on which data end that nobody has touched since a moment; a day that a month lacks is its last."""
    year, month = divmod(last_sign.year * _MONTHS + last_sign.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(last_sign.day, calendar.monthrange(year, month + 1)[1]))


def latest_sign(now: datetime, months: int) -> datetime:
    """Give a moment after which nobody who is due for a notice has been heard of. Some before it are not due yet."""
    return now - timedelta(days=months * 30 - 1 - NOTICE_DAYS[0])


def needs_notice(last_sign: datetime, months: int, now: datetime) -> bool:
    """Tell whether the end is so near that it has to be said."""
    return (ends(last_sign, months) - now.date()).days <= NOTICE_DAYS[0]


def notices(patient: Patient, last_sign: datetime, months: int, now: datetime) -> list[NewDue]:
    """List the notices to be owed now: the first at once, the second 23 days later; the end is 30 days away or more."""
    end = max(ends(last_sign, months), (now + timedelta(days=NOTICE_DAYS[0])).date())
    event = f"{end.isoformat()}@{int(last_sign.timestamp())}"
    first = now + timedelta(days=(end - now.date()).days - NOTICE_DAYS[0])
    moments = {days: first + timedelta(days=NOTICE_DAYS[0] - days) for days in NOTICE_DAYS}
    return [NewDue(patient.id, Kind.RETENTION, event, str(days), 0, at, at + _WORTH) for days, at in moments.items()]


def is_about(event: str, last_sign: datetime) -> bool:
    """Tell whether a notice was owed for this last sign; a newer one makes it void."""
    return event.partition("@")[2] == str(int(last_sign.timestamp()))


def end_named(event: str) -> date:
    """Give the end that a notice names."""
    return date.fromisoformat(event.partition("@")[0])
