"""Checks of the arguments of ``fit``, made by the call itself: a generator would start later."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec, TypeVar

from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
from tenfold.nn import Network, Optimizer
from tenfold.nn.arguments import check_arguments
from tenfold.nn.array import Array

__all__ = ["check_labels", "checked_when_called"]

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
            return loop(*args, **kwargs)  # Python's own message names the function
        try:
            bound.arguments.update(check_arguments(loop, bound.arguments))
        except ValueError as error:
            raise TenfoldError(str(error)) from error
        given = bound.arguments
        _check_data(given["network"], given["train"], given.get("validation"))
        _check_optimizer(given["network"], given["optimizer"])
        return loop(*bound.args, **bound.kwargs)

    return fit


def check_labels(labels: Array, classes: int) -> None:
    """Raise an error if a network with this number of outputs cannot predict all labels.

    Raises:
        TenfoldError: If a label is too large.
    """
    largest = int(labels.max())
    if largest >= classes:
        raise TenfoldError(
            f"labels must be from 0 to {classes - 1}, as the network has {classes} outputs, got "
            f"{largest}: give its last layer {largest + 1} outputs, or correct the labels"
        )


def _check_data(network: Network, train: LabelledData, validation: LabelledData | None) -> None:
    if len(train) == 0:
        raise TenfoldError(f"{train.name} is empty: there is nothing to train on")
    if validation is not None and len(validation) == 0:
        raise TenfoldError("the validation data is empty: leave it out, or add some")
    check_labels(train.require_labels(), network.shapes[-1][-1])


def _check_optimizer(network: Network, optimizer: Optimizer) -> None:
    if any(array.shape != network.theta.value.shape for array in optimizer.state.values()):
        raise TenfoldError("this optimizer has trained another network: make a new one")
