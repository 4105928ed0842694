"""The standard forms: forms.toml as values, their sums, and when the next one comes (clinical source: the file)."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from care.checkin import CheckIn
from care.course import is_treatment_day
from care.due import Kind, Name, NewDue
from care.errors import BadForms
from care.people import FORM_DAYS, FORMS, Patient
from care.questions import Question, QuestionSet, question_named, question_sets
from care.schedule import EVERY_DAY
from care.treatments import Treatment
from care.visits import Appointment

_A_DAY = timedelta(days=1)
_WEEK = 7
_HORIZON = timedelta(days=120)
"""How far ahead a form is planned; farther than any clock."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its code, which is also the code in a person's choices, its clock in days, and what goes with it."""

    code: str
    every_days: int
    source: str
    reviewed_by: str = ""
    longer: str = ""
    offer_longer_from: int | None = None
    before_visits: bool = False
    not_scored: tuple[str, ...] = ()
    without_item_nine: str = ""

    def set_name(self, *, item_nine: bool) -> str:
        """Name the question set to ask; item_nine tells whether the operator asks item 9 of the PHQ-9."""
        return self.code if item_nine or not self.without_item_nine else self.without_item_nine


@dataclass(frozen=True, slots=True)
class Thoughts:
    """Which answers speak of death or of hurting oneself."""

    item: str
    at_least: int
    list: str
    ticked: int
    source: str
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Forms:
    """All of forms.toml."""

    version: int
    minutes_after_card: int
    days_to_ask: int
    days_between: int
    told_after_check_ins: int
    source: str
    reviewed_by: str
    forms: Mapping[str, Form]
    thoughts: Thoughts


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of a form's items: points out of most, and how many of the items were answered.

    Missing items are not made up for: a sum over 8 of 9 items is told as that.
    """

    points: int
    answered: int
    items: int
    most: int

    @property
    def is_whole(self) -> bool:
        """Tell whether every item was answered."""
        return self.answered == self.items


@dataclass(frozen=True, slots=True)
class FormDay:
    """A day of the person on which a form was opened."""

    form: str
    day: date
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class FormsKnown:
    """What the next form follows from: those opened, the prompts that are settled, and what lies around the days.

    asked are the names of prompts that were begun under any plan, settled those that ended under this one unbegun.
    """

    opened: Sequence[FormDay] = ()
    asked: Collection[Name] = ()
    settled: Collection[Name] = ()
    treatments: Sequence[Treatment] = ()
    visits: Sequence[Appointment] = ()
    unsent: Collection[Name] = field(default_factory=tuple)


def forms() -> Mapping[str, Form]:
    """Give the packaged forms by code, the longer ones of a kind first; raises BadForms."""
    return everything().forms


@cache
def everything() -> Forms:
    """Give all of forms.toml; raises BadForms."""
    return read_forms(files("care").joinpath("forms.toml").read_text("utf-8"))


def form_of(set_name: str) -> Form | None:
    """Give the form that asks a question set; None for a set that is no form's."""
    return next((form for form in forms().values() if set_name in (form.code, form.without_item_nine)), None)


def score(done: CheckIn) -> Score | None:
    """Give the sum of a form's answers as they stand; None where none of its items was answered, or it is no form."""
    form = form_of(done.set_name)
    if form is None:
        return None
    items = scored(form, done.questions)
    given = [done.answers[item.code].value for item in items if item.code in done.answers]
    values = [value for value in given if value is not None]
    if not values:
        return None
    return Score(sum(values), len(values), len(items), sum(item.values[-1] for item in items))


def scored(form: Form, questions: QuestionSet) -> list[Question]:
    """List the questions whose answers make the sum."""
    return [question for question in questions.questions if question.code not in form.not_scored]


def longer_offered(done: CheckIn, lately: Sequence[FormDay], day: date) -> str:
    """Name the longer form to offer after a short one whose sum calls for it; "" where none is, or it was filled in."""
    form, points = form_of(done.set_name), score(done)
    if form is None or points is None or form.offer_longer_from is None or points.points < form.offer_longer_from:
        return ""
    return "" if is_recent(form.longer, lately, day) else form.longer


def is_recent(code: str, opened: Sequence[FormDay], day: date) -> bool:
    """Tell whether a form, or its longer one, was filled in so few days before a day that it is not asked again."""
    since = day - timedelta(days=everything().days_between)
    return any(one.form in _covering(code) and one.is_complete and one.day > since for one in opened)


def has_thoughts(values: Mapping[str, int]) -> bool:
    """Tell whether answers speak of thoughts of death or of hurting oneself."""
    return bool(thoughts_in(values))


def thoughts_in(values: Mapping[str, int]) -> str:
    """Name the question whose answer speaks of thoughts of death or of hurting oneself; "" for none."""
    rule = everything().thoughts
    if values.get(rule.item, 0) >= rule.at_least:
        return rule.item
    return rule.list if values.get(rule.list, 0) >> rule.ticked & 1 else ""


def next_form(patient: Patient, now: datetime, known: FormsKnown) -> NewDue | None:
    """Give the prompt of the next form to be owed to a patient; None while none is wanted.

    Where two forms have the same moment the longer comes, and the shorter is not asked within a week of it.
    """
    start = patient.active_from(now)
    if start is None:
        return None
    on = [form for form in forms().values() if form.code in patient.items]
    coming = [new for form in on if (new := next(_prompts(patient, form, start, known), None)) is not None]
    return min(coming, key=lambda new: new.at, default=None)


def _prompts(patient: Patient, form: Form, start: datetime, known: FormsKnown) -> Iterator[NewDue]:
    today = patient.day_at(start)
    for slot in _slots(patient, form, today, known):
        if slot > today + _HORIZON:
            return
        if not _is_covered(form, slot, known.opened):
            yield from _on_free_days(patient, form, slot, start, known)


