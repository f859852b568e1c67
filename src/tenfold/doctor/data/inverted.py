"""Inverted images: dark ink on a light background; the networks expect bright ink on black."""

import numpy as np

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.finding import Finding
from tenfold.images import has_light_background

__all__ = ["InvertedImages"]

_MANY = 0.01  # of all images


class InvertedImages(Check[DataCase]):
    """Check for images with a light background; they are inverted for later checks."""

    name = "inverted-images"
    looks_for = "inverted images"

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if most of the border of any image is above 127."""
        images, n = case.images, len(case.given)
        inverted = has_light_background(images)
        count = int(inverted.sum())
        if not count:
            return None
        mean = images[inverted].mean()
        selected = inverted[:, np.newaxis, np.newaxis, np.newaxis]
        case.correct_images(np.where(selected, 255 - images, images))
        return Finding(
            self.name,
            "serious" if count > _MANY * n else "warning",
            f"{count:,} of the {case.where} are inverted: dark ink on a light background",
            f"in {count:,} of {n:,} images ({count / n:.1%}) most border pixels are above 127; "
            f"the mean of their pixels is {mean:.0f}, that of MNIST 33",
            "scans and photographs of paper, or a conversion in which 0 means black ink",
            _remedy(whole=count == len(images)),
        )


def _remedy(whole: bool) -> str:
    if whole:
        return "images = 255 - images"
    return (
        "from tenfold.images import has_light_background; "
        "light = has_light_background(images); images = images.copy(); "
        "images[light] = 255 - images[light]"
    )
