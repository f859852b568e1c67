"""Studies: results that are not in the files of the run, computed from its model and data."""

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
    neighbour_accuracy,
    optimizer_paths,
    stages,
    tsne,
)
from tenfold.models import load_model
from tenfold.nn import Network
from tenfold.recipes import MLP, Split
from tenfold.runs import Run

__all__ = [
    "study_baselines",
    "study_map",
    "study_optimizer_paths",
    "study_robustness",
]

_WORK = 2e10  # multiply-adds for the predictions on distorted images: a second or two
_COPIES = 60  # approximate number of distorted copies of each image
_FEWEST, _MOST = 100, 500  # least and largest number of images that are distorted
_POINTS = 140  # number of images on a map
_TRAINED, _EVALUATED = 5_000, 1_000  # number of images for training and evaluating baselines
_DECIMALS = 3  # decimals of positions on a map
_HIDDEN, _PATH_IMAGES = 32, 512  # hidden units and images for the paths of optimizers


def study_robustness(run: Run, split: Split) -> dict[str, Any]:
    """Return ``Robustness`` as a dict, without test-time augmentation, which would take longer."""
    model = load_model(run.model)
    network, model.test_time_shift = model.network, 0
    affordable = int(_WORK / _COPIES / max(network.multiply_adds, 1))
    images = min(_MOST, max(_FEWEST, affordable))
    return measure_robustness(model, _held_out(split), images, run.seed).to_dict()


def study_map(run: Run, split: Split) -> dict[str, Any]:
    """Return ``DigitMaps`` as a dict: PCA of every stage, and t-SNE of the first and the last.

    t-SNE is left out if scikit-learn is not installed.
    """
    network = load_model(run.model).network
    dataset = _spread(_held_out(split).only_digits(), _POINTS)
    pca_maps = digit_maps(network, dataset)
    maps = [*pca_maps.maps]
    try:
        for name, features in list(stages(network, dataset.images))[:: max(1, len(maps) - 1)]:
            positions = tsne(features, run.seed)
            purity = neighbour_accuracy(positions, pca_maps.labels)
            maps.append(StageMap(name, features.shape[1], "tsne", positions, purity))
    except TenfoldError:
        pass
    content = DigitMaps(pca_maps.labels, tuple(maps)).to_dict()
    for row in content["maps"]:
        row["positions"] = np.round(row["positions"], _DECIMALS).tolist()
    return content


def study_optimizer_paths(run: Run, split: Split) -> dict[str, Any]:
    """Return ``OptimizerPaths`` as a dict: six optimizers from the same start."""
    network = Network(MLP((_HIDDEN,), classes=split.train.classes).layers(), seed=run.seed)
    images = _spread(split.train, _PATH_IMAGES)
    return optimizer_paths(network, images, steps=24, resolution=17).to_dict()


def study_baselines(run: Run, split: Split) -> dict[str, Any]:
    """Return the result of each of the ``BASELINES``, trained on some of the run's images."""
    held_out = _spread(_held_out(split).only_digits(), _EVALUATED)
    train = _spread(split.train.only_digits(), _TRAINED)
    results = {
        name: measure_baseline(make(), train, held_out).to_dict()
        for name, make in BASELINES.items()
    }
    return {"baselines": results, "train": len(train), "asked": len(held_out)}


def _held_out(split: Split) -> Dataset:
    """Return the test images; without them the validation images, or else the training images."""
    return split.test or split.validation or split.train


def _spread(dataset: Dataset, count: int) -> Dataset:
    """Return ``count`` images at evenly spaced positions, as the images may be sorted by digit."""
    positions = np.linspace(0, len(dataset) - 1, min(count, len(dataset)))
    return dataset.subset(positions.round().astype(int))
