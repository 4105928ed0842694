"""What the reader of questions.toml refuses, and what the packaged file must keep for ever."""

import re

import pytest

from care.errors import BadQuestions
from care.questions import question_sets, read_sets

# Never change or take away a line: these codes and values are stored. A new question is a new line.
CODES_FOR_EVER = {
    "mood": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    "energy": (0, 1, 2, 3, 4),
    "dizziness": (0, 1, 2, 3),
    "faint": (0, 1, 2),
    "nausea": (0, 1, 2, 3),
    "vomit": (0, 1, 2, 3),
    "sleep": (0, 1, 2, 3, 4),
    "anxious": (0, 1, 2, 3),
    "connect": (0, 1, 2),
    "crave": (0, 1, 2, 3),
    "bladder": (0, 1, 2, 3),
    "highs": (0, 1, 2),
    "did": (0, 1, 2, 3, 4, 5, 6),
    "sleepy": (0, 1, 2, 3),
    "headache": (0, 1, 2, 3),
    "floaty": (0, 1, 2, 3),
    "safe": (0, 1, 2),
    "change": (0, 1, 2, 3, 4),
    "events": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    "tolerability": (0, 1, 2, 3, 4),
    **{f"phq{item}": (0, 1, 2, 3) for item in range(1, 10)},
    "phq_hard": (0, 1, 2, 3),
    **{f"gad{item}": (0, 1, 2, 3) for item in range(1, 8)},
}

SOUND = """
[sets.daily]
version = 1
reviewed_by = ""
source = "clinic"

[[sets.daily.questions]]
code = "pain"
values = [0, 1, 2, 3]
rows = [2, 2]
recall = "today"
higher_is = "worse"
source = "own item"

[[sets.daily.questions]]
code = "pain_place"
values = [0, 1]
rows = [2]
recall = "today"
higher_is = "worse"
source = "own item"
when = { question = "pain", at_least = 2 }
"""


def test_a_sound_file_is_read_as_it_stands() -> None:
    questions = read_sets(SOUND)["daily"]
    assert (questions.name, questions.version) == ("daily", 1)
    assert [question.code for question in questions.questions] == ["pain", "pain_place"]
    assert questions.question("pain_place") is questions.questions[1]
    assert questions.question("joy") is None


