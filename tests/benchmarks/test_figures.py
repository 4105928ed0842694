import pytest

from benchmarks.figures import first_calm, median_of_ratios, percentile, spread


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (0, 1),  # the smallest
        (50, 50),  # half of a hundred values are no larger
        (99, 99),
        (99.5, 100),  # between two values it is the larger one: a wait is never made smaller than it was
        (100, 100),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 99)


def test_ratios_are_taken_inside_a_round_so_that_a_slow_spell_cancels_out() -> None:
    ours, theirs = [600, 60, 600], [100, 10, 100]  # in the second round the machine was ten times slower

    assert median_of_ratios(ours, theirs) == 6
    assert spread(ours, theirs) == (6, 6)


def test_a_ratio_of_medians_would_have_been_another() -> None:
    assert median_of_ratios([1, 2, 9], [1, 4, 3]) == 1


def test_rounds_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        median_of_ratios([1, 2], [1])


def test_calm_begins_with_the_first_of_two_good_windows() -> None:
    moments = [0.1, 0.6, 1.1, 1.6, 2.1, 2.6]
    waits = [9.0, 1.0, 9.0, 1.0, 1.0, 9.0]

    assert first_calm(moments, waits, limit=2, width=0.5) == 1.5


def test_what_never_calms_down_gives_nothing() -> None:
    assert first_calm([0.1, 0.6, 1.1], [1.0, 9.0, 1.0], limit=2, width=0.5) is None
