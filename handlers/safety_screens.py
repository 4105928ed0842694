"""The help card and what stands behind its doors: pure pieces, the same for everybody, without a database.

Every button carries the country and the second at which the card was shown, or 0 where the door belongs to /urgent.
"""

from care.crisis import ELSEWHERE, Country, country
from care.sharing import Link, Update, What
from handlers import updates
from handlers.helplines import address, chats, copies, danger_words, line_rows, line_words, numbers_of
from handlers.nearby import Near
from handlers.press import Press
from handlers.screens import Button, Row, Screen, button
from handlers.support_screens import shown_name
from handlers.words import Words
from storage.shares import Share

VERB = "sf"
URGENT = ("ur", "card")
_NO_CARD = 0


def card(here: Near, stamp: int, *, late: bool = False) -> Screen:
    """Give the card: people can help now, whom to call, and the doors; late where the text waited for long."""
    words, place = here.words, here.place
    numbers = {"emergency": danger_words(words, place), "line": line_words(words, place)}
    parts = [words("safety-late", **numbers) if late else words("safety-full", **numbers)]
    parts += ["\n".join(row for line in place.shown for row in line_rows(words, line))]
    return Screen("\n\n".join(filter(None, parts)), (*copies(words, numbers_of(place)), *_doors(here, stamp)))


def line(here: Near) -> Screen:
    """Give the one quiet line, with the way to the numbers."""
    words, place = here.words, here.place
    row = (button(words("key-help"), *URGENT, place.code),)
    return Screen(words("safety-soft", line=line_words(words, place)), (row,))


def next_day(words: Words, *, discreet: bool) -> Screen:
    """Give the message of the next day; in discreet mode all but its greeting is covered."""
    above, below = words("safety-hello"), words("safety-next-day")
    text = f"{above}\n{below}"
    return Screen(text, hidden=(len(above) + 1, len(text)) if discreet else None)


def door(here: Near, press: Press) -> Screen:
    """Give what stands behind a door; a press that fits none shows the card.

    A card that was shown before the country was known leads on to the person's own.
    """
    place, stamp = country(press.word(1)), press.number(2) or _NO_CARD
    here = here if place.code == ELSEWHERE else Near(here.words, place, here.known)
    screens = {"what": what, "text": text, "people": people}
    if press.word(0) == "one":
        return people(here, stamp, press.number(3))
    return screens.get(press.word(0), card)(here, stamp)


def what(here: Near, stamp: int) -> Screen:
    """Tell what happens when one calls."""
    return Screen(here.words("urgent-called"), (_back(here, stamp),))


def text(here: Near, stamp: int) -> Screen:
    """Tell where one can write instead of calling."""
    words, place = here.words, here.place
    written = [one for one in place.shown if one.text or one.whatsapp or one.chat]
    rows = [row for one in written for row in _ways_to_write(words, one.name, one.text, one.say, one.whatsapp)]
    told = "\n".join([words("safety-text"), *rows]) if written else words("safety-text-none", place=_page(place))
    numbers = [number for one in written for number in (one.text, one.whatsapp) if number]
    more = (Button(words("urgent-more"), url=place.directory),)
    return Screen(told, (*copies(words, numbers), *chats(words, place), more, _back(here, stamp)))


def _ways_to_write(words: Words, name: str, number: str, say: str, whatsapp: str) -> list[str]:
    rows = [name]
    if number:
        rows.append(
            words("helpline-row-say", word=say, number=number) if say else words("helpline-row-text", number=number)
        )
    return rows + ([words("helpline-row-whatsapp", number=whatsapp)] if whatsapp else [])


def people(here: Near, stamp: int, chosen: int | None = None) -> Screen:
    """Show what a support person would be sent; where none may be asked, words to send to anybody by oneself."""
    links = [one for one in here.supporters if chosen in (None, one.id)] or list(here.supporters)
    if not links:
        return share(here, stamp)
    if len(links) > 1:
        rows = [(_one(here, stamp, "one", one.id, label=shown_name(here.words, one.name)),) for one in links]
        return Screen(here.words("safety-which"), (*rows, _back(here, stamp)))
    return _preview(here, stamp, links[0])


def _preview(here: Near, stamp: int, link: Link) -> Screen:
    words = here.words
    send = _one(here, stamp, "send", link.id, link.version, label=words("safety-send"))
    told = words("safety-preview", name=shown_name(words, link.name), text=_request(here, link))
    return Screen(told, ((send, *_back(here, stamp)),))


def _request(here: Near, link: Link) -> str:
    """Give the request to call to the letter as the support person gets it."""
    name = here.known.name if here.known else ""
    share_ = Share(link, Update(link.id, link.version, What.PLEASE_CALL, "1"), name, link.zone or "UTC")
    return updates.please_call(Words(link.language), share_)


def share(here: Near, stamp: int) -> Screen:
    """Give words that the person can copy and send to anybody they trust."""
    words = here.words
    message = words("safety-share-text")
    rows = ((Button(words("safety-copy"), copy=message),), _back(here, stamp))
    return Screen("\n\n".join((words("safety-share"), message)), rows)


def asked(here: Near, stamp: int, link: Link, said: str) -> Screen:
    """Say what came of asking a support person to call: "asked" or "lately"."""
    name = shown_name(here.words, link.name)
    told = here.words(f"support-said-{said}", name=name)
    return Screen(told, (_back(here, stamp),))


def _doors(here: Near, stamp: int) -> tuple[Row, ...]:
    words = here.words
    return (
        (people_button(here, stamp),),
        (_one(here, stamp, "text", label=words("safety-write")),),
        (_one(here, stamp, "what", label=words("urgent-what")),),
        (Button(words("urgent-more"), url=here.place.directory),),
        (
            _one(here, stamp, "ok", label=words("safety-go-on")),
            _one(here, stamp, "wrong", label=words("safety-got-wrong")),
        ),
    )


def people_button(here: Near, stamp: int = _NO_CARD) -> Button:
    """Give the door to the people one trusts; it says support person where one may be asked."""
    words = here.words
    label = words("safety-people") if here.supporters else words("safety-anybody")
    return _one(here, stamp, "people", label=label)


def _one(here: Near, stamp: int, kind: str, *args: int, label: str) -> Button:
    return button(label, VERB, kind, here.place.code, stamp, *args)


def _back(here: Near, stamp: int) -> Row:
    words, code = here.words, here.place.code
    to = (VERB, "card", code, stamp) if stamp else (*URGENT, code)
    return (button(words("urgent-back"), *to),)


def _page(place: Country) -> str:
    return address(place.directory)
