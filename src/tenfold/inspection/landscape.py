"""Loss landscape: the paths of several optimizers from one start, projected onto a plane."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError, reason
from tenfold.nn import (
    SGD,
    Adam,
    Constant,
    Loss,
    Momentum,
    Muon,
    Nesterov,
    Network,
    Optimizer,
    RMSprop,
    SoftmaxCrossEntropy,
    stream,
)
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Positive
from tenfold.threads import limit_threads
from tenfold.training.divergence import DivergenceError
from tenfold.training.loop import fit
from tenfold.training.records import StepRecord

__all__ = ["PATH_OPTIMIZERS", "OptimizerPaths", "PathOptimizer", "optimizer_paths"]

_MARGIN = 0.2  # width of the margin around the paths, as a share of their extent
_MIN_SIDE = 0.5  # minimum of the grid's shorter side, as a share of its longer side


@dataclass(frozen=True)
class PathOptimizer:
    """An optimizer and its constant learning rate."""

    optimizer: Optimizer
    learning_rate: Positive

    def __post_init__(self) -> None:
        check_fields(self)


PATH_OPTIMIZERS: dict[str, PathOptimizer] = {
    "SGD": PathOptimizer(SGD(), 0.2),
    "momentum": PathOptimizer(Momentum(), 0.03),
    "Nesterov": PathOptimizer(Nesterov(), 0.03),
    "RMSprop": PathOptimizer(RMSprop(), 0.001),
    "Adam": PathOptimizer(Adam(), 0.003),
    "Muon": PathOptimizer(Muon(), 0.02),
}
"""Optimizers by name, with learning rates at which each is fast and none diverges."""


@dataclass(frozen=True)
class OptimizerPaths:
    """Paths through the space of all parameters, projected onto a plane.

    The plane contains the common start, at (0, 0). x and y are Euclidean distances in the space of
    all parameters (theta).

    Attributes:
        points: Path of each optimizer by name: (x, y) before the first step and after each.
        losses: Loss of each optimizer by name at each point of its path, before the projection.
        x: x of the grid's columns, ascending.
        y: y of the grid's rows, ascending.
        grid: Loss on the plane, one row for each y.
        explained: Sum of the squared distances from the start within the plane, divided by the sum
            of the squared distances in the whole space; 0 to 1.

    Raises:
        ValueError: If the sizes do not fit together, or a value is not finite.
    """

    points: dict[str, list[tuple[float, float]]]
    losses: dict[str, list[float]]
    x: list[float]
    y: list[float]
    grid: list[list[float]]
    explained: float

    def __post_init__(self) -> None:
        check_fields(self)
        lengths = {name: len(path) for name, path in self.points.items()}
        if not lengths or lengths != {name: len(path) for name, path in self.losses.items()}:
            raise ValueError("losses must have one loss for each point of each path in points")
        if np.shape(self.grid) != (len(self.y), len(self.x)) or min(np.shape(self.grid)) < 2:
            raise ValueError(
                "grid must have a row for each y and a column for each x, at least 2 of each"
            )
        if not all(np.shape(path) == (lengths[name], 2) for name, path in self.points.items()):
            raise ValueError("points must be pairs (x, y)")
        numbers = [self.x, self.y, self.grid, self.explained, *self.points.values()]
        for each in (*numbers, *self.losses.values()):
            if not np.isfinite(np.asarray(each, float)).all():
                raise ValueError("all values must be finite")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data. The key of the field ``explained`` is "held"."""
        data = asdict(self)
        return data | {"held": data.pop("explained")}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "OptimizerPaths":
        """Return the paths from the plain data that ``to_dict`` returns.

        Raises:
            TenfoldError: If ``data`` has another form.
        """
        try:
            points = {n: [(x, y) for x, y in path] for n, path in data["points"].items()}
            rest = {name: data[name] for name in ("losses", "x", "y", "grid")}
            return cls(points=points, explained=data["held"], **rest)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise TenfoldError(
                f"data must describe optimizer paths ({reason(error)}): create them again"
            ) from error


