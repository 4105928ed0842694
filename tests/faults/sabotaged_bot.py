"""The real bot with faults planted in it: what fails quotes what somebody wrote, as careless code would."""

from collections.abc import Callable
from typing import Any

from bot.__main__ import main
from handlers import routes
from storage import asks, notes


def _quoting(fault: Callable[[str], Exception]) -> Callable[..., Any]:
    def fails(*values: Any, **named: Any) -> Any:
        raise fault(f"cannot take {values!r} {named!r}")

    return fails


class Odd(Exception):
    """A fault of nobody's making."""


if __name__ == "__main__":
    notes.offer = _quoting(ValueError)  # type: ignore[assignment]
    asks.add = _quoting(Odd)  # type: ignore[assignment]
    routes.COMMANDS["summary"] = _quoting(RuntimeError)
    main()
