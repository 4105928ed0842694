"""The check-in card: pure screens for every state of a check-in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from care.checkin import (
    CheckIn,
    Kind,
    Outcome,
    all_fine,
    asked,
    next_question,
    place_of,
    previous_question,
)
from care.course import AFTER_SET, DAY_THREE_SET, MORNING_SET
from care.forms import has_thoughts, thoughts_in
from care.people import Patient
from care.questions import Question
from care.replies import is_worrying, thanks
from care.schedule import moment_at, wall_minute
from care.sharing import Link
from care.steps import Step
from care.trends import Span
from handlers import form_screens, guidance, steps
from handlers.answers import answer_words
from handlers.form_screens import FormBeside
from handlers.form_words import form_name
from handlers.guidance import Beside
from handlers.menu import command_button
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.support_screens import reminder, reminder_button
from handlers.words import Words
from storage.checkins import DAYS_BACK

SKIP = "s"
SOON, LATER = timedelta(minutes=30), timedelta(hours=2)
EVENING, EVENING_OFFERED_UNTIL = 19 * 60, 18 * 60 + 30
NOON = 12 * 60
_WEEK_NEEDS = 2


@dataclass(frozen=True, slots=True)
class View:
    """What a card is drawn from: words, whose check-in it is, the present moment, and what a saved one shows beside."""

    words: Words
    patient: Patient
    check_in: CheckIn
    now: datetime
    week: Span | None = None
    step: Step | None = None
    links: tuple[Link, ...] = ()
    beside: Beside = field(default_factory=Beside)
    form: FormBeside = field(default_factory=FormBeside)

    @property
    def is_today(self) -> bool:
        """Tell whether the check-in belongs to the day that the person lives now."""
        return self.check_in.day == self.patient.day_at(self.now)

    @property
    def can_fill_in(self) -> bool:
        """Tell whether the check-in is young enough to be filled in; a form is so on its own day alone."""
        if self.check_in.kind is Kind.FORM:
            return self.is_today
        return 0 <= (self.patient.day_at(self.now) - self.check_in.day).days <= DAYS_BACK

    def clock(self, moment: datetime) -> str:
        """Write a moment as the person's clock shows it."""
        return self.words.clock(wall_minute(moment, self.patient.zone_at(moment)))


def card(view: View) -> Screen:
    """Give the card as the check-in stands: the next question, saved, declined or closed."""
    question = next_question(view.check_in.questions, view.check_in.answers)
    if view.check_in.outcome is Outcome.DECLINED:
        return _declined(view)
    if view.check_in.outcome is Outcome.CLOSED:
        return closed(view)
    if question is None:
        return saved(view)
    return _before(view, question) or ask(view, question)


def _before(view: View, question: Question) -> Screen | None:
    """Give what stands before a question: help where the answer just given speaks of thoughts of death, or its lead-in.

    Both follow from the answers alone, so that no restart and no doubled press can lose or repeat them.
    """
    check_in = view.check_in
    given = previous_question(check_in.questions, check_in.answers, question.code)
    is_thought = given is not None and given.code == thoughts_in(check_in.values)
    if not is_thought and not question.introduced:
        return None
    on = button(view.words("form-go-on"), "q", check_in.id, question.code)
    if is_thought:
        return form_screens.thoughts(view.words, view.patient.country, on)
    skip = _option(view, question, "form-skip-it", SKIP)
    back = [(button(view.words("card-back"), "q", check_in.id, given.code),)] if given else []
    return Screen(view.words(f"form-before-{question.code}"), ((on, skip), *back))


def ask(
    view: View,
    question: Question,
    *,
    explained: bool = False,
    answers: bool = True,
    above: str = "",
    ticked: int | None = None,
) -> Screen:
    """Ask one question of the card; a question that has an answer is shown with it, to be changed or kept.

    answers=False leaves out what was said so far: unprompted cards light up on lock screens. ticked is what is
    ticked on the way to an answer where many may be.
    """
    lines = [above or heading(view)]
    if view.check_in.kind is Kind.FORM:
        lines += form_screens.lead_in(view.words, view.check_in, question)
    elif answers:
        lines += _said(view, apart_from=question.code)
    place, count = place_of(view.check_in.questions, view.check_in.answers, question.code)
    words, fine = view.words, _fine_row(view)
    lines += [words("after-open")] if fine else []
    lines += [_question_line(words.language, question.code, question.wording, place, count)]
    lines += [words("explain-scale")] if explained else []
    lines += [words("many-hint")] if question.many else []
    rows = (*fine, *in_rows(_options(view, question, ticked), question.rows))
    ways = (
        *_help_row(view, question, explained=explained),
        *_that_is_all(view, question, ticked),
        _ways_on(view, question),
    )
    return Screen("\n".join(lines), (*rows, *ways))


