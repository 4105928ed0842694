"""Pages for clinicians, made from the data that the bot itself reads; a test keeps the copies under docs/ fresh."""

from collections.abc import Iterator

from care import forms
from care.crisis import countries
from care.guidance import Rule, Sign, everything
from care.questions import Question, QuestionSet, question_sets
from care.steps import guide
from care.treatments import courses
from handlers.words import Words

_HEAD = "<!-- Made by `make fix` from the bot's own data; do not edit. -->\n"


def questions_page() -> str:
    """Give docs/questions.md: every question as a person reads it, with its scale, recall, source and condition."""
    words = Words("en")
    parts = [
        _HEAD,
        "# The questions\n",
        "What the bot asks, word for word. Codes are stored for ever and never reused.\n",
    ]
    for questions in question_sets().values():
        parts += _set_lines(questions, words)
    return "\n".join(parts)


def _set_lines(questions: QuestionSet, words: Words) -> Iterator[str]:
    reviewed = questions.reviewed_by or "nobody yet"
    yield f"## {questions.name} (version {questions.version})\n"
    yield f"Source: {questions.source}  \nReviewed by: {reviewed}\n"
    yield "| code | question | answers = stored value | recall | higher is | asked when | source |"
    yield "|---|---|---|---|---|---|---|"
    for question in questions.questions:
        yield _question_line(question, words)
    yield f"\nScale help: {words('explain-scale')}\n" if any(one.explained for one in questions.questions) else ""


def _question_line(question: Question, words: Words) -> str:
    answers = ", ".join(f"{words(f'option-{question.code}-{value}')} = {value}" for value in question.values)
    if question.many:
        answers += "; all that fit, stored as the sum of 2 to the power of each"
    wording = words(f"question-{question.code}-{question.wording}" if question.wording else f"question-{question.code}")
    cells = (question.code, wording, answers, question.recall, question.higher_is, _when(question, words))
    return f"| {' | '.join(cells)} | {question.source} |"


def _when(question: Question, words: Words) -> str:
    if question.when:
        causes = question.when.questions
        which = causes[0] if len(causes) == 1 else f"any of {', '.join(causes)}"
        return f"{which} is {question.when.at_least} or more"
    if question.monthday:
        return f"on day {question.monthday} of the month"
    return ", ".join(words.weekday(day) for day in question.weekdays) or "always"


def clinical_review_page() -> str:
    """Give docs/clinical-review.md: everything that a clinician has not signed yet."""
    lines = [
        _HEAD,
        "# What awaits clinical review\n",
        "Nobody has reviewed any of this. A name and a date are entered here, through the data files, only when a real",
        "person has signed. Until then the demo says so.\n",
        "## Question sets\n",
        "| set | version | reviewed by |",
        "|---|---|---|",
    ]
    lines += [f"| {s.name} | {s.version} | {s.reviewed_by or '-'} |" for s in question_sets().values()]
    lines += ["\n## Standard forms\n", *_form_lines()]
    lines += ["\n## Courses of treatment\n", "| course | kind | stages | fasting note | source | reviewed by |"]
    lines += ["|---|---|---|---|---|---|", *_course_lines()]
    lines += ["\n## Small steps\n", f"Reviewed by: {guide().reviewed_by or 'nobody yet'}. Source: {guide().source}.\n"]
    lines += [f"- `{step.code}`: {Words('en')(f'step-{step.code}')}" for step in guide().steps.values()]
    lines += ["\nWhich step is offered when stands in `care/steps.toml`.\n"]
    lines += ["\n## Guidance after answers\n", *_guidance_lines()]
    lines += ["\n## Help numbers\n", _HELP_INTRO, "| country | emergency | line | numbers | grade | verified on |"]
    lines += ["|---|---|---|---|---|---|", *_help_lines()]
    lines += [
        "\n## Texts\n",
        "Every text under `handlers/locales/`. The wording of the check-in, of the start and of the help card",
    ]
    lines += ["is the part that matters most.\n"]
    return "\n".join(lines)


