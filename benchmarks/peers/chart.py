"""Draws 90 days with matplotlib: the same panels, marks and size as ours. Argument: how many times.

Its object interface on Agg, which is what its documentation says for servers. Prints what it took as JSON.
"""

import asyncio
import io
import json
import sys
from datetime import date, timedelta
from time import monotonic

from benchmarks.days import FIRST, Days, days
from benchmarks.lag import Lag

WIDTH, HEIGHT, DPI = 1280, 880, 144
PANELS = {"energy": 4, "dizziness": 3, "nausea": 3}


def render(data: Days) -> bytes:
    """Give the PNG: mood with its week's mean and gaps, treatments, and three strips below."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - loaded when first drawn, as ours is
    from matplotlib.dates import AutoDateLocator, DateFormatter  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    top, *strips = figure.subplots(1 + len(PANELS), 1, sharex=True, height_ratios=[5, 1, 1, 1])
    dates = [FIRST + timedelta(days=n) for n in range(len(data.values))]
    mood = [float(values.get("mood", float("nan"))) for values in data.values]
    for day in data.treatments:
        top.axvline(dates[day], color="tab:orange", linestyle=":")
    top.plot(dates, mood, color="tab:blue", alpha=0.5, label="day")
    top.scatter(dates, mood, color="tab:blue", s=16)
    top.plot(*_means(dates, mood), color="tab:red", label="mean of 7 days")
    top.set(ylim=(0, 10), yticks=range(11), ylabel="Mood", title="Your last 90 days")
    top.legend(loc="upper left")
    for strip, (code, most) in zip(strips, PANELS.items(), strict=True):
        strip.bar(dates, [values.get(code, 0) for values in data.values], color="tab:gray")
        strip.set(ylim=(0, most), yticks=(0, most), ylabel=code)
    strips[-1].xaxis.set_major_locator(AutoDateLocator())  # type: ignore[no-untyped-call]
    strips[-1].xaxis.set_major_formatter(DateFormatter("%b %d"))  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _means(dates: list[date], mood: list[float]) -> tuple[list[date], list[float]]:
    weeks = [[value for value in mood[max(0, n - 6) : n + 1] if value == value] for n in range(len(mood))]  # noqa: PLR0124 - not NaN
    return dates, [sum(week) / len(week) for week in weeks]


async def main(times: int) -> None:
    """Draw once cold, then warm, then in a thread while somebody watches the event loop."""
    data = days()
    began = monotonic()
    picture = render(data)
    cold = monotonic() - began
    began = monotonic()
    for _ in range(times):
        render(data)
    warm = (monotonic() - began) / times
    async with Lag() as lag:
        for _ in range(times):
            await asyncio.to_thread(render, data)
    told = {"cold": cold, "warm": warm, "lag": lag.longest, "bytes": len(picture)}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
