"""Clients without a browser: the messages of a page over a WebSocket."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from benchmarks.studio.program import Program

__all__ = ["MLP", "QUICK", "drawing", "kind_of", "page", "trained", "wait_for"]

MLP = {"name": "mlp", "recipe": "mlp", "settings": ["epochs=10000"]}
QUICK = {"name": "quick", "recipe": "quick", "settings": ["epochs=10000"]}


def drawing(points: int, number: int = 0, final: bool = False) -> dict[str, Any]:
    """Return the message with a drawing: a zigzag with the given number of points."""
    places = [value for i in range(points) for value in (300 + 400 * (i % 2), 150 + 700 * i / 40)]
    return {"type": "draw", "id": number, "strokes": [[70, 0, *places]], "final": final}


def kind_of(message: str | bytes) -> str:
    """Return the type of a message of the server."""
    if isinstance(message, bytes):
        length = int.from_bytes(message[:4], "little")
        message = message[4 : 4 + length].decode()
    return str(json.loads(message)["type"])


def wait_for(socket: ClientConnection, kind: str, timeout: float = 120) -> str | bytes:
    """Return the next message of a type."""
    while True:
        message = socket.recv(timeout)
        if kind_of(message) == kind:
            return message


@contextmanager
def page(program: Program) -> Iterator[ClientConnection]:
    """Open the WebSocket of a page, and say hello."""
    address = f"ws://{program.host}/socket"
    with connect(address, origin=Origin(program.address), max_size=None) as socket:
        socket.send(json.dumps({"type": "hello"}))
        wait_for(socket, "welcome")
        yield socket


@contextmanager
def trained(program: Program, racer: dict[str, Any] | None) -> Iterator[None]:
    """Train a network in the studio until the end of the block; nothing if it is None."""
    if racer is None:
        yield
        return
    with page(program) as socket:
        socket.send(json.dumps({"type": "train", "seed": 0, "racers": [racer]}))
        wait_for(socket, "curves")  # it has made its first steps
        reading = threading.Thread(target=_read_to_the_end, args=(socket,))
        reading.start()
        yield
        socket.send(json.dumps({"type": "stop"}))
        reading.join()


def _read_to_the_end(socket: ClientConnection) -> None:
    """Read messages, as a page does, until the training has ended."""
    while json.loads(wait_for(socket, "job"))["state"] != "ended":
        pass
