"""Advice on folders with a table of labels whose image files are not found."""

from collections.abc import Sequence
from pathlib import Path

from tenfold.data.contents import printable
from tenfold.data.csv_dialect import split_table
from tenfold.data.csv_images import is_table_name
from tenfold.data.csv_text import normalise_text
from tenfold.data.input_files import list_folder, read_bytes
from tenfold.data.picture_cells import picture_cells
from tenfold.data.picture_endings import is_picture_name
from tenfold.errors import TenfoldError

__all__ = ["label_table_advice"]

_DEPTH = 6  # levels of subfolders that are searched for the images
_MOST_BYTES = 2**26  # largest size of a table of labels
_NAMES = 200  # number of names of images that are looked for


def label_table_advice(folder: Path) -> str | None:
    """Return what to do with a folder whose tables list image files that are not found.

    Args:
        folder: A folder in no supported format.

    Returns:
        Which image files the first table of labels lists, and what to do; None if there is no such
        table.
    """
    for table in _tables(folder):
        try:
            rows = split_table(normalise_text(read_bytes(table), str(table)))
        except TenfoldError:
            continue
        names = picture_cells(rows)
        if names:
            return _advice(folder, table, names[:_NAMES])
    return None


def _tables(folder: Path) -> list[Path]:
    """Return the small tables in a folder and in its subfolders."""
    entries = list_folder(folder)
    inner = [file for entry in entries if entry.is_dir() for file in list_folder(entry)]
    return [
        file
        for file in entries + inner
        if is_table_name(file.name) and file.is_file() and file.stat().st_size <= _MOST_BYTES
    ]


def _advice(folder: Path, table: Path, names: Sequence[str]) -> str:
    place = table.relative_to(folder).as_posix()
    more = ", ..." if len(names) > 1 else ""
    said = f"{place} names image files ({printable(names[0])}{more})"
    file_names = {Path(name.replace("\\", "/")).name.lower() for name in names}
    files = _files(folder, _DEPTH)
    found = next((file for file in files if file.name.lower() in file_names), None)
    if found is not None and not is_picture_name(found):
        return f"{said} in a format that is not read: convert them to PNG or JPEG."
    if found is not None:
        inside = found.parent.relative_to(folder).as_posix()
        return f"{said}, which are in {inside}: put the table into the folder of the images."
    outside = next((path.parent for name in names if (path := folder / name).is_file()), None)
    if outside is not None:
        return f"{said}, which are in {outside}: put the table into that folder, and give its path."
    pictures = [file for file in files if is_picture_name(file)]
    if pictures:
        return (
            f"{said}, but the image files have other names ({printable(pictures[0].name)}): "
            "correct the names in the table."
        )
    archive = next((file.name for file in files if file.suffix.lower() in _ARCHIVES), None)
    if archive is not None:
        return f"{said}, but there are none in the folder: unpack {printable(archive)}."
    return f"{said}, but there are none in the folder: put them next to the table."


_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".7z", ".rar")


def _files(folder: Path, depth: int) -> list[Path]:
    """Return the files in a folder and below."""
    entries = list_folder(folder)
    inner = [entry for entry in entries if entry.is_dir()] if depth else []
    files = [entry for entry in entries if entry.is_file()]
    return files + [file for entry in inner for file in _files(entry, depth - 1)]
