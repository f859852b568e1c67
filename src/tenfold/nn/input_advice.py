"""Advice on how to convert an input to images for a network.

If several conversions are needed, each message gives the next one. The advice contains a Python
expression if one expression is enough, and it is empty if no conversion is known.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.nn.array import Array

__all__ = ["dtype_advice", "object_advice", "shape_advice"]

_DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".npz", ".npy", ".zip", ".gz", "ubyte")
_GREY = "[[0.299], [0.587], [0.114]]"  # the luminance of red, green and blue, ITU-R 601


def object_advice(images: object) -> str:
    """Return what to do with images that are not a NumPy array."""
    if isinstance(images, (str, os.PathLike)):
        return _path_advice(str(images))
    if isinstance(images, (list, tuple)):
        return _list_advice(images)
    for name in ("images", "inputs"):  # a Dataset or Examples
        if isinstance(getattr(images, name, None), np.ndarray):
            return f"use its array, .{name}"
    return next((step for name, step in _METHODS.items() if hasattr(images, name)), "")


_METHODS = {
    "detach": "use images.detach().cpu().numpy()",  # PyTorch
    "to_numpy": "use images.to_numpy()",  # pandas
    "convert": "use np.asarray(image.convert('L'))",  # Pillow
    "__array__": "use np.asarray(images)",
}


def _path_advice(path: str) -> str:
    if path.lower().endswith(_DATA_SUFFIXES) or Path(path).is_dir():
        return "read it with tenfold.data.load_dataset(path).images"
    return "read the picture with tenfold.data.read_image(path)[np.newaxis]"


def _list_advice(images: Sequence[Any]) -> str:
    if not images:
        return "use np.empty((0, 28, 28, 1), np.uint8) for no images"
    if all(isinstance(item, (str, os.PathLike)) for item in images):
        return "read the pictures with np.stack([tenfold.data.read_image(path) for path in paths])"
    try:
        array = np.asarray(images)
    except ValueError:
        return "all images must have the same shape: resize them first"
    return "use np.asarray(images)" if array.dtype.kind in "buif" else ""


def dtype_advice(images: Array) -> str:
    """Return what to do with an array whose dtype is neither uint8 nor a real number."""
    kind = images.dtype.kind
    if kind == "b":
        return "use images.astype(np.uint8) * 255"
    if kind == "c":
        return "use images.real"
    if kind == "O" and images.size and all(isinstance(item, np.ndarray) for item in images.flat):
        same = len({item.shape for item in images.flat}) == 1
        return "use np.stack(list(images))" if same else _list_advice(list(images))
    if kind not in "OUS" or not images.ndim:
        return ""
    try:
        images.astype(float)
    except (TypeError, ValueError):
        return ""
    return "use images.astype(float)"


def shape_advice(actual: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Return what to do with an array of another shape than (N, *shape)."""
    without_channel = shape[:-1] if shape and shape[-1] == 1 else None
    if actual == shape:
        return "for a single image add the batch axis with images[np.newaxis]"
    if actual == without_channel:
        return "for a single image add both axes with images[np.newaxis, ..., np.newaxis]"
    if actual and actual[1:] == without_channel:
        return "add the channel axis with images[..., np.newaxis]"
    if len(shape) == 3 and actual:
        return _image_advice(actual, shape) or _flat_advice(actual, shape)
    return _flat_advice(actual, shape)


def _image_advice(actual: tuple[int, ...], shape: tuple[int, ...]) -> str:
    height, width, channels = shape
    if actual[1:] == (channels, height, width) or actual[1:] == (3, height, width):
        return "move the channels to the end with images.transpose(0, 2, 3, 1)"
    if actual[:3] == shape and len(actual) == 4:
        return "move the axis of the images to the front with np.moveaxis(images, -1, 0)"
    if channels == 1 and len(actual) == 4 and actual[3] in (3, 4):
        opaque = "images" if actual[3] == 3 else "images[..., :3]"
        return f"convert the colours to grey with {opaque} @ {_GREY}"
    if actual == (height, width, 3) and channels == 1:
        return "for a single image add the batch axis with images[np.newaxis]"
    if actual[:2] == (height, width) and len(actual) == 3:
        return "move the axis of the images to the front with np.moveaxis(images, -1, 0)"
    if len(actual) == 3 and channels == 1 and actual[2] > 4:
        return "add the channel axis with images[..., np.newaxis]"
    if len(actual) == 4 and actual[3] == channels == 1 and shape == (28, 28, 1):
        return (
            f"these are images of {actual[1]} x {actual[2]}; if they show white digits on black, "
            "import normalize_like_mnist from tenfold.images and use "
            "np.stack([normalize_like_mnist(image[..., 0]) for image in images])"
        )
    return ""


def _flat_advice(actual: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Return advice on images whose axes are merged into one, or are divided differently."""
    size = int(np.prod(shape))
    wanted = ", ".join(map(str, (-1, *shape)))
    if actual == (size,) != shape:
        return f"give the image its axes with images.reshape({wanted})"
    if len(actual) > 1 and int(np.prod(actual[1:])) == size:
        return f"give each row its axes with images.reshape({wanted})"
    side = round(actual[1] ** 0.5) if len(actual) == 2 else 0
    if len(shape) == 3 and side >= 6 and side * side == actual[1]:
        return f"give each row its axes with images.reshape(-1, {side}, {side}, 1)"
    return ""
