"""Files of JSON lines that a run appends to, also on a full disk."""

from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.recipes import Recipe, Split
from tenfold.runs import execute
from tenfold.runs.jsonl import append_lines, read_lines, sync, truncate_lines

from .execution import finish, new


def test_lines_are_appended_truncated_and_read(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    assert read_lines(path) == []
    sync(path)  # no file yet
    append_lines(path, [{"a": 1}, {"a": 2}])
    append_lines(path, [{"a": 3}])
    sync(path)
    assert read_lines(path) == [{"a": 1}, {"a": 2}, {"a": 3}]
    truncate_lines(path, 2)
    assert path.read_text() == '{"a": 1}\n{"a": 2}\n'
    with pytest.raises(TenfoldError, match=r"lines\.jsonl must have at least 3 lines .* got 2"):
        truncate_lines(path, 3)


def test_incomplete_line_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"a": 1}\n{"a": ')
    truncate_lines(path, 1)
    assert read_lines(path) == [{"a": 1}]


@pytest.mark.parametrize("name", ["layers.jsonl", "records.jsonl"])
def test_full_disk_raises_a_clear_error(
    tiny: Recipe, split: Split, tmp_path: Path, name: str
) -> None:
    run = new(tiny, tmp_path / "run")
    loop = execute(run, split)
    next(loop)
    (run.folder / name).unlink()
    (run.folder / name).symlink_to("/dev/full")
    with pytest.raises(TenfoldError, match=r"cannot write to .*No space left.*--resume"):
        list(loop)


def test_measuring_the_layers_changes_no_other_file(
    tiny: Recipe, split: Split, tmp_path: Path
) -> None:
    watched = finish(new(tiny, tmp_path / "watched"), split)
    alone = new(tiny, tmp_path / "alone")
    for _ in execute(alone, split, watch=False):
        pass
    assert alone.model.read_bytes() == watched.model.read_bytes()
    assert not alone.layers_file.exists()
    assert alone.layers() == []
    assert {row["step"] for row in watched.layers()} == set(range(21))
    for record, other in zip(alone.records(), watched.records(), strict=True):
        assert record | {"seconds": 0} == other | {"seconds": 0}


def test_a_file_that_cannot_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").mkdir()
    with pytest.raises(TenfoldError, match=r"cannot read .*records\.jsonl: Is a directory\. Check"):
        read_lines(tmp_path / "records.jsonl")
