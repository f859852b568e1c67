"""The manifest of a folder of mapped arrays: ``manifest.json``, checked."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError, reason

__all__ = ["IMAGES", "LABELS", "MANIFEST", "Manifest", "is_manifest", "read_manifest"]

MANIFEST, IMAGES, LABELS = "manifest.json", "images.npy", "labels.npy"
"""Names of the files in the folder."""

_FORMAT, _VERSION = "tenfold images", 1
_MOST_BYTES = 2**26  # largest size of a manifest: 70 bytes for each block of 65,536 images


@dataclass(frozen=True)
class Manifest:
    """What a folder of mapped arrays contains, and where it comes from.

    Attributes:
        count: Number of images.
        shape: Shape of an image in the file, (28, 28).
        labelled: Whether there are labels.
        classes: Number of images of each digit; empty without labels.
        fingerprint: SHA-256 of shapes and contents, as ``Dataset.fingerprint``.
        block: Number of images of a block; the last block may have fewer.
        blocks: SHA-256 of the pixels of each block of images.
        source: Where the images come from: path, format, split, number of items, notes.
        left_out: Number of items that could not be read, and the first of them.
    """

    count: int
    shape: tuple[int, ...]
    labelled: bool
    classes: tuple[int, ...]
    fingerprint: str
    block: int
    blocks: tuple[str, ...]
    source: dict[str, Any]
    left_out: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the content of ``manifest.json``."""
        return {"format": _FORMAT, "version": _VERSION, **asdict(self)}


def is_manifest(path: Path) -> bool:
    """Return whether a file is the manifest of a folder of mapped arrays."""
    try:
        with path.open("rb") as file:
            return f'"format": "{_FORMAT}"'.encode() in file.read(200)
    except OSError:
        return False


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder.

    Raises:
        TenfoldError: If it is damaged, or of a newer version.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_MOST_BYTES))
        if data["version"] != _VERSION:
            raise TenfoldError(
                f"{path} has version {data['version']}, and this version of tenfold reads version "
                f"{_VERSION}: convert the images again"
            )
        return Manifest(
            count=_whole(data["count"]),
            shape=tuple(map(_whole, data["shape"])),
            labelled=bool(data["labelled"]),
            classes=tuple(map(_whole, data["classes"])),
            fingerprint=str(data["fingerprint"]),
            block=_whole(data["block"]),
            blocks=tuple(map(str, data["blocks"])),
            source=dict(data["source"]),
            left_out=dict(data["left_out"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TenfoldError(
            f"{path} is damaged ({reason(error)}): convert the images again"
        ) from error


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"a number must be whole, got {value!r}")
    return value
