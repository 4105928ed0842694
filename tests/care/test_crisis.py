"""Whom to call, and the words that ask for it."""

import tomllib
from importlib.resources import files

import pytest

from care import crisis
from care.crisis import ELSEWHERE, asks_for_help, asks_to_stop, countries, country, read_resources
from care.errors import BadResources

TEXT = files("care").joinpath("crisis.toml").read_text("utf-8")


def test_the_file_names_thirty_one_countries_and_everywhere_else() -> None:
    assert len(countries()) == 32
    assert ELSEWHERE in countries()


def test_every_country_has_an_emergency_number_and_a_page_of_more_places() -> None:
    for code, place in countries().items():
        assert place.emergency, code
        assert place.directory.startswith("https://findahelpline.com"), code


def test_a_country_that_nobody_listed_gets_the_number_that_most_of_the_world_answers() -> None:
    for code in (None, "", "XX", "zz"):
        assert country(code).emergency == ("112",)
        assert country(code).directory == "https://findahelpline.com"


def test_a_country_is_found_whatever_the_case_of_its_code() -> None:
    assert country("us") is country("US")
    assert country("de").directory == "https://findahelpline.com/de"


def test_only_lines_seen_in_a_good_source_are_shown() -> None:
    assert [line.name for line in country("GB").shown] == ["NHS 111, option 2 (England)"]
    assert country("NO").shown == ()
    assert all(line.grade == "A" for place in countries().values() for line in place.shown)


def test_nobody_is_said_to_have_checked_a_number_that_nobody_has_checked() -> None:
    lines = [line for place in countries().values() for line in place.lines]
    assert not [line.name for line in lines if line.verified_on or line.verified_by]
    assert not crisis.resources().reviewed_by


def test_numbers_that_were_replaced_are_not_in_the_file() -> None:
    numbers = {number for place in countries().values() for line in place.lines for number in line.numbers}
    assert not numbers & {"199 284 284", "1393", "0570-046-556"}
    assert {"1411", "109", "14416"} <= numbers


@pytest.mark.parametrize(
    "text", ["help", " HELP!! ", "Help me", "hilfe", "Ayúdame", "ayudame", "SOS.", "¡ayuda!", "मदद"]
)
def test_a_word_for_help_alone_asks_for_help(text: str) -> None:
    assert asks_for_help(text)


@pytest.mark.parametrize("text", ["", "that was a help to me", "help " * 20, "can you help my friend", "?"])
def test_other_texts_do_not(text: str) -> None:
    assert not asks_for_help(text)


@pytest.mark.parametrize("text", ["STOP", "stop!", "Stopp", "alto", "Arrêter", "arreter", "parar", "стоп"])
def test_a_word_for_stopping_alone_asks_to_stop(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", ["don't stop", "I want to stop feeling like this", "stopwatch", ""])
def test_a_sentence_with_stop_in_it_does_not(text: str) -> None:
    assert not asks_to_stop(text)


def test_no_word_asks_for_both() -> None:
    assert not crisis.resources().help_words & crisis.resources().stop_words
    assert "" not in crisis.resources().help_words | crisis.resources().stop_words


LINE = """
[countries.US]
emergency = ["911"]
[[countries.US.lines]]
name = "One"
phones = ["988"]
grade = "A"
source = "x"
"""
HEAD = 'reviewed_by = ""\nelsewhere = "112"\ndirectory = "https://x"\n[typed]\nhelp = []\nstop = []\n'

NONSENSE = [
    ('"911"', '"nine"', "emergency number"),
    ('["911"]', "[]", "emergency number"),
    ("countries.US", "countries.usa", "two capitals"),
    ('name = "One"', 'name = ""', "no name"),
    ('source = "x"', 'source = ""', "no source"),
    ('grade = "A"', 'grade = "D"', "grade"),
    ('["988"]', "[]", "no number"),
    ('["988"]', '["call us"]', "not a number"),
    ('source = "x"', 'source = "x"\nsay = "HELLO"', "needs a number"),
    ('source = "x"', 'source = "x"\nchat = "http://x.org"', "https"),
    ('source = "x"', 'source = "x"\nhours = "always"', "hours"),
    ('source = "x"', 'source = "x"\nverified_on = "2026-11-01"', "person"),
    ('source = "x"', 'source = "x"\nsurprise = 1', "surprise"),
]


@pytest.mark.parametrize(("old", "new", "fault"), NONSENSE)
def test_nonsense_in_the_file_stops_the_start(old: str, new: str, fault: str) -> None:
    with pytest.raises(BadResources, match=fault):
        read_resources(HEAD + LINE.replace(old, new))


def test_a_file_in_order_is_read() -> None:
    assert read_resources(HEAD + LINE).countries["US"].shown[0].numbers == ("988",)


def test_text_that_is_no_toml_stops_the_start() -> None:
    with pytest.raises(BadResources):
        read_resources("numbers: 911")


def test_each_line_of_the_file_is_read() -> None:
    raw = tomllib.loads(TEXT)["countries"]
    assert sum(len(item.get("lines", ())) for item in raw.values()) == sum(len(p.lines) for p in countries().values())
