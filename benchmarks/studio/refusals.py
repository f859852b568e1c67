"""Requests that must be refused, with one line of the log each."""

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from benchmarks.studio.program import Program
from benchmarks.studio.rows import Row
from benchmarks.studio.talking import page
from tenfold.studio.server.messages import MAX_MESSAGE
from tenfold.studio.server.uploads import MAX_UPLOAD

__all__ = ["measure_refusals"]

_WRITTEN = 0.3  # seconds in which a line of the log is written


def measure_refusals(program: Program) -> list[Row]:
    """Send each request, and count those that are not refused and the lines of the log."""
    rows = []
    for name, is_refused in _REQUESTS.items():
        before = len(program.warnings)
        refused = is_refused(program)
        time.sleep(_WRITTEN)
        lines = len(program.warnings) - before
        rows.append(Row(f"{name}: answered", float(not refused), 1, ""))
        rows.append(Row(f"{name}: lines of the log beyond one", abs(lines - 1), 1, ""))
    return rows


def _status(program: Program, method: str, path: str, headers: dict[str, str]) -> int:
    connection = HTTPConnection(program.host, timeout=20)
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _foreign_host(program: Program) -> bool:
    return _status(program, "GET", "/", {"Host": "evil.example"}) == 403


def _foreign_origin(program: Program) -> bool:
    return _status(program, "GET", "/", {"Origin": "http://evil.example"}) == 403


def _no_origin(program: Program) -> bool:
    try:
        with connect(f"ws://{program.host}/socket"):
            return False
    except InvalidStatus as error:
        return error.response.status_code == 403


def _large_message(program: Program) -> bool:
    with page(program) as socket:
        socket.send(json.dumps({"type": "draw", "text": "x" * MAX_MESSAGE}))
        try:
            while True:
                socket.recv(10)
        except ConnectionClosed as closed:
            return closed.rcvd is not None and closed.rcvd.code == 1009


def _large_picture(program: Program) -> bool:
    headers = {"Origin": program.address, "Content-Length": str(MAX_UPLOAD + 1)}
    return _status(program, "POST", "/read/upload", headers) == 413


_REQUESTS: dict[str, Callable[[Program], bool]] = {
    "a foreign Host": _foreign_host,
    "a foreign Origin": _foreign_origin,
    "a WebSocket without Origin": _no_origin,
    "a message of 65 kB": _large_message,
    "a picture above 20 MB": _large_picture,
}
