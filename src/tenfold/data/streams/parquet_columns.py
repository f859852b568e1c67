"""What the columns of a Parquet file contain: pictures or pixels, and labels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenfold.data.arrays import SIDE
from tenfold.data.csv_roles import LABEL_NAMES, roles_by_name
from tenfold.errors import TenfoldError

if TYPE_CHECKING:
    from pyarrow import DataType, Schema

__all__ = ["Columns", "find_columns"]

_PIXELS = SIDE * SIDE
_SHOWN = 6  # columns in a message


@dataclass(frozen=True)
class Columns:
    """What the columns of a Parquet file contain.

    Attributes:
        images: Names of the columns with images: one column with a picture or a list of pixels in
            each row, or 784 columns with one pixel each, in the order of the image.
        label: Name of the column of the labels; None if there is none.
        encoded: Whether the images are encoded pictures (PNG, JPEG ...).
        notes: Remarks on the columns.
    """

    images: tuple[str, ...]
    label: str | None
    encoded: bool
    notes: tuple[str, ...] = ()

    @property
    def labelled(self) -> bool:
        """Whether there is a column of labels."""
        return self.label is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns that are read."""
        return self.images if self.label is None else (*self.images, self.label)


def find_columns(schema: "Schema", source: str) -> Columns:
    """Return what the columns contain, from their types and names.

    Pictures are a column of structs with a field ``bytes`` (as in data sets of Hugging Face), or a
    column of bytes. Raw pixels are a column of lists, or 784 columns with names as in CSV files.

    Args:
        schema: Names and types of the columns.
        source: Name of the file in messages.

    Raises:
        TenfoldError: If there are no images, or several columns of them.
    """
    kinds = {field.name: _kind(field.type) for field in schema}
    label = next((name for name in kinds if name.lower() in LABEL_NAMES), None)
    for kind in ("encoded", "list"):
        found = [name for name in kinds if kinds[name] == kind and name != label]
        if len(found) > 1:
            raise TenfoldError(
                f"{source} has several columns of images: {', '.join(found[:_SHOWN])}. Keep one."
            )
        if found:
            return Columns((found[0],), label, kind == "encoded")
    numbers = [name for name in kinds if kinds[name] == "number"]
    if len(numbers) < _PIXELS:
        listed = ", ".join(f"{f.name} ({f.type})"[:60] for f in list(schema)[:_SHOWN])
        raise TenfoldError(
            f"{source} has no column of images: one of pictures (bytes), one of lists of 784 "
            f"pixels, or 784 columns of pixels. Its columns: {listed}."
        )
    roles, notes = roles_by_name(numbers, source, ",".join(numbers[:_SHOWN]))
    chosen = label if roles.label is None else numbers[roles.label]
    return Columns(tuple(numbers[i] for i in roles.pixels), chosen, False, notes)


def _kind(data_type: "DataType") -> str:
    """Return "encoded", "list", "number" or "other" for the type of a column."""
    from pyarrow import types

    # An extension type has a storage type: the type of the values in the file.
    storage: Any = getattr(data_type, "storage_type", data_type)
    if types.is_struct(storage):
        names = [storage.field(i).name for i in range(storage.num_fields)]
        return "encoded" if "bytes" in names else "other"
    if types.is_binary(storage) or types.is_large_binary(storage):
        return "encoded"
    if _is_list(storage):
        return "list"
    number = types.is_integer(storage) or types.is_floating(storage) or types.is_boolean(storage)
    return "number" if number else "other"


def _is_list(data_type: "DataType") -> bool:
    from pyarrow import types

    checks = (types.is_list, types.is_large_list, types.is_fixed_size_list)
    return any(check(data_type) for check in checks)
