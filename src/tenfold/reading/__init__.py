"""Reading real pictures: from a photo, scan or drawing to the digits in it.

A picture goes through these modules:

- ``picture``: a working picture of limited size
- ``contrast``: the contrast of each pixel with the paper around it
- ``mask``: connected pieces of ink
- ``ruled_lines``: printed lines and the borders of boxes are erased
- ``hypothesis``: what could be ink
- ``digit_pieces``: which pieces could be digits
- ``pieces``, ``lines`` and ``cells``: which pieces form a text line
- ``candidates`` and ``glyph``: what could be a digit, and its image for the network
- ``lattice``: the best path through the candidates of a line
- ``reader``: the best hypothesis
- ``working``: large pictures are read at several sizes
- ``confidence`` and ``remarks``: how probable the digits are, and what makes them hard to read
- ``pictures``: the function ``read``, which returns a ``Reading`` (``result``)

``show`` draws a reading. ``cut_outs`` makes training images for the network.
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.reading.pictures import read, read_many
    from tenfold.reading.result import DigitRead, Reading
    from tenfold.reading.show import draw_reading, save_drawing
    from tenfold.reading.working import READER_MODEL, prepare
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "pictures": ["read", "read_many"],
            "result": ["DigitRead", "Reading"],
            "show": ["draw_reading", "save_drawing"],
            "working": ["READER_MODEL", "prepare"],
        },
    )

__all__ = [
    "READER_MODEL",
    "DigitRead",
    "Reading",
    "draw_reading",
    "prepare",
    "read",
    "read_many",
    "save_drawing",
]
