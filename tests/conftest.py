"""What every test shares."""

import os
from collections.abc import Callable

import pytest

pytest_plugins = ["tests.databases"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the transcripts anew instead of comparing them")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest tests begin first, each at the head of a worker's share, so that nobody waits for them."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    longest = [item for item in items if "faults" in item.nodeid]
    items[:] = [item for item in items if "faults" not in item.nodeid]
    share = (len(items) + len(longest)) // workers
    for n, item in enumerate(longest):
        items.insert((n % workers) * share, item)


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say something that is printed at the end of the run, also by a parallel worker."""
    return lambda line: record_property("report", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = [found for reports in terminalreporter.stats.values() for found in reports]
    lines = [line for each in found for name, line in getattr(each, "user_properties", ()) if name == "report"]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(set(lines)):
            terminalreporter.line(line)
