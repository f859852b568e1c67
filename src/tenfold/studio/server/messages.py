"""Messages between page and server.

The page sends JSON objects with a ``type``. The server sends JSON objects, or, with arrays, binary
messages: the length of the JSON as a 32-bit little-endian integer, the JSON, and the arrays one
after the other. The JSON's ``arrays`` lists name, dtype and shape of each.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.nn.array import Array

__all__ = ["MAX_MESSAGE", "Message", "MessageError", "decode", "encode", "read_field"]

MAX_MESSAGE = 65_536
"""Largest message from a page, in bytes."""

Message = dict[str, Any]
"""A message of the page."""


class MessageError(ValueError):
    """A message is not valid: no page of the studio sends such a message."""


def decode(text: str) -> Message:
    """Return the message in a JSON text.

    Raises:
        MessageError: If it is not a JSON object with a ``type``.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MessageError("a message must be JSON") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise MessageError("a message must be a JSON object with a type")
    return message


def read_field(
    message: Message, name: str, kind: type | tuple[type, ...], default: Any = ...
) -> Any:
    """Return a field of a message.

    Args:
        message: The message.
        name: Name of the field.
        kind: Its type, or types. bool does not count as int.
        default: The value if the field is missing; by default it must be there.

    Raises:
        MessageError: If the field is missing or has another type.
    """
    value = message.get(name, default)
    if value is ...:
        raise MessageError(f"{message['type']!r:.40} needs the field {name}")
    kinds = kind if isinstance(kind, tuple) else (kind,)
    is_flag = isinstance(value, bool) and bool not in kinds
    if name in message and (is_flag or not isinstance(value, kinds)):
        names = " or ".join(each.__name__ for each in kinds)
        raise MessageError(f"{name} must be {names}, got {type(value).__name__}")
    return value


def encode(fields: Mapping[str, Any], arrays: Mapping[str, Array] | None = None) -> str | bytes:
    """Return a message for the page.

    Args:
        fields: Plain data with a ``type``. Numbers that are not finite become null.
        arrays: Arrays of uint8 or float32, by name; by default none.
    """
    if not arrays:
        return json.dumps(_finite(fields), allow_nan=False)
    shapes = [[name, str(array.dtype), list(array.shape)] for name, array in arrays.items()]
    head = json.dumps(_finite({**fields, "arrays": shapes}), allow_nan=False).encode()
    length = len(head).to_bytes(4, "little")
    return b"".join([length, head, *(np.ascontiguousarray(a).tobytes() for a in arrays.values())])


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return value
