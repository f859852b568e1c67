"""Show: a figure of what was read, and from which images.

In the picture, each digit has a box and a tag with its number and the digit that was read. A card
for each digit gives the same number, the confidence, the 28 x 28 image that the network read, the
three nearest training digits, and what makes it hard to read.

In reading order: ``nearest`` (training digits), ``folding`` (a picture, or a long strip in pieces),
``rows`` and ``tags`` (places for tags), ``cards`` (columns of cards), ``layout`` (everything's
place on the sheet), ``paint`` and ``save``.
"""

from tenfold.reading.show.nearest import nearest_digits
from tenfold.reading.show.save import draw_reading, save_drawing

__all__ = ["draw_reading", "nearest_digits", "save_drawing"]
