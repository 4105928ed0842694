"""Get help now: a fixed card of numbers. It needs no consent, no database and no onboarding, and always answers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from telegram import Update

from care.crisis import ELSEWHERE, Country, asks_for_help, countries, country
from handlers.context import Bot, CareContext, Clinic, Deps
from handlers.helplines import address, emergency_words, line_rows
from handlers.onboarding import guess_country
from handlers.pickers import countries_screen, country_name
from handlers.press import Press, unpack
from handlers.screens import Button, Row, Screen, button, in_rows, replace, show
from handlers.words import Words, languages
from storage import patients

VERB = "ur"
_PATIENCE_SECONDS = 1.0
_SHORT_LABEL = 14


async def urgent(update: Update, context: CareContext) -> None:
    """Show the card for the person's country."""
    words, place = await _whose(context)
    await context.say(card(words, place, context.deps.clinic))


async def pressed(update: Update, context: CareContext) -> None:
    """Show the part of the card that a button leads to."""
    words, place = await _whose(context)
    await context.present(pressed_screen(words, context.press, place, context.deps.clinic))


def pressed_screen(words: Words, press: Press, own: Country, clinic: Clinic) -> Screen:
    """Give the screen that a press of the card leads to; own is the country of a press that names none."""
    kind, code = press.word(0), press.word(1)
    place = country(code) if code else own
    if kind == "call":
        return Screen(words("urgent-called"), ((button(words("urgent-back"), VERB, "card", place.code),),))
    if kind == "all":
        return countries_screen(words, (VERB, "card"), countries(), words("urgent-which"))
    return card(words, place, clinic)


def card(words: Words, place: Country, clinic: Clinic) -> Screen:
    """Give the card: who is not there, whom to call, and the doors that are open."""
    rows: list[Row] = list(_copies(words, place))
    rows += [(Button(words("urgent-chat", name=line.name), url=line.chat),) for line in place.chats]
    rows.append((Button(words("urgent-more"), url=place.directory),))
    rows.append((button(words("urgent-what"), VERB, "call", place.code),))
    rows.append((button(words("urgent-elsewhere"), VERB, "all", place.code),))
    return Screen("\n\n".join(_paragraphs(words, place, clinic)), tuple(rows))


def wanted(text: str) -> bool:
    """Tell whether a text asks for the card: the command, the key under the chat, or a word in any language."""
    command = text.partition(" ")[0].partition("@")[0].casefold()
    return command == "/urgent" or text.strip() in _keys() or asks_for_help(text)


async def without_storage(bot: Bot, raw_update: Mapping[str, Any], deps: Deps) -> bool:
    """Answer a raw update that asks for help from packaged data alone, when storage is down; give whether it did."""
    ask = _read(raw_update)
    if ask is None:
        return False
    words = Words(ask.language or deps.defaults.language)
    screen = pressed_screen(words, ask.press, _guess(ask.language, deps), deps.clinic)
    if ask.query_id and ask.message_id:
        await replace(bot, ask.chat_id, ask.message_id, screen, query_id=ask.query_id)
    else:
        await show(bot, ask.chat_id, screen)
    return True


def _paragraphs(words: Words, place: Country, clinic: Clinic) -> list[str]:
    emergency = emergency_words(words, place)
    elsewhere = place.code == ELSEWHERE
    parts = [
        words("urgent-nobody"),
        words("urgent-danger-elsewhere" if elsewhere else "urgent-danger", emergency=emergency),
    ]
    if place.shown:
        parts.append(
            "\n".join([words("urgent-talk"), *(row for line in place.shown for row in line_rows(words, line))])
        )
    else:
        parts.append(words("urgent-directory", place=address(place.directory)))
    reach = " ".join(filter(None, (clinic.name, clinic.phone)))
    if reach:
        parts.append(words("urgent-clinic", clinic=reach))
    if not elsewhere:
        parts.append(words("urgent-country", country=country_name(words, place.code), emergency=emergency))
    return parts


def _copies(words: Words, place: Country) -> tuple[Row, ...]:
    numbers = dict.fromkeys((*place.emergency, *(number for line in place.shown for number in line.numbers)))
    buttons = [Button(words("urgent-copy", number=number), copy=number) for number in numbers]
    short = all(len(copy.label) <= _SHORT_LABEL for copy in buttons)
    return in_rows(buttons, (2 if short else 1,))


async def _whose(context: CareContext) -> tuple[Words, Country]:
    """Give the person's words and country; a database that is slow or gone never keeps the card waiting."""
    user = context.incoming.effective_user if context.incoming else None
    guess = _guess(user.language_code if user else None, context.deps)
    try:
        patient = await asyncio.wait_for(context.read(patients.find, context.chat_id), _PATIENCE_SECONDS)
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, help is shown
        return context.words(), guess
    if patient is None:
        return context.words(), guess
    return context.words(patient.language), country(patient.country) if patient.country else guess


def _guess(language_code: str | None, deps: Deps) -> Country:
    """Guess a stranger's country from their language's region, else the operator's; never from an address."""
    return country(guess_country(None, language_code or "", deps.defaults.country))


@cache
def _keys() -> frozenset[str]:
    return frozenset(Words(language)("key-help") for language in languages())


@dataclass(frozen=True, slots=True)
class _Ask:
    chat_id: int
    language: str | None
    press: Press
    message_id: int | None = None
    query_id: str | None = None


def _read(raw: Mapping[str, Any]) -> _Ask | None:
    """Read who asks for help in a raw update; None when nobody does or the update is not in order."""
    try:
        if "callback_query" in raw:
            return _read_press(raw["callback_query"])
        message = raw.get("message") or raw.get("edited_message") or {}
        private = message.get("chat", {}).get("type") == "private"
        if not private or not wanted(message.get("text") or ""):
            return None
        return _Ask(int(message["chat"]["id"]), message["from"].get("language_code"), Press(VERB))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _read_press(query: Mapping[str, Any]) -> _Ask | None:
    press = unpack(query.get("data"))
    if press.verb != VERB:
        return None
    person = query["from"]
    message_id = (query.get("message") or {}).get("message_id")
    return _Ask(int(person["id"]), person.get("language_code"), press, message_id, str(query["id"]))
