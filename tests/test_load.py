"""``tenfold.load``, the shortest way to a trained model."""

import shutil
from pathlib import Path

import pytest

import tenfold
from tenfold.data import load_mnist
from tenfold.errors import TenfoldError
from tenfold.models import bundled_models


def test_load_finds_a_bundled_model_a_run_and_a_file(tmp_path: Path) -> None:
    digits = load_mnist("test").subset(slice(3))
    bundled = bundled_models()["standard"].path
    path = Path(shutil.copy(bundled, tmp_path / "model.safetensors"))
    for model in ("standard", path, str(path), tmp_path):
        predictions = tenfold.load(model).predict(digits.images)
        assert predictions.digit.tolist() == digits.require_labels().tolist() == [7, 2, 1]
    default = tenfold.load()
    assert default.provenance == tenfold.load("standard").provenance


def test_unknown_model_raises() -> None:
    with pytest.raises(TenfoldError, match="no-such-model"):
        tenfold.load("no-such-model")
