"""Clock changes: which card tells of one, so that nobody wonders whether there is anything to do."""

from datetime import date, timedelta

from care.owed import prompt_of
from care.people import Patient
from care.schedule import clock_change

TOLD_DAYS = 7
"""How many days before a clock change its line can come."""


def tells_clock_change(patient: Patient, day: date) -> date | None:
    """Give the day on which the person's clocks change when a day's card is the one to say so; None otherwise.

    That is the first card of the seven days before. A clock that changes because the person travels is none of these.
    """
    change = _change_after(patient, day)
    if change is None:
        return None
    before = (change - timedelta(days=n) for n in range(TOLD_DAYS, 0, -1))
    return change if next((one for one in before if prompt_of(patient, one)), None) == day else None


def _change_after(patient: Patient, day: date) -> date | None:
    first, last = day + timedelta(days=1), day + timedelta(days=TOLD_DAYS)
    changes = [clock_change(zone, first, TOLD_DAYS) for zone in {patient.zone_on(first), patient.zone_on(last)}]
    return min((one for one in changes if one is not None and _lives_through(patient, one)), default=None)


def _lives_through(patient: Patient, change: date) -> bool:
    """Tell whether the person lives by the same zone before and after a day, and its clocks change then."""
    zone = patient.zone_on(change)
    return patient.zone_on(change - timedelta(days=1)) == zone and clock_change(zone, change, 1) is not None
