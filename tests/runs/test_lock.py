"""Only one process trains in a run folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.recipes import Recipe, Split
from tenfold.runs import Run, create_run, execute, lock
from tenfold.runs.lock import InUseError, locked

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


def test_a_second_training_is_refused_and_the_first_one_ends_whole(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    whole = create_run(Run(tiny, 0, tmp_path / "whole"))
    for _ in execute(whole, split):
        pass
    run = create_run(Run(tiny, 0, tmp_path / "run"))
    first = execute(run, split, checkpoint_seconds=0)
    next(first)
    with pytest.raises(TenfoldError, match="is being trained by process"):
        next(execute(run, split))
    for _ in first:
        pass
    assert run.model.read_bytes() == whole.model.read_bytes()
    assert len(run.records()) == tiny.epochs
    assert list(execute(run, split)) == []  # finished
    assert sorted(path.name for path in run.folder.iterdir()) == sorted(
        path.name for path in whole.folder.iterdir()
    )


def test_an_abandoned_training_frees_the_folder(tiny: Recipe, split: Split, tmp_path: Path) -> None:
    run = create_run(Run(tiny, 0, tmp_path / "run"))
    training = execute(run, split)
    next(training)
    training.close()  # type: ignore[attr-defined]
    for _ in execute(run, split):
        pass
    assert run.finished


def test_many_processes_claim_different_folders(tmp_path: Path) -> None:
    code = (
        "import sys; from tenfold.runs import claim_folder;"
        "print(*[claim_folder(sys.argv[1], 'mlp').name for _ in range(5)])"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    names = [name for child in children for name in child.communicate()[0].split()]
    assert sorted(names) == [f"{number:03d}-mlp" for number in range(1, 16)]


def owner_elsewhere(folder: Path, seconds: float) -> None:
    """Leave the file of an owner on another machine, seen last some seconds ago."""
    path = folder / ".owner.json"
    path.write_text('{"process": 7, "machine": "node-3", "since": "2026-11-26T10:00:00"}')
    seen = path.stat().st_mtime - seconds
    os.utime(path, (seen, seen))


def test_an_owner_on_another_machine_is_refused_while_it_lives(tmp_path: Path) -> None:
    owner_elsewhere(tmp_path, seconds=5)
    with (
        pytest.raises(InUseError, match="is being trained by process 7 on node-3 since 2026"),
        locked(tmp_path),
    ):
        pass
    owner_elsewhere(tmp_path, seconds=40)  # it was killed
    with locked(tmp_path):
        assert "node-3" not in (tmp_path / ".owner.json").read_text()


def test_an_owner_gives_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_INTERVAL", 0.01)
    with locked(tmp_path):
        owner = tmp_path / ".owner.json"
        os.utime(owner, (0, 0))
        while owner.stat().st_mtime == 0:
            time.sleep(0.01)
    assert not owner.exists()
