"""Puts the shared things together, once, and starts and stops them in the right order."""

import asyncio
import contextlib
import importlib.util
import os
from pathlib import Path
from typing import cast

import structlog
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ApplicationHandlerStop, ContextTypes, ExtBot

from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.lease import Lease
from bot.limiter import CHAT_PER_SECOND, Lanes
from bot.logs import report_loop_failure
from bot.loops import Loops
from bot.patience import Patience
from bot.polling import Poller
from bot.settings import Settings
from bot.transport import Transport
from care.clock import Clock, system_clock
from care.wording import read
from handlers import errors, profile, routes
from handlers.context import Bot, CareApplication, CareContext, Clinic, Defaults, Deps, Keeping
from storage import keys, migrate
from storage.database import Database
from storage.sealing import Keyring, load_or_make_key_file

PACKAGES = ("bot", "handlers", "storage", "care")
STOP_SECONDS = 3.0
FIRST_CONNECT_SECONDS = 2.0
CATCH_UP_SECONDS = 5.0

log = structlog.get_logger(__name__)


class StartFault(Exception):
    """The bot cannot start as things are; the text is one line for the operator, with the cure."""


class App:
    """The running bot: what build() put together, and its tasks."""

    def __init__(self, settings: Settings, clock: Clock, database: Database, application: CareApplication) -> None:
        self.settings = settings
        self.clock = clock
        self.database = database
        self.application = application
        self.health = Health()
        self.deps = cast(Deps, application.bot_data["deps"])
        self.dispatcher = Dispatcher(application, self.deps)
        self.loops = Loops(application.bot, self.deps, settings.sends_per_second, self.health)
        self.lease = Lease(database, "poller")
        self.poller = Poller(application.bot, self.deps, self.dispatcher, self.lease, self.health)
        self._serving: list[asyncio.Task[None]] = []
        self._passing: list[asyncio.Task[None]] = []
        self._connected = asyncio.Event()
        application.add_error_handler(self._on_error)

    async def start(self) -> None:
        """Prepare the database and begin to serve. With Telegram unreachable this returns and goes on trying."""
        asyncio.get_running_loop().set_exception_handler(report_loop_failure)
        self.health.started_at = self.clock()
        await asyncio.to_thread(_bring_to_head, self.settings)
        await self.database.write(keys.prepare)
        self._serving = [asyncio.create_task(self.lease.keep()), asyncio.create_task(self._serve())]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._connected.wait(), FIRST_CONNECT_SECONDS)

    async def run_until(self, stop: asyncio.Event) -> None:
        """Start, serve until the event is set or serving breaks, and stop; a break is raised."""
        stopping = asyncio.create_task(stop.wait())
        try:
            await self.start()
            done, _ = await asyncio.wait({stopping, *self._serving}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            stopping.cancel()
            await self.stop()

    async def stop(self) -> None:
        """Stop within five seconds. What is stored and not finished is done by the next start."""
        tasks = [*self._serving, *self._passing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(self.loops.stop(STOP_SECONDS), self.dispatcher.drain(STOP_SECONDS))
        with contextlib.suppress(Exception):  # the lease ends by itself; nothing may keep the process from stopping
            await asyncio.wait_for(self.lease.release(), 1.0)
        await self.application.shutdown()
        await self.application.bot.shutdown()
        await self.database.close()
        log.info("stopped")

    async def _serve(self) -> None:
        await self._connect()
        self._passing = [
            asyncio.create_task(self._publish()),
            asyncio.create_task(self._start_loops()),
            asyncio.create_task(self._make_phrases()),
        ]
        self._connected.set()
        log.info("started", bot=self.application.bot.username)
        await self.poller.run()

    async def _make_phrases(self) -> None:
        """Make the phrases that mean danger, which takes a second; until then the first message makes them itself."""
        await self.poller.caught_up.wait()
        await asyncio.to_thread(read, "")

    async def _start_loops(self) -> None:
        """Begin to send once the presses that came before the start are handled: they may answer what is owed.

        A process that stands by, or that has much to catch up on, does not keep everybody waiting.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                await self.poller.caught_up.wait()
                await self.dispatcher.idle()
        self.loops.start()

    async def _connect(self) -> None:
        """Ask Telegram who we are until it answers."""
        patience = Patience(self.health, asyncio.get_running_loop().time)
        while True:
            try:
                await self.application.initialize()
            except TelegramError as error:
                await asyncio.sleep(patience.failed(error))
            else:
                return patience.succeeded()

    async def _publish(self) -> None:
        """Set the bot's profile texts and commands, once people were heard; old ones are no reason not to serve."""
        await self.poller.caught_up.wait()
        try:
            await profile.publish(self.application.bot, self.deps)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here, people come first
            log.warning("profile_not_published", error=type(error).__name__)

    async def _on_error(self, update: object, context: CareContext) -> None:
        """Tell the dispatcher of a handler's failure; when that was the last try, the person hears of it."""
        error = context.error
        if error is not None and await self.dispatcher.failed(update, error):
            try:
                await errors.on_error(update, context)
            except Exception as fault:  # noqa: BLE001 - the failure is written down already; saying so is a courtesy
                log.warning("failure_not_said", error=type(fault).__name__)
        raise ApplicationHandlerStop


def build(settings: Settings, clock: Clock = system_clock, chat_per_second: float = CHAT_PER_SECOND) -> App:
    """Put the bot together; raises StartFault or KeyFault with one clear line. Nothing is connected yet.

    chat_per_second paces unprompted messages to one chat. Where the clock runs fast, as in the demo, so must they.
    """
    # RetryAfter otherwise warns on every 429 that its attribute will become a timedelta one day.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    _check_packages()
    database = Database.open(settings.database, keyring(settings))
    clinic = Clinic(settings.clinic_name, settings.clinic_phone)
    defaults = Defaults(settings.default_language, settings.default_country, settings.default_zone)
    keeping = Keeping(settings.retention_months, settings.backup_days)
    application = _application(settings, chat_per_second)
    application.bot_data["deps"] = Deps(database, clock, clinic, defaults, keeping, settings.phq_item_9)
    routes.build(application)
    return App(settings, clock, database, application)


def keyring(settings: Settings, may_make: bool = True) -> Keyring:
    """Read the operator's keys, making a first one where the database is embedded; raises KeyFault."""
    given = settings.encryption_keys.get_secret_value()
    if given:
        return Keyring.from_text(given)
    may_make = may_make and settings.is_embedded
    return Keyring.from_text(load_or_make_key_file(settings.keys_file, may_make, data_dir=settings.data_folder))


def _application(settings: Settings, chat_per_second: float) -> CareApplication:
    bot = ExtBot(
        settings.token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=Transport(),
        get_updates_request=Transport(connections=1),
        rate_limiter=Lanes(settings.sends_per_second, chat_per_second),
    )
    builder = ApplicationBuilder().bot(cast(Bot, bot)).updater(None).job_queue(None)
    types = ContextTypes(context=CareContext, bot_data=dict, chat_data=dict, user_data=dict)
    return cast(CareApplication, builder.context_types(types).build())


def _bring_to_head(settings: Settings) -> None:
    """Migrate the embedded database; a shared one is migrated by the operator, once, before the new release starts."""
    if settings.is_embedded:
        migrate.upgrade(settings.database)
    elif migrate.current(settings.database) != migrate.head():
        raise StartFault("the database is not migrated to this release: run python -m bot migrate")


def _check_packages() -> None:
    """Refuse to run with another distribution's package of one of our plain names."""
    here = Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parent.parent != here:
            raise StartFault(f"another package named {name} is installed; install the bot in an environment of its own")
