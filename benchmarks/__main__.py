"""python -m benchmarks: measure this bot beside its peers, and fail where a floor is missed."""

import argparse
import sys
import tempfile
from pathlib import Path
from time import monotonic

from benchmarks import report
from benchmarks.cases import FAMILIES
from benchmarks.figure import Figure, Run
from benchmarks.processes import OrderFault, stand_in

ROUNDS, QUICK_ROUNDS = 5, 1
MOST_SAID = 4000


def main() -> int:
    """Run what was asked for and give the exit code: 1 where a floor is missed."""
    asked = _arguments()
    began = monotonic()
    figures: list[Figure] = []
    for family in FAMILIES:
        if asked.case and not set(asked.case) & set(family.CASES):
            continue
        started = monotonic()
        for figure in _measure(family, asked):
            if not asked.case or figure.case.split()[0] in asked.case:
                print(report.line(figure, quick=asked.quick), flush=True)  # noqa: T201
                figures.append(figure)
        sys.stderr.write(f"{' '.join(family.CASES)}: {monotonic() - started:.0f} s\n")
    report.write(figures, quick=asked.quick, whole=not asked.case, seconds=monotonic() - began)
    return int(any(figure.verdict(quick=asked.quick) == "MISSED" for figure in figures))


def _measure(family: "report.Family", asked: argparse.Namespace) -> list[Figure]:
    """Run one family with a stand-in and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, stand_in() as standin:
        run = Run(standin, Path(folder), asked.rounds, asked.quick)
        try:
            return family.run(run)
        except OrderFault:
            sys.stderr.write(run.said()[-MOST_SAID:])
            raise


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under half a minute, with wide floors on ratios alone")
    parser.add_argument("--case", action="append", help="a case such as B1; may be given several times")
    parser.add_argument("--rounds", type=int, help=f"{ROUNDS} unless said, {QUICK_ROUNDS} in a quick run")
    asked = parser.parse_args()
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


if __name__ == "__main__":
    sys.exit(main())
