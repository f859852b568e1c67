import json
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.inspection import DigitMaps, digit_maps, neighbour_accuracy, pca, stages, tsne
from tenfold.nn import (
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Layer,
    Network,
    Normalize,
    ReLU,
    Residual,
    stream,
)
from tenfold.nn.array import Array

FLAT = {
    "stage": "a",
    "size": 1,
    "method": "pca",
    "positions": [[0, 0]] * 3,
    "purity": 1.0,
    "explained": [0.5, 0.25],
}


def features(count: int, size: int, index: int = 0) -> Array:
    rng = stream(0, "test features", count, index)
    return rng.normal(size=(count, size)) * np.linspace(3, 0.1, size) + 5


def mlp() -> Network:
    layers: list[Layer] = [
        Normalize(),
        Flatten(),
        Dense(784, 20),
        BatchNorm(20),
        ReLU(),
        Dropout(0.5),
    ]
    return Network([*layers, Dense(20, 10)])


# Stages


def test_a_stage_ends_before_the_next_layer_that_mixes(digits: Dataset) -> None:
    layers: list[Layer] = [Normalize(), ConvMaxPool(1, 4, 5), ReLU(), Residual([Conv2D(4, 4, 1)])]
    network = Network([*layers, GlobalAveragePool(), Dense(4, 10)])
    images = digits.images[:7]
    found = dict(stages(network, images))
    assert {name: x.shape[1] for name, x in found.items()} == {
        "pixels": 784,
        "1 ConvMaxPool": 12 * 12 * 4,
        "3 Residual": 4,
        "logits": 10,
    }
    np.testing.assert_array_equal(found["pixels"], images.reshape(7, -1))
    np.testing.assert_array_equal(found["logits"], network.forward(images))
    assert found["1 ConvMaxPool"].min() == 0  # after the ReLU


def test_stages_of_many_images_are_computed_in_batches(digits: Dataset) -> None:
    network = mlp()
    found = dict(stages(network, digits.images))
    assert network.batch < len(digits)
    assert list(found) == ["pixels", "2 Dense", "logits"]
    np.testing.assert_allclose(
        found["logits"], network.forward(digits.images), rtol=1e-4, atol=1e-5
    )


def test_network_without_mixing_layers_has_the_pixels_only(digits: Dataset) -> None:
    assert list(dict(stages(Network([Normalize(), Flatten()]), digits.images[:3]))) == ["pixels"]


def test_layers_after_the_last_dense_layer_belong_to_the_logits(digits: Dataset) -> None:
    network = Network([Flatten(), Dense(784, 10), ReLU()])
    found = dict(stages(network, digits.images[:5]))
    assert list(found) == ["pixels", "logits"]
    assert found["logits"].min() == 0


# PCA


@pytest.mark.parametrize(("count", "size"), [(40, 7), (30, 90), (25, 25)])
def test_pca_agrees_with_scikit_learn_except_for_signs(count: int, size: int) -> None:
    from sklearn.decomposition import PCA

    x = features(count, size)
    positions, explained = pca(x, 5)
    peer = PCA(5, svd_solver="full").fit(x)
    expected = peer.transform(x)
    signs = np.sign((positions * expected).sum(axis=0))
    np.testing.assert_allclose(positions, expected * signs, atol=1e-9)
    np.testing.assert_allclose(explained, peer.explained_variance_ratio_, rtol=1e-10)


@given(st.integers(3, 12), st.integers(1, 12), st.integers(0, 1000))
def test_pca_keeps_the_variance_and_makes_the_farthest_point_positive(
    count: int, size: int, index: int
) -> None:
    x = features(count, size, index)
    positions, explained = pca(x, size)
    assert explained.sum() == pytest.approx(1)
    assert (np.diff(explained) <= 1e-12).all()
    np.testing.assert_allclose((positions**2).sum(), ((x - x.mean(axis=0)) ** 2).sum())
    real = explained > 1e-12
    assert (positions.max(axis=0) >= -positions.min(axis=0) - 1e-9)[real].all()
    again, _ = pca(x + 100, size)
    np.testing.assert_allclose(np.abs(again[:, 0]), np.abs(positions[:, 0]), atol=1e-6)


def test_pca_of_less_than_two_dimensions() -> None:
    line, explained = pca(np.array([[0], [1], [5]], np.uint8))
    np.testing.assert_allclose(line, [[-2, 0], [-1, 0], [3, 0]], atol=1e-12)
    assert explained.tolist() == [1, 0]
    point, shares = pca(np.full((4, 3), 7.0))
    assert not point.any()
    assert not shares.any()


# Purity