@lru_cache(maxsize=1024)
def _question_line(language: str, code: str, wording: str, place: int, count: int) -> str:
    """Say a question with its place. Words keeps nothing as long as a question, for that may be what a person wrote."""
    words = Words(language)
    question = words(f"question-{code}-{wording}" if wording else f"question-{code}")
    return words("card-question", place=place, count=count, question=question)


_HEADINGS = {AFTER_SET: "after-heading", MORNING_SET: "after-morning", DAY_THREE_SET: "after-three-days"}


def heading(view: View) -> str:
    """Give the first line of the card, which says nothing of health."""
    day = view.words.day(view.check_in.day)
    if view.check_in.kind is Kind.VISIT:
        return view.words("card-visit")
    if view.check_in.kind is Kind.FORM:
        return form_name(view.words, view.check_in.set_name)
    if view.check_in.kind is Kind.EXTRA:
        return view.words("card-extra", day=day)
    if not view.is_today:
        return view.words("card-past", day=day)
    minute = wall_minute(view.now, view.patient.zone_at(view.now))
    is_late_morning = view.check_in.set_name == MORNING_SET and minute >= NOON
    return view.words("card-today" if is_late_morning else _HEADINGS.get(view.check_in.set_name, "card-today"), day=day)


def _fine_row(view: View) -> tuple[Row, ...]:
    """Offer "All fine" while nothing is answered of a card that has such a short way."""
    fine = all_fine(view.check_in.questions, view.check_in.answers)
    if view.check_in.answers or not fine:
        return ()
    return ((button(view.words("after-all-fine"), "c", "fine", view.check_in.id, style="success"),),)


def _said(view: View, apart_from: str = "") -> list[str]:
    """List what was answered so far, as one line; nothing when nothing was."""
    questions, answers = view.check_in.questions, view.check_in.answers
    codes = [q.code for q in asked(questions, answers) if q.code in answers and q.code != apart_from]
    values = view.check_in.values if codes else {}
    return [" · ".join(_answer(view.words, code, values.get(code)) for code in codes)] if codes else []


def _answer(words: Words, code: str, value: int | None) -> str:
    answer = words("card-skipped") if value is None else answer_words(words, code, value)
    return words("card-answer", name=words(f"short-{code}"), answer=answer)


def _options(view: View, question: Question, ticked: int | None) -> list[Button]:
    if question.many:
        return _ticks(view, question, _ticked(view, question, ticked))
    given = view.check_in.value(question.code) if question.code in view.check_in.answers else None
    return [
        _option(view, question, f"option-{question.code}-{value}", value, "success" if value == given else "")
        for value in question.values
    ]


def _ticked(view: View, question: Question, ticked: int | None) -> int:
    """Give what is ticked: on the way to an answer, or by the answer that stands."""
    return (view.check_in.value(question.code) or 0) if ticked is None else ticked


def _ticks(view: View, question: Question, ticked: int) -> list[Button]:
    """Make the buttons of a question where many may be tapped; each carries what is ticked once it was pressed."""
    return [
        button(
            view.words("card-ticked", label=label) if ticked >> one & 1 else label,
            *("m", view.check_in.id, question.code, question.toggled(ticked, one)),
            view.check_in.revision(question.code),
            style="success" if ticked >> one & 1 else "",
        )
        for one in question.values
        for label in [view.words(f"option-{question.code}-{one}")]
    ]


def _that_is_all(view: View, question: Question, ticked: int | None) -> tuple[Row, ...]:
    value = _ticked(view, question, ticked)
    if not question.many or not question.takes(value):
        return ()
    return ((_option(view, question, "many-done", value, "primary"),),)


def _option(view: View, question: Question, label: str, value: object, style: str = "") -> Button:
    """Make an answer's button; it carries how often the question was answered, so that an old one changes nothing."""
    revision = view.check_in.revision(question.code)
    return button(view.words(label), "a", view.check_in.id, question.code, value, revision, style=style)


def _help_row(view: View, question: Question, *, explained: bool) -> tuple[Row, ...]:
    if not question.explained or explained:
        return ()
    return ((button(view.words("card-explain"), "c", "explain", view.check_in.id, question.code),),)


def _ways_on(view: View, question: Question) -> Row:
    """Give the last row: one for a question that is open, another for one that has an answer already."""
    check_in, words = view.check_in, view.words
    before = previous_question(check_in.questions, check_in.answers, question.code)
    back = [button(words("card-back"), "q", check_in.id, before.code)] if before else []
    if question.code in check_in.answers:
        clear = _option(view, question, "card-clear", SKIP)
        return (*back, clear, button(words("card-keep"), "c", "show", check_in.id))
    skip = _option(view, question, "card-skip", SKIP)
    is_daily_today = view.is_today and check_in.kind in (Kind.DAILY, Kind.AFTER)
    later = [button(words("card-later"), "c", "later", check_in.id)] if is_daily_today else []
    no = button(words("card-not-today" if is_daily_today else "card-leave"), "c", "no", check_in.id)
    return (*back, skip, *later) if back and later else (*back, skip, *later, no)


