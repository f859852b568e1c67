r"""The handwriting: no two drawings of a shape are the same.

A drawing is a random mixture of the variants of its shape, in which each control point is moved a
little at random (jitter). Its points are then bent by a random field e and transformed:
p -> R H S (p + e(p)), where S scales the width, H slants and R rotates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.shapes.notation import StrokeShape

__all__ = ["Drawing", "Motion", "deform", "draw", "join"]


@dataclass(frozen=True)
class Drawing:
    """Points along the strokes of N drawings, in heights of a digit; y grows downwards.

    Attributes:
        points: (N, Q, 2) float32 as (x, y).
        strokes: Index of the stroke that each point belongs to: (N, Q); -1 for unused entries.
    """

    points: Array
    strokes: Array

    @property
    def used(self) -> Array:
        """Which entries contain a point: (N, Q) bool."""
        used: Array = self.strokes >= 0
        return used

    def extent(self) -> tuple[Array, Array]:
        """Return the smallest and the largest (x, y) of each drawing: (N, 2) each."""
        used, far = self.used, np.float32(np.inf)
        axes = [np.ascontiguousarray(self.points[..., axis]) for axis in (0, 1)]
        low = [np.where(used, values, far).min(axis=1) for values in axes]
        high = [np.where(used, values, -far).max(axis=1) for values in axes]
        return np.stack(low, axis=1), np.stack(high, axis=1)

    def moved(self, shift: Array) -> "Drawing":
        """Return the drawings shifted by (x, y): (N, 2)."""
        return Drawing(self.points + shift[:, np.newaxis].astype(np.float32), self.strokes)

    def taken(self, rows: Array) -> "Drawing":
        """Return the drawings of some rows."""
        return Drawing(self.points[rows], self.strokes[rows])


def join(first: Drawing, second: Drawing, rows: Array) -> Drawing:
    """Return the N drawings of ``first``, some of them with a drawing of ``second`` added.

    Args:
        first: N drawings.
        second: M drawings to add.
        rows: The drawings that they are added to: (M,).
    """
    count, extra = len(first.points), second.points.shape[1]
    points = np.zeros((count, extra, 2), np.float32)
    strokes = np.full((count, extra), -1)
    points[rows] = second.points
    # A digit has far fewer than 100 strokes, so the first digit shares no index with the others.
    strokes[rows] = np.where(second.used, second.strokes + 100, -1)
    return Drawing(
        np.concatenate([first.points, points], axis=1),
        np.concatenate([first.strokes, strokes], axis=1),
    )


def draw(shapes: Sequence[StrokeShape], rng: np.random.Generator) -> Drawing:
    """Return one drawing of each shape, with mixed variants and jittered control points."""
    longest = max((len(shape.strokes) for shape in shapes), default=1)
    points = np.zeros((len(shapes), longest, 2), np.float32)
    strokes = np.full((len(shapes), longest), -1)
    rows: dict[int, list[int]] = {}
    for row, shape in enumerate(shapes):
        rows.setdefault(id(shape), []).append(row)
    for members in rows.values():  # in the order in which the shapes first occur
        shape = shapes[members[0]]
        length = len(shape.strokes)
        points[members, :length] = _points(shape, len(members), rng)
        strokes[members, :length] = shape.strokes
    return Drawing(points, strokes)


def _points(shape: StrokeShape, count: int, rng: np.random.Generator) -> Array:
    """Return the points along the strokes of drawings of one shape: (count, Q, 2) float32."""
    shares = rng.standard_exponential((count, len(shape.variants)), np.float32) ** 3
    shares /= shares.sum(axis=1, keepdims=True)
    control = np.einsum("nv,vka->nka", shares, shape.variants)
    control += np.float32(shape.jitter) * rng.standard_normal(control.shape, np.float32)
    return shape.weights @ control.astype(np.float32)


@dataclass(frozen=True)
class Motion:
    """Limits of the deformation of drawings.

    Attributes:
        width: Least and greatest factor of the width: (N, 2).
        slant: Limits of the slant in degrees, to the left and to the right: (N, 2).
        rotation: Largest rotation in degrees, in either direction: (N,).
    """

    width: Array
    slant: Array
    rotation: Array


def deform(drawing: Drawing, motion: Motion, rng: np.random.Generator) -> Drawing:
    """Return the drawings bent, scaled in width, slanted and rotated about their middle."""
    count = len(drawing.points)
    low, high = drawing.extent()
    points = drawing.points - ((low + high) / 2)[:, np.newaxis].astype(np.float32)
    points = points + _bend(points, rng) + _tremor(points, rng)
    transform = _affine(count, motion, rng).astype(np.float32)
    return Drawing(points @ transform.transpose(0, 2, 1), drawing.strokes)


def _bend(points: Array, rng: np.random.Generator) -> Array:
    """Return the bends in e(p): for each axis two waves of random direction, about 2% high."""
    count = len(points)
    bend = np.zeros_like(points)
    for _ in range(2):
        waves = rng.normal(0, 0.55, (count, 2, 2)).astype(np.float32)
        phase = rng.uniform(0, 2 * np.pi, (count, 1, 2)).astype(np.float32)
        height = rng.normal(0, 0.028, (count, 1, 2)).astype(np.float32)
        bend += height * np.sin(np.float32(2 * np.pi) * (points @ waves) + phase)
    return bend


def _tremor(points: Array, rng: np.random.Generator) -> Array:
    """Return the tremor in e(p), for one drawing in six; about 1% of the height of a digit."""
    count, length, _ = points.shape
    amplitude = np.where(rng.random(count) < 1 / 6, rng.uniform(0.004, 0.014, count), 0)
    frequency = rng.uniform(0.15, 0.5, (count, 1, 2)).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, (count, 1, 2)).astype(np.float32)
    positions = np.arange(length, dtype=np.float32)[:, np.newaxis]
    shake = np.zeros_like(points)
    rows = amplitude > 0
    shake[rows] = amplitude[rows, None, None] * np.sin(frequency[rows] * positions + phase[rows])
    return shake


def _affine(count: int, motion: Motion, rng: np.random.Generator) -> Array:
    """Return R H S: (N, 2, 2)."""
    wild = rng.random(count) < 0.1
    slant = np.where(wild, rng.uniform(-35, 45, count), rng.normal(5, 12, count))
    slant = np.tan(np.radians(np.clip(slant, motion.slant[:, 0], motion.slant[:, 1])))
    share = np.clip(rng.normal(0, 0.4, count), -1, 1)
    angle = np.radians(motion.rotation * share)
    width = np.exp(np.where(rng.random(count) < 0.1, 0.45, rng.normal(0, 0.22, count)))
    width = np.clip(width * np.exp(rng.normal(0, 0.1, count)), *motion.width.T)
    cos, sin, zero = np.cos(angle), np.sin(angle), np.zeros(count)
    rotate = np.array([[cos, -sin], [sin, cos]])
    shear = np.array([[width, -slant], [zero, zero + 1]])
    return np.einsum("abn,bcn->nac", rotate, shear)
