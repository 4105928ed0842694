"""A small bot with a card, for testing the page without the real one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import CopyTextButton, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.demo.standin import StandIn

Context = ContextTypes.DEFAULT_TYPE


def _button(text: str, data: str, style: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data, style=style)


def _mood() -> InlineKeyboardMarkup:
    scale = [_button(str(value), f"mood:{value}") for value in range(11)]
    return InlineKeyboardMarkup([scale[:6], scale[6:], [_button("Skip", "mood:skip"), _button("Not today", "no")]])


def _energy() -> InlineKeyboardMarkup:
    words = [_button(word, f"energy:{word}") for word in ("None", "Low", "Some", "Good", "A lot")]
    return InlineKeyboardMarkup([words, [_button("Back", "back")]])


def _saved() -> InlineKeyboardMarkup:
    copy = InlineKeyboardButton("Copy number", copy_text=CopyTextButton("0800 111 0 111"))
    return InlineKeyboardMarkup(
        [
            [_button("Add a note", "note", "primary"), _button("My chart", "chart", "success")],
            [copy, InlineKeyboardButton("Read more", url="https://example.org/")],
            [_button("Erase", "erase", "danger")],
        ]
    )


async def _start(update: Update, _context: Context) -> None:
    assert update.message is not None
    text = "Time for your check-in\n<b>1 of 2 · How was your mood today?</b>\n0 is the worst. 10 is the best."
    await update.message.reply_html(text, reply_markup=_mood())


async def _press(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert isinstance(query.message, Message)
    assert query.data is not None
    verb, _, value = query.data.partition(":")
    await query.answer("Saved" if verb == "mood" else None)
    if verb == "mood":
        text = f"Mood {value}\n\n<b>2 of 2 · How much energy did you have today?</b>"
        await query.edit_message_text(text, parse_mode="HTML", reply_markup=_energy())
    elif verb == "energy":
        await query.edit_message_text(f"Saved · Energy {value}", reply_markup=_saved())
    elif verb == "note":
        prompt = ForceReply(input_field_placeholder="Anything you want to keep")
        await query.message.reply_text("What do you want to write down?", reply_markup=prompt)
    elif verb == "chart":
        await query.message.reply_photo(CHART, caption="Mood, 7 days", filename="chart.png")


async def _echo(update: Update, _context: Context) -> None:
    message = update.effective_message
    assert message is not None
    if update.edited_message:
        await message.set_reaction("👌")
    else:
        await message.reply_html(f"You wrote <tg-spoiler>{len(message.text or '')} characters</tg-spoiler>. /help")


@asynccontextmanager
async def small_bot(standin: StandIn) -> AsyncIterator[Any]:
    """Run the small bot against a stand-in."""
    builder = Application.builder().token(standin.token).base_url(f"{standin.url}/bot").job_queue(None)
    app = builder.base_file_url(f"{standin.url}/file/bot").build()
    app.add_handler(CommandHandler("start", _start))
    app.add_handler(CallbackQueryHandler(_press))
    app.add_handler(MessageHandler(filters.ALL, _echo))
    async with app:
        assert app.updater is not None
        await app.bot.set_my_commands([("start", "Today's card"), ("help", "What this bot does")])
        await app.bot.set_my_description("A few taps a day after your treatment. Not for emergencies.")
        await app.start()
        await app.updater.start_polling(timeout=timedelta(seconds=20))
        try:
            yield app
        finally:
            standin.world.updates.hold_repeats = False
            await app.updater.stop()
            await app.stop()


def _picture(width: int, height: int) -> bytes:
    """Draw a plain PNG by hand: a few bars on a pale ground."""
    import struct
    import zlib

    bars = [0.4, 0.55, 0.3, 0.7, 0.62, 0.8, 0.74]
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            bar = bars[min(x * len(bars) // width, len(bars) - 1)]
            inside = (x * len(bars) % width) > width * 0.3 and y > height * (1 - bar)
            rows += bytes((31, 111, 107)) if inside else bytes((247, 250, 248))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(rows))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


CHART = _picture(480, 260)
