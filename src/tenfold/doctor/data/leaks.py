"""Leaks: training images that are also test or validation images."""

from dataclasses import dataclass

from tenfold.data import Dataset, load_mnist, overlap
from tenfold.data.faults.keep import code_to_keep
from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.images import is_blank
from tenfold.nn.array import Array

__all__ = ["BundledTestImages", "LeakedTestImages", "Parts", "leaked_images"]

# A leak is serious above this share of held-out images. A few black and white images, without grey
# pixels, may be equal by chance.
_MANY_COPIES = 0.005
_WRONG_SCALE = frozenset({"pixel-scale", "test-pixel-scale"})


@dataclass(frozen=True)
class Parts:
    """Training and test images, compared with each other.

    Attributes:
        train: Training images.
        test: Test images, or None.
        own: Whether these are the user's own images, not the bundled ones.
    """

    train: Dataset
    test: Dataset | None
    own: bool


class LeakedTestImages(Check[Parts]):
    """Check for training images that are also test images."""

    name = "test-images-in-training"
    looks_for = "test images in training"
    explained_by = _WRONG_SCALE

    def run(self, case: Parts) -> Finding | None:
        """Return a finding if any test image has the same bytes as a training image."""
        if case.test is None:
            return None
        fix = (
            "from tenfold.data import overlapping; keep = ~overlapping(images, test_images); "
            + code_to_keep(case.train.labels is not None)
        )
        return leaked_images(case.train.images, case.test.images, "test", fix)


class BundledTestImages(Check[Parts]):
    """Check for MNIST's test images among the user's training images."""

    name = "mnist-test-images"
    looks_for = "MNIST's test images"
    explained_by = _WRONG_SCALE | {"test-images-in-training"}

    def run(self, case: Parts) -> Finding | None:
        """Return a note if any of the user's own images is one of MNIST's test images."""
        if not case.own:
            return None
        bundled = load_mnist("test").images
        shared = overlap(bundled, case.train.images)
        if not shared:
            return None
        return Finding(
            self.name,
            "note",
            "the training images include test images of MNIST",
            f"{shared:,} of {len(bundled):,} have the same bytes",
            "a collection that mixes both splits of MNIST, such as Kaggle's Digit Recognizer",
            "from tenfold.data import load_mnist, overlapping; "
            'keep = ~overlapping(images, load_mnist("test").images); '
            + code_to_keep(case.train.labels is not None),
        )


def leaked_images(train: Array, held_out: Array, part: str, fix: str) -> Finding | None:
    """Return a finding if training images are exact copies of held-out ones.

    Args:
        train: Training images, (N, H, W, C) uint8.
        held_out: Held-out images, (M, H, W, C) uint8; blank ones do not count.
        part: What the held-out images are for: "test" or "validation".
        fix: How to correct the leak.
    """
    not_blank = held_out[~is_blank(held_out)]
    shared = overlap(not_blank, train)
    if not shared:
        return None
    return Finding(
        f"{part}-images-in-training",
        "serious" if shared > _MANY_COPIES * len(not_blank) else "warning",
        f"{part} images are among the training images, so the {part} score is misleading",
        f"{shared:,} of {len(not_blank):,} {part} images ({shared / len(not_blank):.1%}) "
        "have the same bytes as a training image",
        f"training and {part} images were drawn from overlapping collections, or images were "
        "copied before they were divided; the score then measures what was memorised",
        fix,
    )
