import json
from pathlib import Path

import numpy as np
import pytest

from tenfold.cli.commands import baselines as command
from tenfold.data import Dataset
from tenfold.evaluation import BASELINES, MeanDigit, measure_baseline
from tenfold.models import bundled_models
from tenfold.recipes import Source

from .conftest import Tenfold


def test_baselines_are_measured_on_own_images(
    tenfold: Tenfold, digits_file: Path, tmp_path: Path
) -> None:
    answer = tenfold("baselines", "--data", digits_file, "--json", "--figure", tmp_path / "b.png")
    result = json.loads(answer.out)
    split = Source(validation=0).load(digits_file)
    assert split.test is not None
    expected = measure_baseline(MeanDigit(), split.train, split.test).to_dict()
    found = result["baselines"]
    assert list(found) == list(BASELINES)
    assert expected | {"seconds": 0} == found["mean digit"] | {"seconds": 0}
    assert (found["majority class"]["train"], found["majority class"]["n"]) == (540, 60)
    assert result["networks"] == {}  # they were measured on MNIST
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


def test_table_includes_the_bundled_networks(
    tenfold: Tenfold, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = digits.subset(slice(100))
    monkeypatch.setattr(command, "_load", lambda data, count: (few, few))
    answer = tenfold("baselines")
    head, *rows = answer.out.splitlines()
    assert " ".join(head.split()) == "accuracy 95% interval errors trained on seconds"
    assert [row.split("  ")[0] for row in rows[:5]] == list(BASELINES)
    assert "100.00%" in rows[3]  # each image is its own neighbour
    assert "0 of 100" in rows[3]
    metrics = bundled_models()["standard"].metrics
    (last,) = (row for row in rows if row.startswith("standard (network)"))
    assert f"{metrics['test']['accuracy']:.2%}" in last
    assert answer.err == ""


def test_fewer_training_images_include_every_digit(digits_file: Path) -> None:
    train, test = command._load(digits_file, 40)
    assert (len(train), len(test)) == (40, 60)
    assert set(train.require_labels().tolist()) == set(range(10))
    assert len(command._load(digits_file, 5000)[0]) == 540


def test_too_few_images_raise(
    tenfold: Tenfold, digits: Dataset, digits_file: Path, tmp_path: Path
) -> None:
    np.savez(tmp_path / "few.npz", images=digits.images[:2], labels=digits.require_labels()[:2])
    for arguments, code, message in (
        (("--data", tmp_path / "few.npz"), 1, "must contain at least 3 training images, got 1"),
        (("--data", tmp_path / "nothing"), 1, "there is nothing at"),
        (("--data", digits_file, "--train", 2), 1, "at least 3 training images, got 2"),
        (("--train", 0), 2, "--train must be a whole number of at least 1, got 0"),
    ):
        answer = tenfold("baselines", *arguments)
        assert answer.code == code
        assert message in answer.err
        assert "Traceback" not in answer.err
