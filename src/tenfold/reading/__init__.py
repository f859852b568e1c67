"""Reading real pictures: from a photo, scan or drawing to the digits in it.

A picture goes through these modules: ``picture`` (a working picture of limited size), ``contrast``
(contrast with the background), ``mask`` (connected pieces of ink), ``ruled_lines`` (printed lines
and boxes erased), ``hypothesis`` (what could be ink), ``pieces`` (which pieces could be digits),
``lines``, ``candidates``, ``glyph`` (the image that the network reads), ``lattice`` (the best path
through a line), ``reader`` (the best hypothesis), ``working`` (large pictures at several sizes),
``confidence``, ``remarks``, and ``pictures``, whose ``read`` returns a ``Reading`` (``result``).
``show`` draws a reading; ``cut_outs`` makes training images for the network.
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
