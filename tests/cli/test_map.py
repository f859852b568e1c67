import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset
from tenfold.inspection import DigitMaps, digit_maps
from tenfold.models import load_model
from tests.cli.conftest import Tenfold


def test_the_digits_are_drawn_and_told_stage_by_stage(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "map.png"
    answer = tenfold("map", trained, "--data", digits_file, "--images", 50, "-o", out)
    assert answer.code == 0, answer.err
    with Image.open(out) as picture:
        assert picture.format == "PNG"
    head, *rows = answer.out.splitlines()
    assert head.split()[:4] == ["method", "stage", "numbers", "purity"]
    assert [row.split("  ")[0] for row in rows] == ["PCA"] * 3
    assert "2 Dense" in rows[1]
    assert f"drawn in {out}" in answer.err


def test_json_holds_every_point(
    tenfold: Tenfold, trained: Path, digits_file: Path, digits: Dataset, tmp_path: Path
) -> None:
    call = ("map", trained, "--data", digits_file, "--images", 40, "-o", tmp_path / "map.png")
    told = json.loads(tenfold(*call, "--json").out)
    chosen = told["images"]
    assert len(set(chosen)) == 40
    assert chosen == sorted(chosen)
    network = load_model(trained / "model.safetensors").network
    expected = digit_maps(network, digits.subset(np.array(chosen)))
    assert DigitMaps.from_dict(told).to_dict() == expected.to_dict()
    other = json.loads(tenfold(*call, "--json", "--seed", 1).out)
    assert other["images"] != chosen


def test_more_images_than_there_are_means_all(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    call = ("map", trained, "--data", digits_file, "--images", 700, "-o", tmp_path / "map.png")
    assert json.loads(tenfold(*call, "--json").out)["images"] == list(range(600))


def test_both_methods_are_drawn(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    call = ("map", trained, "--data", digits_file, "--images", 20, "-o", tmp_path / "map.png")
    lines = tenfold(*call, "--method", "both").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["PCA"] * 3 + ["t-SNE"] * 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing"], 1, "missing"),
        (["standard", "--images", 2], 2, "--images"),
        (["standard", "-o", "map.jpg", "--images", 3], 1, "a name that ends in .png"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[object],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold("map", *arguments)
    assert answer.code == code
    assert message in answer.err
    assert not list(tmp_path.iterdir())
