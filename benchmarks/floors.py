"""What each figure has to reach."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["target", "met", "MISSED", ""]


@dataclass(frozen=True, slots=True)
class Floor:
    """A figure's meaning, its unit, which way is better, and what it must and should reach; quick: on any machine."""

    what: str
    unit: str
    better: Literal["more", "less"]
    must: float
    target: float
    quick: float | None = None

    def judge(self, value: float, *, quick: bool = False) -> Verdict:
        """Tell how a figure stands; "" in a quick run for what such a run cannot judge."""
        if quick:
            return "" if self.quick is None else "met" if self._reaches(value, self.quick) else "MISSED"
        if self._reaches(value, self.target):
            return "target"
        return "met" if self._reaches(value, self.must) else "MISSED"

    def _reaches(self, value: float, bound: float) -> bool:
        return value >= bound if self.better == "more" else value <= bound


def read(text: str) -> dict[str, Floor]:
    """Read floors from TOML."""
    tables: Mapping[str, dict[str, Any]] = tomllib.loads(text)
    return {name: Floor(**table) for name, table in tables.items()}


@cache
def floors() -> dict[str, Floor]:
    """Give the floors of every figure."""
    return read(Path(__file__).with_name("floors.toml").read_text("utf-8"))
