"""The screens of a support person: the invitation, what they get and choose, wishes, leaving. All pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from babel import Locale

from care.schedule import QuietHours, wall_minute
from care.sharing import Link, LinkState, read_code
from care.zones import is_zone
from handlers.choices import QUIET, quiet_words
from handlers.menu import command_button
from handlers.pickers import ZoneAsk, city, zone_screen
from handlers.press import pack
from handlers.screens import Row, Screen, button, in_rows
from handlers.told import WISHES
from handlers.updates import VERB, scope_lines
from handlers.words import Words, languages
from storage.supporting import Look

INVITED = "in"
"""The verb of an invitation's buttons."""
ZONE = (VERB, "zone")
_FIVE = "[0-9A-Za-z]{5}"
_CODE = re.compile(rf"{_FIVE}(?:[-_\s\u2013\u2014]*{_FIVE}){{3}}")
_BETWEEN = re.compile(r"[-_\s\u2013\u2014]")
_ALMOST = range(15, 26)
Supported = Sequence[tuple[Link, str]]
"""The links of a support person, each with the name under which the patient invited them."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What the screens of a support person are drawn from."""

    words: Words
    supported: Supported
    now: datetime

    def named(self, name: str) -> str:
        """Give a patient's name; for one who chose none, a word in its place."""
        return name or self.words("updates-someone")

    @property
    def settings(self) -> Link:
        """Give the link that shows the person's own choices, which are the same for all of them."""
        return self.supported[0][0]


def code_in(text: str) -> str | None:
    """Give the code that a whole text is, in four groups of five; a sentence that happens to have 20 letters is none.

    All but one code in a thousand have a digit from 2 to 9; one without is still read from its link.
    """
    return read_code(" ".join(text.split())) if _CODE.fullmatch(text.strip()) and re.search("[2-9]", text) else None


def is_almost_a_code(text: str) -> bool:
    """Tell whether a text is a code that somebody mistyped, rather than a sentence."""
    bare = _BETWEEN.sub("", text)
    one_word = "-" in text or not re.search(r"\s", text.strip())
    return len(bare) in _ALMOST and bare.isalnum() and one_word and re.search("[0-9]", bare) is not None


def invitation_screen(words: Words, seen: Look, code: str) -> Screen:
    """Show who invites to what, what it is not, and the three answers; or kindly why the code cannot be answered."""
    name = seen.patient_name or words("updates-someone")
    if seen.refused or seen.invitation is None:
        return refused_screen(words, seen.refused, name)
    text = words("invited", name=name, list=scope_lines(words, seen.invitation.scopes, name))
    yes = button(words("invited-yes"), INVITED, "yes", code, style="success")
    no, report = (button(words(f"invited-{answer}"), INVITED, answer, code) for answer in ("no", "report"))
    return Screen(
        f"{text}\n\n{words('invited-not', name=name)}\n\n{words('invited-kept', name=name)}", ((yes, no), (report,))
    )


def refused_screen(words: Words, refused: str, name: str) -> Screen:
    """Say why a code cannot be answered."""
    if refused == "already":
        return Screen(words("invited-already", name=name), (_home(words),))
    return Screen(words(f"invited-{refused.replace('_', '-')}"))


def declined_screen(words: Words, answer: str) -> Screen:
    """Say that an invitation was declined or reported."""
    return Screen(words("invited-reported" if answer == "report" else "invited-declined"))


def accepted_screen(words: Words, name: str, ask: ZoneAsk | None) -> Screen:
    """Say that the patient confirms next, and ask for the zone; ask is None where it is known."""
    text = words("invited-accepted", name=name or words("updates-someone"))
    if ask is None:
        return Screen(text, (_home(words),))
    asked = zone_step(ask, ())
    return replace(asked, text=f"{text}\n\n{asked.text}")


def zone_step(ask: ZoneAsk, args: Sequence[str]) -> Screen:
    """Give a step of the zone picker; it says nothing of check-ins, and a location is not asked for."""
    kind, value = (*args, "", "")[:2]
    if kind == "z" and is_zone(value):
        return _confirm_zone(ask, value)
    asked = zone_screen(ask, args)
    here = pack("zo", "here")
    rows = tuple(tuple(one for one in row if one.data != here) for row in asked.rows)
    later = button(ask.words("supporting-later"), VERB, "home")
    text = asked.text if kind in ("o", "all") else ask.words("supporting-zone-ask")
    return Screen(text, (*(row for row in rows if row), (later,)))


def _confirm_zone(ask: ZoneAsk, zone: str) -> Screen:
    clock = ask.words.clock(wall_minute(ask.now, zone))
    text = ask.words("supporting-zone-confirm", clock=clock, city=city(ask.words, zone))
    yes = button(ask.words("zone-yes"), *ask.carry, "y", zone, style="success")
    return Screen(text, ((yes, button(ask.words("zone-no"), *ask.carry, "all")),))


def overview(mine: Mine, above: str = "") -> Screen:
    """List what the person gets from whom and what they chose for themselves."""
    words = mine.words
    if not mine.supported:
        return Screen("\n\n".join(filter(None, (above, words("supporting-none")))))
    parts = [above, *(_of_one(mine, link, name) for link, name in mine.supported)]
    parts += [words("supporting-paused")] if mine.settings.paused_at else []
    parts.append(_chosen(mine))
    return Screen("\n\n".join(filter(None, parts)), (*_wish_rows(mine), *_choice_rows(mine)))


def _of_one(mine: Mine, link: Link, name: str) -> str:
    words, named = mine.words, mine.named(name)
    said = {LinkState.WAITING: "supporting-waiting", LinkState.PAUSED: "supporting-quiet-now"}
    lines = [words("supporting-from", name=named, list=scope_lines(words, link.scopes, named))]
    lines += [words(said[link.state], name=named)] if link.state in said else []
    return "\n".join(lines)


