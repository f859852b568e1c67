"""Landscape: the ways that optimizers take from one start, on a plane through the loss."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
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
from tenfold.nn.array import Array
from tenfold.threads import limit_threads
from tenfold.training.divergence import DivergenceError
from tenfold.training.loop import fit
from tenfold.training.records import StepRecord

__all__ = ["PATH_OPTIMIZERS", "OptimizerPaths", "PathOptimizer", "optimizer_paths"]

_MARGIN = 0.2  # of the paths' extent, on each side
_LEAST = 0.5  # the shorter side of the plane as a share of the longer one, at least


@dataclass(frozen=True)
class PathOptimizer:
    """An optimizer and the learning rate that it travels with."""

    optimizer: Optimizer
    learning_rate: float


PATH_OPTIMIZERS: dict[str, PathOptimizer] = {
    "SGD": PathOptimizer(SGD(), 0.2),
    "momentum": PathOptimizer(Momentum(), 0.03),
    "Nesterov": PathOptimizer(Nesterov(), 0.03),
    "RMSprop": PathOptimizer(RMSprop(), 0.001),
    "Adam": PathOptimizer(Adam(), 0.003),
    "Muon": PathOptimizer(Muon(), 0.02),
}
"""Optimizers by name, with rates at which each gets down quickly and none bursts."""


@dataclass(frozen=True)
class OptimizerPaths:
    """Ways through the space of all parameters, seen on a plane.

    The plane goes through the common start, which is its point (0, 0). x and y are Euclidean
    lengths in the space of theta.

    Attributes:
        points: the way of each optimizer, by name: (x, y) before the first step and after each.
        losses: the loss at each of these places, where the optimizer really was: not on the plane.
        x: of the grid's columns, ascending. ``y``: of its rows.
        grid: the loss on the plane, a row for each y.
        explained: which share of the squared distances from the start lies in the plane, 0 to 1.
    """

    points: dict[str, list[tuple[float, float]]]
    losses: dict[str, list[float]]
    x: list[float]
    y: list[float]
    grid: list[list[float]]
    explained: float

    def __post_init__(self) -> None:
        lengths = {name: len(way) for name, way in self.points.items()}
        if not lengths or lengths != {name: len(way) for name, way in self.losses.items()}:
            raise ValueError("every path needs a loss for each of its points")
        if np.shape(self.grid) != (len(self.y), len(self.x)) or min(np.shape(self.grid)) < 2:
            raise ValueError("the grid needs a row for each y and a column for each x")
        if not all(np.shape(way) == (lengths[name], 2) for name, way in self.points.items()):
            raise ValueError("a path is made of pairs (x, y)")
        numbers = [self.x, self.y, self.grid, self.explained, *self.points.values()]
        for each in (*numbers, *self.losses.values()):
            if not np.isfinite(np.asarray(each, float)).all():
                raise ValueError("every number is finite")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, ``explained`` under the key "held"."""
        data = asdict(self)
        return data | {"held": data.pop("explained")}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "OptimizerPaths":
        """Return what ``to_dict`` wrote down.

        Raises:
            TenfoldError: if it is damaged.
        """
        try:
            points = {n: [(x, y) for x, y in way] for n, way in data["points"].items()}
            rest = {name: data[name] for name in ("losses", "x", "y", "grid")}
            return cls(points=points, explained=data["held"], **rest)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise TenfoldError(f"these are no optimizer paths ({error}): make them anew") from error


def optimizer_paths(
    network: Network,
    data: Dataset,
    optimizers: Mapping[str, PathOptimizer] = PATH_OPTIMIZERS,
    *,
    loss: Loss = SoftmaxCrossEntropy(),  # noqa: B008 - frozen
    steps: int = 40,
    resolution: int = 25,
) -> OptimizerPaths:
    r"""Train copies of one network by several optimizers, and draw a map of where they went.

    Every step sees all the data, so the loss is one and the same landscape for all. The plane is
    spanned by the first two right singular vectors of the matrix whose rows are all places less
    the start, :math:`\theta_{o,t} - \theta_0`: of all planes through the start, it is the one that
    the paths keep closest to.

    Args:
        network: the start; it is left as it is. Without batch normalisation, whose statistics
            are another dimension that the plane does not show.
        data: some hundred labelled images.
        optimizers: optimizers by name.
        loss: the height of the landscape.
        steps: that each takes.
        resolution: how many points the grid has along each side.

    Returns:
        The same numbers every time.

    Raises:
        TenfoldError: if the network has running statistics, a number is too small, or one of the
            optimizers diverges.

    Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets" (NeurIPS
    2018), section 7; there the end of a single path stands where the common start stands here.
    """
    _check(network, optimizers, steps, resolution)
    start = network.theta.value.astype(np.float64)
    walked = {name: _walk(name, network, data, t, loss, steps) for name, t in optimizers.items()}
    moves = np.concatenate([places for places, _ in walked.values()]) - start
    with limit_threads(1):
        plane = principal_plane(moves)
        flat = moves @ plane.T
        x, y = _extent(flat, resolution)
        grid = _heights(network, data, loss, start, plane, x, y)
    if not np.isfinite(grid).all():
        raise TenfoldError(
            "the paths lead so far away that the loss there is no number: choose smaller "
            "learning rates or fewer steps"
        )
    total = float(np.vdot(moves, moves))
    points = [(float(a), float(b)) for a, b in flat]
    return OptimizerPaths(
        points={name: points[i * (steps + 1) :][: steps + 1] for i, name in enumerate(walked)},
        losses={name: losses for name, (_, losses) in walked.items()},
        x=x.tolist(),
        y=y.tolist(),
        grid=grid,
        explained=float(np.vdot(flat, flat)) / total if total else 1.0,
    )


