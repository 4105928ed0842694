"""What is measured, one family of cases a module."""

from benchmarks.cases import bulk, bursts, clocks, crash, pictures, replies, scheduling, starting, storage

FAMILIES = (bursts, crash, clocks, replies, bulk, scheduling, storage, pictures, starting)
"""In the order in which they run: what people feel first."""
