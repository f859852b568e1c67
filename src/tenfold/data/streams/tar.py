"""Tar archives of image files, plain or gzipped, read from front to back."""

import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.digit_names import digit_of_folder
from tenfold.data.format import Format
from tenfold.data.input_files import open_decompressed
from tenfold.data.parts import is_validation, part_of
from tenfold.data.picture_endings import is_picture_name
from tenfold.data.streams.batches import EncodedPicture, ImageStream
from tenfold.data.streams.collect import collected
from tenfold.data.streams.encoded import (
    MAX_PICTURE,
    Decode,
    decode_image,
    encoded_stream,
)
from tenfold.errors import TenfoldError, reason

__all__ = ["TAR_FILE", "tar_stream"]

_REST = 2**20  # bytes after the last member that are checked


def tar_stream(path: Path, part: Part, decode: Decode = decode_image) -> ImageStream:
    """Return the stream of the image files in a tar archive, in its order.

    The label of a file is the digit that its folder is named after. If the archive has a folder for
    each split (``train``, ``test``), only the files of the split ``part`` are used.

    Raises:
        MissingPartError: If there are no image files of the split.
        TenfoldError: If the archive is damaged.
    """
    first = next(_pictures(path, part), None)
    if first is None:
        raise MissingPartError(
            f"{path} contains no image files of {part} data. If it contains other files, unpack it "
            "with tar -xf and give the path of one."
        )
    labelled = first.label is not None
    notes = () if labelled else (f"{path.name} has no folders of digits, so no labels",)
    return encoded_stream(
        path.name,
        TAR_FILE.name,
        labelled,
        lambda start: islice(_pictures(path, part), start, None),
        decode,
        notes=notes,
    )


def _pictures(path: Path, part: Part) -> Iterator[EncodedPicture]:
    """Yield the image files of a split."""
    with open_decompressed(path) as file:
        try:
            with tarfile.open(fileobj=file, mode="r|") as archive:
                for member in archive:
                    if member.isfile() and _is_wanted(PurePosixPath(member.name), part):
                        yield _picture(archive, member, path)
                    archive.members.clear()  # type: ignore[attr-defined]  # else its list grows
                _check_end(archive, path)
        except tarfile.TarError as error:
            raise TenfoldError(
                f"{path} is not a complete tar archive ({reason(error)}). Download it again."
            ) from error


def _check_end(archive: tarfile.TarFile, path: Path) -> None:
    """Raise an error unless only zeros follow; tarfile mistakes a damaged header for the end."""
    assert archive.fileobj is not None, "it is open"
    rest = archive.fileobj.read(_REST)
    if len(rest) < tarfile.BLOCKSIZE or rest.strip(b"\0"):
        raise TenfoldError(f"{path} is not a complete tar archive. Download or write it again.")


def _is_wanted(name: PurePosixPath, part: Part) -> bool:
    """Return whether a member is a visible image file that belongs to the split or to none."""
    folders = name.parts[:-1]
    if name.name.startswith(".") or not is_picture_name(Path(name.name)):
        return False
    return not any(part_of(each) not in (None, part) or is_validation(each) for each in folders)


def _picture(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> EncodedPicture:
    place = f"{path}, {member.name}"
    label = digit_of_folder(PurePosixPath(member.name).parent.name)
    if member.size > MAX_PICTURE:
        return EncodedPicture(member.name, lambda: _too_large(place), label, place)
    opened = archive.extractfile(member)
    assert opened is not None, "it is a file"
    content = opened.read()
    return EncodedPicture(member.name, lambda: content, label, place)


def _too_large(place: str) -> bytes:
    raise TenfoldError(f"{place} is larger than 256 MiB: reduce it, or remove it.")


def _read(path: Path, part: Part) -> Dataset:
    return collected(tar_stream(path, part))


TAR_FILE = Format(
    "a tar archive of image files",
    lambda source, _: source.head[257:262] == b"ustar",
    _read,
    has_parts=True,
)
"""Image files in folders of digits, packed with tar, and perhaps compressed with gzip."""
