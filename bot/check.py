"""Looks at everything an operator can get wrong and says what is wrong, one line each. Changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.app import keyring
from bot.settings import Settings
from care.clock import Clock, system_clock
from storage import due, inbox, keys, migrate
from storage.database import Database, StorageUnavailable
from storage.migrate import DatabaseTooNew
from storage.sealing import KeyFault

ANSWER_SECONDS = 10.0
CLOCK_TOLERANCE = timedelta(seconds=30)
OLD_UPDATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    ok: bool
    what: str
    text: str

    def __str__(self) -> str:
        """Give the line."""
        return f"{'ok   ' if self.ok else 'WRONG'}  {self.what}: {self.text}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the Bot API said: its result or its complaint, and the moment by its own clock."""

    result: Any
    complaint: str
    date: str


async def examine(settings: Settings, clock: Clock = system_clock) -> list[Finding]:
    """Examine settings, keys, database, token, updates and clock, in this order."""
    findings = [Finding(True, "settings", "complete")]
    findings += await asyncio.to_thread(_stored, settings)
    if all(finding.ok for finding in findings):
        findings += await _opened(settings, clock)
    return findings + await _telegram(settings, clock)


def _stored(settings: Settings) -> list[Finding]:
    return [_keys(settings), _database(settings)]


def _keys(settings: Settings) -> Finding:
    makes_one = settings.is_embedded and not settings.encryption_keys.get_secret_value()
    if makes_one and not settings.keys_file.exists() and migrate.current(settings.database) is None:
        return Finding(True, "keys", "none yet; the first start makes them")
    try:
        keyring(settings, may_make=False)
    except KeyFault as fault:
        return Finding(False, "keys", str(fault))
    return Finding(True, "keys", "readable")


def _database(settings: Settings) -> Finding:
    try:
        revision = migrate.current(settings.database)
    except (StorageUnavailable, DatabaseTooNew) as fault:
        return Finding(False, "database", str(fault))
    if revision == migrate.head():
        return Finding(True, "database", f"at revision {revision}")
    if settings.is_embedded:
        return Finding(
            True, "database", "the next start migrates it" if revision else "none yet; the first start makes it"
        )
    return Finding(False, "database", "not migrated to this release: run python -m bot migrate")


async def _opened(settings: Settings, clock: Clock) -> list[Finding]:
    """Look inside a database that is there and migrated."""
    if await asyncio.to_thread(migrate.current, settings.database) != migrate.head():
        return []
    database = Database.open(settings.database, keyring(settings, may_make=False))
    try:
        return [
            await _attempt("keys of the database", _right_keys, database),
            await _backlog(database, clock),
            await _owed(database, clock),
        ]
    finally:
        await database.close()


async def _right_keys(database: Database) -> str:
    await database.write(keys.verify_keys)
    return "they open it"


async def _backlog(database: Database, clock: Clock) -> Finding:
    oldest = await database.read(inbox.oldest_waiting)
    if oldest is None or clock() - oldest < OLD_UPDATE:
        return Finding(True, "received updates", "all handled" if oldest is None else "being handled")
    return Finding(
        False, "received updates", f"the oldest waits since {oldest:%Y-%m-%d %H:%M} UTC; is the bot running?"
    )


async def _owed(database: Database, clock: Clock) -> Finding:
    stuck = await database.read(due.stuck, clock())
    if stuck.oldest is not None:
        since = f"the first of {stuck.overdue} overdue since {stuck.oldest:%Y-%m-%d %H:%M} UTC"
        return Finding(False, "messages owed", f"{since}; is the bot running?")
    given_up = f"; {stuck.dead} given up since yesterday" if stuck.dead else ""
    return Finding(True, "messages owed", f"none is overdue{given_up}")


async def _attempt(what: str, look: Callable[[Database], Awaitable[str]], database: Database) -> Finding:
    try:
        return Finding(True, what, await look(database))
    except (KeyFault, StorageUnavailable) as fault:
        return Finding(False, what, str(fault))


async def _telegram(settings: Settings, clock: Clock) -> list[Finding]:
    if not settings.token:
        return [Finding(False, "token", "TELEGRAM_BOT_TOKEN is not set; get one from @BotFather")]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS), trust_env=True) as session:
        me = await _ask(session, settings, "getMe")
        if me.complaint:
            return [Finding(False, "token", me.complaint)]
        webhook = await _ask(session, settings, "getWebhookInfo")
    return [
        Finding(True, "token", f"Telegram knows this bot as @{me.result.get('username', '')}"),
        _updates(webhook),
        _clock(me.date, clock),
    ]


async def _ask(session: aiohttp.ClientSession, settings: Settings, method: str) -> Answer:
    """Ask the Bot API once. The address holds the token, so no error's own text is passed on."""
    address = f"{settings.telegram_api_url}/bot{settings.token}/{method}"
    try:
        async with session.post(address, allow_redirects=False) as response:
            body = await response.json(content_type=None)
            date = response.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Answer({}, f"Telegram cannot be reached ({type(error).__name__})", "")
    if not isinstance(body, dict):
        return Answer({}, "what answers at TELEGRAM_API_URL is no Bot API", "")
    if body.get("ok"):
        return Answer(body.get("result"), "", date)
    return Answer(
        {}, f"Telegram refuses: {body.get('description', 'without a reason')}; check TELEGRAM_BOT_TOKEN", date
    )


def _updates(webhook: Answer) -> Finding:
    if webhook.complaint:
        return Finding(False, "updates", webhook.complaint)
    if webhook.result.get("url"):
        return Finding(False, "updates", "a webhook is set, so polling gets nothing: remove it with deleteWebhook")
    return Finding(True, "updates", f"received by polling, {webhook.result.get('pending_update_count', 0)} waiting")


def _clock(date: str, clock: Clock) -> Finding:
    try:
        skew = clock() - parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return Finding(True, "clock", "Telegram did not tell the time")
    if abs(skew) > CLOCK_TOLERANCE:
        return Finding(
            False, "clock", f"this machine is {skew.total_seconds():+.0f} s from Telegram's clock; set it by NTP"
        )
    return Finding(True, "clock", "agrees with Telegram's")
