"""Folders of image files: one subfolder for each digit, named "0" to "9", "zero", "digit_3" ..."""

import re
from collections.abc import Sequence
from pathlib import Path

from tenfold.data.contents import describe_folder, printable
from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.digit_names import digit_of_folder, number_of_folder
from tenfold.data.format import Format
from tenfold.data.input_files import PathLike, list_folder
from tenfold.data.picture_endings import is_picture_name
from tenfold.data.picture_files import read_pictures
from tenfold.errors import TenfoldError
from tenfold.nn.arguments import checked

__all__ = [
    "LETTER_FOLDERS",
    "NUMBER_FOLDERS",
    "PICTURE_FOLDERS",
    "digit_folders",
    "find_folders",
    "read_folder",
]

_MIN_FOLDERS = 3  # least number of folders that are named by letters or by numbers
_NUMBERED = re.compile(r"[A-Za-z]*\d{2,3}", re.ASCII)


def digit_folders(folder: PathLike) -> list[tuple[Path, int]]:
    """Return the subfolders that are named after a digit, and their digits, in order.

    Names are "0" to "9" or "zero" to "nine", alone or after a word such as "digit" or "class".
    """
    found = [(entry, digit_of_folder(entry.name)) for entry in list_folder(folder)]
    digits = [(entry, digit) for entry, digit in found if digit is not None and entry.is_dir()]
    return sorted(digits, key=lambda pair: (pair[1], pair[0].name))


@checked
def read_folder(path: PathLike) -> Dataset:
    """Return the images in the subfolders of the digits, with these digits as labels.

    The images are sorted by digit, then by file name. Hidden files, and files without the extension
    of a picture, are left out; ``read_image`` describes how a picture becomes an image. The notes
    of the data set give the number of pictures that were inverted, resized or left out.

    Raises:
        TenfoldError: If there are no such subfolders, no pictures in them, or a picture that cannot
            be read; the message names the first such picture.
    """
    folders, others = find_folders(path)
    entries = [(entry, digit) for folder, digit in folders for entry in list_folder(folder)]
    files = [(entry, digit) for entry, digit in entries if is_picture_name(entry)]
    if not files:
        raise TenfoldError(
            f"{path} has digit folders but no image files in them: put PNG or JPEG files there. "
            f"{folders[0][0].name}: {describe_folder(folders[0][0])}"
        )
    left_out = len(entries) - len(files)
    notes = [f"{left_out} files without the extension of an image file were left out"] * bool(
        left_out
    )
    return read_pictures(files, Path(path).name or str(path), [*notes, *others])


def find_folders(path: PathLike) -> tuple[list[tuple[Path, int]], list[str]]:
    """Return the folders of the digits with their digits, and notes on other folders.

    Raises:
        TenfoldError: If there are no such folders, or if other folders have numbers above 9.
    """
    folders = digit_folders(path)
    if not folders:
        raise TenfoldError(
            f"{path} has no subfolders named '0' to '9': put the image files of each "
            "digit into one."
        )
    others = _other_folders(path, [folder for folder, _ in folders])
    return folders, [f"these folders were left out: {', '.join(others)}"] * bool(others)


def _other_folders(path: PathLike, used: Sequence[Path]) -> list[str]:
    """Return the names of the folders that are not named after a digit and are not empty.

    Raises:
        TenfoldError: If a folder has a number above 9: then it is not clear which digit each number
            means.
    """
    others = [entry for entry in list_folder(path) if entry.is_dir() and entry not in used]
    numbers = {e.name: n for e in others if (n := number_of_folder(e.name) or 0) >= CLASSES}
    if numbers:
        advice = "Move the folders whose images are not digits to another place."
        if max(numbers.values()) == CLASSES and not any(digit_of_folder(e.name) == 0 for e in used):
            advice = (
                "Rename each folder to its digit. Look at an image in folder 1: if it shows a 1, "
                "10 is the folder of 0; if it shows a 0, the numbers count from 1."
            )
        raise TenfoldError(
            f"{path} has folders of numbers other than 0 to 9: {', '.join([*numbers][:4])}. "
            f"{advice}"
        )
    return [printable(entry.name) for entry in others if list_folder(entry)]


def _has_letters(folder: Path) -> bool:
    names = [entry.name for entry in list_folder(folder) if entry.is_dir()]
    return sum(len(name) == 1 and name.isalpha() for name in names) >= _MIN_FOLDERS


def _has_numbers(folder: Path) -> bool:
    names = [entry.name for entry in list_folder(folder) if entry.is_dir()]
    return sum(_NUMBERED.fullmatch(name) is not None for name in names) >= _MIN_FOLDERS


PICTURE_FOLDERS = Format(
    "a folder with subfolders '0' to '9' of image files",
    lambda source, _: source.is_folder and bool(digit_folders(source.path)),
    lambda path, _: read_folder(path),
    has_parts=True,
)
"""A folder with a subfolder of image files for each digit."""

NUMBER_FOLDERS = Format(
    "a folder with subfolders whose names are numbers, but not classes from 0 to 9 "
    "(like NIST and Chars74K)",
    lambda source, _: source.is_folder and _has_numbers(source.path),
    read=None,
    advice="Rename the folders of digits to '0' to '9': in NIST's sets, 30 to 39 are the digits 0 "
    "to 9; in Chars74K, Sample001 to Sample010 are.",
)
"""A folder with subfolders of image files whose names end in two or three digits: Sample001."""

LETTER_FOLDERS = Format(
    "a folder with subfolders named by letters (like notMNIST)",
    lambda source, _: source.is_folder and _has_letters(source.path),
    read=None,
    advice="Labels must be the digits 0 to 9. To use ten other classes, rename their folders to "
    "these digits.",
)
"""A folder with a subfolder of image files for each letter."""
