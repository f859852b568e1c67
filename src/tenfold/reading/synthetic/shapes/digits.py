"""The ten digits, each in the styles in which people write it."""

from tenfold.reading.synthetic.shapes.five_to_nine import EIGHT, FIVE, NINE, SEVEN, SIX
from tenfold.reading.synthetic.shapes.notation import StrokeShape
from tenfold.reading.synthetic.shapes.zero_to_four import FOUR, ONE, THREE, TWO, ZERO

__all__ = ["DIGITS"]

DIGITS: tuple[dict[str, StrokeShape], ...] = (
    ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE,
)  # fmt: skip
"""For each digit, its writing styles, by their names."""
