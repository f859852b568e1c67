import os
from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.files import atomic_file, files_in_subfolders, make_folder, write_json, write_text


def write_partly(path: Path) -> None:
    with atomic_file(path) as file:
        file.write(b"half")
        raise RuntimeError("interrupted")


def test_error_while_writing_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="interrupted"):
        write_partly(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_error_while_writing_keeps_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_text(path, "old")
    with pytest.raises(RuntimeError, match="interrupted"):
        write_partly(path)
    assert path.read_text() == "old"
    write_json(path, {"new": 1})
    assert path.read_text() == '{\n  "new": 1\n}\n'
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "x")
    plain = tmp_path / "plain"
    plain.write_text("x")
    assert (tmp_path / "file").stat().st_mode == plain.stat().st_mode


def test_full_disk_raises_tenfold_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TenfoldError, match=r"cannot write .*file: No space left on device"):
        write_text(tmp_path / "file", "x")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_created_raises(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TenfoldError, match="cannot write"):
        make_folder(tmp_path / "file" / "below")


def test_path_that_is_not_a_folder_and_link_to_itself_raise(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("file", "loop"):
        with pytest.raises(TenfoldError, match="it exists and is not a folder"):
            make_folder(tmp_path / name)
    with pytest.raises(TenfoldError, match="loop: it is a link to itself"):
        write_text(tmp_path / "loop", "text")


def test_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_pipe_is_written_to_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "through")
        assert os.read(handle, 100) == b"through"
    finally:
        os.close(handle)
    assert pipe.is_fifo()


def test_json_with_nan_raises(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "file", {"loss": float("nan")})
    assert not list(tmp_path.iterdir())


def test_files_in_subfolders_are_those_of_glob(tmp_path: Path) -> None:
    for folder in ("b", "a", "empty", ".hidden"):
        (tmp_path / folder).mkdir()
    for name in ("b/x", "a/x", "a/y", ".hidden/x", "x"):
        (tmp_path / name).write_text("")
    assert files_in_subfolders(tmp_path, "x") == sorted(tmp_path.glob("*/x"))
    assert files_in_subfolders(tmp_path / "missing", "x") == []
