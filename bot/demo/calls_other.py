"""The methods about the bot itself, its presses, files and chats."""

import time
from collections.abc import Callable
from typing import Any

from telegram.constants import ReactionEmoji

from bot.demo.calls_messages import refuse_what_is_not_here
from bot.demo.refused import bad_request
from bot.demo.world import ANSWERABLE, TYPING_LASTS, Call, Toast, World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LONGEST_TOAST = 200
ACTIONS = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
]
REACTIONS = frozenset(emoji.value for emoji in ReactionEmoji)
GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_me(world: World, call: Call) -> dict[str, Any]:
    """Carry out getMe."""
    name = world.profile.get_text("name", "") or world.bot["first_name"]
    may = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return world.bot | {"first_name": name} | may


def answer_callback_query(world: World, call: Call) -> bool:
    """Carry out answerCallbackQuery: once, in time, at most 200 characters."""
    text = call.params.get("text", "")
    if len(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    if "url" in call.params:
        raise bad_request("URL_INVALID")
    made = world.presses.pop(call.params["callback_query_id"], None)
    if made is None or world.clock() - made.at > ANSWERABLE:
        raise bad_request(TOO_OLD)
    if text:
        made.room.toasts.append(Toast(text, call.params.get("show_alert", False), world.clock()))
    world.change()
    return True


def send_chat_action(world: World, call: Call) -> bool:
    """Carry out sendChatAction."""
    refuse_what_is_not_here(call.params)
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    room = world.open_room(call.params["chat_id"])
    room.typing_until = time.monotonic() + TYPING_LASTS
    world.change()
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    """Carry out setMessageReaction: one of Telegram's emoji, or none."""
    room = world.open_room(call.params["chat_id"])
    message = room.messages.get(call.params["message_id"])
    reactions = call.params.get("reaction", [])
    if message is None:
        raise bad_request("message to react not found")
    if len(reactions) > 1 or any(one.get("emoji") not in REACTIONS for one in reactions):
        raise bad_request("REACTION_INVALID")
    message.reaction = reactions[0]["emoji"] if reactions else None
    world.shown(room, message)
    return True


def pin_chat_message(world: World, call: Call) -> bool:
    """Carry out pinChatMessage."""
    return _pin(world, call, pinned=True)


def unpin_chat_message(world: World, call: Call) -> bool:
    """Carry out unpinChatMessage."""
    return _pin(world, call, pinned=False)


def _pin(world: World, call: Call, *, pinned: bool) -> bool:
    room = world.open_room(call.params["chat_id"])
    message = room.messages.get(call.params.get("message_id", 0))
    if message is None:
        raise bad_request("message to pin not found" if pinned else "message to unpin not found")
    message.pinned = pinned
    world.shown(room, message)
    return True


def leave_chat(world: World, call: Call) -> bool:
    """Carry out leaveChat, which is for groups."""
    room = world.open_room(call.params["chat_id"])
    if room.private:
        raise bad_request("chat member status can't be changed in private chats")
    room.bot_left = True
    world.change()
    return True


def get_chat(world: World, call: Call) -> dict[str, Any]:
    """Carry out getChat."""
    room = world.room(call.params["chat_id"])
    pinned = [message.to_api() for message in room.messages.values() if message.pinned]
    full = room.chat | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
    return full | ({"pinned_message": pinned[-1]} if pinned else {})


def get_file(world: World, call: Call) -> dict[str, Any]:
    """Carry out getFile."""
    return world.files.find(call.params["file_id"]).as_file()


def set_my_commands(world: World, call: Call) -> bool:
    """Carry out setMyCommands."""
    scope, language = _scope(world, call), call.params.get("language_code", "")
    commands = [one | {"command": one["command"].removeprefix("/")} for one in call.params["commands"]]
    world.profile.set_commands(commands, scope, language)
    world.change()
    return True


def get_my_commands(world: World, call: Call) -> list[dict[str, Any]]:
    """Carry out getMyCommands."""
    return world.profile.get_commands(_scope(world, call), call.params.get("language_code", ""))


def delete_my_commands(world: World, call: Call) -> bool:
    """Carry out deleteMyCommands."""
    world.profile.set_commands([], _scope(world, call), call.params.get("language_code", ""))
    world.change()
    return True


def _scope(world: World, call: Call) -> dict[str, Any] | None:
    scope: dict[str, Any] | None = call.params.get("scope")
    if scope is not None and "chat_id" in scope:
        world.room(scope["chat_id"])
    return scope


def set_text(kind: str) -> Callable[[World, Call], bool]:
    """Make setMyName, setMyDescription or setMyShortDescription."""

    def carry_out(world: World, call: Call) -> bool:
        world.profile.set_text(kind, call.params.get(kind, ""), call.params.get("language_code", ""))
        world.change()
        return True

    return carry_out


def get_text(kind: str) -> Callable[[World, Call], dict[str, str]]:
    """Make getMyName, getMyDescription or getMyShortDescription."""

    def carry_out(world: World, call: Call) -> dict[str, str]:
        return {kind: world.profile.get_text(kind, call.params.get("language_code", ""))}

    return carry_out


def set_chat_menu_button(world: World, call: Call) -> bool:
    """Carry out setChatMenuButton."""
    chat_id = call.params.get("chat_id")
    if chat_id is not None:
        world.room(chat_id)
    world.profile.menu_buttons[chat_id] = call.params.get("menu_button", {"type": "default"})
    return True


def get_chat_menu_button(world: World, call: Call) -> dict[str, Any]:
    """Carry out getChatMenuButton."""
    buttons = world.profile.menu_buttons
    return buttons.get(call.params.get("chat_id")) or buttons.get(None) or {"type": "commands"}