@settings(max_examples=25)
@given(st.integers(2, 30), st.integers(1, 4), st.integers(0, 1000))
def test_purity_agrees_with_a_plain_loop(count: int, classes: int, index: int) -> None:
    rng = stream(0, "test purity", count, index)
    positions, labels = rng.normal(size=(count, 2)), rng.integers(0, classes, count)
    same = 0
    for one in range(count):
        others = [other for other in range(count) if other != one]
        nearest = min(others, key=lambda other: np.hypot(*(positions[one] - positions[other])))
        same += labels[nearest] == labels[one]
    assert neighbour_accuracy(positions, labels) == pytest.approx(same / count)


def test_purity_by_hand() -> None:
    places = np.array([[0, 0], [1, 0], [5, 5], [5, 6]], float)
    assert neighbour_accuracy(places, np.array([1, 1, 2, 2])) == 1
    assert neighbour_accuracy(places, np.array([1, 2, 1, 2])) == 0
    assert neighbour_accuracy(places, np.array([1, 1, 1, 2])) == 0.5
    assert neighbour_accuracy(places + 1e6, np.array([1, 1, 2, 2])) == 1  # far from 0, too


# t-SNE


def test_tsne_keeps_groups_together_and_is_reproducible() -> None:
    labels = np.repeat([0, 1, 2], 20)
    x = features(60, 80) + 30 * np.eye(3)[labels] @ np.ones((3, 80)) * labels[:, np.newaxis]
    once = tsne(x, seed=4)
    assert once.shape == (60, 2)
    assert neighbour_accuracy(once, labels) == 1
    np.testing.assert_array_equal(once, tsne(x, seed=4))


@pytest.mark.parametrize("count", [3, 5])
def test_tsne_of_few_or_equal_points(count: int) -> None:
    assert np.isfinite(tsne(features(count, 4))).all()
    assert not tsne(np.ones((count, 4))).any()


def test_without_scikit_learn_tsne_raises_and_pca_works(
    monkeypatch: pytest.MonkeyPatch, digits: Dataset
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    some = digits.subset(np.arange(20))
    with pytest.raises(TenfoldError, match=r"pip install '\.\[maps\]'"):
        digit_maps(mlp(), some, ("pca", "tsne"))
    assert len(digit_maps(mlp(), some).maps) == 3


# Maps


def test_maps_of_a_network(digits: Dataset) -> None:
    calls: list[tuple[int, int]] = []
    some = digits.subset(np.arange(90))
    network = mlp()
    maps = digit_maps(network, some, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert [(row.stage, row.size, row.method) for row in maps.maps] == [
        ("pixels", 784, "pca"),
        ("2 Dense", 20, "pca"),
        ("logits", 10, "pca"),
    ]
    np.testing.assert_array_equal(maps.labels, some.require_labels())
    for row, (_, seen) in zip(maps.maps, stages(network, some.images), strict=True):
        positions, explained = pca(seen)
        np.testing.assert_array_equal(row.positions, positions)
        assert row.explained == tuple(explained)
        assert row.purity == neighbour_accuracy(positions, maps.labels)


def test_maps_are_ordered_by_method_and_then_by_stage(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    maps = digit_maps(network, digits.subset(np.arange(12)), ("tsne", "pca"), seed=1)
    assert [(row.stage, row.method) for row in maps.maps] == [
        *(("pixels", "tsne"), ("logits", "tsne")),
        *(("pixels", "pca"), ("logits", "pca")),
    ]
    assert maps.maps[0].explained is None


def same(one: DigitMaps, other: DigitMaps) -> bool:
    return one.to_dict() == other.to_dict()


def test_maps_survive_json(digits: Dataset) -> None:
    maps = digit_maps(mlp(), digits.subset(np.arange(10)))
    again = DigitMaps.from_dict(json.loads(json.dumps(maps.to_dict())))
    assert same(maps, again)
    assert again.maps[0].positions.dtype == np.float64
    assert again.maps[1].explained == maps.maps[1].explained


@pytest.mark.parametrize(
    "damage",
    [
        {"labels": None},
        {"labels": [1, 2]},
        {"labels": [1, 2, 1e300]},
        {"maps": [FLAT | {"explained": [0.5]}]},
        {"maps": [{}]},
        {"maps": None},
        {"maps": [FLAT | {"method": "magic"}]},
    ],
)
def test_damaged_description_raises(damage: dict[str, Any], digits: Dataset) -> None:
    data = digit_maps(mlp(), digits.subset(np.arange(3))).to_dict()
    assert DigitMaps.from_dict(data | {"maps": [FLAT]}).maps[0].explained == (0.5, 0.25)
    data |= damage
    with pytest.raises(TenfoldError, match="data must describe maps of digits"):
        DigitMaps.from_dict(data)


def test_too_few_images_or_missing_labels_raise(digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match=r"at least 3 images to be mapped, got 2"):
        digit_maps(mlp(), digits.subset(np.arange(2)))
    with pytest.raises(TenfoldError, match="label"):
        digit_maps(mlp(), Dataset(digits.images, None, "unlabelled"))
