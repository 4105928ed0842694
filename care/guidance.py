"""rules.toml as decisions: which card, if any, a saved check-in brings (clinical source and thresholds: the file)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Any

from care.errors import BadRules
from care.questions import Question, question_named

_CODE = re.compile(r"[a-z_]{3,16}")
_DAY_HOURS = 24


class Severity(StrEnum):
    """How a card is meant: RED get help now, AMBER tell your clinic, BLUE good to know."""

    RED = "red"
    AMBER = "amber"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Told:
    """What a check-in said. values are its answers by question code; skipped ones are left out.

    hours are those since the last confirmed treatment, by question code: None where no treatment is known, left out
    where the answer was given when its day was over.
    """

    day: date
    values: Mapping[str, int]
    hours: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """What a card is chosen by: a complete check-in and the daily ones of the weeks before its day, latest first.

    treated_at is when the last treatment began that the check-in can be about; None without one.
    """

    told: Told
    earlier: tuple[Told, ...] = ()
    treated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownGuide:
    """A card that was shown with another check-in, and the moment."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sign:
    """One condition of a rule, about one question; the fields are explained in rules.toml."""

    question: str
    at_least: int | None = None
    at_most: int | None = None
    ticked: tuple[int, ...] = ()
    from_hours: int | None = None
    before_hours: int | None = None
    untreated_days: int | None = None
    running: int = 1
    below_middle: int | None = None
    middle_days: int = 0
    middle_of: int = 0

    def holds(self, case: Case) -> bool:
        """Tell whether the condition is met; what is not known meets none."""
        asked = [told for told in (case.told, *case.earlier) if told is case.told or self.question in told.values]
        lately = asked[: self.running]
        return len(lately) == self.running and all(map(self._is_in, lately)) and self._is_below(case)

    def _is_in(self, told: Told) -> bool:
        value = told.values.get(self.question)
        if value is None or (self.ticked and not any(value >> one & 1 for one in self.ticked)):
            return False
        low, high = self.at_least, self.at_most
        return (low is None or value >= low) and (high is None or value <= high) and self._is_then(told)

    def _is_then(self, told: Told) -> bool:
        """Tell whether the answer was given as long after the last treatment as is meant."""
        if self.from_hours is None and self.before_hours is None and self.untreated_days is None:
            return True
        if self.question not in told.hours:
            return False
        hours = told.hours[self.question]
        if self.untreated_days is not None:
            return hours is None or hours >= self.untreated_days * _DAY_HOURS
        return hours is not None and (self.from_hours or 0) <= hours < (self.before_hours or float("inf"))

    def _is_below(self, case: Case) -> bool:
        if self.below_middle is None:
            return True
        since = case.told.day - timedelta(days=self.middle_days)
        values = [told.values[self.question] for told in case.earlier if since <= told.day and self._asked(told)]
        if len(values) < self.middle_of:
            return False
        return case.told.values[self.question] <= median(values) - self.below_middle

    def _asked(self, told: Told) -> bool:
        return self.question in told.values


@dataclass(frozen=True, slots=True)
class Rule:
    """One card and its conditions, any of which brings it; row is its place in the clinical table.

    about: the feeling that it speaks of where having felt it before is worth a word. buttons: it offers doors.
    """

    row: int
    code: str
    severity: Severity
    signs: tuple[Sign, ...]
    reviewed_by: str = ""
    about: str = ""
    once_a_treatment: bool = False
    buttons: bool = False

    def holds(self, case: Case) -> bool:
        """Tell whether the check-in calls for this card."""
        return any(sign.holds(case) for sign in self.signs)

    def may_come(self, case: Case, shown: Sequence[ShownGuide], now: datetime) -> bool:
        """Tell whether the card was not shown too lately; a red one always comes."""
        if self.severity is Severity.RED:
            return True
        moments = [one.at for one in shown if one.code == self.code]
        if self.once_a_treatment and case.treated_at and any(at >= case.treated_at for at in moments):
            return False
        return not any(now - at < _all().between for at in moments)


