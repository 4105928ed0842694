"""/support: whom a patient shares with, what, and the ledger. Every change is one tap and holds at once."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.sharing import Link, LinkState, scopes_of
from handlers import invitations
from handlers.context import CareContext
from handlers.inviting import STEPS
from handlers.press import Press
from handlers.screens import Screen
from handlers.sharing import Sharing, read
from handlers.support_screens import (
    LEDGER_PAGE,
    ledger_screen,
    link_screen,
    link_ticks_screen,
    list_screen,
    shown_name,
)
from handlers.words import Words
from storage import patients
from storage import support as store


async def support(update: Update, context: CareContext) -> None:
    """Show who sees what, and the ways to invite and to stop."""
    sharing = await context.read(read, context.chat_id, context.now)
    if sharing is not None:
        await context.say(list_screen(context.words(sharing.patient.language), sharing))


async def pressed(update: Update, context: CareContext) -> None:
    """Do what a button says to a link; one that fits nothing of this person's shows how sharing stands."""
    kind = context.press.word(0)
    if kind == "shared":
        await _show_ledger(context)
    elif kind in STEPS:
        await invitations.pressed(update, context)
    else:
        hop = context.write if kind in _ACTS else context.read
        sharing, link, said = await hop(_act, context.chat_id, context.press, context.now)
        await _show(context, sharing, link, said)


async def _show(context: CareContext, sharing: Sharing | None, before: Link | None, said: str) -> None:
    if sharing is None:
        await context.acknowledge()
        return
    words = context.words(sharing.patient.language)
    above = words(said, name=shown_name(words, before.name)) if said and before else ""
    await context.present(_screen(words, sharing, context.press, above))


def _screen(words: Words, sharing: Sharing, press: Press, above: str) -> Screen:
    """Give the screen that a press leads to: the ticks, the link, or the list."""
    link = sharing.link(press.number(1))
    if link is None:
        return list_screen(words, sharing, above)
    with_ticks = press.word(0) in ("change", "set") and link.state is not LinkState.WAITING
    return (link_ticks_screen if with_ticks else link_screen)(words, sharing, link, above)


async def _show_ledger(context: CareContext) -> None:
    before = context.press.number(1)
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        await context.acknowledge()
        return
    more = {} if before is None else {"before": before}
    entries = await context.read(store.ledger, context.chat_id, LEDGER_PAGE + 1, **more)
    await context.present(ledger_screen(context.words(patient.language), patient, entries, first=before is None))


def _act(session: Session, chat_id: int, press: Press, now: datetime) -> tuple[Sharing | None, Link | None, str]:
    """Do what a press says; give how sharing stands then, the link as it was, and the message that says so."""
    act, number = _ACTS.get(press.word(0)), press.number(1)
    found = store.link_of(session, chat_id, number, locked=act is not None) if number is not None else None
    said = act(session, chat_id, found[1], press, now) if act and found else ""
    return read(session, chat_id, now), found[1] if found else None, said


def _confirm(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    if link.state is not LinkState.WAITING:
        return ""
    return "support-said-confirmed" if store.confirm(session, chat_id, link.id, now) else ""


def _refuse(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    """End a link that is with the wrong person; an old button of one that was confirmed since then ends nothing."""
    if link.state is not LinkState.WAITING:
        return ""
    return "support-said-refused" if store.end(session, chat_id, link.id, now) else ""


def _set(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    """Take ticks from a button of the link as it stands; one of an older choice must not bring that back."""
    mask = press.number(3)
    if mask is None or press.number(2) != link.version or link.state is LinkState.WAITING:
        return ""
    return "support-said-changed" if store.change(session, chat_id, link.id, scopes_of(mask), now) else ""


def _pause(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    after = store.pause(session, chat_id, link.id, True, now)
    return "support-said-paused" if after and after.state is not link.state else ""


def _go(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    after = store.pause(session, chat_id, link.id, False, now)
    return "support-said-goes" if after and after.state is not link.state else ""


def _stop(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    return "support-said-stopped" if store.end(session, chat_id, link.id, now) else ""


def _call(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    asked = store.ask_to_call(session, chat_id, link.id, now.isoformat(), now)
    return {"asked": "support-said-asked", "lately": "support-said-lately"}.get(asked or "", "")


def _wish(session: Session, chat_id: int, link: Link, press: Press, now: datetime) -> str:
    """Let wishes through ("on") or not ("off")."""
    if press.word(2) not in ("on", "off"):
        return ""
    muted = press.word(2) == "off"
    store.mute_wishes(session, chat_id, link.id, muted)
    return "support-said-muted" if muted else "support-said-unmuted"


Act = Callable[[Session, int, Link, Press, datetime], str]
_ACTS: Mapping[str, Act] = {
    "yes": _confirm,
    "no": _refuse,
    "set": _set,
    "pause": _pause,
    "go": _go,
    "stop": _stop,
    "call": _call,
    "wish": _wish,
}
"""What changes a link: does it if it can be done, and names the message that says so."""
