"""Files of answers in Parquet: a row group for each part."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from tenfold.cluster.bulk.tables import Answer, Table
from tenfold.errors import TenfoldError

__all__ = ["Parquet"]

_MARK = b"tenfold answers"  # tenfold replaces an existing Parquet file only if it has this mark


class Parquet:
    """Parquet with the compression Snappy, which other programs read.

    Raises:
        TenfoldError: If pyarrow is missing.
    """

    def __init__(self) -> None:
        try:
            import pyarrow.parquet  # noqa: F401  # only whether it is there
        except ImportError as error:
            raise TenfoldError(
                "writing Parquet needs the extra parquet: install it in a checkout of tenfold with "
                "pip install '.[parquet]'; CSV and JSON lines are written without it"
            ) from error

    def encode(self, table: Table, answers: Sequence[Answer]) -> bytes:
        """Return one part as a file of its own."""
        import pyarrow
        from pyarrow import parquet

        content = io.BytesIO()
        rows = pyarrow.Table.from_pylist(list(answers), _schema(table))
        parquet.write_table(rows, content)
        return content.getvalue()

    def join(self, table: Table, parts: Iterable[Path], file: IO[bytes]) -> None:
        """Write all parts, one at a time."""
        from pyarrow import parquet

        with parquet.ParquetWriter(file, _schema(table)) as writer:
            for path in parts:
                writer.write_table(parquet.read_table(io.BytesIO(path.read_bytes())))


def _schema(table: Table) -> Any:
    import pyarrow as pa

    digit = {"digit": pa.int8(), "confidence": pa.float64(), "box": pa.list_(pa.int32())}
    digit |= {"line": pa.int32(), "unsure": pa.bool_()}
    types = {
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "floats": pa.list_(pa.float64()),
        "digits": pa.list_(pa.struct(list(digit.items()))),
    }
    fields = [(name, types[kind]) for name, kind in table.types.items()]
    return pa.schema(fields, metadata={_MARK: b"1"})
