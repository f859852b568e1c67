"""Streams of folders of image files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from tenfold.data.dataset import Part
from tenfold.data.input_files import list_names, open_file
from tenfold.data.parts import part_of
from tenfold.data.picture_endings import is_picture_name
from tenfold.data.picture_folders import find_folders
from tenfold.data.picture_labels import listed_files
from tenfold.data.picture_names import named_files
from tenfold.data.streams.batches import EncodedPicture, ImageStream
from tenfold.data.streams.encoded import MAX_PICTURE, Decode, encoded_stream
from tenfold.errors import TenfoldError

__all__ = [
    "digit_stream",
    "has_only_pictures",
    "has_pictures",
    "listed_stream",
    "named_stream",
    "pictures_of_part",
    "unlabelled_stream",
]

_DEPTH = 4  # levels of folders that are searched
_FORMAT = "a folder of image files"


@dataclass(frozen=True)
class _Listing:
    """The image files of one folder.

    Attributes:
        folder: The folder.
        label: Label of all its files, or None.
    """

    folder: Path
    label: int | None

    def __iter__(self) -> Iterator[tuple[Path, int | None]]:
        names = [name for name in list_names(self.folder) if is_picture_name(name)]
        return ((self.folder / name, self.label) for name in names)

    def __len__(self) -> int:
        return sum(is_picture_name(name) for name in list_names(self.folder))


def digit_stream(folder: Path, decode: Decode) -> ImageStream:
    """Return the stream of a folder with a subfolder for each digit, as ``read_folder`` reads it.

    Raises:
        TenfoldError: As from ``find_folders``.
    """
    folders, notes = find_folders(folder)
    listings = [_Listing(inner, digit) for inner, digit in folders]
    return _stream(folder, listings, True, decode, tuple(notes))


def named_stream(folder: Path, part: Part, decode: Decode) -> ImageStream:
    """Return the stream of image files with the label in their names."""
    files, notes = named_files(folder, part)
    return _stream(folder, [files], True, decode, tuple(notes))


def listed_stream(folder: Path, part: Part, decode: Decode) -> ImageStream:
    """Return the stream of the image files in a table of labels, in the order of the table."""
    files, notes = listed_files(folder, part)
    return _stream(folder, [files], True, decode, tuple(notes))


def unlabelled_stream(folder: Path, decode: Decode) -> ImageStream:
    """Return the stream of all image files in a folder and below, sorted within each folder."""
    listings = [_Listing(inner, None) for inner in _folders(folder, _DEPTH)]
    return _stream(folder, listings, False, decode, ())


def pictures_of_part(folder: Path, part: Part) -> Path:
    """Return the subfolder of a split, if each split has one with image files; else ``folder``."""
    found: dict[Part, list[Path]] = {}
    for name in list_names(folder) if folder.is_dir() else ():
        part_of_name = None if is_picture_name(name) else part_of(name)
        if part_of_name is not None and has_pictures(folder / name):
            found.setdefault(part_of_name, []).append(folder / name)
    both = {"train", "test"} <= set(found)
    return found[part][0] if both and len(found[part]) == 1 else folder


def has_only_pictures(folder: Path) -> bool:
    """Return whether a folder contains image files and nothing else, by their names."""
    names = list_names(folder) if folder.is_dir() else []
    return bool(names) and all(map(is_picture_name, names))


def has_pictures(folder: Path) -> bool:
    """Return whether there is an image file in a folder or below."""
    return folder.is_dir() and any(
        is_picture_name(name) for inner in _folders(folder, _DEPTH) for name in list_names(inner)
    )


def _folders(folder: Path, depth: int) -> Iterator[Path]:
    """Yield a folder and those below it, in order."""
    yield folder
    if depth:
        for name in list_names(folder):
            # Names are checked first, since asking the system about many files takes long.
            if not is_picture_name(name) and (folder / name).is_dir():
                yield from _folders(folder / name, depth - 1)


def _stream(
    folder: Path,
    listings: "Iterable[_Listing | list[tuple[Path, int]]]",
    labelled: bool,
    decode: Decode,
    notes: tuple[str, ...],
) -> ImageStream:
    listed = list(listings)

    def pictures(start: int) -> Iterator[EncodedPicture]:
        files = (pair for listing in listed for pair in listing)
        for file, label in islice(files, start, None):
            name = file.relative_to(folder).as_posix()
            yield EncodedPicture(name, partial(_read, file), label, str(file))

    name = folder.name or str(folder)
    count = sum(map(len, listed))
    return encoded_stream(name, _FORMAT, labelled, pictures, decode, count, notes)


def _read(file: Path) -> bytes:
    with open_file(file) as opened:
        content = opened.read(MAX_PICTURE + 1)
    if len(content) > MAX_PICTURE:
        raise TenfoldError(f"{file} is larger than 256 MiB: reduce it, or remove it.")
    return content