def test_a_follow_up_may_wait_for_the_highest_value() -> None:
    assert read_sets(SOUND.replace("at_least = 2", "at_least = 3"))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        # the file
        ("[sets.daily]", "[sets.daily", "TOMLDecodeError"),
        ("sets.daily", "set.daily", "KeyError: 'sets'"),
        (SOUND, "", "KeyError: 'sets'"),
        (SOUND, "sets = {}", "needs at least one set"),
        (SOUND, "sets = []", "AttributeError"),
        (SOUND, "sets = 7", "AttributeError"),
        # a set
        ("version = 1", "version = 0", "needs a version from 1 up"),
        ("version = 1", "version = true", "needs a version from 1 up"),
        ("version = 1", "version = 1.5", "needs a version from 1 up"),
        ("version = 1", 'version = "1"', "needs a version from 1 up"),
        ("version = 1\n", "", "KeyError: 'version'"),
        ('reviewed_by = ""\n', "", "KeyError: 'reviewed_by'"),
        ('source = "clinic"\n', "", "KeyError: 'source'"),
        (SOUND[SOUND.index("[[") :], "questions = []", "at least one question"),
        (SOUND[SOUND.index("[[") :], "questions = [7]", "AttributeError"),
        # a question
        ('code = "pain"\n', "", "daily.?: TypeError"),
        ('"pain_place"', '"Pain"', "daily.Pain: the code must be"),
        ('"pain_place"', '"p"', "daily.p: the code must be"),
        ('"pain_place"', '"a_code_too_long_1"', "the code must be 2 to 16"),
        ('"pain_place"', '"2pain"', "the code must be"),
        ('"pain_place"', '"pain:1"', "the code must be"),  # a press separates its parts with colons
        ('"pain_place"', "7", "TypeError"),
        ('"pain_place"', '"pain"', "daily.pain: the code is used twice"),
        ("values = [0, 1]\n", "", "daily.pain_place: the values must be"),
        ("values = [0, 1]", "values = 7", "daily.pain_place: TypeError"),
        ("values = [0, 1]", "values = []", "the values must be"),
        ("values = [0, 1]", "values = [0]", "the values must be"),
        ("values = [0, 1]", "values = [1, 0]", "rising"),
        ("values = [0, 1]", "values = [1, 1]", "rising"),
        ("values = [0, 1]", "values = [0, 1.5]", "whole numbers"),
        ("values = [0, 1]", "values = [false, true]", "whole numbers"),
        ("values = [0, 1]", 'values = ["0", "1"]', "whole numbers"),
        ("values = [0, 1]", "values = [-1, 1]", "from 0 up"),
        ("rows = [2]", "rows = [3]", "each value once"),
        ("rows = [2]", "rows = [1]", "each value once"),
        ("rows = [2]", "rows = []", "each value once"),
        ("rows = [2]", "rows = [2, 0]", "each value once"),
        ("rows = [2]", "rows = [3, -1]", "each value once"),
        ("rows = [2]", "rows = [2.0]", "each value once"),
        ("rows = [2]", 'rows = ["2"]', "each value once"),
        ("values = [0, 1]\nrows = [2]", "values = [0, 1, 2, 3, 4, 5, 6]\nrows = [7]", "at most six a row"),
        ("rows = [2]\n", "", "the rows must hold each value once"),
        ('higher_is = "worse"', 'higher_is = "more"', "higher_is must be"),
        ('source = "own item"', 'source = ""', "the source is missing"),
        ('recall = "today"\n', "", "TypeError"),
        ('recall = "today"', 'recal = "today"', "recal"),  # a slip of the pen is named
        # a condition
        ('question = "pain"', 'question = "joy"', "does not come before it"),
        ('question = "pain"', 'question = "pain_place"', "does not come before it"),  # itself
        ("at_least = 2", "at_least = 4", "cannot be given"),
        ("at_least = 2", "at_least = 1.5", "cannot be given"),
        ("at_least = 2", 'at_least = "2"', "cannot be given"),
        ("at_least = 2", "at_leas = 2", "at_leas"),
        (", at_least = 2", "", "TypeError"),
        ('{ question = "pain", at_least = 2 }', '"pain"', "TypeError"),
    ],
)
def test_nonsense_is_refused_and_named(old: str, new: str, fault: str) -> None:
    place = SOUND.rindex(old)  # the last place: the follow-up, where both questions have such a line
    text = SOUND[:place] + new + SOUND[place + len(old) :] if "sets.daily" not in old else SOUND.replace(old, new)
    with pytest.raises(BadQuestions, match=re.escape(fault)):
        read_sets(text)


def test_codes_and_values_are_kept_for_ever() -> None:
    packaged = {question.code: question.values for kept in question_sets().values() for question in kept.questions}
    assert packaged == CODES_FOR_EVER


def test_the_packaged_daily_set_is_the_one_that_was_reviewed() -> None:
    daily = question_sets()["daily"]
    assert daily.version == 1  # raise it, and this line, when wording or scale changes
    assert [question.code for question in daily.questions] == list(CODES_FOR_EVER)[:6]
    assert {q.code for one in question_sets().values() for q in one.questions} == set(CODES_FOR_EVER)
    plain = [question.code for question in daily.questions if question.when is None]
    assert plain == ["mood", "energy", "dizziness", "nausea"]  # four taps
    follow_ups = {q.code: (q.when.question, q.when.at_least) for q in daily.questions if q.when}
    assert follow_ups == {"faint": ("dizziness", 2), "vomit": ("nausea", 2)}
    assert {q.code: q.higher_is for q in daily.questions} == dict.fromkeys(list(CODES_FOR_EVER)[:6], "worse") | {
        "mood": "better",
        "energy": "better",
    }
    assert daily.questions[0].rows == (6, 5)  # 0-5 and 6-10


def test_the_packaged_sets_are_read_once() -> None:
    assert question_sets() is question_sets()
