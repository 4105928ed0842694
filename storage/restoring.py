"""The way back of a person's copy into a database that has nothing of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Column, Date, LargeBinary, bindparam, insert, update
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from care.due import Kind, lane
from care.sharing import LinkState
from storage import links, planning, tables
from storage.columns import Codes, UTCDateTime, Weekdays
from storage.copies import CODED, PARTS, Part, Parts, collect, name_of, part_of, recoded
from storage.rows import Person, keyring, person, person_by_id, sealable
from storage.sealing import KeyFault
from storage.writing import insert_new_id, run

_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError, IndexError, StatementError, KeyFault)
_PERSON, *_REST = PARTS


class CopyFault(Exception):
    """A copy cannot be put back; the text is one line that holds nothing of what was said."""


def put_back(session: Session, parts: Any, now: datetime) -> int:
    """Put a copy into a database that has nothing of this person, and give their chat.

    Links to support persons come back ended: nothing is shared with anybody who did not agree to it here. Raises
    CopyFault for what is no copy, for a person who is there, and for a copy that would not come out as it went in.
    """
    try:
        given = _with_ended_links(parts, now)
        chat_id = int(cast(int, given["person"][0]["chat_id"]))
        if person(session, chat_id) is not None:
            raise CopyFault("the copy is of somebody who is in this database")
        whose = _Putting(session, given, now).all()
        same = collect(session, chat_id) == given
    except _UNREADABLE as error:
        raise CopyFault(f"this is no copy that can be read ({type(error).__name__})") from None
    if not same:
        raise CopyFault("the copy would not come out of this database as it went in")
    planning.plan_anew(session, whose.patient.id, now)
    return chat_id


def _with_ended_links(parts: Any, now: datetime) -> Parts:
    given: Parts = {part.name: [dict(row) for row in parts[part.name]] for part in PARTS}
    for row in given["support_persons"]:
        if row["state"] != LinkState.ENDED:
            row |= {"state": LinkState.ENDED.value, "ended_at": now.isoformat()}
    return given


class _Putting:
    """One copy on its way in, and the numbers that its rows get."""

    def __init__(self, session: Session, given: Parts, now: datetime) -> None:
        self._session, self._given, self._now = session, given, now
        self._numbers: dict[str, dict[int, int]] = {part.name: {} for part in PARTS if part.is_numbered}

    def all(self) -> Person:
        """Write every row; give whose they are."""
        values = self._values(_PERSON, self._given["person"][0], 1)
        name = values.pop("name_sealed")
        number = cast(int, insert_new_id(self._session, tables.patients, values | {"key_id": self._new_key()[0]}))
        whose = cast(Person, person_by_id(self._session, number))
        self._seal_later(_PERSON, {"id": number, "name_sealed": name}, whose)
        for part in _REST:
            self._put(part, whose)
        return whose

    def _put(self, part: Part, whose: Person) -> None:
        rows = enumerate(self._given[part.name], 1)
        if part.is_numbered:
            for n, row in rows:
                self._numbers[part.name][n] = self._put_one(part, self._values(part, row, n), n, whose)
            return
        new = [self._sealed(part, self._values(part, row, n), whose) for n, row in rows]
        if new:
            run(self._session, insert(part.table), new)

    def _put_one(self, part: Part, row: dict[str, Any], n: int, whose: Person) -> int:
        """Insert a row. What may be empty is sealed afterwards: its place can hold the row's own number."""
        row |= self._unsaid(part, row, n, whose) | {"patient_id": whose.patient.id}
        later = {name: row.pop(name) for name in part.places if part.table.c[name].nullable}
        number = insert_new_id(self._session, part.table, self._sealed(part, row, whose))
        if number is None:
            raise CopyFault(f"the copy has something twice among its {part.name}")
        self._seal_later(part, {**row, **later, "id": number}, whose)
        return number

    def _seal_later(self, part: Part, row: Mapping[str, Any], whose: Person) -> None:
        texts = {name: row[name] for name in part.places if part.table.c[name].nullable and row[name] is not None}
        if not texts:
            return
        if part.name == "support_persons":
            sealed = self._named_link(row, whose)
        else:
            sealed = {name: whose.seal(text, part.places[name](row)) for name, text in texts.items()}
        run(self._session, update(part.table).where(part.table.c.id == bindparam("n")).values(sealed), {"n": row["id"]})

    def _sealed(self, part: Part, row: dict[str, Any], whose: Person) -> dict[str, Any]:
        sealed = {name: whose.seal(row[name], place(row)) for name, place in part.places.items() if name in row}
        return {name: value for name, value in row.items() if name in part.table.columns} | sealed

    def _values(self, part: Part, row: Mapping[str, Any], n: int) -> dict[str, Any]:
        """Turn a row of the copy into values of columns; texts to be sealed are still open."""
        values = {column.name: self._value(part, column, row[name_of(column)]) for column in part.columns}
        if part.name == "note_changes":
            values["message_id"] = self._given["notes"][row["note"] - 1]["message_id"]
        return values

    def _value(self, part: Part, column: Column[Any], value: Any) -> Any:
        if column.name == "value":
            return sealable(value)
        if value is None or column.name in part.places:
            return value
        refers = part_of(column)
        if refers is not None:
            return self._numbers[refers][value]
        return recoded(value, self._numbers) if (part.table.name, column.name) in CODED else _read(column, value)

    def _unsaid(self, part: Part, row: Mapping[str, Any], n: int, whose: Person) -> dict[str, Any]:
        """Give the columns that no copy carries and no row can be without."""
        if part.name == "messages":
            return {"lane": lane(Kind(row["kind"])), "sending": False}
        if part.name == "invitations":
            return {"code_hash": keyring(self._session).new_data_key()}  # random bytes: there is no code for it
        if part.name == "support_persons":
            quiet = whose.patient.quiet
            hours = {"quiet_start": quiet.start, "quiet_end": quiet.end}
            return {"chat_id": -n, "language": whose.patient.language, **hours}  # no account has such a number
        return {}

    def _named_link(self, row: Mapping[str, Any], whose: Person) -> dict[str, Any]:
        key_id, wrapped = self._new_key()
        name = links.sealed_name(self._session, wrapped, whose.patient.id, row["chat_id"], row["name_sealed"])
        return {"key_id": key_id, "name_sealed": name}

    def _new_key(self) -> tuple[int, bytes]:
        keys = keyring(self._session)
        wrapped = keys.wrap(keys.new_data_key())
        number = insert_new_id(self._session, tables.data_keys, {"wrapped": wrapped, "made_at": self._now})
        return cast(int, number), wrapped


def _read(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, (Codes, Weekdays)):
        return frozenset(value)
    return bytes.fromhex(value) if isinstance(kind, LargeBinary) else value
