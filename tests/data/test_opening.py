from pathlib import Path

import pytest

from tenfold.data import opening
from tenfold.errors import TenfoldError


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    assert opening.read_whole(tmp_path / "file") == b"content"
    with opening.opened(str(tmp_path / "file")) as file:
        assert file.read(3) == b"con"


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_BYTES", 3)
    (tmp_path / "file").write_bytes(b"abc")
    assert opening.read_whole(tmp_path / "file") == b"abc"
    (tmp_path / "file").write_bytes(b"abcd")
    with pytest.raises(TenfoldError, match="larger than 2 GiB: divide it"):
        opening.read_whole(tmp_path / "file")


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=r"there is no file .*none.*: look at the spelling"):
        opening.read_whole(tmp_path / "none")
    with pytest.raises(TenfoldError, match="is a folder where a file is expected"):
        opening.read_whole(tmp_path)
    with pytest.raises(TenfoldError, match="cannot read"):
        opening.read_whole(tmp_path / ("long" * 100))
    with pytest.raises(TenfoldError, match="cannot read"), opening.opened(__file__):
        raise OSError("the disk is gone")


def test_a_folder_is_listed_by_name_without_hidden_entries(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).touch()
    assert opening.listed(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(TenfoldError, match="cannot list the folder"):
        opening.listed(tmp_path / "none")
