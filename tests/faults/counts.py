"""How much of the fault matrix is run: short in `make test`, in full with SOAK=1, as `make soak` sets it."""

import os
from typing import TypeVar

import pytest

SOAK = os.environ.get("SOAK") == "1"

on_one_database = pytest.mark.parametrize("backend", ["sqlite", "postgresql"] if SOAK else ["sqlite"])
"""For faults that the database has no part in; `make soak` tries them on both all the same."""


Count = TypeVar("Count")


def either(short: Count, full: Count) -> Count:
    """Give a count or a list: the short one in `make test`, the full one in `make soak`."""
    return full if SOAK else short
