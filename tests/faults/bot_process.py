"""The real bot process with one difference: its clock stands in a file, so that a test can move it."""

import asyncio
import signal
import sys
from pathlib import Path

from bot.app import build
from tests.clocks import FileClock
from tests.transcripts.stage import settings_for


async def main(telegram_url: str, database_url: str, folder: Path) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    app = build(settings_for(database_url, telegram_url, folder), FileClock(folder / "clock"))
    await app.run_until(stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
