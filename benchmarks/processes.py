"""The stand-in and the measured processes: how they are started, asked and ended."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.machine import pin
from benchmarks.peers import rows

ROOT = Path(__file__).resolve().parent.parent
TEXT = "How is your mood today, from 0 to 10?"
_LONGEST_ORDER = 300.0
_STOP_SECONDS = 10.0


class OrderFault(Exception):
    """The stand-in could not do what it was asked; the text says why."""


class StandIn:
    """The stand-in, seen from the runner."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout  # noqa: S101 - it was opened with a pipe
        self._process = process
        self._port = int(process.stdout.readline())
        self.url = f"http://127.0.0.1:{self._port}"

    def ask(self, do: str, bot: str = "", **order: Any) -> dict[str, Any]:
        """Have an order carried out and give what was measured; raises OrderFault."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_LONGEST_ORDER)
        with contextlib.closing(line):
            line.request("POST", "/control", json.dumps({"do": do, "bot": bot, **order}))
            given: dict[str, Any] = json.loads(line.getresponse().read())
        if "error" in given:
            raise OrderFault(f"{do} for {bot}: {given['error']}")
        return given

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate()


@contextlib.contextmanager
def stand_in() -> Iterator[StandIn]:
    """Start a stand-in and end it afterwards."""
    command = [sys.executable, "-m", "benchmarks.standin"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
    standin = StandIn(process)
    try:
        yield standin
    finally:
        standin.stop()


@dataclass(slots=True)
class Measured:
    """A process that is measured: who it is at the stand-in, and when it was started."""

    name: str
    token: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0

    @property
    def pid(self) -> int:
        """Give the number of the running process."""
        if self.process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self.process.pid

    def start(self, errors: Path) -> "Measured":
        """Start it, on the first core where there are two; what it complains of goes into a file."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        self.began = monotonic()
        with errors.open("ab") as file:
            self.process = subprocess.Popen(  # noqa: S603
                self.command, cwd=errors.parent, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        pin(0, self.process.pid)
        return self

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait until it has ended."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def keyboard() -> str:
    """Give the eight-button keyboard that every peer shows, as JSON."""
    buttons = [{"text": str(value), "callback_data": f"a:mood:{value}"} for value in range(8)]
    return json.dumps({"inline_keyboard": [buttons[:4], buttons[4:]]})


def peer(name: str, standin: StandIn, folder: Path, *arguments: str, chats: int = 0, number: int = 2) -> Measured:
    """Name a peer: its module in benchmarks.peers, its own token and database. With chats it is dealt cards."""
    token = f"{number}:{'P' * 35}"
    database = folder / f"{number}.db"
    command = [sys.executable, "-m", f"benchmarks.peers.{name}", standin.url, token, str(database), *arguments]
    if chats:
        rows.prepare(database, chats)
        standin.ask(
            "deal", token, prefix="a:", first=rows.FIRST_CHAT, count=chats, message_id=1, text=TEXT, markup=keyboard()
        )
    return Measured(" ".join([name, *arguments]), token, command, {})
