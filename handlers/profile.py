"""What Telegram shows of the bot: command menus and profile texts, set only when they changed."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from telegram.error import TelegramError

from care.crisis import ELSEWHERE, country
from handlers.context import Bot, Deps
from handlers.helplines import emergency_words, line_words
from handlers.menu import BESIDES, NEWCOMER_COMMANDS, PATIENT_COMMANDS, SUPPORT_COMMANDS
from handlers.screens import call
from handlers.words import FALLBACK, Words, languages
from storage import marks, supporting

Step = tuple[str, dict[str, Any]]
"""A method of the Bot API and what it is called with."""


async def publish(bot: Bot, deps: Deps) -> None:
    """Set what differs from what was last set. Telegram limits how often a bot may change its profile."""
    for method, params in steps(deps):
        mark, print_ = _mark(method, params), _fingerprint(params)
        if await deps.database.read(marks.get, mark) != print_:
            await call(bot, method, params)
            await deps.database.write(marks.put, mark, print_)


async def set_menu(bot: Bot, deps: Deps, chat_id: int, words: Words) -> None:
    """Give a chat the menu of who they are: patient, support person, both; newcomers have no menu of their own.

    Nobody is kept waiting for a menu that Telegram does not take: every command works typed, and as a button.
    """
    names = menu_of(*await deps.database.read(supporting.roles, chat_id))
    scope = {"type": "chat", "chat_id": chat_id}
    with suppress(TelegramError):
        if names:
            await call(bot, "set_My_Commands", {"commands": _commands(words, names), "scope": scope})
        else:
            await call(bot, "delete_My_Commands", {"scope": scope})


def menu_of(is_patient: bool, supports: bool) -> tuple[str, ...]:
    """Give the commands of a person's menu by their roles; none for a newcomer."""
    if is_patient:
        return PATIENT_COMMANDS + (BESIDES if supports else ())
    return SUPPORT_COMMANDS if supports else ()


def steps(deps: Deps) -> list[Step]:
    """List every call that the profile takes; the fallback language serves all languages without their own."""
    everywhere: list[Step] = [
        ("set_My_Commands", {"commands": [], "scope": {"type": "all_group_chats"}}),
        ("set_Chat_Menu_Button", {"menu_button": {"type": "commands"}}),
    ]
    return [*everywhere, *(step for language in languages() for step in _in_language(Words(language), deps))]


def _in_language(words: Words, deps: Deps) -> Iterable[Step]:
    code = {} if words.language == FALLBACK else {"language_code": words.language}
    place = country(deps.defaults.country)
    clinic = deps.clinic.name
    runs = words("profile-run-by", clinic=clinic) if clinic else words("profile-run")
    numbers = {"emergency": emergency_words(words, place), "line": line_words(words, place)}
    danger = words("profile-danger-elsewhere") if place.code == ELSEWHERE else words("profile-danger", **numbers)
    about = "\n\n".join((words("profile-description"), danger, runs))
    yield "set_My_Commands", {"commands": _commands(words, NEWCOMER_COMMANDS), "scope": {"type": "default"}, **code}
    yield "set_My_Name", {"name": words("profile-name"), **code}
    yield "set_My_Short_Description", {"short_description": words("profile-short"), **code}
    yield "set_My_Description", {"description": about, **code}


def _commands(words: Words, names: Iterable[str]) -> list[dict[str, str]]:
    return [{"command": name, "description": words(f"command-{name}")} for name in names]


def _mark(method: str, params: dict[str, Any]) -> str:
    scope = params.get("scope", {}).get("type", "")
    return "/".join(filter(None, ("profile", method, scope, params.get("language_code", ""))))


def _fingerprint(params: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()
