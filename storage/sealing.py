"""Sealing what a person says: each person has a data key, wrapped by the operator's keys.

A sealed value names the place it was made for (table, person, row, revision): moved to another row it does
not open. Rotating the operator's key re-wraps data keys only.
"""

import hmac
import os
from base64 import b32encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_MARK = 4
_KEYS_REMEMBERED = 4096
_MARK_LETTERS = 20

WRONG_KEY = (
    "ENCRYPTION_KEYS does not hold the key this database was written with: put the old key back, after the newest one"
)


class KeyFault(Exception):
    """The operator's keys are missing, malformed or not those of this database. The text is one line for them."""


class Keyring:
    """The operator's keys, newest first: the first one seals, any of them opens."""

    def __init__(self, keys: list[str]) -> None:
        """Take the keys as urlsafe base64 of 32 bytes each; raises KeyFault without naming any of them."""
        if not keys:
            raise KeyFault("ENCRYPTION_KEYS is empty: it needs at least one key, newest first")
        self._fernets = [_fernet(key) for key in keys]
        self._all = MultiFernet(self._fernets)
        self._boxes = {_mark_of(key): AESGCM(_derived(key)) for key in reversed(keys)}
        self._newest = _mark_of(keys[0])
        self._signing = [_derived(key, b"operator's receipts") for key in keys]
        self.unwrap = lru_cache(maxsize=_KEYS_REMEMBERED)(self._unwrap)

    @classmethod
    def from_text(cls, text: str) -> "Keyring":
        """Read comma-separated keys, newest first; raises KeyFault."""
        return cls([key.strip() for key in text.split(",") if key.strip()])

    @property
    def holds_older(self) -> bool:
        """Tell whether there are keys besides the newest."""
        return len(self._fernets) > 1

    def new_data_key(self) -> bytes:
        """Make a data key for one person."""
        return AESGCM.generate_key(256)

    def wrap(self, data_key: bytes) -> bytes:
        """Wrap a data key with the newest operator's key."""
        return self._all.encrypt(data_key)

    def forget(self) -> None:
        """Forget the data keys that were opened, so that one that is dropped is gone from memory too."""
        self.unwrap.cache_clear()
        _cipher.cache_clear()

    def mark(self, text: str) -> str:
        """Give a short mark of a text that only the holder of these keys can make: 100 bits in capitals and digits."""
        return _mark(self._signing[0], text)

    def made(self, text: str, mark: str) -> bool:
        """Tell whether any of these keys made this mark of a text."""
        return any(hmac.compare_digest(_mark(key, text).encode(), mark.encode()) for key in self._signing)

    def _unwrap(self, wrapped: bytes) -> bytes:
        """Open a wrapped data key, remembered for the last few thousand people; raises KeyFault."""
        try:
            return self._all.decrypt(wrapped)
        except InvalidToken as error:
            raise KeyFault(WRONG_KEY) from error

    def rewrap(self, wrapped: bytes) -> bytes:
        """Wrap a data key anew with the newest key; one that the newest key opens already comes back as it is."""
        try:
            self._fernets[0].decrypt(wrapped)
        except InvalidToken:
            return self.wrap(self._unwrap(wrapped))
        return wrapped

    def seal_operator(self, value: bytes, place: str = "") -> bytes:
        """Seal something that belongs to no person yet with the newest operator's key."""
        return self._newest + _seal(self._boxes[self._newest], value, place)

    def open_operator(self, sealed: bytes, place: str = "") -> bytes:
        """Open what seal_operator sealed for that place with any of the keys; raises KeyFault."""
        box = self._boxes.get(sealed[:_MARK])
        if box is None:
            raise KeyFault(WRONG_KEY)
        return _open(box, sealed[_MARK:], place)

    def is_newest(self, sealed: bytes) -> bool:
        """Tell whether something sealed by seal_operator needs no resealing."""
        return sealed.startswith(self._newest)


def seal(data_key: bytes, value: bytes, place: str) -> bytes:
    """Seal a value with a person's data key for one place."""
    return _seal(_cipher(data_key), value, place)


def unseal(data_key: bytes, sealed: bytes, place: str) -> bytes:
    """Open a value that was sealed with this data key for this place; raises KeyFault for any other."""
    return _open(_cipher(data_key), sealed, place)


def load_or_make_key_file(path: Path, may_make: bool, data_dir: Path | None = None) -> str:
    """Read the operator's keys from a file; where there is none and one may be made, make one only its owner can read.

    Refuses a file inside the data folder, because whoever copies that folder would copy the key as well.
    """
    path = path.expanduser().absolute()
    if data_dir is not None and path.resolve().is_relative_to(data_dir.expanduser().resolve()):
        raise KeyFault(f"ENCRYPTION_KEYS_FILE is inside the data folder: move {path} to a folder of its own")
    try:
        return path.read_text("ascii").strip().replace("\n", ",")
    except FileNotFoundError:
        if not may_make:
            raise KeyFault(f"ENCRYPTION_KEYS is not set and there is no file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFault(f"ENCRYPTION_KEYS_FILE: {path} cannot be read ({type(error).__name__})") from error
    return _make_key_file(path)


def _make_key_file(path: Path) -> str:
    """Write a new key to disk before anything is sealed with it; whoever comes second reads the first one's."""
    key = Fernet.generate_key().decode()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_durably(draft, key)
        os.link(draft, path)
    except FileExistsError:
        return path.read_text("ascii").strip()
    except OSError as error:
        raise KeyFault(f"ENCRYPTION_KEYS_FILE: {path} cannot be made ({error.strerror})") from error
    finally:
        draft.unlink(missing_ok=True)
    return key


def _write_durably(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise KeyFault("ENCRYPTION_KEYS holds something that is no key (32 bytes in urlsafe base64)") from None


def _mark_of(key: str) -> bytes:
    return sha256(b"mark of an operator's key" + key.encode()).digest()[:_MARK]


def _derived(key: str, purpose: bytes = b"operator's box") -> bytes:
    """Give the operator's own key for a purpose: not the wrapping key itself, which is for keys alone."""
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(key.encode())


def _mark(key: bytes, text: str) -> str:
    return b32encode(hmac.digest(key, text.encode(), "sha256")).decode()[:_MARK_LETTERS]


@lru_cache(maxsize=_KEYS_REMEMBERED)
def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(data_key)


def _seal(cipher: AESGCM, value: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, value, place.encode())


def _open(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise KeyFault("a sealed value does not open here: it was damaged or moved from another row") from error
