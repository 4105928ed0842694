"""Plays every transcript on both databases, and once more with a restart after every line."""

from pathlib import Path

import pytest

from tests.transcripts.stage import Stage, perform

FOLDER = Path(__file__).parent
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=by_name)
async def test_the_conversation_goes_as_written(
    path: Path, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    written = path.read_text("utf-8").splitlines()
    async with Stage(database_url, tmp_path) as stage:
        performed = await perform(stage, written)
    if request.config.getoption("--rewrite"):
        path.write_text("\n".join(performed).rstrip() + "\n", "utf-8")
        return
    assert performed == written


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=by_name)
async def test_a_restart_between_any_two_lines_changes_nothing(path: Path, database_url: str, tmp_path: Path) -> None:
    written = path.read_text("utf-8").splitlines()
    async with Stage(database_url, tmp_path, restarts=True) as stage:
        performed = await perform(stage, written)
    assert performed == written
