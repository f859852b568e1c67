"""Maps: the digits as points of a plane, as each stage of a network sees them.

What a network does to images can be watched: points of one digit, mixed with others at the pixels,
come together layer by layer. A map is a shadow of many dimensions: what lies apart in it is apart,
what lies together need not be together.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import Conv2D, Dense, Network, Residual, stream
from tenfold.nn.array import Array

__all__ = ["DigitMaps", "StageMap", "digit_maps", "neighbour_purity", "pca", "stages", "tsne"]

Method = Literal["pca", "tsne"]

_REDUCED = 50  # dimensions that t-SNE is given: the others are mostly noise, and cost time
_PERPLEXITY = 30.0
_STEPS = 500  # in the rest of the usual 1,000 the map hardly moves
_EXACT = 500  # images up to which all pairs are quicker than a tree of them


@dataclass(frozen=True)
class StageMap:
    """One map: where each image lies.

    Attributes:
        stage: what was mapped, such as ``"pixels"`` or ``"2 Dense"``.
        size: how many numbers of each image it was made from.
        method: ``"pca"`` or ``"tsne"``.
        positions: (N, 2).
        purity: the share of points whose nearest neighbour in the map has the same label; about
            0.1 if ten digits lie anyhow, 1 if they lie apart.
        explained: the shares of the variance that lie along x and y; None for t-SNE.
    """

    stage: str
    size: int
    method: Method
    positions: Array
    purity: float
    explained: tuple[float, float] | None = None


@dataclass(frozen=True)
class DigitMaps:
    """The maps of one set of images, from the pixels to the logits.

    Attributes:
        labels: what the images are, (N,).
        maps: all of one method from stage to stage, then those of the next.
    """

    labels: Array
    maps: tuple[StageMap, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        rows = [asdict(row) | {"positions": row.positions.tolist()} for row in self.maps]
        return {"labels": self.labels.tolist(), "maps": rows}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> "DigitMaps":
        """Return what ``to_dict`` wrote down.

        Raises:
            TenfoldError: if that is not what it is.
        """
        try:
            labels = np.asarray(told["labels"], np.int64)
            maps = tuple(_stage_map(row, len(labels)) for row in told["maps"])
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise TenfoldError(f"this is no map of digits ({error!r}): draw it again") from error
        return cls(labels, maps)


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
        network: outside training.
        dataset: labelled, some hundreds of images: the time grows with their square.
        methods: ``"pca"``, ``"tsne"`` or both.
        seed: of t-SNE.
        progress: called with (maps done, maps in all) after each map.

    Raises:
        TenfoldError: if there are fewer than three images, labels are missing, or scikit-learn
            is, which t-SNE needs.
        ValueError: if the images have another shape than the network takes.
    """
    labels = dataset.require_labels()
    if len(labels) < 3:
        raise TenfoldError(
            f"a map needs at least 3 images, and {dataset.name} has {len(labels)}: take more"
        )
    seen = dict(stages(network, dataset.images))
    maps: list[StageMap] = []
    for method in methods:
        for name, features in seen.items():
            maps.append(_map(name, features, labels, method, seed))
            progress(len(maps), len(methods) * len(seen))
    return DigitMaps(labels, tuple(maps))


