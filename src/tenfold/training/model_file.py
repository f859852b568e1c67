"""Model files: a trained network, how images must be prepared for it, and where it comes from.

One ``.safetensors`` file. Its header holds the format version, the layers, the preprocessing
contract, the calibration and the provenance (recipe, seed, data hash, versions).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Layer, Network, build, describe, initializers, layers
from tenfold.nn.array import Array
from tenfold.training.tensor_file import read_tensors, write_tensors

__all__ = ["MODEL_FORMAT", "PREPROCESSING", "Model", "load_model", "save_model"]

MODEL_FORMAT = 1

PREPROCESSING = {
    "ink": "bright on a dark background, 0 to 255",
    "size": [28, 28, 1],
    "box": "the digit's longer side fills 20 pixels, aspect ratio kept, area resampling",
    "centre": "centre of mass in the middle of the 28x28 image, whole-pixel shift",
}
"""What MNIST's makers did to each image, and what must be done to any image the network reads."""


@dataclass
class Model:
    """A network that was read from a file, with what the file says about it.

    Attributes:
        network: ready to predict.
        preprocessing: how an image must be prepared (``PREPROCESSING``).
        calibration: ``{"temperature": T}``: divide logits by T before softmax.
        provenance: recipe, seed, data and versions.
    """

    network: Network
    preprocessing: dict[str, Any]
    calibration: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict)


def save_model(path: str | Path, network: Network, provenance: dict[str, Any]) -> None:
    """Write a network to a ``.safetensors`` file, atomically; equal networks give equal bytes."""
    header = {
        "kind": "model",
        "format": MODEL_FORMAT,
        "layers": describe(network.layers),
        "input_shape": list(network.input_shape),
        "dtype": network.dtype.name,
        "seed": network.seed,
        "preprocessing": PREPROCESSING,
        "calibration": {"temperature": 1.0},
        "provenance": provenance,
    }
    write_tensors(path, network.tensors(), header)


def load_model(path: str | Path) -> Model:
    """Read a network from a file that ``save_model`` wrote.

    Raises:
        TenfoldError: if the file is missing, damaged, or from another version.
    """
    tensors, header = read_tensors(path, "model")
    if header.get("format") != MODEL_FORMAT:
        raise TenfoldError(
            f"{path} has model format {header.get('format')}, this version of tenfold reads "
            f"{MODEL_FORMAT}: read it with the version that wrote it, or train the model again"
        )
    try:
        network = _rebuild(tensors, header)
    except (KeyError, ValueError, TypeError, AttributeError, MemoryError) as error:
        raise TenfoldError(
            f"{path} does not hold a network that this version knows ({error}): it is damaged or "
            "was made by another version. Train the model again, or restore it from a copy."
        ) from error
    return Model(
        network,
        header.get("preprocessing", PREPROCESSING),
        header.get("calibration", {"temperature": 1.0}),
        header.get("provenance", {}),
    )


def _rebuild(tensors: dict[str, Array], header: dict[str, Any]) -> Network:
    catalogue = {
        name: getattr(module, name) for module in (layers, initializers) for name in module.__all__
    }
    described = build(header["layers"], catalogue)
    _check_tensors(tensors, described)
    network = Network(
        described,
        seed=int(header["seed"]),
        dtype=np.dtype(header["dtype"]),
        input_shape=tuple(header["input_shape"]),
    )
    network.load_tensors(tensors)
    return network


def _check_tensors(tensors: dict[str, Array], described: tuple[Layer, ...]) -> None:
    """Before memory is taken: do the arrays that are there fit the layers that are described?"""
    needed = sum(p.size for layer in described for p in layer.parameters)
    state = sum(a.size for layer in described for a in layer.state.values())
    found = sum(array.size for array in tensors.values())
    if needed + state != found:
        raise ValueError(f"its layers need {needed + state} numbers, it holds {found}")
    for name, array in tensors.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds NaN or infinite numbers")
