"""What is measured, one family of cases a module."""

from benchmarks.cases import replies

FAMILIES = (replies,)