def stages(network: Network, images: Array) -> Iterator[tuple[str, Array]]:
    """Yield (name, features (N, F)): the pixels, what each stage gives, and the logits.

    A stage is a layer that mixes its inputs (dense, convolution, residual block) with all layers
    after it up to the next such layer, so that each is seen after its activation and pooling.
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


def pca(features: Array, dimensions: int = 2) -> tuple[Array, Array]:
    r"""Return (positions (N, D), explained (D,)): the principal components of (N, F) features.

    With X the features less their mean and X = U S V^T, positions are the first columns of U S,
    and S_k^2 / sum S^2 is the share of the variance along each. The eigenvectors of the smaller
    of X X^T and X^T X give the same in less time. Of each component the sign is chosen so that
    the point farthest from 0 lies on the positive side; missing dimensions are 0.

    Pearson, "On lines and planes of closest fit to systems of points in space" (1901).
    """
    x = features.astype(np.float64)
    x -= x.mean(axis=0)
    wide = x.shape[1] > len(x)
    squares, vectors = np.linalg.eigh(x @ x.T if wide else x.T @ x)
    squares, vectors = np.maximum(squares[::-1], 0), vectors[:, ::-1]
    kept = min(dimensions, len(squares))
    found = vectors[:, :kept]
    found = found * np.sqrt(squares[:kept]) if wide else x @ found
    farthest = found[np.abs(found).argmax(axis=0), np.arange(kept)]
    positions, explained = np.zeros((len(x), dimensions)), np.zeros(dimensions)
    positions[:, :kept] = found * np.where(farthest < 0, -1, 1)
    explained[:kept] = squares[:kept] / (squares.sum() or 1)
    return positions, explained


def tsne(features: Array, seed: int = 0) -> Array:
    """Return positions (N, 2): neighbours of (N, F) features stay neighbours, distances do not.

    scikit-learn's, of the first 50 principal components, in 500 steps, with perplexity 30 or, for
    fewer than 91 images, a third of the others. The same seed gives the same map.

    Van der Maaten and Hinton, "Visualizing data using t-SNE" (JMLR 2008).

    Raises:
        TenfoldError: if scikit-learn is not installed.
    """
    try:
        from sklearn.manifold import TSNE
    except ImportError as error:
        raise TenfoldError(
            "t-SNE needs scikit-learn, which is not installed: pip install 'tenfold[maps]', or "
            "draw the map by PCA"
        ) from error
    reduced, _ = pca(features, _REDUCED)
    if not reduced.any():
        return np.zeros((len(features), 2))  # all points are the same one
    made = TSNE(
        perplexity=min(_PERPLEXITY, (len(features) - 1) / 3),
        init="pca",
        learning_rate="auto",
        max_iter=_STEPS,
        method="exact" if len(features) <= _EXACT else "barnes_hut",
        random_state=int(stream(seed, "t-sne").integers(2**31)),
        n_jobs=1,
    )
    return made.fit_transform(reduced).astype(np.float64)


def neighbour_purity(positions: Array, labels: Array) -> float:
    """Return the share of points (N, D) whose nearest other point has the same label (N,).

    By Euclidean distance; of equally near points the first counts.
    """
    distances = np.zeros((len(positions), len(positions)))
    for axis in positions.T:
        distances += np.subtract.outer(axis, axis) ** 2
    np.fill_diagonal(distances, np.inf)
    return float(np.mean(labels[distances.argmin(axis=1)] == labels))


_MIXING = (Dense, Conv2D, Residual)


def _outputs(network: Network, x: Array, wanted: set[int]) -> dict[int, Array]:
    """Return what the wanted layers give for a batch, as rows (N, F)."""
    found = {}
    for index, layer in enumerate(network.layers):
        x = layer.forward(x)
        if index in wanted:
            found[index] = x.reshape(len(x), -1)
    return found


def _map(stage: str, features: Array, labels: Array, method: Method, seed: int) -> StageMap:
    explained = None
    if method == "pca":
        positions, shares = pca(features)
        explained = (float(shares[0]), float(shares[1]))
    else:
        positions = tsne(features, seed)
    purity = neighbour_purity(positions, labels)
    return StageMap(stage, features.shape[1], method, positions, purity, explained)


def _stage_map(row: dict[str, Any], count: int) -> StageMap:
    positions = np.asarray(row["positions"], np.float64)
    if positions.shape != (count, 2) or row["method"] not in ("pca", "tsne"):
        raise ValueError(f"{positions.shape} positions by {row['method']!r} for {count} images")
    explained = row["explained"] and (float(row["explained"][0]), float(row["explained"][1]))
    told = (str(row["stage"]), int(row["size"]), row["method"])
    return StageMap(*told, positions, float(row["purity"]), explained)
