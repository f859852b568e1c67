"""Only one process trains in a run folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.runs.lock import locked

_HOLD = """
import sys, time
from pathlib import Path
from tenfold.runs.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock of a folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_process_is_refused_and_the_owner_named(tmp_path: Path) -> None:
    child = hold(tmp_path)
    message = rf"is being trained by process {child.pid} since \d{{4}}-.*: wait for it to end"
    with pytest.raises(TenfoldError, match=message), locked(tmp_path):
        pass
    child.terminate()
    child.communicate()
    with locked(tmp_path):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    child = hold(tmp_path)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    with locked(tmp_path):
        assert (tmp_path / ".owner.json").exists()
        (tmp_path / "metrics.json").touch()
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.json"]  # finished


def test_one_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(TenfoldError, match=f"process {os.getpid()}"),
        locked(tmp_path),
    ):
        pass


def test_an_exception_releases_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), locked(tmp_path):
        raise ValueError("inside")
    with locked(tmp_path):
        pass


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="cannot write"), locked(tmp_path / "missing"):
        pass
