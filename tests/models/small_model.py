"""A small model for the tests, and model files with a header that was changed."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from safetensors.numpy import save

from tenfold.models import Model
from tenfold.models.tensor_file import read_tensors
from tenfold.nn import BatchNorm, Dense, Dropout, Flatten, LeakyReLU, Network, Normalize
from tenfold.nn.array import Array

IMAGES = np.arange(3 * 784, dtype=np.uint8).reshape(3, 28, 28, 1)


def small_network(classes: int = 10) -> Network:
    layers = [
        *(Normalize(mean=10.0, deviation=99.0), Flatten(), Dense(784, 6), BatchNorm(6)),
        *(LeakyReLU(0.2), Dropout(0.25), Dense(6, classes)),
    ]
    network = Network(layers, seed=5)
    network.layers[3].state["running_mean"] += 0.25
    return network


def model_without_defaults() -> Model:
    """Return a model in which every field differs from its default."""
    return Model(
        small_network(),
        test_time_shift=2,
        temperature=0.47,
        unsure_below=0.949,
        unsure_error=0.001,
        classes=tuple("abcdefghij"),
        provenance={"recipe": "test", "seed": 3},
    )


@cache
def file_parts() -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays and the header in the file of a model of ``small_network``."""
    with TemporaryDirectory() as folder:
        Model(small_network()).save(Path(folder, "model"))
        return read_tensors(Path(folder, "model"), "model")


def write_file(
    folder: Path, changes: dict[str, Any] | None = None, remove: tuple[str, ...] = ()
) -> Path:
    """Write the file of a model of ``small_network``, with a changed header."""
    tensors, header = file_parts()
    header = {k: v for k, v in (header | (changes or {})).items() if k not in remove}
    path = folder / "model"
    path.write_bytes(save(tensors, {"tenfold": json.dumps(header)}))
    return path
