"""Embeddings: two-dimensional maps of images, from the features at each stage of a network.

On the map of the pixels, the points of different digits are mixed. On the maps of later layers, the
points of each digit are closer together. A PCA map is a projection from many dimensions: points
that are far apart in the map are far apart in the features, but points that are close in the map
need not be close in the features.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import Conv2D, ConvMaxPool, Dense, Network, Residual, stream
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size

__all__ = ["DigitMaps", "StageMap", "digit_maps", "neighbour_accuracy", "pca", "stages", "tsne"]

Method = Literal["pca", "tsne"]

_REDUCED = 50  # dimensions of the input of t-SNE; the others are mostly noise
_PERPLEXITY = 30.0  # of t-SNE: about the number of neighbours that count for each point
_STEPS = 500  # scikit-learn's default is 1,000, but after 500 steps the map hardly changes
_EXACT = 500  # up to this number of images, the exact method is faster than Barnes-Hut


@dataclass(frozen=True)
class StageMap:
    """A map of the images at one stage.

    Attributes:
        stage: Name of the stage, such as ``"pixels"`` or ``"2 Dense"``.
        size: Number of features per image at this stage.
        method: ``"pca"`` or ``"tsne"``.
        positions: Position of each image, (N, 2).
        purity: Neighbour accuracy (called ``purity`` in the files of runs): the share of points
            whose nearest neighbour in the map has the same label; about 0.1 for ten digits at
            random positions, 1 for separate groups.
        explained: Shares of the variance along x and y for PCA; None for t-SNE.
    """

    stage: str
    size: int
    method: Method
    positions: Array
    purity: float
    explained: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class DigitMaps:
    """Maps of one set of images, from the pixels to the logits.

    Attributes:
        labels: True class of each image, (N,).
        maps: Maps of all stages by the first method, then maps of all stages by the next method.
    """

    labels: Array
    maps: tuple[StageMap, ...]

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the labels and the maps as plain data."""
        rows = [asdict(row) | {"positions": row.positions.tolist()} for row in self.maps]
        return {"labels": self.labels.tolist(), "maps": rows}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "DigitMaps":
        """Return the maps from the plain data that ``to_dict`` returns.

        Raises:
            TenfoldError: If ``data`` has another form.
        """
        try:
            labels = np.asarray(data["labels"], np.int64)
            maps = tuple(_stage_map(row, len(labels)) for row in data["maps"])
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise TenfoldError(
                f"data must describe maps of digits ({error!r}): create them again"
            ) from error
        return cls(labels, maps)


