"""Conversion of arrays in common forms to the images and labels of a data set.

Pixel values are kept exactly. Values that were divided by 255 or 256 are multiplied by this number.
Other fractions raise an error: a network trains without an error on data of the wrong scale, but it
learns badly.
"""

import numpy as np

from tenfold.data.digit_names import digit_of_word
from tenfold.data.image_sizes import describe_shape
from tenfold.data.label_codes import whole_numbers
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["LOW_SCALE_NOTE", "SIDE", "check_shape", "pixel_factor", "to_images", "to_labels"]

SIDE = 28
"""Height and width of an image, in pixels."""

_LOW_SCALE_MAX = 16  # the scale is low (0 to 1, 0 to 16) if the brightest pixel is at most this
_MAX_WHOLE = 2**53  # below this, float64 and int64 represent all integers
LOW_SCALE_NOTE = "the brightest pixel is"
"""Words that occur in the note on pixels on a low scale, and in no other note."""

_BLOCK = 4096  # images at a time, so that temporaries stay small


def to_images(
    values: Array, source: str, factor: int | None = None
) -> tuple[Array, tuple[str, ...]]:
    """Return images (N, 28, 28, 1) uint8, and notes on what was changed.

    Args:
        values: (N, 28, 28), (N, 28, 28, 1), (N, 1, 28, 28) or (N, 784) of any real dtype: whole
            numbers from 0 to 255, such numbers divided by 255 or 256, or booleans, True for ink.
        source: Name of the array in messages.
        factor: What floating-point pixels are multiplied by; by default the ``pixel_factor`` of
            ``values``. If ``values`` is a block of a larger array, give the factor of that array.

    Raises:
        TenfoldError: If ``values`` has another shape, dtype or range.
    """
    check_shape(values.shape, source)
    pixels, notes = _to_pixels(values, source, factor)
    brightest = int(pixels.max())
    if 0 < brightest <= _LOW_SCALE_MAX:
        notes = (
            *notes,
            f"{source}: {LOW_SCALE_NOTE} {brightest}, not 255, so models read the images as "
            "nearly blank (tenfold data info says how to correct them)",
        )
    return pixels.reshape(-1, SIDE, SIDE, 1), notes


def check_shape(shape: tuple[int, ...], source: str) -> None:
    """Raise an error unless an array of this shape holds images.

    Args:
        shape: Shape of the array.
        source: Name of the array in messages.

    Raises:
        TenfoldError: If ``shape`` is none of the shapes that ``to_images`` accepts, or there are no
            images.
    """
    known = {(SIDE, SIDE), (SIDE, SIDE, 1), (1, SIDE, SIDE), (SIDE * SIDE,)}
    if shape[1:] not in known:
        raise TenfoldError(
            f"{source}: images must have the shape (N, 28, 28), (N, 28, 28, 1), (N, 1, 28, 28) or "
            f"(N, 784), got {shape}. {describe_shape(shape)}"
        )
    if shape[0] == 0:
        raise TenfoldError(f"{source} contains no images: export it again.")


def pixel_factor(values: Array) -> int:
    """Return what pixels must be multiplied by: 255 or 256 if they were divided by it, else 1.

    Args:
        values: Pixels of any shape and real dtype, at least one.
    """
    if values.dtype.kind != "f" or np.fmax.reduce(values, axis=None) > 1:
        return 1
    # The mnist.pkl.gz of deeplearning.net has pixels divided by 256.
    sample = values[:_BLOCK]
    return 256 if _all_whole(sample, 256) and not _all_whole(sample, 255) else 255


def to_labels(values: Array, source: str) -> Array:
    """Return labels (N,) int64. ``Dataset`` checks whether they are digits.

    Args:
        values: (N,), (N, 1) or (1, N), whole numbers of any integer or floating-point dtype, or
            strings such as "5" or "five"; or one-hot rows (N, 10).
        source: Name of the array in messages.

    Raises:
        TenfoldError: If ``values`` has another shape or dtype, or contains fractions.
    """
    if values.ndim == 2 and values.dtype.kind in "buif" and _is_one_hot(values):
        return values.argmax(axis=1).astype(np.int64)
    if values.ndim == 2 and 1 in values.shape:
        values = values.reshape(-1)
    if values.dtype.kind in "SU" and values.ndim == 1:
        return _from_strings(values, source)
    if values.ndim != 1 or values.dtype.kind not in "uif":
        raise TenfoldError(
            f"{source}: labels must be whole numbers of shape (N,), got {values.dtype} of shape "
            f"{values.shape}. {_label_advice(values)}"
        )
    outside = ~(np.abs(values.astype(np.float64)) < _MAX_WHOLE)  # true for NaN, too
    if outside.any():
        first = int(outside.argmax())
        raise TenfoldError(
            f"{source}: labels must be digits from 0 to 9, got {values[first]:g} at index {first}"
            f"{_more(outside)}. Leave out the images without a label."
        )
    labels = values.astype(np.int64)
    wrong = labels != values
    if wrong.any():
        raise TenfoldError(
            f"{source}: labels must be whole numbers, got {values[wrong][0]:g}. If they were "
            "scaled like the pixels, save them unscaled."
        )
    return labels


