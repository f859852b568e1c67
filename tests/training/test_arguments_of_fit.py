"""Wrong arguments of ``fit`` raise when it is called, with the step that helps."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import SGD, Adam, Dense, Flatten, Network, Normalize, stream
from tenfold.training import fit

IMAGES, LABELS = np.zeros((5, 28, 28, 1), np.uint8), np.arange(5)


@pytest.mark.parametrize(
    ("train", "message"),
    [
        (IMAGES, r"got ndarray: give the labels, too: fit\(network, \(images, labels\), \.\.\.\)"),
        ("train.csv", r"got 'train\.csv': read it first, with tenfold\.data\.load_dataset\(path\)"),
        (Path("a"), r"read it first, with tenfold\.data\.load_dataset\(path\)"),
        (None, "train must be a Dataset, Examples or other labelled data, got None"),
        (5, "train must be .*, got int$"),
        ({"images": IMAGES}, "train must be .*, got dict$"),
        (Dataset, "got the class Dataset"),
        ((IMAGES, LABELS, LABELS), r"got tuple: give images and labels: fit\("),
        (list(IMAGES), r"got list: give images and labels: fit\("),
        (((IMAGES, LABELS), (IMAGES, LABELS)), "give one pair, such as the training images"),
        ((Dataset(IMAGES, LABELS), None), "got tuple: give one split, such as the first"),
        (Network([Flatten()]), "got Network: give the network first, then the data"),
        (Dataset(IMAGES), "this data has no labels"),
        ((IMAGES, None), r"labels must be whole numbers of shape \(5,\), got object"),
        ((IMAGES, np.eye(10)[LABELS]), r"Convert them with labels\.argmax\(axis=1\)"),
        (("a.png", "b.png"), "inputs must be numbers of shape"),
    ],
)
def test_other_things_than_labelled_data_raise_at_the_call(train: Any, message: str) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    options: dict[str, Any] = {"optimizer": SGD(), "schedule": 0.1}
    with pytest.raises(TenfoldError, match=message):
        fit(network, train, **options)
    if train is not None:
        with pytest.raises(TenfoldError, match=message.replace("train must", "validation must")):
            fit(network, (IMAGES, LABELS), validation=train, **options)


def test_a_list_of_two_arrays_is_a_pair_and_labels_may_be_a_tuple() -> None:
    images = stream(0, "images").integers(0, 256, IMAGES.shape).astype(np.uint8)
    for train in ([images, LABELS], (images.tolist(), tuple(LABELS.tolist()))):
        network = Network([Normalize(), Flatten(), Dense(784, 10)])
        assert len(list(fit(network, train, optimizer=SGD(), schedule=0.1))) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"optimizer": "adam"},
            r"optimizer must be an Optimizer, got 'adam': write an object, such",
        ),
        ({"optimizer": Adam}, r"got the class Adam: write Adam\(\.\.\.\)"),
        ({"schedule": None}, r"schedule must be a Schedule or a number, got None: write an object"),
        ({"schedule": -1}, "learning_rate must be a finite number above 0, got -1"),
        ({"schedule": math.nan}, "learning_rate must be a finite number above 0, got nan"),
        ({"loss": "mse"}, r"loss must be a Loss, got 'mse': write an object, such as Softmax"),
        ({"epochs": 1.5}, "epochs must be a whole number of at least 1, got 1.5"),
        ({"epochs": True}, "epochs must be a whole number of at least 1, got True"),
        ({"batch_size": "full"}, "batch_size must be None or a whole number"),
        ({"augment": "elastic"}, "augment must be None or an Augment, got 'elastic'"),
        ({"max_norm": math.inf}, "max_norm must be None or a finite number above 0, got inf"),
        ({"threads": [2]}, r"threads must be None or a whole number from 1 to \d+, got \[2\]"),
    ],
)
def test_other_options_raise_at_the_call(options: dict[str, Any], message: str) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    given: dict[str, Any] = {"optimizer": SGD(), "schedule": 0.1} | options
    with pytest.raises(TenfoldError, match=message):
        fit(network, (IMAGES, LABELS), **given)


@pytest.mark.parametrize(
    "network", ["standard", None, Network, [Flatten()], Dataset(IMAGES, LABELS)]
)
def test_other_things_than_a_network_raise_at_the_call(network: Any) -> None:
    with pytest.raises(TenfoldError, match="network must be a Network, got"):
        fit(network, (IMAGES, LABELS), optimizer=SGD(), schedule=0.1)
