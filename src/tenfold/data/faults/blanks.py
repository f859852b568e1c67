"""Blank images: images with one grey level, from which a network would learn a wrong digit."""

from tenfold.data.faults.finding import Finding
from tenfold.data.faults.keep import code_to_keep
from tenfold.nn.array import Array

__all__ = ["find_blanks"]

_SERIOUS_SHARE = 0.01  # share of the images above which the fault is serious


def find_blanks(blank: Array, labelled: bool, images_name: str) -> Finding | None:
    """Return a finding if any image is blank.

    Args:
        blank: Whether each image is blank, (N,) bool.
        labelled: Whether the images have labels, which the fix must then select, too.
        images_name: Name of the images in the message, such as "training images".
    """
    n, count = len(blank), int(blank.sum())
    if not count:
        return None
    return Finding(
        "blank-images",
        "serious" if count > _SERIOUS_SHARE * n else "warning",
        f"{count:,} of the {images_name} are blank",
        f"{count:,} of {n:,} images ({count / n:.1%}) have only one grey level; the first has "
        f"index {int(blank.argmax())}",
        "images that could not be read, images cropped in the wrong place, or rows of zeros at "
        "the end of a file",
        "keep = images.min(axis=(1, 2, 3)) < images.max(axis=(1, 2, 3)); " + code_to_keep(labelled),
    )
