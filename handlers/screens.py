"""A screen is text and buttons, built without Telegram; show and replace are the only ways it is sent."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram.error import BadRequest
from telegram.ext import ExtBot

from care.due import Lane
from handlers.press import pack

_NOTHING_TO_DO = ("message is not modified",)
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not",
    "no text in the message",
)
_TOO_LATE = ("query is too old", "query id is invalid")


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: its label and what it carries, or a text it copies. style colours it on newer clients."""

    label: str
    data: str = ""
    style: str = ""
    copy: str = ""
    url: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give the button as the Bot API takes it."""
        button: dict[str, Any] = {"text": self.label}
        if self.copy:
            button["copy_text"] = {"text": self.copy}
        elif self.url:
            button["url"] = self.url
        else:
            button["callback_data"] = self.data
        return button | ({"style": self.style} if self.style else {})


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: plain text (nothing in it is markup), rows of buttons, and what the keyboard area does.

    hidden marks the part of the text (start and end, in characters) that is covered until it is tapped.
    moment marks a part that says a moment, and that moment: clients write it anew in the reader's own zone.
    keyboard is a reply keyboard as the Bot API takes it. No prompt forces a reply: that would put the key to help away.
    """

    text: str
    rows: tuple[Row, ...] = ()
    hidden: tuple[int, int] | None = None
    moment: tuple[int, int, datetime] | None = None
    keyboard: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Give text, entities and markup as the Bot API takes them."""
        body: dict[str, Any] = {"text": self.text, "link_preview_options": {"is_disabled": True}}
        markup = self.markup()
        if markup is not None:
            body["reply_markup"] = markup
        entities = [spoiler(self.text, *self.hidden)] if self.hidden is not None else []
        entities += [date_time(self.text, *self.moment)] if self.moment is not None else []
        return body | ({"entities": entities} if entities else {})

    def markup(self) -> dict[str, Any] | None:
        """Give the reply markup; None when there is none."""
        if self.rows:
            return {"inline_keyboard": [[button.as_json() for button in row] for row in self.rows]}
        return dict(self.keyboard) if self.keyboard is not None else None


def button(label: str, verb: str, *args: object, style: str = "") -> Button:
    """Make a button that carries a press."""
    return Button(label, pack(verb, *args), style)


def in_rows(buttons: Sequence[Button], widths: Sequence[int]) -> tuple[Row, ...]:
    """Lay buttons out in rows of the given widths; the last width repeats."""
    rows: list[Row] = []
    rest = list(buttons)
    while rest:
        width = widths[min(len(rows), len(widths) - 1)]
        rows.append(tuple(rest[:width]))
        rest = rest[width:]
    return tuple(rows)


def spoiler(text: str, start: int, end: int) -> dict[str, Any]:
    """Give the entity that covers text[start:end]; Telegram counts in UTF-16 units."""
    return {"type": "spoiler", "offset": _utf16(text[:start]), "length": _utf16(text[start:end])}


def date_time(text: str, start: int, end: int, moment: datetime) -> dict[str, Any]:
    """Give the entity that says that text[start:end] is a moment: weekday, day and time of day."""
    place = {"offset": _utf16(text[:start]), "length": _utf16(text[start:end])}
    return {"type": "date_time", **place, "unix_time": int(moment.timestamp()), "date_time_format": "wDt"}


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def call(bot: ExtBot[Any], endpoint: str, params: dict[str, Any], lane: Lane = Lane.REPLY) -> Any:
    """Call a Bot API method with plain JSON and give its plain result.

    Building and parsing PTB's objects for an eleven-button keyboard costs more than the rest of a reply.
    The endpoint is spelled "send_Message": that form names the method without PTB's advice to use its wrapper.
    """
    return await bot.do_api_request(endpoint, api_kwargs=params, rate_limit_args=lane)


async def show(
    bot: ExtBot[Any],
    chat_id: int,
    screen: Screen,
    *,
    lane: Lane = Lane.REPLY,
    silent: bool = False,
    protected: bool = False,
) -> int:
    """Send a screen as a new message and give the message id. A protected one cannot be passed on or saved."""
    params = {"chat_id": chat_id, **screen.as_json()} | ({"disable_notification": True} if silent else {})
    params |= {"protect_content": True} if protected else {}
    sent = await call(bot, "send_Message", params, lane)
    return int(sent["message_id"])


async def replace(
    bot: ExtBot[Any],
    chat_id: int,
    message_id: int,
    screen: Screen,
    *,
    query_id: str | None = None,
    lane: Lane = Lane.REPLY,
) -> int:
    """Show a screen in place of an earlier message and give the message id, a new one when that message is gone.

    With query_id the press is answered at the same time, so that the person never waits for two round trips.
    """
    edit = _edit_or_send(bot, chat_id, message_id, screen, lane)
    if query_id is None:
        return await edit
    shown, _ = await asyncio.gather(edit, answer_press(bot, query_id))
    return shown


async def _edit_or_send(bot: ExtBot[Any], chat_id: int, message_id: int, screen: Screen, lane: Lane) -> int:
    params = {"chat_id": chat_id, "message_id": message_id, **screen.as_json()}
    try:
        await call(bot, "edit_Message_Text", params, lane)
    except BadRequest as error:
        if says(error, _NOTHING_TO_DO):
            return message_id
        if not says(error, _GONE):
            raise
        return await show(bot, chat_id, screen, lane=lane)
    return message_id


async def answer_press(bot: ExtBot[Any], query_id: str, text: str = "") -> None:
    """Answer a press; one that is too old to be answered is no error."""
    params: dict[str, Any] = {"callback_query_id": query_id} | ({"text": text} if text else {})
    try:
        await call(bot, "answer_Callback_Query", params)
    except BadRequest as error:
        if not says(error, _TOO_LATE):
            raise


async def retire(bot: ExtBot[Any], chat_id: int, message_id: int) -> None:
    """Take an earlier card out of the chat: delete it, or where it is too old for that, take its buttons away."""
    try:
        await call(bot, "delete_Message", {"chat_id": chat_id, "message_id": message_id})
    except BadRequest:
        await _take_buttons(bot, chat_id, message_id)


async def _take_buttons(bot: ExtBot[Any], chat_id: int, message_id: int) -> None:
    try:
        await call(bot, "edit_Message_Reply_Markup", {"chat_id": chat_id, "message_id": message_id})
    except BadRequest as error:
        if not says(error, _NOTHING_TO_DO + _GONE):
            raise


def says(error: BadRequest, phrases: Sequence[str]) -> bool:
    """Tell whether Telegram's description holds one of the phrases; PTB changes the case of its first letter."""
    return any(phrase in error.message.lower() for phrase in phrases)
