"""Random lives: no reminder that should not come, none that is missing without a reason.

One thousand in `make test`, ten thousand in `make soak`; SEED=123 lives one life again.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest

from care.people import Patient, State
from tests.care.due_model import Model
from tests.lives import Begin, Life, live
from tests.observer import UNPROMPTED

CHUNKS = 4
LIVES = int(os.environ.get("LIVES", "1000")) // CHUNKS
ENOUGH = 2500
"""So many lives hold every kind of message, also the rarest."""
ONLY = os.environ.get("SEED")


def in_memory(number: int, begin: Begin) -> Model:
    """Give the world of one life; the person's number decides the minute at which their prompts come."""
    model = Model(Patient(number, 1000, "en", State.ACTIVE, plan_version=2, **begin.choices))
    model.plan_anew(begin.at)
    return model


def lived(seed: int) -> Life:
    return live(seed, lambda begin: in_memory(seed, begin))


def seeds(chunk: int) -> range:
    if ONLY:
        return range(int(ONLY), int(ONLY) + 1)
    return range(1 + chunk * LIVES, 1 + (chunk + 1) * LIVES)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("chunk", range(1 if ONLY else CHUNKS))
def test_no_life_gets_a_message_it_should_not_or_misses_one(chunk: int, report: Callable[[str], None]) -> None:
    counts: Counter[str] = Counter()
    wrong = []
    for seed in seeds(chunk):
        observer = lived(seed).observer
        counts.update(observer.counts)
        wrong += [f"SEED={seed} {complaint}" for complaint in observer.wrong]
    assert not wrong, "\n".join(wrong[:20])
    report(f"random lives {chunk + 1}/{CHUNKS}: {dict(sorted(counts.items()))}")
    rare = {"next_date"} if LIVES < ENOUGH else set()
    assert ONLY or all(counts[kind] for kind in {*UNPROMPTED, "snooze", "easing"} - rare)
