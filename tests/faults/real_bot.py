"""The bot as it runs for people: `python -m bot` in a process of its own, what it prints kept for the judge."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.demo.standin import StandIn
from tests.databases import OPERATOR_KEY

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 10.0


@dataclass
class RealBot:
    """A running bot."""

    process: asyncio.subprocess.Process
    printed: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        """Give everything that it printed so far."""
        return self.printed.read_text("utf-8", "replace")

    async def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        """End it and give the seconds that took."""
        began = asyncio.get_running_loop().time()
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        return asyncio.get_running_loop().time() - began


async def launch(
    standin: StandIn,
    database_url: str,
    folder: Path,
    *,
    module: str = "bot",
    wrapper: tuple[str, ...] = (),
    **more: str,
) -> RealBot:
    """Start a bot and wait for its first poll. wrapper is a command in front of Python, more are settings of it."""
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LD_PRELOAD")},
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BOT_TOKEN": standin.token,
        "TELEGRAM_API_URL": standin.url,
        "DATABASE_URL": database_url,
        "ENCRYPTION_KEYS": OPERATOR_KEY,
        "LOG_LEVEL": "debug",
        "LOG_FORMAT": "json",
        **more,
    }
    printed = folder / "printed"
    polls = len(standin.calls_to("getUpdates"))
    with printed.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *wrapper, sys.executable, "-m", module, cwd=folder, env=environment, stdin=PIPE, stdout=out, stderr=STDOUT
        )
    bot = RealBot(process, printed)
    await standin.until(lambda: len(standin.calls_to("getUpdates")) > polls or process.returncode is not None, 30)
    assert process.returncode is None, bot.output
    return bot


@asynccontextmanager
async def real_bot(standin: StandIn, database_url: str, folder: Path, **more: str) -> AsyncIterator[RealBot]:
    """Run a bot for a while."""
    bot = await launch(standin, database_url, folder, **more)
    try:
        yield bot
    finally:
        if bot.process.returncode is None:
            await bot.end(signal.SIGKILL)
