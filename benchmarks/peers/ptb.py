"""A check-in bot on python-telegram-bot as its documentation teaches it.

Arguments: the stand-in's address, a token, a database, then any of "concurrent" (concurrent_updates=True) and
"limited" (AIORateLimiter). Without a database it stores nothing.
"""

import asyncio
import sys

from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, CommandHandler, ContextTypes

from benchmarks.peers.rows import engine_of, take

BROADCAST = 10_000


def keyboard() -> InlineKeyboardMarkup:
    """Make the keyboard of a question."""
    buttons = [InlineKeyboardButton(str(value), callback_data=f"a:mood:{value}") for value in range(8)]
    return InlineKeyboardMarkup([buttons[:4], buttons[4:]])


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Take an answer and ask the next question."""
    query = update.callback_query
    assert query  # noqa: S101 - the handler takes nothing else
    engine: AsyncEngine = context.bot_data["engine"]
    following = await take(engine, query.from_user.id, int((query.data or "").rpartition(":")[2]))
    await query.answer()
    await query.edit_message_text(f"How is your {following} today?", reply_markup=keyboard())


async def broadcast(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send many people a message, in the background."""
    people = range(100_000, 100_000 + BROADCAST)
    sends = [context.bot.send_message(chat, "It is time for your check-in.") for chat in people]
    context.bot_data["broadcast"] = asyncio.gather(*sends, return_exceptions=True)


def main(url: str, token: str, database: str, *options: str) -> None:
    """Poll until told to stop."""
    builder = Application.builder().token(token).base_url(f"{url}/bot")
    if "concurrent" in options:
        builder = builder.concurrent_updates(True)
    if "limited" in options:
        builder = builder.rate_limiter(AIORateLimiter(max_retries=3))  # type: ignore[arg-type] # as documented
    application = builder.build()
    application.bot_data["engine"] = engine_of(database)
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(CommandHandler("broadcast", broadcast))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
