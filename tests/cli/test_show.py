import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tenfold.data import Dataset
from tenfold.models import Model, load_model
from tenfold.nn import Network
from tenfold.nn.array import Array
from tests.cli.conftest import Tenfold


def test_layers_are_printed_and_pictures_drawn_in_the_run_folder(
    tenfold: Tenfold, run_copy: Path
) -> None:
    answer = tenfold("show", run_copy)
    assert answer.code == 0, answer.err
    network = load_model(run_copy / "model.safetensors").network
    assert answer.out == network.summary() + "\n"
    pictures = run_copy / "pictures"
    assert {path.name for path in pictures.iterdir()} == {"weights.png", "schedule.png"}
    assert f"Figure saved in {pictures / 'weights.png'}" in answer.err


def test_json_contains_the_sizes_of_each_layer(
    tenfold: Tenfold, trained: Path, tmp_path: Path
) -> None:
    result = json.loads(tenfold("show", trained, "-o", tmp_path / "drawn", "--json").out)
    dense = {"name": "2 Dense", "output": [16], "parameters": 12_560, "multiply_adds": 12_544}
    assert dense in result["layers"]
    assert result["pictures"] == [
        str(tmp_path / "drawn" / name) for name in ("schedule.png", "weights.png")
    ]


def test_bundled_model_is_drawn_in_a_folder_of_its_name(
    tenfold: Tenfold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold("show", "standard", "--image", 18)
    assert answer.code == 0, answer.err
    assert {path.name for path in (tmp_path / "standard-pictures").iterdir()} == {
        *("weights.png", "feature-maps.png", "schedule.png")
    }


def test_image_option_accepts_a_file_or_an_index(
    tenfold: Tenfold, digits: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(digits.images[3, ..., 0]).save("digit.png")
    looked: list[Array] = []

    def look(network: Network, image: Array, *rest: object) -> dict[str, Figure]:
        looked.append(image)
        return {}

    monkeypatch.setattr("tenfold.plots.model_figures", look)
    assert tenfold("show", "standard", "--image", "digit.png").code == 0
    np.testing.assert_array_equal(looked[0], digits.images[3])
    answer = tenfold("show", "standard", "--image", "missing.png")
    assert answer.code == 1
    assert "missing.png" in answer.err
    answer = tenfold("show", "standard", "--image", 10_000)
    assert answer.code == 2
    assert "an index from 0 to 9999 or an image file, got 10000" in answer.err
    assert tenfold("show", "missing").code == 1


@pytest.mark.parametrize("provenance", [{}, {"recipe": {"type": "Cake"}}, {"recipe": 7}])
def test_model_of_unknown_origin_has_no_schedule(
    tenfold: Tenfold, trained: Path, tmp_path: Path, provenance: dict[str, object]
) -> None:
    network = load_model(trained / "model.safetensors").network
    Model(network, provenance=provenance).save(tmp_path / "own.safetensors")
    answer = tenfold("show", tmp_path / "own.safetensors", "-o", tmp_path / "drawn")
    assert answer.code == 0, answer.err
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["weights.png"]
