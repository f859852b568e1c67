"""Synthetic handwriting: images of digits and of non-digits, to train the digit network.

The modules, in the order in which they are used: ``shapes`` (the writing styles of each digit,
letters, signs and drawings, in a short notation), ``hand`` (one way to write a shape), ``pen`` (the
width of its line), ``raster`` (grey levels), ``damage``, ``non_digits`` and ``solids``, and
``normalization``. ``glyphs`` uses all of these to generate images. ``existing`` does the same with
existing digits such as MNIST's. ``samples`` generates images of one writing style, or of one kind
of non-digit, chosen by its name. ``pages`` generates pages with digits.
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
