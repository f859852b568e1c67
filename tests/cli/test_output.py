"""A command replaces only its own earlier output, never another file of the user."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.cli import main
from tenfold.cli.commands import data, reproduce
from tenfold.cli.commands.data import label_errors
from tenfold.cli.shared.lazy_group import _load
from tenfold.cli.shared.output import CLASSICS_FILE, SUBMISSION, SUSPECTS, check_output
from tenfold.data import write_submission
from tenfold.runs import RUN_FILES

from .conftest import Tenfold


@pytest.fixture
def test_csv(new_file: Path, tmp_path: Path) -> Path:
    """Ten images in the competition's format."""
    path = tmp_path / "test.csv"
    images = np.load(new_file)["images"][:10].reshape(10, -1)
    rows = [",".join(map(str, row)) for row in images]
    path.write_text("\n".join([",".join(f"pixel{i}" for i in range(784)), *rows]) + "\n")
    return path


def commands(run: Path, data: Path, test: Path, out: Path) -> dict[str, list[object]]:
    """Every command that writes a file that the user names."""
    return {
        "submit": ["submit", run, test, "-o", out],
        "evaluate": ["evaluate", run, "--data", data, "--figure", out],
        "robustness": ["robustness", run, "--data", data, "--images", 2, "--figure", out],
        "map": ["map", run, "--data", data, "--images", 5, "-o", out],
        "landscape": ["landscape", "--steps", 1, "--images", 20, "-o", out],
        "compare": ["compare", run, run.parent / "other", "--figure", out],
        "baselines": ["baselines", "--data", data, "--figure", out],
        "report": ["report", run, "-o", out],
        "suspects": ["data", "label-errors", data, "--folds", 2, "-o", out],
        "suspects-picture": ["data", "label-errors", data, "--folds", 2, "--figure", out],
        "reproduce": ["reproduce", "--results", out, "--out", out.with_name("classics")],
    }


NAMES = list(commands(Path(), Path(), Path(), Path("x")))
PICTURES = ["evaluate", "robustness", "map", "landscape", "compare", "baselines"]
PICTURES += ["suspects-picture"]


def suffix(name: str) -> str:
    others = {"submit": ".csv", "suspects": ".csv", "report": ".html", "reproduce": ".json"}
    return others.get(name, ".png")


@pytest.mark.parametrize("content", ["a digit", "a table", "text"])
@pytest.mark.parametrize("name", NAMES)
def test_another_file_is_not_replaced(
    tenfold: Tenfold,
    trained: Path,
    new_file: Path,
    test_csv: Path,
    tmp_path: Path,
    name: str,
    content: str,
) -> None:
    path = tmp_path / f"mine{suffix(name)}"
    if content == "a digit":
        Image.fromarray(np.load(new_file)["images"][0, ..., 0]).save(path, "png")
    elif content == "a table":
        shutil.copy(test_csv, path)
    else:
        path.write_text('{"notes": []}\n')
    before, names = path.read_bytes(), sorted(tmp_path.rglob("*"))
    answer = tenfold(*commands(trained, new_file, test_csv, path)[name])
    assert answer.code == 2, answer.err
    assert f"{path} exists and is not a" in answer.err
    assert "so it is not replaced: choose another name, or remove it first" in answer.err
    assert answer.out == ""
    assert path.read_bytes() == before
    assert sorted(tmp_path.rglob("*")) == names


@pytest.mark.parametrize("name", ["landscape", "submit"])
def test_an_earlier_output_and_an_empty_file_are_replaced(
    tenfold: Tenfold, trained: Path, new_file: Path, test_csv: Path, name: str
) -> None:
    path = test_csv.with_name(f"new{suffix(name)}")
    path.touch()
    for _ in range(2):
        answer = tenfold(*commands(trained, new_file, test_csv, path)[name])
        assert answer.code == 0, answer.err
        assert path.stat().st_size > 40


def test_a_device_is_written() -> None:
    check_output(Path("/dev/null"), SUBMISSION)
    check_output(Path("/dev/stdout"), SUBMISSION)


def test_a_list_of_suspects_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "suspects.csv"
    row = {"part": "all", "index": 1, "given": 4, "suggested": 9, "likely_error": True}
    label_errors._write(path, [row | {"p_given": 0.25, "p_suggested": 0.5}])
    check_output(path, SUSPECTS)


def test_results_of_reproduce_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "classics.json"
    reproduce._write_results(path, [{"name": "classic-adam"}])
    check_output(path, CLASSICS_FILE)


@pytest.mark.parametrize("name", RUN_FILES)
def test_the_files_of_a_run_are_neither_replaced_nor_made(
    tenfold: Tenfold, run_copy: Path, test_csv: Path, name: str
) -> None:
    path = run_copy / name
    before = path.read_bytes() if path.exists() else None
    answer = tenfold("submit", "standard", test_csv, "-o", path)
    assert answer.code == 2
    assert f"{path} is a file of the run in {run_copy}" in answer.err
    assert (path.read_bytes() if path.exists() else None) == before
    assert tenfold("submit", run_copy, test_csv, "-o", run_copy / "submission.csv").code == 0


