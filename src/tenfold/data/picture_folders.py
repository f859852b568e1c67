"""Folders of pictures: one subfolder for each digit, named "0" to "9"."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tenfold.data.dataset import CLASSES, Dataset, Part
from tenfold.data.format import Format, Source
from tenfold.data.input_files import PathLike, list_folder
from tenfold.data.picture import Picture, read_picture
from tenfold.errors import TenfoldError

__all__ = ["PICTURE_FILE", "PICTURE_FOLDERS", "digit_folders", "read_folder"]

_SUFFIXES = {
    *(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"),
    *(".pbm", ".pgm", ".ppm", ".pnm"),
}
_PART_NAMES = {"train": ("train", "training"), "test": ("test", "testing")}
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"%PDF")


def digit_folders(folder: PathLike) -> list[Path]:
    """Return the subfolders that are named "0" to "9", in order."""
    names = {str(digit) for digit in range(CLASSES)}
    return [entry for entry in list_folder(folder) if entry.name in names and entry.is_dir()]


def read_folder(path: PathLike) -> Dataset:
    """Return the pictures in the subfolders "0" to "9" of a folder, labelled by the subfolder.

    The images are sorted by digit, then by file name. Hidden files, and files without the extension
    of a picture, are left out; ``read_image`` describes how a picture becomes an image. The notes
    of the data set give the number of pictures that were inverted, resized or left out.

    Raises:
        TenfoldError: If there are no such subfolders, no pictures in them, or a picture that cannot
            be read; the message names the first such picture.
    """
    folders = digit_folders(path)
    if not folders:
        raise TenfoldError(
            f"{path} has no subfolders named '0' to '9': put the pictures of each digit into one."
        )
    entries = [(entry, int(folder.name)) for folder in folders for entry in list_folder(folder)]
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
        f"{inverted} {of_all} had dark ink on a light background and were inverted": inverted,
        f"{resized} {of_all} were not 28x28 and were resized": resized,
        f"{left_out} files without the extension of a picture were left out": left_out,
    }
    return tuple(note for note, count in notes.items() if count)


def _find_folder(folder: Path, part: Part) -> Path | None:
    """Return the folder that has digit folders: ``folder`` itself, or its subfolder of a part."""
    if digit_folders(folder):
        return folder
    inside = (folder / name for name in _PART_NAMES[part])
    return next((path for path in inside if path.is_dir() and digit_folders(path)), None)


def _recognise(source: Source, part: Part) -> bool:
    return source.is_folder and _find_folder(source.path, part) is not None


def _read_part(path: Path, part: Part) -> Dataset:
    return read_folder(_find_folder(path, part) or path)


PICTURE_FOLDERS = Format(
    "a folder with subfolders '0' to '9' of pictures", _recognise, _read_part, has_parts=True
)
"""A folder of pictures for each digit, or two such folders, for training and for testing."""

PICTURE_FILE = Format(
    "one picture or document", lambda source, _: source.head.startswith(_SIGNATURES), read=None
)
"""A single picture, which is not a data set."""
