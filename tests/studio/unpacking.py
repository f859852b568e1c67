"""Messages of the server, as the page unpacks them."""

import json
from typing import Any

import numpy as np


def unpacked(message: bytes) -> dict[str, Any]:
    """Return a binary message as the page unpacks it."""
    length = int.from_bytes(message[:4], "little")
    found: dict[str, Any] = json.loads(message[4 : 4 + length])
    at = 4 + length
    for name, dtype, shape in found["arrays"]:
        array = np.frombuffer(message, dtype, int(np.prod(shape)), at).reshape(shape)
        at += array.nbytes
        found[name] = array
    assert at == len(message)
    return found


def answered(socket: Any, message: dict[str, Any]) -> dict[str, Any]:
    """Send a message, and return the next answer."""
    socket.send_json(message)
    answer = socket.receive()
    content = answer.get("bytes")
    found: dict[str, Any] = unpacked(content) if content else json.loads(answer["text"])
    return found
