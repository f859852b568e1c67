"""Reading real pictures: from a photo, scan or drawing to the digits in it.

``docs/reading.md`` describes the steps. These functions call each other, from the outermost to the
innermost:

- ``pictures.read`` loads a picture (``picture``), calls the others, leaves out marks that are
  hardly digits (``doubtful``), and returns a ``Reading`` (``answer``) with confidences, and with
  remarks that say why digits are unsure (``doubts``) or hard to read (``remarks``)
- ``pictures.read_loaded`` returns the digits that were found, as a ``Result`` (``result``); if the
  digits are doubtful, the picture is read again as a single digit (``one_digit``)
- ``working.read_working`` reads a large picture at several sizes
- ``sheet_reader.read_with_sheets`` reads the picture and the sheets of paper in it
- ``reader.read_all_ink`` reads each hypothesis (``hypothesis``) about what is ink, and returns the
  best reading
- ``line_lattices`` and ``line_digits`` find the text lines of a hypothesis (``lines``), and the
  best path (``lattice``) through the candidates (``candidates``) of each line.

``show`` draws a reading. ``cut_outs`` makes training images for the network.

Some words have a fixed meaning. A *piece* is a connected piece of ink. The *size* of a piece or of
a digit is the longer side of its box; many limits are given in sizes of a digit, or in heights of a
text line (``candidates.line_height``). A digit is *certain* if its probability is at least 0.97.
What makes a reading *clear*, *complete* or *convincing* is described in ``Result``.
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.reading.answer import DigitRead, Reading
    from tenfold.reading.pictures import read, read_many
    from tenfold.reading.show import draw_reading, save_drawing
    from tenfold.reading.working import READER_MODEL, prepare
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "pictures": ["read", "read_many"],
            "answer": ["DigitRead", "Reading"],
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