def _is_one_hot(values: Array) -> bool:
    """Return whether each row of (N, 10) has one 1 and otherwise zeros."""
    if values.shape[1] != 10 or len(values) == 0:
        return False
    return bool(np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all())


def _from_strings(values: Array, source: str) -> Array:
    """Return strings (N,) as whole numbers; all must be digits ("5", "five"), or all integers."""
    words = [
        str(word, "utf-8", "replace") if isinstance(word, bytes) else str(word) for word in values
    ]
    digits = [digit_of_word(word) for word in words]
    if None not in digits:
        return np.array(digits, np.int64)
    numbers = whole_numbers(words)
    if numbers is None:
        wrong = words[digits.index(None)]
        advice = "Leave out the images whose label is not a digit, or correct their labels."
        if all(len(word) == 1 and word.isalpha() for word in set(words)):
            advice = "To use ten letters as classes, number them from 0 to 9."
        raise TenfoldError(
            f"{source}: labels must be digits from 0 to 9, got {wrong[:40]!r}. {advice}"
        )
    return numbers


def _label_advice(values: Array) -> str:
    if values.ndim == 2 and values.dtype.kind in "uif":
        return "If each row has one value for each class, save labels.argmax(axis=1)."
    if values.dtype.kind == "O" and values.ndim == 1:
        return "Save them as whole numbers: labels.astype(int)."
    return "Save the digit of each image, as a whole number."


def _to_pixels(
    values: Array, source: str, factor: int | None = None
) -> tuple[Array, tuple[str, ...]]:
    """Return ``values`` as uint8 in the same shape, and notes on what was changed."""
    kind = values.dtype.kind
    if kind == "b":
        return values * np.uint8(255), (f"{source}: True was converted to 255, full ink",)
    if kind not in "uif":
        raise TenfoldError(
            f"{source}: pixels must be numbers, got {values.dtype}: convert them first."
        )
    if values.dtype == np.uint8:
        return values, ()
    low, high = values.min(), values.max()
    if not np.isfinite([low, high]).all():
        raise _not_finite(values, source)
    if not (low >= 0 and high <= 255):
        raise TenfoldError(
            f"{source}: pixels must be from 0 to 255, got {low:g} to {high:g}. Save the raw "
            "pixels, before any normalisation, or scale them so that the background is 0 and the "
            "strongest ink 255."
        )
    if kind != "f":
        return values.astype(np.uint8), ()
    factor = pixel_factor(values) if factor is None else factor
    if factor == 1:
        return _whole(values, 1, source), ()
    note = f"{source}: pixels stored as 0 to 1 were multiplied by {factor}"
    return _whole(values, factor, source), (note,)


def _not_finite(values: Array, source: str) -> TenfoldError:
    wrong = ~np.isfinite(values)
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return TenfoldError(
        f"{source}: pixels must be finite numbers, got {values[first]:g} at {list(first)}"
        f"{_more(wrong)}. Set them to 0, the background: images[~np.isfinite(images)] = 0, or "
        "leave those images out."
    )


def _more(wrong: Array) -> str:
    """Return how many values are wrong besides the first."""
    count = int(wrong.sum()) - 1
    return f" (and {count:,} more)" if count else ""


def _all_whole(values: Array, factor: int) -> bool:
    scaled = values.astype(np.float64) * factor
    return bool(
        (np.abs(scaled - np.rint(scaled)) <= _tolerance(values)).all() and scaled.max() < 256
    )


def _tolerance(values: Array) -> float:
    """Return how far a scaled pixel may be from a whole number, due to rounding to the dtype."""
    return max(1e-3, 255 * float(np.finfo(values.dtype).eps))


def _whole(values: Array, factor: int, source: str) -> Array:
    """Return values * factor as uint8; raise TenfoldError unless these are nearly whole numbers."""
    pixels = np.empty(values.shape, np.uint8)
    tolerance = _tolerance(values)
    for start in range(0, len(values), _BLOCK):
        scaled = values[start : start + _BLOCK].astype(np.float64) * factor
        whole = np.rint(scaled)
        wrong = (np.abs(scaled - whole) > tolerance) | (whole > 255)
        if wrong.any():
            raise TenfoldError(
                f"{source}: pixels must be whole numbers from 0 to 255, or these divided by 255 "
                f"or 256, got {scaled[wrong][0] / factor:g}. Save the raw pixels."
            )
        pixels[start : start + _BLOCK] = whole
    return pixels
