"""The conversation of a check-in: what is asked next, what an answer may be, and where Back leads."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.checkin import (
    SKIPPED,
    Answer,
    CheckIn,
    Kind,
    asked,
    is_complete,
    next_question,
    place_of,
    previous_question,
    takes,
)
from care.questions import Condition, Question, QuestionSet, question_sets
from tests.care.moments import at

DAILY = question_sets()["daily"]
CODES = [question.code for question in DAILY.questions]
NOW = at("2026-01-10 19:00")


def given_answers(**values: int | None) -> dict[str, Answer]:
    return {code: Answer(value, 1, NOW) for code, value in values.items()}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "mood"),  # the beginning
        ({"mood": 0}, "energy"),  # 0 is an answer
        ({"mood": SKIPPED}, "energy"),  # a skip is one too
        ({"mood": 5, "energy": 2}, "dizziness"),
        ({"mood": 5, "energy": 2, "dizziness": 0}, "nausea"),  # none: no follow-up
        ({"mood": 5, "energy": 2, "dizziness": 1}, "nausea"),  # mild: no follow-up
        ({"mood": 5, "energy": 2, "dizziness": 2}, "faint"),  # moderate
        ({"mood": 5, "energy": 2, "dizziness": 3, "faint": SKIPPED}, "nausea"),
        ({"mood": 5, "energy": 2, "dizziness": SKIPPED}, "nausea"),  # skipped: nothing to follow up
        ({"mood": 5, "energy": 2, "dizziness": 0, "nausea": 2}, "vomit"),
        ({"mood": 5, "energy": 2, "dizziness": 0, "nausea": 0}, None),
        ({"mood": 5, "energy": 2, "dizziness": 0, "nausea": 3, "vomit": 0}, None),
        ({"mood": SKIPPED, "energy": SKIPPED, "dizziness": SKIPPED, "nausea": SKIPPED}, None),  # skipped all
        ({"nausea": 0}, "mood"),  # out of order: still from the first one open
        ({"mood": 5, "energy": 2, "dizziness": 2, "nausea": 0}, "faint"),  # changed afterwards: asked afterwards
        ({"mood": 5, "energy": 2, "dizziness": 0, "faint": 2, "nausea": 0}, None),  # a follow-up no longer called for
        ({"mood": 5, "energy": 2, "dizziness": 0, "nausea": 0, "gone": 1}, None),  # a code of an older version
    ],
)
def test_the_next_question(answers: dict[str, int | None], code: str | None) -> None:
    coming = next_question(DAILY, given_answers(**answers))
    assert (coming.code if coming else None) == code
    assert is_complete(DAILY, given_answers(**answers)) is (code is None)


@pytest.mark.parametrize(
    ("answers", "code", "value", "taken"),
    [
        ({}, "mood", 0, True),
        ({}, "mood", 10, True),
        ({}, "mood", 11, False),  # off the scale
        ({}, "mood", -1, False),
        ({}, "mood", SKIPPED, True),  # everything can be skipped
        ({"mood": 5}, "mood", 6, True),  # Change an answer
        ({}, "nausea", 1, True),  # not its turn yet, but it will be asked
        ({}, "faint", 1, False),  # not called for
        ({}, "faint", SKIPPED, False),
        ({"dizziness": 1}, "faint", 1, False),
        ({"dizziness": 2}, "faint", 1, True),
        ({"dizziness": SKIPPED}, "faint", 1, False),
        ({}, "joy", 1, False),  # forged
        ({}, "", SKIPPED, False),
    ],
)
def test_an_answer_is_taken(answers: dict[str, int | None], code: str, value: int | None, taken: bool) -> None:
    assert takes(DAILY, given_answers(**answers), code, value) is taken


@pytest.mark.parametrize(
    ("answers", "code", "previous", "place"),
    [
        ({}, "mood", None, (1, 4)),  # the first
        ({"mood": 1}, "energy", "mood", (2, 4)),
        ({"mood": 1, "energy": 1, "dizziness": 2}, "faint", "dizziness", (4, 5)),  # one more
        ({"mood": 1, "energy": 1, "dizziness": 2}, "nausea", "faint", (5, 5)),
        ({"mood": 1, "energy": 1, "dizziness": 0}, "nausea", "dizziness", (4, 4)),  # over what is not asked
        ({"dizziness": 3, "nausea": 3}, "vomit", "nausea", (6, 6)),
    ],
)
def test_back_and_the_place(
    answers: dict[str, int | None], code: str, previous: str | None, place: tuple[int, int]
) -> None:
    before = previous_question(DAILY, given_answers(**answers), code)
    assert (before.code if before else None) == previous
    assert place_of(DAILY, given_answers(**answers), code) == place


def test_back_from_a_question_that_is_not_asked_leads_nowhere() -> None:
    assert previous_question(DAILY, {}, "faint") is None
    assert previous_question(DAILY, {}, "joy") is None


def check_in(**values: int | None) -> CheckIn:
    return CheckIn(7, 1, Kind.DAILY, date(2026, 1, 10), NOW, answers=given_answers(**values))


@pytest.mark.parametrize(
    ("card", "code", "value", "revision"),
    [
        (check_in(mood=0), "mood", 0, 1),  # nought is a value
        (check_in(mood=SKIPPED), "mood", None, 1),  # skipped is none, though answered
        (check_in(), "mood", None, 0),  # not answered
        (check_in(dizziness=2, faint=2), "faint", 2, 1),
        (check_in(dizziness=0, faint=2), "faint", None, 1),  # no longer called for: does not stand
        (check_in(dizziness=SKIPPED, faint=2), "faint", None, 1),
        (check_in(), "joy", None, 0),
    ],
)
def test_the_value_and_the_revision_that_stand(card: CheckIn, code: str, value: int | None, revision: int) -> None:
    assert (card.value(code), card.revision(code)) == (value, revision)


def test_the_values_that_stand_leave_out_what_was_skipped() -> None:
    assert check_in(mood=0, energy=SKIPPED, dizziness=1, faint=2, nausea=3).values == {
        "mood": 0,
        "dizziness": 1,
        "nausea": 3,
    }


VALUES = st.one_of(st.none(), st.integers(0, 10))


@given(values=st.lists(VALUES, min_size=len(CODES), max_size=len(CODES)))
def test_answering_in_order_asks_nothing_twice_and_ends(values: list[int | None]) -> None:
    answers: dict[str, Answer] = {}
    order: list[str] = []
    while (question := next_question(DAILY, answers)) is not None:
        value = values[len(order)]
        value = None if value is None else question.values[value % len(question.values)]
        assert takes(DAILY, answers, question.code, value)
        assert place_of(DAILY, answers, question.code)[0] == len(order) + 1
        answers[question.code] = Answer(value, 1, NOW)
        order.append(question.code)
    assert len(set(order)) == len(order) <= len(CODES)
    assert order == [code for code in CODES if code in order]  # in the fixed order
    assert ("faint" in order) == ((answers["dizziness"].value or 0) >= 2)
    assert ("vomit" in order) == ((answers["nausea"].value or 0) >= 2)


PRESSES = st.lists(st.tuples(st.sampled_from([*CODES, "joy"]), st.one_of(st.none(), st.integers(-1, 11))), max_size=30)


@given(presses=PRESSES)
def test_random_presses_leave_a_check_in_that_can_be_finished(presses: list[tuple[str, int | None]]) -> None:
    answers: dict[str, Answer] = {}
    for minute, (code, value) in enumerate(presses):
        if takes(DAILY, answers, code, value):
            answers[code] = Answer(value, 1, NOW + timedelta(minutes=minute))
        coming = next_question(DAILY, answers)
        assert coming is None or (coming.code not in answers and coming in asked(DAILY, answers))
        assert_back_walks_to_the_start(answers)
    for _ in CODES:
        if (question := next_question(DAILY, answers)) is not None:
            answers[question.code] = Answer(SKIPPED, 1, NOW)
    assert is_complete(DAILY, answers)
    assert all(answer.value is None or answer.value in range(11) for answer in answers.values())


def assert_back_walks_to_the_start(answers: dict[str, Answer]) -> None:
    called = asked(DAILY, answers)
    walked = [called[-1]]
    while (before := previous_question(DAILY, answers, walked[-1].code)) is not None:
        walked.append(before)
    assert walked[::-1] == called


def item(code: str, when: Condition | None = None) -> Question:
    return Question(code, (0, 1), (2,), "today", "worse", "own item", when=when)


def test_a_follow_up_of_any_answer_at_all_is_not_asked_after_a_skip() -> None:
    pair = QuestionSet("pair", 1, "own", "", (item("one"), item("two", Condition("one", 0))))
    assert [q.code for q in asked(pair, given_answers(one=0))] == ["one", "two"]
    assert [q.code for q in asked(pair, given_answers(one=SKIPPED))] == ["one"]


def test_a_follow_up_of_a_follow_up_falls_with_its_cause() -> None:
    chain = QuestionSet(
        "chain", 1, "own", "", (item("one"), item("two", Condition("one", 1)), item("three", Condition("two", 1)))
    )
    assert [q.code for q in asked(chain, given_answers(one=1, two=1))] == ["one", "two", "three"]
    assert [q.code for q in asked(chain, given_answers(one=0, two=1))] == ["one"]
    assert not takes(chain, given_answers(one=0, two=1), "three", 1)
