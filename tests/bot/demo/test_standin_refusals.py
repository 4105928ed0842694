"""What the stand-in refuses, word for word as Telegram does."""

from datetime import timedelta
from typing import Any

import pytest
from telegram.constants import BOT_API_VERSION

from bot.demo.clock import MovableClock
from bot.demo.phones import Phone
from bot.demo.spec import spec
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a"
    " current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
COMMAND = {"command": "checkin", "description": "Today's card"}


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "A"} | button]]}


def test_the_packaged_description_is_the_version_that_the_library_speaks() -> None:
    assert spec().version == BOT_API_VERSION


BAD_CALLS: list[tuple[str, dict[str, Any], str]] = [
    # names and types
    ("sendNonsense", {}, "Not Found: method not found"),
    ("sendDice", {"chat_id": 1001}, "Bad Request: method sendDice is not supported by the stand-in"),
    ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 1001}, "Bad Request: message text is empty"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "disable_web_page_preview": True},
        'Bad Request: unknown parameter "disable_web_page_preview" in sendMessage',
    ),
    ("sendMessage", {"chat_id": 1001, "text": 5}, "Bad Request: sendMessage.text must be String"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "protect_content": "maybe"},
        "Bad Request: sendMessage.protect_content must be Boolean",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "entities": {"type": "bold"}},
        "Bad Request: sendMessage.entities must be an array of MessageEntity",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "reply_markup": inline(callback="1")},
        'Bad Request: unknown parameter "callback" in InlineKeyboardButton',
    ),
    ("getUpdates", {"timeout": "soon"}, "Bad Request: getUpdates.timeout must be Integer"),
    ("deleteMessage", {"chat_id": 1001}, 'Bad Request: parameter "message_id" is required in deleteMessage'),
    ("sendMessage", {"chat_id": 1001, "text": "x", "message_thread_id": 3}, "Bad Request: message_thread_id is not"),
    # texts
    ("sendMessage", {"chat_id": 1001, "text": ""}, "Bad Request: message text is empty"),
    ("sendMessage", {"chat_id": 1001, "text": " \n "}, "Bad Request: text must be non-empty"),
    ("sendMessage", {"chat_id": 1001, "text": "x" * 4097}, "Bad Request: message is too long"),
    ("sendMessage", {"chat_id": 1001, "text": "é" * 16385}, "Bad Request: text is too long"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "<b>x", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a.b", "parse_mode": "MarkdownV2"},
        "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    ("sendMessage", {"chat_id": 1001, "text": "x", "parse_mode": "XML"}, "Bad Request: unsupported parse_mode"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "abc", "entities": [{"type": "bold", "offset": 1, "length": 9}]},
        "Bad Request: entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 3",
    ),
    # chats
    ("sendMessage", {"chat_id": 4242, "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
    ("sendMessage", {"chat_id": 1002, "text": "x"}, "Forbidden: bot can't initiate conversation with a user"),
    ("sendMessage", {"chat_id": 1003, "text": "x"}, "Forbidden: bot was blocked by the user"),
    ("sendMessage", {"chat_id": 1004, "text": "x"}, "Forbidden: user is deactivated"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "reply_parameters": {"message_id": 9}},
        "Bad Request: message to be replied not found",
    ),
    ("leaveChat", {"chat_id": 1001}, "Bad Request: chat member status can't be changed in private chats"),
    # buttons
    ("sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": inline(callback_data="é" * 33)}, "BUTTON_DATA_INV"),
    ("sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": inline(callback_data="")}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": inline()}, "Text buttons are unallowed"),
    ("sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": inline(url="tel:112")}, "BUTTON_URL_INVALID"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "reply_markup": inline(callback_data="a", style="red")},
        "Unknown button style",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "reply_markup": inline(copy_text={"text": "y" * 257})},
        "BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "sendMessage",
        {
            "chat_id": 1001,
            "text": "x",
            "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "a"}] * 9]},
        },
        "REPLY_MARKUP_TOO_LONG",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "x", "reply_markup": {"force_reply": True, "input_field_placeholder": "p" * 65}},
        "input field placeholder must have 1 to 64 characters",
    ),
    # edits and deletions
    ("editMessageText", {"chat_id": 1001, "text": "x"}, "Bad Request: message identifier is not specified"),
    ("editMessageText", {"chat_id": 1001, "message_id": 9, "text": "x"}, "Bad Request: message to edit not found"),
    ("deleteMessage", {"chat_id": 1001, "message_id": 9}, "Bad Request: message to delete not found"),
    # the rest
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "Bad Request: MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
    ("setMyCommands", {"commands": [COMMAND | {"command": "Check-In"}]}, "Bad Request: BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [COMMAND | {"command": "x" * 33}]}, "Bad Request: BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [COMMAND | {"description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [COMMAND | {"description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [COMMAND] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", {"commands": [], "scope": {"type": "everybody"}}, "setMyCommands.scope has no known type"),
    ("setMyName", {"name": "x" * 65}, "Bad Request: bot name is too long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "Bad Request: bot short description is too long"),
    ("setMyDescription", {"description": "x" * 513}, "Bad Request: bot description is too long"),
    ("setMyName", {"name": "x", "language_code": "english"}, "Bad Request: invalid language code specified"),
    ("sendChatAction", {"chat_id": 1001, "action": "dance"}, "Bad Request: wrong parameter action in request"),
    ("getFile", {"file_id": "nope"}, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ("sendPhoto", {"chat_id": 1001, "photo": "https://example.org/x.png"}, "failed to get HTTP URL content"),
    ("setWebhook", {"url": "http://example.org/hook"}, "An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "https://example.org/", "secret_token": "a b"}, "secret token contains unallowed"),
    (
        "setMessageReaction",
        {"chat_id": 1001, "message_id": 101, "reaction": [{"type": "emoji", "emoji": "🪑"}]},
        "REACTION_INVALID",
    ),
]


@pytest.mark.parametrize(("method", "params", "words"), BAD_CALLS)
async def test_a_bad_call_is_refused_in_telegrams_words(
    call: Caller, standin: StandIn, ana: Phone, method: str, params: dict[str, Any], words: str
) -> None:
    standin.person(1002, "Ben")
    cleo, dora = standin.person(1003, "Cleo"), standin.person(1004, "Dora")
    cleo.start()
    cleo.blocks()
    dora.start()
    dora.deletes_account()
    assert words in await call.refusal(method, **params)


async def test_a_wrong_token_is_unauthorized(call: Caller) -> None:
    call.standin.token = "100:other"
    address = call.address("getMe")
    call.standin.token = "100:right"
    async with call.session.post(address) as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_edit_that_changes_nothing_is_not_modified(call: Caller, ana: Phone) -> None:
    keyboard = inline(callback_data="a")
    sent = await call("sendMessage", chat_id=1001, text="one", reply_markup=keyboard)
    same = {"chat_id": 1001, "message_id": sent["message_id"], "reply_markup": keyboard}
    assert await call.refusal("editMessageText", **same, text=" one ") == NOT_MODIFIED
    assert await call.refusal("editMessageReplyMarkup", **same) == NOT_MODIFIED
    bold = await call("editMessageText", **same, text="<b>one</b>", parse_mode="HTML")
    assert bold["entities"] == [{"type": "bold", "offset": 0, "length": 3}]


async def test_a_message_with_a_reply_keyboard_and_a_persons_message_cannot_be_edited(call: Caller, ana: Phone) -> None:
    sent = await call("sendMessage", chat_id=1001, text="a note", reply_markup={"force_reply": True})
    theirs = ana.writes("hello")
    for message_id in (sent["message_id"], theirs):
        words = await call.refusal("editMessageText", chat_id=1001, message_id=message_id, text="x")
        assert words == "Bad Request: message can't be edited"


async def test_text_and_caption_are_edited_by_their_own_methods(call: Caller, ana: Phone) -> None:
    text = await call("sendMessage", chat_id=1001, text="one")
    stored = ana.sends_document()
    file_id = ana.room.messages[stored].document_file.file_id  # type: ignore[union-attr]
    document = await call("sendDocument", chat_id=1001, document=file_id, caption="c")
    words = await call.refusal("editMessageCaption", chat_id=1001, message_id=text["message_id"], caption="x")
    assert words == "Bad Request: there is no caption in the message to edit"
    words = await call.refusal("editMessageText", chat_id=1001, message_id=document["message_id"], text="x")
    assert words == "Bad Request: there is no text in the message to edit"
    changed = await call("editMessageCaption", chat_id=1001, message_id=document["message_id"], caption="d")
    assert changed["caption"] == "d"


async def test_messages_are_deleted_only_within_48_hours(call: Caller, ana: Phone, clock: MovableClock) -> None:
    old = ana.writes("hello")
    clock.advance(timedelta(hours=47))
    young = await call("sendMessage", chat_id=1001, text="one")
    clock.advance(timedelta(hours=1))
    words = await call.refusal("deleteMessage", chat_id=1001, message_id=old)
    assert words == "Bad Request: message can't be deleted for everyone"
    assert await call("deleteMessages", chat_id=1001, message_ids=[young["message_id"], 9999])
    assert young["message_id"] not in ana.room.messages


async def test_a_press_is_answered_once_and_in_time(call: Caller, ana: Phone, clock: MovableClock) -> None:
    await call("sendMessage", chat_id=1001, text="one", reply_markup=inline(callback_data="a"))
    press = ana.taps("A")
    assert await call("answerCallbackQuery", callback_query_id=press, text="Saved")
    assert [toast.text for toast in ana.toasts] == ["Saved"]
    assert await call.refusal("answerCallbackQuery", callback_query_id=press) == TOO_OLD
    late = ana.taps("A")
    clock.advance(timedelta(seconds=151))
    assert await call.refusal("answerCallbackQuery", callback_query_id=late) == TOO_OLD


async def test_a_caption_has_1024_characters_and_may_be_empty(call: Caller, ana: Phone) -> None:
    ana.sends_photo()
    file_id = ana.messages[-1].photo_file.file_id  # type: ignore[union-attr]
    words = await call.refusal("sendPhoto", chat_id=1001, photo=file_id, caption="x" * 1025)
    assert words == "Bad Request: message caption is too long"
    assert "caption" not in await call("sendPhoto", chat_id=1001, photo=file_id, caption=" ")
