"""The screens on the way to an invitation: the name, the person, the ticks, the example, the link. All pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from care.people import Patient
from care.sharing import SCOPES, Invitation, Scope, mask_of, spelt
from handlers.pickers import help_keyboard
from handlers.screens import Button, Row, Screen, button
from handlers.sharing import Sharing
from handlers.support_screens import (
    VERB,
    invited_name,
    moment_words,
    scope_words,
    shown_name,
    tick,
)
from handlers.words import Words

LONGEST_NAME = 40
_EXAMPLES = 2
"""How many updates of a scope the example shows."""


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation that has just got its code, and the link that leads to it."""

    invitation: Invitation
    code: str
    link: str
    bot: str


def name_screen(words: Words, first_name: str) -> Screen:
    """Ask under which name the patient invites; the name that Telegram shows can be tapped."""
    rows: list[Row] = [(button(shown_name(words, first_name), VERB, "called"),)] if first_name.strip() else []
    return Screen(words("support-name-ask"), (*rows, (_to_list(words),)))


def who_screen(words: Words, above: str = "") -> Screen:
    """Ask who is invited: somebody picked, or whoever gets the link."""
    rows = (
        (button(words("support-pick"), VERB, "pick"),),
        (button(words("support-anyone"), VERB, "anyone"),),
        (_to_list(words),),
    )
    return Screen("\n\n".join(filter(None, (above, words("support-who-ask")))), rows)


def picked_screen(words: Words, name: str) -> Screen:
    """Say that the link will be for the picked person; the usual key comes back under the chat."""
    said = words("support-picked", name=shown_name(words, name)) if name else words("support-picked-unnamed")
    return Screen(said, keyboard=help_keyboard(words))


def refused_screen(words: Words, why: str, name: str) -> Screen:
    """Say kindly why the picked person cannot be invited; the usual key comes back under the chat."""
    named = {"name": shown_name(words, name)} if why == "pick-linked" else {}
    return Screen(words(f"support-{why}", **named), keyboard=help_keyboard(words))


def pick_screen(words: Words) -> Screen:
    """Show the key with which a person is picked, above the way to help."""
    request = {"request_id": 1, "user_is_bot": False, "max_quantity": 1, "request_name": True}
    pick = {"text": words("support-key-pick"), "request_users": request}
    keyboard = {"keyboard": [[pick], [{"text": words("key-help")}]], "is_persistent": True, "resize_keyboard": True}
    return Screen(words("support-pick-ask"), keyboard=keyboard)


def ticks_screen(words: Words, draft: Invitation) -> Screen:
    """Offer what will be shared as ticks; each carries the choice it was drawn from and the one it leads to."""
    mask = mask_of(draft.scopes)
    rows: list[Row] = [
        (tick(words, scope, draft.scopes, "tick", draft.id, mask, mask ^ 1 << n),) for n, scope in enumerate(SCOPES)
    ]
    example = (button(words("support-preview"), VERB, "look", draft.id, mask, style="primary"),) if mask else ()
    rows.append((*example, button(words("support-cancel"), VERB, "drop", draft.id)))
    return Screen(words("support-ticks-ask", name=shown_name(words, draft.name)), tuple(rows))


def preview_screen(words: Words, patient: Patient, draft: Invitation, updates: Mapping[Scope, Sequence[str]]) -> Screen:
    """Show what would have been shared this week, scope by scope, as it would stand there; in discreet mode covered."""
    head = words("support-preview-head", name=shown_name(words, draft.name))
    parts = [_example(words, scope, updates.get(scope, ())) for scope in SCOPES if scope in draft.scopes]
    shown = "\n\n".join((head, *parts))
    mask = mask_of(draft.scopes)
    make = button(words("support-make"), VERB, "make", draft.id, mask, style="success")
    other = (button(words("support-ticks-back"), VERB, "edit", draft.id), _drop(words, draft))
    hidden = (len(head) + 2, len(shown)) if patient.discreet else None
    return Screen("\n\n".join((shown, words("support-preview-consent"))), ((make,), other), hidden)


def _example(words: Words, scope: Scope, updates: Sequence[str]) -> str:
    title = words("support-preview-scope", label=words(f"support-tick-{scope.value}"))
    said = [*updates[:_EXAMPLES]] or [words(f"support-preview-none-{scope.value}")]
    if len(updates) > _EXAMPLES:
        said.append(words("support-preview-more", n=len(updates) - _EXAMPLES))
    if updates and scope is Scope.PLEASE_CALL:
        said.append(words("support-preview-none-please_call"))
    return "\n".join((title, *said))


def made_screen(words: Words, patient: Patient, made: Made) -> Screen:
    """Give the message with the link and the code, to be passed on. Neither is stored or can be shown again."""
    one = made.invitation
    name = shown_name(words, one.name)
    text = words(
        "support-made",
        name=name,
        link=made.link,
        until=moment_words(words, patient, one.expires_at),
        **{"for": words("support-made-bound", name=name) if one.bound_chat_id else words("support-made-any")},
        bot=made.bot,
        code=spelt(made.code),
    )
    copies = (
        Button(words("support-copy-link"), copy=made.link),
        Button(words("support-copy-code"), copy=spelt(made.code)),
    )
    take_back = button(words("support-take-back"), VERB, "drop", one.id)
    return Screen(text, (copies, (take_back, _to_list(words))))


def open_screen(words: Words, sharing: Sharing, one: Invitation) -> Screen:
    """Show an open invitation: for whom, until when, what they would see; with a new link, or taken back."""
    until = moment_words(words, sharing.patient, one.expires_at)
    head = words("support-open-one", name=invited_name(words, one), until=until)
    sees = words("support-open-sees", scopes=scope_words(words, one.scopes))
    text = "\n\n".join((head, sees))
    again = button(words("support-again"), VERB, "again", one.id, int(one.made_at.timestamp()))
    hidden = (0, len(text)) if sharing.patient.discreet else None
    return Screen(text, ((again, button(words("support-take-back"), VERB, "drop", one.id)), (_to_list(words),)), hidden)


def _drop(words: Words, draft: Invitation) -> Button:
    return button(words("support-cancel"), VERB, "drop", draft.id)


def _to_list(words: Words) -> Button:
    return button(words("support-back"), VERB, "list")
