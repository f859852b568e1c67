"""Folders of pictures: a subfolder for each digit, named by it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.opening import PathLike, listed
from tenfold.data.picture import Picture, read_picture
from tenfold.errors import TenfoldError

__all__ = ["digit_folders", "read_folder"]

_SUFFIXES = {
    *(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"),
    *(".pbm", ".pgm", ".ppm", ".pnm"),
}


def digit_folders(folder: PathLike) -> list[Path]:
    """Return the subfolders that are named by a digit, in order."""
    names = {str(digit) for digit in range(CLASSES)}
    return [entry for entry in listed(folder) if entry.name in names and entry.is_dir()]


def read_folder(path: PathLike) -> Dataset:
    """Return the pictures in the subfolders "0" to "9" of a folder, labelled by the subfolder.

    Digits come in order, and the files of each by name. Hidden files, and files that are not named
    as pictures, are left out; ``read_image`` says how a picture becomes an image. The data set's
    notes say how many were inverted, resized or left out.

    Raises:
        TenfoldError: if there are no such subfolders or no pictures in them, or naming the first
            picture that cannot be read.
    """
    folders = digit_folders(path)
    if not folders:
        raise TenfoldError(
            f"{path} has no subfolders named '0' to '9': put the pictures of each digit into one."
        )
    entries = [(entry, int(folder.name)) for folder in folders for entry in listed(folder)]
    files = [(entry, digit) for entry, digit in entries if entry.suffix.lower() in _SUFFIXES]
    if not files:
        raise TenfoldError(
            f"{path} has digit folders but no pictures in them: put PNG or JPEG files there."
        )
    pictures = [read_picture(file) for file, _ in files]
    return Dataset(
        np.stack([picture.image for picture in pictures]),
        np.array([digit for _, digit in files], np.int64),
        Path(path).name or str(path),
        _notes(pictures, len(entries) - len(files)),
    )


def _notes(pictures: Sequence[Picture], left_out: int) -> tuple[str, ...]:
    inverted = sum(picture.inverted for picture in pictures)
    resized = sum(picture.resized for picture in pictures)
    of_all = f"of {len(pictures)} pictures"
    notes = {
        f"{inverted} {of_all} had dark ink on a light ground and were inverted": inverted,
        f"{resized} {of_all} were not 28x28 and were scaled to that": resized,
        f"{left_out} files that are not named as pictures were left out": left_out,
    }
    return tuple(note for note, count in notes.items() if count)
