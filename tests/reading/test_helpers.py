"""Helper processes: the same readings in the same order, and none that stays behind."""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tenfold.errors import TenfoldError
from tenfold.reading import Reading, helpers, pictures, read, read_many

from .pages import page


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Six pictures, the fourth of which is no picture."""
    found = [tmp_path / f"{number}.png" for number in range(6)]
    for number, path in enumerate(found):
        Image.fromarray(page([[number, number + 1]], height=30)).save(path)
    found[3].write_text("no picture")
    return found


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Two cores, helpers without a delay, and the processes that are started."""
    processes = []
    real = subprocess.Popen

    def start(*arguments: Any, **options: Any) -> "subprocess.Popen[bytes]":
        processes.append(real(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(helpers, "_PATIENCE", 0.0)
    monkeypatch.setattr(pictures, "cores", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


def _check(results: list[tuple[Path, Reading | TenfoldError]], paths: list[Path]) -> None:
    assert [path for path, _ in results] == paths
    for path, result in results:
        if path.stem == "3":
            assert isinstance(result, TenfoldError)
            assert str(path) in str(result)
            continue
        alone = read(path)
        assert isinstance(result, Reading)
        assert result == alone
        for one, other in zip(result.digits, alone.digits, strict=True):
            assert np.array_equal(one.image, other.image)


def test_a_helper_gives_the_same_readings_in_order(
    paths: list[Path], started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise AssertionError("read in this process")

    with helpers.Helpers(1, 99, fail, {"single": False, "error_rate": 0.01}) as one:
        results = [(path, one.read(path)) for path in paths]
    _check(results, paths)
    assert len(started) == 1
    assert started[0].returncode is not None


def test_a_folder_is_read_with_one_helper_for_two_cores(
    paths: list[Path], started: list["subprocess.Popen[bytes]"]
) -> None:
    _check(list(read_many(paths)), paths)
    assert len(started) == 1
    assert started[0].returncode is not None


def test_no_helper_is_started_at_once(
    paths: list[Path], started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "_PATIENCE", 60.0)
    _check(list(read_many(paths)), paths)
    assert not started


def test_no_helper_is_started_for_few_pictures(
    paths: list[Path], started: list["subprocess.Popen[bytes]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "_PATIENCE", 60.0)
    with helpers.Helpers(1, 5, lambda path: path, {}) as one:
        assert [one.read(path) for path in paths[:3]] == paths[:3]
        monkeypatch.setattr(helpers, "_PATIENCE", 0.0)
        assert [one.read(path) for path in paths[3:5]] == paths[3:5]
    with helpers.Helpers(0, 9, lambda path: path, {}) as none:
        assert none.read(paths[0]) == paths[0]
    assert not started


def test_the_pictures_of_a_helper_that_ends_are_read_here(
    paths: list[Path], started: list["subprocess.Popen[bytes]"]
) -> None:
    options = {"single": False, "error_rate": 0.01}
    with helpers.Helpers(1, 99, pictures.read_or_error, options) as one:
        results = [(paths[0], one.read(paths[0]))]
        started[0].kill()
        started[0].wait()
        results += [(path, one.read(path)) for path in paths[1:]]
    _check(results, paths)
    assert len(started) == 1


def test_without_an_interpreter_pictures_are_read_here(
    paths: list[Path],
    started: list["subprocess.Popen[bytes]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "")
    _check(list(read_many(paths)), paths)
    assert not started


def test_a_reader_that_stops_early_leaves_no_helper(
    paths: list[Path], started: list["subprocess.Popen[bytes]"]
) -> None:
    found = read_many(paths * 5)
    next(found)
    found.close()
    assert all(process.returncode is not None for process in started)
