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
    """Give when a stream of waits is calm again: two windows in a row whose 99th percentile is within the limit.

    moments are the seconds at which each wait began, in order from 0; width is a window's length in seconds. None
    when it does not calm down.
    """
    windows: dict[int, list[float]] = {}
    for moment, wait in zip(moments, waits, strict=True):
        windows.setdefault(int(moment / width), []).append(wait)
    calm = {number for number, each in windows.items() if percentile(each, 99) <= limit}
    return min((number * width for number in calm if number + 1 in calm), default=None)
