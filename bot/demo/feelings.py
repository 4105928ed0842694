"""How Dana of the demo feels: believable answers to every question, the same for the same day of the same month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from care.questions import Question
from care.schedule import local_time

BEFORE, GAIN_A_DAY = 3.6, 0.045
LIFT, FADES_BY, SPREAD = 2.7, 0.82, 0.45
LOWEST, HIGHEST = 2, 9
SKIPS, HARD_SESSION = 0.06, 1
FIRST_HOURS, NEXT_MORNING = timedelta(hours=9), timedelta(hours=26)
BODY_NOW = {"dizziness": 0.75, "nausea": 0.5, "sleepy": 0.9, "headache": 0.35, "floaty": 0.7}
"""How likely each feeling of the body is in the first hours; the next morning it is a third of that."""
WELL = {"faint": 0, "vomit": 0, "safe": 2, "connect": 1, "anxious": 1, "tolerability": 3, "crave": 0, "highs": 0}
"""Answers to questions that her month has no story for."""
NEVER_SKIPPED = ("mood", "safe", "events", "change")


class Feelings:
    """Answers questions of a zone's person; had are the moments of the treatments so far, the newest last."""

    def __init__(self, seed: int, zone: str, began: datetime) -> None:
        self.had: list[datetime] = []
        self._seed = seed
        self._zone = zone
        self._began = began

    def answer(self, question: Question, now: datetime) -> int | None:
        """Give the value of an answer, a sum of bits where many may be tapped; None to skip the question."""
        dice = self._dice(question.code, now)
        if question.code not in NEVER_SKIPPED and not question.many and dice.random() < SKIPS:
            return None
        if question.many:
            return self._many(question, dice)
        return min(max(self._value(question, now, dice), question.values[0]), question.values[-1])

    def _dice(self, code: str, now: datetime) -> Random:
        return Random(f"{self._seed}/{code}/{local_time(now, self._zone).date()}/{len(self.had)}")

    def _value(self, question: Question, now: datetime, dice: Random) -> int:
        code = question.code
        if code in BODY_NOW:
            return self._body(code, now, dice)
        mood = self.mood(now)
        if code == "mood":
            return min(max(round(mood + dice.gauss(0, SPREAD)), LOWEST), HIGHEST)
        if code in ("energy", "sleep", "change"):
            return round(mood * 0.42 + dice.gauss(0, 0.5))
        return WELL.get(code, question.values[len(question.values) // 2])

    def mood(self, now: datetime) -> float:
        """Give the mood behind the answers: slowly better, lifted from the day after a treatment on, and fading."""
        days = (now - self._began).days
        lifts = [LIFT * FADES_BY ** (since - 1) for since in self._days_since(now) if since > 0]
        return BEFORE + GAIN_A_DAY * days + max(lifts, default=0.0)

    def _days_since(self, now: datetime) -> Sequence[int]:
        today = local_time(now, self._zone).date()
        return [(today - local_time(one, self._zone).date()).days for one in self.had]

    def _body(self, code: str, now: datetime, dice: Random) -> int:
        since = now - self.had[-1] if self.had else timedelta.max
        if since <= FIRST_HOURS:
            worse = code == "dizziness" and len(self.had) == HARD_SESSION
            return 1 + worse if dice.random() < BODY_NOW[code] else 0
        likely = BODY_NOW[code] / 3 if since <= NEXT_MORNING else 0.04
        return int(dice.random() < likely)

    def _many(self, question: Question, dice: Random) -> int:
        if question.code == "events" and question.alone is not None:
            return 1 << question.alone
        free = [value for value in question.values if value != question.alone]
        return sum(1 << value for value in dice.sample(free, k=min(2, len(free))))
