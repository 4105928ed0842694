"""questions.toml as frozen values; nonsense in it stops the start."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from care.errors import BadQuestions

_CODE = re.compile(r"[a-z][a-z0-9_]{1,15}")
_DIRECTIONS = ("better", "worse")
_WIDEST_ROW = 6


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only when an earlier question, or one of some others, was answered with at least this value."""

    question: str
    at_least: int
    others: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """List the questions any of which can bring this one."""
        return (self.question, *self.others)


@dataclass(frozen=True, slots=True)
class Question:
    """One item: its lasting code, its answer values in button order, and when it is asked.

    many: all that fit is tapped, and the answer is the sum of 2**value over the values tapped; `alone` is the
    value that goes with no other. body: it asks about a body feeling, so hours since treatment are kept with it.
    introduced: a screen of its own stands before it. fine is the answer that "All fine" gives; None where the
    question is not covered by it. weekdays and
    monthday say when a rotating question has its turn. wording names the variant of its words, "" for the plain ones.
    """

    code: str
    values: tuple[int, ...]
    rows: tuple[int, ...]
    recall: str
    higher_is: str
    source: str
    explained: bool = False
    introduced: bool = False
    when: Condition | None = None
    many: bool = False
    alone: int | None = None
    body: bool = False
    fine: int | None = None
    weekdays: tuple[int, ...] = ()
    monthday: int | None = None
    wording: str = ""

    def takes(self, value: int) -> bool:
        """Tell whether a value is an answer to this question."""
        if not self.many:
            return value in self.values
        only = self.alone is None or not value >> self.alone & 1 or value == 1 << self.alone
        return only and 0 < value < 1 << len(self.values)

    def chosen(self, value: int) -> tuple[int, ...]:
        """Give the values that an answer stands for: itself, or those tapped where many may be."""
        return tuple(one for one in self.values if value >> one & 1) if self.many else (value,)

    def toggled(self, value: int, one: int) -> int:
        """Give the answer after one more tap where many may be tapped; what goes alone puts the others out."""
        if one == self.alone:
            return 0 if value >> one & 1 else 1 << one
        return (value if self.alone is None else value & ~(1 << self.alone)) ^ 1 << one


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one check-in in their fixed order, with the version that is stored beside the answers."""

    name: str
    version: int
    source: str
    reviewed_by: str
    questions: tuple[Question, ...]

    def question(self, code: str) -> Question | None:
        """Give the question of a code, or None."""
        return next((question for question in self.questions if question.code == code), None)

    def and_also(self, codes: tuple[str, ...]) -> "QuestionSet":
        """Give this set followed by further questions, by their codes; those it has already are not asked twice."""
        return _and_also(self, codes) if codes else self


ROTATING = "rotating"
"""The set whose questions take turns at the end of the daily card."""


@cache
def _and_also(base: QuestionSet, codes: tuple[str, ...]) -> QuestionSet:
    more = [question_named(code) for code in codes if base.question(code) is None]
    return replace(base, questions=(*base.questions, *(question for question in more if question is not None)))


@cache
def question_named(code: str) -> Question | None:
    """Give the question of a code from whichever set has it first; None for no such code."""
    found = (question_set.question(code) for question_set in question_sets().values())
    return next((question for question in found if question is not None), None)


@cache
def question_sets() -> Mapping[str, QuestionSet]:
    """Give the packaged question sets by name; raises BadQuestions."""
    return read_sets(files("care").joinpath("questions.toml").read_text("utf-8"))


def read_sets(text: str) -> dict[str, QuestionSet]:
    """Read question sets from TOML; raises BadQuestions with the set, the question and the fault."""
    try:
        raw_sets = tomllib.loads(text)["sets"]
        sets = {name: _read_set(name, raw) for name, raw in raw_sets.items()}
    except (KeyError, TypeError, AttributeError, tomllib.TOMLDecodeError) as error:
        raise BadQuestions(f"questions.toml: {type(error).__name__}: {error}") from error
    if not sets:
        raise BadQuestions("questions.toml: needs at least one set")
    return sets


def _read_set(name: str, raw: Mapping[str, Any]) -> QuestionSet:
    questions: list[Question] = []
    for item in raw["questions"]:
        question = _read_question(name, item)
        _refuse_nonsense(name, question, questions)
        questions.append(question)
    if not questions or not _are_whole((raw["version"],)) or raw["version"] < 1:
        raise BadQuestions(f"{name}: needs a version from 1 up and at least one question")
    return QuestionSet(name, raw["version"], raw["source"], raw["reviewed_by"], tuple(questions))


def _read_question(name: str, raw: Mapping[str, Any]) -> Question:
    try:
        fields = dict(raw) | {name: tuple(raw.get(name, ())) for name in ("values", "rows", "weekdays")}
        if "when" in raw:
            fields["when"] = Condition(**{**raw["when"], "others": tuple(raw["when"].get("others", ()))})
        return Question(**fields)
    except (KeyError, TypeError) as error:
        raise BadQuestions(f"{name}.{raw.get('code', '?')}: {type(error).__name__}: {error}") from error


def _refuse_nonsense(name: str, question: Question, earlier: list[Question]) -> None:
    for fault, is_wrong in _faults(question, earlier).items():
        if is_wrong:
            raise BadQuestions(f"{name}.{question.code}: {fault}")


def _faults(question: Question, earlier: list[Question]) -> dict[str, bool]:
    asked = {other.code: other for other in earlier}
    condition = question.when
    return {
        "the code must be 2 to 16 of a-z, 0-9 and _": not _CODE.fullmatch(question.code),
        "the code is used twice": question.code in asked,
        "the values must be whole numbers from 0 up, rising, at least two": not _rising(question.values),
        "the rows must hold each value once, at most six a row": (
            not _are_whole(question.rows)
            or sum(question.rows) != len(question.values)
            or not all(0 < n <= _WIDEST_ROW for n in question.rows)
        ),
        "higher_is must be better or worse": question.higher_is not in _DIRECTIONS,
        "the source is missing": not question.source,
        "fine must be one of its values": question.fine is not None and question.fine not in question.values,
        "the weekdays must be 0 to 6": not set(question.weekdays) <= set(range(7)),
        "alone must be one of many values": question.alone is not None
        and not (question.many and question.alone in question.values),
        "it depends on a question that does not come before it": (
            condition is not None and not set(condition.questions) <= set(asked)
        ),
        "it waits for a value that cannot be given": (
            condition is not None and set(condition.questions) <= set(asked) and not _can_be_met(condition, asked)
        ),
    }


def _rising(values: tuple[int, ...]) -> bool:
    return _are_whole(values) and len(values) > 1 and values[0] >= 0 and list(values) == sorted(set(values))


def _can_be_met(condition: Condition, asked: Mapping[str, Question]) -> bool:
    return _are_whole((condition.at_least,)) and all(
        condition.at_least <= asked[code].values[-1] for code in condition.questions
    )


def _are_whole(numbers: tuple[object, ...]) -> bool:
    return all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
