import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tenfold.cli.commands.data import app
from tenfold.data import Dataset, kaggle, load_mnist, read_kaggle_csv, read_submission
from tenfold.errors import TenfoldError

RUNNER = CliRunner()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Thirty images of zeros to sevens, three of them blank."""
    data = load_mnist("test")
    images, labels = data.images[:30].copy(), data.require_labels()[:30] % 9
    images[:3] = 0
    np.savez(tmp_path / "mine[red].npz", x_train=images / 255, y_train=labels, x_test=images[:10])
    return tmp_path / "mine[red].npz"


def run(*arguments: str) -> str:
    result = RUNNER.invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stderr == ""
    return result.stdout


def test_info_tells_people_what_it_found(archive: Path) -> None:
    text = run("info", str(archive))
    assert "mine[red].npz: 30 labelled images of 28x28x1" in text
    assert "blank images" in text
    flat = " ".join(text.split())
    assert "no images of 8, 9: a network cannot learn" in flat
    assert "3 of 30 images are blank" in flat
    assert "were multiplied by 255" in flat


def test_info_tells_machines_nothing_but_json(archive: Path) -> None:
    report = json.loads(run("info", str(archive), "--json"))
    assert (report["images"], report["blanks"], report["class_counts"][9]) == (30, 3, 0)
    report = json.loads(run("info", str(archive), "--part", "test", "--json"))
    assert (report["images"], report["class_counts"]) == (10, None)


def test_info_without_a_path_examines_the_bundled_images() -> None:
    assert json.loads(run("info", "--json", "--part", "test"))["name"] == "MNIST test"
    text = run("info", "--part", "test")
    assert "MNIST test: 10,000 labelled images of 28x28x1" in text
    assert "1,135" in text
    assert "Nothing looks wrong." in text


def test_info_of_unlabelled_images_shows_no_classes(archive: Path) -> None:
    text = run("info", str(archive), "--part", "test")
    assert "10 unlabelled images" in text
    assert "Classes" not in text


def test_errors_come_through_for_the_program_to_print(tmp_path: Path) -> None:
    for command in ("info", "kaggle"):
        (tmp_path / "file").write_text("no data")
        result = RUNNER.invoke(app, [command, str(tmp_path / "file")])
        assert isinstance(result.exception, TenfoldError)
        assert result.stdout == ""


def test_kaggle_writes_the_three_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []
    data = load_mnist("test").subset(slice(20))

    def small_split(seed: int) -> tuple[Dataset, Dataset]:
        seeds.append(seed)
        return data.subset(slice(12)), data.subset(slice(12, None))

    monkeypatch.setattr(kaggle, "kaggle_split", small_split)
    lines = run("kaggle", str(tmp_path / "new"), "--seed", "3").splitlines()
    assert [Path(line.split(":")[0]).name for line in lines] == [
        "train.csv",
        "test.csv",
        "test-labels.csv",
    ]
    assert len(read_kaggle_csv(tmp_path / "new" / "train.csv")) == 12
    assert (
        read_submission(tmp_path / "new" / "test-labels.csv").tolist()
        == data.require_labels()[12:].tolist()
    )
    assert seeds == [3]


def test_wrong_options_are_refused(tmp_path: Path) -> None:
    for arguments in (
        ["info", "--part", "all"],
        ["kaggle", str(tmp_path), "--seed", "-1"],
        ["kaggle"],
    ):
        assert RUNNER.invoke(app, arguments).exit_code == 2


def test_help_shows_examples_line_by_line() -> None:
    lines = [line.strip() for line in run("info", "--help").splitlines()]
    assert "tenfold data info train.csv" in lines
    assert "tenfold data kaggle kaggle-files" in run("kaggle", "--help")


def test_importing_the_command_costs_only_typer() -> None:
    code = (
        "import sys, tenfold.cli.commands.data;"
        "print([name for name in ('numpy', 'PIL', 'tenfold.data') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
