"""The words of every language: complete, plain, kind and short enough."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

import handlers
from handlers.words import FALLBACK, MissingWords, Words, language_for, languages

FOLDER = Path(handlers.__file__).parent
NAME = re.compile(r"[a-z]+(-[a-z0-9]+)*")
LONGEST = 4096
GRADE = 6.0
FEWEST_WORDS = 15
GUILT = re.compile(
    r"\b(fail(ed|ure)?|missed|streaks?|forgot|shame|lazy|excuses?|guilt\w*|disappoint\w*|you should have|why didn.t|"
    r"too bad|not good enough|well done|great job|congrat\w*|awesome|keep it up)\b",
    re.IGNORECASE,
)
INSTRUMENTS = re.compile(r"(question|option)-(phq|gad)\w*(-\d)?|form-(lead-in|often-\d)")
"""Messages whose words belong to a standard form: they are not ours to make kinder or shorter."""


class Variables(Visitor):
    """Collects the variables of a message, which of them are selected on, and the messages it refers to."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.selected: set[str] = set()
        self.refers: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802 - the library's name
        self.refers.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802 - the library's name
        if isinstance(node.selector, ftl.VariableReference):
            self.selected.add(node.selector.id.name)
        self.generic_visit(node)


@cache
def catalogue(language: str) -> dict[str, Variables]:
    """Give every message of a language with its variables."""
    found: dict[str, Variables] = {}
    for file in sorted((FOLDER / "locales" / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text("utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{file.name}: {getattr(entry, 'content', '')[:80]}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                found[entry.id.name] = Variables()
                found[entry.id.name].visit(entry)
    return found


def rendered(language: str, name: str) -> Iterator[str]:
    """Render a message in every plural form."""
    variables, words = catalogue(language)[name], Words(language)
    plain = dict.fromkeys(variables.names - variables.selected, "20:00")
    chosen = sorted(variables.selected)
    for numbers in product((0, 1, 2, 5), repeat=len(chosen)):
        yield words(name, **plain, **dict(zip(chosen, numbers, strict=True)))


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """List every call of Words in handlers/: words("name"), view.words("name"), context.words(language)("name")."""
    return [
        (f"{file.name}:{node.lineno}", node)
        for file in sorted(FOLDER.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and node.args and _is_words(node.func)
    ]


def _is_words(func: ast.expr) -> bool:
    if isinstance(func, ast.Call):
        return _is_words(func.func)
    return (isinstance(func, ast.Name) and func.id in ("words", "Words")) or (
        isinstance(func, ast.Attribute) and func.attr == "words"
    )


def constants() -> list[tuple[str, ast.Call, str]]:
    return [
        (where, call, call.args[0].value)
        for where, call in calls()
        if isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and NAME.fullmatch(call.args[0].value)
    ]


def patterns() -> list[tuple[str, str]]:
    """List the names that are put together when they are used, as patterns."""
    return [(where, _pattern(call.args[0])) for where, call in calls() if isinstance(call.args[0], ast.JoinedStr)]


def _mentioned() -> tuple[set[str], list[str]]:
    """List the strings of handlers/ that can be names, and the patterns of those put together, in a call or not."""
    nodes = [node for file in FOLDER.rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    strings = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return strings, [_pattern(node) for node in nodes if isinstance(node, ast.JoinedStr) and _begins_as_a_name(node)]


def _begins_as_a_name(made: ast.JoinedStr) -> bool:
    return isinstance(made.values[0], ast.Constant) and NAME.match(str(made.values[0].value)) is not None


def _pattern(made: ast.JoinedStr) -> str:
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9_-]+" for part in made.values
    )


@pytest.mark.parametrize("language", languages())
def test_every_message_that_is_used_exists_with_just_its_variables(language: str) -> None:
    known = catalogue(language)
    assert constants()
    for where, call, name in constants():
        assert name in known, f"{where}: no message {name} in {language}"
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert given == known[name].names, f"{where}: {name} wants {known[name].names}"
    for where, pattern in patterns():
        assert any(re.fullmatch(pattern, name) for name in known), f"{where}: no message like {pattern}"


def test_no_message_is_left_that_nobody_shows() -> None:
    strings, made = _mentioned()
    known = catalogue(FALLBACK)
    strings |= {name for found in known.values() for name in found.refers}
    unused = {name for name in known if name not in strings and not any(re.fullmatch(p, name) for p in made)}
    assert not unused


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_messages_and_variables(language: str) -> None:
    here, there = catalogue(language), catalogue(FALLBACK)
    assert here.keys() == there.keys()
    assert {name: found.names for name, found in here.items()} == {name: found.names for name, found in there.items()}


@pytest.mark.parametrize("language", languages())
def test_every_message_can_be_rendered_and_fits(language: str) -> None:
    for name in catalogue(language):
        for text in rendered(language, name):
            assert 0 < len(text) <= LONGEST, name
            assert text == text.strip(), name
            assert "{" not in text, name


@pytest.mark.parametrize("language", languages())
def test_no_message_shouts_or_lays_guilt(language: str) -> None:
    for name in catalogue(language):
        for text in rendered(language, name):
            assert "!" not in text, f"{name}: {text}"
            assert INSTRUMENTS.fullmatch(name) or not GUILT.search(text), f"{name}: {text}"


def test_no_sentence_for_people_stands_in_the_code() -> None:
    for file in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Screen", "Button", "button")
            ):
                texts = [a.value for a in node.args[:1] if isinstance(a, ast.Constant)]
                assert not texts, f"{file.name}:{node.lineno}: {texts}"


def test_the_english_words_read_at_grade_six_or_lower() -> None:
    hard = {}
    for name in catalogue(FALLBACK):
        text = next(rendered(FALLBACK, name))
        if len(_words(text)) >= FEWEST_WORDS and not INSTRUMENTS.fullmatch(name):
            hard[name] = round(grade(text), 1)
    too_hard = {name: found for name, found in hard.items() if found > GRADE}
    assert not too_hard


def grade(text: str) -> float:
    """Give the Flesch-Kincaid grade of a text."""
    words = _words(text)
    sentences = sum(bool(_words(part)) for part in re.split(r"[.?:](?=\s|$)|\n", text))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z][A-Za-z'-]*", re.sub(r"\S*[/@]\S*", " ", text))


def syllables(word: str) -> int:
    """Count the syllables of an English word by its groups of vowels."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    silent = bool(re.search(r"[^aeiouyl]e$|[^aeiouydt]ed$|[^aeiouyszxhc]es$", bare))
    return max(1, len(re.findall(r"[aeiouy]+", bare)) - silent)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("time", 1),
        ("check-in", 2),
        ("program", 2),
        ("ketamine", 3),
        ("saved", 1),
        ("treatment", 2),
        ("needed", 2),
        ("little", 2),
    ],
)
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_missing_word_or_variable_is_never_shown_half() -> None:
    words = Words("en")
    with pytest.raises(MissingWords):
        words("no-such-message")
    with pytest.raises(MissingWords):
        words("card-today")


@pytest.mark.parametrize(("code", "language"), [("en", "en"), ("en-GB", "en"), ("xx", "en"), (None, "en"), ("", "en")])
def test_a_client_without_our_languages_gets_english(code: str | None, language: str) -> None:
    assert language_for(code) == language
