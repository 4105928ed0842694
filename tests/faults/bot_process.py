"""The real bot process with one difference: its clock stands in a file, so that a test can move it.

Each line on the standard input begins a life, forked from this process, which has imported everything, read the texts
and done nothing else: so a life begins in a fraction of a second. A line that names a crash point lets it end there.
Its process id is printed when it begins, another line when it has ended.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import alembic.command  # noqa: F401 - the bot imports it late

from bot.app import build
from handlers.words import Words, languages
from tests.clocks import FileClock
from tests.faults.crash_points import arm
from tests.transcripts.stage import settings_for


def main(telegram_url: str, database_url: str, folder: Path) -> None:
    for language in languages():
        Words(language)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            arm(line.strip())
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the bot logs is not for the test
            try:
                asyncio.run(live(telegram_url, database_url, folder))
            finally:
                os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


async def live(telegram_url: str, database_url: str, folder: Path) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    app = build(settings_for(database_url, telegram_url, folder), FileClock(folder / "clock"))
    await app.run_until(stop)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
