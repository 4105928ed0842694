"""The support person's side: answering an invitation, and every choice about the updates they get."""

import unicodedata
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.schedule import DAY_MINUTES, QuietHours
from care.sharing import Link, read_code
from care.zones import likely_offsets
from handlers import start
from handlers import supporting_screens as screens
from handlers.context import CareContext
from handlers.onboarding import client_language
from handlers.pickers import ZoneAsk, chosen_zone
from handlers.profile import set_menu
from handlers.screens import Screen
from handlers.supporting_screens import Mine, Supported
from handlers.told import WISHES
from handlers.updates import visit_screen
from handlers.words import Words, language_for, languages
from storage import patients, shares, supporting
from storage.shares import Share
from storage.supporting import Look

LONGEST_NAME = 40
"""How many characters of a support person's name are kept."""
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
"""Characters that could turn a line around or break it."""


async def linked(update: Update, context: CareContext) -> None:
    """Open the invitation of a link, /start with a payload; any other payload is an ordinary start."""
    payload = context.text.partition(" ")[2]
    code = read_code(payload)
    if code is not None:
        await _show_invitation(context, code)
    elif screens.is_almost_a_code(payload):
        await context.say(screens.unread_screen(context.words()))
    else:
        await hello(update, context)


async def code_typed(update: Update, context: CareContext) -> None:
    """Open the invitation of a typed code."""
    await _show_invitation(context, screens.code_in(context.text) or "")


async def _show_invitation(context: CareContext, code: str) -> None:
    words = await _words(context)
    seen = await context.write(supporting.look, context.chat_id, code, context.now)
    await context.say(screens.invitation_screen(words, seen, code))


async def answered(update: Update, context: CareContext) -> None:
    """Accept, decline or report an invitation; one that cannot be answered any more says so."""
    answer, code = context.press.word(0), read_code(context.press.word(1)) or ""
    if answer == "yes":
        await _accept(context, code)
        return
    words = await _words(context)
    seen, is_settled = await context.write(_refuse, context.chat_id, answer, code, context.now)
    shown = screens.declined_screen(words, answer) if is_settled else screens.invitation_screen(words, seen, code)
    await context.present(shown)


def _refuse(session: Session, chat_id: int, answer: str, code: str, now: datetime) -> tuple[Look, bool]:
    """Decline or report; give how the invitation stood, and whether it is settled now."""
    seen = supporting.look(session, chat_id, code, now)
    if seen.refused or answer not in ("no", "report"):
        return seen, False
    return seen, supporting.refuse(session, chat_id, code, now, reported=answer == "report")


async def _accept(context: CareContext, code: str) -> None:
    words = await _words(context)
    args = (context.chat_id, code, _own_name(context, words), words.language, context.now)
    seen, link = await context.write(_take, *args)
    if link is None:
        await context.present(screens.invitation_screen(words, seen, code))
        return
    ask = None if link.zone else _zone_ask(context, words)
    await context.present(screens.accepted_screen(words, seen.patient_name, ask))
    await set_menu(context.bot, context.deps, context.chat_id, words)


def _take(
    session: Session, chat_id: int, code: str, name: str, language: str, now: datetime
) -> tuple[Look, Link | None]:
    """Accept an invitation; a zone that the person chose elsewhere holds here too."""
    seen = supporting.look(session, chat_id, code, now)
    zone = _known_zone(session, chat_id)
    link = None if seen.refused else supporting.accept(session, chat_id, code, name, language, now)
    if link is not None and zone:
        supporting.set_zone(session, chat_id, zone)
        return seen, replace(link, zone=zone)
    return seen, link


def _known_zone(session: Session, chat_id: int) -> str | None:
    patient = patients.find(session, chat_id)
    zones = [patient.zone if patient else None, *(link.zone for link, _ in supporting.supported(session, chat_id))]
    return next((zone for zone in zones if zone), None)


