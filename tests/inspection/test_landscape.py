"""Optimizer paths: the plane, the points on it, and the losses."""

import json
import math
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.inspection import PATH_OPTIMIZERS, OptimizerPaths, PathOptimizer, optimizer_paths
from tenfold.inspection.landscape import principal_plane
from tenfold.nn import (
    SGD,
    Adam,
    BatchNorm,
    Constant,
    Dense,
    Flatten,
    Network,
    Normalize,
    ReLU,
    SoftmaxCrossEntropy,
    stream,
)
from tenfold.nn.array import Array
from tenfold.training import StepRecord, fit

FEW: dict[str, Any] = {"steps": 6, "resolution": 5}


def network() -> Network:
    return Network([Normalize(), Flatten(), Dense(784, 6), ReLU(), Dense(6, 10)], seed=2)


@pytest.fixture(scope="module")
def data(digits: Dataset) -> Dataset:
    return digits.subset(np.arange(60))


@pytest.fixture(scope="module")
def paths(data: Dataset) -> OptimizerPaths:
    return optimizer_paths(network(), data, **FEW)


def loss_at(theta: Array, data: Dataset) -> float:
    net = network()
    net.theta.value[...] = theta
    return float(SoftmaxCrossEntropy()(net.forward(data.images), data.require_labels())[0])


def path_by_hand(chosen: PathOptimizer, data: Dataset, steps: int) -> Array:
    """Return theta before the first step and after each, without ``fit``."""
    net, labels = network(), data.require_labels()
    found = [net.theta.value.astype(np.float64)]
    optimizer = type(chosen.optimizer)()
    for _ in range(steps):
        _, dlogits = SoftmaxCrossEntropy()(net.forward(data.images, training=True), labels)
        net.backward(dlogits)
        optimizer.step(net.theta, chosen.learning_rate)
        found.append(net.theta.value.astype(np.float64))
    return np.array(found)


def test_plane_agrees_with_the_singular_value_decomposition() -> None:
    moves = stream(0, "moves").standard_normal((9, 40)) * np.linspace(1, 5, 40)
    plane = principal_plane(moves)
    np.testing.assert_allclose(plane @ plane.T, np.eye(2), atol=1e-14)
    _, _, expected = np.linalg.svd(moves)
    np.testing.assert_allclose(np.abs((plane * expected[:2]).sum(axis=1)), 1, rtol=1e-10)
    assert (plane @ moves[-1] >= 0).all()


@pytest.mark.parametrize("rows", [np.outer(np.arange(5.0), np.ones(30)), np.zeros((3, 30))])
def test_paths_on_one_line_or_at_one_point_have_a_plane(rows: Array) -> None:
    plane = principal_plane(rows)
    np.testing.assert_allclose(plane @ plane.T, np.eye(2), atol=1e-14)
    np.testing.assert_allclose((rows @ plane.T) @ plane, rows, atol=1e-12)  # on the plane
    assert plane.tobytes() == principal_plane(rows).tobytes()


def test_points_are_projections_and_losses_are_those_before_projection(
    data: Dataset, paths: OptimizerPaths
) -> None:
    names = ["SGD", "momentum", "Nesterov", "RMSprop", "Adam", "Muon"]
    assert list(paths.points) == list(paths.losses) == names
    by_hand = {name: path_by_hand(PATH_OPTIMIZERS[name], data, 6) for name in names}
    start = network().theta.value.astype(np.float64)
    moves = np.concatenate(list(by_hand.values())) - start
    _, scales, directions = np.linalg.svd(moves, full_matrices=False)
    for name, way in paths.points.items():
        flat = (by_hand[name] - start) @ directions[:2].T
        np.testing.assert_allclose(np.abs(way), np.abs(flat), rtol=1e-3, atol=1e-5)
        expected = [loss_at(theta, data) for theta in by_hand[name]]
        np.testing.assert_allclose(paths.losses[name], expected, rtol=1e-4)
        assert way[0] == (0.0, 0.0)
        assert paths.losses[name][-1] < paths.losses[name][0]
    assert paths.explained == pytest.approx(np.sum(scales[:2] ** 2) / np.sum(scales**2), rel=1e-6)
    assert 0.5 < paths.explained < 1


def test_grid_contains_all_points(paths: OptimizerPaths) -> None:
    ends = np.concatenate([np.array(way) for way in paths.points.values()])
    assert paths.x[0] < ends[:, 0].min() < ends[:, 0].max() < paths.x[-1]
    assert paths.y[0] < ends[:, 1].min() < ends[:, 1].max() < paths.y[-1]
    assert np.shape(paths.grid) == (5, 5)
    width, height = paths.x[-1] - paths.x[0], paths.y[-1] - paths.y[0]
    assert 0.49 < height / width < 2.1


