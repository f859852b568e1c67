"""Batch normalisation gets at least two values: other batches raise, a short last one is merged."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import InputWarning, TenfoldError
from tenfold.nn import (
    Adam,
    BatchNorm,
    Constant,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePool,
    Layer,
    Network,
    Normalize,
    ReLU,
    Residual,
)
from tenfold.recipes import RECIPES
from tenfold.training import Batches, Selective, StepRecord, batch_problem, check_batches, fit
from tenfold.training.batch_sizes import least_images, smallest_shard


def dense_norm() -> Network:
    return Network([Normalize(), Flatten(), Dense(784, 8), BatchNorm(8), ReLU(), Dense(8, 10)])


def conv_norm(*after: Layer) -> Network:
    layers = [Normalize(), Conv2D(1, 4, 5), BatchNorm(4), *(after or (Flatten(),))]
    return Network([*layers, Dense(4 if after else 2304, 10)])


def in_residual() -> Network:
    block = [Dense(8, 8), BatchNorm(8), ReLU()]
    return Network([Normalize(), Flatten(), Dense(784, 8), Residual(block), Dense(8, 10)])


def in_nested_residual() -> Network:
    inner = Residual([Conv2D(4, 4, 3, 1, "same"), BatchNorm(4)])
    return Network([Normalize(), Conv2D(1, 4, 5), Residual([inner]), Flatten(), Dense(2304, 10)])


@pytest.mark.parametrize(
    ("network", "least"),
    [
        (dense_norm(), 2),
        (in_residual(), 2),
        (conv_norm(GlobalAveragePool(), BatchNorm(4)), 2),
        (conv_norm(), 1),  # 24 * 24 values per image
        (in_nested_residual(), 1),
        (RECIPES["quick"].network(0), 2),
        (RECIPES["mlp"].network(0), 2),
        (RECIPES["standard"].network(0), 2),  # its last convolution has a single pixel
        (RECIPES["champion"].network(0), 1),
        (RECIPES["linear"].network(0), 1),
        (Network([BatchNorm(1), Flatten(), Dense(784, 10)]), 1),
        (Network([BatchNorm(1), Flatten(), Dense(1, 10)], input_shape=(1, 1, 1)), 2),
    ],
)
def test_least_number_of_images_depends_on_the_values_per_image(
    network: Network, least: int
) -> None:
    assert least_images(network) == least


# Number of training images, batch size, shards, and the advice (None if all is well).
SIZES = [
    (100, 1, 1, "set batch_size to at least 2"),
    (100, 2, 1, None),
    (100, 1, 2, "set batch_size to at least 4"),
    (100, 2, 2, "set batch_size to at least 4, or shards to 1"),
    (100, 3, 2, "set batch_size to at least 4, or shards to 1"),
    (100, 4, 2, None),
    (21, 10, 1, None),  # the last batch is merged
    (23, 10, 2, None),
    (100, 7, 4, "set batch_size to at least 8, or shards to 1"),
    (100, None, 50, None),
    (100, None, 51, "set shards to 1, as there are 100 training images"),
    (3, 256, 2, "set shards to 1, as there are 3 training images"),
    (3, 1, 2, "set shards to 1, as there are 3 training images, and batch_size to at least 2"),
    (1, 128, 1, "add training images"),
    (1, None, 1, "add training images"),
]


@pytest.mark.parametrize(("images", "size", "shards", "advice"), SIZES)
def test_advice_is_given_exactly_for_batches_that_are_too_small(
    images: int, size: int | None, shards: int, advice: str | None
) -> None:
    problem = batch_problem(dense_norm(), images, size, shards)
    assert (None if problem is None else problem.advice) == advice
    assert batch_problem(conv_norm(), images, size, shards) is None


@pytest.mark.parametrize(("images", "size", "shards", "advice"), SIZES)
def test_settings_of_the_advice_are_valid(
    images: int, size: int | None, shards: int, advice: str | None
) -> None:
    problem = batch_problem(dense_norm(), images, size, shards)
    if problem is None or not problem.settings:
        return
    given = dict(setting.split("=") for setting in problem.settings)
    size = int(given["batch_size"]) if "batch_size" in given else size
    check_batches(dense_norm(), images, size, int(given.get("shards", shards)))


@pytest.mark.parametrize(("images", "size", "shards", "advice"), SIZES)
def test_fit_raises_when_called_if_batches_are_too_small(
    images: int, size: int | None, shards: int, advice: str | None, digits: Dataset
) -> None:
    data = digits.subset(np.arange(images))

    def call() -> Iterator[object]:
        return fit(
            dense_norm(),
            data,
            optimizer=Adam(),
            schedule=Constant(0.01),
            batch_size=size,
            shards=shards,
            threads=1,
        )

    if advice is None:
        steps = [record for record in call() if isinstance(record, StepRecord)]
        sizes = [len(step.labels) for step in steps]
        assert sum(sizes) == images
        assert min(smallest_shard(size, shards) for size in sizes) >= 2
        return
    with pytest.raises(TenfoldError) as raised:
        call()
    assert str(raised.value).startswith("batch normalisation needs at least 2 images in each ")
    assert str(raised.value).endswith(f": {advice}")


@pytest.mark.parametrize(
    ("images", "size", "shards", "sizes"),
    [
        (21, 10, 1, [10, 11]),
        (22, 10, 1, [10, 10, 2]),
        (20, 10, 1, [10, 10]),
        (9, 2, 1, [2, 2, 2, 3]),
        (21, 10, 2, [10, 11]),
        (23, 10, 2, [10, 13]),  # 3 images would be shards of 1 and 2
        (24, 10, 2, [10, 10, 4]),
        (11, 10, 1, [11]),
        (17, 10, 4, [17]),
        (18, 10, 4, [10, 8]),
    ],
)
@pytest.mark.parametrize("selective", [False, True])
def test_last_batch_is_merged_only_if_it_is_too_small(
    images: int, size: int, shards: int, sizes: list[int], selective: bool, digits: Dataset
) -> None:
    data = digits.subset(np.arange(images))
    chooser = Selective() if selective else None
    batches = Batches(dense_norm(), data, size, selective=chooser, shards=shards)
    chosen = [indices for indices, _, _ in batches.epoch(0)]
    assert [len(indices) for indices in chosen] == sizes
    assert len(batches) == len(sizes)
    assert batches.merged == (len(sizes) < -(-images // size))
    assert sorted(np.concatenate(chosen).tolist()) == list(range(images))
    rest = [
        indices for indices, _, _ in Batches(dense_norm(), data, size, shards=shards).epoch(0, 1)
    ]
    assert [len(indices) for indices in rest] == sizes[1:]


@pytest.mark.parametrize("network", [conv_norm(), RECIPES["linear"].network(0)])
def test_last_batch_of_one_image_is_kept_if_it_is_large_enough(
    network: Network, digits: Dataset
) -> None:
    batches = Batches(network, digits.subset(np.arange(21)), 10)
    assert [len(labels) for _, _, labels in batches.epoch(0)] == [10, 10, 1]


def test_merged_batch_has_the_images_of_both(digits: Dataset) -> None:
    data = digits.subset(np.arange(21))
    merged = [indices for indices, _, _ in Batches(dense_norm(), data, 10).epoch(3)]
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    apart = [indices for indices, _, _ in Batches(network, data, 10).epoch(3)]
    assert merged[0].tolist() == apart[0].tolist()
    assert merged[1].tolist() == [*apart[1], *apart[2]]


def test_training_with_a_merged_batch_learns(digits: Dataset) -> None:
    records = fit(
        dense_norm(),
        digits.subset(np.arange(201)),
        optimizer=Adam(),
        schedule=Constant(0.01),
        epochs=8,
        batch_size=20,
        threads=1,
    )
    last = [record for record in records if isinstance(record, StepRecord)][-1]
    assert last.step == 8 * 10 - 1
    assert (last.logits.argmax(axis=1) == last.labels).mean() > 0.9


def test_fit_warns_of_a_batch_size_that_is_larger_than_the_data(digits: Dataset) -> None:
    few, network = digits.subset(slice(40)), Network([Normalize(), Flatten(), Dense(784, 10)])
    message = (
        "batch_size is 41, larger than the number of training images, 40, so each epoch is one"
    )
    with pytest.warns(InputWarning, match=message) as caught:
        records = list(fit(network, few, optimizer=Adam(), schedule=0.1, epochs=2, batch_size=41))
    assert caught[0].filename == __file__
    assert sum(isinstance(record, StepRecord) for record in records) == 2


@pytest.mark.parametrize("options", [{"batch_size": 40}, {"batch_size": None}, {}])
def test_fit_does_not_warn_of_other_batch_sizes(digits: Dataset, options: dict[str, Any]) -> None:
    few, network = digits.subset(slice(40)), Network([Normalize(), Flatten(), Dense(784, 10)])
    fit(network, few, optimizer=Adam(), schedule=0.1, **options).close()  # warnings raise here


def test_recipes_limit_their_batch_size_to_the_number_of_images() -> None:
    recipe = RECIPES["mlp"]
    assert recipe.fit_arguments()["batch_size"] == recipe.fit_arguments(1000)["batch_size"] == 128
    assert recipe.fit_arguments(100)["batch_size"] == 100
