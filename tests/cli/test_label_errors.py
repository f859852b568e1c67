import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.cli.commands.data import label_errors as command
from tenfold.data import Dataset
from tenfold.recipes import RECIPES
from tenfold.runs import OutOfFold

from .conftest import Tenfold

WRONG = {3: 7, 60: 1}  # wrong labels of the training part, by index


@pytest.fixture(scope="module")
def mislabelled(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of 240 training and 160 test digits; some labels are wrong."""
    labels = digits.require_labels()[:400].copy()
    for place, label in WRONG.items():
        labels[place] = label
    labels[240 + 5] = (labels[240 + 5] + 1) % 10
    path = tmp_path_factory.mktemp("suspects") / "my [digits].npz"
    np.savez(
        path,
        x_train=digits.images[:240],
        x_test=digits.images[240:400],
        y_train=labels[:240],
        y_test=labels[240:],
    )
    return path


@pytest.fixture
def oracle(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the true digits a high probability, without training; return the recipes used."""
    recipes: list[str] = []

    def fill_in(predictions: OutOfFold, quiet: bool) -> None:
        recipes.append(predictions.recipe.name)
        labels = predictions.dataset.require_labels()
        predictions.probabilities[...] = 0.002
        true = digits.require_labels()[: len(labels)]
        predictions.probabilities[np.arange(len(labels)), true] = 0.982

    monkeypatch.setattr(command, "_train", fill_in)
    return recipes


def test_suspects_are_listed_written_and_drawn(
    tenfold: Tenfold, mislabelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECIPES, "linear", replace(RECIPES["linear"], epochs=3))
    table, drawn = tmp_path / "suspects.csv", tmp_path / "suspects.png"
    options = ("--folds", 2, "--recipe", "linear", "--top", 20, "--json")
    command = ("data", "label-errors", mislabelled, *options)
    answer = tenfold(*command, "-o", table, "--figure", drawn)
    result = json.loads(answer.out)
    assert (result["images"], result["n"], result["folds"], len(result["suspects"])) == (
        400,
        400,
        2,
        20,
    )
    found = {(row["part"], row["index"]) for row in result["suspects"]}
    assert len({("train", 3), ("train", 60), ("test", 5)} & found) >= 2
    with table.open() as file:
        rows = list(csv.DictReader(file))
    for row, row_of_json in zip(rows, result["suspects"], strict=True):
        assert list(row) == list(row_of_json)
        assert (row["part"], int(row["index"])) == (row_of_json["part"], row_of_json["index"])
        assert float(row["p_given"]) == pytest.approx(row_of_json["p_given"], abs=1e-6)
        assert row["likely_error"] == str(row_of_json["likely_error"]).lower()
    assert drawn.read_bytes().startswith(b"\x89PNG")
    assert "networks agree with only" in answer.err  # 200 images are too few
    again = tenfold(*command)
    assert again.out == answer.out


def test_likely_errors_come_first(tenfold: Tenfold, mislabelled: Path, oracle: list[str]) -> None:
    answer = tenfold("data", "label-errors", mislabelled, "--top", 4)
    first, second, head, *rows = answer.out.splitlines()
    assert first == "3 of 400 labels are likely wrong."
    assert "labels may be correct" in second
    assert head.split()[:2] == ["image", "label"]
    assert [row.split()[:3] for row in rows[:3]] == [
        ["train", "3", "7"],
        ["train", "60", "1"],
        ["test", "5", rows[2].split()[2]],
    ]
    assert [row.endswith("yes") for row in rows] == [True, True, True, False]
    assert "98.2%" in rows[0]
    assert (answer.code, answer.err, oracle) == (0, "", ["quick"])


@pytest.mark.parametrize(("part", "images", "likely"), [("train", 240, 2), ("test", 160, 1)])
def test_part_option_checks_one_part(
    tenfold: Tenfold, mislabelled: Path, oracle: list[str], part: str, images: int, likely: int
) -> None:
    result = json.loads(
        tenfold("data", "label-errors", mislabelled, "--split", part, "--json", "--top", 1000).out
    )
    assert (result["images"], result["n"], result["likely_errors"]) == (images, 400, likely)
    places = [row["index"] for row in result["suspects"]]
    assert sorted(places) == list(range(images))
    assert set(places[:likely]) == (set(WRONG) if part == "train" else {5})
    assert {row["part"] for row in result["suspects"]} == {part}


def test_invalid_arguments_raise(
    tenfold: Tenfold, digits: Dataset, digits_file: Path, tmp_path: Path
) -> None:
    np.savez(tmp_path / "few.npz", images=digits.images[:20], labels=digits.require_labels()[:20])
    np.savez(tmp_path / "bare.npz", images=digits.images[:20])
    for arguments, code, message in (
        ((tmp_path / "few.npz",), 1, "5 folds need 5 images of each digit, got"),
        (
            (tmp_path / "few.npz", "--folds", 30),
            1,
            "must be from 2 to 20, the number of images, got 30",
        ),
        ((tmp_path / "bare.npz",), 1, "has no labels"),
        ((tmp_path / "nothing",), 1, "there is nothing at"),
        ((digits_file, "--recipe", "slow"), 2, "unknown recipe 'slow'; choose from quick"),
        ((digits_file, "--split", "test"), 2, "has no labelled test split"),
        ((digits_file, "--folds", 1), 2, "--folds must be a whole number from 2 to 100, got 1"),
        ((digits_file, "--split", "none"), 2, "--split must be train, test or all, got none"),
    ):
        answer = tenfold("data", "label-errors", *arguments)
        assert answer.code == code
        assert message in answer.err
        assert answer.out == ""