def _chosen(mine: Mine) -> str:
    words, link = mine.words, mine.settings
    zone = words("settings-none")
    if link.zone:
        clock = words.clock(wall_minute(mine.now, link.zone))
        zone = words("settings-zone-value", city=city(words, link.zone), clock=clock)
    chosen = {"quiet": quiet_words(words, link.quiet), "zone": zone}
    return "\n".join(
        words("settings-line", name=words(f"settings-{name}"), value=value) for name, value in chosen.items()
    )


def _wish_rows(mine: Mine) -> tuple[Row, ...]:
    """Give a button for a wish to each patient who has confirmed; it names them where there are several."""
    words = mine.words
    known = [(link, name) for link, name in mine.supported if link.state is not LinkState.WAITING]
    labels = {
        link.id: words("supporting-wish-to", name=mine.named(name)) if len(mine.supported) > 1 else ""
        for link, name in known
    }
    return tuple((button(labels[link.id] or words("supporting-wish"), VERB, "wish", link.id),) for link, _ in known)


def _choice_rows(mine: Mine) -> tuple[Row, ...]:
    words = mine.words
    on = ("menu-resume", "resume") if mine.settings.paused_at else ("menu-pause", "pause")
    choices = [on, ("settings-quiet", "quiet"), ("settings-zone", "zone")]
    choices += [("settings-language", "language")] if len(languages()) > 1 else []
    choices += [("supporting-kept-button", "kept"), ("menu-leave", "leave")]
    return in_rows([button(words(label), VERB, kind) for label, kind in choices], (2,))


def quiet_screen(mine: Mine) -> Screen:
    """Offer quiet hours; the present ones carry a mark."""
    words, present = mine.words, mine.settings.quiet
    spans = (*QUIET, QuietHours(0, 0))
    labels = [quiet_words(words, one) if one.start != one.end else words("settings-off") for one in spans]
    marked = [
        words("settings-present", label=label) if one == present else label
        for one, label in zip(spans, labels, strict=True)
    ]
    buttons = [button(label, VERB, "quiet", one.start, one.end) for one, label in zip(spans, marked, strict=True)]
    return Screen(words("supporting-quiet-ask"), (*in_rows(buttons, (1,)), _back(words)))


def language_screen(words: Words) -> Screen:
    """Offer the languages by their own names."""
    names = [(code, Locale.parse(code).get_display_name(code) or code) for code in languages()]
    buttons = [button(name, VERB, "language", code) for code, name in names]
    return Screen(words("settings-language-ask"), (*in_rows(buttons, (2,)), _back(words)))


def leave_screen(mine: Mine, number: int | None) -> Screen:
    """Ask whether to leave a patient; with several, first which one."""
    words, found = mine.words, [one for one in mine.supported if number in (None, one[0].id)]
    if not found:
        return overview(mine)
    if len(found) > 1:
        rows = tuple((button(mine.named(name), VERB, "leave", link.id),) for link, name in found)
        return Screen(words("supporting-leave-which"), (*rows, _back(words)))
    (link, name), *_ = found
    yes = button(words("supporting-leave-yes"), VERB, "left", link.id, style="danger")
    stay = button(words("supporting-leave-no"), VERB, "home")
    return Screen(words("supporting-leave-ask", name=mine.named(name)), ((yes, stay),))


def left_screen(mine: Mine) -> Screen:
    """Say that all is erased; whoever still gets updates from others sees those."""
    said = mine.words("supporting-left")
    return overview(mine, said) if mine.supported else Screen(said)


def wish_screen(mine: Mine, number: int | None) -> Screen:
    """Offer the fixed texts for one patient."""
    words, found = mine.words, next((one for one in mine.supported if one[0].id == number), None)
    if found is None or found[0].state is LinkState.WAITING:
        return overview(mine)
    rows = tuple((button(words(f"updates-wish-{wish}"), VERB, "wish", number, wish),) for wish in WISHES)
    return Screen(words("supporting-wish-ask", name=mine.named(found[1])), (*rows, _back(words)))


def wished_screen(mine: Mine, number: int, came_of_it: str) -> Screen:
    """Say whether a wish is on its way."""
    name = next((mine.named(name) for link, name in mine.supported if link.id == number), "")
    key = "supporting-wish-sent" if came_of_it == "sent" else "supporting-wish-lately"
    return Screen(mine.words(key, name=name), (_home(mine.words),))


def kept_screen(words: Words) -> Screen:
    """Tell what is kept about a support person and how to remove it."""
    return Screen(words("supporting-kept"), ((command_button(words, "updates"), command_button(words, "leave")),))


def help_screen(words: Words) -> Screen:
    """List what a support person can do."""
    doors = ("updates", "pause", "privacy", "urgent")
    return Screen(words("supporting-help"), in_rows([command_button(words, door) for door in doors], (2,)))


def hello_screen(words: Words) -> Screen:
    """Greet a support person, and open the way to check-ins of their own."""
    own = button(words("supporting-self"), VERB, "self")
    return Screen(words("supporting-hello"), (_home(words), (own,)))


def no_messages_screen(mine: Mine) -> Screen:
    """Say that no words are passed on; a wish is, and help is near."""
    urgent = (command_button(mine.words, "urgent"),)
    return Screen(mine.words("supporting-no-messages"), (*_wish_rows(mine), (*_home(mine.words), *urgent)))


def unread_screen(words: Words) -> Screen:
    """Say that a text looks like a code but is none."""
    return Screen(words("invited-unread"))


def _home(words: Words) -> Row:
    return (button(words("menu-updates"), VERB, "home"),)


def _back(words: Words) -> Row:
    return (button(words("settings-back"), VERB, "home"),)
