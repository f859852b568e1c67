"""Paths of another kind than the command needs: the message says what is there and what to give."""

from pathlib import Path

import pytest

from .conftest import Tenfold


@pytest.mark.parametrize(
    "words",
    [
        ("predict", "RUNS", "IMAGE"),
        ("evaluate", "RUNS"),
        ("submit", "RUNS", "IMAGE"),
        ("show", "RUNS"),
        ("map", "RUNS"),
        ("robustness", "RUNS"),
    ],
)
def test_a_folder_of_runs_is_not_a_model(
    words: tuple[str, ...], run_copy: Path, tenfold: Tenfold, tmp_path: Path
) -> None:
    runs = run_copy.parent
    image = tmp_path / "7.png"
    image.write_bytes(b"")
    paths = {"RUNS": runs, "IMAGE": image}
    answer = tenfold(*(paths.get(word, word) for word in words))
    assert answer.code == 2
    assert f"{runs} contains several runs: choose one of them, such as {run_copy}" in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_a_model_is_not_a_picture(run_copy: Path, tenfold: Tenfold, tmp_path: Path) -> None:
    model = run_copy / "model.safetensors"
    for path, named in ((run_copy, run_copy), (model, model), ("standard", "standard")):
        answer = tenfold("read", path, tmp_path / "7.png")
        assert answer.code == 2
        assert f"{path} is a model, and read takes only pictures" in answer.err
        assert f"tenfold predict {named} PICTURE" in answer.err
    answer = tenfold("read", run_copy.parent)
    assert answer.code == 2
    assert f"{run_copy.parent} contains models, and read takes only pictures" in answer.err


@pytest.mark.parametrize("command", ["evaluate", "map", "robustness"])
def test_data_in_the_place_of_a_model_is_given_by_an_option(
    command: str, digits_file: Path, run_copy: Path, tenfold: Tenfold
) -> None:
    answer = tenfold(command, digits_file)
    assert answer.code == 2
    assert f"not a model: to use its images: --data {digits_file}" in answer.err
    answer = tenfold(command, run_copy / "config.json")
    assert answer.err.strip().endswith("config.json is a JSON file, not a model")


def test_a_text_file_is_not_called_a_table(
    run_copy: Path, tenfold: Tenfold, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("hello, world\n")
    for command in (("read", notes), ("predict", run_copy, notes)):
        answer = tenfold(*command)
        assert answer.code == 1
        assert "notes.txt is not a readable image file" in answer.err
    assert "'hello, world' (2 columns)" in tenfold("data", "info", notes).err
    notes.write_text("hello\n")
    assert "'hello' (1 column)" in tenfold("data", "info", notes).err


def test_a_file_in_the_place_of_a_folder_is_named(
    run_copy: Path, tenfold: Tenfold, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello\n")
    answer = tenfold("report", run_copy, "--out", file / "report.html")
    assert f"{file} is a file, not a folder" in answer.err
    answer = tenfold("train", "linear", "--out", file / "run")
    assert "A folder in its path is a file: choose another path" in answer.err


@pytest.mark.parametrize(
    "command",
    ["train", "evaluate standard", "robustness standard", "map standard", "baselines", "doctor"],
)
@pytest.mark.parametrize(
    ("name", "what", "step"),
    [
        ("mlp", "a recipe", "to train the recipe: tenfold train mlp"),
        ("ensemble", "an ensemble", "to train the ensemble: tenfold train ensemble"),
        ("standard", "a recipe and of a bundled model", "tenfold train standard; to evaluate"),
    ],
)
def test_the_name_of_a_recipe_or_model_is_not_data(
    command: str,
    name: str,
    what: str,
    step: str,
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold(*command.split(), "--data", name)
    assert answer.code == 2
    assert f"{name} is the name of {what}, not a path of images" in answer.err
    assert step in answer.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [("data", "info"), ("data", "label-errors")])
def test_such_a_name_is_not_an_argument_either(command: tuple[str, ...], tenfold: Tenfold) -> None:
    assert "mlp is the name of a recipe, not a path" in tenfold(*command, "mlp").err


def test_a_file_of_such_a_name_is_data(
    digits_file: Path, tenfold: Tenfold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mlp").write_bytes(digits_file.read_bytes())
    assert "600 labelled images" in tenfold("data", "info", "mlp").out


def test_a_misspelt_path_of_data(tenfold: Tenfold, tmp_path: Path, digits_file: Path) -> None:
    near = digits_file.parent
    answer = tenfold("data", "info", near / "digit.npz")
    assert answer.err.strip().endswith(
        f"there is nothing at {near / 'digit.npz'}. Did you mean {digits_file}?"
    )
    missing = tmp_path / "none" / "train.csv"
    assert (
        f"nothing at {missing}. There is no folder {missing.parent}."
        in tenfold("doctor", missing).err
    )
