"""Ninety days of a person who does not exist, for pictures: the same for everybody who draws."""

import math
from dataclasses import dataclass
from datetime import date

FIRST = date(2026, 1, 5)
LENGTH = 90
TREATMENTS = (3, 6, 10, 13, 24, 38, 52, 66, 80)
_MISSED = 7
"""Every seventh day nothing was answered."""


@dataclass(frozen=True, slots=True)
class Days:
    """Answers by question code for each day, empty where nothing was answered, and the days with a treatment."""

    values: list[dict[str, int]]
    treatments: tuple[int, ...] = TREATMENTS


def days() -> Days:
    """Make them."""
    return Days([{} if n % _MISSED == _MISSED - 1 else _day(n) for n in range(LENGTH)])


def _day(n: int) -> dict[str, int]:
    since = min((n - day for day in TREATMENTS if day <= n), default=99)
    mood = round(4 + 3 * n / LENGTH + 1.5 * math.sin(n / 4))
    return {
        "mood": max(0, min(10, mood)),
        "energy": round(2 + math.sin(n / 5)),
        "dizziness": max(0, 2 - since),
        "nausea": max(0, 1 - since),
    }
