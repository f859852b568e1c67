"""PyTorch's state dicts: write one with the source of its module, and read one."""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.adapters.interface import check_output_is_vector
from tenfold.adapters.torch.parts import Part, parts_of
from tenfold.adapters.torch.source import module_source
from tenfold.errors import TenfoldError, reason
from tenfold.files import write_bytes, write_text
from tenfold.models import Model
from tenfold.models.network_header import untrained_network
from tenfold.models.tensor_file import HEADER_ERRORS
from tenfold.nn.arguments import PathLike, checked
from tenfold.nn.array import Array

__all__ = ["export_torch", "load_torch", "state_dict"]

_KEY = "tenfold"


@checked
def export_torch(model: Model, path: PathLike) -> Path:
    """Write a PyTorch state dict, and beside it a Python module that loads it.

    The module has a class ``Digits`` with the layers of the model. Its method ``forward`` returns
    logits. Its method ``probabilities`` returns the probabilities of ``Model.predict``, with
    test-time augmentation and temperature. PyTorch need not be installed to write the files.

    Args:
        model: The model.
        path: Path of the state dict, a safetensors file; the module is ``path`` with the ending
            ``.py``.

    Returns:
        The path of the module.

    Raises:
        TenfoldError: If the network gives more than one vector of probabilities for an image, a
            layer has no module in PyTorch, or a file cannot be written.
    """
    from safetensors.numpy import save

    check_output_is_vector(model)
    path = Path(path)
    parts = parts_of(model.network.layers, model.network.input_shape)
    arrays = {name: np.ascontiguousarray(a) for name, a in sorted(state_dict(model).items())}
    source = module_source(model, parts, path.name)
    write_bytes(path, save(arrays, {_KEY: json.dumps(model.to_header(), sort_keys=True)}))
    module = path.with_suffix(".py")
    write_text(module, source)
    return module


@checked
def state_dict(model: Model) -> dict[str, Array]:
    """Return the state dict of the module that ``export_torch`` writes.

    Args:
        model: The model.

    Raises:
        TenfoldError: If a layer has no module in PyTorch.
    """
    parts = parts_of(model.network.layers, model.network.input_shape)
    return {
        f"{name}.{key}": array
        for name, part in _named(parts, "layers")
        for key, array in part.arrays().items()
    }


@checked
def load_torch(
    path: PathLike, like: Model | None = None, modules: Sequence[str] | None = None
) -> Model:
    """Return a model with the weights of a PyTorch state dict.

    Args:
        path: A safetensors file, as ``safetensors.torch.save_file(module.state_dict(), path)``
            writes it.
        like: A model with the layers that the state dict belongs to; it is not changed. Default:
            the model that ``export_torch`` described in the file.
        modules: Names of the PyTorch modules with arrays (``Linear``, ``Conv2d``, ``BatchNorm``),
            in the order of the layers, such as ``["conv1", "norm1", "fc"]``. Default: the names
            that ``export_torch`` gives.

    Returns:
        A copy of ``like`` with the weights of the file. If these differ from the weights of
        ``like``, the temperature and the threshold of ``like`` are not kept, because they were
        chosen for its weights.

    Raises:
        TenfoldError: If the file is damaged, or its entries do not fit the layers.
    """
    arrays, header = _read(Path(path))
    try:
        model = _described(arrays, header, Path(path)) if like is None else deepcopy(like)
        parts = parts_of(model.network.layers, model.network.input_shape)
        before = {name: array.copy() for name, array in model.network.tensors().items()}
        _assign(parts, arrays, modules)
    except HEADER_ERRORS as error:
        raise TenfoldError(
            f"{path} does not contain a valid state dict: {reason(error)}"
        ) from error
    same = all(np.array_equal(before[name], a) for name, a in model.network.tensors().items())
    if like is not None and not same:
        model.temperature, model.unsure_below, model.unsure_error = 1.0, None, None
        model.provenance = {}
    return model


def _named(parts: Sequence[Part], prefix: str) -> Iterator[tuple[str, Part]]:
    """Yield (name in the state dict, module) for each module that has arrays."""
    for index, part in enumerate(parts):
        if part.block:
            yield from _named(part.block, f"{prefix}.{index}.layers")
        elif part.layer is not None:
            yield f"{prefix}.{index}", part


def _read(path: Path) -> tuple[dict[str, Array], dict[str, Any] | None]:
    """Return the arrays of a file, and the header of a model if ``export_torch`` wrote one."""
    from safetensors import SafetensorError, safe_open
    from safetensors.numpy import load

    try:
        arrays = load(path.read_bytes())
        with safe_open(path, "numpy") as file:
            text = (file.metadata() or {}).get(_KEY)
        header = None if text is None else json.loads(text)
    except (OSError, SafetensorError, *HEADER_ERRORS) as error:
        raise TenfoldError(
            f"cannot read {path}: {reason(error)}. It must be a safetensors file with a PyTorch "
            "state dict"
        ) from error
    return arrays, header


def _described(arrays: dict[str, Array], header: dict[str, Any] | None, path: Path) -> Model:
    """Return the model that a header describes; its weights are assigned later."""
    if header is None:
        raise TenfoldError(
            f"{path} does not say which layers it belongs to: give a model with the same layers "
            "(like=...)"
        )
    network = untrained_network(header, sum(array.size for array in arrays.values()))
    return Model.with_network(header, network)


def _assign(parts: Sequence[Part], arrays: dict[str, Array], modules: Sequence[str] | None) -> None:
    """Copy a state dict into layers, after all names and shapes were checked.

    Raises:
        TenfoldError: If the names or shapes do not fit.
    """
    named = dict(_named(parts, "layers"))
    names = list(named) if modules is None else list(modules)
    if len(names) != len(named):
        raise TenfoldError(
            f"modules must be {len(named)} names, one for each layer with weights, got {len(names)}"
        )
    found: list[tuple[Part, dict[str, Array]]] = []
    for name, part in zip(names, named.values(), strict=True):
        entries = {}
        for key, expected in part.arrays().items():
            if key == "num_batches_tracked":
                continue
            array = arrays.get(f"{name}.{key}")
            if array is None or array.shape != expected.shape:
                got = "nothing" if array is None else f"the shape {array.shape}"
                raise TenfoldError(
                    f"the state dict must have {name}.{key} of shape {expected.shape}, got {got}; "
                    f"its entries are: {', '.join(sorted(arrays))[:300]}"
                )
            entries[key] = array
        _check_fixed(name, part, entries)
        found.append((part, entries))
    for part, entries in found:
        part.assign(entries)


def _check_fixed(name: str, part: Part, entries: dict[str, Array]) -> None:
    """Raise a TenfoldError if the state dict has a scale or shift that the layer cannot have."""
    from tenfold.nn import BatchNorm

    layer = part.layer
    if not isinstance(layer, BatchNorm):
        return
    fixed = {"weight": (layer.with_scale, 1, "scale"), "bias": (layer.with_shift, 0, "shift")}
    for key, (learned, value, argument) in fixed.items():
        if not learned and np.any(entries[key] != value):
            raise TenfoldError(
                f"{name}.{key} must be {value} everywhere, since the layer has with_{argument}="
                f"False: give a model with with_{argument}=True"
            )
