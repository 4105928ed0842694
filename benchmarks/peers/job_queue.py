"""PTB's JobQueue, filled anew at each start from the table of people, as its documentation teaches it.

Arguments: the stand-in's address, a token, a database that prepare() made.
"""

import sqlite3
import sys
from contextlib import closing
from datetime import time
from pathlib import Path
from typing import Any

from telegram.ext import Application, ContextTypes

DAY_MINUTES = 24 * 60


def prepare(path: Path, people: int) -> None:
    """Make a table of so many people and when each wants to be asked."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE person (chat_id INTEGER PRIMARY KEY, minute INTEGER)")
        rows = ((100_000 + n, n % DAY_MINUTES) for n in range(people))
        connection.executemany("INSERT INTO person VALUES (?, ?)", rows)
        connection.commit()


async def prompt(context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send the daily prompt."""
    assert context.job and context.job.chat_id  # noqa: S101, PT018 - it was made with one
    await context.bot.send_message(context.job.chat_id, "It is time for your check-in.")


async def fill(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Give everybody their daily job."""
    with closing(sqlite3.connect(application.bot_data["database"])) as connection:
        people = connection.execute("SELECT chat_id, minute FROM person").fetchall()
    assert application.job_queue  # noqa: S101 - it is there unless it was refused
    for chat_id, minute in people:
        application.job_queue.run_daily(prompt, time(minute // 60, minute % 60), chat_id=chat_id)


def main(url: str, token: str, database: str) -> None:
    """Poll until told to stop."""
    application = Application.builder().token(token).base_url(f"{url}/bot").post_init(fill).build()
    application.bot_data["database"] = database
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
