"""The arithmetic: medians, percentiles and ratios that are taken inside one round."""

from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """Give the smallest value that at least this percentage of the values do not exceed; ValueError without values."""
    if not values:
        raise ValueError("there are no values")
    ordered = sorted(values)
    place = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(place) - 1)]


def median_of_ratios(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Give the median of ours / theirs, round by round.

    A machine that is slow for a while is slow for both of a round, so the ratio hardly moves.
    """
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))


def spread(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """Give the lowest and the highest of the rounds' ratios."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return min(ratios), max(ratios)


def first_calm(moments: Sequence[float], waits: Sequence[float], limit: float, width: float) -> float | None:
    """Give when a stream of waits is calm for good: from then on, each window's 99th percentile is within the limit.

    moments are the seconds at which each began, in order from 0; width is a window's length in seconds. None when
    the last window is not calm.
    """
    windows: dict[int, list[float]] = {}
    for moment, wait in zip(moments, waits, strict=True):
        windows.setdefault(int(moment / width), []).append(wait)
    calm: float | None = None
    for number in sorted(windows, reverse=True):
        if percentile(windows[number], 99) > limit:
            break
        calm = number * width
    return calm
