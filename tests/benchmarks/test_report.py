from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.figure import Figure

FIGURES = [
    Figure("B1", 5.5, 5.0, 6.0, {"this bot": "600/s"}),
    Figure("B14", 9.0, 9.0, 9.0),
    Figure("B13", 0.0, 0.0, 0.0),
    Figure("B6", 1.1, 1.0, 1.2),
]


@pytest.mark.parametrize(
    ("value", "written"), [(0.0, "0"), (1234.0, "1,234"), (0.0123, "0.012"), (1.234, "1.23"), (56.7, "57")]
)
def test_figures_have_no_more_digits_than_they_deserve(value: float, written: str) -> None:
    assert report.number(value) == written


def test_what_people_feel_stands_before_rates_and_what_is_missed_says_so() -> None:
    text = report.markdown(FIGURES, report.circumstances(1), quick=False)
    rows = [line for line in text.splitlines() if line.startswith("| B")]

    assert [row.split()[1] for row in rows] == ["B6", "B13", "B1", "B14"]
    assert "**MISSED**" in rows[2]
    assert "MISSED" not in rows[0]


def test_only_a_whole_full_run_rewrites_the_figures_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
    monkeypatch.setattr(report, "README", readme)
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")

    report.write(FIGURES, quick=False, whole=False, seconds=1)
    report.write(FIGURES, quick=True, whole=True, seconds=1)
    assert "old" in readme.read_text()
    report.write(FIGURES, quick=False, whole=True, seconds=1)

    first, *_, last = readme.read_text().splitlines()
    assert (first, last) == ("before", "after")
    assert "old" not in readme.read_text()
    assert "| B1 |" in readme.read_text()


def test_what_is_written_names_no_path_and_no_machine(tmp_path: Path) -> None:
    text = report.markdown(FIGURES, report.circumstances(1), quick=False)

    assert str(Path(__file__).parents[2]) not in text
    assert __import__("platform").node() not in text
