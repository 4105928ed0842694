"""Simulated weeks: whatever a seed brings, nothing shown as saved is lost and nothing comes that should not."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from tests.simulation.world import Outcome, Plan, run

SEEDS = int(os.environ.get("SIM_SEEDS", "3"))
PEOPLE = int(os.environ.get("SIM_PEOPLE", "6"))
DAYS = int(os.environ.get("SIM_DAYS", "8"))
ONLY = os.environ.get("SEED")


def seeds() -> list[int]:
    return [int(ONLY)] if ONLY else list(range(1, SEEDS + 1))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", seeds())
def test_a_simulated_week_keeps_every_promise(
    seed: int, tmp_path: Path, migrated_file: Path, report: Callable[[str], None]
) -> None:
    began = perf_counter()
    outcome = run(Plan(seed, PEOPLE, DAYS), tmp_path, migrated_file)
    report(
        f"simulation: seed {seed}, {PEOPLE} people x {DAYS} days in {perf_counter() - began:.1f} s, "
        f"{outcome.crashes} deaths, {dict(sorted(outcome.counts.items()))}"
    )
    assert outcome.complaints == [], f"SEED={seed}"
    assert outcome.counts["unprompted"]


def fingerprint(outcome: Outcome) -> str:
    return hashlib.sha256(repr(outcome.log).encode()).hexdigest()


@pytest.mark.slow
def test_one_seed_is_one_story(tmp_path: Path, migrated_file: Path) -> None:
    first, second = (run(Plan(7, 3, 3), tmp_path, migrated_file) for _ in range(2))
    assert len(first.log) > 20
    assert fingerprint(first) == fingerprint(second)
