"""Checks of the inputs of a network: their type, their shape, and the scale of their pixels."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["check_inputs", "check_scale"]

_MAX_PIXEL = 256.0  # interpolation may exceed 255 a little


def check_inputs(x: Array, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless ``x`` is an array of real numbers of shape (N, *shape)."""
    if not isinstance(x, np.ndarray):
        raise ValueError(
            f"images must be a NumPy array, got {type(x).__name__}: use np.asarray(images)"
        )
    if x.dtype.kind not in "uif":
        raise ValueError(f"images must be uint8 or float on the scale 0 to 255, got {x.dtype}")
    if x.ndim and x.shape[1:] == shape:
        return
    wanted = ", ".join(map(str, ("N", *shape)))
    advice = _shape_advice(x.shape, shape)
    raise ValueError(
        f"images must have the shape ({wanted}), got {x.shape}" + (advice and f": {advice}")
    )


def _shape_advice(given: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Return how to correct the axes; empty if that is unknown."""
    without_channel = shape[:-1] if shape and shape[-1] == 1 else None
    if given == shape:
        return "for a single image add the batch axis with images[np.newaxis]"
    if given == without_channel:
        return "for a single image add both axes with images[np.newaxis, ..., np.newaxis]"
    if given and given[1:] == without_channel:
        return "add the channel axis with images[..., np.newaxis]"
    if len(shape) == 3 and given and given[1:] == (shape[2], *shape[:2]):
        return "move the channels to the end with images.transpose(0, 2, 3, 1)"
    if given and len(given) == 2 and given[1] == int(np.prod(shape)):
        return f"give each row its axes with images.reshape({', '.join(map(str, (-1, *shape)))})"
    return ""


def check_scale(x: Array) -> None:
    """Raise ValueError unless the pixels may be on the scale 0 to 255.

    uint8 is always accepted. Other numbers must be finite, from 0 to 255, and not all from 0 to 1:
    a network whose first layer expects raw pixels would read such images as nearly blank, and
    its confident predictions would be wrong.
    """
    if x.dtype == np.uint8 or not x.size:
        return
    if x.dtype == np.int8:
        raise ValueError("images must be uint8 or float on the scale 0 to 255, got int8")
    low, high = float(x.min()), float(x.max())
    if not np.isfinite(low + high):
        raise ValueError("images must be finite, got NaN or infinity")
    if low < 0:
        raise ValueError(
            f"images must be raw pixels from 0 to 255, got values from {low:.4g} to {high:.4g}: "
            "do not standardise them, the network does that itself"
        )
    if 0 < high <= 1:
        raise ValueError(
            f"images must be raw pixels from 0 to 255, got values from {low:.4g} to {high:.4g}: "
            "multiply them by 255"
        )
    if high > _MAX_PIXEL:
        raise ValueError(
            f"images must be raw pixels from 0 to 255, got values up to {high:.6g}: "
            f"multiply them by 255 / {high:.6g}"
        )
