import csv
import json
from pathlib import Path

import numpy as np
import pytest

from tenfold.cli.commands import suspects as command
from tenfold.data import Dataset
from tenfold.nn.array import Array

from .conftest import Tenfold

WRONG = {3: 7, 60: 1}  # in the training half: place and false label


@pytest.fixture(scope="module")
def mislabelled(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two halves of 240 and 160 digits; some labels are wrong."""
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
    """Answer at once, as networks would that know every digit; return the recipes asked for."""
    asked: list[str] = []

    def answers(data: Dataset, recipe: str, folds: int, seed: int, quiet: bool) -> Array:
        asked.append(recipe)
        probabilities = np.full((len(data), 10), 0.002)
        probabilities[np.arange(len(data)), digits.require_labels()[: len(data)]] = 0.982
        return probabilities

    monkeypatch.setattr(command, "_answers", answers)
    return asked


def test_what_networks_find_is_listed_written_and_drawn(
    tenfold: Tenfold, mislabelled: Path, tmp_path: Path
) -> None:
    table, drawn = tmp_path / "suspects.csv", tmp_path / "suspects.png"
    options = ("--folds", 2, "--recipe", "linear", "--top", 20, "--json")
    command = ("data", "suspects", mislabelled, *options, "-o", table, "--picture", drawn)
    answer = tenfold(*command)
    told = json.loads(answer.out)
    assert (told["images"], told["n"], told["folds"], len(told["suspects"])) == (400, 400, 2, 20)
    found = {(row["part"], row["index"]) for row in told["suspects"]}
    assert len({("train", 3), ("train", 60), ("test", 5)} & found) >= 2
    with table.open() as file:
        rows = list(csv.DictReader(file))
    for row, said in zip(rows, told["suspects"], strict=True):
        assert list(row) == list(said)
        assert (row["part"], int(row["index"])) == (said["part"], said["index"])
        assert float(row["p_given"]) == pytest.approx(said["p_given"], abs=1e-6)
        assert row["likely_error"] == str(said["likely_error"]).lower()
    assert drawn.read_bytes().startswith(b"\x89PNG")
    assert "networks agree with only" in answer.err  # 200 images teach a line little
    again = tenfold(*command)
    assert again.out == answer.out


def test_people_read_which_labels_are_likely_wrong(
    tenfold: Tenfold, mislabelled: Path, oracle: list[str]
) -> None:
    answer = tenfold("data", "suspects", mislabelled, "--top", 4)
    first, second, head, *rows = answer.out.splitlines()
    assert first == "3 of 400 labels are likely wrong."
    assert "may well be labelled right" in second
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
def test_one_half_is_judged_and_both_are_learned_from(
    tenfold: Tenfold, mislabelled: Path, oracle: list[str], part: str, images: int, likely: int
) -> None:
    told = json.loads(
        tenfold("data", "suspects", mislabelled, "--part", part, "--json", "--top", 1000).out
    )
    assert (told["images"], told["n"], told["likely_errors"]) == (images, 400, likely)
    places = [row["index"] for row in told["suspects"]]
    assert sorted(places) == list(range(images))
    assert set(places[:likely]) == (set(WRONG) if part == "train" else {5})
    assert {row["part"] for row in told["suspects"]} == {part}


def test_what_cannot_be_done_is_said(
    tenfold: Tenfold, digits: Dataset, digits_file: Path, tmp_path: Path
) -> None:
    np.savez(tmp_path / "few.npz", images=digits.images[:20], labels=digits.require_labels()[:20])
    np.savez(tmp_path / "bare.npz", images=digits.images[:20])
    for arguments, code, words in (
        ((tmp_path / "few.npz",), 1, "5 folds need 5 images of each digit, but of digit"),
        ((tmp_path / "few.npz", "--folds", 30), 1, "can be dealt into 2 to 20 folds, not 30"),
        ((tmp_path / "bare.npz",), 1, "has no labels"),
        ((tmp_path / "nothing",), 1, "there is nothing at"),
        ((digits_file, "--recipe", "slow"), 2, "there is no recipe 'slow'; there are: quick"),
        ((digits_file, "--part", "test"), 2, "has no labelled test half"),
        ((digits_file, "--folds", 1), 2, "Invalid value for '--folds'"),
        ((digits_file, "--part", "none"), 2, "Invalid value for '--part'"),
    ):
        answer = tenfold("data", "suspects", *arguments)
        assert answer.code == code
        assert words in answer.err
        assert answer.out == ""


def test_help_shows_examples(tenfold: Tenfold) -> None:
    lines = [line.strip() for line in tenfold("data", "suspects", "--help").out.splitlines()]
    assert "tenfold data suspects my-digits -o suspects.csv --picture suspects.png" in lines