def test_grid_contains_the_losses_on_the_plane(data: Dataset) -> None:
    """With two optimizers and one step each, both ends are in the plane, so everything agrees."""
    pair = {"SGD": PathOptimizer(SGD(), 0.3), "Adam": PathOptimizer(Adam(), 0.005)}
    paths = optimizer_paths(network(), data, pair, steps=1, resolution=4)
    assert paths.explained == pytest.approx(1, abs=1e-12)
    start = network().theta.value.astype(np.float64)
    ends = [path_by_hand(traveller, data, 1)[1] - start for traveller in pair.values()]
    flat = np.array([way[1] for way in paths.points.values()])
    np.testing.assert_allclose(flat @ flat.T, np.array(ends) @ np.array(ends).T, rtol=1e-5)
    plane = np.linalg.solve(flat, np.array(ends))  # the directions, computed from the points
    np.testing.assert_allclose(plane @ plane.T, np.eye(2), atol=1e-4)
    for row, y in enumerate(paths.y):
        for column, x in enumerate(paths.x):
            expected = loss_at(start + x * plane[0] + y * plane[1], data)
            assert paths.grid[row][column] == pytest.approx(expected, rel=1e-4)
    for (name, way), end in zip(paths.points.items(), ends, strict=True):
        expected = loss_at(start + way[1][0] * plane[0] + way[1][1] * plane[1], data)
        assert paths.losses[name] == pytest.approx([loss_at(start, data), expected], rel=1e-4)
        assert expected == pytest.approx(loss_at(start + end, data), rel=1e-4)


def test_result_is_reproducible_and_the_network_is_not_changed(
    data: Dataset, paths: OptimizerPaths
) -> None:
    net = network()
    again = optimizer_paths(net, data, **FEW)
    assert again == paths
    assert net.theta.value.tobytes() == network().theta.value.tobytes()
    assert all(not t.optimizer.state and t.optimizer.steps == 0 for t in PATH_OPTIMIZERS.values())


def test_every_step_uses_all_images(data: Dataset, paths: OptimizerPaths) -> None:
    options: dict[str, Any] = {
        "optimizer": SGD(),
        "schedule": Constant(PATH_OPTIMIZERS["SGD"].learning_rate),
    }
    loop = fit(network(), data, epochs=6, batch_size=None, **options)
    losses = [record.loss for record in loop if isinstance(record, StepRecord)]
    assert paths.losses["SGD"][:-1] == pytest.approx(losses, rel=1e-5)


def test_paths_survive_json(paths: OptimizerPaths) -> None:
    assert (
        OptimizerPaths.from_dict(json.loads(json.dumps(paths.to_dict(), allow_nan=False))) == paths
    )


@pytest.mark.parametrize(
    "change",
    [
        {"points": {}},
        {"points": {"SGD": [[0, 0, 0]]}},
        {"points": 3},
        {"losses": {"SGD": [1.0]}},
        {"x": [0.0]},
        {"grid": [[1.0]]},
        {"grid": None},
        {"held": math.nan},
        {"held": "much"},
    ],
)
def test_damaged_description_raises(paths: OptimizerPaths, change: dict[str, Any]) -> None:
    with pytest.raises(
        TenfoldError, match=r"data must describe optimizer paths .*create them again"
    ):
        OptimizerPaths.from_dict(paths.to_dict() | change)
    with pytest.raises(TenfoldError, match="data must describe optimizer paths"):
        OptimizerPaths.from_dict({})


def test_unsuitable_arguments_raise(data: Dataset) -> None:
    normed = Network([Normalize(), Flatten(), Dense(784, 10), BatchNorm(10)])
    with pytest.raises(TenfoldError, match="network must have no batch normalisation"):
        optimizer_paths(normed, data)
    with pytest.raises(
        TenfoldError, match="optimizers must contain at least one optimizer, got none"
    ):
        optimizer_paths(network(), data, {})
    with pytest.raises(TenfoldError, match=r"rocket diverges within 3 steps.*smaller"):
        optimizer_paths(network(), data, {"rocket": PathOptimizer(SGD(), 1e30)}, steps=3)
    with pytest.raises(TenfoldError, match="the loss is not finite somewhere"):
        optimizer_paths(network(), data, {"far": PathOptimizer(SGD(), 1.4e19)}, steps=1)
    with pytest.raises(TenfoldError, match="steps must be at least 1, got 0"):
        optimizer_paths(network(), data, steps=0)
    with pytest.raises(TenfoldError, match="resolution must be at least 2, got 1"):
        optimizer_paths(network(), data, resolution=1)