@checked
def digit_maps(
    network: Network,
    dataset: Dataset,
    methods: tuple[Method, ...] = ("pca",),
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DigitMaps:
    """Map labelled images at every stage of a network: pixels, each hidden stage, logits.

    Args:
        network: Trained network.
        dataset: Labelled images, at least 3, usually some hundreds: the time grows with the square
            of their number.
        methods: ``"pca"``, ``"tsne"`` or both. Default: PCA.
        seed: Random seed of t-SNE, 0 to 2**64 - 1. Default 0.
        progress: Function that is called after each map with the number of finished maps and the
            number of all maps. By default nothing is called.

    Raises:
        TenfoldError: If there are fewer than 3 images, labels are missing, or t-SNE is wanted and
            scikit-learn is not installed.
        ValueError: If the images have another shape than the network takes.
    """
    labels = dataset.require_labels()
    if len(labels) < 3:
        raise TenfoldError(
            f"{dataset.name} must contain at least 3 images to be mapped, got {len(labels)}"
        )
    features_by_stage = dict(stages(network, dataset.images))
    maps: list[StageMap] = []
    for method in methods:
        for name, features in features_by_stage.items():
            maps.append(_map(name, features, labels, method, seed))
            progress(len(maps), len(methods) * len(features_by_stage))
    return DigitMaps(labels, tuple(maps))


@checked
def stages(network: Network, images: Array) -> Iterator[tuple[str, Array]]:
    """Yield the name and the features (N, F) of each stage: pixels, hidden stages, logits.

    A stage begins with a layer that mixes its inputs (dense, convolution or residual block), and
    ends before the next such layer. Its features are the outputs of its last layer, that is, after
    activation and pooling.

    Args:
        network: Trained network.
        images: Images (N, H, W, C).

    Raises:
        ValueError: If the images have another shape than the network takes.
    """
    yield "pixels", images.reshape(len(images), -1)
    mixing = [i for i, layer in enumerate(network.layers) if isinstance(layer, _MIXING)]
    last = len(network.layers) - 1
    ends = {end - 1: start for start, end in pairwise([*mixing, last + 1])}
    parts = [
        _outputs(network, images[start : start + network.batch], set(ends))
        for start in range(0, len(images), network.batch)
    ]
    for end, start in ends.items():
        name = "logits" if end == last else f"{start} {type(network.layers[start]).__name__}"
        yield name, np.concatenate([part[end] for part in parts])


@checked
def pca(features: Array, dimensions: Size = 2) -> tuple[Array, Array]:
    r"""Return the principal components of features.

    Let X be the features minus their mean, and X = U S V^T. The positions are the first columns of
    U S. The share of the variance along component k is S_k^2 / sum S^2. Both are computed from the
    eigenvectors of the smaller one of X X^T and X^T X, which is faster than the decomposition of X.
    The sign of each component is chosen so that the point farthest from 0 is positive.

    Args:
        features: Features, (N, F).
        dimensions: Number of components D. Default 2.

    Returns:
        Positions (N, D) float64, and the explained shares of the variance (D,). Components beyond
        min(N, F) are 0.

    References:
        Pearson, "On lines and planes of closest fit to systems of points in space" (1901).
    """
    if features.ndim != 2 or features.dtype.kind not in "buif" or not len(features):
        raise ValueError(
            f"features must be numbers of shape (N, F), got {features.dtype} of shape "
            f"{features.shape}"
        )
    x = features.astype(np.float64)
    x -= x.mean(axis=0)
    wide = x.shape[1] > len(x)
    squares, vectors = np.linalg.eigh(x @ x.T if wide else x.T @ x)
    squares, vectors = np.maximum(squares[::-1], 0), vectors[:, ::-1]
    kept = min(dimensions, len(squares))
    scores = vectors[:, :kept]
    scores = scores * np.sqrt(squares[:kept]) if wide else x @ scores
    farthest = scores[np.abs(scores).argmax(axis=0), np.arange(kept)]
    positions, explained = np.zeros((len(x), dimensions)), np.zeros(dimensions)
    positions[:, :kept] = scores * np.where(farthest < 0, -1, 1)
    explained[:kept] = squares[:kept] / (squares.sum() or 1)
    return positions, explained


@checked
def tsne(features: Array, seed: int = 0) -> Array:
    """Return positions (N, 2) of features (N, F) by t-SNE, which keeps neighbours, not distances.

    This is scikit-learn's t-SNE of the first 50 principal components, in 500 steps, with perplexity
    30, or (N - 1) / 3 for fewer than 91 images. The same seed gives the same map.

    Args:
        features: Features, (N, F).
        seed: Random seed, 0 to 2**64 - 1. Default 0.

    Raises:
        TenfoldError: If scikit-learn is not installed.

    References:
        Van der Maaten and Hinton, "Visualizing data using t-SNE" (JMLR 2008).
    """
    try:
        from sklearn.manifold import TSNE
    except ImportError as error:
        raise TenfoldError(
            "t-SNE needs scikit-learn, which is not installed: run pip install '.[maps]' in "
            "a checkout of tenfold, or use PCA"
        ) from error
    reduced, _ = pca(features, _REDUCED)
    if not reduced.any():
        return np.zeros((len(features), 2))  # all points are equal
    model = TSNE(
        perplexity=min(_PERPLEXITY, (len(features) - 1) / 3),
        init="pca",
        learning_rate="auto",
        max_iter=_STEPS,
        method="exact" if len(features) <= _EXACT else "barnes_hut",
        random_state=int(stream(seed, "t-sne").integers(2**31)),
        n_jobs=1,
    )
    return model.fit_transform(reduced).astype(np.float64)


@checked
def neighbour_accuracy(positions: Array, labels: Array) -> float:
    """Return the share of points whose nearest other point has the same label.

    Distances are Euclidean; of several points at the same distance, the first counts.

    Args:
        positions: Points, (N, D).
        labels: Label of each point, (N,).
    """
    if positions.ndim != 2 or labels.shape != positions.shape[:1] or len(labels) < 2:
        raise ValueError(
            "positions and labels must have the shapes (N, D) and (N,) with N > 1, got "
            f"{positions.shape} and {labels.shape}"
        )
    distances = np.zeros((len(positions), len(positions)))
    for axis in positions.T:
        distances += np.subtract.outer(axis, axis) ** 2
    np.fill_diagonal(distances, np.inf)
    return float(np.mean(labels[distances.argmin(axis=1)] == labels))


_MIXING = (Dense, Conv2D, ConvMaxPool, Residual)  # layers with which a stage begins


def _outputs(network: Network, x: Array, wanted: set[int]) -> dict[int, Array]:
    """Return the outputs of the wanted layers for a batch, as rows (N, F)."""
    outputs = {}
    for index, layer in enumerate(network.layers):
        x = layer.forward(x)
        if index in wanted:
            outputs[index] = x.reshape(len(x), -1)
    return outputs


def _map(stage: str, features: Array, labels: Array, method: Method, seed: int) -> StageMap:
    explained = None
    if method == "pca":
        positions, shares = pca(features)
        explained = (float(shares[0]), float(shares[1]))
    else:
        positions = tsne(features, seed)
    purity = neighbour_accuracy(positions, labels)
    return StageMap(stage, features.shape[1], method, positions, purity, explained)


def _stage_map(row: dict[str, Any], count: int) -> StageMap:
    positions = np.asarray(row["positions"], np.float64)
    if positions.shape != (count, 2) or row["method"] not in ("pca", "tsne"):
        raise ValueError(f"{positions.shape} positions by {row['method']!r} for {count} images")
    explained = row["explained"] and (float(row["explained"][0]), float(row["explained"][1]))
    return StageMap(
        stage=str(row["stage"]),
        size=int(row["size"]),
        method=row["method"],
        positions=positions,
        purity=float(row["purity"]),
        explained=explained,
    )
