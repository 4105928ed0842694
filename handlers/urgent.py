"""Get help now: a fixed card of numbers. It needs no consent, no database and no onboarding, and always answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_values
from datetime import UTC, datetime
from functools import cache
from typing import Any

from telegram import Update

from care.crisis import ELSEWHERE, Country, asks_for_help, countries, country
from care.wording import Level, read
from handlers import safety, safety_screens
from handlers.context import Bot, CareContext, Clinic, Deps
from handlers.helplines import address, chats, copies, emergency_words, line_rows, numbers_of
from handlers.nearby import Near, guess, near
from handlers.pickers import countries_screen, country_name
from handlers.press import Press, unpack
from handlers.screens import Button, Row, Screen, button, replace, show
from handlers.words import Words, languages

VERB = "ur"


async def urgent(update: Update, context: CareContext) -> None:
    """Show the card for the person's country."""
    await context.say(card(await near(context), context.deps.clinic))


async def pressed(update: Update, context: CareContext) -> None:
    """Show the part of the card that a button leads to."""
    await context.present(pressed_screen(await near(context), context.press, context.deps.clinic))


def pressed_screen(here: Near, press: Press, clinic: Clinic) -> Screen:
    """Give the screen that a press of the card leads to; one that names no country keeps the person's own."""
    words, kind, code = here.words, press.word(0), press.word(1)
    here = Near(words, country(code), here.known) if code else here
    if kind == "call":
        return Screen(words("urgent-called"), ((button(words("urgent-back"), VERB, "card", here.place.code),),))
    if kind == "all":
        return countries_screen(words, (VERB, "card"), countries(), words("urgent-which"))
    return card(here, clinic)


def card(here: Near, clinic: Clinic) -> Screen:
    """Give the card: who is not there, whom to call, and the doors that are open."""
    words, place = here.words, here.place
    rows: list[Row] = [*copies(words, numbers_of(place)), *chats(words, place)]
    rows.append((Button(words("urgent-more"), url=place.directory),))
    rows.append((safety_screens.people_button(here),))
    rows.append((button(words("urgent-what"), VERB, "call", place.code),))
    rows.append((button(words("urgent-elsewhere"), VERB, "all", place.code),))
    return Screen("\n\n".join(_paragraphs(words, place, clinic)), tuple(rows))


def wanted(text: str) -> bool:
    """Tell whether a text asks for the card: the command, the key under the chat, or a word in any language."""
    command = text.partition(" ")[0].partition("@")[0].casefold()
    return command == "/urgent" or text.strip() in _keys() or asks_for_help(text)


async def without_storage(bot: Bot, raw_update: Mapping[str, Any], deps: Deps) -> bool:
    """Answer a raw update that asks for help, or speaks of suicide or self-harm, from packaged data alone.

    For when storage is down. Gives whether it did.
    """
    ask = _read(raw_update)
    if ask is None:
        return False
    screen = _bare_screen(ask, Near(Words(ask.language or deps.defaults.language), guess(ask.language, deps)), deps)
    if ask.query_id and ask.message_id:
        await replace(bot, ask.chat_id, ask.message_id, screen, query_id=ask.query_id)
    else:
        await show(bot, ask.chat_id, screen)
    if ask.said_at is not None:
        deps.lately.note_answer(ask.update_id)
    return True


def _bare_screen(ask: "_Ask", here: Near, deps: Deps) -> Screen:
    if ask.said_at is not None:
        return safety.bare(here, ask.chat_id, ask.said_at, deps)
    if ask.press.verb == VERB:
        return pressed_screen(here, ask.press, deps.clinic)
    if ask.press.word(0) in ("ok", "wrong"):
        return safety.ended(here, was_wrong=ask.press.word(0) == "wrong", is_amid=False)
    return safety_screens.door(here, ask.press)


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


@cache
def _keys() -> frozenset[str]:
    return frozenset(Words(language)("key-help") for language in languages())


@dataclass(frozen=True, slots=True)
class _Ask:
    """Who asks for help how. said_at is the moment of a text that speaks of suicide or self-harm, else None."""

    update_id: int
    chat_id: int
    language: str | None
    press: Press
    message_id: int | None = None
    query_id: str | None = None
    said_at: datetime | None = None


def _read(raw: Mapping[str, Any]) -> _Ask | None:
    """Read who asks for help in a raw update; None when nobody does or the update is not in order."""
    try:
        if "callback_query" in raw:
            return _read_press(raw["update_id"], raw["callback_query"])
        return _read_message(raw["update_id"], raw.get("message") or raw.get("edited_message") or {})
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _read_message(update_id: int, message: Mapping[str, Any]) -> _Ask | None:
    text = message.get("text") or message.get("caption") or ""
    if message.get("chat", {}).get("type") != "private":
        return None
    ask = _Ask(update_id, int(message["chat"]["id"]), message["from"].get("language_code"), Press(VERB))
    if read(text).level is Level.FULL:
        said_at = datetime.fromtimestamp(int(message.get("edit_date") or message["date"]), UTC)
        return replace_values(ask, said_at=said_at)
    return ask if wanted(text) else None


def _read_press(update_id: int, query: Mapping[str, Any]) -> _Ask | None:
    press = unpack(query.get("data"))
    if press.verb not in (VERB, safety_screens.VERB):
        return None
    person = query["from"]
    message_id = (query.get("message") or {}).get("message_id")
    return _Ask(update_id, int(person["id"]), person.get("language_code"), press, message_id, str(query["id"]))
