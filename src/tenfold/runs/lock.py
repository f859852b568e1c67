"""The lock of a run folder: one process at a time trains in it.

The operating system releases the lock when the process ends, even if it is killed, so no lock
has to be removed by hand.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from tenfold.errors import TenfoldError
from tenfold.files import write_json

__all__ = ["InUseError", "is_locked", "locked"]

_LOCK = ".lock"
_OWNER = ".owner.json"
_INTERVAL = 10.0  # seconds between two heartbeats of an owner
_RECENT = 30.0  # seconds after its last heartbeat during which an owner counts as alive


class InUseError(TenfoldError):
    """Another process trains in the run folder."""


@contextmanager
def locked(folder: Path, use: str = "is being trained") -> Iterator[None]:
    """Hold the lock of an existing run folder inside the block.

    On some network file systems, a lock is visible only on the machine that holds it. Therefore the
    owner, which is the process that holds the lock, also updates the time of a file every ten
    seconds (a heartbeat). While this time is recent, processes on other machines are refused.

    Args:
        folder: The folder.
        use: What the owner does with the folder, for the message.

    Raises:
        InUseError: If another process holds the lock; the message says which process, and on which
            machine.
        TenfoldError: If the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    if not folder.is_dir():
        raise TenfoldError(f"cannot write to {folder}: it is not a folder")
    try:
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise _in_use_error(folder, use) from None
    except OSError as error:
        raise TenfoldError(f"cannot write to {folder}: {error.strerror or error}") from error
    try:
        if _alive_elsewhere(folder):
            raise _in_use_error(folder, use)
        with _heartbeat(folder / _OWNER):
            yield
    finally:
        if (folder / "metrics.json").exists():  # the run is finished and will not be locked again
            (folder / _LOCK).unlink(missing_ok=True)
        lock.release()


@contextmanager
def _heartbeat(owner: Path) -> Iterator[None]:
    """Write a file that says who owns the folder; update its time regularly inside the block."""
    write_json(
        owner,
        {
            "process": os.getpid(),
            "machine": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )
    ended = Event()

    def beat() -> None:
        while not ended.wait(_INTERVAL):
            with suppress(OSError):
                os.utime(owner)

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        owner.unlink(missing_ok=True)


def _alive_elsewhere(folder: Path) -> bool:
    """Return whether the last heartbeat of a process on another machine is recent.

    Both times come from the clock of the file system, since the clocks of machines differ.
    """
    try:
        machine = json.loads((folder / _OWNER).read_text("utf-8"))["machine"]
        last_heartbeat = (folder / _OWNER).stat().st_mtime
    except (OSError, ValueError, KeyError, TypeError):
        return False
    (folder / _LOCK).touch()
    age = (folder / _LOCK).stat().st_mtime - last_heartbeat
    return machine != socket.gethostname() and age < _RECENT


def _in_use_error(folder: Path, use: str) -> InUseError:
    return InUseError(f"{folder} {use} by {_owner(folder)}: wait for it to end, or stop it")


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
