"""Draws 90 days with the bot's own picture. Argument: how many times. Prints what it took as JSON."""

import asyncio
import json
import sys
from datetime import timedelta
from time import monotonic

from benchmarks.days import FIRST, days
from benchmarks.lag import Lag
from care.trends import DayEntry, summarise
from handlers.reports import chart
from handlers.words import Words


async def main(times: int) -> None:
    """Draw once cold, then warm, then while somebody watches the event loop."""
    data = days()
    entries = [DayEntry(FIRST + timedelta(days=n), values) for n, values in enumerate(data.values) if values]
    treated = [FIRST + timedelta(days=n) for n in data.treatments]
    summary = summarise(entries, FIRST + timedelta(days=len(data.values) - 1), len(data.values), treated)
    words = Words("en")
    began = monotonic()
    picture = chart.render(chart.picture(summary, words))
    cold = monotonic() - began
    began = monotonic()
    for _ in range(times):
        chart.render(chart.picture(summary, words))
    warm = (monotonic() - began) / times
    await chart.draw(chart.picture(summary, words))
    async with Lag() as lag:
        for _ in range(times):
            await chart.draw(chart.picture(summary, words))
    told = {"cold": cold, "warm": warm, "lag": lag.longest, "bytes": len(picture)}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
