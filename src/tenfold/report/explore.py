"""Explorations: what a page shows beyond the files of its run, found out with model and data."""

from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import BASELINES, measure_baseline
from tenfold.inspection import (
    DigitMaps,
    StageMap,
    digit_maps,
    measure_robustness,
    neighbour_purity,
    optimizer_paths,
    stages,
    tsne,
)
from tenfold.models import load_model
from tenfold.nn import Network
from tenfold.recipes import MLP, Split
from tenfold.runs import Run

__all__ = [
    "LANDSCAPE",
    "explored_baselines",
    "explored_map",
    "explored_paths",
    "explored_robustness",
]

LANDSCAPE = "784-32-10"
"""The network whose loss the optimizers walk on: small, so that anybody's page has them soon."""

_WORK = 2e10  # multiply-adds that the answers on distorted images may take: a second or two
_SETS = 60  # of images, about
_FEWEST, _MOST = 100, 500
_POINTS = 140  # on a map
_LEARNED, _ASKED = 5_000, 1_000  # images, of the baselines
_DECIMALS = 3


def explored_robustness(run: Run, split: Split) -> dict[str, Any]:
    """Return ``Robustness`` as a dict, by one view of each image, for it takes long enough."""
    model = load_model(run.model)
    network, model.test_time_shift = model.network, 0
    affordable = int(_WORK / _SETS / max(network.multiply_adds, 1))
    images = min(_MOST, max(_FEWEST, affordable))
    return measure_robustness(model, _held_out(split), images, run.seed).to_dict()


def explored_map(run: Run, split: Split) -> dict[str, Any]:
    """Return ``DigitMaps`` as a dict: PCA of every stage, and t-SNE of the first and the last.

    Without scikit-learn there is no t-SNE.
    """
    network = load_model(run.model).network
    dataset = _spread(_held_out(split), _POINTS)
    found = digit_maps(network, dataset)
    maps = [*found.maps]
    try:
        for name, features in list(stages(network, dataset.images))[:: max(1, len(maps) - 1)]:
            positions = tsne(features, run.seed)
            purity = neighbour_purity(positions, found.labels)
            maps.append(StageMap(name, features.shape[1], "tsne", positions, purity))
    except TenfoldError:
        pass
    told = DigitMaps(found.labels, tuple(maps)).to_dict()
    for row in told["maps"]:
        row["positions"] = np.round(row["positions"], _DECIMALS).tolist()
    return told


def explored_paths(run: Run, split: Split) -> dict[str, Any]:
    """Return ``OptimizerPaths`` as plain data: six optimizers, one start, some of the images."""
    network = Network(MLP((32,)).layers(), seed=run.seed)
    return optimizer_paths(network, _spread(split.train, 512), steps=24, resolution=17).to_dict()


def explored_baselines(run: Run, split: Split) -> dict[str, Any]:
    """Return what each of the ``BASELINES`` reaches, learning from some of the run's images."""
    train, asked = _spread(split.train, _LEARNED), _spread(_held_out(split), _ASKED)
    found = {
        name: measure_baseline(make(), train, asked).to_dict() for name, make in BASELINES.items()
    }
    return {"baselines": found, "train": len(train), "asked": len(asked)}


def _held_out(split: Split) -> Dataset:
    """Return the test images, else those for validation, else those for training."""
    return split.test or split.validation or split.train


def _spread(dataset: Dataset, count: int) -> Dataset:
    """Return so many of the images, spread evenly: a folder may have them digit by digit."""
    places = np.linspace(0, len(dataset) - 1, min(count, len(dataset)))
    return dataset.subset(places.round().astype(int))
