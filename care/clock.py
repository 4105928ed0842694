"""The one place that reads the time of day."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment as an aware UTC datetime."""


def system_clock() -> datetime:
    """Give the machine's present moment, UTC."""
    return datetime.now(UTC)
