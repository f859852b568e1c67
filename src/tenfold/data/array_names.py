"""Names of the arrays of images and of labels in npz archives and folders of npy files."""

import re
from collections.abc import Mapping

from tenfold.data.dataset import Part
from tenfold.data.parts import AnyPart, any_part_of, split_words
from tenfold.errors import TenfoldError

__all__ = ["Shape", "choose_arrays", "file_role", "role_of"]

Shape = tuple[int, ...]

_IMAGES = "x|images?|imgs?|data|pixels|features|inputs?|digits"
_LABELS = "y|labels?|targets?|classes|class|lbls?"
_PARTS: dict[AnyPart, str] = {
    "train": "train|training",
    "test": "test|testing|t10k",
    "validation": "val|valid|validation",
}
_MIN_PIXELS = 36  # fewest pixels of an image; labels have 1 column, or 10 as one-hot rows
_NUMBERED = re.compile(r"arr_\d+")


def role_of(name: str) -> tuple[str, AnyPart | None] | None:
    """Return what the name of an array means: ("images" or "labels", its split or None).

    Names are a word for images or labels, alone (``x``, ``images``) or with the split before or
    after it (``x_train``, ``train_images``), in upper or lower case. None for other names.
    """
    text = re.sub(r"[^a-z0-9]+", "", name.lower())
    for role, words in (("images", _IMAGES), ("labels", _LABELS)):
        if re.fullmatch(words, text):
            return role, None
        for part, names in _PARTS.items():
            if re.fullmatch(f"({words})({names})|({names})({words})", text):
                return role, part
    return None


def file_role(name: str) -> tuple[str, AnyPart | None] | None:
    """Return what the name of a file without extension means, as ``role_of`` does for an array.

    The words may be anywhere in the name, as in ``X_kannada_MNIST_train``. A file whose name
    has words for both contains labels (``emnist-digits-train-labels``).
    """
    role = role_of(name)
    if role is not None:
        return role
    words = re.findall(r"[a-z]+", split_words(name))
    for kind, known in (("labels", _LABELS), ("images", _IMAGES)):
        if any(re.fullmatch(known, word) for word in words):
            return kind, any_part_of(name)
    return None


def choose_arrays(
    shapes: Mapping[str, Shape], part: AnyPart, source: str
) -> tuple[str, str | None] | None:
    """Return the names of the images and of the labels of a split; None without such images.

    Arrays whose names state the split are preferred to arrays whose names state none. Arrays
    without names (``arr_0``, ...) are distinguished by their shapes; training arrays come before
    test arrays.

    Args:
        shapes: The shape of each array.
        part: The split.
        source: Name of the archive or folder in messages.

    Raises:
        TenfoldError: If several arrays fit.
    """
    if part != "validation" and shapes and all(_NUMBERED.fullmatch(name) for name in shapes):
        return _by_shape(shapes, part)
    roles = {name: role_of(name) for name in shapes}
    for wanted in (part, None):
        images = [name for name, role in roles.items() if role == ("images", wanted)]
        labels = [name for name, role in roles.items() if role == ("labels", wanted)]
        for found in (images, labels):
            if images and len(found) > 1:
                raise TenfoldError(
                    f"{source} contains several arrays of {part} data: "
                    f"{', '.join(map(repr, found))}. Keep one of them."
                )
        if images:
            return images[0], labels[0] if labels else None
    return None


def _by_shape(shapes: Mapping[str, Shape], part: Part) -> tuple[str, str | None] | None:
    """Return the arrays of a split by their shapes; those of the training split come first."""
    names = sorted(shapes, key=lambda name: int(name.removeprefix("arr_")))
    images = [name for name in names if _may_be_images(shapes[name])]
    labels = [name for name in names if not _may_be_images(shapes[name])]
    position = min(("train", "test").index(part), len(images) - 1)
    if not 1 <= len(images) <= 2 or (labels and len(labels) != len(images)):
        return None
    return images[position], labels[position] if labels else None


def _may_be_images(shape: Shape) -> bool:
    size = 1
    for side in shape[1:]:
        size *= side
    return len(shape) > 1 and size >= _MIN_PIXELS
