"""Samples of the generator: each writing style of a digit, and each kind of non-digit, by name."""

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.nn.constraints import Choice, Whole
from tenfold.reading.synthetic.glyphs import Plan, draw_plan, plan_of, shapes_of
from tenfold.reading.synthetic.non_digits import KINDS
from tenfold.reading.synthetic.shapes.digits import DIGITS

__all__ = ["generate_non_digits", "generate_writing_styles"]


def generate_writing_styles(digit: int, count: int, seed: int = 0) -> dict[str, Array]:
    """Return images of a digit for each writing style of it.

    Args:
        digit: 0 to 9.
        count: Number of images for each style, at least 1.
        seed: Random seed, 0 to 2**64 - 1.

    Returns:
        Images (count, 28, 28, 1) uint8 by the name of the style.

    Raises:
        ValueError: If an argument is out of its range.
    """
    digit = Whole(0, 9).check("digit", digit)
    count = Whole(1).check("count", count)
    digits, kinds = np.full(count, digit), np.full(count, "digit")
    plan = Plan(digits, kinds, np.zeros(count, int), np.full(count, False))
    return {
        name: draw_plan(plan, [shape] * count, stream(seed, "ways", digit, index))
        for index, (name, shape) in enumerate(DIGITS[digit].items())
    }


def generate_non_digits(kind: str, count: int, seed: int = 0) -> Array:
    """Return images of one kind of non-digit: (count, 28, 28, 1) uint8.

    Args:
        kind: One of ``KINDS``: "letter", "sign", "doodle", "rule", "scribble", "solid",
            "fragment", "pair", "cut pair", "triple", "stack" or "struck".
        count: Number of images, at least 1.
        seed: Random seed, 0 to 2**64 - 1.

    Raises:
        ValueError: If an argument is out of its range.
    """
    kind = Choice(*KINDS).check("kind", kind)
    count = Whole(1).check("count", count)
    rng = stream(seed, "non-digits", index=list(KINDS).index(kind))
    plan = plan_of(np.full(count, kind), rng.integers(0, 10, count), rng)
    return draw_plan(plan, shapes_of(plan, rng), rng)