def _own_name(context: CareContext, words: Words) -> str:
    """Give the name that Telegram shows of the person, on one line and not too long."""
    user = context.incoming.effective_user if context.incoming else None
    shown = "".join(
        letter for letter in (user.full_name if user else "") if unicodedata.category(letter) not in _UNSEEN
    )
    return " ".join(shown.split())[:LONGEST_NAME].strip() or words("updates-someone")


async def updates(update: Update, context: CareContext) -> None:
    """Show what the person gets from whom; a menu that outlived the last link goes."""
    mine = await _mine(context)
    await context.present(screens.overview(mine))
    if not mine.supported:
        await set_menu(context.bot, context.deps, context.chat_id, mine.words)


async def pause(update: Update, context: CareContext) -> None:
    """Send nothing until the person says so."""
    await _rest(context, paused=True)


async def resume(update: Update, context: CareContext) -> None:
    """Send updates again."""
    await _rest(context, paused=False)


async def _rest(context: CareContext, *, paused: bool) -> None:
    await context.write(supporting.rest, context.chat_id, paused, context.now)
    mine = await _mine(context)
    above = "" if paused or not mine.supported else mine.words("supporting-resumed")
    await context.present(screens.overview(mine, above))


async def leave(update: Update, context: CareContext) -> None:
    """Ask whether to leave."""
    await context.present(screens.leave_screen(await _mine(context), None))


async def privacy(update: Update, context: CareContext) -> None:
    """Tell what is kept about a support person."""
    await context.present(screens.kept_screen(await _words(context)))


async def help_(update: Update, context: CareContext) -> None:
    """Tell a support person what they can do."""
    await context.present(screens.help_screen(await _words(context)))


async def hello(update: Update, context: CareContext) -> None:
    """Greet somebody who only supports a patient; anybody else sees where they stand."""
    if await context.read(supporting.is_only_one, context.chat_id):
        await context.present(screens.hello_screen(await _words(context)))
    else:
        await start.start(update, context)


async def written(update: Update, context: CareContext) -> None:
    """Answer a text of somebody who is no patient: no words are passed on; a stranger sees the start.

    Under a help card they do not: its "go on" leads there.
    """
    mine = await _mine(context)
    if screens.is_almost_a_code(context.text):
        await context.say(screens.unread_screen(mine.words))
    elif mine.supported:
        await context.say(screens.no_messages_screen(mine))
    elif not context.is_answered:
        await start.start(update, context)


async def pressed(update: Update, context: CareContext) -> None:
    """Do what a button of a support person says; one that says nothing known shows what holds now."""
    kind = context.press.word(0)
    if kind == "self":
        await start.start(update, context)
    elif kind in _DOES:
        await _DOES[kind](update, context)
    else:
        await context.present(await _shown(context, kind))


async def _shown(context: CareContext, kind: str) -> Screen:
    mine, number = await _mine(context), context.press.number(1)
    if not mine.supported:
        return screens.overview(mine)
    if kind == "leave":
        return screens.leave_screen(mine, number)
    if kind == "kept":
        return screens.kept_screen(mine.words)
    return screens.overview(mine)


async def _zone_pressed(update: Update, context: CareContext) -> None:
    args = context.press.args[1:]
    zone, mine = chosen_zone(args), await _mine(context)
    if zone is None or not mine.supported:
        shown = screens.zone_step(_zone_ask(context, mine.words), args) if mine.supported else screens.overview(mine)
        await context.present(shown)
        return
    await context.write(supporting.set_zone, context.chat_id, zone)
    await _show_saved(context)


async def _quiet_pressed(update: Update, context: CareContext) -> None:
    begin, end = context.press.number(1), context.press.number(2)
    mine = await _mine(context)
    if begin is None or end is None or not _are_minutes(begin, end) or not mine.supported:
        await context.present(screens.quiet_screen(mine) if mine.supported else screens.overview(mine))
        return
    await context.write(supporting.set_quiet, context.chat_id, QuietHours(begin, end))
    await _show_saved(context)


