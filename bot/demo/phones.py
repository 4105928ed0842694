"""People of the stand-in: what a person can do with a chat, and what they see in it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.demo.deliveries import Deliveries
from bot.demo.entities import LONGEST_TEXT, Rich, trimmed, with_found
from bot.demo.messages import Button, ChatMessage
from bot.demo.refused import Refused
from bot.demo.spec import Upload
from bot.demo.world import BOT_USERNAME, PressMade, Room, Toast, World

EDITABLE = timedelta(hours=48)
START_LINK = f"https://t.me/{BOT_USERNAME}?start="
TINY_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
STICKER = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👋"}


@dataclass(slots=True)
class Phone:
    """One person's phone with the chat with the bot on it."""

    world: World
    room: Room
    user: dict[str, Any]
    deliveries: Deliveries
    clipboard: str = ""
    opened_links: list[str] = field(default_factory=list)

    @property
    def chat_id(self) -> int:
        """Give the person's id, which is the id of the chat."""
        return self.room.chat_id

    @property
    def name(self) -> str:
        """Give the person's first name."""
        return str(self.user["first_name"])

    @property
    def messages(self) -> list[ChatMessage]:
        """Give what stands in the chat now, oldest first."""
        return list(self.room.messages.values())

    @property
    def toasts(self) -> list[Toast]:
        """Give what flashed up after presses."""
        return self.room.toasts

    @property
    def typing(self) -> bool:
        """Tell whether the bot shows that it is busy."""
        return self.room.typing

    @property
    def commands(self) -> list[dict[str, Any]]:
        """Give the command menu this person sees."""
        return self.world.profile.menu(self.chat_id, self.user.get("language_code", ""))

    def start(self, payload: str = "") -> int:
        """Press Start, also by way of a link with a payload; takes a block away."""
        if self.room.blocked:
            self.unblocks()
        lost = self.deliveries.take_lost_payload()
        return self.writes(f"/start {payload}" if payload and not lost else "/start")

    def writes(self, text: str, reply_to: int | None = None) -> int:
        """Send a text and give its id."""
        rich = _typed(text)
        return self._sends(text=rich.text, entities=rich.entities, reply_to=self._message(reply_to))

    def edits(self, message_id: int, text: str) -> None:
        """Change a text of one's own, which Telegram allows for 48 hours."""
        message = self._message(message_id)
        if message is None or message.from_bot or message.text is None:
            raise LookupError(f"{self.name} has no text {message_id} to edit")
        if self.world.clock() - message.date >= EDITABLE:
            raise LookupError("too old to edit")
        rich = _typed(text)
        message.text, message.entities, message.edited_at = rich.text, rich.entities, self.world.clock()
        self.world.shown(self.room, message)
        self.deliveries.deliver("edited_message", message.to_api())

    def deletes(self, message_id: int) -> None:
        """Delete a message; Telegram tells no bot about it."""
        self.world.removed(self.room, message_id)

    def taps(self, label: str, message_id: int | None = None) -> str | None:
        """Tap a button by its label, in a message or in the newest one that has it; gives the id of a press."""
        for message in reversed(self.messages):
            if message_id in (None, message.message_id):
                for button in (button for row in message.rows for button in row):
                    if button.text == label:
                        return self._tap(button, message)
        if message_id is None and self.room.keyboard is not None:
            self._tap_keyboard(label, self.room.keyboard)
            return None
        raise LookupError(f"{self.name} sees no button {label!r}; there are {self._labels()}")

    def _labels(self) -> list[str]:
        return [label for message in self.messages for label in message.buttons]

    def _tap(self, button: Button, message: ChatMessage) -> str | None:
        if button.data is not None:
            return self.presses(button.data, message.message_id)
        if button.copy is not None:
            self.clipboard = button.copy
        elif button.url is not None and button.url.startswith(START_LINK):
            self.start(button.url.removeprefix(START_LINK))
        elif button.url is not None:
            self.opened_links.append(button.url)
        return None

    def _tap_keyboard(self, label: str, message: ChatMessage) -> None:
        for button in (button for row in message.keyboard for button in row):
            if button.text == label and button.request is None:
                self.writes(label)
                return
        raise LookupError(f"{self.name} sees no button {label!r} that sends a text")

    def presses(self, data: str, message_id: int) -> str:
        """Send a press, which a hand-made client may forge: any data, on any message; gives its id."""
        message = self._message(message_id) or self._gone(message_id)
        made = PressMade(self.room, message_id, data, self.world.clock())
        press_id = self.world.new_press(made)
        content = {"id": press_id, "from": self.user, "chat_instance": str(self.chat_id * 7919), "data": data}
        content["message"] = message.to_api() if isinstance(message, ChatMessage) else message
        self.deliveries.deliver("callback_query", content)
        self.deliveries.press_again(content, made)
        self.world.change()
        return press_id

    def _gone(self, message_id: int) -> dict[str, Any]:
        """Give Telegram's stand-in for a message that is not there any more: date 0."""
        return {"chat": self.room.chat, "message_id": message_id, "date": 0}

    def shares_location(self, latitude: float, longitude: float) -> int:
        """Send a place on the map."""
        return self._sends(media={"location": {"latitude": latitude, "longitude": longitude}})

    def shares_contact(self, phone_number: str, first_name: str) -> int:
        """Send somebody's contact."""
        return self._sends(media={"contact": {"phone_number": phone_number, "first_name": first_name}})

    def picks(self, *others: "Phone", request_id: int = 1) -> int:
        """Pick people by a button that asks for users."""
        users = [{"user_id": other.chat_id, "first_name": other.name} for other in others]
        return self._sends(media={"users_shared": {"request_id": request_id, "users": users}})

    def sends_sticker(self) -> int:
        """Send a sticker."""
        return self._sends(media={"sticker": STICKER | {"file_id": "sticker1", "file_unique_id": "usticker1"}})

    def sends_voice(self) -> int:
        """Send a voice message."""
        return self._sends(media={"voice": {"file_id": "voice1", "file_unique_id": "uvoice1", "duration": 3}})

    def sends_photo(self, content: bytes = TINY_PICTURE, caption: str | None = None) -> int:
        """Send a photo."""
        stored = self.world.files.keep_photo(Upload("photo.png", content, "image/png"))
        return self._sends(photo_file=stored, caption=caption)

    def sends_document(
        self,
        name: str = "file.txt",
        content: bytes = b"text",
        kind: str = "text/plain",
        caption: str | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a file; ValueError for one that Telegram would not take."""
        try:
            stored = self.world.files.keep_document(Upload(name, content, kind))
        except Refused as refused:
            raise ValueError(refused.description) from None
        return self._sends(document_file=stored, caption=caption, reply_to=self._message(reply_to))

    def blocks(self) -> None:
        """Block the bot."""
        self.room.blocked = True
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        """Take the block away."""
        self.room.blocked = False
        self._membership("kicked", "member")

    def deletes_account(self) -> None:
        """Delete the account."""
        self.room.deactivated = True

    def _membership(self, before: str, after: str) -> None:
        self.world.change()
        self.deliveries.membership(self.room, self.user, before, after)

    def _message(self, message_id: int | None) -> ChatMessage | None:
        return self.room.messages.get(message_id) if message_id is not None else None

    def _sends(self, **content: Any) -> int:
        if self.room.blocked:
            raise LookupError(f"{self.name} has blocked the bot")
        self.room.started = True
        message = ChatMessage(self.world.next_message_id(), self.room.chat, self.user, self.world.clock(), **content)
        self.world.shown(self.room, message)
        self.deliveries.deliver("message", message.to_api())
        self._keyboard_used()
        return message.message_id

    def _keyboard_used(self) -> None:
        markup = (self.room.keyboard.markup if self.room.keyboard else None) or {}
        if markup.get("force_reply") or markup.get("one_time_keyboard"):
            self.room.keyboard = None


@dataclass(slots=True)
class Group:
    """A group that the bot can be added to."""

    world: World
    room: Room
    deliveries: Deliveries

    def adds_bot(self, by: Phone) -> None:
        """Add the bot."""
        self.room.started, self.room.bot_left = True, False
        self.deliveries.membership(self.room, by.user, "left", "member")

    def writes(self, by: Phone, text: str) -> int:
        """Let somebody write; the bot sees it as it would without privacy mode."""
        room = replace(by, room=self.room)
        return room.writes(text)

    @property
    def messages(self) -> list[ChatMessage]:
        """Give what stands in the group, oldest first."""
        return list(self.room.messages.values())


def _typed(text: str) -> Rich:
    rich = trimmed(Rich(text))
    if not rich.text or len(rich.text) > LONGEST_TEXT:
        raise ValueError("a text has 1 to 4096 characters")
    return with_found(rich)
