import os
from pathlib import Path

import pytest

from tenfold.data import input_files
from tenfold.errors import TenfoldError


def test_a_file_is_opened_and_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    assert input_files.read_bytes(tmp_path / "file") == b"content"
    with input_files.open_file(str(tmp_path / "file")) as file:
        assert file.read(3) == b"con"


def test_a_file_that_is_too_large_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_files, "MAX_BYTES", 3)
    (tmp_path / "file").write_bytes(b"abc")
    assert input_files.read_bytes(tmp_path / "file") == b"abc"
    (tmp_path / "file").write_bytes(b"abcd")
    with pytest.raises(TenfoldError, match=r"larger than 2 GiB\. Convert it.*tenfold data convert"):
        input_files.read_bytes(tmp_path / "file")


def test_a_file_that_cannot_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=r"no file .*none\. Check its name and its folder"):
        input_files.read_bytes(tmp_path / "none")
    with pytest.raises(
        TenfoldError, match="is a folder, not a file: give the path of a file in it"
    ):
        input_files.read_bytes(tmp_path)
    with pytest.raises(TenfoldError, match="cannot read"):
        input_files.read_bytes(tmp_path / ("long" * 100))
    with pytest.raises(TenfoldError, match="cannot read"), input_files.open_file(__file__):
        raise OSError("the disk is gone")


def test_pipes_devices_and_links_to_nothing_raise(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(
            TenfoldError, match=r"is a device or a pipe, which may have no end: save"
        ):
            input_files.read_bytes(path)
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    (tmp_path / "circular").symlink_to(tmp_path / "circular")
    for name in ("dangling", "circular"):
        with pytest.raises(TenfoldError, match=f"{name} is a link that leads to no file"):
            input_files.read_bytes(tmp_path / name)
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert input_files.read_bytes(tmp_path / "link") == b"content"


def test_a_folder_is_listed_by_name_without_hidden_entries(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).touch()
    assert input_files.list_folder(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(TenfoldError, match="cannot list the folder"):
        input_files.list_folder(tmp_path / "none")
