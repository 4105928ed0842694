"""The file of a person's copy: a zip with a table for each kind of rows, all of it in one JSON, and a page to read.

The tables are for looking at: what a spreadsheet could take for a formula is disarmed there. The JSON is exact.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, is_zipfile

from care.questions import question_named
from handlers.answers import answer_words
from handlers.words import Words
from storage.copies import Parts, Plain

VERSION = 1
EVERYTHING = "everything.json"
README = "README.txt"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LARGEST = 200_000_000


class NoCopy(ValueError):
    """A file is no copy of a person's data; the text is one line without anything of its content."""


def file_name(now: datetime) -> str:
    """Name the file. The name stands in a chat that others may see: it tells nothing."""
    return f"my-copy-{now:%Y-%m-%d}.zip"


def pack(parts: Parts, words: Words, now: datetime) -> bytes:
    """Make the zip of a copy."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        file.writestr(README, words("copy-readme", moment=f"{now:%Y-%m-%d %H:%M}"))
        file.writestr(EVERYTHING, _everything(parts, now))
        for name, rows in parts.items():
            file.writestr(f"{name}.csv", _table(_for_reading(words, name, rows, parts)))
    return packed.getvalue()


def unpack(content: bytes) -> Any:
    """Give the parts that stand in a copy's zip or in its JSON, whatever they are; raises NoCopy."""
    try:
        text = _json_of(content) if is_zipfile(BytesIO(content)) else content
        found = json.loads(text)
    except (BadZipFile, KeyError, ValueError, RecursionError, OSError) as error:
        raise NoCopy(f"the file cannot be read as a copy ({type(error).__name__})") from None
    if not isinstance(found, dict) or found.get("copy") != VERSION:
        raise NoCopy("the file is no copy that this release can read")
    return found.get("parts")


def cell(value: Plain) -> Plain:
    """Give a value as a table shows it: lists with spaces, and a text that begins like a formula behind a quote."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _everything(parts: Parts, now: datetime) -> str:
    return json.dumps({"copy": VERSION, "made_at": now.isoformat(), "parts": parts}, ensure_ascii=False, indent=1)


def _json_of(content: bytes) -> bytes:
    with ZipFile(BytesIO(content)) as file:
        if file.getinfo(EVERYTHING).file_size > _LARGEST:
            raise NoCopy("the file is larger than any copy")
        return file.read(EVERYTHING)


def _table(rows: Sequence[Mapping[str, Plain]]) -> bytes:
    """Write rows as CSV; the mark at its beginning tells spreadsheets that it is UTF-8."""
    text = StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _for_reading(
    words: Words, name: str, rows: Sequence[dict[str, Plain]], parts: Parts
) -> Sequence[Mapping[str, Plain]]:
    """Add to answers the day they are about, and what they say in words."""
    if name not in ("answers", "answer_changes"):
        return [{"number": n, **row} for n, row in enumerate(rows, 1)]
    days = [row["day"] for row in parts["check_ins"]]
    return [{"day": days[int(str(row["check_in"])) - 1], **row, **_in_words(words, row)} for row in rows]


def _in_words(words: Words, row: Mapping[str, Plain]) -> dict[str, Plain]:
    code, value = str(row["question"]), row["value"]
    asked = words(f"question-{code}") if words.has(f"question-{code}") else ""
    known = isinstance(value, int) and question_named(code) is not None
    return {"asked": asked, "answered": answer_words(words, code, int(str(value))) if known else ""}
