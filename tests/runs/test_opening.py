"""Creating and opening run folders: numbered names, and damaged or missing files."""

import json
from pathlib import Path

import pytest

from tenfold.errors import TenfoldError
from tenfold.recipes import Recipe
from tenfold.runs import claim_folder, open_run

from .execution import new


def test_opened_run_equals_the_created_run(tiny: Recipe, tmp_path: Path) -> None:
    run = new(tiny, tmp_path / "run", seed=7)
    assert open_run(run.folder) == run


def test_folder_with_a_run_raises(tiny: Recipe, tmp_path: Path) -> None:
    new(tiny, tmp_path / "run")
    with pytest.raises(TenfoldError, match=r"already contains a run.*--resume"):
        new(tiny, tmp_path / "run")


def test_folder_that_cannot_be_created_raises(tiny: Recipe, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TenfoldError, match="cannot write"):
        new(tiny, tmp_path / "file" / "run")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "it must be valid JSON, got an error at line 1, column 1"),
        ('{"format": 1,', "it must be valid JSON, got an error at line 1, column 14"),
        ("\xff", "it must be UTF-8 text, got an invalid byte at position 1"),
        ("9" * 5000, "it must be valid JSON, got numbers or lists that are too large"),
        ("[]", "it must be a JSON object, got []"),
        ("{}", "format must be an integer of at least 0, but it is missing"),
        ('{"a": 1}', "format must be an integer of at least 0, but it is missing"),
        ('{"format": "1"}', "format must be an integer of at least 0, got '1'"),
        ('{"format": 1}', "recipe is missing"),
    ],
)
def test_damaged_configuration_raises(
    tiny: Recipe, tmp_path: Path, content: str, problem: str
) -> None:
    run = new(tiny, tmp_path / "run")
    (run.folder / "config.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(TenfoldError) as caught:
        open_run(run.folder)
    path = run.folder / "config.json"
    assert str(caught.value) == f"{path} is damaged: {problem}. Restore it or train again."


def test_configuration_with_a_byte_order_mark_is_read(tiny: Recipe, tmp_path: Path) -> None:
    """As an editor may write it."""
    run = new(tiny, tmp_path / "run")
    config = run.folder / "config.json"
    config.write_text(config.read_text(), encoding="utf-8-sig")
    assert open_run(run.folder) == run


def test_configuration_of_another_version_raises(tiny: Recipe, tmp_path: Path) -> None:
    run = new(tiny, tmp_path / "run")
    (run.folder / "config.json").write_text('{"format": 99}')
    with pytest.raises(TenfoldError, match="has format 99, and this version of tenfold reads"):
        open_run(run.folder)


def test_folder_without_a_run_raises(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="contains no run"):
        open_run(tmp_path)


def test_metrics_of_an_unfinished_run_raise(tiny: Recipe, tmp_path: Path) -> None:
    run = new(tiny, tmp_path / "run")
    with pytest.raises(TenfoldError, match=r"unfinished.*--resume"):
        run.metrics()


def test_folders_are_numbered(tmp_path: Path) -> None:
    assert claim_folder(tmp_path, "mlp").name == "001-mlp"
    (tmp_path / "007-mlp").mkdir()
    (tmp_path / "notes").mkdir()
    assert claim_folder(tmp_path, "linear").name == "008-linear"


@pytest.mark.parametrize(
    ("name", "value"), [("seed", "x"), ("seed", -1), ("seed", None), ("data", 5)]
)
def test_invalid_value_in_the_configuration_raises(
    tiny: Recipe, tmp_path: Path, name: str, value: object
) -> None:
    run = new(tiny, tmp_path / "run")
    config = json.loads((run.folder / "config.json").read_text())
    (run.folder / "config.json").write_text(json.dumps(config | {name: value}))
    with pytest.raises(TenfoldError):
        open_run(run.folder)


def test_damaged_metrics_and_records_raise(tiny: Recipe, tmp_path: Path) -> None:
    run = new(tiny, tmp_path / "run")
    (run.folder / "metrics.json").write_text("{}")
    (run.folder / "records.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(TenfoldError, match=r"metrics\.json is damaged"):
        run.metrics()
    with pytest.raises(TenfoldError, match=r"records\.jsonl is damaged"):
        run.records()
