"""Advice on images of another size or layout: what they probably are, and how to convert them."""

import math

__all__ = ["describe_pixels", "describe_shape"]

_KNOWN = {
    8: "like scikit-learn's digits and UCI's optdigits, with values from 0 to 16",
    16: "like USPS and Semeion",
    20: "like MNIST's digits before they are centred",
    32: "like SVHN and CIFAR in grey",
    64: "like EMNIST's and NIST's larger versions",
}
_CONVERSION = (
    "Make the background 0 and the ink larger, then fit each image into 28 x 28 as MNIST's digits "
    "are: from tenfold.images import normalize_like_mnist; "
    "np.stack([normalize_like_mnist(image) for image in images]), and save the result with "
    "np.savez."
)
_PEN_COLUMNS = 17  # number of columns of UCI's pendigits
_GREY = "images @ [0.299, 0.587, 0.114]"  # ITU-R 601


def describe_pixels(columns: int) -> str | None:
    """Return what a table with this number of columns contains, or None if it is not images.

    Args:
        columns: Number of pixels of an image, perhaps with one column of labels, or with ten of
            one-hot labels.
    """
    for pixels in (columns, columns - 1, columns - 10):
        side = math.isqrt(max(pixels, 0))
        if side >= 6 and side * side == pixels and side != 28:
            return f"images of {_size(side)}, not of 28 x 28. {_CONVERSION}"
    if columns - 1 == 32 * 32 * 3 or columns == 32 * 32 * 3:
        return (
            "colour images of 32 x 32 (like CIFAR and SVHN), not grey ones of 28 x 28. "
            f"{_CONVERSION}"
        )
    if columns - 1 == 28 * 28 * 3 or columns == 28 * 28 * 3:
        return f"colour images of 28 x 28. Convert them to grey: {_GREY}, with the colours last."
    if columns == _PEN_COLUMNS:
        return "perhaps those of UCI's pendigits, which has positions of a pen, not images."
    return None


def describe_shape(shape: tuple[int, ...]) -> str:
    """Return how to convert an array of another shape to images of 28 x 28."""
    if shape[:2] == (28, 28) and len(shape) in (3, 4):
        return "Move the axis of the images to the front with np.moveaxis(images, -1, 0)."
    if len(shape) == 2 and shape[0] == 784:
        return "Transpose it: images.T."
    if len(shape) == 2 and shape[0] == 785 != shape[1]:
        return (
            "Transpose it; if the first row has the labels, save images[1:].T as the images and "
            "images[0] as the labels."
        )
    if len(shape) == 2 and shape[1] == 785:
        return "If the first column has the labels, save images[:, 1:] and images[:, 0]."
    if len(shape) == 4 and shape[1:] == (28, 28, 3):
        return f"Convert the colours to grey: np.rint({_GREY})."
    if len(shape) == 4 and shape[1:] == (3, 28, 28):
        return "Move the colours to the end: images.transpose(0, 2, 3, 1)."
    if len(shape) == 1:
        return "These may be labels: check whether images and labels are swapped."
    if len(shape) == 2 and (size := describe_pixels(shape[1])):
        return f"These are {size}"
    if len(shape) in (3, 4) and shape[1] == shape[2]:
        return f"These are images of {_size(shape[1])}. {_CONVERSION}"
    return "Resize or reshape them first."


def _size(side: int) -> str:
    return f"{side} x {side}" + (f" ({_KNOWN[side]})" if side in _KNOWN else "")
