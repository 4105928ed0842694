"""Sealing, the operator's keys and the key file."""

import base64
import os
import stat
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage import inbox, keys, notes
from storage.sealing import KeyFault, Keyring, load_or_make_key_file, seal, unseal
from storage.tables import DataKeyRow
from tests.storage.people import ANA, NOON, TODAY, begin_as

OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def test_a_value_opens_only_with_its_key_in_its_place() -> None:
    ring = Keyring.from_text(OLD)
    ana, cleo = ring.new_data_key(), ring.new_data_key()
    sealed = seal(ana, b"a note", "notes/1")
    assert unseal(ana, sealed, "notes/1") == b"a note"
    for key, place in [(cleo, "notes/1"), (ana, "notes/2")]:
        with pytest.raises(KeyFault):
            unseal(key, sealed, place)
    for broken in (sealed[:-1], b"", b"short", bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(KeyFault):
            unseal(ana, broken, "notes/1")


def test_the_same_value_never_looks_the_same_twice() -> None:
    key = Keyring.from_text(OLD).new_data_key()
    assert seal(key, b"0", "x") != seal(key, b"0", "x")


@pytest.mark.parametrize("text", ["", " , ", "not a key", OLD[:-2], f"{OLD},short"])
def test_malformed_keys_are_refused_in_one_line_that_names_the_variable_and_no_key(text: str) -> None:
    with pytest.raises(KeyFault) as fault:
        Keyring.from_text(text)
    assert "ENCRYPTION_KEYS" in str(fault.value)
    assert "\n" not in str(fault.value)
    assert OLD not in str(fault.value)


def test_an_older_key_still_opens_and_the_newest_one_seals() -> None:
    old, both, new = Keyring.from_text(OLD), Keyring.from_text(f"{NEW}, {OLD}"), Keyring.from_text(NEW)
    data_key = old.new_data_key()
    wrapped = old.wrap(data_key)
    again = both.rewrap(wrapped)
    assert new.unwrap(again) == data_key
    assert both.rewrap(again) == again
    assert both.open_operator(old.seal_operator(b"raw", "p"), "p") == b"raw"
    assert new.open_operator(both.seal_operator(b"raw", "p"), "p") == b"raw"
    with pytest.raises(KeyFault, match="ENCRYPTION_KEYS"):
        new.unwrap(wrapped)
    with pytest.raises(KeyFault, match="ENCRYPTION_KEYS"):
        new.open_operator(old.seal_operator(b"raw"))


def test_an_empty_database_takes_its_keys_and_then_refuses_others(session: Session) -> None:
    session.info["keyring"] = Keyring.from_text(OLD)
    keys.verify_keys(session)
    keys.verify_keys(session)
    session.info["keyring"] = Keyring.from_text(NEW)
    with pytest.raises(KeyFault, match="ENCRYPTION_KEYS") as fault:
        keys.verify_keys(session)
    assert "\n" not in str(fault.value)


def test_rotation_rewraps_keys_and_leaves_what_was_sealed(session: Session) -> None:
    session.info["keyring"] = Keyring.from_text(OLD)
    keys.verify_keys(session)
    begin_as(session, ANA)
    notes.write(session, ANA, 1, "remember the river", None, NOON)
    inbox.receive(session, [(1, ANA, b"raw")], NOON)
    session.info["keyring"] = Keyring.from_text(f"{NEW},{OLD}")
    keys.prepare(session)
    wrapped = session.exec(select(DataKeyRow.wrapped)).all()
    keys.rewrap_all(session)
    assert session.exec(select(DataKeyRow.wrapped)).all() == wrapped
    session.info["keyring"] = Keyring.from_text(NEW)
    keys.prepare(session)
    assert [note.text for note in notes.of_days(session, ANA, TODAY, TODAY)] == ["remember the river"]
    assert inbox.waiting(session, 10) == [(1, ANA, b"raw")]


def test_without_the_persons_key_nothing_of_theirs_opens(session: Session) -> None:
    begin_as(session, ANA)
    notes.write(session, ANA, 1, "remember the river", None, NOON)
    for row in session.exec(select(DataKeyRow)).all():
        session.delete(row)
    session.flush()
    with pytest.raises(KeyFault):
        notes.of_days(session, ANA, TODAY, TODAY)


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "encryption-keys"
    text = load_or_make_key_file(path, True, tmp_path / "data")
    Keyring.from_text(text)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700
    assert load_or_make_key_file(path, True, tmp_path / "data") == text
    assert load_or_make_key_file(path, False, tmp_path / "data") == text
    assert [entry.name for entry in path.parent.iterdir()] == ["encryption-keys"]


def test_a_key_file_may_hold_several_keys_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"{NEW}\n{OLD}\n")
    Keyring.from_text(load_or_make_key_file(path, False)).open_operator(Keyring.from_text(OLD).seal_operator(b""))


def test_a_missing_key_file_is_not_made_where_it_may_not_be(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="ENCRYPTION_KEYS"):
        load_or_make_key_file(tmp_path / "keys", False)
    assert not (tmp_path / "keys").exists()


def test_a_key_file_inside_the_data_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "link").symlink_to(data)
    for path in (data / "keys", data / "deep" / "keys", tmp_path / "link" / "keys"):
        with pytest.raises(KeyFault, match="inside the data folder"):
            load_or_make_key_file(path, True, data)
        assert not path.exists()


def test_a_key_file_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFault, match="cannot be") as fault:
        load_or_make_key_file(tmp_path / "file" / "keys", True)
    assert "\n" not in str(fault.value)
