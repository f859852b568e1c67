"""Blank images: they show nothing, and teach that nothing is some digit."""

from tenfold.doctor.finding import Finding
from tenfold.images.background import is_blank
from tenfold.nn.array import Array

__all__ = ["blank_images"]

_MANY = 0.01  # of all images


def blank_images(images: Array, where: str = "images") -> Finding | None:
    """Return a finding if some images (N, H, W, C) are all of one shade."""
    blank = is_blank(images)
    count = int(blank.sum())
    if not count:
        return None
    return Finding(
        "blank-images",
        "serious" if count > _MANY * len(images) else "warning",
        f"{count:,} of the {where} are blank",
        f"{count:,} of {len(images):,} ({count / len(images):.1%}) are all of one shade; the first "
        f"is number {int(blank.argmax())}, counted from 0",
        "pictures that could not be read or were cut beside the digit, or rows of zeros that fill "
        "up a file",
        "keep = images.min(axis=(1, 2, 3)) < images.max(axis=(1, 2, 3)); "
        "images, labels = images[keep], labels[keep]",
    )
