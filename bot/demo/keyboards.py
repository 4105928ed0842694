"""The rules for keyboards, in Telegram's words."""

from typing import Any

from bot.demo.refused import bad_request

LONGEST_DATA = 64
LONGEST_COPY = 256
LONGEST_PLACEHOLDER = 64
MOST_IN_ROW = 8
MOST_BUTTONS = 100
STYLES = frozenset({"primary", "success", "danger"})
INLINE_ACTIONS = ("callback_data", "url", "copy_text")
OTHER_ACTIONS = [
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
]
CANNOT = "can't parse inline keyboard button: "


def check_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Check a reply_markup and give it back; None for one that shows nothing."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return _checked_inline(markup)
    _check_placeholder(markup)
    for row in markup.get("keyboard", []):
        for button in row:
            _check_label(button)
    return markup


def _checked_inline(markup: dict[str, Any]) -> dict[str, Any] | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check_inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_inline_button(button: dict[str, Any]) -> None:
    _check_label(button)
    for name in OTHER_ACTIONS:
        if name in button:
            raise bad_request(f"{CANNOT}{name} is not supported by the stand-in")
    actions = [name for name in INLINE_ACTIONS if name in button]
    if len(actions) != 1:
        raise bad_request(f"{CANNOT}Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(button.get("callback_data", "x").encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if not button.get("url", "https://").startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")
    if not 1 <= len(button.get("copy_text", {"text": "x"})["text"]) <= LONGEST_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_label(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request(f"{CANNOT}Button text must be non-empty")
    if button.get("style", "primary") not in STYLES:
        raise bad_request(f"{CANNOT}Unknown button style specified")
    if "icon_custom_emoji_id" in button:
        raise bad_request(f"{CANNOT}icon_custom_emoji_id is not supported by the stand-in")


def _check_placeholder(markup: dict[str, Any]) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= LONGEST_PLACEHOLDER:
        raise bad_request("input field placeholder must have 1 to 64 characters")
    for name in ("force_reply", "remove_keyboard"):
        if markup.get(name) is False:
            raise bad_request(f'Field "{name}" must be true')
