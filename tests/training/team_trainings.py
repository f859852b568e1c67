"""Small trainings with every option that could depend on the number of ranks."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tenfold.data import Dataset, load_mnist
from tenfold.images import Augment
from tenfold.nn import (
    Adam,
    BatchNorm,
    Dense,
    Dropout,
    ExponentialAverage,
    Flatten,
    Muon,
    Network,
    Normalize,
    OneCycle,
    ReLU,
)
from tenfold.training import Selective, Team, fit

# A batch of 96 leaves a last one of 2 images; 100 of 240 images leave one of 40.
_SHORT: dict[str, Any] = {"batch_size": 96, "batch_norm": False, "shards": 4}
OPTIONS: dict[str, dict[str, Any]] = {
    "everything": {
        "shards": 4,
        "augment": Augment(shift=1, rotation=5),
        "selective": Selective,
        "average": lambda: ExponentialAverage(0.9),
        "max_norm": 0.5,
        "l2": 0.001,
    },
    "three shards": {"shards": 3},
    "batches with fewer images than shards": {"images": 194, **_SHORT},
    "a batch of one image": {"images": 193, **_SHORT},
    "double precision": {"shards": 4, "dtype": np.float64},
    "muon": {"shards": 4, "optimizer": Muon},
}
"""Arguments of ``train`` by name."""


def train(
    team: Team,
    data: Dataset,
    *,
    images: int = 240,
    batch_norm: bool = True,
    dtype: type = np.float32,
    optimizer: Callable[[], Any] = Adam,
    **options: Any,
) -> bytes:
    """Return all weights, running statistics and records of a training, as bytes."""
    norm = [BatchNorm(8)] if batch_norm else []
    layers = [Normalize(), Flatten(), Dense(784, 8), *norm, ReLU(), Dropout(0.2), Dense(8, 10)]
    network = Network(layers, seed=3, dtype=dtype)
    made = {
        name: each() if callable(each) and name != "augment" else each
        for name, each in options.items()
    }
    arguments = {"batch_size": 100, "epochs": 2, "threads": 1} | made
    records = fit(
        network,
        data.subset(np.arange(images)),
        validation=data.subset(np.arange(300, 330)),
        optimizer=optimizer(),
        schedule=OneCycle(0.01),
        team=team,
        **arguments,
    )
    numbers = [str(record.to_dict()) for record in records if hasattr(record, "to_dict")]
    return b"".join(array.tobytes() for array in network.tensors().values()) + str(numbers).encode()


def first_digits() -> Dataset:
    """Return the first 600 of MNIST's training images."""
    return load_mnist("train").subset(np.arange(600))
