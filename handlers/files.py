"""Files that come and go by Telegram; none is ever written to a disk here."""

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, InvalidToken

from handlers.context import Bot, CareContext
from handlers.screens import Row, Screen


async def download(context: CareContext, file_id: str, size: int | None, most: int) -> bytes | None:
    """Give a file's content; None when it has more than most bytes, or when Telegram does not have it any more.

    size is what the message says of it, in bytes. Telegram's own answer and what really comes are looked at as well.
    """
    if (size or 0) > most:
        return None
    try:
        file = await context.bot.get_file(file_id)
    except BadRequest:
        return None
    if (file.file_size or 0) > most or not file.file_path:
        return None
    try:
        content = await file.download_as_bytearray()
    except (BadRequest, InvalidToken):  # how PTB reads a 404, which here is about the file and not the token
        return None
    return bytes(content) if len(content) <= most else None


async def send_file(
    context: CareContext,
    content: bytes,
    name: str,
    caption: str,
    rows: tuple[Row, ...] = (),
    *,
    reply_to: int | None = None,
    protect: bool = False,
) -> int:
    """Send a file to the person under a name, and give the message id. The kind follows from the name's ending.

    protect keeps it from being passed on; a reply to a message that is gone is sent all the same.
    """
    return await send_file_to(
        context.bot, context.chat_id, content, name, caption, rows, reply_to=reply_to, protect=protect
    )


async def send_file_to(
    bot: Bot,
    chat_id: int,
    content: bytes,
    name: str,
    caption: str,
    rows: tuple[Row, ...] = (),
    *,
    reply_to: int | None = None,
    protect: bool = False,
) -> int:
    """Do the same where nobody is being answered."""
    markup = Screen(caption, rows).markup()
    sent = await bot.send_document(
        chat_id,
        content,
        filename=name,
        caption=caption,
        reply_markup=InlineKeyboardMarkup.de_json(markup, None) if markup else None,
        reply_to_message_id=reply_to,
        allow_sending_without_reply=True if reply_to is not None else None,
        protect_content=protect,
        disable_content_type_detection=True,
    )
    return sent.message_id
