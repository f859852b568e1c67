"""Synthetic handwriting: images of digits and of non-digits, to train the digit network.

The modules, in the order in which they are used:

- ``shapes``: the writing styles of each digit, letters, signs and drawings, in a short notation
- ``hand``: one drawing of a shape
- ``pen``: the width of its line
- ``raster``: its grey levels
- ``damage``: what the paper, the pen, the camera and a bad cut-out do to it
- ``non_digits`` and ``solids``: ink that is not a digit
- ``normalization``: the image as the network reads it
- ``glyphs``: generates images with all of these
- ``existing``: does the same with existing digits, such as MNIST's
- ``samples``: images of one writing style, or of one kind of non-digit, chosen by its name
- ``pages``: pages with digits
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
