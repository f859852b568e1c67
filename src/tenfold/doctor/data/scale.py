"""Pixel scale: pixels must range from 0 to 255; other scales lose nearly all ink."""

import numpy as np

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.finding import Finding

__all__ = ["PixelScale"]

_DIM = 128  # in any larger sample of MNIST the brightest pixel is 255


class PixelScale(Check[DataCase]):
    """Check for pixels on a smaller scale; they are rescaled to 255 for later checks."""

    name = "pixel-scale"
    looks_for = "wrong pixel scale"

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if the brightest pixel is below 128."""
        images = case.given.images
        brightest = int(images.max(initial=0))
        if not 0 < brightest < _DIM:
            return None
        case.correct_images(np.rint(case.images * (255 / brightest)).astype(np.uint8))
        cause, remedy = _cause_and_remedy(brightest)
        return Finding(
            self.name,
            "serious",
            f"the pixels of the {case.where} are not on the scale from 0 to 255",
            f"the brightest of {images.size:,} pixels is {brightest}; their mean is "
            f"{images.mean():.3g}, that of MNIST 33.3",
            cause,
            remedy,
        )


def _cause_and_remedy(brightest: int) -> tuple[str, str]:
    if brightest > 1:
        return (
            f"the pixels are on a scale from 0 to {brightest}, not from 0 to 255",
            f"images = np.uint8(np.rint(images * (255 / {brightest})))",
        )
    return (
        "the pixels were compared with a threshold, or divided by 255, and then stored as "
        "integers; if they were divided, the grey levels are lost: read the original images again",
        "images = images * 255",
    )