def _form_lines() -> Iterator[str]:
    read, words = forms.everything(), Words("en")
    thoughts = read.thoughts
    yield f"Source: {read.source}. The numbers stand in `care/forms.toml`.\n"
    yield "Each form is off until the person switches it on. It is not asked on a day of treatment or the day"
    yield f"after; it is tried on {read.days_to_ask} days. It is not asked within {read.days_between} days after it,"
    yield f"or its longer form, was filled in. Reviewed by: {read.reviewed_by or 'nobody yet'}.\n"
    yield "| form | asked every | longer form offered | before visits | source | reviewed by |"
    yield "|---|---|---|---|---|---|"
    for form in read.forms.values():
        longer = f"{form.longer} from a sum of {form.offer_longer_from}" if form.longer else "-"
        before = "yes" if form.before_visits else "-"
        cells = (form.code, f"{form.every_days} days", longer, before, form.source, form.reviewed_by or "-")
        yield f"| {' | '.join(cells)} |"
    after = f"{thoughts.item} of {thoughts.at_least} or more, or value {thoughts.ticked} of {thoughts.list}"
    yield f"\n- After {after}, at once:"
    yield f"  {words('safety-item-nine', line='(line)', emergency='(emergency)')}"
    yield f"  Source: {thoughts.source}. Reviewed by: {thoughts.reviewed_by or 'nobody yet'}."
    yield f"- Before item 9: {words('form-before-phq9')}"


_HELP_INTRO = (
    "Grade A: seen in a government, operator or news text. B: only in third-party lists. C: own knowledge.\n"
    "Only grade A is shown; elsewhere the emergency number and the international directory are.\n"
    "No row has been verified by a second person.\n"
)


def _guidance_lines() -> Iterator[str]:
    rules, words = everything(), Words("en")
    yield f"Source: {rules.source}. The thresholds stand in `care/rules.toml`.\n"
    yield "The first rule that holds wins. Red cards are always shown; any other at most once in"
    yield f"{rules.between.total_seconds() / 3600:.0f} hours. Hours count from the end of the last"
    yield "confirmed treatment.\n"
    yield "| row | card | severity | shown when | text | reviewed by |"
    yield "|---|---|---|---|---|---|"
    yield from (_rule_line(rule, words) for rule in rules.rules)
    yield f"\n- `felt-before`: {words('guide-felt-before')} Shown with a card about a feeling that was"
    yield f"  {rules.felt.at_least} or more within {rules.felt.before_hours} hours of the treatment before the last."
    yield f"  Reviewed by: {rules.felt_reviewed_by or 'nobody yet'}."
    yield f"- `alone` (row 14): {words('guide-alone')} Shown when {_sign_words(rules.alone)}."
    yield f"  Reviewed by: {rules.alone_reviewed_by or 'nobody yet'}."
    for code, line in rules.substance_lines.items():
        yield f"- Substance line for {code}: {line.name}, {line.number}. Source: {line.source}."
        yield f"  Verified on: {line.verified_on or 'not yet'}. Reviewed by: {line.reviewed_by or 'nobody yet'}."


def _rule_line(rule: Rule, words: Words) -> str:
    blanks = {name: f"({name})" for name in ("emergency", "line", "clinic", "private")}
    text = words(f"guide-{rule.code}", call="call your clinic today (phone)", **blanks)
    often = " Once a treatment." if rule.once_a_treatment else ""
    when = "; or ".join(map(_sign_words, rule.signs))
    cells = (str(rule.row), f"`{rule.code}`", rule.severity, when + "." + often, text, rule.reviewed_by or "nobody yet")
    return f"| {' | '.join(cells)} |"


def _sign_words(sign: Sign) -> str:
    """Say a condition in plain words, with its thresholds."""
    parts = {
        f"{sign.at_least} or more": sign.at_least,
        f"{sign.at_most} or less": sign.at_most,
        f"has any of {', '.join(map(str, sign.ticked))}": sign.ticked or None,
        f"at least {sign.below_middle} below the median of the last {sign.middle_days} days "
        f"({sign.middle_of} answers or more)": sign.below_middle,
        f"{sign.from_hours} hours or more after treatment": sign.from_hours,
        f"less than {sign.before_hours} hours after treatment": sign.before_hours,
        f"no treatment in {sign.untreated_days} days": sign.untreated_days,
        f"in {sign.running} check-ins running": sign.running if sign.running > 1 else None,
    }
    return f"{sign.question}: " + ", ".join(text for text, value in parts.items() if value is not None)


def _course_lines() -> Iterator[str]:
    for course in courses().values():
        stages = ", then ".join(f"{stage.a_week} a week for {stage.weeks} weeks" for stage in course.stages)
        fasting = "offered" if course.fasting else "-"
        cells = (course.code, course.kind or "-", stages, fasting, course.source, course.reviewed_by or "-")
        yield f"| {' | '.join(cells)} |"


def _help_lines() -> Iterator[str]:
    for country in countries().values():
        emergency = " or ".join(country.emergency)
        for line in country.lines:
            cells = (country.code, emergency, line.name, " or ".join(line.numbers), line.grade, line.verified_on or "-")
            yield f"| {' | '.join(cells)} |"
