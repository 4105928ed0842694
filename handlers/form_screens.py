"""Standard forms in words and buttons: pure pieces for the card, the list of forms and the prompt.

A sum is shown with the one before and nothing else: what it means is for the person's care team to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from care.checkin import CheckIn
from care.crisis import country
from care.forms import Form, Score, form_of, forms, score, scored, weekday_of
from care.people import Patient
from care.questions import Question, question_sets
from handlers.form_words import form_name, score_words
from handlers.helplines import copies, danger_words, line_words, numbers_of
from handlers.menu import command_button
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.words import Words

VERB = "fo"
ANY = "any"


@dataclass(frozen=True, slots=True)
class FormBeside:
    """What a saved card shows of the forms: the same form as filled in before, the form offered, and the one hint."""

    earlier: CheckIn | None = None
    offered: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class FormsView:
    """What the list of forms is drawn from. done are complete forms, oldest first; coming is a form and its day."""

    words: Words
    patient: Patient
    done: Sequence[CheckIn]
    coming: Mapping[str, date]
    item_nine: bool = True

    def last(self, form: Form) -> CheckIn | None:
        """Give a form as it was last filled in, with or without item 9."""
        own = [one for one in self.done if form_of(one.set_name) == form]
        return own[-1] if own else None


def lead_in(words: Words, check_in: CheckIn, question: Question) -> list[str]:
    """Give what stands above a form's question: what the form is before the first answer, the instrument's lead-in."""
    form = form_of(check_in.set_name)
    about = [words(f"form-about-{form.code}"), ""] if form and not check_in.answers else []
    return [*about, words("form-lead-in")] if form and question in scored(form, check_in.questions) else about


def result(words: Words, check_in: CheckIn, beside: FormBeside) -> list[str]:
    """Tell a form's sum and the one before; without an answered item only that the form is saved."""
    now, lines = score(check_in), [words("form-saved", name=form_name(words, check_in.set_name))]
    if now is not None:
        lines.append(_sum(words, now))
        before = score(beside.earlier) if beside.earlier else None
        lines += [_sum_before(words, before)] if before else []
        lines.append(words("form-no-diagnosis"))
    return lines + ([words("form-longer-ask")] if beside.offered else [])


def _sum(words: Words, now: Score) -> str:
    if now.is_whole:
        return words("form-score", points=now.points, most=now.most)
    return words("form-score-partly", points=now.points, answered=now.answered, items=now.items)


def _sum_before(words: Words, before: Score) -> str:
    if before.is_whole:
        return words("form-score-before", points=before.points)
    return words("form-score-before-partly", points=before.points, answered=before.answered, items=before.items)


def offer(words: Words, code: str) -> tuple[Row, ...]:
    """Give the button that opens a form that is offered; none for ""."""
    return ((open_button(words, code, words("form-offer", name=form_name(words, code))),),) if code else ()


def open_button(words: Words, code: str, label: str) -> Button:
    """Give the button that opens a form where it stands."""
    return button(label, "c", "form", code, style="primary")


def thoughts_text(words: Words, place: str | None) -> str:
    """Give the text that answers thoughts of death or of hurting oneself."""
    where = country(place)
    return words("safety-item-nine", line=line_words(words, where), emergency=danger_words(words, where))


def help_rows(words: Words, place: str | None) -> tuple[Row, ...]:
    """Give the numbers to copy, and the door to all help, which opens below and leaves the form where it is."""
    return (*copies(words, numbers_of(country(place))), (command_button(words, "urgent"),))


def thoughts(words: Words, place: str | None, on: Button) -> Screen:
    """Give the screen that stands between such an answer and the next question."""
    return Screen(thoughts_text(words, place), (*help_rows(words, place), (on,)))


def prompt(words: Words, code: str) -> Screen:
    """Give the message that a form's turn has come. It lights up on lock screens: no word of health stands in it."""
    questions = question_sets()[code].questions if code in question_sets() else ()
    start = open_button(words, code, words("form-start"))
    no = button(words("card-not-today"), VERB, "no")
    return Screen(words("form-prompt", n=len(questions)), ((start, no),))


def overview(view: FormsView) -> Screen:
    """List the forms, which are on, their last sums and when they come next."""
    words, patient = view.words, view.patient
    lines = [words("form-title"), "", *(_line(view, form) for form in forms().values())]
    lines += ["", words("form-day-line", day=_day_words(words, patient))]
    buttons = [button(_name(view, form), VERB, "see", form.code) for form in forms().values()]
    day = button(words("form-day"), VERB, "days")
    return Screen("\n".join(lines), (*in_rows(buttons, (2,)), (day, command_button(words, "settings"))))


def _line(view: FormsView, form: Form) -> str:
    words, parts = view.words, []
    if form.code in view.patient.items:
        day = view.coming.get(form.code)
        parts.append(words("form-on-next", day=words.day(day)) if day else words("form-on"))
    else:
        parts.append(words("form-off"))
    parts += [last for last in [_last(view, form)] if last]
    return words("form-line", name=_name(view, form), what=", ".join(parts))


def _last(view: FormsView, form: Form) -> str:
    done = view.last(form)
    points = score(done) if done else None
    if done is None or points is None:
        return ""
    return view.words("form-last", score=score_words(view.words, points), day=view.words.day(done.day))


def _name(view: FormsView, form: Form) -> str:
    return form_name(view.words, form.set_name(item_nine=view.item_nine))


def one(view: FormsView, form: Form) -> Screen:
    """Tell what a form is and how often it comes, with its switch and a way to fill it in now."""
    words = view.words
    is_on = form.code in view.patient.items
    often = words("form-often-days", n=form.every_days)
    parts = [_name(view, form), words(f"form-about-{form.code}"), often]
    parts += [words("form-before-visits")] if form.before_visits else []
    parts += [words("form-nobody-alerted")]
    last = _last(view, form)
    switch = button(words("form-switch-off" if is_on else "form-switch-on"), VERB, "off" if is_on else "on", form.code)
    rows = ((open_button(words, form.code, words("form-now")), switch), (button(words("settings-back"), VERB, "list"),))
    return Screen("\n".join([*parts, *([last] if last else [])]), rows)


def days(view: FormsView) -> Screen:
    """Offer the weekdays on which forms can come; the one that holds carries a mark."""
    words, chosen = view.words, weekday_of(view.patient)
    buttons = [_day(words, words.weekday(day), str(day), is_present=day == chosen) for day in range(7)]
    any_day = _day(words, words("form-any-day"), ANY, is_present=chosen is None)
    back = button(words("settings-back"), VERB, "list")
    return Screen(words("form-day-ask"), (*in_rows(buttons, (4, 3)), (any_day, back)))


def _day(words: Words, label: str, code: str, *, is_present: bool) -> Button:
    text = words("settings-present", label=label) if is_present else label
    return button(text, VERB, "day", code, style="success" if is_present else "")


def _day_words(words: Words, patient: Patient) -> str:
    chosen = weekday_of(patient)
    return words("form-any-day") if chosen is None else words.weekday(chosen)
