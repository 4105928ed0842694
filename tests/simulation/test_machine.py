"""Hypothesis drives a life: any order of acts and waits, judged by the observer of tests/observer.py, and shrunk."""

import heapq
import os
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from care.people import Patient, State
from tests.care.due_model import Model
from tests.lives import Begin, Life, beginning

HOUR = timedelta(hours=1)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
ACTS = (
    *("make", "make_course", "move", "cancel", "restore", "confirm", "had", "correct", "remove", "open", "note"),
    *("answer_some", "fill_form", "wish", "travel", "pause", "resume", "pace", "gone"),
)


class AnyLife(RuleBasedStateMachine):
    """A person in the model of what is owed; what may come, and when, is the observer's to say."""

    life: Life

    @initialize(seed=st.integers(1, 10_000))
    def begins(self, seed: int) -> None:
        rng = Random(seed)
        begin = beginning(rng)
        self.life = Life(seed, _world(seed, begin), begin, rng)
        self.life.ends = FAR
        self.life._trouble = True

    @rule(act=st.sampled_from(ACTS))
    def acts(self, act: str) -> None:
        getattr(self.life, f"_{act}")()
        self.life._look()

    @rule(hours=st.sampled_from([0.05, 0.5, 2.0, 9.0, 24.0]))
    def time_passes(self, hours: float) -> None:
        life, until = self.life, self.life.now + hours * HOUR
        while True:
            act_at = life._plans[0][0] if life._plans else FAR
            moment = min(act_at, life.world.due_at() or FAR)
            if moment > until:
                break
            life.now = max(life.now, moment)
            if act_at <= moment:
                heapq.heappop(life._plans)[2]()
            else:
                life._drain()
        life.now = max(life.now, until)

    @invariant()
    def nothing_came_that_should_not(self) -> None:
        assert not hasattr(self, "life") or self.life.observer.wrong == []


def _world(seed: int, begin: Begin) -> Model:
    model = Model(Patient(seed, 1000, "en", State.ACTIVE, plan_version=2, **begin.choices))
    model.plan_anew(begin.at)
    return model


EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "15"))
TestAnyLife = pytest.mark.slow(AnyLife.TestCase)
TestAnyLife.settings = settings(max_examples=EXAMPLES, stateful_step_count=60, deadline=None)
