"""Telegram's side of the benchmarks: bots, the cards that people tap, the updates, and when each tap was answered."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

LARGEST_BATCH = 100
"""Telegram hands over at most this many updates at once."""
_MANY = 5
"""Of a question with more buttons than this the seventh is tapped, else the first."""
_SEVENTH = 6


@dataclass(slots=True)
class Tap:
    """One press of a button and what came of it. Moments are seconds of the stand-in's own clock."""

    chat: int
    offered: float
    answered: float = 0.0
    edited: float = 0.0
    edits: int = 0

    @property
    def done(self) -> bool:
        """Tell whether the press was answered and its card was edited."""
        return bool(self.answered and self.edited)

    @property
    def wait(self) -> float:
        """Give the seconds until the later of the two calls had arrived."""
        return max(self.answered, self.edited) - self.offered


@dataclass(slots=True)
class Card:
    """A message with buttons as the chat shows it now."""

    message_id: int
    text: str
    markup: str
    """The keyboard as JSON."""

    def data(self, prefix: str) -> str | None:
        """Give what the button carries that a person would tap for an answer; None when nothing is asked any more."""
        rows = json.loads(self.markup).get("inline_keyboard", []) if self.markup else []
        answers = [button["callback_data"] for row in rows for button in row if _is_answer(button, prefix)]
        if not answers:
            return None
        return str(answers[_SEVENTH if len(answers) > _MANY + 1 else 0])


def _is_answer(button: dict[str, Any], prefix: str) -> bool:
    return str(button.get("callback_data", "")).startswith(prefix)


@dataclass(slots=True)
class Poll:
    """A waiting getUpdates: how many it takes, and where its answer goes."""

    limit: int
    answer: Callable[[bytes], None]
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Bot:
    """One bot's queue of updates, its chats, and the observer's notes. prefix begins an answer's callback data."""

    token: str
    prefix: str = ""
    first_update: int = 1
    cards: dict[int, Card] = field(default_factory=dict)
    ready: deque[int] = field(default_factory=deque)
    open_taps: dict[str, Tap] = field(default_factory=dict)
    by_card: dict[tuple[int, int], Tap] = field(default_factory=dict)
    taps: list[Tap] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    polled: float = 0.0
    sends: list[float] = field(default_factory=list)
    on_done: Callable[[Tap], object] | None = None
    queue: deque[bytes] = field(default_factory=deque)
    poll: Poll | None = None
    next_message: int = 1_000_000

    # The queue of updates, faithful to offsets: what was not confirmed is handed over again.

    def push(self, body: str) -> None:
        """Queue an update; body is its JSON without the number."""
        number = self.first_update + len(self.queue)
        self.queue.append(f'{{"update_id":{number},{body}}}'.encode())
        self._serve()

    def ask(self, offset: int, limit: int, timeout: float, answer: Callable[[bytes], None]) -> None:
        """Confirm everything below the offset and answer with what is left, at once or when something comes."""
        self.polled = monotonic()
        while self.queue and self.first_update < offset:
            self.queue.popleft()
            self.first_update += 1
        self._finish()
        self.poll = Poll(min(limit, LARGEST_BATCH), answer)
        if timeout > 0 and not self.queue:
            self.poll.timer = asyncio.get_running_loop().call_later(timeout, self._finish)
        else:
            self._finish()

    def _serve(self) -> None:
        """Answer the waiting poll in the loop's next round, so that what comes together is handed over together."""
        if self.poll is not None and len(self.queue) == 1:
            asyncio.get_running_loop().call_soon(self._finish)

    def _finish(self) -> None:
        poll, self.poll = self.poll, None
        if poll is None:
            return
        if poll.timer is not None:
            poll.timer.cancel()
        batch = [self.queue[place] for place in range(min(poll.limit, len(self.queue)))]
        poll.answer(b"[" + b",".join(batch) + b"]")

    # People.

    def deal(self, chats: Iterable[int], message_id: int, text: str, markup: str) -> None:
        """Give each chat the same card, ready to be tapped."""
        for chat in chats:
            self.cards[chat] = Card(message_id, text, markup)
            self.ready.append(chat)

    def tap(self, at: float | None = None) -> Tap | None:
        """Tap an answer in the chat that waited longest; None when no chat has anything left to tap."""
        while self.ready:
            chat = self.ready.popleft()
            card = self.cards[chat]
            data = card.data(self.prefix)
            if data is not None:
                return self._press(chat, card, data, monotonic() if at is None else at)
        return None

    def _press(self, chat: int, card: Card, data: str, at: float) -> Tap:
        query = f"{len(self.taps) + 1}"
        tap = Tap(chat, at)
        self.taps.append(tap)
        self.open_taps[query] = tap
        self.by_card[chat, card.message_id] = tap
        who = f'"id":{chat},"is_bot":false,"first_name":"Ana","language_code":"en"'
        message = (
            f'"message_id":{card.message_id},"from":{{"id":{self.own_id},"is_bot":true,"first_name":"Bot"}},'
            f'"chat":{{"id":{chat},"type":"private","first_name":"Ana"}},"date":1767225600,'
            f'"text":{json.dumps(card.text)},"reply_markup":{card.markup or "{}"}'
        )
        self.push(
            f'"callback_query":{{"id":"{query}","from":{{{who}}},"message":{{{message}}},'
            f'"chat_instance":"1","data":{json.dumps(data)}}}'
        )
        return tap

    def write(self, chat: int, text: str) -> None:
        """Have a person write a text."""
        self.next_message += 1
        who = f'"id":{chat},"is_bot":false,"first_name":"Ana","language_code":"en"'
        command = f',"entities":[{{"type":"bot_command","offset":0,"length":{len(text)}}}]' if text[0] == "/" else ""
        self.push(
            f'"message":{{"message_id":{self.next_message},"from":{{{who}}},'
            f'"chat":{{"id":{chat},"type":"private","first_name":"Ana"}},"date":1767225600,'
            f'"text":{json.dumps(text)}{command}}}'
        )

    @property
    def own_id(self) -> str:
        """Give the bot's own number, as it stands in the token."""
        return self.token.partition(":")[0]

    # What the bot does.

    def press_answered(self, query: str) -> None:
        """Note answerCallbackQuery."""
        tap = self.open_taps.get(query)
        if tap is not None and not tap.answered:
            tap.answered = monotonic()
            self._settle(tap)

    def edited(self, chat: int, message_id: int, text: str, markup: str) -> None:
        """Note editMessageText: from now on the chat shows the new card."""
        card = self.cards.get(chat)
        tap = self.by_card.get((chat, message_id))
        if card is None or card.message_id != message_id or tap is None:
            return
        card.text, card.markup = text, markup
        tap.edits += 1
        if not tap.edited:
            tap.edited = monotonic()
            self._settle(tap)

    def sent(self) -> int:
        """Note a message that was sent, and give its number."""
        self.sends.append(monotonic())
        self.next_message += 1
        return self.next_message

    def _settle(self, tap: Tap) -> None:
        if not tap.done:
            return
        self.ready.append(tap.chat)
        if self.on_done is not None:
            self.on_done(tap)
