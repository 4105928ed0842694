"""What the page needs to draw the phones: JSON of the chats, only what changed since a version."""

import time
from datetime import datetime, timedelta
from typing import Any

from bot.demo.messages import Button, ChatMessage
from bot.demo.phones import Phone
from bot.demo.world import Toast, World

PREVIEW = 80
SPINS = timedelta(seconds=30)


def phone_view(phone: Phone, since: int) -> dict[str, Any]:
    """Give one phone: its chat's state, and the messages that changed or went after a version."""
    room = phone.room
    changed = [message for message in phone.messages if room.versions[message.message_id] > since]
    return {
        "id": phone.chat_id,
        "name": phone.name,
        "started": room.started,
        "blocked": room.blocked,
        "typing": max(0.0, room.typing_until - time.monotonic()),
        "commands": phone.commands,
        "keyboard": _keyboard_view(room.keyboard),
        "waiting": _waiting(phone),
        "toasts": [_toast_view(place, toast) for place, toast in enumerate(room.toasts)][-3:],
        "messages": [message_view(message) for message in changed],
        "deleted": sorted(gone for gone, version in room.deleted.items() if version > since),
    }


def _waiting(phone: Phone) -> list[int]:
    """List the messages with a press that the bot has not answered; after a while a phone gives up waiting."""
    since = phone.world.clock() - SPINS
    presses = phone.world.presses.values()
    return sorted({made.message_id for made in presses if made.room is phone.room and made.at > since})


def bot_view(world: World) -> dict[str, str]:
    """Give what a newcomer sees of the bot before pressing Start."""
    profile = world.profile
    return {
        "name": profile.get_text("name", "en") or world.bot["first_name"],
        "username": world.bot["username"],
        "description": profile.get_text("description", "en"),
    }


def message_view(message: ChatMessage) -> dict[str, Any]:
    """Give one message. edited is said of people's messages only, as Telegram does with a bot's cards."""
    return {
        "id": message.message_id,
        "mine": not message.from_bot,
        "date": stamp(message.date),
        "text": message.content,
        "entities": message.entities,
        "rows": [[_button_view(button) for button in row] for row in message.rows],
        "photo": _photo_view(message),
        "document": _document_view(message),
        "media": message.media,
        "reply": _reply_view(message.reply_to),
        "edited": message.edited and not message.from_bot,
        "silent": message.silent,
        "protected": message.protected,
        "spoiler": message.spoiler,
        "reaction": message.reaction,
        "pinned": message.pinned,
    }


def stamp(moment: datetime) -> str:
    """Give a moment for the page."""
    return moment.isoformat(timespec="milliseconds")


def _button_view(button: Button) -> dict[str, Any]:
    raw = {"text": button.text, "data": button.data, "url": button.url, "copy": button.copy, "style": button.style}
    return {name: value for name, value in raw.items() if value is not None}


def _keyboard_view(message: ChatMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    markup = message.markup or {}
    return {
        "message_id": message.message_id,
        "force_reply": markup.get("force_reply", False),
        "placeholder": markup.get("input_field_placeholder", ""),
        "preview": message.content[:PREVIEW],
        "rows": [[{"text": button.text, "request": button.request} for button in row] for row in message.keyboard],
    }


def _toast_view(place: int, toast: Toast) -> dict[str, Any]:
    return {"n": place + 1, "text": toast.text, "alert": toast.alert}


def _photo_view(message: ChatMessage) -> dict[str, Any] | None:
    stored = message.photo_file
    return {"id": stored.file_id, "width": stored.width, "height": stored.height} if stored else None


def _document_view(message: ChatMessage) -> dict[str, Any] | None:
    stored = message.document_file
    return {"id": stored.file_id, "name": stored.name, "size": len(stored.content)} if stored else None


def _reply_view(message: ChatMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {"id": message.message_id, "mine": not message.from_bot, "text": _preview(message)}


def _preview(message: ChatMessage) -> str:
    file = message.document_file.name if message.document_file else ""
    return (message.content or file)[:PREVIEW]
