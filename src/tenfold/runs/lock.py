"""The lock of a run folder: one process at a time trains in it.

The operating system releases the lock when the process ends, even if it is killed, so no lock
has to be removed by hand.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tenfold.errors import TenfoldError
from tenfold.files import write_json

__all__ = ["is_locked", "locked"]

_LOCK = ".lock"
_OWNER = ".owner.json"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of an existing run folder inside the block.

    Raises:
        TenfoldError: If another process holds the lock; the message gives its number and machine.
            Or if the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    if not folder.is_dir():
        raise TenfoldError(f"cannot write to {folder}: it is not a folder")
    try:
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise TenfoldError(
            f"{folder} is being trained by {_owner(folder)}: wait for it to end, or stop it"
        ) from None
    except OSError as error:
        raise TenfoldError(f"cannot write to {folder}: {error.strerror or error}") from error
    try:
        write_json(
            folder / _OWNER,
            {
                "process": os.getpid(),
                "machine": socket.gethostname(),
                "since": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )
        yield
    finally:
        (folder / _OWNER).unlink(missing_ok=True)
        if (folder / "metrics.json").exists():  # finished, so it is not locked again
            (folder / _LOCK).unlink(missing_ok=True)
        lock.release()


def is_locked(folder: Path) -> bool:
    """Return whether a process trains in a run folder at this moment."""
    from filelock import FileLock, Timeout

    if not (folder / _LOCK).exists():
        return False
    try:
        with FileLock(folder / _LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # a folder of another user
        return False


def _owner(folder: Path) -> str:
    try:
        owner = json.loads((folder / _OWNER).read_text("utf-8"))
        number, machine, since = owner["process"], owner["machine"], owner["since"]
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ):  # the process has just started or is about to end
        return "another process"
    where = "" if machine == socket.gethostname() else f" on {machine}"
    return f"process {number}{where} since {since}"
