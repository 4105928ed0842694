"""Lives on a phone of the demo as a person would: reads what the bot wrote and taps or types the answer.

It knows the bot by its words alone. What it does not know it leaves alone, or closes with the mildest button there is.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import partial

from bot.demo.feelings import Feelings
from bot.demo.messages import ChatMessage
from bot.demo.phones import Phone
from care.questions import Question, question_sets
from handlers.pickers import EVENING
from handlers.words import Words

MOST_TAPS = 80
"""How often it taps before it lays the phone down, whatever the bot says."""
LOOKS_BACK = 8
LEAVES = ("card-done", "note-keep", "card-skip", "appt-not-now")
"""Buttons that end what it does not know, the most fitting first."""

Tap = Callable[[], Awaitable[object]]
Rule = Callable[[ChatMessage], Tap | None]


class Autopilot:
    """One person's thumbs. answered waits until the bot has said what it says to a tap."""

    def __init__(
        self, phone: Phone, words: Words, feelings: Feelings, place: tuple[float, float], answered: Tap
    ) -> None:
        self.phone = phone
        self.words = words
        self.feelings = feelings
        self.first: list[Rule] = []
        self._place = place
        self._answered = answered
        self._seen: set[tuple[int, str, str]] = set()
        self._questions = dict(_questions(words))
        self._rules: list[Rule] = [self._first_minutes, self._question, self._leave]

    @property
    def now(self) -> datetime:
        """Give the present moment of the phone's world."""
        return self.phone.world.clock()

    # What it does with its thumbs.

    async def says(self, text: str) -> None:
        """Type a text."""
        self.phone.writes(text)
        await self._answered()

    async def taps(self, label: str, message: ChatMessage | None = None) -> bool:
        """Tap a button by its label, in a message or in the newest that has it; tell whether there was one."""
        for one in [message] if message else reversed(self.phone.messages):
            if label in one.buttons:
                self.phone.taps(label, one.message_id)
                await self._answered()
                return True
        return False

    async def taps_named(self, name: str, message: ChatMessage | None = None) -> bool:
        """Tap the button that carries the words of a name."""
        return await self.taps(self.words(name), message)

    # What it reads.

    def has(self, message: ChatMessage, *names: str) -> bool:
        """Tell whether a message has all these buttons, by the names of their words."""
        return all(self.words.has(name) and self.words(name) in message.buttons for name in names)

    def showing(self, name: str) -> ChatMessage | None:
        """Give the newest message that says the words of a name."""
        return next((one for one in reversed(self.phone.messages) if self.words(name) in one.content), None)

    def news(self) -> list[ChatMessage]:
        """List the messages with buttons that were not looked at as they stand, the newest first."""
        live = [one for one in reversed(self.phone.messages[-LOOKS_BACK:]) if one.from_bot and one.buttons]
        return [one for one in live if _sight(one) not in self._seen]

    def overlooks(self, *names: str) -> None:
        """Leave what stands there now with these buttons unanswered for good."""
        self._seen.update(_sight(one) for one in self.news() if self.has(one, *names))

    async def attends(self) -> None:
        """Answer what the bot asks until nothing is left to answer."""
        for _ in range(MOST_TAPS):
            tap = self._next_tap()
            if tap is None:
                return
            await tap()

    def _next_tap(self) -> Tap | None:
        for message in self.news():
            self._seen.add(_sight(message))
            for rule in (*self.first, *self._rules):
                if tap := rule(message):
                    return tap
        return None

    # What it knows: the first minutes, every question, and the ways out.

    def _first_minutes(self, message: ChatMessage) -> Tap | None:
        if self.has(message, "zone-here"):
            return partial(self._shares_place, message)
        if self.words("country-ask") in message.content or self.words("start-language") in message.content:
            return partial(self.taps, message.buttons[0], message)
        evening = self.words("time-evening", time=self.words.clock(EVENING))
        known = [self.words(name) for name in ("age-yes", "consent-agree", "zone-yes", "start-try", "start-not-now")]
        label = next((one for one in (*known, evening) if one in message.buttons), None)
        return partial(self.taps, label, message) if label else None

    async def _shares_place(self, message: ChatMessage) -> None:
        await self.taps_named("zone-here", message)
        self.phone.shares_location(*self._place)
        await self._answered()

    def _question(self, message: ChatMessage) -> Tap | None:
        asked = [words for words in self._questions if words in message.content]
        return partial(self._answers, self._questions[max(asked, key=len)], message) if asked else None

    async def _answers(self, question: Question, message: ChatMessage) -> None:
        value = self.feelings.answer(question, self.now)
        if value is None:
            await self.taps_named("card-skip", message)
        elif question.many:
            for one in question.chosen(value):
                await self.taps_named(f"option-{question.code}-{one}", message)
            await self.taps_named("many-done", message)
        else:
            await self.taps_named(f"option-{question.code}-{value}", message)

    def _leave(self, message: ChatMessage) -> Tap | None:
        name = next((name for name in LEAVES if self.has(message, name)), None)
        return partial(self.taps_named, name, message) if name else None


def _sight(message: ChatMessage) -> tuple[int, str, str]:
    return message.message_id, message.content, "\n".join(message.buttons)


def _questions(words: Words) -> Iterator[tuple[str, Question]]:
    """Pair each question's words with the question; two that are worded alike have the same code."""
    for question_set in question_sets().values():
        for question in question_set.questions:
            name = f"question-{question.code}"
            yield words(f"{name}-{question.wording}" if question.wording else name), question
