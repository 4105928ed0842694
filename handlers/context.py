"""What each handler is given: the shared things, the person, the present moment, and the ways to answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot, JobQueue

from care.clock import Clock
from handlers.lately import Lately
from handlers.press import Press, unpack
from handlers.screens import Screen, answer_press, replace, show
from handlers.words import Words
from storage.database import Database

P = ParamSpec("P")
R = TypeVar("R")
Bot = ExtBot[None]


@dataclass(frozen=True, slots=True)
class Clinic:
    """How the clinic is called and reached; empty strings where the operator gave nothing."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is assumed of a person whose client does not tell: language, ISO country, IANA zone."""

    language: str = "en"
    country: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long things are kept: data of people not heard of in months (0: for ever), the operator's backups in days."""

    months: int = 24
    backup_days: int = 30


@dataclass(frozen=True, slots=True)
class Deps:
    """The shared things, built once in bot/app.py."""

    database: Database
    clock: Clock
    clinic: Clinic = Clinic()
    defaults: Defaults = Defaults()
    keeping: Keeping = Keeping()
    item_nine: bool = True
    lately: Lately = field(default_factory=Lately)


class CareContext(CallbackContext[Bot, dict[str, object], dict[str, object], dict[str, object]]):
    """The context of one update. Nothing is kept in it, or in any user_data, after the update."""

    incoming: Update | None = None
    is_answered = False
    """Whether the help card, or the line in its place, answered this update: what is only a hint would push it away."""

    @classmethod
    def from_update(cls, update: object, application: "CareApplication") -> "CareContext":
        """Make the context of an update; PTB calls this for each one."""
        context: CareContext = super().from_update(update, application)
        context.incoming = update if isinstance(update, Update) else None
        return context

    @property
    def deps(self) -> Deps:
        """Give the shared things."""
        return cast(Deps, self.bot_data["deps"])

    @property
    def now(self) -> datetime:
        """Give the present moment, UTC."""
        return self.deps.clock()

    @property
    def chat_id(self) -> int:
        """Give the person's id, which is also the id of their private chat."""
        if self._user_id is None:
            raise ValueError("an update without a person reached a handler")
        return self._user_id

    @property
    def press(self) -> Press:
        """Give what the pressed button carried; a forged or foreign one gives the press of verb ""."""
        query = self.incoming.callback_query if self.incoming else None
        return unpack(query.data if query else None)

    @property
    def pressed_message_id(self) -> int | None:
        """Give the id of the message whose button was pressed."""
        query = self.incoming.callback_query if self.incoming else None
        return query.message.message_id if query and query.message else None

    @property
    def text(self) -> str:
        """Give the text that the person wrote or edited, or ""."""
        message = self.incoming.effective_message if self.incoming else None
        return (message.text or "") if message else ""

    def words(self, language: str | None = None) -> Words:
        """Give the words of a language; without one, of the language that the person's client names."""
        user = self.incoming.effective_user if self.incoming else None
        return Words(language or (user.language_code if user else None) or self.deps.defaults.language)

    async def write(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a storage function that changes something, in one hop."""
        return await self.deps.database.write(fn, *args, **kwargs)

    async def read(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a storage function that only reads, in one hop."""
        return await self.deps.database.read(fn, *args, **kwargs)

    async def say(self, screen: Screen, *, silent: bool = False) -> int:
        """Send a screen as a new message and give its id; a press is answered along with it."""
        shown, _ = await asyncio.gather(show(self.bot, self.chat_id, screen, silent=silent), self.acknowledge())
        return shown

    async def present(self, screen: Screen) -> int:
        """Show a screen where the person is: in place of the pressed card, else as a new message; give its id."""
        query = self.incoming.callback_query if self.incoming else None
        if query is None or self.pressed_message_id is None:
            return await self.say(screen)
        return await replace(self.bot, self.chat_id, self.pressed_message_id, screen, query_id=query.id)

    async def acknowledge(self, text: str = "") -> None:
        """Answer a press without changing anything; the text, if any, appears as a short notice."""
        if self.incoming and self.incoming.callback_query:
            await answer_press(self.bot, self.incoming.callback_query.id, text)


CareApplication = Application[
    Bot,
    CareContext,
    dict[str, object],
    dict[str, object],
    dict[str, object],
    JobQueue[CareContext],
]
