"""A check-in and its whole conversation: which question comes next, what an answer may be, when it is complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from care.questions import Condition, Question, QuestionSet, question_sets

SKIPPED = None
"""The answer of a person who skipped the question; 0 means "none", which is something else."""


class Kind(StrEnum):
    """Why a check-in was opened."""

    DAILY = "daily"
    EXTRA = "extra"
    AFTER = "after"
    VISIT = "visit"
    FORM = "form"


class Outcome(StrEnum):
    """How a check-in stands. Everything but OPEN can still be filled in for seven days."""

    OPEN = "open"
    COMPLETE = "complete"
    DECLINED = "declined"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that stands: its value, None when skipped, and how many times it was given (1 or more).

    hours are those between the end of the last treatment and the answer, kept for body feelings alone.
    """

    value: int | None
    revision: int
    answered_at: datetime
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in of one patient for one of their days, with the answers that stand."""

    id: int
    patient_id: int
    kind: Kind
    day: date
    opened_at: datetime
    set_name: str = "daily"
    set_version: int = 1
    outcome: Outcome = Outcome.OPEN
    completed_at: datetime | None = None
    entered_late: bool = False
    message_id: int | None = None
    extras: tuple[str, ...] = ()
    treatment_id: int | None = None
    appointment_id: int | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def questions(self) -> QuestionSet:
        """Give the questions this check-in asks: those of its set, and the extras that were its day's."""
        return question_sets()[self.set_name].and_also(self.extras)

    @property
    def hours(self) -> dict[str, float]:
        """Give the hours since the last treatment that are kept with the values that stand."""
        kept = {code: self.answers[code].hours for code in self.values}
        return {code: hours for code, hours in kept.items() if hours is not None}

    @property
    def values(self) -> dict[str, int]:
        """Give the values that stand, by question; without what was skipped or is no longer called for."""
        codes = [question.code for question in asked(self.questions, self.answers)]
        given = {code: self.answers[code].value for code in codes if code in self.answers}
        return {code: value for code, value in given.items() if value is not SKIPPED}

    def value(self, code: str) -> int | None:
        """Give the value that stands for a question; None when skipped, not answered or no longer called for."""
        return self.values.get(code)

    def revision(self, code: str) -> int:
        """Give how many times a question was answered; 0 when it was not."""
        answer = self.answers.get(code)
        return answer.revision if answer else 0


def asked(questions: QuestionSet, answers: Mapping[str, Answer]) -> list[Question]:
    """List the questions that these answers call for, in order.

    A follow-up of a question that is itself no longer called for is not either.
    """
    called: dict[str, Question] = {}
    for question in questions.questions:
        if question.when is None or any(
            code in called and _is_met(code, question.when, answers) for code in question.when.questions
        ):
            called[question.code] = question
    return list(called.values())


def next_question(questions: QuestionSet, answers: Mapping[str, Answer]) -> Question | None:
    """Give the first question that has no answer; None when the check-in is complete."""
    return next((question for question in asked(questions, answers) if question.code not in answers), None)


def previous_question(questions: QuestionSet, answers: Mapping[str, Answer], code: str) -> Question | None:
    """Give the question that Back leads to from a question; None at the first."""
    codes = [question.code for question in asked(questions, answers)]
    place = codes.index(code) if code in codes else 0
    return questions.question(codes[place - 1]) if place else None


def is_complete(questions: QuestionSet, answers: Mapping[str, Answer]) -> bool:
    """Tell whether nothing is left to ask."""
    return next_question(questions, answers) is None


def takes(questions: QuestionSet, answers: Mapping[str, Answer], code: str, value: int | None) -> bool:
    """Tell whether a value is an answer to a question of this check-in that is being asked; None skips it."""
    question = next((question for question in asked(questions, answers) if question.code == code), None)
    return question is not None and (value is SKIPPED or question.takes(value))


def all_fine(questions: QuestionSet, answers: Mapping[str, Answer]) -> dict[str, int]:
    """Give the answers that "All fine" stands for: every question still open that has one."""
    open_ones = (question for question in asked(questions, answers) if question.code not in answers)
    return {question.code: question.fine for question in open_ones if question.fine is not None}


def place_of(questions: QuestionSet, answers: Mapping[str, Answer], code: str) -> tuple[int, int]:
    """Give a question's place and the number of questions, both counted from 1, as the card shows them."""
    codes = [question.code for question in asked(questions, answers)]
    return codes.index(code) + 1, len(codes)


def _is_met(code: str, condition: Condition, answers: Mapping[str, Answer]) -> bool:
    cause = answers.get(code)
    return cause is not None and cause.value is not SKIPPED and cause.value >= condition.at_least
