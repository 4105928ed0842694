"""Simulated weeks: whatever a seed brings, nothing shown as saved is lost and nothing comes that should not."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from sqlmodel import Session

from care import owed, wanted
from care.checkin import Answer
from care.people import Patient
from care.wording import NOTHING
from handlers import safety, urgent
from storage import checkins, due
from storage.rows import Person
from tests.faults.counts import either
from tests.simulation.world import Outcome, Plan, run

SEEDS = int(os.environ.get("SIM_SEEDS", "2"))
PEOPLE = int(os.environ.get("SIM_PEOPLE", "6"))
DAYS = int(os.environ.get("SIM_DAYS", "8"))
ONLY = os.environ.get("SEED")
ONCE_FAILED = (29,)
"""29: a word on the day after a help card came in a pause, which it may; the witness had not known."""


def seeds() -> list[int]:
    return [int(ONLY)] if ONLY else sorted({*range(1, SEEDS + 1), *ONCE_FAILED})


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


def _no_quiet_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "quiet_ends", lambda now, *_: now)
    monkeypatch.setattr(owed, "is_quiet", lambda *_: False)


def _a_stop_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    real = wanted._reasons_against
    monkeypatch.setattr(wanted, "_reasons_against", lambda *given: {**real(*given), "not_active": False})
    monkeypatch.setattr(Patient, "active_from", lambda _, now: now)


def _a_send_is_not_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "sent", lambda *_: None)


def _an_answer_is_shown_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    real = checkins._write

    def forgets(session: Session, whose: Person, number: int, code: str, given: Answer) -> None:
        if code != "nausea":
            real(session, whose, number, code, given)

    monkeypatch.setattr(checkins, "_write", forgets)


def _words_of_danger_are_overheard(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (safety, urgent):
        monkeypatch.setattr(module, "read", lambda _: NOTHING)


QUICK = (_a_send_is_not_marked, _an_answer_is_shown_and_not_kept, _words_of_danger_are_overheard)
MUTANTS = either(QUICK, (*QUICK, _no_quiet_hours, _a_stop_is_forgotten))


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__.strip("_"))
def test_the_witness_finds_a_broken_bot(
    mutant: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    for seed in range(1, 9):
        if run(Plan(seed, 4, 5, crashes_a_day=6, down_seconds=(0.5, 65.0, 7200.0)), tmp_path, migrated_file).complaints:
            return
    raise AssertionError("eight seeds did not find it")
