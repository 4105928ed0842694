"""What is measured, one family of cases a module."""

from benchmarks.cases import bulk, bursts, replies

FAMILIES = (replies, bursts, bulk)
