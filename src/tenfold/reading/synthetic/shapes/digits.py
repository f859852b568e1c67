"""The ten digits, each in the ways in which people write it."""

from tenfold.reading.synthetic.shapes.high_digits import EIGHT, FIVE, NINE, SEVEN, SIX
from tenfold.reading.synthetic.shapes.low_digits import FOUR, ONE, THREE, TWO, ZERO
from tenfold.reading.synthetic.shapes.notation import Shape

__all__ = ["DIGITS"]

DIGITS: tuple[dict[str, Shape], ...] = (
    ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE,
)  # fmt: skip
"""For each digit, its ways of writing by name."""