@dataclass(frozen=True, slots=True)
class PrivateLine:
    """A line for private talk about substances."""

    number: str
    name: str
    source: str
    verified_on: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All of rules.toml; rules are in the order in which they are tried."""

    version: int
    source: str
    between: timedelta
    rules: tuple[Rule, ...]
    felt: Sign
    alone: Sign
    felt_reviewed_by: str
    alone_reviewed_by: str
    substance_lines: Mapping[str, PrivateLine]


def choose(case: Case, shown: Sequence[ShownGuide], now: datetime) -> Rule | None:
    """Give the card that a complete check-in brings, or None. shown are the cards of other check-ins.

    The first rule that holds and was not shown too lately wins.
    """
    return next((rule for rule in rules() if rule.holds(case) and rule.may_come(case, shown, now)), None)


def rules() -> tuple[Rule, ...]:
    """Give the packaged rules in the order in which they are tried; raises BadRules."""
    return _all().rules


def rule_named(code: str) -> Rule | None:
    """Give the rule of a code; None for no such code."""
    return next((rule for rule in rules() if rule.code == code), None)


def everything() -> Rules:
    """Give all of the packaged file, for the page that lists it; raises BadRules."""
    return _all()


def felt_before(question: str, after_the_last: Sequence[Told]) -> bool:
    """Tell whether a feeling was moderate or worse soon after the treatment that these check-ins followed."""
    felt = _all().felt
    values = (
        told.values[question]
        for told in after_the_last
        if _is_soon(felt, told.hours.get(question)) and question in told.values
    )
    return any(value >= (felt.at_least or 0) for value in values)


def is_alone(values: Mapping[str, int]) -> bool:
    """Tell whether the person said that nobody can check on them."""
    alone = _all().alone
    value = values.get(alone.question)
    return value is not None and alone.at_most is not None and value <= alone.at_most


def substance_line(country: str | None) -> PrivateLine | None:
    """Give a country's line for private talk about substances; None where none is known."""
    return _all().substance_lines.get(country or "")


def _is_soon(felt: Sign, hours: float | None) -> bool:
    return hours is not None and felt.before_hours is not None and hours < felt.before_hours


@cache
def _all() -> Rules:
    return read_rules(files("care").joinpath("rules.toml").read_text("utf-8"))


def read_rules(text: str) -> Rules:
    """Read rules from TOML; raises BadRules with the place and the fault."""
    try:
        raw = tomllib.loads(text)
        read = tuple(_read_rule(values) for values in raw["rules"])
        _refuse_disorder(read)
        felt, alone = raw["felt_before"], raw["alone"]
        return Rules(
            version=raw["version"],
            source=raw["source"],
            between=timedelta(hours=raw["hours_between"]),
            rules=read,
            felt=Sign("", at_least=felt["at_least"], before_hours=felt["within_hours"]),
            alone=_read_sign("alone", {"question": alone["question"], "at_most": alone["at_most"]}),
            felt_reviewed_by=felt["reviewed_by"],
            alone_reviewed_by=alone["reviewed_by"],
            substance_lines={code: PrivateLine(**line) for code, line in raw.get("substance_lines", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRules(f"rules.toml: {type(error).__name__}: {error}") from error


def _read_rule(raw: Mapping[str, Any]) -> Rule:
    values = dict(raw)
    code = str(values["code"])
    if not _CODE.fullmatch(code):
        raise BadRules(f"{code}: the code must be 3 to 16 of a-z and _")
    signs = tuple(_read_sign(code, sign) for sign in values.pop("signs"))
    if not signs:
        raise BadRules(f"{code}: a rule needs a sign")
    return Rule(severity=Severity(values.pop("severity")), signs=signs, **values)


def _read_sign(code: str, raw: Mapping[str, Any]) -> Sign:
    values = dict(raw)
    ticked = tuple(values.pop("ticked", ()))
    numbers = {name: value for name, value in values.items() if name != "question"}
    if not all(type(value) is int for value in (*ticked, *numbers.values())):
        raise BadRules(f"{code}: every threshold must be a whole number")
    sign = Sign(ticked=ticked, **values)
    question = question_named(sign.question)
    if question is None:
        raise BadRules(f"{code}: nobody is asked {sign.question}")
    for fault, is_wrong in _faults(sign, question).items():
        if is_wrong:
            raise BadRules(f"{code}, {sign.question}: {fault}")
    return sign


def _faults(sign: Sign, question: Question) -> dict[str, bool]:
    bounds = [bound for bound in (sign.at_least, sign.at_most) if bound is not None]
    hours = (sign.from_hours, sign.before_hours, sign.untreated_days)
    return {
        "it needs a bound, a tick or a middle": not bounds and not sign.ticked and sign.below_middle is None,
        "many may be tapped, so it needs ticked": question.many != bool(sign.ticked),
        "the bounds must be answers, in this order": not set(bounds) <= set(question.values)
        or bounds != sorted(bounds),
        "what is ticked must be an answer": not set(sign.ticked) <= set(question.values),
        "hours are kept for feelings of the body alone": any(one is not None for one in hours) and not question.body,
        "running must be 1 or more": sign.running < 1,
        "a middle needs its days and answers": sign.below_middle is not None
        and min(sign.middle_days, sign.middle_of) < 1,
    }


def _refuse_disorder(read: Sequence[Rule]) -> None:
    """Refuse a file in which a red card could be hidden behind another, or two cards share a code."""
    order = [rule.severity is not Severity.RED for rule in read]
    if order != sorted(order):
        raise BadRules("rules.toml: red rules stand before all others")
    codes = [rule.code for rule in read]
    if len(set(codes)) != len(codes):
        raise BadRules("rules.toml: a code is used twice")
