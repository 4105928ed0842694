"""steps.toml as decisions: which small step, if any, goes under a saved check-in (clinical source: the file)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from care.errors import BadSteps
from care.questions import question_sets

MORE, NOT = "more", "not"
"""What a person can say of a step: more like this, or not for me."""

_CODE = re.compile(r"([a-z]{2,8})[0-9]{1,2}")
_STILL = "still"
_OF_THE_DAY = ("treatment_day", "days_to_visit", "check_ins", "days_in", "connect_no_twice", "can_invite")


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where a fact of the day is known and within the bounds, both included."""

    fact: str
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, facts: Mapping[str, int]) -> bool:
        """Tell whether the condition is met; what is not known meets none."""
        value = facts.get(self.fact)
        if value is None:
            return False
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Step:
    """A small step: its lasting code and its group. outdoors: walks too. still: done sitting or lying."""

    code: str
    group: str
    outdoors: bool = False
    still: bool = False
    needs: Condition | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names by which the lists of the file can mean this step."""
        return (self.code, self.group, *([_STILL] if self.still else []))


@dataclass(frozen=True, slots=True)
class Rule:
    """The codes that a limit leaves or an offer brings, and when; without a condition, always."""

    codes: frozenset[str]
    when: Condition | None = None
    indoors: bool = False

    def holds(self, facts: Mapping[str, int]) -> bool:
        """Tell whether the rule is to be followed."""
        return self.when is None or self.when.holds(facts)


@dataclass(frozen=True, slots=True)
class Guide:
    """All of steps.toml: the steps by code, and the rules in their order."""

    version: int
    reviewed_by: str
    source: str
    between: timedelta
    before_again: timedelta
    liked_weight: int
    limits: tuple[Rule, ...]
    offers: tuple[Rule, ...]
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class Shown:
    """A step that was shown, the moment, and what the person said of it: MORE, NOT or None."""

    code: str
    at: datetime
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What a step is chosen by. values are the check-in's answers by question code; skipped ones are left out.

    days_to_visit: whole days until the next appointment, 0 on its day, None where none is known.
    check_ins: how many complete ones the person ever made. days_in: whole days since the first, 0 on its day.
    can_invite: whether the person can add a support person.
    """

    values: Mapping[str, int]
    is_treatment_day: bool
    days_to_visit: int | None
    check_ins: int
    days_in: int
    connect_no_twice: bool
    can_invite: bool = False

    @property
    def facts(self) -> dict[str, int]:
        """Give what is known of the day, as numbers by the names that steps.toml uses."""
        visit = {} if self.days_to_visit is None else {"days_to_visit": self.days_to_visit}
        return {
            **self.values,
            **visit,
            "treatment_day": int(self.is_treatment_day),
            "check_ins": self.check_ins,
            "days_in": self.days_in,
            "connect_no_twice": int(self.connect_no_twice),
            "can_invite": int(self.can_invite),
        }


def choose(day: Day, shown: Sequence[Shown], now: datetime, seed: int) -> Step | None:
    """Give the step to show under a check-in, or None. The same arguments always give the same step.

    None within 20 hours of the last; no step again within 10 days, or ever after NOT. shown is therefore the
    whole history; seed is the check-in's id.
    """
    rules, facts = guide(), day.facts
    if any(now - one.at < rules.between for one in shown):
        return None
    may = [step for step in rules.steps.values() if _fits(rules, step, facts) and _is_fresh(rules, step, shown, now)]
    for codes in _wanted(rules, facts):
        pool = [step for step in may if step.code in codes]
        if pool:
            return _drawn(rules, pool, shown, seed)
    return None


def _fits(rules: Guide, step: Step, facts: Mapping[str, int]) -> bool:
    if step.outdoors and any(limit.indoors and limit.holds(facts) for limit in rules.limits):
        return False
    return step.needs is None or step.needs.holds(facts)


def _is_fresh(rules: Guide, step: Step, shown: Sequence[Shown], now: datetime) -> bool:
    earlier = [one for one in shown if one.code == step.code]
    return not any(one.verdict == NOT or now - one.at < rules.before_again for one in earlier)


