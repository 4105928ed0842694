import pytest

from benchmarks.cases import FAMILIES
from benchmarks.figure import plain, ratio, worst
from benchmarks.floors import Floor, floors, read

FASTER = Floor("replies", "x", "more", must=6, target=10, quick=2)
SHORTER = Floor("wait", "ms", "less", must=20, target=5)


@pytest.mark.parametrize(
    ("floor", "value", "verdict"),
    [
        (FASTER, 10, "target"),
        (FASTER, 9.99, "met"),
        (FASTER, 6, "met"),
        (FASTER, 5.99, "MISSED"),
        (SHORTER, 5, "target"),
        (SHORTER, 20, "met"),
        (SHORTER, 20.01, "MISSED"),
        (SHORTER, float("inf"), "MISSED"),  # what never came back
    ],
)
def test_a_figure_is_judged_in_the_direction_that_is_better(floor: Floor, value: float, verdict: str) -> None:
    assert floor.judge(value) == verdict


def test_a_quick_run_judges_by_its_own_wide_floor_and_only_where_there_is_one() -> None:
    assert FASTER.judge(2, quick=True) == "met"
    assert FASTER.judge(1.9, quick=True) == "MISSED"
    assert SHORTER.judge(1000, quick=True) == ""


def test_the_floors_that_were_promised_stand_as_they_were_promised() -> None:
    promised = {
        "B1": 6,
        "B2": 5,
        "B4": 0.40,
        "B5": 800,
        "B6": 1.5,
        "B7": 2,
        "B8 aiohttp": 0.95,
        "B8 PTB": 8,
        "B9 drain": 40,
        "B9 lag": 20,
        "B10 start": 100,
        "B10 memory": 0.25,
        "B11 lost": 0,
        "B13": 0,
        "B14": 8,
        "B15 warm": 6,
        "B15 cold": 6,
        "B15 lag": 10,
        "B17 start": 0.8,
        "B17 memory": 130,
        "B18": 10,
    }

    assert {name: floors()[name].must for name in promised} == promised


def test_a_target_is_at_least_as_hard_as_its_floor() -> None:
    for name, floor in floors().items():
        assert floor.judge(floor.target) == "target", name


def test_every_floor_belongs_to_a_case_that_is_measured() -> None:
    measured = {case for family in FAMILIES for case in family.CASES}

    assert {name.split()[0] for name in floors()} == measured


def test_a_misspelt_floor_is_refused() -> None:
    with pytest.raises(TypeError):
        read('[B1]\nwhat = "a"\nunit = "x"\nbetter = "more"\nmust = 1.0\ntarget = 1.0\nquik = 1.0\n')


def test_a_figure_keeps_its_rounds() -> None:
    figure = ratio("B1", [600, 500, 700], [100, 100, 100], {})

    assert (figure.value, figure.lowest, figure.highest) == (6, 5, 7)
    assert plain("B5", [3, 1, 2]).value == 2
    assert worst("B11 lost", [0, 0, 1]).value == 1  # once is too often
