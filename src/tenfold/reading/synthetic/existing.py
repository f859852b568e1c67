"""Variants of existing digits, such as MNIST's, and non-digits that are made of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.images.normalization import bounding_box
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.nn.constraints import Whole, invalid
from tenfold.reading.synthetic.damage import damage
from tenfold.reading.synthetic.non_digits import (
    PARTS,
    break_up,
    fragment_digits,
    second_digits,
    with_ones,
)
from tenfold.reading.synthetic.normalization import cut_or_normalize_all
from tenfold.reading.synthetic.raster import neighbour_extreme, outlines

__all__ = ["augment_digits", "make_non_digits"]

_BLOCK = 256  # images that share a random generator
# Sides in pixels: of a given image, of an enlarged one, and of an image of several digits.
_SIZE, _LARGE, _CANVAS = 28, 56, 72
_ROOM = 4  # pixels around an enlarged image: strokes become wider by at most as much
_INK = 0.5  # grey level from which a pixel counts as ink
_HOLLOW = 0.015  # share of the digits of which only the outline is left
_NARROW = 0.4  # least width of a digit that becomes hollow, in its heights: a hollow 1 may be a 0

_SHARES = {"fragment": 0.3, "pair": 0.33, "cut pair": 0.2, "triple": 0.06, "stack": 0.05,
           "struck": 0.06}  # fmt: skip
"""Share of each kind of non-digit that is made of existing digits."""


def augment_digits(images: Array, seed: int, step: int = 0) -> Array:
    """Return digits as the reader cuts them out of real pictures: with changed strokes and damage.

    Each image is enlarged to twice its size. Its strokes become thicker or thinner, sharp or soft;
    it is damaged as generated digits are, and normalised again. Of the digits that are not narrow,
    1.5% become hollow: only their outline is left.

    Args:
        images: (N, 28, 28, 1) uint8, light ink on black. Not modified.
        seed: Random seed, 0 to 2**64 - 1.
        step: Number of the repetition, such as the epoch. Image i of a step is always changed in
            the same way, however many images follow it.

    Returns:
        (N, 28, 28, 1) uint8.

    Raises:
        ValueError: If an argument is out of its range.
    """
    _check(images, seed, step)

    def change(block: Array, rng: np.random.Generator) -> Array:
        large = np.pad(_enlarge(block), ((0, 0), (_ROOM, _ROOM), (_ROOM, _ROOM)))
        ink = damage(_rewrite(large, rng), rng)
        hollow = rng.random(len(ink)) < _HOLLOW
        ink[hollow] = _hollowed(large[hollow], rng)
        return cut_or_normalize_all(ink, rng)

    return _by_blocks(images, change, seed, "given digits", step)


def make_non_digits(images: Array, labels: Array, count: int, seed: int, step: int = 0) -> Array:
    """Return non-digits made of existing digits: two or three digits, halves, crossed-out digits.

    Args:
        images: (N, 28, 28, 1) uint8, light ink on black, with all ten digits. Not modified.
        labels: Digits that the images show: (N,).
        count: Number of non-digits.
        seed: Random seed, 0 to 2**64 - 1.
        step: Number of the repetition, such as the epoch.

    Returns:
        (count, 28, 28, 1) uint8.

    Raises:
        ValueError: If an argument is out of its range, or a digit does not occur.
    """
    _check(images, seed, step)
    count = Whole(0).check("count", count)
    if len(labels) != len(images):
        raise invalid(
            "labels", f"one for each of the {len(images)} images", f"{len(labels)} labels"
        )
    positions = [np.flatnonzero(labels == digit) for digit in range(10)]
    if any(not len(found) for found in positions):
        missing = ", ".join(str(digit) for digit in range(10) if not len(positions[digit]))
        raise ValueError(f"labels must contain all ten digits, got none of {missing}")

    pool = _Pool(images, positions)

    def make(block: Array, rng: np.random.Generator) -> Array:
        return _non_digits(pool, rng)

    return _by_blocks(np.empty((count, 0, 0, 0)), make, seed, "joined digits", step)


def _check(images: Array, seed: int, step: int) -> None:
    stream(seed, "given digits", step)  # checks the seed and the step
    if images.ndim != 4 or images.shape[1:] != (_SIZE, _SIZE, 1) or images.dtype != np.uint8:
        raise invalid(
            "images", "an array (N, 28, 28, 1) of uint8", f"{images.dtype} {images.shape}"
        )


def _by_blocks(
    images: Array,
    change: Callable[[Array, np.random.Generator], Array],
    seed: int,
    purpose: str,
    step: int,
) -> Array:
    """Return changed images; each block of 256 images has a random generator of its own."""
    out = np.empty((len(images), _SIZE, _SIZE, 1), np.uint8)
    for block in range(-(-len(images) // _BLOCK)):
        part = images[block * _BLOCK : (block + 1) * _BLOCK]
        # The last block is filled up, so that each block uses equally many random numbers.
        full = np.zeros((_BLOCK, *images.shape[1:]), images.dtype)
        full[: len(part)] = part
        changed = change(full, stream(seed, purpose, step, block))
        out[block * _BLOCK : (block + 1) * _BLOCK] = changed[: len(part)]
    return out


def _enlarge(images: Array) -> Array:
    """Return ink (N, 56, 56) from 0 to 1, with linear interpolation between pixels."""
    positions = (np.arange(_LARGE) + 0.5) * _SIZE / _LARGE - 0.5
    weights = np.maximum(0, 1 - abs(positions[:, None] - np.arange(_SIZE))).astype(np.float32)
    large: Array = weights @ (images[..., 0] / np.float32(255)) @ weights.T
    return large


def _hollowed(ink: Array, rng: np.random.Generator) -> Array:
    """Return ink (N, S, S) with the outlines of thickened strokes in place of the strokes.

    Narrow digits, most of them 1s, stay as they are.
    """
    thick = neighbour_extreme(neighbour_extreme(ink, np.maximum), np.maximum)
    strong = ink > _INK
    width, height = (np.any(strong, axis=axis).sum(axis=1) for axis in (1, 2))
    wide = width > _NARROW * height
    return np.where(wide[:, None, None], outlines(thick, rng), ink)


def _rewrite(ink: Array, rng: np.random.Generator) -> Array:
    """Return ink with thicker or thinner strokes, and with edges between soft and sharp."""
    count = len(ink)
    change = rng.choice((-2, -1, 0, 1, 2, 3), count, p=(0.05, 0.2, 0.38, 0.22, 0.1, 0.05))
    for step in (1, 2, 3):
        ink = np.where((change >= step)[:, None, None], neighbour_extreme(ink, np.maximum), ink)
        thin = neighbour_extreme(ink, np.minimum)
        kept = thin.max(axis=(1, 2)) > 0.75  # a thin stroke is not thinned away
        ink = np.where(((change <= -step) & kept)[:, None, None], thin, ink)
    steep = rng.choice((1.0, 1.6, 4.0), count, p=(0.45, 0.25, 0.3))[:, None, None]
    threshold = rng.uniform(0.4, 0.55, count)[:, None, None]
    out: Array = np.where(steep > 1, np.clip(0.5 + (ink - threshold) * steep, 0, 1), ink)
    return out.astype(np.float32)


@dataclass(frozen=True)
class _Pool:
    """Given digits, and the positions of each of the ten."""

    images: Array
    positions: list[Array]

    def ink(self, digits: Array, rng: np.random.Generator) -> Array:
        """Return an image of each digit, with changed strokes: (N, 56, 56)."""
        shares = rng.random(len(digits))
        chosen = [
            self.positions[digit][int(share * len(self.positions[digit]))]
            for digit, share in zip(digits, shares, strict=True)
        ]
        return _rewrite(_enlarge(self.images[chosen]), rng)


def _non_digits(pool: _Pool, rng: np.random.Generator) -> Array:
    """Return a block of normalised images of non-digits."""
    names = list(_SHARES)
    kinds = np.array(names)[rng.choice(len(names), _BLOCK, p=list(_SHARES.values()))]
    out = np.empty((_BLOCK, _SIZE, _SIZE, 1), np.uint8)
    rows = np.flatnonzero(np.isin(kinds, ("fragment", "struck")))
    halved, sides = fragment_digits(len(rows), rng)
    struck = rng.choice((2, 3, 4, 5, 6, 8, 9), len(rows))
    ink = pool.ink(np.where(kinds[rows] == "fragment", halved, struck), rng)
    out[rows] = cut_or_normalize_all(damage(break_up(ink, kinds[rows], sides, rng), rng), rng)
    rows = np.flatnonzero(~np.isin(kinds, ("fragment", "struck")))
    ink = _groups(pool, kinds[rows], rng)
    out[rows] = cut_or_normalize_all(
        damage(break_up(ink, kinds[rows], np.zeros(len(rows)), rng), rng), rng
    )
    return out


def _groups(pool: _Pool, kinds: Array, rng: np.random.Generator) -> Array:
    """Return ink (N, 72, 72) of two or three digits beside each other, or of two in a stack."""
    stacked, cut_pair = kinds == "stack", kinds == "cut pair"
    first = with_ones(rng.integers(0, 10, len(kinds)), kinds, rng)
    first = np.where(cut_pair & (first == 1), 8, first)
    cut_number = np.where(cut_pair, rng.integers(0, 2, len(kinds)), -1)  # which digit is cut
    canvas = np.zeros((len(kinds), _CANVAS, _CANVAS), np.float32)
    ends = np.full(len(kinds), 2)
    for number in range(3):
        digits = first if number == 0 else second_digits(first, kinds, rng)
        ink = _halve(pool.ink(digits, rng))
        gaps = np.where(rng.random(len(kinds)) < 0.4, rng.integers(-2, 3, len(kinds)), 5)
        gaps = np.where(stacked, np.maximum(gaps, 2), gaps)
        shares = rng.uniform(0.5, 0.75, len(kinds))
        aside = rng.integers(20, 25, len(kinds))
        for row in np.flatnonzero([number < PARTS[kind] for kind in kinds]):
            cut = ink[row][bounding_box(ink[row] > 0.2)]
            cut = cut.T if stacked[row] else cut
            if cut_number[row] == number:
                kept = int(cut.shape[1] * shares[row])
                cut = cut[:, :kept] if number else cut[:, -kept:]
            start = max(0, int(ends[row] + (gaps[row] if number else 0)))
            target = canvas[row].T if stacked[row] else canvas[row]
            part = target[aside[row] : aside[row] + len(cut), start : start + cut.shape[1]]
            np.maximum(part, cut[: part.shape[0], : part.shape[1]], out=part)
            ends[row] = start + cut.shape[1]
    return canvas


def _halve(ink: Array) -> Array:
    """Return the means of squares of 2 x 2 pixels."""
    count, size, _ = ink.shape
    return ink.reshape(count, size // 2, 2, size // 2, 2).mean(axis=(2, 4))
