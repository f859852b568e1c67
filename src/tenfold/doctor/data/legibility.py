"""Legibility: images that do not seem to show digits."""

from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.finding import Finding

__all__ = ["IllegibleImages"]


class IllegibleImages(Check[DataCase]):
    """Check for images that do not seem to show digits (``ReferencePredictions.legible``)."""

    name = "no-digits"
    looks_for = "images without digits"
    # On a wrong scale, rounding may have made digits illegible.
    explained_by = frozenset({"pixel-scale", "turned-images"})

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if the images, at least 30, do not seem to show digits."""
        predictions = case.predictions
        if predictions is None or predictions.legible(case.labels):
            return None
        digit, share = predictions.most_frequent()
        return Finding(
            self.name,
            "serious",
            f"most of the {case.where} do not show digits like those of MNIST",
            f"the bundled model is confident on {predictions.confident.mean():.0%} of "
            f"{len(predictions.digits):,} images (MNIST: 98%) and predicts {digit} for "
            f"{share:.0%} of them",
            "images of other things, digits that are cropped, tiny or off centre, or pixels that "
            "were reshaped in another order than they were written in",
            "images = images.reshape(-1, 28, 28, 1)  # from the original pixels, row by row; each "
            "digit 20 pixels high, its centre of mass in the middle",
        )
