"""The validation split of a data set: where it is, and a note that it is not used.

By default, validation images are taken from the training images. With ``validation=own``, a recipe
uses the validation split that the data contains.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tenfold import shell
from tenfold.data.array_names import file_role, role_of
from tenfold.data.contents import printable
from tenfold.data.dataset import Dataset
from tenfold.data.format import Source
from tenfold.data.parts import is_validation, without_suffixes
from tenfold.data.picture_endings import is_picture_name

__all__ = ["has_validation_arrays", "note_validation", "validation_entries", "without_note"]

_SHOWN = 4  # names in a note
_UNUSED = "unused validation data: "  # the beginning of a note
_USE = "to use these, train with --validation own"


def note_validation(
    dataset: Dataset, root: Path, place: Path, origin: Path, is_data: Callable[[Path], bool]
) -> Dataset:
    """Return a data set with a note if there is a validation split beside it, which is not used.

    Args:
        dataset: The data set.
        root: Path of the source: a file, a folder, or the folder of an unpacked archive.
        place: Where in the source the data set was found.
        origin: Path that the user gave; for an archive, not the folder into which it is unpacked.
        is_data: Whether there is data in a supported format at a path.
    """
    notes = _array_notes(place) if place.is_file() else []
    used = _used(dataset, place)
    for folder in _folders(used, root):
        notes += _folder_notes(folder, used, root, origin, is_data)
    return dataset.with_notes((*dataset.notes, *notes)) if notes else dataset


def without_note(dataset: Dataset) -> Dataset:
    """Return a data set without the notes of ``note_validation``."""
    return dataset.with_notes(tuple(note for note in dataset.notes if not note.startswith(_UNUSED)))


def validation_entries(
    dataset: Dataset, root: Path, place: Path, is_data: Callable[[Path], bool]
) -> list[Path]:
    """Return the files and folders of validation images, labelled or not, beside a data set.

    Args:
        dataset: The data set.
        root: As in ``note_validation``.
        place: As in ``note_validation``.
        is_data: As in ``note_validation``.
    """
    used = _used(dataset, place)
    entries = [entry for folder in _folders(used, root) for entry in _unused(folder, used)]
    return [entry for entry in entries if is_data(entry) and not _has_labels(entry)]


def has_validation_arrays(file: Path) -> bool:
    """Return whether an npz archive contains an array of validation images."""
    return any(role_of(name) == ("images", "validation") for name in _array_names(file))


def _used(dataset: Dataset, place: Path) -> tuple[Path, ...]:
    """Return the file or folder that the data set was loaded from, and the folders above it."""
    return place, *place.parents, place / dataset.name


def _folders(used: Sequence[Path], root: Path) -> list[Path]:
    return [folder for folder in used if folder.is_relative_to(root) and folder.is_dir()]


def _unused(folder: Path, used: Sequence[Path]) -> list[Path]:
    """Return the entries of a folder that have the name of a validation split and are not used."""
    inside = Source(folder).entries
    return [entry for entry in inside if is_validation(entry.name) and entry not in used]


def _folder_notes(
    folder: Path, used: Sequence[Path], root: Path, origin: Path, is_data: Callable[[Path], bool]
) -> list[str]:
    """Return the notes on the unused validation data in a folder."""
    inside, entries = Source(folder).entries, _unused(folder, used)
    pictures = [entry for entry in entries if is_picture_name(entry)]
    notes = []
    if pictures and len(pictures) < len(list(filter(is_picture_name, inside))):
        notes.append(
            _note(
                f"{len(pictures)} image files with names such as {printable(pictures[0].name)}",
                "move them into a folder of their own, and give its path",
            )
        )
    for entry in entries:
        readable = is_data(entry)
        if (readable and not _has_labels(entry)) or (entry.is_dir() and Source(entry).entries):
            name = entry.relative_to(root)
            advice = _advice(entry, name, root, origin, readable)
            notes.append(_note(printable(str(name)), advice, usable=readable))
    return notes


def _advice(entry: Path, name: Path, root: Path, origin: Path, readable: bool) -> str:
    """Return how to evaluate a model on a file or folder of validation data."""
    kind = "folder" if entry.is_dir() else "file"
    if not readable:
        return "put the images and their labels into a folder of their own, and give its path"
    if root != origin:
        return f"unpack {printable(origin.name)} and give the path of this {kind}"
    return f"tenfold evaluate MODEL --data {shell.quote(origin / name)}"


def _has_labels(file: Path) -> bool:
    """Return whether a file contains labels, by its name; their images are in another file."""
    role = file_role(without_suffixes(file.name))
    return file.is_file() and role is not None and role[0] == "labels"


def _array_notes(file: Path) -> list[str]:
    """Return the note on the validation arrays of an npz archive, if it has any."""
    found = [name for name in _array_names(file) if (role_of(name) or ("", ""))[1] == "validation"]
    if not found:
        return []
    advice = "save them as 'images' and 'labels' in another .npz file, and give its path"
    return [_note(_listed(found), advice, usable=has_validation_arrays(file))]


def _array_names(file: Path) -> list[str]:
    return [name.removesuffix(".npy") for name in Source(file).members if name.endswith(".npy")]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(repr(printable(name)) for name in names[:_SHOWN])


def _note(what: str, advice: str, usable: bool = False) -> str:
    """Return a note; ``usable`` data can be chosen as the validation images."""
    return (
        f"{_UNUSED}{what}. Validation images are taken from the training images"
        f"{f' ({_USE})' if usable else ''}. To evaluate a model on the unused images: {advice}"
    )
