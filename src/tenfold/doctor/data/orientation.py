"""Position: digits that lie transposed, turned or mirrored."""

from collections.abc import Callable

import numpy as np

from tenfold.data.orientation import TRANSPOSED_POSITION, UPRIGHT, agreement, looks_transposed
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["transposed_images", "turned_images"]

_GAIN = 0.3  # more images are understood than in the position that they have
_UNDERSTOOD = 0.8

# Which quarter turns to the left, after a mirror or not, set such images upright. Transposed ones
# are known by other means, from their looks alone.
_POSITIONS = {
    "turned to the right by a quarter": (1, False),
    "upside down": (2, False),
    "turned to the left by a quarter": (3, False),
    "mirrored left to right": (0, True),
    "mirrored top to bottom": (2, True),
    "mirrored on the diagonal from lower left to upper right": (3, True),
}


def transposed_images(
    images: Array, labels: Array | None = None, where: str = "images"
) -> Finding | None:
    """Return a finding if the digits lie with rows and columns exchanged, as EMNIST stores them.

    Args:
        images: (N, 28, 28, 1) uint8, at least 50; of fewer nothing is said.
        labels: (N,), or None.
        where: what the sentences call the images.
    """
    # Asked without the labels, too: these may be wrong themselves.
    if not (looks_transposed(images, labels) or looks_transposed(images)):
        return None
    fits = agreement(images).mean(axis=1)
    return Finding(
        "transposed-images",
        "serious",
        f"the {where} are transposed: mirrored on the diagonal",
        f"their correlation with MNIST's mean digits is {fits[UPRIGHT]:.2f} as they are and "
        f"{fits[TRANSPOSED_POSITION]:.2f} with rows and columns exchanged, the best of a square's "
        "eight positions (MNIST's own: 0.67)",
        "EMNIST's files store digits by columns, and so do programs that exchange x and y",
        "images = np.ascontiguousarray(images.swapaxes(1, 2))",
    )


def turned_images(
    images: Array, understood: Callable[[Array], float], where: str = "images"
) -> Finding | None:
    """Return a finding if the digits would be understood in another position.

    Args:
        images: (N, H, W, 1), not transposed.
        understood: returns the share of such images that somebody understands.
        where: what the sentences call them.
    """
    now = understood(images)
    if now >= _UNDERSTOOD:
        return None
    shares = {words: understood(_moved(images, *how)) for words, how in _POSITIONS.items()}
    words = max(shares, key=shares.__getitem__)
    if shares[words] < max(_UNDERSTOOD, now + _GAIN):
        return None
    turns, mirror = _POSITIONS[words]
    source = "images[:, :, ::-1]" if mirror else "images"
    return Finding(
        "turned-images",
        "serious",
        f"the {where} are {words}",
        f"the model that comes along understands {now:.0%} of {len(images):,} as they are, and "
        f"{shares[words]:.0%} once they are set upright",
        "a scanner or a program that counts rows from the bottom, or exchanges x and y",
        f"images = np.ascontiguousarray(np.rot90({source}, {turns}, axes=(1, 2)))",
    )


def _moved(images: Array, turns: int, mirror: bool) -> Array:
    return np.rot90(images[:, :, ::-1] if mirror else images, turns, axes=(1, 2))
