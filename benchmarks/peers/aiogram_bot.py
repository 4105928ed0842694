"""A check-in bot on aiogram as its documentation teaches it. Arguments: the stand-in's address, a token, a database."""

import asyncio
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.keyboard import InlineKeyboardBuilder
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.peers.rows import engine_of, take

dispatcher = Dispatcher()


def keyboard() -> InlineKeyboardMarkup:
    """Make the keyboard of a question."""
    builder = InlineKeyboardBuilder()
    for value in range(8):
        builder.button(text=str(value), callback_data=f"a:mood:{value}")
    return builder.adjust(4).as_markup()  # type: ignore[return-value] # of an inline builder it is the inline one


@dispatcher.callback_query(F.data.startswith("a:"))
async def tapped(query: CallbackQuery, engine: AsyncEngine) -> None:
    """Take an answer and ask the next question."""
    assert query.data  # noqa: S101 - the filter has seen it
    following = await take(engine, query.from_user.id, int(query.data.rpartition(":")[2]))
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(f"How is your {following} today?", reply_markup=keyboard())


async def main(url: str, token: str, database: str) -> None:
    """Poll until told to stop."""
    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(url)))
    await dispatcher.start_polling(bot, engine=engine_of(database))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
