"""The studio as a process of its own."""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

__all__ = ["Program", "started"]

_ATTEMPTS = 50  # attempts to open the page, one every 10 ms


@dataclass(frozen=True)
class Program:
    """A studio that runs.

    Attributes:
        address: Its address, such as ``http://127.0.0.1:8010``.
        pid: Number of its process.
        seconds: Time from the start of the process to the first answer.
        log: The file with what it prints as warnings.
    """

    address: str
    pid: int
    seconds: float
    log: Path

    @property
    def host(self) -> str:
        """Host and port."""
        return self.address.removeprefix("http://")

    @property
    def megabytes(self) -> float:
        """Its resident memory (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else float("nan")

    @property
    def warnings(self) -> list[str]:
        """The lines of its log so far."""
        return self.log.read_text().splitlines()


@contextmanager
def started() -> Iterator[Program]:
    """Run ``tenfold studio`` in an empty folder until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        command = [sys.executable, "-m", "tenfold", "studio", "--no-open", "--port", "0"]
        begin = time.perf_counter()
        with (
            log.open("w") as errors,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder
            ) as process,
        ):
            try:
                address = _address(process)
                _open(address)
                yield Program(address, process.pid, time.perf_counter() - begin, log)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(20)


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://[^/\s]+", line)
    if found is None:
        raise RuntimeError(f"the studio did not print its address, but {line!r}")
    return found[0]


def _open(address: str) -> None:
    """Open the page, as soon as the studio answers."""
    for _ in range(_ATTEMPTS):
        try:
            with urlopen(address) as response:
                response.read()
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{address} does not answer")
