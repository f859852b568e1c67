"""State dicts have PyTorch's axes, and come back."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from safetensors.numpy import load_file, save_file

from tenfold.adapters import export_torch, load_torch, state_dict
from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import (
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Deskew,
    Flatten,
    Layer,
    Network,
    Normalize,
    ReLU,
    Residual,
)
from tenfold.nn.array import Array
from tests.adapters.random_models import models, with_random_state


def made(*layers: Layer, shape: tuple[int, ...] = (8, 8, 1), **settings: Any) -> Model:
    return Model(with_random_state(Network(layers, 1, input_shape=shape), 1), **settings)


def small() -> Model:
    """Return a model with every layer that has arrays."""
    block = [Conv2D(3, 3, padding="same"), BatchNorm(3, with_scale=False)]
    return made(
        *(Normalize(), ConvMaxPool(1, 3, with_bias=False), BatchNorm(3), ReLU(), Residual(block)),
        *(Flatten(), ReLU(), BatchNorm(27, with_shift=False), Dense(27, 4)),
        temperature=0.7,
        unsure_below=0.5,
        unsure_error=0.01,
        test_time_shift=1,
    )


# Axes, worked out by hand


def test_weights_have_the_axes_of_pytorch() -> None:
    model = made(Conv2D(2, 5, 3, padding="same"), Flatten(), Dense(40, 7), shape=(2, 4, 2))
    arrays = state_dict(model)
    shapes = {name: array.shape for name, array in arrays.items()}
    assert shapes == {
        "layers.0.weight": (5, 2, 3, 3),
        "layers.0.bias": (5,),
        "layers.2.weight": (7, 40),
        "layers.2.bias": (7,),
    }
    convolution = model.network.layers[0]
    assert isinstance(convolution, Conv2D)
    assert arrays["layers.0.weight"][4, 1, 0, 2] == convolution.weight.value[0, 2, 1, 4]


def test_features_of_a_flattened_image_have_the_order_of_pytorch() -> None:
    model = made(Flatten(), BatchNorm(8), ReLU(), Dense(8, 1), shape=(2, 2, 2))
    norm, dense = model.network.layers[1], model.network.layers[3]
    assert isinstance(norm, BatchNorm)
    assert isinstance(dense, Dense)
    norm.shift.value[...] = dense.weight.value[:, 0] = np.arange(8)
    arrays = state_dict(model)
    # (row, column, channel) has the position 4 row + 2 column + channel; PyTorch counts by channel.
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    assert arrays["layers.1.bias"].tolist() == arrays["layers.3.weight"][0].tolist() == order


def test_the_module_has_a_line_for_each_module_with_arrays(tmp_path: Path) -> None:
    path = export_torch(small(), tmp_path / "small.safetensors")
    tree = ast.parse(path.read_text("utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert names == {"Normalize", "Residual", "Digits"}
    (made_layers,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "nn.Sequential"
        and node.args[1:]
    )
    kinds = [ast.unparse(call.func) for call in made_layers.args if isinstance(call, ast.Call)]
    with_arrays = {
        str(i) for i, kind in enumerate(kinds) if kind[3:].startswith(("Conv", "Bat", "Lin"))
    }
    named = {name.split(".")[1] for name in load_file(tmp_path / "small.safetensors")}
    assert named == with_arrays | {str(kinds.index("Residual"))}


# The way back


def equal(first: Model, second: Model) -> bool:
    others = second.network.tensors()
    return all(np.array_equal(a, others[name]) for name, a in first.network.tensors().items())


@settings(max_examples=20)
@given(models(deskew=False))
def test_an_exported_model_comes_back(scratch: Path, model: Model) -> None:
    export_torch(model, scratch / "model.safetensors")
    back = load_torch(scratch / "model.safetensors")
    assert equal(model, back)
    assert back.to_header() == model.to_header()


def test_a_state_dict_with_other_names_and_weights_is_read(tmp_path: Path) -> None:
    model, path = small(), tmp_path / "trained.safetensors"
    names = [
        "layers.1",
        "layers.3",
        "layers.5.layers.0",
        "layers.5.layers.1",
        "layers.8",
        "layers.9",
    ]
    own = ["conv1", "norm1", "block.conv", "block.norm", "norm2", "fc"]
    arrays = {}
    for name, array in state_dict(model).items():
        module, _, key = name.rpartition(".")
        arrays[f"{own[names.index(module)]}.{key}"] = np.ascontiguousarray(array)
    save_file(arrays, path)
    back = load_torch(path, model, own)
    assert equal(back, model)
    assert (back.temperature, back.unsure_below) == (0.7, 0.5)
    save_file(arrays | {"fc.bias": arrays["fc.bias"] + 1}, path)
    trained = load_torch(path, model, own)
    assert not equal(trained, model)
    assert (trained.temperature, trained.unsure_below) == (1.0, None)
    assert equal(model, small())


def changed(name: str, change: Callable[[Array], Array]) -> dict[str, Array]:
    arrays = {key: np.ascontiguousarray(a) for key, a in state_dict(small()).items()}
    return arrays | {name: change(arrays[name])}


@pytest.mark.parametrize(
    ("arrays", "arguments", "message"),
    [
        (changed("layers.1.weight", lambda a: a), {}, r"give a model with the same layers"),
        (
            changed("layers.1.weight", lambda a: a[:, :, :2]),
            {"like": small()},
            r"must have layers\.1\.weight of shape \(3, 1, 3, 3\), got the shape \(3, 1, 2, 3\)",
        ),
        (
            changed("layers.5.layers.1.weight", lambda a: a + 1),
            {"like": small()},
            r"layers\.5\.layers\.1\.weight must be 1 everywhere, since the layer has with_scale=F",
        ),
        (
            changed("layers.1.weight", lambda a: a),
            {"like": small(), "modules": ["conv1"]},
            "modules must be 6 names, one for each layer with weights, got 1",
        ),
        (
            changed("layers.1.weight", lambda a: a),
            {"like": small(), "modules": list("abcdef")},
            r"must have a\.weight of shape \(3, 1, 3, 3\), got nothing; its entries are: layers\.1",
        ),
    ],
)
def test_state_dicts_that_do_not_fit_are_refused(
    tmp_path: Path, arrays: dict[str, Array], arguments: dict[str, Any], message: str
) -> None:
    save_file({name: np.ascontiguousarray(a) for name, a in arrays.items()}, tmp_path / "wrong")
    with pytest.raises(TenfoldError, match=message):
        load_torch(tmp_path / "wrong", **arguments)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "wrong").write_bytes(b"not a state dict")
    for name in ("wrong", "missing"):
        with pytest.raises(
            TenfoldError, match=f"cannot read .*{name}.* must be a safetensors file"
        ):
            load_torch(tmp_path / name)


def test_a_layer_without_a_module_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="the layer Deskew cannot be exported to PyTorch"):
        export_torch(made(Deskew(), Flatten(), Dense(64, 2)), tmp_path / "a.safetensors")
    assert not list(tmp_path.iterdir())
