import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset
from tenfold.inspection import DigitMaps, digit_maps
from tenfold.models import load_model
from tests.cli.conftest import Tenfold


def test_maps_are_drawn_and_listed_by_stage(
    tenfold: Tenfold, trained: Path, new_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "map.png"
    answer = tenfold("map", trained, "--data", new_file, "--images", 50, "-o", out)
    assert answer.code == 0, answer.err
    with Image.open(out) as picture:
        assert picture.format == "PNG"
    head, *rows = answer.out.splitlines()
    assert head.split()[:5] == ["method", "stage", "dimensions", "neighbour", "accuracy"]
    assert [row.split("  ")[0] for row in rows] == ["PCA"] * 3
    assert "2 Dense" in rows[1]
    assert f"Figure saved in {out}" in answer.err


def test_json_contains_every_point(
    tenfold: Tenfold, trained: Path, new_file: Path, new_digits: Dataset, tmp_path: Path
) -> None:
    call = ("map", trained, "--data", new_file, "--images", 40, "-o", tmp_path / "map.png")
    result = json.loads(tenfold(*call, "--json").out)
    chosen = result["images"]
    assert len(set(chosen)) == 40
    assert chosen == sorted(chosen)
    network = load_model(trained / "model.safetensors").network
    expected = digit_maps(network, new_digits.subset(np.array(chosen)))
    assert DigitMaps.from_dict(result).to_dict() == expected.to_dict()
    other = json.loads(tenfold(*call, "--json", "--seed", 1).out)
    assert other["images"] != chosen


def test_too_many_images_select_all(
    tenfold: Tenfold, trained: Path, new_file: Path, tmp_path: Path
) -> None:
    call = ("map", trained, "--data", new_file, "--images", 700, "-o", tmp_path / "map.png")
    assert json.loads(tenfold(*call, "--json").out)["images"] == list(range(600))


def test_method_both_draws_pca_and_tsne(
    tenfold: Tenfold, trained: Path, new_file: Path, tmp_path: Path
) -> None:
    call = ("map", trained, "--data", new_file, "--images", 20, "-o", tmp_path / "map.png")
    lines = tenfold(*call, "--method", "both").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["PCA"] * 3 + ["t-SNE"] * 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing"], 1, "missing"),
        (["standard", "--images", 2], 2, "--images"),
        (["standard", "-o", "map.jpg", "--images", 3], 1, "must end in .png"),
    ],
)
def test_invalid_arguments_raise(
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
