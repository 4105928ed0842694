"""A number that was checked long ago is checked again: the build warns after 150 days and fails after 180."""

import warnings
from datetime import date, timedelta

import pytest

from care.clock import system_clock
from care.crisis import Country, Line, Resources, aging, read_resources, resources
from care.errors import BadResources

TODAY = date(2026, 10, 14)
ROW = """
reviewed_by = ""
elsewhere = "112"
directory = "https://findahelpline.com"
typed = {{ help = [], stop = [] }}
[countries.XA]
emergency = ["112"]
[[countries.XA.lines]]
name = "a line"
phones = ["100"]
grade = "A"
source = "invented"
verified_on = "{day}"
verified_by = "somebody"
"""


class NumberToCheck(UserWarning):
    """A help number is due to be checked against its operator's page."""


def checked(*days_ago: int | None) -> Resources:
    """Give invented lines that were checked so many days ago; None for one that nobody checked."""
    lines = tuple(
        Line(f"line {n}", "A", "invented", ("1",), verified_on=(TODAY - timedelta(days)).isoformat(), verified_by="x")
        if days is not None
        else Line(f"line {n}", "A", "invented", ("1",))
        for n, days in enumerate(days_ago)
    )
    return Resources({"XA": Country("XA", ("112",), "https://findahelpline.com/xa", lines)})


@pytest.mark.parametrize(
    ("days", "is_due", "is_expired"),
    [
        (0, False, False),
        (149, False, False),
        (150, True, False),
        (179, True, False),
        (180, True, True),
        (900, True, True),
    ],
)
def test_a_check_is_due_after_150_days_and_expired_after_180(days: int, is_due: bool, is_expired: bool) -> None:
    found = aging(checked(days), TODAY)
    assert bool(found) is is_due
    assert any(one.is_expired for one in found) is is_expired


def test_the_oldest_check_comes_first_and_a_line_without_one_does_not_age() -> None:
    assert [(one.line, one.days) for one in aging(checked(150, None, 400, 3), TODAY)] == [
        ("line 2", 400),
        ("line 0", 150),
    ]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "20261014", "2026-1-4"])
def test_a_day_that_is_no_date_stops_the_start(day: str) -> None:
    with pytest.raises(BadResources, match="must be a date"):
        read_resources(ROW.format(day=day))


def test_a_date_that_the_file_gives_is_read() -> None:
    (found,) = aging(read_resources(ROW.format(day="2026-01-01")), TODAY)
    assert (found.country, found.line, found.days) == ("XA", "a line", 286)


@pytest.mark.filterwarnings("default::tests.care.test_crisis_expiry.NumberToCheck")
def test_no_number_of_the_file_was_checked_too_long_ago() -> None:
    found = aging(resources(), system_clock().date())
    for one in found:
        told = f"{one.country}, {one.line}: checked {one.days} days ago; check it against its operator's page"
        warnings.warn(told, NumberToCheck, stacklevel=1)
    assert not [one for one in found if one.is_expired], "a wrong number costs lives: see docs/safety.md"
