"""APScheduler with a persistent job for each person, as its documentation teaches it.

Arguments: "prepare" or "drain", a database, a number of people. Draining settles what is due and prints what it took.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, process_time

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from benchmarks.lag import Lag
from benchmarks.peers import prompts, rows


def scheduler_of(database: str) -> AsyncIOScheduler:
    """Make the scheduler; with its default of one second of grace it would drop whatever is late instead."""
    return AsyncIOScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{database}")},
        executors={"default": AsyncIOExecutor()},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone=UTC,
    )


async def prepare(database: str, people: int) -> None:
    """Store a daily job for each person, due for a while."""
    scheduler = scheduler_of(database)
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(minutes=30)  # noqa: TID251 - a peer is a program of its own
    for chat in range(people):
        daily = IntervalTrigger(days=1, start_date=due)
        scheduler.add_job(prompts.prompt, daily, next_run_time=due, args=[chat], id=str(chat))
    scheduler.shutdown(wait=False)


async def drain(database: str, people: int) -> None:
    """Start, and wait until every job has run."""
    rows.prepare(Path(f"{database}.rows"), 0)
    prompts.opened.append(rows.engine_of(f"{database}.rows"))
    scheduler, lag = scheduler_of(database), Lag()
    began, used = monotonic(), process_time()
    async with lag:
        scheduler.start()
        while len(prompts.sent) < people:  # noqa: ASYNC110 - the jobs tell nobody
            await asyncio.sleep(0.001)
        took, cpu = monotonic() - began, process_time() - used
    scheduler.shutdown(wait=False)
    told = {"settled": len(prompts.sent), "sent": len(prompts.sent), "seconds": took, "cpu": cpu, "lag": lag.longest}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    asyncio.run({"prepare": prepare, "drain": drain}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
