"""Receipts of an erasure: a moment and numbers of rows, with a mark that only the holder of the keys can make."""

from collections.abc import Mapping
from datetime import UTC, datetime

from storage.sealing import Keyring

KINDS: Mapping[str, tuple[str, ...]] = {
    "check-ins": ("check_ins",),
    "answers": ("answer_changes",),
    "notes": ("note_changes",),
    "dates": ("treatments", "appointments"),
    "lines": ("visit_lines",),
    "steps": ("small_steps",),
    "messages": ("messages",),
    "sharing": ("invitations", "support_persons", "sharing"),
    "consents": ("consents",),
}
"""What a person is told of, and the parts of a copy that it stands for."""
_MOMENT = "%Y%m%dT%H%M%SZ"


def by_kind(counts: Mapping[str, int]) -> dict[str, int]:
    """Add up numbers of rows by the kinds that a person is told of."""
    return {kind: sum(counts.get(part, 0) for part in parts) for kind, parts in KINDS.items()}


def code_of(keys: Keyring, counts: Mapping[str, int], at: datetime) -> str:
    """Give the code of a receipt: moment, numbers by kind and mark, with dots between."""
    told = ".".join((at.astimezone(UTC).strftime(_MOMENT), *(str(counts[kind]) for kind in KINDS)))
    return f"{told}.{keys.mark(told)}"


def read_code(keys: Keyring, code: str) -> tuple[datetime, dict[str, int]] | None:
    """Read a receipt's code; None when none of the keys made it."""
    told, _, mark = code.strip().rpartition(".")
    moment, *numbers = told.split(".")
    if not keys.made(told, mark) or len(numbers) != len(KINDS):
        return None
    at = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
    return at, {kind: int(number) for kind, number in zip(KINDS, numbers, strict=True)}
