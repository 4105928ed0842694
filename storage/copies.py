"""A person's copy: everything that is kept of them, as plain values.

Rows are numbered within the copy (1, 2, ...), because the numbers of one database mean nothing in another.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, Select, Table, bindparam, func, select
from sqlmodel import Session

from storage import links, tables
from storage.planning import FINAL
from storage.rows import Person, person, place_of_answer, value_of
from storage.steps import IS_CARD
from storage.writing import run

Plain = str | int | float | bool | None | list[str] | list[int]
Parts = dict[str, list[dict[str, Plain]]]
"""Every kind of row by its name, and each row by the names of its values."""
Row = Mapping[str, Any]
Numbers = Mapping[str, Mapping[int, int]]
"""By the name of a part: which number a row has on the other side."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of rows. places says what a sealed column was sealed for; hidden columns stay out of the copy."""

    name: str
    table: Table
    places: Mapping[str, Callable[[Row], str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    @property
    def columns(self) -> list[Column[Any]]:
        """List the columns that the copy carries."""
        return [column for column in self.table.columns if column.name not in {"id", "patient_id", *self.hidden}]

    @property
    def is_numbered(self) -> bool:
        """Tell whether the rows have numbers of their own."""
        return "id" in self.table.columns


def _own(table: str, name: str) -> Callable[[Row], str]:
    return lambda row: f"{table}/{row['id']}/{name}"


def _of_answer(row: Row) -> str:
    return place_of_answer(row["check_in_id"], row["question"], row["revision"])


def _of_note(row: Row) -> str:
    return f"notes/{row['message_id']}/{row['revision']}"


_OF_VISIT = {"label_sealed": _own("appointments", "label"), "notes_sealed": _own("appointments", "notes")}
_OF_TREATMENT = {"label_sealed": _own("treatments", "label"), "notes_sealed": _own("treatments", "notes")}
_ON_ITS_WAY = frozenset({"lane", "sending", "token", "leased_until"})
_THEIRS = frozenset({"chat_id", "key_id", "language", "zone", "quiet_start", "quiet_end", "last_wish_at"})
"""What a support person chose, or is known by, belongs to them."""

PARTS = (
    Part("person", tables.patients, {"name_sealed": lambda row: "patients/name"}, frozenset({"key_id"})),
    Part("consents", tables.consents),
    Part("treatments", tables.treatments, _OF_TREATMENT),
    Part("appointments", tables.appointments, _OF_VISIT),
    Part("check_ins", tables.check_ins),
    Part("answers", tables.answers, {"value": _of_answer}),
    Part("answer_changes", tables.answer_revisions, {"value": _of_answer}),
    Part("notes", tables.notes, {"text_sealed": _of_note}),
    Part("note_changes", tables.note_revisions, {"text_sealed": _of_note}),
    Part("visit_lines", tables.visit_lines, {"text_sealed": lambda row: f"visit_lines/{row['message_id']}"}),
    Part("small_steps", tables.steps_shown),
    Part(
        "invitations",
        tables.invitations,
        {"name_sealed": lambda row: "invitations/name"},
        frozenset({"code_hash", "bound_chat_id"}),
    ),
    Part("support_persons", tables.support_persons, {"name_sealed": lambda row: ""}, _THEIRS),
    Part("sharing", tables.sharing_events, {"copy_sealed": lambda row: "sharing_events"}, frozenset({"due_id"})),
    Part("messages", tables.due, hidden=_ON_ITS_WAY),
)
"""What a copy holds, each after what it refers to."""

LEFT_OUT = frozenset({"data_keys", "newcomers", "pending_inputs", "inbox", "leases", "marks", "code_tries"})
"""Tables that hold keys, and what is on its way for minutes or days: no copy carries them."""

PARENTS = {"answers": "check_ins", "answer_changes": "check_ins", "note_changes": "notes"}
"""Parts whose rows belong to rows of another part, not to the person directly."""

_NAMES = {part.table.name: part.name for part in PARTS}
_CODED = (
    (re.compile(r"t(\d+)(?=\.|$)"), "treatments"),
    (re.compile(r"a(\d+)(?=\.)"), "appointments"),
    (re.compile(r"s(\d+)(?=[./])"), "support_persons"),
    (re.compile(r"i(\d+)(?=/)"), "invitations"),
    (re.compile(r"\d{4}-\d\d-\d\d/(\d+)$"), "check_ins"),
    (re.compile(r"(\d+)(?=/)"), "check_ins"),
)
CODED = frozenset({("check_ins", "key"), ("due", "event")})
"""Columns whose text begins with the number of another row."""


def counts(session: Session, chat_id: int) -> dict[str, int]:
    """Count what is kept of a chat's patient, by the names of the parts; empty for whoever is no patient.

    Messages that still wait count, though no copy carries them.
    """
    whose = person(session, chat_id)
    return {part.name: _count(session, part, whose) for part in PARTS} if whose else {}


def collect(session: Session, chat_id: int) -> Parts | None:
    """Give everything that is kept of a chat's patient; None for whoever is no patient."""
    whose = person(session, chat_id)
    if whose is None:
        return None
    found = {part.name: _rows(session, part, whose) for part in PARTS}
    _complete(session, found, whose)
    numbers = {
        part.name: {row["id"]: n for n, row in enumerate(found[part.name], 1)} for part in PARTS if part.is_numbered
    }
    return {part.name: [_plain_row(part, row, whose, numbers) for row in found[part.name]] for part in PARTS}


def name_of(column: Column[Any]) -> str:
    """Give the name that a column's values have in a copy."""
    return column.name.removesuffix("_sealed").removesuffix("_id" if column.foreign_keys else "")


def part_of(column: Column[Any]) -> str | None:
    """Name the part whose rows a column refers to; None for a column that refers to none."""
    return next((_NAMES[key.column.table.name] for key in column.foreign_keys), None)


def recoded(text: str, numbers: Numbers) -> str:
    """Give the number at the beginning of a key or an event as it is on the other side; "-5" for a 5 that is not."""
    for pattern, part in _CODED:
        found = pattern.match(text)
        if found:
            start, end = found.span(1)
            number = int(found[1])
            return f"{text[:start]}{numbers[part].get(number, -number)}{text[end:]}"
    return text


def _all_of(part: Part) -> Select[Any]:
    """Select the rows of a part."""
    table = part.table
    owner: Any = bindparam("owner")
    if part.name == "person":
        return select(table).where(table.c.id == owner)
    if part.name in PARENTS:
        parent = next(one.table for one in PARTS if one.name == PARENTS[part.name])
        link = next(column for column in table.columns if part_of(column) == PARENTS[part.name])
        return select(table).join(parent, parent.c.id == link).where(parent.c.patient_id == owner)
    return select(table).where(table.c.patient_id == owner)


def _carried(part: Part) -> Select[Any]:
    """Select what a copy carries: of messages those that are done with; what still waits follows from the rest.

    The cards that were chosen by the answers follow from them as well.
    """
    rows = _all_of(part)
    if part.name == "small_steps":
        return rows.where(~IS_CARD)
    return rows.where(part.table.c.state.in_(FINAL)) if part.name == "messages" else rows


_ROWS = {part.name: _carried(part) for part in PARTS}
_COUNTS = {part.name: select(func.count()).select_from(_all_of(part).subquery()) for part in PARTS}


def _count(session: Session, part: Part, whose: Person) -> int:
    return int(run(session, _COUNTS[part.name], {"owner": whose.patient.id}).scalar_one())


def _rows(session: Session, part: Part, whose: Person) -> list[dict[str, Any]]:
    """Read the rows of a part in an order that both databases agree on."""
    key = [column.name for column in part.table.primary_key]
    rows = [dict(row) for row in run(session, _ROWS[part.name], {"owner": whose.patient.id}).mappings()]
    return sorted(rows, key=lambda row: tuple(row[name] for name in key))


def _complete(session: Session, found: Mapping[str, list[dict[str, Any]]], whose: Person) -> None:
    """Add what opens the sealed values: a note's message to its wordings, and the names of support persons opened."""
    typed_in = {row["id"]: row["message_id"] for row in found["notes"]}
    for row in found["note_changes"]:
        row["message_id"] = typed_in[row["note_id"]]
    for row in found["support_persons"]:
        link = links.one(session, row["id"])
        row["name_sealed"] = (link.name or None) if link else None


def _plain_row(part: Part, row: Row, whose: Person, numbers: Numbers) -> dict[str, Plain]:
    return {name_of(column): _plain(part, column, row, whose, numbers) for column in part.columns}


def _plain(part: Part, column: Column[Any], row: Row, whose: Person, numbers: Numbers) -> Any:
    value, refers = row[column.name], part_of(column)
    if value is None:
        return None
    if column.name in part.places:
        return _opened(part, column, row, whose)
    if refers is not None:
        return numbers[refers][value]
    if (part.table.name, column.name) in CODED:
        return recoded(value, numbers)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _opened(part: Part, column: Column[Any], row: Row, whose: Person) -> str | int | None:
    if part.name == "support_persons":
        return str(row[column.name])
    text = whose.open(row[column.name], part.places[column.name](row))
    return value_of(text) if column.name == "value" else text
