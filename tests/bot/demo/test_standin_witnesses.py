"""The stand-in against witnesses that nobody here wrote: python-telegram-bot, aiogram's models, Telegram's TDLib."""

import json
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from bot.demo.html_text import parse_html
from bot.demo.markdown_text import parse_markdown
from bot.demo.phones import TINY_PICTURE, Phone
from bot.demo.refused import Refused
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller

KEYBOARD = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}, {"text": "C", "copy_text": {"text": "112"}}]]}


async def _greet(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Draw", callback_data="draw")]])
    await update.message.reply_html("Hello <b>Ana</b>", reply_markup=keyboard)


async def _draw(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("one moment")
    await query.edit_message_text("Here it is")
    await query.get_bot().send_photo(query.from_user.id, TINY_PICTURE, caption="a picture")


async def test_python_telegram_bot_talks_to_it(standin: StandIn) -> None:
    builder = Application.builder().token(standin.token).base_url(f"{standin.url}/bot")
    app = builder.base_file_url(f"{standin.url}/file/bot").job_queue(None).build()
    app.add_handler(CommandHandler("start", _greet))
    app.add_handler(CallbackQueryHandler(_draw))
    ana = standin.person(1001, "Ana")
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling(timeout=5)
        ana.start()
        await standin.until(lambda: len(ana.messages) == 2)
        assert ana.messages[1].entities == [{"type": "bold", "offset": 6, "length": 3}]
        ana.taps("Draw")
        await standin.until(lambda: ana.messages[-1].photo == TINY_PICTURE)
        assert [message.content for message in ana.messages] == ["/start", "Here it is", "a picture"]
        assert [toast.text for toast in ana.toasts] == ["one moment"]
        await app.updater.stop()
        await app.stop()
    assert all(call.ok for call in standin.calls if call.method != "getUpdates")


def _everything_ana_can_do(ana: Phone, standin: StandIn) -> None:
    ben = standin.person(1002, "Ben", "de")
    note = ana.writes("a note with /help and https://example.org/x")
    ana.edits(note, "another note")
    ana.taps("A")
    ana.presses("forged", 9999)
    ana.shares_location(52.5, 13.4)
    ana.shares_contact("+49301234567", "Dora")
    ana.picks(ben)
    ana.sends_sticker()
    ana.sends_voice()
    ana.sends_photo(caption="look")
    ana.sends_document()
    ana.blocks()
    ana.unblocks()
    standin.group(-4001, "Family").adds_bot(ana)


def _strangers(model: Any) -> list[str]:
    """List the fields that aiogram's models do not know, however deep."""
    if isinstance(model, list):
        return [name for item in model for name in _strangers(item)]
    if not hasattr(model, "model_extra"):
        return []
    inside = [name for field in type(model).model_fields for name in _strangers(getattr(model, field))]
    return [f"{type(model).__name__}.{name}" for name in model.model_extra or {}] + inside


async def test_aiograms_models_read_every_update(call: Caller, standin: StandIn, ana: Phone) -> None:
    from aiogram.types import Update as TheirUpdate

    await call("sendMessage", chat_id=1001, text="x", reply_markup=KEYBOARD)
    _everything_ana_can_do(ana, standin)
    updates = await call("getUpdates")
    assert len(updates) == 14
    for raw in updates:
        assert _strangers(TheirUpdate.model_validate(raw)) == []


# 101 is Ana's /start, 102 her photo; the bot's messages follow.
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("sendMessage", {"text": "<b>hi</b> <tg-time unix='1800000000' format='wt'>then</tg-time>", "parse_mode": "HTML"}),
    ("sendMessage", {"text": "pick", "reply_markup": KEYBOARD, "protect_content": True}),
    ("editMessageText", {"message_id": 103, "text": "hi"}),
    ("sendPhoto", {"photo": "file000001", "caption": "c", "has_spoiler": True, "reply_markup": KEYBOARD}),
    ("editMessageMedia", {"message_id": 105, "media": {"type": "photo", "media": "file000001", "caption": "d"}}),
    ("editMessageCaption", {"message_id": 105, "caption": "e"}),
    ("editMessageReplyMarkup", {"message_id": 104}),
    ("sendDocument", {"document": "file000001", "reply_parameters": {"message_id": 103}}),
    ("pinChatMessage", {"message_id": 103}),
    ("setMessageReaction", {"message_id": 101, "reaction": [{"type": "emoji", "emoji": "👌"}]}),
    ("sendChatAction", {"action": "upload_photo"}),
    ("getChat", {}),
    ("deleteMessage", {"message_id": 104}),
    ("setMyCommands", {"commands": [{"command": "help", "description": "Help"}]}),
    ("getMyCommands", {}),
    ("setMyName", {"name": "Check-in"}),
    ("getMyName", {}),
    ("getMyDescription", {}),
    ("getMyShortDescription", {}),
    ("setChatMenuButton", {"menu_button": {"type": "commands"}}),
    ("getChatMenuButton", {}),
    ("getWebhookInfo", {}),
    ("getFile", {"file_id": "file000001"}),
]


async def test_aiograms_models_read_every_result(call: Caller, standin: StandIn, ana: Phone) -> None:
    from aiogram import methods
    from pydantic import TypeAdapter

    ana.sends_photo()
    for method, params in CALLS:
        theirs = getattr(methods, method[0].upper() + method[1:])
        with_chat = {"chat_id": 1001} if "chat_id" in theirs.model_fields and "Menu" not in method else {}
        result = await call(method, **(params | with_chat))
        read = TypeAdapter(theirs.__returning__).validate_python(result)
        assert _strangers(read) == [], method


HTML = [
    "<b>x",
    "<foo>x</foo>",
    "</b>",
    "<b>a</i>",
    "<b",
    "<b>x</b",
    "<span>a</span>",
    '<span class="tg-spoiler">s</span>',
    '<a href="http://x.y">l</a>',
    "<a>x</a>",
    '<a href="foo">x</a>',
    '<a href="x',
    "a &lt; &amp; &nope; b &#65; &#x1F600;",
    "a & b",
    '<tg-time unix="1700000000" format="wDT">Tue</tg-time>',
    '<tg-time unix="x">Tue</tg-time>',
    "3 < 5",
    "<>",
    "<b/>",
    "<b></b>x",
    "<!-- x -->",
    '<pre><code class="language-py">x</code></pre>',
    "<b =x>y</b>",
    "<blockquote expandable>q</blockquote>",
    "<b><i>x</b></i>",
    "é<b>😀é</b>",
    "<b>a <i>b</i> c</b>",
    "<u>q</u><s>r</s><em>e</em><strong>f</strong>",
    "<B>x</B>",
    "<b>x</>",
]
MARKDOWN = [
    "a\\.b",
    "a.b",
    "*x",
    "*x*",
    "_a_ __b__ ~c~ ||d||",
    "[l](http://x.y)",
    "[l](",
    "`a",
    "```",
    "```py\nx```",
    ">q\n>r\ns",
    "__a_",
    "*a _b* c_",
    "x!",
    "![t](tg://time?unix=1&format=t)",
    "|| a",
    "a|b",
    "`a\\`b`",
]
TYPES = {
    "TextUrl": "TextLink",
    "PreCode": "Pre",
    "BlockQuote": "Blockquote",
    "ExpandableBlockQuote": "ExpandableBlockquote",
}


def _by_tdlib(text: str, mode: dict[str, Any]) -> Any:
    import tdjson

    request = {"@type": "parseTextEntities", "text": text, "parse_mode": mode}
    answer = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"")
    if "code" in answer:
        return f"Bad Request: {answer['message'][0].lower()}{answer['message'][1:]}"
    kinds = [one["type"]["@type"].removeprefix("textEntityType") for one in answer["entities"]]
    places = [(one["offset"], one["length"]) for one in answer["entities"]]
    return answer["text"], list(zip([TYPES.get(kind, kind) for kind in kinds], places, strict=True))


def _by_us(text: str, parse: Any) -> Any:
    try:
        rich = parse(text)
    except Refused as refused:
        return refused.description
    camel = [one["type"].title().replace("_", "") for one in rich.entities]
    return rich.text, list(zip(camel, [(one["offset"], one["length"]) for one in rich.entities], strict=True))


@pytest.mark.parametrize("text", HTML)
def test_html_is_read_as_tdlib_reads_it(text: str) -> None:
    assert _by_us(text, parse_html) == _by_tdlib(text, {"@type": "textParseModeHTML"})


@pytest.mark.parametrize("text", MARKDOWN)
def test_markdown_is_read_as_tdlib_reads_it(text: str) -> None:
    assert _by_us(text, parse_markdown) == _by_tdlib(text, {"@type": "textParseModeMarkdown", "version": 2})
