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
