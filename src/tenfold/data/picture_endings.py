"""The extensions by which image files are found in folders and archives."""

import os
from pathlib import Path

__all__ = ["PICTURE_ENDINGS", "is_picture_name"]

PICTURE_ENDINGS = {
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".bmp", ".gif", ".webp"),
    *(".tif", ".tiff", ".pbm", ".pgm", ".ppm", ".pnm", ".avif", ".heic", ".heif"),
}


def is_picture_name(path: str | Path) -> bool:
    """Return whether a file name has the extension of an image file, in upper or lower case."""
    # Not Path.suffix: creating a Path for each of a million names takes long.
    return os.path.splitext(path)[1].lower() in PICTURE_ENDINGS  # noqa: PTH122
