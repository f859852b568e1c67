"""Checks of the arguments of ``fit`` when it is called.

``fit`` is a generator function. Its body, and checks in it, run only when the first record is
requested, which may be much later than the call.
"""

import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast, overload

import numpy as np

from tenfold.data.labelled import Examples, LabelledData, check_labelled
from tenfold.errors import InputWarning, TenfoldError
from tenfold.images import Augment
from tenfold.nn import (
    AveragePool,
    BatchNorm,
    Constant,
    Dropout,
    Flatten,
    MaxPool,
    Network,
    Optimizer,
    Schedule,
)
from tenfold.nn.arguments import check_arguments, checked
from tenfold.nn.array import Array
from tenfold.nn.calls import call_error
from tenfold.nn.inputs import check_inputs, check_pixels
from tenfold.training.batch_sizes import check_batches
from tenfold.training.divergence import LARGE_INPUT
from tenfold.training.lazy_iterator import LazyIterator
from tenfold.training.progress import Progress

__all__ = ["TrainingData", "as_schedule", "check_labels", "checked_when_called", "labelled"]

TrainingData: TypeAlias = LabelledData | tuple[Array, Array]
"""Labelled data, or the arrays (inputs, labels)."""

_CALL_WITH_ARRAYS = "fit(network, (images, labels), ...)"
_RATE_ADVICE = "The learning rate is the schedule: schedule=0.01, or schedule=OneCycle(0.005)"
_HINTS = {
    # The key "" is for too many positional arguments, any other for an argument of this name.
    "": f"The images and their labels are one argument: {_CALL_WITH_ARRAYS}",
    **dict.fromkeys(("learning_rate", "lr", "rate"), _RATE_ADVICE),
    "labels": f"The images and their labels are one argument: {_CALL_WITH_ARRAYS}",
}
_NOT_ITERATED = (
    "fit was called, but nothing was trained: iterate over its records, as in "
    "for record in fit(...): pass"
)
_KEEP_SCALE = (Flatten, MaxPool, AveragePool, Dropout)  # layers that keep the scale of pixels
_SAMPLE = 256  # number of examples whose shape and scale are checked

_P = ParamSpec("_P")
_R = TypeVar("_R")


def checked_when_called(loop: Callable[_P, Iterator[_R]]) -> Callable[_P, LazyIterator[_R]]:
    """Decorate the generator function ``fit`` so that invalid arguments raise an error at the call.

    The limits of the arguments are declared in their annotations.

    Raises:
        TenfoldError: If an argument is invalid, or arguments do not fit together.
    """
    signature = inspect.signature(loop)

    @wraps(loop)
    def fit(*args: _P.args, **kwargs: _P.kwargs) -> LazyIterator[_R]:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            raise call_error("fit", signature, args, kwargs, _HINTS) from None
        arguments = bound.arguments
        try:
            arguments.update(check_arguments(loop, arguments))
            as_schedule(arguments["schedule"])
        except ValueError as error:
            raise TenfoldError(str(error)) from error
        size = arguments.get("batch_size")  # only a size that the user gave causes a warning
        bound.apply_defaults()
        arguments = bound.arguments
        network = arguments["network"]
        train = labelled(arguments["train"], network)
        _check_data(network, train, labelled(arguments["validation"], network, "validation"))
        _check_optimizer(network, arguments["optimizer"])
        _check_augment(network, arguments["augment"])
        _check_progress(arguments["progress"], arguments["epochs"])
        check_batches(network, len(train), arguments["batch_size"], arguments["shards"])
        _warn_of_large_batch(size, len(train))
        return LazyIterator(loop(*bound.args, **bound.kwargs), _NOT_ITERATED)

    return fit


@overload
def labelled(data: "TrainingData", network: Network, argument: str = ...) -> LabelledData: ...
@overload
def labelled(data: None, network: Network, argument: str = ...) -> None: ...
def labelled(
    data: "TrainingData | None", network: Network, argument: str = "train"
) -> LabelledData | None:
    """Return (inputs, labels) as ``Examples``, with a channel axis if only that is missing.

    Args:
        data: The data. Labelled data and None are returned unchanged.
        network: The network that takes the inputs.
        argument: Name of the argument in messages.

    Raises:
        TenfoldError: If ``data`` is neither labelled data nor a pair of arrays.
    """
    if data is None and argument == "validation":
        return None
    if not isinstance(data, (tuple, list)) or not _is_pair(data):
        check_labelled(argument, data, _CALL_WITH_ARRAYS)
        return cast(LabelledData, data)
    examples = Examples(*data)
    if (*examples.inputs.shape[1:], 1) == network.input_shape:
        return Examples(examples.inputs[..., np.newaxis], examples.labels)
    return examples


