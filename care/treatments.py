"""Treatments: sessions the person had, the courses they come in, and how long ago the last one was."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from care.errors import BadCourses
from care.schedule import local_time, moment_at

USUAL_LENGTH = timedelta(hours=2)
"""How long a session is taken to last where nobody said when it ended."""
LATEST_MARK = timedelta(days=14)
"""How long after a session it can still be marked as done."""
NEVER_TWO_WITHIN = timedelta(hours=3)
_MOST_SESSIONS = 40


class TreatmentKind(StrEnum):
    """How the medicine was given; stored for ever."""

    NASAL = "nasal"
    DRIP = "drip"
    SHOT = "shot"
    TABLET = "tablet"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Treatment:
    """A session that the person says they had. ended_at is None where they did not say when it ended."""

    id: int
    patient_id: int
    at: datetime
    zone: str
    kind: TreatmentKind | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def end(self) -> datetime:
        """Give the moment from which hours are counted: the end, or two hours after the start."""
        return self.ended_at or self.at + USUAL_LENGTH

    @property
    def end_is_guessed(self) -> bool:
        """Tell whether the end is only assumed; numbers that rest on it carry a ~."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a course: sessions on the same weekdays, week after week."""

    weeks: int
    a_week: int


@dataclass(frozen=True, slots=True)
class Course:
    """A usual schedule of treatments, from courses.toml."""

    code: str
    kind: TreatmentKind | None
    stages: tuple[Stage, ...]
    fasting: bool
    source: str
    reviewed_by: str

    @property
    def sessions(self) -> int:
        """Give how many sessions the course plans."""
        return sum(stage.weeks * stage.a_week for stage in self.stages)


@cache
def courses() -> Mapping[str, Course]:
    """Give the packaged courses by code; raises BadCourses."""
    return read_courses(files("care").joinpath("courses.toml").read_text("utf-8"))


def read_courses(text: str) -> dict[str, Course]:
    """Read courses from TOML; raises BadCourses with the course and the fault."""
    try:
        raw = tomllib.loads(text)["courses"]
        return {code: _read_course(code, values) for code, values in raw.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCourses(f"courses.toml: {type(error).__name__}: {error}") from error


def _read_course(code: str, raw: Mapping[str, object]) -> Course:
    values = dict(raw)
    kind = values.pop("kind", "")
    listed = values.pop("stages")
    if not isinstance(listed, list):
        raise BadCourses(f"{code}: stages must be a list")
    stages = tuple(Stage(**stage) for stage in listed)
    course = Course(code, TreatmentKind(str(kind)) if kind else None, stages, **values)  # type: ignore[arg-type]
    sane = all(stage.weeks >= 1 and stage.a_week in _DAYS_APART for stage in stages)
    if not sane or course.sessions > _MOST_SESSIONS:
        raise BadCourses(f"{code}: a stage needs at least one week with 1, 2 or 3 sessions; 40 sessions at most")
    return course


_DAYS_APART = {1: (0,), 2: (0, 3), 3: (0, 2, 4)}
"""On which days of a week, counted from the first session's weekday, its sessions are."""


def sessions_of(course: Course, first: datetime, zone: str) -> list[datetime]:
    """Give the moments of a course's sessions: the first, and the others at the same wall time of the zone."""
    start = local_time(first, zone)
    minute = start.hour * 60 + start.minute
    moments: list[datetime] = []
    week = start.date()
    for stage in course.stages:
        for _ in range(stage.weeks):
            days = (week + timedelta(days=n) for n in _DAYS_APART[stage.a_week])
            moments += [moment_at(day, minute, zone) for day in days]
            week += timedelta(days=7)
    return [first, *moments[1:]]


def latest_before(treatments: Iterable[Treatment], moment: datetime) -> Treatment | None:
    """Give the last treatment that had begun by a moment; None when there was none."""
    begun = [treatment for treatment in treatments if treatment.at <= moment]
    return max(begun, key=lambda treatment: treatment.at, default=None)


def hours_since(treatment: Treatment | None, moment: datetime) -> float | None:
    """Give the hours between a treatment's end and a moment, to one decimal, 0 while it lasts; None without one."""
    if treatment is None or moment < treatment.at:
        return None
    return round(max((moment - treatment.end).total_seconds(), 0.0) / 3600, 1)


def doubles(treatments: Iterable[Treatment], at: datetime) -> Treatment | None:
    """Give the treatment that one at a moment would double: nobody has two within three hours."""
    return next((one for one in treatments if abs(one.at - at) < NEVER_TWO_WITHIN), None)