def _are_minutes(*minutes: int) -> bool:
    return all(0 <= minute < DAY_MINUTES for minute in minutes)


async def _language_pressed(update: Update, context: CareContext) -> None:
    language, mine = context.press.word(1), await _mine(context)
    if language not in languages() or not mine.supported:
        await context.present(screens.language_screen(mine.words) if mine.supported else screens.overview(mine))
        return
    await context.write(supporting.set_language, context.chat_id, language)
    await _show_saved(context)
    await set_menu(context.bot, context.deps, context.chat_id, Words(language))


async def _show_saved(context: CareContext) -> None:
    mine = await _mine(context)
    await context.present(screens.overview(mine, mine.words("settings-saved")))


async def _wish_pressed(update: Update, context: CareContext) -> None:
    number, wish = context.press.number(1), context.press.word(2)
    came_of_it = None
    if number is not None and wish in WISHES:
        came_of_it = await context.write(supporting.wish, context.chat_id, number, wish, context.now)
    mine = await _mine(context)
    if number is None or came_of_it is None:
        await context.present(screens.wish_screen(mine, number))
    else:
        await context.present(screens.wished_screen(mine, number, came_of_it))


async def _left_pressed(update: Update, context: CareContext) -> None:
    number = context.press.number(1)
    has_left = number is not None and await context.write(supporting.leave, context.chat_id, number, context.now)
    mine = await _mine(context)
    await context.present(screens.left_screen(mine) if has_left else screens.overview(mine))
    if has_left:
        await set_menu(context.bot, context.deps, context.chat_id, mine.words)


async def _ride_pressed(update: Update, context: CareContext) -> None:
    """Tell the patient whether the person can take them; an answer to what does not hold any more tells nothing."""
    link, visit, version = (context.press.number(place) for place in (1, 2, 3))
    answer, share = context.press.word(4), None
    if link is not None and visit is not None and version is not None and answer in ("can", "cannot"):
        args = (link, (visit, version), answer == "can", context.now)
        share = await context.write(_answer_ride, context.chat_id, *args)
    words = await _words(context)
    await context.present(visit_screen(words, share, answer) if share else Screen(words("updates-ride-changed")))


def _answer_ride(
    session: Session, chat_id: int, number: int, visit: tuple[int, int], can: bool, now: datetime
) -> Share | None:
    """Write the answer about a ride; give the visit as the person may see it, None when it was not to be answered."""
    if not supporting.can_drive(session, chat_id, number, visit, can, now):
        return None
    link = supporting.mine(session, chat_id, number)
    return shares.of_visit(session, link, *visit, now) if link else None


_DOES = {
    "pause": pause,
    "resume": resume,
    "zone": _zone_pressed,
    "quiet": _quiet_pressed,
    "language": _language_pressed,
    "wish": _wish_pressed,
    "left": _left_pressed,
    "ride": _ride_pressed,
}


async def _mine(context: CareContext) -> Mine:
    words, supported = await _read(context)
    return Mine(words, supported, context.now)


async def _words(context: CareContext) -> Words:
    return (await _read(context))[0]


async def _read(context: CareContext) -> tuple[Words, Supported]:
    """Give the person's links, and the words of the language that they chose in whichever role."""
    language, supported = await context.read(_language_and_links, context.chat_id, context.now)
    return Words(language or language_for(client_language(context))), supported


def _language_and_links(session: Session, chat_id: int, now: datetime) -> tuple[str | None, Supported]:
    supported = supporting.supported(session, chat_id)
    if supported:
        return supported[0][0].language, supported
    patient = patients.find(session, chat_id)
    return patient.language if patient else patients.newcomer_language(session, chat_id, now), supported


def _zone_ask(context: CareContext, words: Words) -> ZoneAsk:
    likely = likely_offsets(client_language(context), context.deps.defaults.zone, context.now)
    return ZoneAsk(words, screens.ZONE, context.now, likely)