def _wanted(rules: Guide, facts: Mapping[str, int]) -> list[frozenset[str]]:
    """List the sets of codes to draw from, in order: what the limits leave and nothing else, or else the offers."""
    limits = [limit.codes for limit in rules.limits if limit.holds(facts)]
    if not limits:
        return [offer.codes for offer in rules.offers if offer.holds(facts)]
    left = limits[0]
    for codes in limits[1:]:
        left = left & codes or left
    return [left]


def _drawn(rules: Guide, pool: Sequence[Step], shown: Sequence[Shown], seed: int) -> Step:
    liked = {rules.steps[one.code].group for one in shown if one.verdict == MORE and one.code in rules.steps}
    weights = [rules.liked_weight if step.group in liked else 1 for step in pool]
    return Random(seed).choices(pool, weights)[0]


def steps() -> Mapping[str, Step]:
    """Give the packaged steps by code; raises BadSteps."""
    return guide().steps


@cache
def guide() -> Guide:
    """Give the packaged steps and rules; raises BadSteps."""
    return read_guide(files("care").joinpath("steps.toml").read_text("utf-8"))


def read_guide(text: str) -> Guide:
    """Read steps and rules from TOML; raises BadSteps with the place and the fault."""
    try:
        raw = tomllib.loads(text)
        known = {code: _read_step(code, values) for code, values in raw["steps"].items()}
        return Guide(
            version=_whole("version", raw["version"]),
            reviewed_by=raw["reviewed_by"],
            source=raw["source"],
            between=timedelta(hours=_whole("hours_between", raw["hours_between"])),
            before_again=timedelta(days=_whole("days_before_again", raw["days_before_again"])),
            liked_weight=_whole("liked_weight", raw["liked_weight"]),
            limits=tuple(_read_rule(f"limit {n}", rule, "only", known) for n, rule in enumerate(raw["limits"], 1)),
            offers=tuple(_read_rule(f"offer {n}", rule, "steps", known) for n, rule in enumerate(raw["offers"], 1)),
            steps=known,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadSteps(f"steps.toml: {type(error).__name__}: {error}") from error


def _read_step(code: str, raw: Mapping[str, Any]) -> Step:
    fields = dict(raw)
    if "needs" in fields:
        fields["needs"] = _read_condition(code, fields["needs"])
    step = Step(code, **fields)
    named = _CODE.fullmatch(code)
    if named is None or named[1] != step.group or step.group == _STILL:
        raise BadSteps(f'{code}: the code must be the group and a number, and no group is called "{_STILL}"')
    if not isinstance(step.outdoors, bool) or not isinstance(step.still, bool) or (step.outdoors and step.still):
        raise BadSteps(f"{code}: outdoors and still are true or false, and never both true")
    return step


def _read_rule(place: str, raw: Mapping[str, Any], listed: str, known: Mapping[str, Step]) -> Rule:
    fields = dict(raw)
    names = fields.pop(listed)
    when = _read_condition(place, fields.pop("when")) if "when" in fields else None
    strange = set(names).difference(*(step.names for step in known.values()))
    if not isinstance(names, list) or not names or strange:
        raise BadSteps(f"{place}: needs a list of codes, groups or {_STILL}; unknown: {sorted(strange)}")
    codes = frozenset(code for code, step in known.items() if set(step.names).intersection(names))
    return Rule(codes, when, **fields)


def _read_condition(place: str, raw: Mapping[str, Any]) -> Condition:
    condition = Condition(**raw)
    bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
    asked = {question.code for kept in question_sets().values() for question in kept.questions}
    if condition.fact not in asked.union(_OF_THE_DAY):
        raise BadSteps(f"{place}: nothing is known of {condition.fact}")
    if not bounds or not all(type(bound) is int for bound in bounds) or bounds != sorted(bounds):
        raise BadSteps(f"{place}: needs at_least, at_most or both, as whole numbers in this order")
    return condition


def _whole(name: str, number: object) -> int:
    if type(number) is not int or number < 1:
        raise BadSteps(f"{name}: must be a whole number from 1 up")
    return number
