"""Damage to images of digits: by the paper, by the pen, by the camera and by a bad cut-out."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.raster import segment_cover

__all__ = ["Change", "damage", "grain", "keep_ink"]

Change: TypeAlias = Callable[[Array, np.random.Generator], Array]
"""Function of ink (N, S, S), float32 from 0 to 1, and random numbers; returns changed ink."""

_WIDE = 10  # least width of a digit that ``_sliver`` damages, in pixels
_STRIP = 0.15  # width of the widest strip of ``_sliver``, as a share of the digit's width
_FAINTEST = 0.06  # fainter ink is paper: the reader, which finds ink by a threshold, leaves it out


def damage(ink: Array, rng: np.random.Generator, factor: float = 1.0) -> Array:
    """Return ink with random damage, which leaves a digit readable.

    Args:
        ink: (N, S, S) float32 from 0 to 1. Not modified.
        rng: Random generator.
        factor: Factor of the probabilities of all kinds of damage, 0 to 1.

    Returns:
        float32 from 0 to 1, of the same shape.
    """
    ink = ink.copy()
    shares = np.array([factor * share for share, _ in _STRONG])
    which = rng.choice(len(shares) + 1, len(ink), p=[*shares, 1 - shares.sum()])
    for index, (_, change) in enumerate(_STRONG):
        chosen = np.flatnonzero(which == index)
        if len(chosen):
            ink[chosen] = change(ink[chosen], rng)
    for share, change in _LIGHT:
        chosen = np.flatnonzero(rng.random(len(ink)) < factor * share)
        if len(chosen):
            ink[chosen] = change(ink[chosen], rng)
    return keep_ink(ink)


def keep_ink(ink: Array) -> Array:
    """Return ink with 0 in place of values that are too faint to be distinguished from paper."""
    return np.where(ink < _FAINTEST, np.float32(0), np.minimum(ink, np.float32(1)))


def _boxes(ink: Array) -> tuple[Array, Array]:
    """Return (left, top) and (right, bottom) of the box of the ink, in pixels: (N, 2) each."""
    first, last = [], []
    for axis in (1, 2):
        used = np.any(ink > 0.3, axis=axis)
        first.append(used.argmax(axis=1))
        last.append(used.shape[1] - used[:, ::-1].argmax(axis=1))
    return np.stack(first, axis=1).astype(float), np.stack(last, axis=1).astype(float)


def _unit(low: Array, high: Array) -> Array:
    """Return the unit of the lengths of damage, in pixels, (N,).

    It is 1/36 of the longer side of the ink, but at least 0.3 and at most 2.
    """
    return np.clip((high - low).max(axis=1) / 36, 0.3, 2)


def _ruled_line(ink: Array, rng: np.random.Generator) -> Array:
    """Add a piece of a ruled line or of the edge of a box beside the digit."""
    count, size = len(ink), ink.shape[-1]
    low, high = _boxes(ink)
    across, before = rng.integers(0, 2, count), rng.random(count) < 0.5
    rows = np.arange(count)
    edge = np.where(before, low[rows, across], high[rows, across])
    gap = rng.uniform(-0.5, 3, count) + 2 * (before & (across == 1))  # a bar on a 1 makes a 7
    edge += np.where(before, -1, 1) * gap * _unit(low, high)
    ends = np.sort(rng.uniform(-0.15, 1.15, (count, 2)), axis=1)
    other, length = low[rows, 1 - across], (high - low)[rows, 1 - across]
    start, end = np.empty((count, 2)), np.empty((count, 2))
    start[rows, across], end[rows, across] = edge, edge + rng.normal(0, 0.5, count)
    start[rows, 1 - across] = other + ends[:, 0] * length
    end[rows, 1 - across] = other + ends[:, 1] * length
    radius = rng.uniform(0.3, 0.9, count) * _unit(low, high)
    line = segment_cover(start, end, radius, size)
    return np.maximum(ink, line * _per_image(rng.uniform(0.4, 1, count)))


def _sliver(ink: Array, rng: np.random.Generator) -> Array:
    """Copy an outer strip of the digit beside it, as if it were the edge of a neighbour.

    A strip of another image would make the result depend on the rest of the batch.
    """
    low, high = (edges[:, 0].astype(int) for edges in _boxes(ink))
    strip = np.minimum(rng.uniform(1, 3.4, len(ink)), _STRIP * (high - low)).round().astype(int)
    gap = rng.integers(1, 4, len(ink))
    before = rng.random(len(ink)) < 0.5
    shift = np.where(before, low - gap - high, high + gap - low)  # from the strip to its copy
    start = np.where(before, high - strip, low)
    out = ink.copy()
    for row in np.flatnonzero(high - low >= _WIDE):  # the copy of a strip of a 1 would be another 1
        columns = start[row] + np.arange(strip[row])
        columns = columns[(columns + shift[row] >= 0) & (columns + shift[row] < ink.shape[2])]
        out[row, :, columns + shift[row]] = ink[row, :, columns]
    return out


def _specks(ink: Array, rng: np.random.Generator) -> Array:
    """Add up to three specks; with probability 0.4, each is left out or hardly visible."""
    count, size = len(ink), ink.shape[-1]
    low, high = _boxes(ink)
    for _ in range(3):
        start = low - 2 + rng.random((count, 2)) * (high - low + 4)
        radius = np.where(rng.random(count) < 0.6, rng.uniform(-0.2, 1, count), -1)
        radius = radius * _unit(low, high)
        end = start + rng.normal(0, 0.7, (count, 2))
        ink = np.maximum(ink, segment_cover(start, end, radius, size))
    return ink


def _erased_ruled_line(ink: Array, rng: np.random.Generator) -> Array:
    """Erase a thin straight line through the digit, as where a ruled line was removed.

    It is never parallel to the axes, so that it does not erase a whole bar of a digit.
    """
    count, size = len(ink), ink.shape[-1]
    low, high = _boxes(ink)
    upright = rng.random((count, 1)) < 0.3
    middle = low + rng.uniform(0.15, 0.85, (count, 2)) * (high - low)
    tilt = size * rng.uniform(0.07, 0.16, count) * rng.choice((-1, 1), count)
    flat = np.stack([np.full(count, size), tilt], axis=1)
    half = np.where(upright, flat[:, ::-1], flat)
    radius = rng.uniform(0.1, 0.9, count) * _unit(low, high) - 0.15
    line = segment_cover(middle - half, middle + half, radius, size)
    return ink * (1 - line * _per_image(rng.uniform(0.5, 1, count)))


def _bite(ink: Array, rng: np.random.Generator) -> Array:
    """Erase the ink in a narrow strip along half of one side, as if the box were too small.

    The strip is 2 to 8% of the digit deep, and may reach beyond the end of the side.
    """
    count, size = len(ink), ink.shape[-1]
    low, high = _boxes(ink)
    depth = rng.uniform(0.02, 0.08, count)
    side = rng.integers(0, 4, count)
    first = rng.uniform(-0.2, 0.7, count)
    pixels = np.arange(size) + 0.5
    share = (pixels[:, np.newaxis, np.newaxis] - low) / (high - low)  # 0 to 1 inside the box
    x, y = share[..., 0].T[:, np.newaxis, :], share[..., 1].T[:, :, np.newaxis]
    sides = side[:, None, None] == np.arange(4)[:, None, None, None]
    inward = np.select(list(sides), [x, y, 1 - x, 1 - y])
    along = np.where((side % 2 == 0)[:, None, None], y, x) - _per_image(first)
    cut = (inward < _per_image(depth)) & (along > 0) & (along < 0.5)
    return np.where(cut, np.float32(0), ink)


def _blur(ink: Array, rng: np.random.Generator) -> Array:
    """Blur by the weights 1-2-1 along both axes, mixed with the sharp image."""
    blurred = ink
    for axis in (1, 2):
        near = np.pad(blurred, [(0, 0), *[(1, 1) if a == axis else (0, 0) for a in (1, 2)]])
        size = ink.shape[axis]
        parts = [near.take(range(shift, shift + size), axis=axis) for shift in range(3)]
        blurred = (parts[0] + 2 * parts[1] + parts[2]) / np.float32(4)
    share = _per_image(rng.uniform(0.4, 1, len(ink)))
    return ink + share * (blurred - ink)


def _coarse(ink: Array, rng: np.random.Generator) -> Array:
    """Reduce the longer side to 7 to 13 pixels, and enlarge again, as in a very small picture.

    The pixels become smooth transitions, as when a picture is enlarged, or squares of one grey
    level.
    """
    from PIL import Image

    low, high = _boxes(ink)
    cells = np.where(rng.random(len(ink)) < _EIGHT, 8, rng.integers(7, 14, len(ink)))
    room = rng.uniform(0, 1.5, (len(ink), 4))
    enlarge = rng.choice(np.array(_ENLARGE, object), len(ink), p=(0.5, 0.25, 0.25))
    out = np.zeros_like(ink)
    for index, image in enumerate(ink):
        cell = float((high - low)[index].max()) / cells[index]
        left, top = np.floor(low[index] - room[index, :2] * cell).astype(int).clip(0)
        right, bottom = np.ceil(high[index] + room[index, 2:] * cell).astype(int)
        part = Image.fromarray(image[top:bottom, left:right])
        height, width = image[top:bottom, left:right].shape
        few = (max(1, round(width / cell)), max(1, round(height / cell)))
        small = part.resize(few, Image.Resampling.BOX)
        again = np.asarray(small.resize((width, height), Image.Resampling[enlarge[index]]))
        out[index, top:bottom, left:right] = np.clip(again / max(float(again.max()), 1e-6), 0, 1)
    return out


# Share of the coarse digits whose longer side becomes 8 pixels, as in scikit-learn's digits. The
# longer side of the others becomes 7 to 13 pixels, a random number.
_EIGHT = 0.3
_ENLARGE = ("BICUBIC", "BILINEAR", "NEAREST")
"""Names of the filters with which few pixels become many."""


def grain(ink: Array, rng: np.random.Generator) -> Array:
    """Return ink with the grain of pencil or chalk: the paper shows through in small places."""
    count, size = len(ink), ink.shape[-1]
    fine = rng.random((count, size, size), np.float32)
    coarse = rng.random((count, size // 2, size // 2), np.float32).repeat(2, 1).repeat(2, 2)
    noise = fine + np.where(rng.random(count) < 0.5, 1, 0.2)[:, None, None] * coarse
    limit = rng.uniform(0.1, 0.5, count)[:, None, None] * noise.max(axis=(1, 2), keepdims=True)
    depth = _per_image(rng.uniform(0.3, 1, count) * np.clip(2 * _strength(ink) - 0.6, 0.2, 1))
    return ink * (1 - depth * (noise < limit).astype(np.float32))


def _noise(ink: Array, rng: np.random.Generator) -> Array:
    """Add normal noise to the ink and its surroundings."""
    deviation = _per_image(rng.uniform(0.03, 0.2, len(ink)))
    noisy = ink + deviation * rng.standard_normal(ink.shape, np.float32)
    near = _blur(_blur(ink, rng), rng) > 0.02
    return np.where(near, np.clip(noisy, 0, 1), ink)


def _jpeg(ink: Array, rng: np.random.Generator) -> Array:
    """Round the cosine transform of blocks of 8 x 8, coarser for higher frequencies."""
    count, size = len(ink), ink.shape[-1] // 8 * 8
    k = np.arange(8)
    cosine = np.cos(np.pi * (2 * k + 1) * k[:, None] / 16) * np.where(k, 0.5, 8**-0.5)[:, None]
    cosine = cosine.astype(np.float32)
    blocks = ink[:, :size, :size].reshape(count, size // 8, 8, size // 8, 8).swapaxes(2, 3)
    step = (rng.uniform(0.03, 0.12, count)[:, None, None] * (1 + k + k[:, None])).astype(np.float32)
    step = step[:, None, None]
    coarse = np.round(cosine @ blocks @ cosine.T / step) * step
    out = ink.copy()
    restored = (cosine.T @ coarse @ cosine).swapaxes(2, 3).reshape(count, size, size)
    out[:, :size, :size] = np.where(restored > 0.12, np.clip(restored, 0, 1), 0)
    return out


def _sharp(ink: Array, rng: np.random.Generator) -> Array:
    """Make each pixel either ink or paper."""
    threshold = rng.uniform(0.3, 0.6, len(ink))
    return (ink > _per_image(np.minimum(threshold, 0.8 * _strength(ink)))).astype(np.float32)


def _strength(ink: Array) -> Array:
    """Return the mean of the ink that is not faint, (N,); low for lines thinner than a pixel."""
    strong = ink > 0.12
    return np.where(strong, ink, 0).sum(axis=(1, 2)) / np.maximum(strong.sum(axis=(1, 2)), 1)


def _per_image(values: Array) -> Array:
    return values[:, None, None].astype(np.float32)


_Changes: TypeAlias = tuple[tuple[float, Change], ...]

_STRONG: _Changes = (
    (0.07, grain),
    (0.08, _erased_ruled_line),
    (0.05, _bite),
    (0.10, _ruled_line),
    (0.08, _specks),
    (0.04, _sliver),
)
"""Probability and function of each kind of strong damage; an image gets at most one."""

_LIGHT: _Changes = (
    (0.18, _blur),
    (0.14, _coarse),
    (0.06, _noise),
    (0.06, _jpeg),
    (0.20, _sharp),
)
"""Probability and function of each kind of light damage, in the order in which they occur."""
