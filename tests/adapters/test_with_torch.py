"""With PyTorch installed: its modules and our models give the same answers, both ways."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tenfold.adapters import export_torch, load_torch
from tenfold.models import Model, find_model
from tenfold.nn.array import Array
from tests.adapters.random_models import images_for, model_of_row, models, rows
from tests.nn.contract import Row

torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra bench)")


def assert_same_answers(folder: Path, model: Model, images: Array) -> None:
    """Compare the answers of an exported model, and of a model whose weights PyTorch changed."""
    from safetensors.torch import save_file as save_tensors

    path = folder / "digits.safetensors"
    network = loaded(export_torch(model, path)).Digits.load(path)
    found = network.probabilities(torch.from_numpy(images)).numpy()
    np.testing.assert_allclose(found, model.predict_probabilities(images), atol=1e-5)
    with torch.no_grad():
        for _, array in network.named_parameters():
            if array.ndim > 1:  # batch normalisation may have fixed ones
                array.mul_(1.25)
    save_tensors(network.state_dict(), path)
    logits = network(torch.from_numpy(images)).detach().numpy()
    scale = np.abs(logits).max()
    back = load_torch(path, model).network.forward(images)
    np.testing.assert_allclose(back, logits, atol=1e-5 * max(1, scale))


def loaded(path: Path) -> Any:
    """Return the module in a file; an import could take an older one from the cache."""
    module = ModuleType(path.stem)
    exec(compile(path.read_text("utf-8"), path, "exec"), vars(module))
    return module


@pytest.mark.parametrize("row", [row for row in rows if "Deskew" not in str(row)], ids=str)
def test_every_layer_gives_the_same_answers_in_pytorch(tmp_path: Path, row: Row) -> None:
    model = model_of_row(row)
    assert_same_answers(tmp_path, model, images_for(model, 4))


@settings(max_examples=20)
@given(models(deskew=False))
def test_random_networks_give_the_same_answers_in_pytorch(scratch: Path, model: Model) -> None:
    assert_same_answers(scratch, model, images_for(model, 3))


def test_the_bundled_model_gives_the_same_answers_in_pytorch(tmp_path: Path) -> None:
    model = find_model("standard")
    assert_same_answers(tmp_path, model, images_for(model, 5))
