"""What a run leaves behind: a line a figure, JSON, Markdown, and the block of figures in benchmarks/README.md."""

import json
import math
import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from benchmarks.figure import Figure, Run
from benchmarks.machine import cores
from care.clock import system_clock

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
README = FOLDER / "README.md"
FELT_FIRST = ("B6", "B7", "B11", "B13")
"""What people feel comes first, rates come second."""
PEERS = (
    "python-telegram-bot",
    "aiogram",
    "aiohttp",
    "httpx",
    "sqlmodel",
    "aiosqlite",
    "apscheduler",
    "matplotlib",
    "typst",
)
_BLOCK = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
_SIGNS = {"target": "target reached", "met": "floor reached", "MISSED": "**MISSED**", "": ""}
_FINE, _TINY = 10, 0.1


class Family(Protocol):
    """A module that measures some cases."""

    CASES: Sequence[str]

    def run(self, run: Run) -> list[Figure]:
        """Measure them."""


def line(figure: Figure, *, quick: bool) -> str:
    """Give one figure as a line for the terminal."""
    beside = "; ".join(f"{name} {told}" for name, told in figure.beside.items())
    spread = f"{number(figure.lowest)} to {number(figure.highest)}"
    verdict = figure.verdict(quick=quick) or "-"
    return f"{figure.case:12} {number(figure.value):>9} {figure.floor.unit:8} {verdict:7} ({spread})  {beside}"


def number(value: float) -> str:
    """Write a figure with no more digits than it deserves."""
    if value in (math.inf, 0) or value == int(value):
        return f"{value:,.0f}"
    if abs(value) < _TINY:
        return f"{value:.3f}"
    return f"{value:,.2f}" if abs(value) < _FINE else f"{value:,.0f}"


def write(figures: Sequence[Figure], *, quick: bool, whole: bool, seconds: float) -> None:
    """Write the results; those of a whole full run also into the README."""
    RESULTS.mkdir(exist_ok=True)
    name = "quick" if quick else "full" if whole else "part"
    where = circumstances(seconds)
    body = {**where, "quick": quick, "figures": [_as_json(figure, quick=quick) for figure in figures]}
    (RESULTS / f"{name}.json").write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", "utf-8")
    text = markdown(figures, where, quick=quick)
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    if name == "full":
        README.write_text(_BLOCK.sub(lambda found: found[1] + text + found[2], README.read_text("utf-8")), "utf-8")


def circumstances(seconds: float) -> dict[str, Any]:
    """Tell when, on how large a machine and with which versions a run was made."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "date": system_clock().date().isoformat(),
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "seconds": round(seconds),
        "machine": f"{cores()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PEERS},
    }


def _as_json(figure: Figure, *, quick: bool) -> dict[str, Any]:
    return {**asdict(figure), **asdict(figure.floor), "verdict": figure.verdict(quick=quick)}


def markdown(figures: Iterable[Figure], where: dict[str, Any], *, quick: bool) -> str:
    """Write the figures as a table, those that people feel first, and below it what each contender did."""
    ordered = sorted(figures, key=_rank)
    versions = ", ".join(f"{name} {number_}" for name, number_ in where["versions"].items())
    rows = [_row(figure, quick=quick) for figure in ordered]
    told = [f"- {figure.case}: {_beside(figure)}" for figure in ordered if figure.beside]
    return "\n".join(
        [
            f"{where['date']}, `{where['command']}` ({where['seconds']} s), {where['machine']}, "
            f"Python {where['python']}.",
            f"Versions: {versions}.",
            "",
            "| case | what | measured | rounds | floor | target | |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "What each did, medians of the rounds:",
            "",
            *told,
            "",
        ]
    )


def _rank(figure: Figure) -> tuple[int, int]:
    case = figure.case.split()[0]
    felt = FELT_FIRST.index(case) if case in FELT_FIRST else len(FELT_FIRST)
    return felt, int(case.removeprefix("B"))


def _row(figure: Figure, *, quick: bool) -> str:
    floor = figure.floor
    sign = "≥" if floor.better == "more" else "≤"
    value = f"{number(figure.value)} {floor.unit}"
    rounds = f"{number(figure.lowest)} to {number(figure.highest)}"
    bounds = f"{sign} {number(floor.must)} | {sign} {number(floor.target)}"
    return f"| {figure.case} | {floor.what} | {value} | {rounds} | {bounds} | {_SIGNS[figure.verdict(quick=quick)]} |"


def _beside(figure: Figure) -> str:
    return "; ".join(f"{name}: {told}" for name, told in figure.beside.items())
