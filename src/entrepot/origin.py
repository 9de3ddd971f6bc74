"""Origin: where bytes came from, in the words that a citation needs."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Origin:
    """What a citation of one snapshot needs.

    Attributes:
        publisher: who published the bytes.
        title: the publisher's name of the data set, or the file's name.
        url: where it was taken from; empty where a user brought the file.
        retrieved_at: UTC instant of the download, ISO 8601; None where unknown.
        extracted_date: day on which the publisher produced the extract; None where unknown.
        licence: the publisher's terms in short.
        sha256: hash of the bytes.
    """

    publisher: str
    title: str
    url: str = ""
    retrieved_at: str | None = None
    extracted_date: str | None = None
    licence: str = ""
    sha256: str = ""

    def as_dict(self) -> dict[str, str | None]:
        """Return the fields as a plain dictionary, for JSON."""
        return asdict(self)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
