"""Many clients that draw at the same time: no error, and memory that does not grow."""

import asyncio
import json
import time

from websockets import Origin
from websockets.asyncio.client import connect

from benchmarks.studio.program import Program
from benchmarks.studio.rows import Row
from benchmarks.studio.talking import drawing, kind_of

__all__ = ["measure_crowd"]

_POINTS = 24
_LOOK = 0.1  # seconds between two looks at whether all clients have been answered


def measure_crowd(program: Program, clients: int, seconds: float) -> list[Row]:
    """Let clients draw at the same time: each sends a drawing when its last one was answered.

    Args:
        program: The studio.
        clients: Number of clients.
        seconds: Duration.
    """
    return asyncio.run(_measure(program, clients, seconds))


async def _measure(program: Program, clients: int, seconds: float) -> list[Row]:
    end = time.monotonic() + seconds
    counts = [0] * clients
    tasks = [asyncio.create_task(_client(program, end, counts, i)) for i in range(clients)]
    while min(counts) == 0 and not any(task.done() for task in tasks):  # then all is loaded
        await asyncio.sleep(_LOOK)
    before = program.megabytes
    done = await asyncio.gather(*tasks, return_exceptions=True)
    errors = sum(each is not None for each in done)
    growth = 100 * (program.megabytes / before - 1)
    return [
        Row(f"{clients} clients for {seconds:.0f} s: errors", errors, 1, ""),
        Row("answers in all", sum(counts), None, ""),
        Row("answers of the slowest client", min(counts), None, ""),
        Row("memory", program.megabytes, None, "MB"),
        Row("growth of the memory", growth, 10, "%"),
    ]


async def _client(program: Program, end: float, counts: list[int], index: int) -> None:
    """Draw until the end, and count the answers."""
    address = f"ws://{program.host}/socket"
    async with connect(address, origin=Origin(program.address), open_timeout=60) as socket:
        await socket.send(json.dumps({"type": "hello"}))
        while time.monotonic() < end:
            await socket.send(json.dumps(drawing(1 + counts[index] % _POINTS, counts[index])))
            kind = ""
            while kind != "drawn":
                kind = kind_of(await socket.recv())
                if kind == "refused":
                    raise RuntimeError("a drawing was refused")
            counts[index] += 1
