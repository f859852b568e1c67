"""Checks of the arguments of ``fit``, made by the call itself: a generator would start later."""

import inspect
import math
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
from tenfold.nn import Network, Optimizer
from tenfold.nn.array import Array
from tenfold.threads import MAX_THREADS

__all__ = ["check_labels", "checked_when_called"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def checked_when_called(loop: Callable[_P, Iterator[_R]]) -> Callable[_P, Iterator[_R]]:
    """Decorate the generator function ``fit`` so that a call with wrong arguments raises."""
    signature = inspect.signature(loop)

    @wraps(loop)
    def fit(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[_R]:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            return loop(*args, **kwargs)  # Python's own message names the function
        bound.apply_defaults()
        given = bound.arguments
        _check_numbers(given)
        _check_data(given["network"], given["train"], given["validation"])
        _check_optimizer(given["network"], given["optimizer"])
        return loop(*args, **kwargs)

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


def _check_numbers(given: dict[str, Any]) -> None:
    for name, least in {"epochs": 1, "log_every": 1, "shards": 1, "clean_epochs": 0}.items():
        _check_number(name, given[name], least)
    if given["threads"] is not None:
        _check_number("threads", given["threads"], 1, MAX_THREADS)
    if given["batch_size"] is not None:
        _check_number("batch_size", given["batch_size"], 1)
    l2 = given["l2"]
    if not isinstance(l2, (int, float)) or isinstance(l2, bool) or not 0 <= l2 < math.inf:
        raise TenfoldError(f"l2 must be a finite number of at least 0, got {l2!r}")


def _check_number(name: str, value: Any, least: int, most: float = math.inf) -> None:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= int(value) <= most:
        limits = f"of at least {least}" if most == math.inf else f"from {least} to {most}"
        raise TenfoldError(f"{name} must be a whole number {limits}, got {value!r}")


def _check_data(network: Network, train: LabelledData, validation: LabelledData | None) -> None:
    if len(train) == 0:
        raise TenfoldError(f"{train.name} is empty: there is nothing to train on")
    if validation is not None and len(validation) == 0:
        raise TenfoldError("the validation data is empty: leave it out, or add some")
    check_labels(train.require_labels(), network.shapes[-1][-1])


def _check_optimizer(network: Network, optimizer: Optimizer) -> None:
    if any(array.shape != network.theta.value.shape for array in optimizer.state.values()):
        raise TenfoldError("this optimizer has trained another network: make a new one")
