"""Runs: the process, its wiring, its loops and the ways in and out."""
