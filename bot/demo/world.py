"""The state of the stand-in: the bot, the people, their chats, and every call that was made."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.demo.messages import ChatMessage
from bot.demo.profile import Profile
from bot.demo.refused import bad_request, forbidden
from bot.demo.spec import Upload
from bot.demo.updates import UpdateQueue
from bot.demo.uploads import FileStore
from care.clock import Clock

BOT_USERNAME = "checkin_demo_bot"
TYPING_LASTS = 5.0
IDS_BEGAN = 1_700_000_000
ANSWERABLE = timedelta(seconds=150)


@dataclass(slots=True)
class Call:
    """One call of the bot as an outside observer saw it. fault names the misbehaviour that hit it."""

    method: str
    params: dict[str, Any]
    at: datetime
    attachments: dict[str, Upload] = field(default_factory=dict)
    ok: bool = False
    error: str | None = None
    fault: str | None = None
    result: Any = None
    took_at: float = field(default_factory=time.monotonic)

    @property
    def chat_id(self) -> int | None:
        """Give the chat the call is about; None when it names none."""
        chat_id = self.params.get("chat_id")
        return chat_id if isinstance(chat_id, int) else None


@dataclass(slots=True)
class Toast:
    """The answer to a press, as it flashes up. alert: it stays until it is closed."""

    text: str
    alert: bool
    at: datetime


@dataclass(slots=True)
class Room:
    """One chat between the bot and a person, or a group."""

    chat: dict[str, Any]
    messages: dict[int, ChatMessage] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    keyboard: ChatMessage | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    bot_left: bool = False
    typing_until: float = 0.0
    versions: dict[int, int] = field(default_factory=dict)
    deleted: dict[int, int] = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        """Give the chat's id."""
        return int(self.chat["id"])

    @property
    def private(self) -> bool:
        """Tell whether it is a chat with one person."""
        return bool(self.chat["type"] == "private")

    @property
    def typing(self) -> bool:
        """Tell whether the bot shows that it is busy."""
        return time.monotonic() < self.typing_until


@dataclass(slots=True)
class PressMade:
    """A press that waits for its answer."""

    room: Room
    message_id: int
    data: str
    at: datetime


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to, besides the address that the queue itself knows."""

    secret: str = ""
    connections: int = 40
    last_error: str = ""
    set_at: float = -10.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class World:
    """Everything the stand-in knows. version grows with each change that a person could see."""

    def __init__(self, clock: Clock, bot_id: int) -> None:
        self.clock = clock
        self.bot: dict[str, Any] = {"id": bot_id, "is_bot": True, "first_name": "Check-in", "username": BOT_USERNAME}
        self.rooms: dict[int, Room] = {}
        self.files = FileStore()
        self.profile = Profile()
        self.updates = UpdateQueue(clock)
        self.webhook = Webhook()
        self.presses: dict[str, PressMade] = {}
        self.calls: list[Call] = []
        self.version = 1
        self._ids = itertools.count(101)
        self._press_ids = itertools.count(4_000_000_000_000_001)
        self._changed = asyncio.Event()

    def begin_after(self, moment: datetime) -> None:
        """Let the ids of messages, presses and updates begin above those of any earlier world."""
        second = int(moment.timestamp())
        self.updates.next_id = second
        self._ids = itertools.count(second - IDS_BEGAN)
        self._press_ids = itertools.count(second * 1_000_000)

    def next_message_id(self) -> int:
        """Give the next message id; private chats of one account share a sequence, as Telegram's do."""
        return next(self._ids)

    def new_press(self, made: PressMade) -> str:
        """Register a press and give its id."""
        press_id = str(next(self._press_ids))
        self.presses[press_id] = made
        return press_id

    def room(self, chat_id: object) -> Room:
        """Give a chat, or say that there is none."""
        room = self.rooms.get(chat_id) if isinstance(chat_id, int) else None
        if room is None:
            raise bad_request("chat not found" if chat_id != 0 else "chat_id is empty")
        return room

    def open_room(self, chat_id: object) -> Room:
        """Give a chat the bot may write to now."""
        room = self.room(chat_id)
        if room.deactivated:
            raise forbidden("user is deactivated")
        if room.blocked:
            raise forbidden("bot was blocked by the user")
        if room.bot_left:
            raise forbidden("bot is not a member of the group chat")
        if not room.started:
            raise forbidden("bot can't initiate conversation with a user")
        return room

    def shown(self, room: Room, message: ChatMessage) -> ChatMessage:
        """Put a new or changed message where the person sees it."""
        room.messages[message.message_id] = message
        self.change()
        room.versions[message.message_id] = self.version
        return message

    def removed(self, room: Room, message_id: int) -> None:
        """Take a message away; what was a reply to it is a reply to nothing from now on."""
        gone = room.messages.pop(message_id, None)
        self.change()
        for message in room.messages.values():
            if gone is not None and message.reply_to is gone:
                message.reply_to = None
                room.versions[message.message_id] = self.version
        room.versions.pop(message_id, None)
        room.deleted[message_id] = self.version

    def change(self) -> None:
        """Say that something visible changed."""
        self.version += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def newer_than(self, version: int) -> int:
        """Wait for a change after a version and give the newest."""
        while self.version <= version:
            await self._changed.wait()
        return self.version

    async def until(self, true: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something visible is true; TimeoutError when it does not come about."""
        async with asyncio.timeout(seconds):
            while not true():
                await self._changed.wait()
