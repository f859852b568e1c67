"""Tensor files: named arrays and a JSON header in one ``.safetensors`` file.

A safetensors file consists of the length of a JSON table, this table, and the raw arrays; reading
it cannot execute code. tenfold's header is one JSON text under one key of that table. The format
does not keep the order of several keys, so equal content in several keys could give different
bytes. The header contains a SHA-256 of the arrays: without this check, a weight with one wrong bit
would still be a valid number, and would be used.
"""

import errno
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError, reason
from tenfold.nn.arguments import PathLike
from tenfold.nn.array import Array

__all__ = ["HEADER_ERRORS", "pack_tensors", "read_tensors", "unpack_tensors", "write_tensors"]

_HEADER_KEY = "tenfold"  # key of the header in the table of the file
_DIGEST_KEY = "tensors_sha256"  # key of the SHA-256 in the header
HEADER_ERRORS = (
    *(ArithmeticError, AttributeError, LookupError),
    *(MemoryError, RecursionError, TypeError, ValueError),
)
"""Exceptions that the use of a damaged header can raise."""


def write_tensors(path: PathLike, tensors: dict[str, Array], header: dict[str, Any]) -> None:
    """Write arrays and a header atomically; equal content gives equal bytes.

    Args:
        path: Path of the file.
        tensors: Arrays by name.
        header: Plain JSON data; ``kind`` says what the file contains.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    from tenfold.files import write_bytes  # only to save

    write_bytes(path, pack_tensors(tensors, header))


def pack_tensors(tensors: dict[str, Array], header: dict[str, Any]) -> bytes:
    """Return the content of the file that ``write_tensors`` writes.

    Args:
        tensors: As in ``write_tensors``.
        header: As in ``write_tensors``.
    """
    from safetensors.numpy import save

    arrays = {name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}
    complete = header | {_DIGEST_KEY: _digest(arrays)}
    content: bytes = save(arrays, {_HEADER_KEY: json.dumps(complete, sort_keys=True)})
    return content


def read_tensors(path: PathLike, kind: str) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays and the header of a file.

    Args:
        path: Path of the file.
        kind: What the file must contain according to its header, such as ``"model"``.

    Raises:
        TenfoldError: If the file is missing, damaged, or of another kind.
    """
    return unpack_tensors(_read_bytes(Path(path), kind), kind, path)


def unpack_tensors(
    content: bytes, kind: str, source: PathLike
) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays and the header that ``pack_tensors`` packed.

    Args:
        content: The bytes.
        kind: As in ``read_tensors``.
        source: Where the bytes come from, for messages.

    Raises:
        TenfoldError: If the bytes are damaged, or of another kind.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        header = json.loads(_metadata(content)[_HEADER_KEY])
        tensors = load(content)
    except (SafetensorError, struct.error, *HEADER_ERRORS) as error:
        why = "it has no header" if _has_no_header(content) else reason(error)
        raise TenfoldError(
            f"{source} is not a tenfold {kind} file ({why}): it is "
            "damaged or was written by another program. Create it again, or restore it from a copy."
        ) from error
    if not isinstance(header, dict) or header.get("kind") != kind:
        found = header.get("kind") if isinstance(header, dict) else header
        raise TenfoldError(f"{source} is not a {kind} file: its header says {str(found)[:80]!r}")
    if header.get(_DIGEST_KEY) != _digest(tensors):
        raise TenfoldError(
            f"{source} is damaged: the SHA-256 of its arrays is not the one in its header. Create "
            f"the {kind} again, or restore it from a copy."
        )
    return tensors, header


def _read_bytes(path: Path, kind: str) -> bytes:
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(errno.EINVAL, "it is a device or a pipe, which may have no end")
        return path.read_bytes()
    except (OSError, MemoryError) as error:
        advice = f"It must be a {kind} file written by tenfold."
        if isinstance(error, PermissionError):
            advice = "Check its permissions."
        raise TenfoldError(f"cannot read {path}: {reason(error)}. {advice}") from error


def _digest(tensors: dict[str, Array]) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(tensors.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _has_no_header(content: bytes) -> bool:
    """Return whether no JSON follows the first eight bytes, unlike in a safetensors file."""
    return content[8:9] != b"{"


def _metadata(content: bytes) -> dict[str, str]:
    (length,) = struct.unpack_from("<Q", content)
    table = json.loads(content[8 : 8 + length])
    return dict(table["__metadata__"])
