"""Checks of the inputs of a network (type, shape and scale) and of its outputs (finite or not)."""

from typing import Any, Protocol, cast

import numpy as np

from tenfold.nn.array import Array, DTypeLike, LazyArray
from tenfold.nn.constraints import invalid, wrong_type
from tenfold.nn.layers.base import Layer
from tenfold.nn.layers.normalize import Normalize

__all__ = ["check_inputs", "check_pixels", "finite_logits", "float_dtype"]

_MAX_PIXEL = 256.0  # interpolation may exceed 255 a little


def check_inputs(x: Any, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless ``x`` is an array of real numbers of shape (N, *shape)."""
    is_array = isinstance(x, (np.ndarray, LazyArray))
    if is_array and x.dtype.kind in "uif" and x.ndim and x.shape[1:] == shape:
        return
    raise _wrong_inputs(x, shape)


def _wrong_inputs(x: object, shape: tuple[int, ...]) -> ValueError:
    """Return the error for inputs of a wrong type, dtype or shape; it says what to do."""
    from tenfold.nn.input_advice import dtype_advice, object_advice, shape_advice

    if not isinstance(x, (np.ndarray, LazyArray)):
        return wrong_type("images", "a NumPy array", x, object_advice(x))
    if x.dtype.kind not in "uif":
        advice = dtype_advice(cast(Array, x))
        return ValueError(
            f"images must be uint8 or float on the scale 0 to 255, got {x.dtype}"
            + (advice and f": {advice}")
        )
    wanted = ", ".join(map(str, ("N", *shape)))
    advice = shape_advice(x.shape, shape)
    return ValueError(
        f"images must have the shape ({wanted}), got {x.shape}" + (advice and f": {advice}")
    )


def check_pixels(x: Array, first_layer: Layer) -> None:
    """Raise ValueError if values are not finite, or on another scale than the first layer expects.

    Args:
        x: Images, as ``check_inputs`` accepts them.
        first_layer: First layer of the network.
    """
    if not x.size:
        return
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        raise ValueError(
            "images must be finite, got NaN or infinity: use np.nan_to_num(images) if missing "
            "values are background"
        )
    if isinstance(first_layer, Normalize) and first_layer.raw_pixels and x.dtype != np.uint8:
        _check_raw_scale(x)
    if isinstance(first_layer, Normalize) and first_layer.unit_pixels and x.dtype == np.uint8:
        _check_unit_scale(x)


def _check_raw_scale(x: Array) -> None:
    """Raise ValueError unless numbers are from 0 to 255, and not all from 0 to 1.

    A network whose first layer expects raw pixels would read images from 0 to 1 as nearly blank,
    and its confident predictions would be wrong.
    """
    low, high = float(x.min()), float(x.max())
    found = f"images must be raw pixels from 0 to 255, got values from {low:.4g} to {high:.4g}"
    if x.dtype == np.int8:
        advice = "use images.view(np.uint8)" if low < 0 else "save them as uint8"
        raise ValueError(
            f"images must be uint8 or float on the scale 0 to 255, got int8 from {low:.4g} to "
            f"{high:.4g}: {advice}"
        )
    if low < 0:
        raise ValueError(f"{found}: do not standardise them, the network does that itself")
    if 0 < high <= 1:
        raise ValueError(f"{found}: multiply them by 255")
    if high > _MAX_PIXEL:
        raise ValueError(
            f"images must be raw pixels from 0 to 255, got values up to {high:.6g}: "
            f"multiply them by 255 / {high:.6g}"
        )


def _check_unit_scale(x: Array) -> None:
    """Raise ValueError for bytes above 1, for a network that expects pixels from 0 to 1."""
    if x.max() > 1:
        raise ValueError(
            "images must be pixels from 0 to 1, as the first layer of this network expects, got "
            f"values up to {x.max()}: begin the network with Normalize(), without arguments, which "
            "takes pixels from 0 to 255, or divide the images by 255"
        )


def float_dtype(dtype: DTypeLike) -> np.dtype:
    """Return the dtype; raise ValueError unless it is float32 or float64."""
    try:
        result = None if dtype is None else np.dtype(dtype)
    except (TypeError, ValueError):
        result = None
    if result is None:
        raise invalid("dtype", "float32 or float64", dtype)
    if result not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64, got {result}")
    return result


class _Network(Protocol):
    """The methods of ``Network`` that ``finite_logits`` calls."""

    def forward(self, x: Array) -> Array: ...

    def tensors(self) -> dict[str, Array]: ...


def finite_logits(network: _Network, images: Array) -> Array:
    """Return ``network.forward(images)``, after checking that all outputs are finite.

    Without the check, an image with NaN outputs would be class 0, which argmax returns for NaN.

    Raises:
        ValueError: As from ``forward``, or if an output is not finite; the message gives the cause.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # reported below
        logits = network.forward(images)
    if np.isfinite(logits).all():
        return logits
    tensors = network.tensors().items()
    wrong = next((name for name, array in tensors if not np.isfinite(array).all()), None)
    cause = "the values overflow, because the weights are too large"
    if wrong is not None:
        cause = f"its {wrong} contains NaN or infinity"
    raise ValueError(
        f"the outputs of the network must be finite, got NaN or infinity: {cause}, as after a "
        "training that diverged. Make a new network and train it with a lower learning rate, or "
        "load a model that was saved before"
    )
