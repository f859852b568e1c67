"""Images of single digits and of things that are not digits, as a digit network reads them."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number, Whole
from tenfold.reading.synthetic.damage import damage
from tenfold.reading.synthetic.hand import Drawing, Motion, deform, draw
from tenfold.reading.synthetic.non_digits import (
    KINDS,
    PARTS,
    SINGLE,
    beside,
    break_up,
    cut_off,
    fragment_digits,
    pick,
    second_digits,
    with_ones,
)
from tenfold.reading.synthetic.normalization import cut_or_normalize_all
from tenfold.reading.synthetic.pen import pen_radii, pen_widths
from tenfold.reading.synthetic.raster import outlines, union_of_discs
from tenfold.reading.synthetic.shapes.digits import DIGITS
from tenfold.reading.synthetic.shapes.hollow_ones import HOLLOW_ONES
from tenfold.reading.synthetic.shapes.notation import StrokeShape
from tenfold.reading.synthetic.solids import solids

__all__ = [
    "NOT_A_DIGIT",
    "ROTATION",
    "SLANT",
    "STRETCH",
    "WIDEST_PEN",
    "Plan",
    "draw_plan",
    "generate_digits",
    "plan_of",
    "shapes_of",
]

NOT_A_DIGIT = 10
"""The label of images that show no digit, or more than one."""

_BLOCK = 256  # images that share a random generator
_CANVAS = 44  # pixels
_HOLLOW = {"digit": 0.03, "letter": 0.08, "sign": 0.06, "pair": 0.03, "cut pair": 0.03,
           "triple": 0.03}  # fmt: skip
"""Share of the drawings of each kind that are hollow: only their outlines are drawn."""

_HOLLOW_WIDTH = (0.14, 0.27)  # limits of the width of hollow strokes, in heights of a digit
_WIDEST_HOLLOW = 0.5  # largest width of hollow strokes, in widths of the drawing: loops stay open
_HOLLOW_DAMAGE = 0.4  # factor of the probabilities of damage, since damage often fills outlines
# Smallest width of the pen of a crossed-out digit. The strokes that cross out the digit would hide
# the strokes of a thinner pen.
_THINNEST_CROSSED_OUT = 0.08

WIDEST_PEN = np.array([0.28, 0.30, 0.24, 0.22, 0.21, 0.22, 0.21, 0.28, 0.18, 0.21])
"""For each digit, the largest width of the pen, in heights of the digit. Beyond this limit, and
those of ``SLANT``, ``ROTATION`` and ``STRETCH``, a loop fills up, or a digit looks like a different
one."""

SLANT = np.array(
    [(-35, 42), (-12, 18), (-30, 40), (-30, 40), (-25, 36), (-25, 42), (-25, 42), (-14, 34),
     (-35, 42), (-22, 40)]
)  # fmt: skip
"""For each digit, the limits of the slant, in degrees."""

ROTATION = np.array([25, 9, 16, 16, 14, 16, 14, 8, 25, 14])
"""For each digit, the largest rotation, in degrees."""

STRETCH = np.array(
    [(0.62, 1.9), (0.62, 1.2), (0.62, 1.9), (0.62, 1.9), (0.62, 1.7), (0.62, 1.8), (0.62, 1.8),
     (0.84, 1.9), (0.62, 1.7), (0.62, 1.9)]
)  # fmt: skip
"""For each digit, the limits of the factor by which it is made narrower or wider."""


def generate_digits(
    seed: int, count: int, first: int = 0, non_digits: float = 0.35
) -> tuple[Array, Array]:
    """Return images of generated digits and of things that are not digits.

    They are the images ``first`` to ``first + count - 1`` of an endless sequence, which depends
    only on the seed and on ``non_digits``.

    Args:
        seed: Random seed, 0 to 2**64 - 1.
        count: Number of images.
        first: Position of the first image in the sequence, 0 to 2**62.
        non_digits: Probability that an image shows no digit, or more than one, 0 to 1. The ten
            digits are equally frequent.

    Returns:
        Images (count, 28, 28, 1) uint8, and labels (count,) uint8: 0 to 9, or 10 for what is not a
        digit. Two in five images are normalised as in MNIST, the others like the digits that the
        reader cuts out. Images are made in blocks of 256, so it is fastest to ask for multiples of
        256.

    Raises:
        ValueError: If an argument is out of its range.
    """
    stream(seed, "glyphs")  # checks the seed
    count = Whole(0).check("count", count)
    first = Whole(0, 2**62).check("first", first)
    share = float(Number("[0, 1]").check("non_digits", non_digits))
    images = np.empty((count, 28, 28, 1), np.uint8)
    labels = np.empty(count, np.uint8)
    done = 0
    while done < count:
        block, start = divmod(first + done, _BLOCK)
        drawn, block_labels = _block(stream(seed, "glyphs", index=block), share)
        part = slice(done, done + min(_BLOCK - start, count - done))
        end = start + part.stop - part.start
        images[part], labels[part] = drawn[start:end], block_labels[start:end]
        done = part.stop
    return images, labels


@dataclass(frozen=True)
class Plan:
    """What to draw.

    Attributes:
        digits: The digit of each image, or the first of several: (N,).
        kinds: ``"digit"``, or one of ``KINDS``: (N,).
        sides: The half of a fragment that stays, see ``fragment_digits``: (N,).
        hollow: Whether only the outline is drawn: (N,) bool.
    """

    digits: Array
    kinds: Array
    sides: Array
    hollow: Array

    @property
    def made_of_digits(self) -> Array:
        """Whether each image shows digits or parts of them: (N,) bool."""
        return ~np.isin(self.kinds, [*SINGLE, "solid"])

    @property
    def outlined(self) -> Array:
        """Whether wide strokes are replaced by their outline: (N,) bool.

        The shapes of hollow 1s are outlines already.
        """
        outlined: Array = self.hollow & ~((self.kinds == "digit") & (self.digits == 1))
        return outlined


def _block(rng: np.random.Generator, share: float) -> tuple[Array, Array]:
    """Return 256 images and their labels; ``share`` is the probability of a non-digit."""
    plan = _plan(rng, share)
    labels = np.where(plan.kinds == "digit", plan.digits, NOT_A_DIGIT)
    return draw_plan(plan, shapes_of(plan, rng), rng), labels


def draw_plan(plan: Plan, shapes: list[StrokeShape], rng: np.random.Generator) -> Array:
    """Return the images of a plan: (N, 28, 28, 1) uint8.

    Args:
        plan: What to draw.
        shapes: The shape of each image, or of its first part.
        rng: Random generator.
    """
    drawing = deform(draw(shapes, rng), _motion(shapes, plan.digits, plan.made_of_digits), rng)
    widest = np.minimum(_widest(drawing, plan), [shape.widest for shape in shapes])
    hollow_width = _hollow_width(drawing, rng)
    drawing = _add_parts(drawing, plan, rng)
    width = pen_widths(widest, rng)
    width = np.where(plan.kinds == "struck", np.maximum(width, _THINNEST_CROSSED_OUT), width)
    width = np.where(plan.outlined, hollow_width, width)
    ink = _render(drawing, pen_radii(drawing, width, rng), rng)
    ink[plan.outlined] = outlines(ink[plan.outlined], rng)
    ink = break_up(ink, plan.kinds, plan.sides, rng)
    ink[plan.kinds == "solid"] = solids(int((plan.kinds == "solid").sum()), _CANVAS, rng)
    hollow = damage(ink[plan.hollow], rng, _HOLLOW_DAMAGE)
    ink = damage(ink, rng)
    ink[plan.hollow] = hollow
    return cut_or_normalize_all(ink, rng)


def _plan(rng: np.random.Generator, share: float) -> Plan:
    names, weights = list(KINDS), np.array(list(KINDS.values()))
    digits = rng.integers(0, 10, _BLOCK)
    kinds = np.array(names)[rng.choice(len(names), _BLOCK, p=weights / weights.sum())]
    return plan_of(np.where(rng.random(_BLOCK) < share, kinds, "digit"), digits, rng)


def plan_of(kinds: Array, digits: Array, rng: np.random.Generator) -> Plan:
    """Return a plan for kinds and digits. Digits that do not suit their kind are replaced.

    For example, a crossed-out 1 could still be read, so an 8 is crossed out instead.
    """
    halved, sides = fragment_digits(len(kinds), rng)
    digits = with_ones(np.where(kinds == "fragment", halved, digits), kinds, rng)
    easily_read = (kinds == "struck") & np.isin(digits, (0, 1, 7))
    digits = np.where(easily_read | ((kinds == "cut pair") & (digits == 1)), 8, digits)
    shares = np.array([_HOLLOW.get(kind, 0) for kind in kinds])
    return Plan(digits, kinds, sides, rng.random(len(kinds)) < shares)


def shapes_of(plan: Plan, rng: np.random.Generator) -> list[StrokeShape]:
    """Return a random shape for each image of a plan."""
    shapes: list[StrokeShape | None] = [None] * len(plan.kinds)
    for kind, catalogue in SINGLE.items():
        rows = np.flatnonzero(plan.kinds == kind)
        for row, shape in zip(rows, pick(catalogue, len(rows), rng), strict=True):
            shapes[row] = shape
    rows = np.flatnonzero(plan.hollow & ~plan.outlined)
    for row, shape in zip(rows, pick(HOLLOW_ONES, len(rows), rng), strict=True):
        shapes[row] = shape
    written = _write(plan.digits, rng)
    return [shape or digit for shape, digit in zip(shapes, written, strict=True)]


def _write(digits: Array, rng: np.random.Generator) -> list[StrokeShape]:
    """Return a writing style of each digit."""
    shapes: dict[int, StrokeShape] = {}
    for digit, styles in enumerate(DIGITS):
        rows = np.flatnonzero(digits == digit)
        shapes.update(zip(rows.tolist(), pick(styles, len(rows), rng), strict=True))
    return [shapes[row] for row in range(len(digits))]


def _widest(drawing: Drawing, plan: Plan) -> Array:
    """Return the greatest width of the pen: (N,). It leaves the loops of narrow digits open."""
    low, high = drawing.extent()
    share = np.where(plan.digits == 9, 0.6, 0.45)  # the loop of a 9 may fill up
    limit = np.where(np.isin(plan.digits, (0, 6, 8, 9)), share * (high - low)[:, 0], 1)
    limit = np.minimum(limit, WIDEST_PEN[plan.digits])
    drawn = np.isin(plan.kinds, ("doodle", "scribble"))  # a thick doodle would look like a 0
    return np.where(plan.made_of_digits, limit, np.where(drawn, 0.12, 0.24))


def _hollow_width(drawing: Drawing, rng: np.random.Generator) -> Array:
    """Return the width of the strokes that are replaced by their outline: (N,)."""
    low, high = drawing.extent()
    width = rng.uniform(*_HOLLOW_WIDTH, len(low))
    return np.clip(width, _HOLLOW_WIDTH[0], _WIDEST_HOLLOW * (high - low)[:, 0])


def _motion(shapes: list[StrokeShape], digits: Array, made_of_digits: Array) -> Motion:
    """Return the limits of the deformation; a shape may have its own limits of the slant."""
    limits = np.where(made_of_digits[:, np.newaxis], SLANT[digits], (-30, 30))
    own = [shape.slant or limit for shape, limit in zip(shapes, limits, strict=True)]
    slant = np.array(own, float)
    width = np.where(made_of_digits[:, np.newaxis], STRETCH[digits], (0.62, 1.6))
    return Motion(width, slant, np.where(made_of_digits, ROTATION[digits], 16))


def _add_parts(drawing: Drawing, plan: Plan, rng: np.random.Generator) -> Drawing:
    """Return the drawings; pairs, stacks and triples get their second and third digits."""
    parts = np.array([PARTS.get(kind, 1) for kind in plan.kinds])
    for part in (2, 3):
        rows = np.flatnonzero(parts >= part)
        if len(rows):
            kinds = plan.kinds[rows]
            digits = second_digits(plan.digits[rows], kinds, rng)
            shapes = _write(digits, rng)
            motion = _motion(shapes, digits, np.full(len(rows), True))
            other = deform(draw(shapes, rng), motion, rng)
            drawing, other = _cut_pairs(drawing, other, rows, kinds, rng)
            drawing = beside(drawing, other, rows, kinds == "stack", rng)
    return drawing


def _cut_pairs(
    drawing: Drawing, other: Drawing, rows: Array, kinds: Array, rng: np.random.Generator
) -> tuple[Drawing, Drawing]:
    """Cut off the outer part of one digit of each cut pair."""
    kept, right = rng.uniform(0.5, 0.75, len(rows)), rng.random(len(rows)) < 0.6
    cut = kinds == "cut pair"
    first, second = cut & ~right, cut & right
    # The first digit keeps its right part, the second one its left part: they stay neighbours.
    drawing = cut_off(drawing, rows[first], right[first], kept[first])
    return drawing, cut_off(other, np.flatnonzero(second), right[second], kept[second])


def _render(drawing: Drawing, radii: Array, rng: np.random.Generator) -> Array:
    """Return ink (N, S, S), with the drawing as large as the canvas, or much smaller."""
    count = len(radii)
    low, high = drawing.extent()
    thick = 2 * radii.max(axis=1, initial=0)
    room = np.where(rng.random(count) < 0.14, rng.uniform(10, 22, count), _CANVAS - 4)
    scale = room / np.maximum((high - low).max(axis=1) + thick, 0.05)
    middle = _CANVAS / 2 + rng.uniform(-0.5, 0.5, (count, 2))
    points = (drawing.points - ((low + high) / 2)[:, None]) * scale[:, None, None] + middle[:, None]
    soft = rng.uniform(0.8, 1.6, count)
    return union_of_discs(
        points.astype(np.float32), radii * scale[:, None].astype(np.float32), soft, _CANVAS
    )
