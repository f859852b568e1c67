"""Blank images: images of one shade, which teach the network that nothing is some digit."""

from tenfold.data.faults.finding import Finding
from tenfold.data.faults.keep import keep_lines
from tenfold.nn.array import Array

__all__ = ["find_blanks"]

_MANY = 0.01  # of all images


def find_blanks(blank: Array, labelled: bool, where: str) -> Finding | None:
    """Return a finding if any image is blank.

    Args:
        blank: Whether each image is blank, (N,) bool.
        labelled: Whether the images have labels, which the remedy then selects, too.
        where: How the finding calls the images.
    """
    n, count = len(blank), int(blank.sum())
    if not count:
        return None
    return Finding(
        "blank-images",
        "serious" if count > _MANY * n else "warning",
        f"{count:,} of the {where} are blank",
        f"{count:,} of {n:,} images ({count / n:.1%}) are all of one shade; the first has "
        f"index {int(blank.argmax())}",
        "images that could not be read or were cropped beside the digit, or rows of zeros that "
        "fill up a file",
        "keep = images.min(axis=(1, 2, 3)) < images.max(axis=(1, 2, 3)); " + keep_lines(labelled),
    )
