"""Checks of the arguments of ``fit`` at its call; a generator alone would make them later."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeAlias, TypeVar, overload

import numpy as np

from tenfold.data.labelled import Examples, LabelledData
from tenfold.errors import TenfoldError
from tenfold.nn import Constant, Network, Optimizer, Schedule
from tenfold.nn.arguments import check_arguments
from tenfold.nn.array import Array
from tenfold.nn.calls import call_error
from tenfold.nn.inputs import check_inputs, check_scale
from tenfold.training.batch_sizes import check_batches
from tenfold.training.progress import Progress

__all__ = ["TrainingData", "as_schedule", "check_labels", "checked_when_called", "labelled"]

TrainingData: TypeAlias = LabelledData | tuple[Array, Array]
"""Labelled data, or the arrays (inputs, labels)."""

_RATE = "The learning rate is the schedule: schedule=0.01, or schedule=OneCycle(0.005)"
_HINTS = {
    "": "The images and their labels are one argument: fit(network, (images, labels), ...)",
    **dict.fromkeys(("learning_rate", "lr", "rate"), _RATE),
    "labels": "The images and their labels are one argument: fit(network, (images, labels), ...)",
}
_SAMPLE = 256  # number of examples whose shape and scale are checked

_P = ParamSpec("_P")
_R = TypeVar("_R")


def checked_when_called(loop: Callable[_P, Iterator[_R]]) -> Callable[_P, Iterator[_R]]:
    """Decorate the generator function ``fit`` so that a call with invalid arguments raises.

    The limits of the arguments are declared in their annotations.

    Raises:
        TenfoldError: If an argument is invalid, or arguments do not fit together.
    """
    signature = inspect.signature(loop)

    @wraps(loop)
    def fit(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[_R]:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            raise call_error("fit", signature, args, kwargs, _HINTS) from None
        given = bound.arguments
        try:
            given.update(check_arguments(loop, given))
            as_schedule(given["schedule"])
        except ValueError as error:
            raise TenfoldError(str(error)) from error
        bound.apply_defaults()
        given = bound.arguments
        network = given["network"]
        train = labelled(given["train"], network)
        _check_data(network, train, labelled(given["validation"], network))
        _check_optimizer(network, given["optimizer"])
        _check_progress(given["progress"], given["epochs"])
        check_batches(network, len(train), given["batch_size"], given["shards"])
        return loop(*bound.args, **bound.kwargs)

    return fit


@overload
def labelled(data: "TrainingData", network: Network) -> LabelledData: ...
@overload
def labelled(data: None, network: Network) -> None: ...
def labelled(data: "TrainingData | None", network: Network) -> LabelledData | None:
    """Return (inputs, labels) as ``Examples``, with a channel axis if only that is missing.

    Any other data is returned unchanged.
    """
    if not isinstance(data, tuple):
        return data
    inputs, labels = map(np.asarray, data)
    if (*inputs.shape[1:], 1) == network.input_shape:
        inputs = inputs[..., np.newaxis]
    return Examples(inputs, labels)


def as_schedule(schedule: Schedule | float) -> Schedule:
    """Return the schedule; a number becomes a constant learning rate."""
    return schedule if isinstance(schedule, Schedule) else Constant(schedule)


def check_labels(labels: Array, classes: int) -> None:
    """Raise an error if a network with this number of outputs cannot predict all labels.

    Raises:
        TenfoldError: If a label is too large.
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
    for data in (train, validation):
        if data is None:
            continue
        check_labels(data.require_labels(), network.shapes[-1][-1])
        sample = data.take(slice(_SAMPLE))
        try:
            check_inputs(sample, network.input_shape)
            if network.raw_pixels:
                check_scale(sample)
        except ValueError as error:
            raise TenfoldError(f"{data.name}: {error}") from error


def _check_progress(progress: Progress | None, epochs: int) -> None:
    if progress is not None and progress.epoch >= epochs:
        raise TenfoldError(
            f"progress is at the end of epoch {progress.epoch} and epochs is {epochs}, so nothing "
            "is left to train: raise epochs, or start with a new Progress"
        )


def _check_optimizer(network: Network, optimizer: Optimizer) -> None:
    if any(array.shape != network.theta.value.shape for array in optimizer.state.values()):
        raise TenfoldError("this optimizer has trained another network: make a new one")
