"""PyTorch's functions on arrays in the layout of tenfold, forward and backward."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Array = NDArray[Any]
Recording = dict[str, Array]
Function = Callable[..., Any]


def leaf(array: Array) -> Any:
    """Return a tensor of which PyTorch computes the gradient."""
    return torch.tensor(array, requires_grad=True)


def channels_first(function: Function) -> Function:
    """Return a PyTorch function of (N, C, H, W) as a function of (N, H, W, C)."""

    def wrapped(x: Any, **parameters: Any) -> Any:
        return function(x.permute(0, 3, 1, 2), **parameters).permute(0, 2, 3, 1)

    return wrapped


def batch_norm(
    x: Any, running_mean: Any, running_variance: Any, scale: Any = None, shift: Any = None
) -> Any:
    # Like tenfold, PyTorch divides the variance by M and averages M / (M - 1) times it.
    return functional.batch_norm(
        x, running_mean, running_variance, scale, shift, training=True, momentum=0.2
    )


def running(features: int, name: str = "running") -> dict[str, Any]:
    """Return the initial running statistics, which PyTorch changes in place."""
    return {
        f"{name}_mean": torch.zeros(features).double(),
        f"{name}_variance": torch.ones(features).double(),
    }


def differentiated(
    function: Function,
    x: Array,
    parameters: Recording,
    state: dict[str, Any],
    rng: np.random.Generator,
) -> Recording:
    """Run one function forward and backward; return all inputs and results."""
    leaves = {"x": leaf(x)} | {name: leaf(array) for name, array in parameters.items()}
    y = function(leaves["x"], **state, **{name: leaves[name] for name in parameters})
    dy = rng.standard_normal(y.shape)
    y.backward(torch.tensor(dy))
    gradients = {f"d{name}": tensor.grad.numpy() for name, tensor in leaves.items()}
    learned = {name: tensor.numpy() for name, tensor in state.items()}
    return {"x": x, "dy": dy, "y": y.detach().numpy()} | parameters | gradients | learned
