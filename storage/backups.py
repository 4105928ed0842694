"""Backups of the SQLite file, made while the bot runs; for PostgreSQL the command that makes one."""

import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy.engine import URL

from storage.engines import url_of


class BackupFault(Exception):
    """A backup could not be made; the text is one line for the operator."""


def back_up(url: str, target: Path) -> int:
    """Copy a SQLite database into a new file that only its owner can read, check it, and give its size in bytes.

    The file appears under its name only when it is whole; one that is there already is never touched.
    """
    source = Path(cast(str, url_of(url).database))
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    if not source.exists():
        raise BackupFault(f"there is no database {source}")
    if target.exists():
        raise BackupFault(f"{target} is there already: nothing was written")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(source, draft)
        check(draft)
        os.link(draft, target)
    except FileExistsError:
        raise BackupFault(f"{target} is there already: nothing was written") from None
    except (OSError, sqlite3.Error) as error:
        raise BackupFault(f"no backup was made ({error})") from None
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def check(path: Path) -> None:
    """Look whether a SQLite file is whole and every row refers to one that is there; raises BackupFault."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BackupFault("the copy is damaged: the check of its pages failed")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupFault("the copy is damaged: rows refer to rows that are not there")


def dump_command(url: str, target: Path) -> str:
    """Give the command that backs a PostgreSQL database up. Without its password: that belongs into ~/.pgpass."""
    full = url_of(url)
    address = URL.create("postgresql", full.username, None, full.host, full.port, full.database, full.query)
    dump = ["pg_dump", "--format=custom", f"--file={target}", address.render_as_string()]
    return shlex.join(dump)


def _copy(source: Path, draft: Path) -> None:
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(draft),))
    with open(draft, "rb") as file:
        os.fsync(file.fileno())
