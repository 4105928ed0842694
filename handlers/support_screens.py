"""The screens of /support: who sees what, one link, its ticks, and the ledger of what was shared. All pure."""

from collections.abc import Sequence
from datetime import datetime

from care.people import Patient
from care.schedule import local_time, wall_minute
from care.sharing import SCOPES, Invitation, Link, LinkState, Scope, mask_of
from handlers.excerpts import excerpt, one_line
from handlers.screens import Button, Row, Screen, button
from handlers.sharing import Sharing
from handlers.words import Words
from storage.support import Shared

VERB = "sh"
LEDGER_PAGE = 5
_LONGEST_LABEL = 40
_LONGEST_COPY = 500


def shown_name(words: Words, name: str) -> str:
    """Give a support person's name as it is shown; where none is known, the words for that."""
    return one_line(name)[:_LONGEST_LABEL] or words("support-no-name")


def scope_words(words: Words, scopes: frozenset[Scope]) -> str:
    """Name scopes in one line, in their order."""
    return ", ".join(words(f"support-scope-{scope.value}") for scope in SCOPES if scope in scopes)


def moment_words(words: Words, patient: Patient, at: datetime) -> str:
    """Write a moment as the patient's day and clock."""
    zone = patient.zone_at(at)
    return f"{words.day(local_time(at, zone).date())} {words.clock(wall_minute(at, zone))}"


def told(words: Words, link: Link) -> str:
    """Say how a link stands and what it shows."""
    if link.state is LinkState.WAITING:
        return words("support-waits")
    if link.state is LinkState.PAUSED:
        return words("support-paused")
    if not link.scopes:
        return words("support-sees-nothing")
    scopes = scope_words(words, link.scopes)
    return words("support-rests" if link.paused_at else "support-sees", scopes=scopes)


def list_screen(words: Words, sharing: Sharing, above: str = "") -> Screen:
    """Show who sees what, each person and open invitation with a button; in discreet mode the names are covered.

    above says what was just done, in place of what all this is.
    """
    head = above or words("support-what")
    lines = "\n\n".join(filter(None, (_people(words, sharing), _invited(words, sharing))))
    text = "\n\n".join((head, lines or words("support-nobody")))
    hidden = (len(head) + 2, len(text)) if lines and sharing.patient.discreet else None
    rows: list[Row] = [(_to_link(words, link),) for link in sharing.links]
    rows += [(_to_invitation(words, one),) for one in sharing.invitations]
    rows.append((button(words("support-invite"), VERB, "invite", style="primary"),))
    ledger = button(words("support-shared"), VERB, "shared")
    rows.append((ledger, button(words("support-my-name"), VERB, "name")) if sharing.name else (ledger,))
    return Screen(text, tuple(rows), hidden)


def _people(words: Words, sharing: Sharing) -> str:
    lines = [_line(words, shown_name(words, link.name), told(words, link)) for link in sharing.links]
    return "\n".join((words("support-linked"), *lines)) if lines else ""


def _invited(words: Words, sharing: Sharing) -> str:
    lines = [
        _line(words, invited_name(words, one), words("support-until", until=_until(words, sharing, one)))
        for one in sharing.invitations
    ]
    return "\n".join((words("support-open"), *lines)) if lines else ""


def invited_name(words: Words, one: Invitation) -> str:
    """Give the name of whom an invitation is for."""
    return shown_name(words, one.name) if one.bound_chat_id else words("support-invitation-any")


def _line(words: Words, name: str, said: str) -> str:
    return words("support-line", name=name, told=said)


def _until(words: Words, sharing: Sharing, one: Invitation) -> str:
    return moment_words(words, sharing.patient, one.expires_at)


def _to_link(words: Words, link: Link) -> Button:
    return button(shown_name(words, link.name), VERB, "link", link.id)


def _to_invitation(words: Words, one: Invitation) -> Button:
    named = words("support-invitation-of", name=shown_name(words, one.name)) if one.name else ""
    return button(named or words("support-invitation-unnamed"), VERB, "open", one.id)


def link_screen(words: Words, sharing: Sharing, link: Link, above: str = "") -> Screen:
    """Show one link with all that can be done about it."""
    line = words("support-one", name=shown_name(words, link.name), told=told(words, link))
    text = "\n\n".join(filter(None, (above, line)))
    hidden = (len(text) - len(line), len(text)) if sharing.patient.discreet else None
    return Screen(text, (*_ways(words, link), (button(words("support-back"), VERB, "list"),)), hidden)