def principal_plane(moves: Array) -> Array:
    """Return the first two right singular vectors of a matrix (N, P), as rows: (2, P), orthonormal.

    They come from the eigenvectors of the small matrix (N, N) of all products of rows. If the rows
    all lie on one line, the second direction is an arbitrary one across it. The last row has no
    negative coordinates: the directions' signs mean nothing, and so they are always the same.
    """
    _, vectors = np.linalg.eigh(moves @ moves.T)
    plane = vectors[:, :-3:-1].T @ moves
    for index, row in enumerate(plane):
        if np.linalg.norm(row) <= 1e-7 * np.linalg.norm(moves):  # rounding, no direction
            row[:] = stream(0, "landscape", index).standard_normal(len(row))
        for other in [*plane[:index]] * 2:  # a second time for the rounding of the first
            row -= (row @ other) * other
        row /= np.linalg.norm(row)
    plane[plane @ moves[-1] < 0] *= -1
    return plane


def _walk(
    name: str, network: Network, data: Dataset, chosen: PathOptimizer, loss: Loss, steps: int
) -> tuple[Array, list[float]]:
    """Return theta before the first step and after each, (steps + 1, P), and the losses there."""
    walker = deepcopy(network)
    places, losses = [walker.theta.value.astype(np.float64)], [_loss(walker, data, loss)]
    try:
        for record in fit(
            walker,
            data,
            optimizer=deepcopy(chosen.optimizer),
            schedule=Constant(chosen.learning_rate),
            loss=loss,
            epochs=steps,
            batch_size=None,
            log_every=steps,
        ):
            if isinstance(record, StepRecord):
                places.append(walker.theta.value.astype(np.float64))
                losses.append(_loss(walker, data, loss))
    except DivergenceError as error:
        raise TenfoldError(
            f"{name} does not get through {steps} steps at a learning rate of "
            f"{chosen.learning_rate:g}: choose a smaller one. {error}"
        ) from error
    return np.array(places), losses


def _loss(network: Network, data: Dataset, loss: Loss) -> float:
    with np.errstate(over="ignore", invalid="ignore"):  # whoever asks looks at the number
        value, _ = loss(network.forward(data.images), data.require_labels())
    return float(value)


def _extent(flat: Array, resolution: int) -> tuple[Array, Array]:
    """Return the x and the y of a grid around all points (N, 2), with a margin."""
    low, high = flat.min(axis=0), flat.max(axis=0)
    widest = float((high - low).max()) or 1.0
    half = np.maximum(high - low, _LEAST * widest) * (0.5 + _MARGIN)
    middle = (low + high) / 2
    x, y = np.linspace(middle - half, middle + half, resolution).T
    return x, y


def _heights(
    network: Network, data: Dataset, loss: Loss, start: Array, plane: Array, x: Array, y: Array
) -> list[list[float]]:
    """Return the loss at start + x u + y v, a row for each y."""
    walker = deepcopy(network)
    grid: list[list[float]] = []
    for up in y:
        grid.append([])
        for across in x:
            walker.theta.value[...] = start + across * plane[0] + up * plane[1]
            grid[-1].append(_loss(walker, data, loss))
    return grid


def _check(
    network: Network, optimizers: Mapping[str, PathOptimizer], steps: int, resolution: int
) -> None:
    if any(layer.state for layer in network.layers):
        raise TenfoldError(
            "the running statistics of batch normalisations are no part of theta, and the loss "
            "depends on them: choose a network without"
        )
    if not optimizers or steps < 1 or resolution < 2:
        raise TenfoldError(
            f"paths need an optimizer, a step and a grid of 2 by 2 at least, not "
            f"{len(optimizers)}, {steps} and {resolution}"
        )
