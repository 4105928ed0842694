"""What is measured, one family of cases a module."""

from benchmarks.cases import bulk, bursts, clocks, crash, replies, scheduling

FAMILIES = (bursts, crash, clocks, replies, bulk, scheduling)
