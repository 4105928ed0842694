"""A message in a chat of the stand-in, as the person sees it and as the Bot API tells it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.demo.entities import Entity
from bot.demo.uploads import StoredFile


@dataclass(frozen=True, slots=True)
class Button:
    """One button. data for a press, url for a link, copy for a copy button; request for a reply keyboard's wish."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None
    request: str | None = None


@dataclass(slots=True)
class ChatMessage:
    """One message; media holds the Bot API's fields for kinds without a file here (sticker, voice, location ...)."""

    message_id: int
    chat: dict[str, Any]
    sender: dict[str, Any]
    date: datetime
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    photo_file: StoredFile | None = None
    document_file: StoredFile | None = None
    media: dict[str, Any] = field(default_factory=dict)
    reply_to: "ChatMessage | None" = None
    edited_at: datetime | None = None
    silent: bool = False
    protected: bool = False
    spoiler: bool = False
    reaction: str | None = None
    pinned: bool = False

    @property
    def from_bot(self) -> bool:
        """Tell whether the bot sent it."""
        return bool(self.sender["is_bot"])

    @property
    def edited(self) -> bool:
        """Tell whether it was ever edited."""
        return self.edited_at is not None

    @property
    def content(self) -> str:
        """Give what can be read: the text, or the caption, or nothing."""
        return self.text if self.text is not None else self.caption or ""

    @property
    def photo(self) -> bytes | None:
        """Give the picture's bytes."""
        return self.photo_file.content if self.photo_file else None

    @property
    def document(self) -> bytes | None:
        """Give the document's bytes."""
        return self.document_file.content if self.document_file else None

    @property
    def rows(self) -> list[list[Button]]:
        """Give the inline keyboard, row by row."""
        return [[as_button(raw) for raw in row] for row in (self.markup or {}).get("inline_keyboard", [])]

    @property
    def keyboard(self) -> list[list[Button]]:
        """Give the reply keyboard that came with the message, row by row."""
        return [[as_button(raw) for raw in row] for row in (self.markup or {}).get("keyboard", [])]

    @property
    def buttons(self) -> list[str]:
        """Give the labels of the inline keyboard in one list."""
        return [button.text for row in self.rows for button in row]

    def to_api(self) -> dict[str, Any]:
        """Give Telegram's Message object."""
        raw: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.date.timestamp()),
        }
        raw |= self._text_fields() | self._media_fields() | self._other_fields()
        return raw

    def _text_fields(self) -> dict[str, Any]:
        if self.text is not None:
            return {"text": self.text} | ({"entities": self.entities} if self.entities else {})
        if self.caption:
            return {"caption": self.caption} | ({"caption_entities": self.entities} if self.entities else {})
        return {}

    def _media_fields(self) -> dict[str, Any]:
        raw = dict(self.media)
        if self.photo_file:
            raw["photo"] = self.photo_file.as_photo()
        if self.document_file:
            raw["document"] = self.document_file.as_document()
        return raw

    def _other_fields(self) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        if self.edited_at:
            raw["edit_date"] = int(self.edited_at.timestamp())
        if self.reply_to:
            raw["reply_to_message"] = {k: v for k, v in self.reply_to.to_api().items() if k != "reply_to_message"}
        if self.rows:
            raw["reply_markup"] = self.markup
        if self.protected:
            raw["has_protected_content"] = True
        if self.spoiler:
            raw["has_media_spoiler"] = True
        return raw


def as_button(raw: dict[str, Any]) -> Button:
    """Read a button of either kind of keyboard."""
    request = next((name for name in raw if name.startswith("request_")), None)
    copy = raw.get("copy_text", {}).get("text")
    return Button(raw["text"], raw.get("callback_data"), raw.get("url"), copy, raw.get("style"), request)
