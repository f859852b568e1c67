"""The pictures among the arguments of a command: files, and the pictures in folders."""

import os
from collections.abc import Iterator
from pathlib import Path

from tenfold.data.picture_endings import PICTURE_ENDINGS, is_picture_name
from tenfold.errors import TenfoldError, UsageError, is_folder, reason

__all__ = ["find_pictures"]


def find_pictures(
    paths: list[Path], output_folder: Path | None = None
) -> dict[Path, TenfoldError | None]:
    """Return the given pictures and those in the given folders, each once and with the value None.

    The pictures in a folder are sorted by their paths. Hidden files and folders are left out. A
    folder that cannot be listed is in the result, too, with its error as the value: it must not be
    skipped silently, and the other pictures can still be read.

    Args:
        paths: Files and folders, as they were given. Whether a file is a picture is not checked.
        output_folder: Folder with the figures of an earlier call, which are not read.

    Raises:
        UsageError: If a folder has no pictures.
    """
    found: dict[Path, TenfoldError | None] = {}
    for path in paths:
        inside: list[tuple[Path, TenfoldError | None]] = [(path, None)]
        if is_folder(path):
            inside = sorted(_pictures_inside(path, output_folder))
        if not inside:
            raise UsageError(f"{path} has no pictures ({' '.join(sorted(PICTURE_ENDINGS))})")
        for each, problem in inside:
            found.setdefault(each, problem)
    return found


def _pictures_inside(
    folder: Path, output_folder: Path | None
) -> Iterator[tuple[Path, TenfoldError | None]]:
    problems: list[OSError] = []
    for name, folders, files in os.walk(folder, onerror=problems.append):
        inner = Path(name)
        folders[:] = [f for f in folders if not f.startswith(".") and inner / f != output_folder]
        for each in map(inner.joinpath, files):
            if _is_picture(each):
                yield each, None
    for problem in problems:
        path = Path(problem.filename)
        yield (
            path,
            TenfoldError(
                f"cannot list the folder {path}: {reason(problem)}. Check its permissions."
            ),
        )


def _is_picture(path: Path) -> bool:
    return is_picture_name(path) and not path.name.startswith(".") and path.is_file()
