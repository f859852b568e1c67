"""The network in a model file's header: its layers described, and built again from that.

A header may have been written by anybody, so everything in it is checked before it is used.
"""

from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Layer, Network, build, describe, initializers, layers
from tenfold.nn.array import Array

__all__ = ["build_network", "describe_network"]

_OLD_NAMES = {"Deslant": "Deskew"}


def describe_network(network: Network) -> dict[str, Any]:
    """Return what ``build_network`` needs besides the arrays, as plain data.

    Raises:
        TenfoldError: if no network could be built from it: a layer is not one of
            ``tenfold.nn.layers``, or a weight is not finite.
    """
    try:
        described = describe(network.layers)
        again = build(described, _catalogue(), Layer)
        for index, (layer, twin) in enumerate(zip(network.layers, again, strict=True)):
            if type(layer) is not type(twin):
                raise ValueError(f"layer {index} is a {type(layer).__name__} of another module")
        _check_numbers(network.seed, network.dtype.name, network.tensors())
    except (TypeError, ValueError) as error:
        raise TenfoldError(
            f"this network cannot be saved, since it could not be loaded again: {error}. "
            "Use the layers of tenfold.nn.layers, and save before training diverges."
        ) from error
    return {
        "layers": described,
        "input_shape": list(network.input_shape),
        "dtype": network.dtype.name,
        "seed": network.seed,
    }


def build_network(header: dict[str, Any], tensors: dict[str, Array]) -> Network:
    """Return the network that ``describe_network`` described, with its arrays.

    Raises:
        ValueError, TypeError, LookupError, ...: whatever a damaged header leads to.
    """
    seed, dtype = header["seed"], header["dtype"]
    _check_numbers(seed, dtype, tensors)
    described = build(_renamed(header["layers"]), _catalogue(), Layer)
    _check_sizes(tensors, described)
    network = Network(described, seed, np.dtype(dtype), tuple(header["input_shape"]))
    network.load_tensors(tensors)
    return network


def _catalogue() -> dict[str, type]:
    rooms = (layers, initializers)
    return {name: getattr(room, name) for room in rooms for name in room.__all__}


def _renamed(described: Any) -> Any:
    """Return a description with today's names for layers that once had others."""
    if isinstance(described, list):
        return [_renamed(part) for part in described]
    if not isinstance(described, dict):
        return described
    renamed = {key: _renamed(value) for key, value in described.items()}
    name = renamed.get("type")
    return renamed | {"type": _OLD_NAMES[name]} if name in _OLD_NAMES else renamed


def _check_numbers(seed: object, dtype: object, tensors: dict[str, Array]) -> None:
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise ValueError(f"seed must be a whole number, got {seed!r}")
    if dtype not in ("float32", "float64"):
        raise ValueError(f"dtype must be float32 or float64, got {dtype!r}")
    for name, array in tensors.items():
        if array.dtype != dtype:
            raise ValueError(f"{name} must be {dtype} as its network is, got {array.dtype}")
        if not np.isfinite(array).all():
            raise ValueError(f"the values of {name} must be finite")


def _check_sizes(tensors: dict[str, Array], described: tuple[Layer, ...]) -> None:
    """Before memory is taken: do the arrays that are there fit the layers that are described?"""
    needed = sum(p.size for layer in described for p in layer.parameters)
    state = sum(a.size for layer in described for a in layer.state.values())
    found = sum(array.size for array in tensors.values())
    if needed + state != found:
        raise ValueError(f"the layers need {needed + state} numbers, the file holds {found}")
