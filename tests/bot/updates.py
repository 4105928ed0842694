"""Updates as Telegram sends them."""

from typing import Any

from bot.dispatcher import Incoming

ANA, BEN, CLEO = 1001, 1002, 1003


def text(update_id: int, chat: int, words: str = "hello") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Ana"}
    message = {"message_id": update_id, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}
    return {"update_id": update_id, "message": {**message, "from": person, "text": words}}


def press(update_id: int, chat: int, data: str) -> dict[str, Any]:
    card = {
        **text(update_id, chat)["message"],
        "reply_markup": {"inline_keyboard": [[{"text": "7", "callback_data": data}]]},
    }
    query = {"id": str(update_id), "from": card["from"], "chat_instance": "1", "data": data, "message": card}
    return {"update_id": update_id, "callback_query": query}


def incoming(update_id: int, chat: int, raw: dict[str, Any] | None = None) -> Incoming:
    return Incoming(update_id, chat, text(update_id, chat) if raw is None else raw)
