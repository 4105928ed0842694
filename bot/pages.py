"""Pages for clinicians, made from the data that the bot itself reads; a test keeps the copies under docs/ fresh."""

from collections.abc import Iterator

from care.crisis import countries
from care.questions import Question, QuestionSet, question_sets
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
    yield f"\nScale help: {words('explain-scale')}\n"


def _question_line(question: Question, words: Words) -> str:
    answers = ", ".join(f"{words(f'option-{question.code}-{value}')} = {value}" for value in question.values)
    when = f"{question.when.question} is {question.when.at_least} or more" if question.when else "always"
    cells = (question.code, words(f"question-{question.code}"), answers, question.recall, question.higher_is, when)
    return f"| {' | '.join(cells)} | {question.source} |"


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
    lines += ["\n## Help numbers\n", _HELP_INTRO, "| country | emergency | line | numbers | grade | verified on |"]
    lines += ["|---|---|---|---|---|---|", *_help_lines()]
    lines += [
        "\n## Texts\n",
        "Every text under `handlers/locales/`. The wording of the check-in, of the start and of the help card",
    ]
    lines += ["is the part that matters most.\n"]
    return "\n".join(lines)


_HELP_INTRO = (
    "Grade A: seen in a government, operator or news text. B: only in third-party lists. C: own knowledge.\n"
    "Only grade A is shown; elsewhere the emergency number and the international directory are.\n"
    "No row has been verified by a second person.\n"
)


def _help_lines() -> Iterator[str]:
    for country in countries().values():
        emergency = " or ".join(country.emergency)
        for line in country.lines:
            cells = (country.code, emergency, line.name, " or ".join(line.numbers), line.grade, line.verified_on or "-")
            yield f"| {' | '.join(cells)} |"
