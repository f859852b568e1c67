"""Synthetic handwriting: strokes of digits and of other things, to train the digit network.

In reading order: ``shapes`` (the writing styles of each digit, letters, signs and drawings, in a
short notation), ``hand`` (a drawing of a shape), ``pen`` (the width of its line), ``raster`` (grey
levels), ``damage``, ``non_digits`` and ``solids``, ``normalization``; then ``glyphs``, which puts
them together, ``existing``, which does the same with existing digits such as MNIST's, and
``samples``, which shows each style and kind by its name. ``pages`` puts digits on paper.
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.reading.synthetic.existing import augment_digits, make_non_digits
    from tenfold.reading.synthetic.glyphs import NOT_A_DIGIT, generate_digits
    from tenfold.reading.synthetic.samples import generate_non_digits, generate_writing_styles
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "existing": ["make_non_digits", "augment_digits"],
            "glyphs": ["NOT_A_DIGIT", "generate_digits"],
            "samples": ["generate_non_digits", "generate_writing_styles"],
        },
    )

__all__ = [
    "NOT_A_DIGIT",
    "augment_digits",
    "generate_digits",
    "generate_non_digits",
    "generate_writing_styles",
    "make_non_digits",
]
