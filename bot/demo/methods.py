"""Every method the stand-in carries out, on one page."""

from collections.abc import Callable

from bot.demo import calls_messages as messages
from bot.demo import calls_other as other
from bot.demo import calls_updates as updates
from bot.demo.world import Call, World

METHODS: dict[str, Callable[[World, Call], object]] = {
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
    "getMe": other.get_me,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageMedia": messages.edit_message_media,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "answerCallbackQuery": other.answer_callback_query,
    "sendChatAction": other.send_chat_action,
    "setMessageReaction": other.set_message_reaction,
    "pinChatMessage": other.pin_chat_message,
    "unpinChatMessage": other.unpin_chat_message,
    "leaveChat": other.leave_chat,
    "getChat": other.get_chat,
    "getFile": other.get_file,
    "setMyCommands": other.set_my_commands,
    "getMyCommands": other.get_my_commands,
    "deleteMyCommands": other.delete_my_commands,
    "setMyName": other.set_text("name"),
    "getMyName": other.get_text("name"),
    "setMyDescription": other.set_text("description"),
    "getMyDescription": other.get_text("description"),
    "setMyShortDescription": other.set_text("short_description"),
    "getMyShortDescription": other.get_text("short_description"),
    "setChatMenuButton": other.set_chat_menu_button,
    "getChatMenuButton": other.get_chat_menu_button,
}
