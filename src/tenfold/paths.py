"""What is at a path, also where permission is missing: ``Path`` raises an error there."""

import os
from pathlib import Path

__all__ = ["exists", "is_folder"]


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder; False, instead of an error, in a closed folder."""
    return os.path.isdir(path)  # noqa: PTH112


def exists(path: Path) -> bool:
    """Return whether something is at a path; False, instead of an error, in a closed folder."""
    return os.path.exists(path)  # noqa: PTH110
