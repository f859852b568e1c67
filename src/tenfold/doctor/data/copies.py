"""Copies: images that are there twice, above all in training and in a held-out part alike."""

from tenfold.data import overlap
from tenfold.doctor.finding import Finding
from tenfold.images.background import is_blank
from tenfold.nn.array import Array

__all__ = ["known_test_images", "leaked_images", "repeated_images"]

_MANY = 0.005  # of the held-out images; of images in black and white some are alike by chance
_KEEP = "images, labels = images[keep], labels[keep]"
_ONCE = (
    "keep = np.sort(np.unique(images.reshape(len(images), -1), axis=0, return_index=True)[1]); "
    f"{_KEEP}"
)


def repeated_images(
    images: Array, labels: Array | None = None, where: str = "images"
) -> Finding | None:
    """Return a finding if images (N, H, W, C) are exact copies of earlier ones.

    Blank images, which are all alike, are another finding's.
    """
    first: dict[bytes, int] = {}
    copies = contradictions = 0
    for index, (image, blank) in enumerate(zip(images, is_blank(images), strict=True)):
        if blank:
            continue
        before = first.setdefault(image.tobytes(), index)
        copies += before != index
        contradictions += labels is not None and bool(labels[before] != labels[index])
    if not copies:
        return None
    contrary = f"; {contradictions:,} bear another label than the first" if contradictions else ""
    return Finding(
        "repeated-images",
        "warning",
        f"{copies:,} of the {where} are exact copies of others among them",
        f"{copies:,} of {len(images):,} ({copies / len(images):.1%}) have the same bytes as an "
        f"earlier one{contrary}",
        "collections that overlap were joined, or a file was read twice: a copy may then stand in "
        "training and in validation alike, and flatter the result",
        _ONCE,
    )


def leaked_images(train: Array, held_out: Array, part: str = "test") -> Finding | None:
    """Return a finding if training images are exact copies of held-out ones.

    Args:
        train: (N, H, W, C) uint8. ``held_out``: (M, H, W, C).
        part: what the held-out images are for. If that is to test, the remedy calls them
            ``test_images``; others are drawn from the same images, and each is kept once.
    """
    asked = held_out[~is_blank(held_out)]
    shared = overlap(asked, train)
    if not shared:
        return None
    return Finding(
        f"{part}-images-in-training",
        "serious" if shared > _MANY * len(asked) else "warning",
        f"{part} images stand among the training images: their score says nothing",
        f"{shared:,} of {len(asked):,} {part} images ({shared / len(asked):.1%}) have the same "
        "bytes as a training image",
        "the parts were drawn from collections that overlap, or images were copied before they "
        "were divided: what was learned by heart is asked again",
        "from tenfold.data import overlapping; keep = ~overlapping(images, test_images); " + _KEEP
        if part == "test"
        else _ONCE,
    )


def known_test_images(images: Array, bundled: Array) -> Finding | None:
    """Return a note if images are also among MNIST's own test images.

    Args:
        images: to train on.
        bundled: MNIST's test images.
    """
    shared = overlap(bundled, images)
    if not shared:
        return None
    return Finding(
        "mnist-test-images",
        "note",
        "MNIST's own test images are among these",
        f"{shared:,} of {len(bundled):,}, by their bytes",
        "a collection that mixes MNIST's halves, as that of Kaggle's Digit Recognizer does",
        "from tenfold.data import load_mnist, overlapping; "
        f'keep = ~overlapping(images, load_mnist("test").images); {_KEEP}',
    )