def _slots(patient: Patient, form: Form, today: date, known: FormsKnown) -> Iterator[date]:
    """Yield the days on which a form's clock strikes, from those that can still be asked on.

    The clock goes on from the last day that was asked about, else from the first on which the form was opened; without
    either it begins today, or on the weekday that the person chose.
    """
    every = timedelta(days=form.every_days)
    asked = [slot for _, event, _ in known.asked if (slot := slot_of(event, form.code))]
    opened = [one.day for one in known.opened if one.form == form.code]
    first = _first_on_weekday(patient, min(opened, default=today))
    slot = _on_weekday(patient, max(asked) + every) if asked else first
    while slot <= today - timedelta(days=everything().days_to_ask):
        slot += every
    while True:
        yield slot
        slot += every


def _first_on_weekday(patient: Patient, day: date) -> date:
    """Give the first day from a day on that is of the weekday that the person chose, if they did."""
    chosen = weekday_of(patient)
    return day if chosen is None else day + timedelta(days=(chosen - day.weekday()) % _WEEK)


def _on_weekday(patient: Patient, day: date) -> date:
    """Give the same, from the six days before on: another weekday makes no gap longer than the clock."""
    return day if weekday_of(patient) is None else _first_on_weekday(patient, day - timedelta(days=_WEEK - 1))


def weekday_of(patient: Patient) -> int | None:
    """Give the weekday on which forms come, Monday as 0; None where the person chose none."""
    return next((number for number, code in enumerate(FORM_DAYS) if code in patient.items), None)


def slot_of(event: str, code: str) -> date | None:
    """Give the day on which a form's clock struck from the event of its prompt; None for another form's."""
    day, _, form = event.partition("/")
    return date.fromisoformat(day) if form == code else None


def form_in(event: str) -> str:
    """Name the form of a prompt by its event."""
    return event.partition("/")[2]


def _is_covered(form: Form, slot: date, opened: Sequence[FormDay]) -> bool:
    """Tell whether a form that was opened stands for a slot: since the one before, or the longer one that week."""
    late = timedelta(days=everything().days_to_ask - 1)
    since = slot - timedelta(days=form.every_days) + late
    own = any(one.form == form.code and one.is_complete and since < one.day <= slot + late for one in opened)
    week = slot - timedelta(days=everything().days_between)
    return own or any(one.form == form.longer and week < one.day <= slot + late for one in opened)


def _on_free_days(patient: Patient, form: Form, slot: date, start: datetime, known: FormsKnown) -> Iterator[NewDue]:
    for offset in range(everything().days_to_ask):
        new = _prompt(patient, form, slot, offset)
        if new is None or new.name in known.settled or not new.is_ahead(start, known.unsent):
            continue
        day = patient.day_at(new.at)
        if not _is_spared(patient, day, known) and not is_recent(form.code, known.opened, day):
            yield new


def _is_spared(patient: Patient, day: date, known: FormsKnown) -> bool:
    """Tell whether a day has a treatment, or follows one."""
    return any(is_treatment_day(patient, one, known.visits, known.treatments) for one in (day, day - _A_DAY))


def _prompt(patient: Patient, form: Form, slot: date, offset: int) -> NewDue | None:
    day = slot + offset * _A_DAY
    plan = patient.plan_on(day)
    at = replace(plan, weekdays=EVERY_DAY).moment(day) if plan else None
    if at is None:
        return None
    at += timedelta(minutes=everything().minutes_after_card)
    event = f"{slot.isoformat()}/{form.code}"
    ends = patient.day_over(day)
    return NewDue(patient.id, Kind.FORM, event, str(offset), patient.plan_version, at, ends) if at < ends else None


def is_covered_by(code: str, other: str) -> bool:
    """Tell whether a form that was filled in stands for a form: itself, or its longer one."""
    return other in _covering(code)


def _covering(code: str) -> tuple[str, ...]:
    form = forms().get(code)
    return (code, form.longer) if form and form.longer else (code,)


def read_forms(text: str) -> Forms:
    """Read forms from TOML; raises BadForms with the fault."""
    try:
        raw = tomllib.loads(text)
        read = {code: _read_form(code, values) for code, values in raw.pop("forms").items()}
        ordered = dict(sorted(read.items(), key=lambda one: bool(one[1].longer)))
        found = Forms(forms=ordered, thoughts=Thoughts(**raw.pop("thoughts")), **raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadForms(f"forms.toml: {type(error).__name__}: {error}") from error
    _refuse_nonsense(found)
    return found


def _read_form(code: str, raw: Mapping[str, Any]) -> Form:
    return Form(**{**raw, "code": code, "not_scored": tuple(raw.get("not_scored", ()))})


def _refuse_nonsense(found: Forms) -> None:
    for form in found.forms.values():
        for fault, is_wrong in _faults(form, found).items():
            if is_wrong:
                raise BadForms(f"forms.toml, {form.code}: {fault}")
    item, listed = question_named(found.thoughts.item), question_named(found.thoughts.list)
    if item is None or listed is None or not item.takes(found.thoughts.at_least) or not listed.many:
        raise BadForms("forms.toml, thoughts: nobody is asked that")


def _faults(form: Form, found: Forms) -> dict[str, bool]:
    sets = {form.code, form.without_item_nine or form.code}
    return {
        "nobody can switch it on": form.code not in FORMS,
        "it has no question set": not sets <= set(question_sets()),
        "its clock must leave the days between": form.every_days < max(found.days_between, found.days_to_ask),
        "its longer form is none": bool(form.longer) and form.longer not in found.forms,
        "what is offered from a sum on needs a sum": bool(form.longer) != (form.offer_longer_from is not None),
    }
