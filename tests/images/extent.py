"""Where the ink of an image lies."""

from tenfold.images.normalization import bounding_box
from tenfold.nn.array import Array


def extent(image: Array) -> tuple[int, int, int, int]:
    """Return the first and last row, and the first and last column, that hold ink."""
    rows, columns = bounding_box(image[..., 0])
    return rows.start, rows.stop - 1, columns.start, columns.stop - 1
