"""What the bot says about itself: commands per scope and language, name, descriptions, menu buttons."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from bot.demo.refused import bad_request

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_COMMAND_TEXT = 256
LENGTHS = {"name": 64, "description": 512, "short_description": 120}
DEFAULT_SCOPE = {"type": "default"}


@dataclass(slots=True)
class Profile:
    """Everything set with setMy... methods."""

    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)

    def set_commands(self, commands: list[dict[str, Any]], scope: dict[str, Any] | None, language: str) -> None:
        """Store the commands of one scope and language; none at all deletes them."""
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            _check_command(command)
        key = _key(scope, language)
        if commands:
            self.commands[key] = commands
        else:
            self.commands.pop(key, None)

    def get_commands(self, scope: dict[str, Any] | None, language: str) -> list[dict[str, Any]]:
        """Give exactly what was set for one scope and language."""
        return self.commands.get(_key(scope, language), [])

    def menu(self, chat_id: int, language: str) -> list[dict[str, Any]]:
        """Give the commands one person sees in their chat: the narrowest scope wins, then their language."""
        chat = {"type": "chat", "chat_id": chat_id}
        for scope in (chat, {"type": "all_private_chats"}, DEFAULT_SCOPE):
            for code in (language[:2], ""):
                if found := self.commands.get(_key(scope, code)):
                    return found
        return []

    def set_text(self, kind: str, text: str, language: str) -> None:
        """Store a name or a description for a language; an empty one is deleted."""
        _check_language(language)
        if len(text) > LENGTHS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        self.texts[kind, language] = text

    def get_text(self, kind: str, language: str) -> str:
        """Give a name or a description in a language, or the one for all languages."""
        return self.texts.get((kind, language[:2])) or self.texts.get((kind, "")) or ""


def _key(scope: dict[str, Any] | None, language: str) -> tuple[str, str]:
    _check_language(language)
    return json.dumps(scope or DEFAULT_SCOPE, sort_keys=True), language


def _check_language(language: str) -> None:
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")


def _check_command(command: dict[str, Any]) -> None:
    if not COMMAND_NAME.fullmatch(command["command"].removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"].strip()) <= LONGEST_COMMAND_TEXT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
