"""When the help card is shown, and the one message on the day after."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from care.due import Decision, Drop, Due, DueState, Kind, Later, Send
from care.help_card import Shows, follow_up, follow_up_still_wanted, shows
from care.people import Patient, State
from care.schedule import QuietHours
from care.wanted import may_repeat


def at(text: str) -> datetime:
    """Read what a clock in Berlin shows."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


ANA = Patient(1, 1001, "en", State.ACTIVE, "Europe/Berlin")
NOON = at("2026-10-14 12:00")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("since", "waited", "expected"),
    [
        (None, 0, Shows.CARD),
        (None, 10, Shows.CARD),
        (None, 11, Shows.LATE),
        (0, 0, Shows.LINE),
        (29, 0, Shows.LINE),
        (29, 60, Shows.LINE),  # the late card stands there already
        (30, 0, Shows.CARD),
        (30, 60, Shows.LATE),
    ],
)
def test_what_a_text_is_answered_with(since: int | None, waited: int, expected: Shows) -> None:
    last = None if since is None else NOON - since * MINUTE
    assert shows(last, NOON - waited * MINUTE, NOON) is expected


@pytest.mark.parametrize(
    ("shown", "comes"),
    [
        ("2026-10-14 12:00", "2026-10-15 10:00"),
        ("2026-10-14 23:59", "2026-10-15 10:00"),
        ("2026-10-15 02:00", "2026-10-16 10:00"),  # "yesterday" must be true
        ("2026-10-24 12:00", "2026-10-25 10:00"),  # the clocks go back in between
        ("2027-03-27 12:00", "2027-03-28 10:00"),  # and forward
    ],
)
def test_it_comes_at_ten_on_the_next_day_of_the_calendar(shown: str, comes: str) -> None:
    owed = follow_up(ANA, at(shown))
    assert owed.at == at(comes)
    assert owed.event == f"c{shown[:10]}"


def test_quiet_hours_put_it_off_to_their_end() -> None:
    owed = follow_up(replace(ANA, quiet=QuietHours(22 * 60, 11 * 60 + 30)), NOON)
    assert owed.at == at("2026-10-15 11:30")


def row(*, unknown: bool = False) -> Due:
    owed = follow_up(ANA, NOON)
    return Due(1, 1, Kind.CARE, owed.event, owed.slot, 0, owed.at, owed.expires_at, 1, unknown)


MORNING = row().at


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        (ANA, Send()),
        (replace(ANA, state=State.PAUSED), Send()),
        (replace(ANA, state=State.UNREACHABLE), Send()),  # they wrote, so that something reaches them
        (replace(ANA, state=State.STOPPED), Drop("stopped")),
        (replace(ANA, zone=None), Drop("zone_unknown")),
        (replace(ANA, quiet=QuietHours(9 * 60, 12 * 60)), Later(MORNING + timedelta(hours=2), "quiet_hours")),
        (replace(ANA, quiet=QuietHours(9 * 60, 21 * 60)), Drop("quiet_hours", DueState.EXPIRED)),
    ],
)
def test_whether_it_is_still_wanted(patient: Patient, expected: Decision) -> None:
    assert follow_up_still_wanted(row(), patient, MORNING) == expected


def test_it_is_never_late_and_never_twice() -> None:
    assert follow_up_still_wanted(row(), ANA, row().expires_at) == Drop("too_late", DueState.EXPIRED)
    assert follow_up_still_wanted(row(unknown=True), ANA, MORNING) == Drop("outcome_unknown")
    assert not may_repeat(row())
