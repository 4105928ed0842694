"""The files that passed the stand-in: kept in memory, given ids, and looked at as Telegram looks at them."""

import struct
from dataclasses import dataclass, field
from typing import Any

from bot.demo.refused import bad_request
from bot.demo.spec import Upload

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_SIDES = 10_000
LARGEST_RATIO = 20
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file: its ids, its content and, for a picture, its size in pixels."""

    file_id: str
    name: str
    content: bytes = field(repr=False)
    content_type: str
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Give the path under which the file can be fetched."""
        return f"{'photos' if self.width else 'documents'}/{self.file_id}"

    def as_file(self) -> dict[str, Any]:
        """Give Telegram's File object."""
        return self._ids() | {"file_path": self.path}

    def as_document(self) -> dict[str, Any]:
        """Give Telegram's Document object."""
        return self._ids() | {"file_name": self.name, "mime_type": self.content_type}

    def as_photo(self) -> list[dict[str, Any]]:
        """Give Telegram's list of PhotoSize objects; one size is enough here."""
        return [self._ids() | {"width": self.width, "height": self.height}]

    def _ids(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.content)}


@dataclass(slots=True)
class FileStore:
    """All files by their id."""

    files: dict[str, StoredFile] = field(default_factory=dict)

    def keep_photo(self, upload: Upload) -> StoredFile:
        """Store a picture; refuses what Telegram would not take as a photo."""
        size = pixels(upload.content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if len(upload.content) > LARGEST_PHOTO:
            raise bad_request("file is too big")
        if sum(size) > LARGEST_SIDES or max(size) > LARGEST_RATIO * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return self._keep(upload, size)

    def keep_document(self, upload: Upload) -> StoredFile:
        """Store a file; refuses an empty one and one over 50 MB."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > LARGEST_FILE:
            raise bad_request("file is too big")
        return self._keep(upload, (0, 0))

    def _keep(self, upload: Upload, size: tuple[int, int]) -> StoredFile:
        file_id = f"file{len(self.files) + 1:06d}"
        stored = StoredFile(file_id, upload.name, upload.content, upload.content_type, *size)
        self.files[file_id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        """Give a file by its id."""
        stored = self.files.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored


def pixels(content: bytes) -> tuple[int, int] | None:
    """Give width and height of a PNG, JPEG or GIF; None for anything else."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(">II", content, 16)
        if content.startswith(b"GIF8"):
            return _pair("<HH", content, 6)
        return _jpeg_pixels(content) if content.startswith(b"\xff\xd8") else None
    except struct.error:
        return None


def _pair(layout: str, content: bytes, place: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, content, place)
    return first, second


def _jpeg_pixels(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(content):
        marker = content[place + 1]
        if marker in FRAMES:
            height, width = _pair(">HH", content, place + 5)
            return width, height
        place += 2 + _pair(">HH", content, place + 2)[0]
    return None
