"""What is measured, one family of cases a module."""

from benchmarks.cases import bursts, replies

FAMILIES = (replies, bursts)
