"""Synthetic handwriting: strokes of digits and of other things, to train the digit network.

In reading order: ``shapes`` (the ways of writing each digit, letters, signs and drawings, in a
short notation), ``hand`` (a drawing of a shape), ``pen`` (the width of its line), ``raster`` (grey
levels), ``damage``, ``non_digits`` and ``solids``, ``normalization``; then ``glyphs``, which puts
them together, ``given``, which does the same with existing digits such as MNIST's, and ``samples``,
which shows each way and kind by its name. ``pages`` puts digits on paper.
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.reading.synthetic.given import join_given_digits, vary_given_digits
    from tenfold.reading.synthetic.glyphs import NOT_A_DIGIT, draw_glyphs
    from tenfold.reading.synthetic.samples import draw_non_digits, draw_ways
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "given": ["join_given_digits", "vary_given_digits"],
            "glyphs": ["NOT_A_DIGIT", "draw_glyphs"],
            "samples": ["draw_non_digits", "draw_ways"],
        },
    )

__all__ = [
    "NOT_A_DIGIT",
    "draw_glyphs",
    "draw_non_digits",
    "draw_ways",
    "join_given_digits",
    "vary_given_digits",
]
