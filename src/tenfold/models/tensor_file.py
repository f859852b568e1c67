"""Tensor files: named arrays and a JSON header in one ``.safetensors`` file, the same bytes always.

The format is safetensors (a length, a JSON table, the raw arrays): nothing in it can be executed.
Our header is one JSON text under one key, since the format does not keep the order of several. It
carries a SHA-256 of the arrays: a weight with one wrong bit is still a number, and would be used.
"""

import errno
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.files import write_bytes
from tenfold.nn.array import Array

__all__ = ["read_tensors", "write_tensors"]

_KEY = "tenfold"
_DIGEST = "tensors_sha256"
# What reading a header that anybody may have written can raise.
_DAMAGE = (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError)


def write_tensors(path: str | Path, tensors: dict[str, Array], header: dict[str, Any]) -> None:
    """Write arrays and a header, atomically; equal content gives equal bytes."""
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}
    signed = header | {_DIGEST: _digest(whole)}
    write_bytes(path, save(whole, {_KEY: json.dumps(signed, sort_keys=True)}))


def read_tensors(path: str | Path, kind: str) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays and the header of a file whose header says that it is of ``kind``.

    Raises:
        TenfoldError: if the file is missing, damaged, or something else.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    source = Path(path)
    try:
        if source.exists() and not source.is_file() and not source.is_dir():
            raise OSError(errno.EINVAL, "it is a device or a pipe, which may never end")
        content = source.read_bytes()
    except (OSError, MemoryError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is larger than the memory"
        raise TenfoldError(
            f"cannot read {path}: {why}. It must be a {kind} file written by tenfold."
        ) from error
    try:
        header = json.loads(_metadata(content)[_KEY])
        tensors = load(content)
    except (SafetensorError, struct.error, *_DAMAGE) as error:
        raise TenfoldError(
            f"{path} is not a whole tenfold {kind} file ({_short(error)}): it is damaged or was "
            "written by another program. Make it again, or restore it from a copy."
        ) from error
    if not isinstance(header, dict) or header.get("kind") != kind:
        found = header.get("kind") if isinstance(header, dict) else header
        raise TenfoldError(f"{path} is not a {kind} file: its header says {str(found)[:80]!r}")
    if header.get(_DIGEST) != _digest(tensors):
        raise TenfoldError(
            f"{path} is damaged: its numbers do not have the SHA-256 that was written with them. "
            f"Make the {kind} again, or restore it from a copy."
        )
    return tensors, header


def _digest(tensors: dict[str, Array]) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(tensors.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _metadata(content: bytes) -> dict[str, str]:
    (length,) = struct.unpack_from("<Q", content)
    table = json.loads(content[8 : 8 + length])
    return dict(table["__metadata__"])


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]
