"""Advice in messages: how to convert a wrong argument to images, labels or labelled data."""

import os

import numpy as np

from tenfold.nn.array import Array

__all__ = ["data_advice", "image_advice", "kind_of", "label_advice", "with_conversion"]

_CHANNELS = (1, 3, 4)  # numbers of channels: grey, RGB, RGBA


def kind_of(value: object) -> str:
    """Return what a value is, for a message: its dtype and shape, or its type."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    if value is None:
        return "None"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def with_conversion(message: str, expression: str) -> str:
    """Return a message followed by the expression that converts the value, if there is one."""
    return f"{message}. Convert them with {expression}." if expression else f"{message}."


def data_advice(value: object, labelled: str) -> str:
    """Return how to get labelled data from another value; empty if that is unknown.

    Args:
        value: What was given instead of data.
        labelled: How images and labels are given together, such as ``"Dataset(images, labels)"``.
    """
    if isinstance(value, (str, os.PathLike)):
        return "read it first, with tenfold.data.load_dataset(path)"
    if isinstance(value, np.ndarray):
        return f"give the labels, too: {labelled}"
    if isinstance(value, (tuple, list)):
        if value and hasattr(value[0], "require_labels"):
            return "give one split, such as the first"
        if len(value) == 2 and all(isinstance(item, (tuple, list)) for item in value):
            return f"give one pair, such as the training images and labels: {labelled}"
        return f"give images and labels: {labelled}"
    return "give the network first, then the data" if hasattr(value, "predict_batch") else ""


def image_advice(images: object) -> str:
    """Return a Python expression that converts ``images``; empty if none is known.

    Several steps may be needed; each message gives the next one.
    """
    if isinstance(images, tuple) and any(isinstance(part, np.ndarray) for part in images):
        return "Dataset(*images)"  # images and labels as one argument
    if isinstance(images, (str, os.PathLike)):
        return "tenfold.data.load_dataset(path)"
    if not isinstance(images, np.ndarray):
        return "np.asarray(images, np.uint8)" if _is_array_like(images) else ""
    if images.dtype == bool:
        return "images.astype(np.uint8) * 255"
    if images.dtype != np.uint8:
        return _to_uint8(images)
    return _to_four_axes(images)


def _to_uint8(images: Array) -> str:
    if images.dtype.kind not in "iuf" or not images.size or not np.isfinite(images).all():
        return ""
    low, high = images.min(), images.max()
    if low < 0:
        return "np.rint((images - images.min()) / np.ptp(images) * 255).astype(np.uint8)"
    if high <= 1:
        return "np.rint(images * 255).astype(np.uint8)"
    if high <= 255:
        return "np.rint(images).astype(np.uint8)"
    return "np.rint(images / images.max() * 255).astype(np.uint8)"


def _to_four_axes(images: Array) -> str:
    if images.ndim == 3 and images.shape[2] in _CHANNELS:
        return "images[np.newaxis]"
    if images.ndim == 3:
        return "images[..., np.newaxis]"
    if images.ndim in (1, 2) and images.shape[-1] == 784:
        return "images.reshape(-1, 28, 28, 1)"
    if images.ndim == 2:
        return "images[np.newaxis, ..., np.newaxis]"
    return ""


def label_advice(labels: object) -> str:
    """Return a Python expression that converts ``labels``; empty if none is known."""
    if not isinstance(labels, np.ndarray):
        return "np.asarray(labels)" if _is_array_like(labels) else ""
    if labels.ndim == 2 and labels.dtype.kind in "buif" and _is_one_hot(labels):
        return "labels.argmax(axis=1)"
    if labels.ndim == 2 and 1 in labels.shape:
        return "labels.ravel()"
    if labels.ndim != 1 or labels.dtype.kind not in "uifUSO" or not _are_whole(labels):
        return ""
    is_text = labels.dtype.kind in "USO"  # such as "3.0", which is no integer for NumPy
    return "labels.astype(float).astype(np.int64)" if is_text else "labels.astype(np.int64)"


def _is_array_like(value: object) -> bool:
    return isinstance(value, (list, tuple)) or hasattr(value, "__array__")


def _is_one_hot(labels: Array) -> bool:
    if labels.shape[1] < 2 or not len(labels):
        return False
    return bool(((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all())


def _are_whole(labels: Array) -> bool:
    try:
        numbers = labels.astype(np.float64)
    except (TypeError, ValueError):
        return False
    return bool(np.isfinite(numbers).all() and (numbers == np.rint(numbers)).all())
