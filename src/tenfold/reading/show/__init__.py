"""Show: a figure of what was read, and from which images.

In the picture, each digit has a box, and a tag with its number and the digit that was read. Each
digit also has a card beside or below the picture. The card gives the same number, the confidence,
the 28 x 28 image that the network saw, the three nearest training digits, and what makes the digit
unsure or hard to read. Above the picture are the numbers with their confidences, and the warnings.

The modules, in reading order:

- ``nearest``: the training digits that are nearest to an image
- ``folding``: how large the picture is drawn, and into which sections a long strip is cut
- ``rows`` and ``tags``: where the tags are
- ``cards``: the columns of cards
- ``header``: the numbers that were read, the warnings and the legend
- ``layout``: where everything is in the figure
- ``paint`` and ``save``: the pixels and the file
"""

from tenfold.reading.show.nearest import nearest_digits
from tenfold.reading.show.save import draw_reading, save_drawing

__all__ = ["draw_reading", "nearest_digits", "save_drawing"]
