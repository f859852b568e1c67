"""Zip archives: unpacked into a temporary folder, within limits."""

import contextlib
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tenfold.data.format import Format, Source
from tenfold.data.input_files import largest_content, open_file
from tenfold.errors import TenfoldError, reason

__all__ = ["ARCHIVE", "is_archive", "unpacked"]

_MAX_MEMBERS = 500_000  # largest number of files in an archive
_CHUNK = 2**20  # bytes that are copied at a time
# Names in zip files of other formats end in this way: npz, Excel, Word and PyTorch.
_OTHER_FORMATS = (".npy", "xl/workbook.xml", "word/document.xml", "data.pkl")


def is_archive(source: Source) -> bool:
    """Return whether a file is a plain zip archive, not in a format that is based on zip."""
    return bool(source.members) and not any(
        name.endswith(_OTHER_FORMATS) for name in source.members
    )


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Unpack a zip archive into a temporary folder of the same name and yield the folder.

    Hidden files are left out. Error messages contain the path of the archive, not of the folder.

    Raises:
        TenfoldError: If the archive is damaged, encrypted or too large.
    """
    with tempfile.TemporaryDirectory(prefix="tenfold-") as temporary:
        folder = Path(temporary) / path.name
        try:
            _unpack(path, folder)
            yield folder
        except TenfoldError as error:
            message = str(error).replace(str(folder), str(path))
            raise type(error)(message) from error


def _unpack(path: Path, folder: Path) -> None:
    folder.mkdir()
    with open_file(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                members = [member for member in archive.infolist() if _is_wanted(member)]
                size = sum(member.file_size for member in members)
                limit = largest_content(path.stat().st_size)
                if size > limit or len(members) > _MAX_MEMBERS:
                    raise TenfoldError(
                        f"{path} expands to {size:,} bytes in {len(members):,} files, more than is "
                        "read from an archive. If the size is right, unpack it and give the path "
                        "of the folder."
                    )
                for member in members:
                    _extract(archive, member, folder)
        except TenfoldError:
            raise
        except Exception as error:  # a damaged or encrypted archive can raise almost any exception
            raise TenfoldError(
                f"{path} cannot be unpacked ({reason(error)}). Download it again, or unpack it "
                "yourself and give the path of the folder."
            ) from error


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    return not member.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    """Write one member into the folder; zipfile stops at the size that the archive states."""
    parts = [part for part in PurePosixPath(member.filename).parts if part not in ("/", "..")]
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("wb") as file:
        while piece := source.read(_CHUNK):
            file.write(piece)


ARCHIVE = Format(
    "a zip archive within an archive or folder",
    lambda source, _: is_archive(source),
    read=None,
    advice="Unpack it and give the path of the folder.",
)
"""An archive inside an archive or folder; ``load_dataset`` unpacks only the given archive."""
