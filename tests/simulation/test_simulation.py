"""Simulated weeks: whatever a seed brings, nothing shown as saved is lost and nothing comes that should not."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from time import process_time

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


LONG = (Plan(1, people=200, days=90), Plan(2, people=12, days=365))
"""A clinic's spring, and a year of a few people; in `make soak` alone."""


def plans() -> list[Plan]:
    seeds = [int(ONLY)] if ONLY else sorted({*range(1, SEEDS + 1), *ONCE_FAILED})
    return [*(Plan(seed, PEOPLE, DAYS) for seed in seeds), *either((), () if ONLY else LONG)]


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("plan", plans(), ids=lambda plan: f"{plan.seed}-{plan.people}x{plan.days}")
def test_a_simulated_time_keeps_every_promise(
    plan: Plan, tmp_path: Path, migrated_file: Path, report: Callable[[str], None]
) -> None:
    began = process_time()
    outcome = run(plan, tmp_path, migrated_file)
    took = process_time() - began
    report(
        f"simulation: seed {plan.seed}, {plan.people} people x {plan.days} days in {took:.1f} s of CPU, "
        f"{outcome.crashes} deaths, {dict(sorted(outcome.counts.items()))}"
    )
    assert outcome.complaints == [], f"SEED={plan.seed} SIM_PEOPLE={plan.people} SIM_DAYS={plan.days}"
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
