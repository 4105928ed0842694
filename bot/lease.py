"""One process of many may do a thing: the one that holds its lease in the database."""

import asyncio
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlmodel import Session

from care.clock import Clock, system_clock
from storage import leases, marks
from storage.database import Database

LEASE = timedelta(seconds=8)
RENEW_SECONDS = 2.5
STAND_BY_SECONDS = 1.5

log = structlog.get_logger(__name__)


class Lease:
    """A lease that is kept by renewing it. A dead holder is followed within ten seconds, on its own machine at once.

    The clock is the machine's: a lease is about the life of processes, which no moved clock changes.
    """

    def __init__(self, database: Database, name: str, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._name = name
        self._holder = f"{_place()}/{os.getpid()}/{secrets.token_hex(8)}"
        self._held = asyncio.Event()
        self._newly = False
        self._said = False
        self._renewed_at = float("-inf")

    async def keep(self) -> None:
        """Take the lease as soon as it is free and renew it, until cancelled."""
        while True:
            await self.renew()
            await asyncio.sleep(RENEW_SECONDS if self._held.is_set() else STAND_BY_SECONDS)

    async def wait(self) -> bool:
        """Wait until the lease is held; tell whether it is newly held since the last time somebody asked.

        A process that was stopped for a while finds out here that its lease may be another's by now.
        """
        if asyncio.get_running_loop().time() - self._renewed_at > LEASE.total_seconds():
            await self.renew()
        await self._held.wait()
        newly, self._newly = self._newly, False
        return newly

    async def renew(self) -> None:
        """Ask for the lease once. With the database away whoever held it keeps it: nobody else can take it either."""
        now = self._clock()
        try:
            held = await self._database.write(_hold, self._name, self._holder, now + LEASE, now)
        except Exception as error:  # noqa: BLE001 - the keeper must outlive whatever the database says
            held = self._held.is_set()
            log.warning("lease_not_renewed", lease=self._name, error=type(error).__name__)
        self._renewed_at = asyncio.get_running_loop().time()
        if held and not self._held.is_set():
            self._newly = True
            self._held.set()
            log.info("lease_held", lease=self._name)
        elif not held:
            self._lost()

    def _lost(self) -> None:
        if self._held.is_set() or not self._said:
            log.info("standing_by", lease=self._name, meaning="another process holds the lease; waiting for it to end")
        self._said = True
        self._held.clear()

    async def release(self) -> None:
        """Give the lease back, so that the next process need not wait for its end.

        Also when we do not know of it: stopping may have cancelled the wait for a lease that was granted.
        """
        self._held.clear()
        self._newly = False
        await self._database.write(leases.release, self._name, self._holder)


def _hold(session: Session, name: str, holder: str, until: datetime, now: datetime) -> bool:
    """Take or renew a lease; one whose holder has died on this machine is free before its end."""
    mark = f"lease/{name}"
    last = marks.get(session, mark)
    if last and last != holder and _has_died(last):
        leases.release(session, name, last)
    held = leases.hold(session, name, holder, until, now)
    if held and last != holder:
        marks.put(session, mark, holder)
    return held


def _has_died(holder: str) -> bool:
    place, pid, _ = holder.rsplit("/", 2)
    if not place or place != _place():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _place() -> str:
    """Name this boot of this machine and its process numbers; "" where that cannot be told."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip() + os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
