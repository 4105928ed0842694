"""What buttons carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.press import NO_PRESS, Press, pack, unpack


def test_what_is_packed_is_unpacked() -> None:
    assert unpack(pack("a", 42, "mood", 7, 1)) == Press("a", ("42", "mood", "7", "1"))


@pytest.mark.parametrize(
    "data", [None, "", "1", "0:a:1", "2:a:1", "a:1", "1:a b", "1:a:💥", "1:" + "a" * 63, "1:a:\n", 7]
)
def test_what_we_did_not_write_is_no_press(data: object) -> None:
    assert unpack(data) == NO_PRESS


@pytest.mark.parametrize("args", [("é",), ("a b",), ("a:b",), ("x" * 62,), ("x" * 40, "y" * 40)])
def test_a_button_that_cannot_be_carried_is_refused_at_once(args: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        pack("a", *args)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(data: str) -> None:
    press = unpack(data)
    for place in range(5):
        number = press.number(place)
        assert number is None or abs(number) < 2**62
        assert isinstance(press.word(place), str)


@pytest.mark.parametrize(
    ("word", "number"), [("7", 7), ("-3", -3), ("", None), ("x", None), ("9" * 19, None), ("٣", None)]
)
def test_only_whole_numbers_of_a_sane_size_are_numbers(word: str, number: int | None) -> None:
    assert Press("a", (word,)).number(0) == number