def saved(view: View, *, finished: bool = False, another: bool = False) -> Screen:
    """Show a complete check-in: thanks, what was said, the week's middle, and the card or the step that goes with it.

    finished leaves the buttons out.
    """
    if view.check_in.kind is Kind.FORM:
        return _saved_form(view, finished=finished)
    lines = _thoughts_lines(view)
    lines += [view.words(f"daily-done-{_thanks(view)}"), _saved_line(view), *_week_line(view)]
    if view.check_in.set_name == AFTER_SET:
        lines += ["", view.words("after-care")]
    if is_worrying(view.check_in):
        lines += [view.words("card-nobody-reads")]
    lines += guidance.lines(view.words, view.beside, view.patient.country)
    if view.step is not None:
        lines += ["", steps.lines(view.words, view.step)]
    shared = reminder(view.words, view.links)
    lines += ["", shared] if shared else []
    lines += ["", view.words("form-told")] if view.form.is_told else []
    return Screen("\n".join(lines), (*_thoughts_rows(view), *(() if finished else _saved_rows(view, another=another))))


def _saved_form(view: View, *, finished: bool) -> Screen:
    """Show a form that is complete: its sum and the one before, and the longer form where it is offered."""
    words, form = view.words, view.form
    lines = [*_thoughts_lines(view), *form_screens.result(words, view.check_in, form)]
    ways = [
        button(words("card-change"), "c", "change", view.check_in.id),
        command_button(words, "forms"),
        button(words("card-done"), "c", "done", view.check_in.id),
    ]
    rows = () if finished else (*form_screens.offer(words, form.offered), *in_rows(ways, (2,)))
    return Screen("\n".join(lines), (*_thoughts_rows(view), *rows))


def _thoughts_lines(view: View) -> list[str]:
    """Give the text that stands first where an answer speaks of thoughts of death or of hurting oneself."""
    if not has_thoughts(view.check_in.values):
        return []
    return [form_screens.thoughts_text(view.words, view.patient.country), ""]


def _thoughts_rows(view: View) -> tuple[Row, ...]:
    return form_screens.help_rows(view.words, view.patient.country) if has_thoughts(view.check_in.values) else ()


def _thanks(view: View) -> str:
    """Give the kind of thanks: no glad one beside a card that asks to call somebody."""
    kind = thanks(view.check_in)
    return "mid" if kind == "high" and view.beside.is_serious else kind


def _saved_line(view: View) -> str:
    time = view.clock(view.check_in.completed_at or view.now)
    answers, words = "".join(_said(view)), view.words
    if view.is_today:
        return words("card-saved", time=time, answers=answers)
    return words("card-saved-past", day=words.day(view.check_in.day), time=time, answers=answers)


def _week_line(view: View) -> list[str]:
    week = view.week
    if week is None or week.count < _WEEK_NEEDS:
        return []
    return [view.words("card-week", middle=view.words.number(week.middle), n=week.count)]


def _saved_rows(view: View, *, another: bool) -> tuple[Row, ...]:
    words, check_in = view.words, view.check_in
    if check_in.kind is Kind.VISIT:
        return _visit_rows(view)
    buttons = [
        button(words("card-note"), "n", "add", check_in.id),
        button(words("card-change"), "c", "change", check_in.id),
        button(words("card-chart"), "he", "summary"),
        button(words("card-done"), "c", "done", check_in.id),
    ]
    more = [button(words("card-another"), "c", "extra", check_in.id)] if another else []
    step = [steps.row(words, check_in.id, view.step)] if view.step else []
    step += [(command_button(words, "forms"),)] if view.form.is_told else []
    shared = [(reminder_button(words),)] if reminder(words, view.links) else []
    return (*in_rows([*buttons, *more], (2,)), *guidance.rows(words, check_in.id, view.beside), *step, *shared)


def _visit_rows(view: View) -> tuple[Row, ...]:
    """Lead on from what happened since the last visit to what the person wants to say at the next."""
    words, about = view.words, view.check_in.appointment_id
    change_ = button(words("card-change"), "c", "change", view.check_in.id)
    if about is None:
        return ((change_,),)
    buttons = [
        button(words("card-visit-main"), "vi", "main", about),
        button(words("card-visit-notes"), "vi", "notes", about, 0),
        button(words("card-visit-draft"), "vi", "draft", about),
        change_,
    ]
    return (*form_screens.offer(words, view.form.offered), *in_rows(buttons, (1, 1, 2)))


