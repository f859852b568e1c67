"""The network in the header of a model file: convert layers to plain data and back.

A header may come from an unknown source, so everything in it is checked before it is used.
"""

import operator
from typing import Any

import numpy as np

from tenfold.nn import Layer, Network, build, describe, initializers, layers
from tenfold.nn.array import Array
from tenfold.nn.description import registered

__all__ = ["build_network", "describe_network", "untrained_network"]

_OLD_NAMES = {"Deslant": "Deskew"}


def describe_network(network: Network) -> dict[str, Any]:
    """Return what ``build_network`` needs besides the arrays, as plain data.

    Raises:
        ValueError, TypeError: If a layer or an initializer is neither one of ``tenfold.nn`` nor
            registered, or has a setting that is not plain data.
    """
    from tenfold.nn.registry import check_known  # only to save a model

    known = _known_types()
    for position, layer in enumerate(network.layers):
        check_known(layer, known, f"layer {position}")
    return {
        "layers": describe(network.layers),
        "input_shape": [operator.index(size) for size in network.input_shape],
        "dtype": network.dtype.name,
        "seed": operator.index(network.seed),
    }


def build_network(header: dict[str, Any], tensors: dict[str, Array]) -> Network:
    """Return the network that ``describe_network`` described, with its arrays.

    Raises:
        ValueError, TypeError, LookupError, ...: If the header is damaged (``HEADER_ERRORS``).
    """
    _check_arrays(tensors, header["dtype"])
    network = untrained_network(header, sum(array.size for array in tensors.values()))
    network.load_tensors(tensors)
    return network


def untrained_network(header: dict[str, Any], max_entries: int) -> Network:
    """Return the network that ``describe_network`` described, with its initial weights.

    Args:
        header: The description.
        max_entries: Largest total number of entries of the arrays. If the layers need more, the
            header is rejected before memory is allocated.

    Raises:
        ValueError, TypeError, LookupError, ...: If the header is damaged (``HEADER_ERRORS``).
    """
    seed, dtype, shape = header["seed"], header["dtype"], header["input_shape"]
    if not _is_whole(seed):
        raise ValueError(f"seed must be a whole number, got {seed!r}")
    if not isinstance(shape, list) or not all(_is_whole(n) and n >= 1 for n in shape):
        raise ValueError(f"input_shape must be a list of whole numbers above 0, got {shape!r}")
    network_layers = build(_renamed(header["layers"]), _known_types(), Layer)
    if not isinstance(network_layers, tuple) or not network_layers:
        raise ValueError("layers must be a list of at least one layer")
    _check_sizes(network_layers, max_entries)
    return Network(network_layers, seed, np.dtype(dtype), tuple(shape))


def _known_types() -> dict[str, type]:
    own = {
        name: getattr(module, name) for module in (layers, initializers) for name in module.__all__
    }
    return registered | own


def _renamed(described: Any) -> Any:
    """Return a description in which layers that were renamed have their current names."""
    if isinstance(described, list):
        return [_renamed(part) for part in described]
    if not isinstance(described, dict):
        return described
    renamed = {key: _renamed(value) for key, value in described.items()}
    name = renamed.get("type")
    if isinstance(name, str) and name in _OLD_NAMES:
        renamed["type"] = _OLD_NAMES[name]
    return renamed


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _check_arrays(tensors: dict[str, Array], dtype: object) -> None:
    if dtype not in ("float32", "float64"):
        raise ValueError(f"dtype must be float32 or float64, got {dtype!r}")
    for name, array in tensors.items():
        if array.dtype != dtype:
            raise ValueError(f"{name} must have the network's dtype {dtype}, got {array.dtype}")
        if not np.isfinite(array).all():
            raise ValueError(f"the values of {name} must be finite")


def _check_sizes(network_layers: tuple[Layer, ...], max_entries: int) -> None:
    """Raise ValueError if the arrays of the layers need more than ``max_entries`` entries."""
    parameters = sum(p.size for layer in network_layers for p in layer.parameters)
    state = sum(a.size for layer in network_layers for a in layer.state.values())
    if parameters + state > max_entries:
        raise ValueError(
            f"the layers need {parameters + state} numbers, the file contains {max_entries}"
        )
