"""What the benchmarks ask of the machine: cores, a process's CPU time and its memory."""

import os
import time

_LOOK_SECONDS, _CALM_SHARE, _CALM_WITHIN = 0.25, 0.1, 30.0


def cores() -> int:
    """Give how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pin(core: int, pid: int = 0) -> None:
    """Keep a process on one core where there are two at least: 0 is the measured side, 1 the stand-in's."""
    if cores() > 1:
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {allowed[core]})


def cpu_seconds(pid: int) -> float:
    """Give the CPU time that a process has used, all its threads, ended ones included.

    Linux gives every process a clock of its own, so that a running one can be read from outside to the microsecond;
    it counts what getrusage counts.
    """
    return time.clock_gettime(~pid << 3 | 2)


def wait_until_calm(pid: int) -> None:
    """Wait until a process that has just started has nothing more to do; RuntimeError when it never rests."""
    give_up = time.monotonic() + _CALM_WITHIN
    while time.monotonic() < give_up:
        before = cpu_seconds(pid)
        time.sleep(_LOOK_SECONDS)
        if cpu_seconds(pid) - before < _CALM_SHARE * _LOOK_SECONDS:
            return
    raise RuntimeError("a process does not come to rest after its start")


def memory_mib(pid: int) -> float:
    """Give how much memory of a process is resident, in MiB."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