def _is_pair(data: Sequence[Any]) -> bool:
    """Return whether data is (inputs, labels), rather than two such pairs or two data sets."""
    if len(data) != 2 or any(hasattr(part, "require_labels") for part in data):
        return False
    second = data[1]
    return not (isinstance(second, tuple) and any(isinstance(part, np.ndarray) for part in second))


def as_schedule(schedule: Schedule | float) -> Schedule:
    """Return the schedule; a number becomes a constant learning rate."""
    return schedule if isinstance(schedule, Schedule) else Constant(schedule)


@checked
def check_labels(labels: Array, classes: int) -> None:
    """Raise an error if a network has too few outputs for the labels.

    Args:
        labels: Whole numbers from 0, (N,).
        classes: Number of outputs of the network.

    Raises:
        TenfoldError: If a label is not below ``classes``.
    """
    largest = int(labels.max())
    if largest >= classes:
        advice = f"give its last layer {largest + 1} outputs, or correct the labels"
        if largest == classes and labels.min() >= 1:
            advice = (
                f"if they count from 1, use labels - 1; if {largest} means 0, labels % {largest}"
            )
        raise TenfoldError(
            f"labels must be from 0 to {classes - 1}, as the network has {classes} outputs, got "
            f"{labels.min()} to {largest}: {advice}"
        )


def _check_data(network: Network, train: LabelledData, validation: LabelledData | None) -> None:
    if len(train) == 0:
        raise TenfoldError(f"{train.name} is empty: there is nothing to train on")
    if validation is not None and len(validation) == 0:
        raise TenfoldError("the validation data is empty: leave it out, or add some")
    _warn_of_raw_pixels(network, train.take(slice(_SAMPLE)))
    for data in (train, validation):
        if data is None:
            continue
        check_labels(data.require_labels(), network.shapes[-1][-1])
        sample = data.take(slice(_SAMPLE))
        try:
            check_inputs(sample, network.input_shape)
            check_pixels(sample, network.layers[0])
        except ValueError as error:
            raise TenfoldError(f"{data.name}: {error}") from error


def _warn_of_raw_pixels(network: Network, images: Array) -> None:
    """Give an ``InputWarning`` if pixels up to 255 reach the weights without being scaled."""
    trainable = next((layer for layer in network.layers if layer.parameters), None)
    if trainable is None or isinstance(trainable, BatchNorm) or images.dtype != np.uint8:
        return
    earlier_layers = network.layers[: network.layers.index(trainable)]
    unscaled = all(isinstance(layer, _KEEP_SCALE) for layer in earlier_layers)
    if unscaled and images.max(initial=0) > LARGE_INPUT:
        warnings.warn(
            "the pixels, up to 255, are not scaled before the first weights, so training will "
            "probably diverge: begin the network with Normalize()",
            InputWarning,
            stacklevel=4,
        )


def _warn_of_large_batch(batch_size: int | None, images: int) -> None:
    """Give an ``InputWarning`` if the batch size is larger than the number of images."""
    if batch_size is not None and batch_size > images:
        warnings.warn(
            f"batch_size is {batch_size}, larger than the number of training images, {images}, so "
            "each epoch is one step: use a smaller batch_size, or None for all images at once",
            InputWarning,
            stacklevel=3,
        )


def _check_progress(progress: Progress | None, epochs: int) -> None:
    if progress is not None and progress.epoch >= epochs:
        raise TenfoldError(
            f"progress is at the end of epoch {progress.epoch} and epochs is {epochs}, so nothing "
            "is left to train: raise epochs, or start with a new Progress"
        )


def _check_augment(network: Network, augment: Augment | None) -> None:
    shape = network.input_shape
    if augment is not None and (len(shape) != 3 or shape[2] != 1):
        raise TenfoldError(
            f"augment must be None for inputs other than grey images (H, W, 1), got an Augment for "
            f"inputs of shape {shape}"
        )


def _check_optimizer(network: Network, optimizer: Optimizer) -> None:
    trained_another = bool(optimizer.state) and optimizer.trained_vector not in (
        None,
        network.theta.identity,
    )
    sizes = {array.shape for array in optimizer.state.values()}
    if trained_another or sizes - {network.theta.value.shape}:
        raise TenfoldError(
            "this optimizer has trained another network, whose gradients it remembers: make a new "
            f"one, {type(optimizer).__name__}(...)"
        )
