"""Short ways to write moments in tests."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.care.zones import YEARS, wall

moments = st.datetimes(*(year.replace(tzinfo=None) for year in YEARS), timezones=st.just(UTC))


def at(text: str) -> datetime:
    """Read "2026-03-01 20:00" as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(moment: datetime, zone: str) -> str:
    """Write what the clocks of a zone show."""
    return wall(moment, zone).strftime("%Y-%m-%d %H:%M")


def minutes(text: str) -> int:
    """Read "19:30" as minutes after midnight."""
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def about(one: datetime, other: datetime, by: timedelta = timedelta(minutes=4)) -> bool:
    """Tell whether a moment is another or up to some minutes later."""
    return timedelta() <= one - other <= by