def _ways(words: Words, link: Link) -> tuple[Row, ...]:
    if link.state is LinkState.WAITING:
        return (confirm_row(words, link.id),)
    is_paused = link.state is LinkState.PAUSED
    halt = button(words("support-go" if is_paused else "support-pause"), VERB, "go" if is_paused else "pause", link.id)
    call = call_button(words, link)
    muted = link.wishes_muted
    wishes = button(words("support-wishes-on" if muted else "support-wishes-off"), VERB, "wish", link.id, _on(muted))
    stop = button(words("support-stop"), VERB, "stop", link.id, style="danger")
    change = button(words("support-change"), VERB, "change", link.id)
    return ((change, halt), *(((call,),) if call else ()), (wishes,), (stop,))


def _on(value: bool) -> str:
    return "on" if value else "off"


def confirm_row(words: Words, number: int) -> Row:
    """Give the buttons that say whether a link is with the right person."""
    yes = button(words("support-yes"), VERB, "yes", number, style="success")
    return yes, button(words("support-no"), VERB, "no", number)


def call_button(words: Words, link: Link) -> Button | None:
    """Give the button that asks a support person to call; None where that is not shared now."""
    if not link.shares(Scope.PLEASE_CALL):
        return None
    return button(words("support-call-name", name=shown_name(words, link.name)), VERB, "call", link.id)


def link_ticks_screen(words: Words, sharing: Sharing, link: Link, above: str = "") -> Screen:
    """Offer what a link shares as ticks; each carries the choice it leads to and the version it was drawn from."""
    mask = mask_of(link.scopes)
    rows = [
        (tick(words, scope, link.scopes, "set", link.id, link.version, mask ^ 1 << n),)
        for n, scope in enumerate(SCOPES)
    ]
    text = words("support-change-ask", name=shown_name(words, link.name))
    back: Row = (button(words("support-back"), VERB, "link", link.id),)
    return Screen("\n\n".join(filter(None, (above, text))), (*rows, back))


def tick(words: Words, scope: Scope, ticked: frozenset[Scope], *args: object) -> Button:
    """Give the button that ticks or unticks a scope."""
    is_on = scope in ticked
    label = words("support-on" if is_on else "support-off", label=words(f"support-tick-{scope.value}"))
    return button(label, VERB, *args, style="success" if is_on else "")


def ledger_screen(words: Words, patient: Patient, entries: Sequence[Shared], *, first: bool) -> Screen:
    """Show a page of what was shared; entries may hold one more than the page. In discreet mode it is covered."""
    page = entries[:LEDGER_PAGE]
    back: Row = (button(words("support-back"), VERB, "list"),)
    if not page:
        return Screen(words("support-ledger-none"), (back,))
    head = words("support-ledger")
    text = "\n\n".join((head, *(_entry(words, patient, one) for one in page)))
    turns = [] if first else [button(words("support-newest"), VERB, "shared")]
    turns += [button(words("support-earlier"), VERB, "shared", page[-1].id)] if len(entries) > len(page) else []
    hidden = (len(head) + 2, len(text)) if patient.discreet else None
    return Screen(text, (*((tuple(turns),) if turns else ()), back), hidden)


def _entry(words: Words, patient: Patient, one: Shared) -> str:
    when, outcome = moment_words(words, patient, one.at), words(f"support-outcome-{one.outcome}")
    line = words("support-ledger-line", when=when, name=shown_name(words, one.name), outcome=outcome)
    return "\n".join(filter(None, (line, excerpt(one.text, _LONGEST_COPY) if one.text else "")))


def reminder(words: Words, links: Sequence[Link]) -> str:
    """Say in a line each who can see what now; "" while nothing is shared with anybody."""
    active = [link for link in links if link.state is LinkState.ACTIVE and link.scopes]
    return "\n".join(
        words("support-reminder", name=shown_name(words, link.name), scopes=scope_words(words, link.scopes))
        for link in active
    )


def reminder_button(words: Words) -> Button:
    """Give the button under the reminder, which leads to the list."""
    return button(words("support-change"), VERB, "list")
