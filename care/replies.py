"""replies.toml as decisions: which thanks a saved check-in earns, and when to say that nobody reads along."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from care.checkin import CheckIn


@cache
def _thresholds() -> Mapping[str, Mapping[str, int]]:
    raw = tomllib.loads(files("care").joinpath("replies.toml").read_text("utf-8"))
    return {"thanks": raw["thanks"], "worrying": raw["worrying"]}


def thanks(check_in: CheckIn) -> str:
    """Give the kind of thanks that fits the mood: "low", "mid" or "high"; "mid" when mood was skipped."""
    mood, bounds = check_in.value("mood"), _thresholds()["thanks"]
    if mood is None:
        return "mid"
    return "low" if mood <= bounds["low"] else "high" if mood >= bounds["high"] else "mid"


def is_worrying(check_in: CheckIn) -> bool:
    """Tell whether an answer is at or beyond the value from which the card says that nobody reads it now."""
    return any(_reaches(check_in, code, bound) for code, bound in _thresholds()["worrying"].items())


def _reaches(check_in: CheckIn, code: str, bound: int) -> bool:
    question, value = check_in.questions.question(code), check_in.value(code)
    if question is None or value is None:
        return False
    return value <= bound if question.higher_is == "better" else value >= bound
