"""The words of the questions: there for every answer, short where buttons share a row, silent on a lock screen."""

import re

import pytest

from care.questions import Question, question_sets
from handlers.words import Words, languages

SHARES_A_ROW = 14
ALONE = 64
OF_HEALTH = re.compile(
    r"ketamine|treatment|depress|mood|energy|sick|nausea|dizz|pain|sleep|symptom|feel|medicine|clinic|score|health|worse",
    re.IGNORECASE,
)
FIRST_LINES = ("after-heading", "after-morning", "after-three-days")
ASKED = [(kept.name, question) for kept in question_sets().values() for question in kept.questions]
each_question = pytest.mark.parametrize(
    ("name", "question"), ASKED, ids=[f"{name}-{question.code}" for name, question in ASKED]
)


def widths(question: Question) -> list[int]:
    """Give for each answer how many buttons stand in its row."""
    return [width for width in question.rows for _ in range(width)]


@pytest.mark.parametrize("language", languages())
@each_question
def test_every_question_has_its_words(language: str, name: str, question: Question) -> None:
    words = Words(language)
    wording = f"-{question.wording}" if question.wording else ""
    assert words(f"question-{question.code}{wording}").endswith(("?", "."))
    assert len(words(f"short-{question.code}")) <= SHARES_A_ROW


@pytest.mark.parametrize("language", languages())
@each_question
def test_an_answer_that_shares_its_row_is_short(language: str, name: str, question: Question) -> None:
    labels = [Words(language)(f"option-{question.code}-{value}") for value in question.values]
    assert len(set(labels)) == len(labels)
    shares = zip(labels, widths(question), strict=True)
    assert [label for label, width in shares if len(label) > (SHARES_A_ROW if width > 1 else ALONE)] == []


@pytest.mark.parametrize("language", languages())
def test_buttons_beside_others_are_short(language: str) -> None:
    assert all(len(Words(language)(name)) <= SHARES_A_ROW for name in ("after-all-fine", "many-done", "settings-steps"))


@pytest.mark.parametrize("name", FIRST_LINES)
def test_a_first_line_that_comes_unasked_holds_no_word_of_health(name: str) -> None:
    assert not OF_HEALTH.search(Words("en")(name).splitlines()[0])


def test_the_care_after_a_treatment_is_said_in_full() -> None:
    assert Words("en")("after-care") == (
        "Do not drive or use machines until tomorrow, after a good night of sleep. Skip alcohol. Rest, sip water, and "
        "stand up slowly. If your clinic told you other steps, follow your clinic."
    )


def test_hints_name_the_buttons_as_they_are_called() -> None:
    words = Words("en")
    assert words("after-all-fine") in words("after-open")
    assert words("many-done") in words("many-hint")
