"""A client that asks and never reads: its answers must not pile up in the memory."""

import base64
import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.studio.program import Program
from benchmarks.studio.rows import Row
from benchmarks.studio.talking import page, wait_for

__all__ = ["measure_stuck"]

_QUESTION = {"type": "inspect", "id": 0, "digit": 0}  # its answer has some 100 kB
_EVERY = 0.02  # seconds
_DIGITS = 20  # that are asked about in turn
_READING = 3  # clients that read, and ask first: what is loaded once does not count


def measure_stuck(program: Program, seconds: float) -> list[Row]:
    """Ask large questions without reading, and watch the memory.

    Args:
        program: The studio.
        seconds: Duration; the studio disconnects the client after ten seconds.
    """
    with ThreadPoolExecutor(_READING) as together:
        list(together.map(_read, [program] * _READING))
    before = highest = program.megabytes
    asked = 0
    with _shake_hands(program) as silent:
        _send(silent, {"type": "hello"})
        end = time.monotonic() + seconds
        while time.monotonic() < end and _send(silent, _QUESTION | {"digit": asked % _DIGITS}):
            asked += 1
            highest = max(highest, program.megabytes)
            time.sleep(_EVERY)
    return [
        Row("a client that never reads: questions", asked, None, ""),
        Row("memory that it takes", highest - before, 5, "MB"),
    ]


def _read(program: Program) -> None:
    """Ask, and read the answers."""
    with page(program) as reading:
        for number in range(5 * _DIGITS):
            reading.send(json.dumps(_QUESTION | {"digit": number % _DIGITS}))
            wait_for(reading, "inspected")


def _shake_hands(program: Program) -> socket.socket:
    """Return a socket whose WebSocket is open, and which nothing reads."""
    host, port = program.host.split(":")
    opened = socket.create_connection((host, int(port)), timeout=10)
    key = base64.b64encode(os.urandom(16)).decode()
    opened.sendall(
        f"GET /socket HTTP/1.1\r\nHost: {program.host}\r\nOrigin: {program.address}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return opened


def _send(opened: socket.socket, message: dict[str, object]) -> bool:
    """Send a text frame (RFC 6455, section 5.2); False if the studio has closed the connection."""
    content = json.dumps(message).encode()
    if len(content) > 125:
        raise ValueError("a message must be short")
    head = bytes([0x81, 0x80 | len(content)]) + bytes(4)  # masked with zeros
    try:
        opened.sendall(head + content)
    except OSError:
        return False
    return True
