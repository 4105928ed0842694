"""A chat in memory: the real PTB Application over a recording Telegram that answers as the real one does."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from telegram.ext import ApplicationBuilder, BaseRateLimiter, ContextTypes, ExtBot
from telegram.request import BaseRequest, RequestData

from bot.dispatcher import parse
from care.due import Due, Send
from handlers import routes
from handlers.context import CareApplication, CareContext, Clinic, Defaults, Deps
from handlers.due import deliver
from storage import due
from storage.database import Database
from tests.clocks import StillClock

START = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
TOKEN = "123456789:" + "T" * 35
ANA, BEN, CLEO = 1001, 1002, 1003
"""Ana is a patient. Ben is her support person. Cleo is another patient: nothing of Ana's may ever reach her."""


@dataclass
class Shown:
    """A message as it stands in a chat."""

    id: int
    text: str
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    keyboard: list[str] = field(default_factory=list)
    asks: bool = False
    silent: bool = False
    from_bot: bool = True
    file: tuple[str, bytes] | None = None
    reply_to: int | None = None
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]


class NoLimits(BaseRateLimiter[Any]):
    """Lets every call pass; lanes are tested elsewhere."""

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: Any, rate_limit_args: Any
    ) -> Any:
        return await callback(*args, **kwargs)


class Telegram(BaseRequest):
    """Telegram's side: the chats, every call, and faults to come."""

    def __init__(self) -> None:
        self.chats: dict[int, dict[int, Shown]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: list[tuple[str, int, dict[str, Any]]] = []
        self.last_id = 0
        self.files: dict[str, bytes] = {}
        self.upload: tuple[str, bytes] | None = None

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    def fail(self, method: str, code: int, description: str, **parameters: Any) -> None:
        """Answer the next call of a method with an error."""
        self.faults.append((method, code, {"description": description, "parameters": parameters}))

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        if "/file/bot" in url:
            return (200, self.files[name]) if name in self.files else (404, b'{"ok":false,"description":"Not Found"}')
        params = _plain(request_data.parameters if request_data else {})
        self.upload = _upload(request_data)
        self.calls.append((name, params))
        code, body = self._answer(name, params)
        return code, json.dumps({"ok": code == 200, **body}).encode()

    def _answer(self, name: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        for fault in self.faults:
            if fault[0] == name:
                self.faults.remove(fault)
                return fault[1], {"error_code": fault[1], **fault[2]}
        if name == "getMe":
            return 200, {"result": {"id": 1, "is_bot": True, "first_name": "Bot", "username": "checkin_bot"}}
        if name == "getFile":
            return self._getFile(params["file_id"])
        chat = self.chats.setdefault(int(params.get("chat_id", 0)), {})
        act: Callable[..., str | None] | None = getattr(self, f"_{name}", None)
        fault_text = act(chat, params) if act else None
        if fault_text:
            return 400, {"error_code": 400, "description": f"Bad Request: {fault_text}"}
        return 200, {"result": self._result(name, params)}

    def _result(self, name: str, params: dict[str, Any]) -> Any:
        if name not in ("sendMessage", "editMessageText", "sendPhoto", "sendDocument"):
            return True
        number = params.get("message_id", self.last_id)
        return {"message_id": number, "date": 0, "chat": {"id": params["chat_id"], "type": "private"}, "text": "x"}

    def _sendMessage(self, chat: dict[int, Shown], params: dict[str, Any]) -> None:  # noqa: N802 - named after the method
        self.last_id += 1
        chat[self.last_id] = _shown(self.last_id, params)

    def _sendDocument(self, chat: dict[int, Shown], params: dict[str, Any]) -> None:  # noqa: N802 - named after the method
        self.last_id += 1
        shown = _shown(self.last_id, params | {"text": params.get("caption") or "x"})
        shown.text, shown.file = params.get("caption", ""), self.upload
        chat[self.last_id] = shown

    def _getFile(self, file_id: str) -> tuple[int, dict[str, Any]]:  # noqa: N802 - named after the method
        if file_id not in self.files:
            return 400, {
                "error_code": 400,
                "description": "Bad Request: wrong file_id or the file is temporarily unavailable",
            }
        size, path = len(self.files[file_id]), f"documents/{file_id}"
        return 200, {"result": {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": path}}

    def _editMessageText(self, chat: dict[int, Shown], params: dict[str, Any]) -> str | None:  # noqa: N802 - named after the method
        there, new = chat.get(params["message_id"]), _shown(params["message_id"], params)
        if there is None:
            return "message to edit not found"
        if there.keyboard or not there.from_bot:
            return "message can't be edited"
        new.reply_to = there.reply_to
        if (there.text, there.rows) == (new.text, new.rows):
            return "message is not modified: specified new message content and reply markup are exactly the same"
        chat[there.id] = new
        return None

    def _deleteMessage(self, chat: dict[int, Shown], params: dict[str, Any]) -> str | None:  # noqa: N802 - named after the method
        return None if chat.pop(params["message_id"], None) else "message to delete not found"

    def _deleteMessages(self, chat: dict[int, Shown], params: dict[str, Any]) -> None:  # noqa: N802 - named after the method
        for number in params["message_ids"]:
            chat.pop(number, None)

    def said(self, name: str) -> list[dict[str, Any]]:
        """List the parameters of every call of a method."""
        return [params for called, params in self.calls if called == name]


def _shown(number: int, params: dict[str, Any]) -> Shown:
    assert 1 <= len(params["text"]) <= 4096, "Telegram would refuse the length"
    markup = params.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        assert row, "an empty row"
        for button in row:
            assert 1 <= len(button.get("callback_data", "x").encode()) <= 64
            assert 1 <= len(button["text"]) <= (14 if len(row) > 2 else 64), f"too long to be read: {button['text']}"
    keyboard = [key["text"] for row in markup.get("keyboard", []) for key in row]
    silent = bool(params.get("disable_notification"))
    rows = markup.get("inline_keyboard", [])
    reply_to = (params.get("reply_parameters") or {}).get("message_id")
    return Shown(number, params["text"], rows, keyboard, "keyboard" in markup, silent, reply_to=reply_to)


def _upload(request_data: RequestData | None) -> tuple[str, bytes] | None:
    """Give the name and the content of the file that came with a call."""
    files = request_data.multipart_data.values() if request_data and request_data.contains_files else ()
    return next(((str(name), cast(bytes, content)) for name, content, _ in files), None)


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: json.loads(value) if _is_json(value) else value for name, value in parameters.items()}


def _is_json(value: object) -> bool:
    return isinstance(value, str) and value[:1] in ("{", "[")


class Chatroom:
    """The bot with one database, one clock and everybody's chats."""

    def __init__(self, database: Database, clock: StillClock | None = None, defaults: Defaults | None = None) -> None:
        self.clock = clock or StillClock(START)
        self.telegram = Telegram()
        self.database = database
        self.deps = Deps(database, self.clock, Clinic("Lindenhof Clinic", "+49 30 5550100"), defaults or Defaults())
        self.application = self._build()
        self.failures: list[BaseException] = []
        self.update_id = 0

    def _build(self) -> CareApplication:
        bot = ExtBot(TOKEN, request=self.telegram, get_updates_request=self.telegram, rate_limiter=NoLimits())
        builder = ApplicationBuilder().bot(cast(Any, bot)).updater(None).job_queue(None)
        types = ContextTypes(context=CareContext, bot_data=dict, chat_data=dict, user_data=dict)
        application = cast(CareApplication, builder.context_types(types).build())
        application.bot_data["deps"] = self.deps
        routes.build(application)
        application.add_error_handler(self._failed)
        return application

    async def _failed(self, update: object, context: CareContext) -> None:
        if context.error:
            self.failures.append(context.error)

    async def __aenter__(self) -> "Chatroom":
        await self.application.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.application.shutdown()

    def phone(self, user_id: int, name: str = "Ana", language: str | None = "en") -> "Phone":
        return Phone(self, user_id, name, language)

    async def bring(self, update: dict[str, Any]) -> None:
        """Bring an update to the bot; a failure of a handler fails the test."""
        parsed = parse(update, self.application.bot)
        await self.application.process_update(parsed)
        if self.failures:
            raise self.failures.pop()

    async def reach(self, moment: datetime) -> None:
        """Move the clock through every due moment up to a moment, sending what is due."""
        while True:
            coming = await self.database.read(due.next_moment)
            if coming is None or coming > moment:
                break
            self.clock.moment = max(coming, self.clock.moment)
            await self.drain()
        self.clock.moment = moment
        await self.drain()

    async def drain(self) -> None:
        """Send what is due now, as the loops do."""
        token = f"token-{self.clock.moment.timestamp()}-{len(self.telegram.calls)}"
        for row in await self.database.write(due.claim, token, self.clock(), 100, 60):
            await self._send(row, token)

    async def _send(self, row: Due, token: str) -> None:
        begun = await self.database.write(due.begin, row.id, token, self.clock())
        if begun is None or not isinstance(begun.decision, Send):
            return
        shown = await deliver(self.application.bot, self.deps, begun)
        previous = await self.database.write(due.sent, row.id, token, shown, self.clock())
        if previous is not None:
            self.telegram.chats[begun.patient.chat_id].pop(previous, None)


class Phone:
    """One person's Telegram."""

    def __init__(self, room: Chatroom, user_id: int, name: str, language: str | None) -> None:
        self.room, self.user_id, self.name, self.language = room, user_id, name, language
        self.last_update: dict[str, Any] = {}

    @property
    def messages(self) -> list[Shown]:
        """What the bot shows in this chat, oldest first."""
        chat = self.room.telegram.chats.get(self.user_id, {})
        return [chat[number] for number in sorted(chat) if chat[number].from_bot]

    @property
    def last(self) -> Shown:
        return self.messages[-1]

    @property
    def live(self) -> list[Shown]:
        """The messages that have buttons."""
        return [message for message in self.messages if message.rows]

    async def starts(self, payload: str = "") -> None:
        await self.writes(f"/start {payload}".strip())

    async def writes(self, text: str) -> int:
        return await self.sends(text=text, entities=_command_in(text))

    async def sends(self, **content: Any) -> int:
        telegram = self.room.telegram
        telegram.last_id += 1
        number = telegram.last_id
        shown = Shown(number, content.get("text", ""), from_bot=False, content=content)
        telegram.chats.setdefault(self.user_id, {})[number] = shown
        await self._bring(message=self._message(number) | {k: v for k, v in content.items() if v})
        return number

    async def sends_document(self, name: str, content: bytes, kind: str, caption: str = "") -> int:
        """Send a file."""
        file_id = f"file{len(self.room.telegram.files) + 1}"
        self.room.telegram.files[file_id] = content
        document = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}
        return await self.sends(document=document | {"file_name": name, "mime_type": kind}, caption=caption)

    async def edits(self, number: int, text: str) -> None:
        message = self._message(number) | {"text": text, "edit_date": self._now()}
        await self._bring(edited_message=message)

    async def taps(self, label: str) -> None:
        """Tap the last button with this label."""
        for message in reversed(self.messages):
            for row in message.rows:
                for button in row:
                    if button["text"] == label:
                        return await self.presses(button["callback_data"], message.id)
        raise LookupError(f"no button {label}; there are {[m.labels for m in self.messages]}")

    async def presses(self, data: str, number: int | None = None) -> None:
        """Press a button that may not exist."""
        number = number or (self.last.id if self.messages else 1)
        message = self._message(number) | {"from": {"id": 1, "is_bot": True, "first_name": "Bot"}, "text": "x"}
        message |= self._replied_to(number)
        query = {"id": str(self.room.update_id), "from": self._user(), "chat_instance": "1", "message": message}
        await self._bring(callback_query=query | {"data": data})

    def _replied_to(self, number: int) -> dict[str, Any]:
        """Give what the Bot API adds to a message that is a reply to one which is still there."""
        chat = self.room.telegram.chats.get(self.user_id, {})
        there = chat.get(number)
        first = chat.get(there.reply_to) if there and there.reply_to else None
        if first is None:
            return {}
        content = {key: value for key, value in first.content.items() if value}
        return {"reply_to_message": self._message(first.id) | (content or {"text": first.text})}

    async def again(self) -> None:
        """Bring the last update once more, as after a crash."""
        await self.room.bring(self.last_update)

    def data(self, label: str) -> str:
        """Give what the last button with this label carries."""
        buttons = [button for message in self.messages for row in message.rows for button in row]
        return str(next(button["callback_data"] for button in reversed(buttons) if button["text"] == label))

    async def _bring(self, **kind: Any) -> None:
        self.room.update_id += 1
        self.last_update = {"update_id": self.room.update_id, **kind}
        await self.room.bring(self.last_update)

    def _message(self, number: int) -> dict[str, Any]:
        chat = {"id": self.user_id, "type": "private", "first_name": self.name}
        return {"message_id": number, "date": self._now(), "chat": chat, "from": self._user()}

    def _user(self) -> dict[str, Any]:
        person: dict[str, Any] = {"id": self.user_id, "is_bot": False, "first_name": self.name}
        return person | ({"language_code": self.language} if self.language else {})

    def _now(self) -> int:
        return int(self.room.clock().timestamp())


def _command_in(text: str) -> list[dict[str, Any]]:
    if not text.startswith("/"):
        return []
    return [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]


async def settle_in(phone: Phone, **choices: Any) -> None:
    """Take a person through the first minutes without the taps: Berlin, 19:00, Germany, four questions and no more."""
    from care.people import REMINDERS
    from storage import patients

    now = phone.room.clock()
    chosen = {
        "zone": "Europe/Berlin",
        "daily_minute": 19 * 60,
        "country": "DE",
        "items": frozenset(REMINDERS),
        **choices,
    }
    await phone.room.database.write(patients.agree, phone.user_id, "en", "1", now)
    await phone.room.database.write(patients.choose, phone.user_id, chosen, now)


async def check_in(phone: Phone, *labels: str) -> None:
    """Open today's card and tap through it."""
    await phone.writes("/checkin")
    for label in labels:
        await phone.taps(label)


GOOD_DAY = ("6", "Some", "None", "None")
HOUR = timedelta(hours=1)
