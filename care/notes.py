"""A journal note, as the person wrote it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A note known by the Telegram message it was typed in; revision counts its wordings, from 1.

    picked: the person wants to show it at their next visit.
    """

    message_id: int
    day: date
    text: str
    written_at: datetime
    revision: int = 1
    picked: bool = False