def change(view: View) -> Screen:
    """List the questions of a check-in with their answers; picking one opens it again."""
    questions = asked(view.check_in.questions, view.check_in.answers)
    answered = [question for question in questions if question.code in view.check_in.answers]
    values = view.check_in.values
    rows: list[Row] = [
        (button(_answer(view.words, q.code, values.get(q.code)), "q", view.check_in.id, q.code),) for q in answered
    ]
    back: Row = (button(view.words("card-back"), "c", "show", view.check_in.id),)
    return Screen(view.words("card-which"), (*rows, back))


def later(view: View) -> Screen:
    """Offer moments to be shown the card again. Each button carries its moment, so that a press can be repeated."""
    words, check_in = view.words, view.check_in
    buttons = [
        button(words(name), "c", "snooze", check_in.id, int(at.timestamp()) // 60)
        for name, at in _moments(view).items()
        if fits(view, at)
    ]
    tomorrow: Row = (button(words("later-tomorrow"), "c", "next", check_in.id),)
    back: Row = (button(words("card-back"), "c", "show", check_in.id),)
    return Screen(words("later-ask"), (*in_rows(buttons, (3,)), tomorrow, back))


def _moments(view: View) -> dict[str, datetime]:
    zone = view.patient.zone_at(view.now)
    moments = {"later-soon": view.now + SOON, "later-hours": view.now + LATER}
    if view.patient.day_start <= wall_minute(view.now, zone) < EVENING_OFFERED_UNTIL:
        moments["later-evening"] = moment_at(view.check_in.day, EVENING, zone)
    return moments


def fits(view: View, at: datetime) -> bool:
    """Tell whether the card can be shown again at a moment: in the future, and before its day is over."""
    return view.now < at < view.patient.day_over(view.check_in.day)


def sure(view: View, at: datetime) -> Screen:
    """Ask whether a moment inside quiet hours is meant."""
    words, check_in = view.words, view.check_in
    yes = button(words("later-yes"), "c", "sure", check_in.id, int(at.timestamp()) // 60)
    other = button(words("later-other"), "c", "later", check_in.id)
    return Screen(words("later-quiet", time=view.clock(at)), ((yes, other),))


def snoozed(view: View, at: datetime) -> Screen:
    """Say when the card comes again."""
    now = button(view.words("later-now"), "c", "show", view.check_in.id)
    return Screen(view.words("later-set", time=view.clock(at)), ((now,),))


def moment_of(minute: int) -> datetime | None:
    """Read a moment that a button carries, whole minutes since 1970; None when it is none."""
    year_9999 = 253402300800 // 60
    return datetime.fromtimestamp(minute * 60, UTC) if 0 < minute < year_9999 else None


def _declined(view: View) -> Screen:
    if view.check_in.kind is Kind.FORM:
        return Screen(view.words("form-declined"), _fill_in_row(view, "card-fill-after-all"))
    day = view.words.day(view.check_in.day)
    return Screen(view.words("card-declined", day=day), _fill_in_row(view, "card-fill-after-all"))


def until_next(view: View) -> Screen:
    """Say that the next card is the next check-in's own."""
    return Screen(view.words("later-next"), _fill_in_row(view, "card-fill-after-all"))


def closed(view: View) -> Screen:
    """Say that a check-in is closed; while it is young, offer to fill it in."""
    if view.check_in.kind is Kind.FORM and not view.can_fill_in:
        return Screen(view.words("form-closed"), ((command_button(view.words, "forms"),),))
    day = view.words.day(view.check_in.day)
    if not view.can_fill_in:
        return Screen(view.words("card-closed-for-good", day=day))
    leave = button(view.words("card-leave-it"), "c", "leave", view.check_in.id)
    fill = _fill_in_row(view, "card-fill")
    return Screen(view.words("card-closed", day=day), tuple((*row, leave) for row in fill))


def left(view: View) -> Screen:
    """Say that leaving a closed check-in as it is is fine."""
    return Screen(view.words("card-left", day=view.words.day(view.check_in.day)))


def _fill_in_row(view: View, name: str) -> tuple[Row, ...]:
    return ((button(view.words(name), "c", "fill", view.check_in.id),),) if view.can_fill_in else ()


def folded(view: View, above: str = "") -> Screen:
    """Give the card before it is opened: it says nothing of health, for discreet mode and lock screens."""
    start = button(view.words("card-start"), "c", "show", view.check_in.id, style="primary")
    no = button(view.words("card-not-today"), "c", "no", view.check_in.id)
    return Screen(above or heading(view), ((start, no),))


def unprompted(view: View, above: str = "") -> Screen:
    """Give the card as it is sent without being asked for, with a line of its own above or instead of the heading."""
    question = next_question(view.check_in.questions, view.check_in.answers)
    if question is None:
        return card(view)
    return folded(view, above) if view.patient.discreet else ask(view, question, answers=False, above=above)
