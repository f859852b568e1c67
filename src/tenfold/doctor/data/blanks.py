"""Blank images: images of one shade, which teach the network that nothing is some digit."""

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.finding import Finding
from tenfold.images import is_blank

__all__ = ["BlankImages"]

_MANY = 0.01  # of all images


class BlankImages(Check[DataCase]):
    """Check for images that are all of one shade."""

    name = "blank-images"
    looks_for = "blank images"
    # On a wrong scale, rounding may have made images blank.
    hidden_by = frozenset({"pixel-scale"})

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if any image is blank."""
        blank, n = is_blank(case.given.images), len(case.given)
        count = int(blank.sum())
        if not count:
            return None
        return Finding(
            self.name,
            "serious" if count > _MANY * n else "warning",
            f"{count:,} of the {case.where} are blank",
            f"{count:,} of {n:,} images ({count / n:.1%}) are all of one shade; the first has "
            f"index {int(blank.argmax())}",
            "images that could not be read or were cropped beside the digit, or rows of zeros that "
            "fill up a file",
            "keep = images.min(axis=(1, 2, 3)) < images.max(axis=(1, 2, 3)); "
            "images, labels = images[keep], labels[keep]",
        )
