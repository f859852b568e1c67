"""``tenfold predict ... -o`` and ``tenfold read ... -o``: answers for all images of a source."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tenfold.data import Dataset

from .conftest import Tenfold


@pytest.fixture
def folder(digits: Dataset, tmp_path: Path) -> Path:
    """Five digits as PNG files; one is damaged."""
    path = tmp_path / "pictures"
    path.mkdir()
    for i in range(5):
        Image.fromarray(digits.images[i, ..., 0]).save(path / f"{i}.png")
    (path / "2.png").write_bytes(b"no picture")
    return path


def test_predict_writes_the_answers_of_single_pictures(
    tenfold: Tenfold, trained: Path, folder: Path
) -> None:
    out = folder.parent / "a.jsonl"
    answer = tenfold("predict", trained, folder, "-o", out)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        f"5 rows written to {out}\n"
        f"tenfold: 1 of 5 images cannot be read: see the column error of {out}\n"
    )
    alone = json.loads(tenfold("predict", trained, *sorted(folder.iterdir()), "--json").out)
    for i, (line, row) in enumerate(zip(out.read_text().splitlines(), alone, strict=True)):
        found = json.loads(line)
        assert (found["row"], found["image"]) == (i, f"{i}.png")
        assert found.get("digit") == row.get("digit")
        assert found.get("confidence") == pytest.approx(row.get("confidence"), abs=2e-6)
        assert ("error" in found) == ("error" in row) == (i == 2)


def test_read_writes_the_answers_of_single_pictures(tenfold: Tenfold, folder: Path) -> None:
    out = folder.parent / "a.jsonl"
    assert tenfold("read", folder, "-o", out, "--jobs", 1, "--error-rate", 0.02).code == 1
    alone = json.loads(tenfold("read", folder, "--json", "--error-rate", 0.02).out)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["lines"] for row in rows] == [row["lines"] for row in alone]
    assert [row["digits"] for row in rows] == [row["digits"] for row in alone]
    assert [row["file"] for row in rows] == [f"{i}.png" for i in range(5)]


def test_ctrl_c_keeps_the_finished_parts(
    tenfold: Tenfold, trained: Path, new_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def at_once() -> Iterator[Callable[[], bool]]:
        yield lambda: True

    out = tmp_path / "a.csv"
    with monkeypatch.context() as patch:
        patch.setattr("tenfold.cli.shared.bulk.stop_on_signal", at_once)
        answer = tenfold("predict", trained, new_file, "-o", out)
    assert answer.code == 130
    assert answer.err == "Stopped and saved. Resume with: the same command\n"
    assert not out.exists()
    assert tenfold("predict", trained, new_file, "-o", out).code == 0
    assert len(out.read_text().splitlines()) == 601
    assert tenfold("predict", trained, new_file, "-o", out).code == 0  # it is replaced


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--jobs", "2"], "--jobs can be used only with -o FILE: add -o answers.csv"),
        (["-o", "a.txt"], "must end with one of .csv, .jsonl, .parquet, got"),
        (["-o", "a.csv", "--json"], "with -o, the answers are written to a file: omit --json"),
        (["-o", "pictures/a.csv"], "choose a file outside of"),
        (["-o", "thesis.csv"], "exists and is not a file of answers of tenfold"),
        (["pictures", "-o", "a.csv"], "give one folder or file of images, got 2"),
        (["-o", "a.csv", "--jobs", "2", "--cluster", "tcp://x:1"], "--jobs is the number of"),
    ],
)
@pytest.mark.parametrize("command", ["predict", "read"])
def test_wrong_options_are_refused(
    tenfold: Tenfold,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(folder.parent)
    Path("thesis.csv").write_text("text")
    answer = tenfold(command, "pictures", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert len(answer.err.splitlines()) == 1
    assert sorted(path.name for path in Path().iterdir()) == ["pictures", "thesis.csv"]


def test_parquet_needs_its_extra(
    tenfold: Tenfold, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = tenfold("predict", folder, "-o", folder.parent / "a.parquet")
    assert answer.code == 1
    assert "pip install '.[parquet]'" in answer.err
    assert [path.name for path in folder.parent.iterdir()] == ["pictures"]
