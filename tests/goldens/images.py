"""Values of PyTorch for images: convolution, pooling, residual blocks, and a whole network.

It is called by ``record.py`` and has random numbers of its own.
"""

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tenfold.nn import stream
from tests.goldens.differentiation import (
    Array,
    Function,
    Recording,
    batch_norm,
    channels_first,
    differentiated,
    leaf,
    running,
)

STEPS = 3
rng = stream(0, "goldens of images")


def normal(*shape: int) -> Array:
    return rng.standard_normal(shape)


def whole(*shape: int) -> Array:
    """Return -1, 0 and 1, so that in nearly every window several pixels are the largest."""
    return rng.integers(-1, 2, shape).astype(np.float64)


# --- layers


def convolution(stride: int = 1, padding: str | int = 0) -> Function:
    """Return PyTorch's convolution for a weight (K, K, C, F) in place of (F, C, K, K)."""
    # With "same" and an even kernel, PyTorch also pads one more after the image.
    return channels_first(
        lambda x, weight, bias=None: functional.conv2d(
            x, weight.permute(3, 2, 0, 1), bias, stride, padding
        )
    )


def residual(x: Any, **p: Any) -> Any:
    conv, norm = convolution(padding="same"), channels_first(batch_norm)
    hidden = conv(x, weight=p.pop("0.weight"))
    last = {"weight": p.pop("3.weight"), "bias": p.pop("3.bias")}
    hidden = norm(hidden, **{name.removeprefix("1."): tensor for name, tensor in p.items()})
    return x + conv(torch.relu(hidden), **last)


def filters(*shape: int) -> Recording:
    return {"weight": normal(*shape), "bias": normal(shape[-1])}


def layers() -> Recording:
    """Return y, dx and the gradient of each parameter, for one random x and dy each."""
    # PyTorch's maximum over a whole image divides the gradient among equal pixels; its pooling
    # assigns it to the first of them, as tenfold does.
    pool, mean = functional.max_pool2d, functional.avg_pool2d
    block = {"0.weight": normal(3, 3, 2, 2), "1.scale": normal(2), "1.shift": normal(2)}
    block |= {"3.weight": normal(3, 3, 2, 2), "3.bias": normal(2)}
    cases: dict[str, tuple[Function, Array, Recording]] = {
        "Conv2D": (convolution(), normal(2, 5, 4, 2), filters(3, 3, 2, 3)),
        "Conv2D same": (convolution(1, "same"), normal(1, 5, 4, 2), filters(3, 3, 2, 2)),
        "Conv2D same, even": (convolution(1, "same"), normal(1, 4, 5, 1), filters(4, 4, 1, 2)),
        "Conv2D stride": (convolution(2, 1), normal(2, 6, 5, 1), filters(3, 3, 1, 2)),
        "Conv2D wide stride": (convolution(3), normal(1, 7, 6, 2), filters(2, 2, 2, 2)),
        "Conv2D wide padding": (convolution(2, 3), normal(1, 4, 3, 1), filters(2, 2, 1, 2)),
        "MaxPool": (channels_first(lambda x: pool(x, 2)), whole(2, 6, 7, 2), {}),
        "MaxPool overlapping": (channels_first(lambda x: pool(x, 3, 2)), whole(2, 6, 7, 2), {}),
        "AveragePool": (channels_first(lambda x: mean(x, 2)), normal(1, 5, 4, 2), {}),
        "AveragePool overlapping": (
            channels_first(lambda x: mean(x, 3, 1)),
            normal(1, 5, 4, 2),
            {},
        ),
        "GlobalMaxPool": (
            lambda x: pool(x.permute(0, 3, 1, 2), x.shape[1:3]).flatten(1),
            whole(3, 3, 4, 2),
            {},
        ),
        "GlobalAveragePool": (lambda x: x.mean(dim=(1, 2)), normal(2, 3, 2, 2), {}),
        "BatchNorm without scale": (
            channels_first(batch_norm),
            2 + 3 * normal(3, 2, 2, 3),
            {"shift": normal(3)},
        ),
        "Residual": (residual, normal(2, 4, 3, 2), block),
    }
    recording: Recording = {}
    for name, (function, x, parameters) in cases.items():
        state = running(3) if name.startswith("BatchNorm") else {}
        state |= running(2, "1.running") if name == "Residual" else {}
        made = differentiated(function, x, parameters, state, rng)
        recording |= {f"{name}/{key}": array for key, array in made.items()}
    return recording


# --- a whole training run


def trajectory() -> Recording:
    """Return three steps of Adam on conv - bn - relu - maxpool - conv - relu - flatten - dense.

    Recorded are every parameter and running statistic before the first step and after each step,
    the losses, and the logits after the last step in inference.
    """
    images, labels = rng.integers(0, 256, (6, 8, 8, 1), np.uint8), rng.integers(0, 10, 6)
    shapes = {"1.weight": (3, 3, 1, 3), "5.weight": (3, 3, 3, 4), "8.weight": (16, 10)}
    start = {name: 0.3 * normal(*shape) for name, shape in shapes.items()}
    start |= {"2.scale": 1 + 0.1 * normal(3), "2.shift": 0.1 * normal(3)}
    start |= {"5.bias": 0.1 * normal(4), "8.bias": 0.1 * normal(10)}
    tensors, state = {name: leaf(a) for name, a in start.items()}, running(3, "2.running")
    optimizer = torch.optim.Adam(tensors.values(), lr=0.01)
    x, losses = (torch.tensor(images).double() - 33.3184) / 78.5675, []
    moments = [snapshot(tensors | state)]
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = functional.cross_entropy(logits(x, tensors, state, True), torch.tensor(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        moments.append(snapshot(tensors | state))
    after = logits(x, tensors, state, False).detach().numpy()
    arrays = {name: np.array([moment[name] for moment in moments]) for name in moments[0]}
    return arrays | {
        "images": images,
        "labels": labels,
        "losses": np.array(losses),
        "logits": after,
    }


def logits(x: Any, tensors: dict[str, Any], state: dict[str, Any], training: bool) -> Any:
    y = convolution(1, "same")(x, weight=tensors["1.weight"]).permute(0, 3, 1, 2)
    y = functional.batch_norm(
        y,
        state["2.running_mean"],
        state["2.running_variance"],
        tensors["2.scale"],
        tensors["2.shift"],
        training,
    )
    y = functional.max_pool2d(torch.relu(y), 2).permute(0, 2, 3, 1)
    y = torch.relu(convolution()(y, weight=tensors["5.weight"], bias=tensors["5.bias"]))
    return y.flatten(1) @ tensors["8.weight"] + tensors["8.bias"]


def snapshot(tensors: dict[str, Any]) -> Recording:
    return {name: tensor.detach().numpy().copy() for name, tensor in tensors.items()}
