"""Who was shown the help card lately, as far as this process knows: it may be all there is, with the database away."""

from collections import OrderedDict
from datetime import datetime

_MOST = 10_000


class Lately:
    """Remembers, of the latest ten thousand, when a chat was shown the card and which updates were answered.

    Nothing of it is stored: a restart forgets it, and then the card may come once too often, never too rarely.
    """

    def __init__(self) -> None:
        self._cards: OrderedDict[int, datetime] = OrderedDict()
        self._answered: OrderedDict[int, None] = OrderedDict()

    def note_card(self, chat_id: int, now: datetime) -> None:
        """Remember that a chat is shown the card."""
        self._cards[chat_id] = now
        self._cards.move_to_end(chat_id)
        _shorten(self._cards)

    def card_at(self, chat_id: int) -> datetime | None:
        """Give when a chat was shown the card last."""
        return self._cards.get(chat_id)

    def note_answer(self, update_id: int) -> None:
        """Remember that an update has had its card or its line: it may come again."""
        self._answered[update_id] = None
        _shorten(self._answered)

    def is_answered(self, update_id: int) -> bool:
        """Tell whether an update has had its card or its line."""
        return update_id in self._answered


def _shorten(known: OrderedDict[int, datetime] | OrderedDict[int, None]) -> None:
    while len(known) > _MOST:
        known.popitem(last=False)
