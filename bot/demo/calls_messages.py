"""The methods that send, edit and delete messages."""

from datetime import timedelta
from typing import Any

from bot.demo.entities import Rich, formatted
from bot.demo.html_text import parse_html
from bot.demo.keyboards import check_markup
from bot.demo.markdown_text import parse_markdown
from bot.demo.messages import ChatMessage
from bot.demo.refused import bad_request
from bot.demo.spec import Upload
from bot.demo.uploads import StoredFile
from bot.demo.world import Call, Room, World

PARSERS = {"html": parse_html, "markdownv2": parse_markdown}
DELETABLE = timedelta(hours=48)
MOST_DELETED = 100
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)
NOT_HERE = [
    "business_connection_id",
    "message_thread_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "inline_message_id",
    "allow_paid_broadcast",
]


def send_message(world: World, call: Call) -> dict[str, Any]:
    """Carry out sendMessage."""
    rich = _text(call.params)
    return _send(world, call, text=rich.text, entities=rich.entities)


def send_photo(world: World, call: Call) -> dict[str, Any]:
    """Carry out sendPhoto."""
    rich = _caption(call.params)
    world.open_room(call.params["chat_id"])
    photo = _photo(world, call.params["photo"], call)
    spoiler = call.params.get("has_spoiler", False)
    return _send(world, call, caption=rich.text, entities=rich.entities, photo_file=photo, spoiler=spoiler)


def send_document(world: World, call: Call) -> dict[str, Any]:
    """Carry out sendDocument."""
    rich = _caption(call.params)
    world.open_room(call.params["chat_id"])
    document = _document(world, call.params["document"], call)
    return _send(world, call, caption=rich.text, entities=rich.entities, document_file=document)


def _text(params: dict[str, Any]) -> Rich:
    if not params["text"]:
        raise bad_request("message text is empty")
    return formatted(params["text"], params.get("parse_mode"), params.get("entities"), PARSERS)


def _caption(params: dict[str, Any]) -> Rich:
    given = params.get("caption_entities")
    return formatted(params.get("caption", ""), params.get("parse_mode"), given, PARSERS, caption=True)


def _send(world: World, call: Call, **content: Any) -> dict[str, Any]:
    params = call.params
    refuse_what_is_not_here(params)
    markup = check_markup(params.get("reply_markup"))
    room = world.open_room(params["chat_id"])
    message = ChatMessage(
        message_id=world.next_message_id(),
        chat=room.chat,
        sender=world.bot,
        date=world.clock(),
        markup=markup,
        reply_to=_replied_to(room, params.get("reply_parameters")),
        silent=params.get("disable_notification", False),
        protected=params.get("protect_content", False),
        **content,
    )
    room.typing_until = 0.0
    _set_keyboard(room, message)
    return world.shown(room, message).to_api()


def refuse_what_is_not_here(params: dict[str, Any]) -> None:
    """Refuse the parameters that this stand-in does not act on, so that nobody relies on them."""
    for name in NOT_HERE:
        if name in params:
            raise bad_request(f"{name} is not supported by the stand-in")


def _replied_to(room: Room, parameters: dict[str, Any] | None) -> ChatMessage | None:
    if parameters is None:
        return None
    found = room.messages.get(parameters["message_id"])
    if found is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _set_keyboard(room: Room, message: ChatMessage) -> None:
    markup = message.markup or {}
    if "keyboard" in markup or "force_reply" in markup:
        room.keyboard = message
    elif "remove_keyboard" in markup:
        room.keyboard = None


def _uploaded(value: Any, call: Call) -> Upload | None:
    """Give the file that came with the call under this name; None when the value names a file already stored."""
    if isinstance(value, Upload):
        return value
    if value.startswith("attach://"):
        upload = call.attachments.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request("wrong file: there is no such attachment")
        return upload
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    return None


def _photo(world: World, value: Any, call: Call) -> StoredFile:
    upload = _uploaded(value, call)
    return world.files.keep_photo(upload) if upload else world.files.find(value)


def _document(world: World, value: Any, call: Call) -> StoredFile:
    upload = _uploaded(value, call)
    return world.files.keep_document(upload) if upload else world.files.find(value)


def _editable(world: World, call: Call) -> tuple[Room, ChatMessage]:
    refuse_what_is_not_here(call.params)
    if "message_id" not in call.params:
        raise bad_request("message identifier is not specified")
    room = world.open_room(call.params.get("chat_id", 0))
    message = room.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or (message.markup and "inline_keyboard" not in message.markup):
        raise bad_request("message can't be edited")
    return room, message


def _edited(world: World, room: Room, message: ChatMessage, **changes: Any) -> dict[str, Any]:
    if all(getattr(message, name) == value for name, value in changes.items()):
        raise bad_request(NOT_MODIFIED)
    for name, value in changes.items():
        setattr(message, name, value)
    message.edited_at = world.clock()
    return world.shown(room, message).to_api()


def edit_message_text(world: World, call: Call) -> dict[str, Any]:
    """Carry out editMessageText."""
    rich = _text(call.params)
    markup = check_markup(call.params.get("reply_markup"))
    room, message = _editable(world, call)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, room, message, text=rich.text, entities=rich.entities, markup=markup)


def edit_message_caption(world: World, call: Call) -> dict[str, Any]:
    """Carry out editMessageCaption."""
    rich = _caption(call.params)
    markup = check_markup(call.params.get("reply_markup"))
    room, message = _editable(world, call)
    if message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    return _edited(world, room, message, caption=rich.text, entities=rich.entities, markup=markup)


def edit_message_media(world: World, call: Call) -> dict[str, Any]:
    """Carry out editMessageMedia for photos and documents."""
    media = call.params["media"]
    if media["type"] not in ("photo", "document"):
        raise bad_request(f"media of type {media['type']} is not supported by the stand-in")
    rich = _caption(media)
    markup = check_markup(call.params.get("reply_markup"))
    room, message = _editable(world, call)
    is_photo = media["type"] == "photo"
    return _edited(
        world,
        room,
        message,
        text=None,
        caption=rich.text,
        entities=rich.entities,
        markup=markup,
        photo_file=_photo(world, media["media"], call) if is_photo else None,
        document_file=None if is_photo else _document(world, media["media"], call),
        spoiler=media.get("has_spoiler", False),
    )


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any]:
    """Carry out editMessageReplyMarkup."""
    markup = check_markup(call.params.get("reply_markup"))
    room, message = _editable(world, call)
    return _edited(world, room, message, markup=markup)


def delete_message(world: World, call: Call) -> bool:
    """Carry out deleteMessage."""
    room = world.room(call.params["chat_id"])
    message = room.messages.get(call.params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    _delete(world, room, message)
    return True


def delete_messages(world: World, call: Call) -> bool:
    """Carry out deleteMessages; ids that are not there are skipped, as Telegram does."""
    ids = call.params["message_ids"]
    if not 1 <= len(ids) <= MOST_DELETED:
        raise bad_request("too many messages to delete" if ids else "message identifiers are not specified")
    room = world.room(call.params["chat_id"])
    for message_id in ids:
        if message := room.messages.get(message_id):
            _delete(world, room, message)
    return True


def _delete(world: World, room: Room, message: ChatMessage) -> None:
    if world.clock() - message.date >= DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    if room.keyboard is message:
        room.keyboard = None
    world.removed(room, message.message_id)
