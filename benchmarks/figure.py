"""One figure of a run, and what was seen beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.figures import median_of_ratios, spread
from benchmarks.floors import Floor, Verdict, floors
from benchmarks.processes import StandIn


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure: its case, its value, the rounds' lowest and highest, and what each contender did."""

    case: str
    value: float
    lowest: float
    highest: float
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def floor(self) -> Floor:
        """Give what the figure has to reach."""
        return floors()[self.case]

    def verdict(self, *, quick: bool) -> Verdict:
        """Tell whether it does."""
        return self.floor.judge(self.value, quick=quick)


def ratio(case: str, ours: Sequence[float], theirs: Sequence[float], beside: Mapping[str, str]) -> Figure:
    """Give the median of the rounds' ratios."""
    return Figure(case, median_of_ratios(ours, theirs), *spread(ours, theirs), beside)


def plain(case: str, values: Sequence[float], beside: Mapping[str, str] | None = None) -> Figure:
    """Give the median of the rounds' values."""
    return Figure(case, median(values), min(values), max(values), beside or {})


def worst(case: str, values: Sequence[float], beside: Mapping[str, str] | None = None) -> Figure:
    """Give the highest of the rounds' values: for what must not happen even once."""
    return Figure(case, max(values), min(values), max(values), beside or {})


@dataclass(frozen=True, slots=True)
class Run:
    """What a case is given: the stand-in, an empty folder of its own, and how much time it may take."""

    standin: StandIn
    folder: Path
    rounds: int
    quick: bool

    @property
    def complaints(self) -> Path:
        """Give the file into which measured processes write what they say."""
        return self.folder / "said"

    def said(self) -> str:
        """Give what they have written there."""
        return self.complaints.read_text("utf-8", errors="replace") if self.complaints.exists() else ""