@checked
def optimizer_paths(
    network: Network,
    data: Dataset,
    optimizers: Mapping[str, PathOptimizer] = PATH_OPTIMIZERS,
    *,
    loss: Loss = SoftmaxCrossEntropy(),  # noqa: B008 - frozen
    steps: int = 40,
    resolution: int = 25,
) -> OptimizerPaths:
    r"""Train copies of one network by several optimizers, and project their paths onto a plane.

    Every step uses all the data, so all optimizers minimise the same function. The plane contains
    the start, and is as close to the paths as such a plane can be. It is spanned by the first two
    right singular vectors of a matrix. The rows of the matrix are all points of the paths minus the
    start, :math:`\theta_{o,t} - \theta_0`.

    Args:
        network: Network at the start; it is not changed. It must have no batch normalisation,
            because the loss also depends on the running statistics, which are not in the plane.
        data: Labelled images, usually some hundred.
        optimizers: Optimizers by name. Default: ``PATH_OPTIMIZERS``.
        loss: Loss function. Default: softmax cross-entropy.
        steps: Number of steps of each optimizer, at least 1. Default 40.
        resolution: Number of grid points along each side, at least 2. Default 25.

    Returns:
        The paths, with the same numbers on every call.

    Raises:
        TenfoldError: If the network has running statistics, an argument is out of its range, or an
            optimizer diverges.

    References:
        Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets"
        (NeurIPS 2018), section 7. There the plane goes through the end of a single path, instead of
        the common start.
    """
    _check(network, optimizers, steps, resolution)
    start = network.theta.value.astype(np.float64)
    trained = {name: _train(name, network, data, t, loss, steps) for name, t in optimizers.items()}
    moves = np.concatenate([theta for theta, _ in trained.values()]) - start
    with limit_threads(1):
        plane = principal_plane(moves)
        projected = moves @ plane.T
        x, y = _extent(projected, resolution)
        grid = _loss_grid(network, data, loss, start, plane, x, y)
    if not np.isfinite(grid).all():
        raise TenfoldError(
            "the loss is not finite somewhere on the plane of the paths: choose smaller learning "
            "rates or fewer steps"
        )
    total = float(np.vdot(moves, moves))
    points = [(float(a), float(b)) for a, b in projected]
    return OptimizerPaths(
        points={name: points[i * (steps + 1) :][: steps + 1] for i, name in enumerate(trained)},
        losses={name: losses for name, (_, losses) in trained.items()},
        x=x.tolist(),
        y=y.tolist(),
        grid=grid,
        explained=float(np.vdot(projected, projected)) / total if total else 1.0,
    )


def principal_plane(moves: Array) -> Array:
    """Return the first two right singular vectors of a matrix (N, P), as orthonormal rows (2, P).

    They are computed from the eigenvectors of the small matrix (N, N) of the products of all pairs
    of rows. If all rows are on one line, the second direction is arbitrary. The sign of a singular
    vector is arbitrary, too: it is chosen so that the last row has no negative coordinates.
    """
    _, vectors = np.linalg.eigh(moves @ moves.T)
    plane = vectors[:, :-3:-1].T @ moves
    for index, row in enumerate(plane):
        if np.linalg.norm(row) <= 1e-7 * np.linalg.norm(moves):  # only rounding errors
            row[:] = stream(0, "landscape", index).standard_normal(len(row))
        for other in [*plane[:index]] * 2:  # twice, against rounding errors
            row -= (row @ other) * other
        row /= np.linalg.norm(row)
    plane[plane @ moves[-1] < 0] *= -1
    return plane


def _train(
    name: str, network: Network, data: Dataset, chosen: PathOptimizer, loss: Loss, steps: int
) -> tuple[Array, list[float]]:
    """Return theta before the first step and after each step, (steps + 1, P), and its losses."""
    copy = deepcopy(network)
    points, losses = [copy.theta.value.astype(np.float64)], [_loss(copy, data, loss)]
    try:
        for record in fit(
            copy,
            data,
            optimizer=deepcopy(chosen.optimizer),
            schedule=Constant(chosen.learning_rate),
            loss=loss,
            epochs=steps,
            batch_size=None,
            log_every=steps,
        ):
            if isinstance(record, StepRecord):
                points.append(copy.theta.value.astype(np.float64))
                losses.append(_loss(copy, data, loss))
    except DivergenceError as error:
        raise TenfoldError(
            f"{name} diverges within {steps} steps at a learning rate of {chosen.learning_rate:g}: "
            f"choose a smaller one. {error}"
        ) from error
    return np.array(points), losses


def _loss(network: Network, data: Dataset, loss: Loss) -> float:
    with np.errstate(over="ignore", invalid="ignore"):  # the caller checks the result
        value, _ = loss(network.forward(data.images), data.require_labels())
    return float(value)


def _extent(points: Array, resolution: int) -> tuple[Array, Array]:
    """Return x and y of a grid around all points (N, 2), with a margin."""
    low, high = points.min(axis=0), points.max(axis=0)
    widest = float((high - low).max()) or 1.0
    half = np.maximum(high - low, _MIN_SIDE * widest) * (0.5 + _MARGIN)
    middle = (low + high) / 2
    x, y = np.linspace(middle - half, middle + half, resolution).T
    return x, y


def _loss_grid(
    network: Network, data: Dataset, loss: Loss, start: Array, plane: Array, x: Array, y: Array
) -> list[list[float]]:
    """Return the loss at start + x u + y v, a row for each y."""
    copy = deepcopy(network)
    grid: list[list[float]] = []
    for up in y:
        grid.append([])
        for across in x:
            copy.theta.value[...] = start + across * plane[0] + up * plane[1]
            grid[-1].append(_loss(copy, data, loss))
    return grid


def _check(
    network: Network, optimizers: Mapping[str, PathOptimizer], steps: int, resolution: int
) -> None:
    if any(layer.state for layer in network.layers):
        raise TenfoldError(
            "network must have no batch normalisation: the loss depends on its running statistics, "
            "which are not part of theta"
        )
    if not optimizers:
        raise TenfoldError("optimizers must contain at least one optimizer, got none")
    for name, value, least in (("steps", steps, 1), ("resolution", resolution, 2)):
        if value < least:
            raise TenfoldError(f"{name} must be at least {least}, got {value}")