def test_an_input_is_not_replaced(tenfold: Tenfold, trained: Path, test_csv: Path) -> None:
    truth = test_csv.with_name("truth.csv")
    write_submission(truth, np.arange(10))
    before = truth.read_bytes()
    for option in ("--labels", "--compare"):
        answer = tenfold("submit", trained, test_csv, option, truth, "-o", truth)
        assert answer.code == 2
        assert f"{truth} is read by this command" in answer.err
    assert tenfold("submit", trained, test_csv, "-o", test_csv).code == 2
    assert truth.read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_and_a_missing_folder_are_refused_before_any_work(
    tenfold: Tenfold, trained: Path, new_file: Path, test_csv: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / f"folder{suffix(name)}"
    folder.mkdir()
    answer = tenfold(*commands(trained, new_file, test_csv, folder)[name])
    assert (answer.code, answer.out) == (2, "")
    assert f"{folder} is a folder: give the path of a file to write" in answer.err
    path = tmp_path / "none" / f"x{suffix(name)}"
    answer = tenfold(*commands(trained, new_file, test_csv, path)[name])
    assert (answer.code, answer.out) == (1, "")
    assert f"cannot write {path}: there is no folder" in answer.err


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_without_png_is_refused_before_any_work(
    tenfold: Tenfold, trained: Path, new_file: Path, test_csv: Path, tmp_path: Path, name: str
) -> None:
    answer = tenfold(*commands(trained, new_file, test_csv, tmp_path / "x.jpg")[name])
    assert (answer.code, answer.out) == (1, "")
    assert "must end in .png, got 'x.jpg'" in answer.err


def test_both_pictures_of_robustness_are_checked(
    tenfold: Tenfold, trained: Path, new_file: Path, tmp_path: Path
) -> None:
    second = tmp_path / "r-corruptions.png"
    second.write_text("mine")
    answer = tenfold("robustness", trained, "--data", new_file, "--figure", tmp_path / "r.png")
    assert answer.code == 2
    assert f"{second} exists" in answer.err


def test_show_does_not_replace_a_picture_of_the_user(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "weights.png"
    Image.new("L", (28, 28)).save(mine)
    before = mine.read_bytes()
    answer = tenfold("show", trained, "-o", tmp_path)
    assert answer.code == 2
    assert f"{mine} exists" in answer.err
    assert mine.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["weights.png"]


def test_train_does_not_replace_the_remains_of_a_run(
    tenfold: Tenfold, run_copy: Path, digits_file: Path
) -> None:
    (run_copy / "config.json").unlink()
    before = (run_copy / "model.safetensors").read_bytes()
    answer = tenfold("train", "mlp", "--data", digits_file, "--out", run_copy)
    assert answer.code == 1
    assert f"{run_copy} contains records.jsonl, layers.jsonl, metrics.json" in answer.err
    assert "but no config.json: choose another folder (--out)" in answer.err
    assert (run_copy / "model.safetensors").read_bytes() == before
    assert json.loads((run_copy / "metrics.json").read_text())


@pytest.mark.parametrize("command", [("kaggle",), ("generate", "--count", 1, "-o")])
def test_a_folder_of_files_is_not_written_among_other_files(
    tenfold: Tenfold, run_copy: Path, tmp_path: Path, command: tuple[object, ...]
) -> None:
    foreign = tmp_path / "digits"
    foreign.mkdir()
    (foreign / "train.csv").write_text("mine")
    for folder in (run_copy, foreign):
        names = sorted(path.name for path in folder.iterdir())
        answer = tenfold("data", *command, folder)
        assert answer.code == 2
        assert f"{folder} is not empty: choose a new folder" in answer.err
        assert sorted(path.name for path in folder.iterdir()) == names
    assert (foreign / "train.csv").read_text() == "mine"


@pytest.mark.parametrize(
    "command",
    [
        ("tune", "linear", "--trials", 1, "--set", "learning_rate=0.01..0.02", "--out"),
        ("data", "label-errors", "--recipe", "linear", "--keep"),
    ],
)
def test_a_folder_to_continue_has_no_other_files(
    tenfold: Tenfold, tmp_path: Path, command: tuple[object, ...]
) -> None:
    (tmp_path / "mine").write_text("mine")
    answer = tenfold(*command, tmp_path)
    assert answer.code == 2
    assert f"{tmp_path} is not empty: choose a new folder" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


FILES = {"PNG", "CSV", "HTML", "JSON", "FOLDER"}
READ = {"train --resume", "submit --labels", "submit --compare", "runs folder"}
CHECKED = {  # each has a test here, in test_convert.py, test_generate.py or test_read.py
    *("train --out", "show -o", "data kaggle folder", "data generate -o", "read --show"),
    *("submit -o", "report -o", "reproduce --results", "reproduce --out", "data label-errors -o"),
    *("map -o", "landscape -o", "evaluate --figure", "robustness --figure", "compare --figure"),
    *("baselines --figure", "data label-errors --figure", "tune --out"),
    *("data label-errors --keep", "data convert -o"),
}


def test_every_option_that_names_a_file_to_write_is_checked() -> None:
    """A new one needs a test, and one of the functions ``check_...`` of ``cli.shared.output``."""
    found = set()
    for package, names in (("", main.COMMANDS), ("data ", data.COMMANDS)):
        for name in names:
            command = _load(f"tenfold.cli.commands{'.data' if package else ''}", name)
            found |= {
                f"{package}{name} {parameter.opts[0]}"
                for parameter in command.params
                if parameter.metavar in FILES
            }
    assert found == READ | CHECKED
