"""The writer of a page: one hand and one pen for all digits on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.glyphs import ROTATION, SLANT, STRETCH, WIDEST_PEN
from tenfold.reading.synthetic.hand import Drawing, Motion, deform, draw
from tenfold.reading.synthetic.non_digits import SINGLE, pick
from tenfold.reading.synthetic.pen import pen_radii, pen_widths
from tenfold.reading.synthetic.shapes.digits import DIGITS
from tenfold.reading.synthetic.shapes.notation import StrokeShape

__all__ = ["Strokes", "Writer"]


@dataclass(frozen=True)
class Strokes:
    """The strokes of one digit or other thing, in heights of a digit; y grows downwards.

    Attributes:
        points: (Q, 2) as (x, y); the box of the ink begins at (0, 0).
        radii: Radius of the pen at each point, above 0: (Q,).
        stroke_of: Index of the stroke that each point belongs to: (Q,).
    """

    points: Array
    radii: Array
    stroke_of: Array

    @property
    def extent(self) -> Array:
        """Width and height of the ink: (2,)."""
        high: Array = (self.points + self.radii[:, np.newaxis]).max(axis=0)
        return high


class Writer:
    """Draws digits with one slant, one pen, and mostly the same writing style of each digit.

    Args:
        rng: Random generator.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.styles = [pick(styles, 1, rng)[0] for styles in DIGITS]
        self.slant = float(np.clip(rng.normal(4, 9), -18, 26))
        self.pen = float(pen_widths(np.array([0.2]), rng)[0])

    def digits(self, digits: Sequence[int]) -> list[Strokes]:
        """Return the strokes of each digit."""
        rng, chosen = self.rng, np.array(digits, int)
        shapes = [
            self.styles[digit] if rng.random() < 0.85 else pick(DIGITS[digit], 1, rng)[0]
            for digit in digits
        ]
        limits = SLANT[chosen]
        slant = np.clip(self.slant + np.array([[-4, 4]]), limits[:, :1], limits[:, 1:])
        motion = Motion(STRETCH[chosen], slant, ROTATION[chosen] * 0.6)
        widest = np.minimum(WIDEST_PEN[chosen], [shape.widest for shape in shapes])
        return self._drawn(shapes, motion, widest)

    def non_digits(self, kind: str, count: int) -> list[Strokes]:
        """Return the strokes of marks that are not digits.

        Args:
            kind: ``"letter"``, ``"sign"``, ``"doodle"``, ``"rule"`` or ``"scribble"``.
            count: Number of them.
        """
        shapes = pick(SINGLE[kind], count, self.rng)
        slant = np.tile([self.slant - 4, self.slant + 4], (count, 1))
        motion = Motion(np.tile([0.7, 1.4], (count, 1)), slant, np.full(count, 6))
        return self._drawn(shapes, motion, np.full(count, 0.2))

    def _drawn(self, shapes: list[StrokeShape], motion: Motion, widest: Array) -> list[Strokes]:
        if not shapes:
            return []
        drawing = deform(draw(shapes, self.rng), motion, self.rng)
        width = np.minimum(self.pen * self.rng.uniform(0.93, 1.07, len(shapes)), widest)
        radii = pen_radii(drawing, width, self.rng)
        return [_one(drawing, radii, row) for row in range(len(shapes))]


def _one(drawing: Drawing, radii: Array, row: int) -> Strokes:
    """Return one drawing; where the pen leaves a gap, a new stroke begins."""
    used = np.flatnonzero(radii[row] > 0)
    points, kept, owner = drawing.points[row][used], radii[row][used], drawing.strokes[row][used]
    new = (np.diff(used) > 2) | (np.diff(owner) != 0)
    low = (points - kept[:, np.newaxis]).min(axis=0)
    return Strokes(points - low, kept, np.concatenate([[0], np.cumsum(new)]))
