"""Record values of PyTorch, so that the tests can compare with them without PyTorch.

Run it with the ``bench`` extra installed, from the root of the project:

    python -m tests.goldens.record

It writes ``pytorch.npz`` next to this script: inputs and results, in float64 or as integers, and
the version of PyTorch. ``tests/nn/test_goldens.py`` reads the file; no test runs this script.

Everything is recorded in the layout of tenfold (NHWC images, weights (F_in, F_out)). Where the
formula of PyTorch differs, its settings are chosen so that both are the same function, and a
comment says how. Convolution and pooling are recorded by ``images.py``.

Dropout is not included: its mask is random, and PyTorch draws other numbers.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tenfold.files import atomic_file
from tenfold.nn import stream
from tests.goldens import images
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

OUTPUT = Path(__file__).with_name("pytorch.npz")
STEPS = 10
rng = stream(0, "goldens")


def main() -> None:
    """Record everything and write the file."""
    parts = {
        "layers": layers() | images.layers(),
        "losses": losses(),
        "optimizers": optimizers(),
        "schedules": schedules(),
        "clipping": clipping(),
        "trajectory": trajectory(),
        "trajectory on images": images.trajectory(),
    }
    arrays = {f"{part}/{name}": a for part, made in parts.items() for name, a in made.items()}
    with atomic_file(OUTPUT) as file:
        np.savez_compressed(file, **arrays, torch=np.array(torch.__version__))  # type: ignore[arg-type]


def normal(*shape: int) -> Array:
    return rng.standard_normal(shape)


# --- layers


def layers() -> Recording:
    """Return y, dx and the gradient of each parameter, for one random x and dy each."""
    scales = {"scale": normal(3), "shift": normal(3)}
    cases: dict[str, tuple[Function, Array, Recording]] = {
        "Dense": (
            lambda x, weight, bias: functional.linear(x, weight.T, bias),
            normal(5, 7),
            {"weight": normal(7, 4), "bias": normal(4)},
        ),
        "ReLU": (functional.relu, normal(4, 6), {}),
        "LeakyReLU": (lambda x: functional.leaky_relu(x, 0.2), normal(4, 6), {}),
        "Tanh": (torch.tanh, 3 * normal(4, 6), {}),
        "Sigmoid": (torch.sigmoid, 3 * normal(4, 6), {}),
        "GELU": (lambda x: functional.gelu(x, approximate="tanh"), 3 * normal(4, 6), {}),
        "BatchNorm": (batch_norm, 2 + 3 * normal(6, 3), scales),
        "BatchNorm of images": (channels_first(batch_norm), 2 + 3 * normal(2, 4, 5, 3), scales),
        "Flatten": (lambda x: x.flatten(1), normal(2, 3, 4, 2), {}),
        "Normalize": (lambda x: (x - 33.3184) / 78.5675, 255 * rng.random((2, 3, 3, 1)), {}),
    }
    recording: Recording = {}
    for name, (function, x, parameters) in cases.items():
        state = running(3) if name.startswith("BatchNorm") else {}
        made = differentiated(function, x, parameters, state, rng)
        recording |= {f"{name}/{key}": array for key, array in made.items()}
    return recording


# --- losses


def losses() -> Recording:
    """Return both losses for the same logits and labels, and cross-entropy with smoothing."""
    logits, labels = 3 * normal(8, 10), rng.integers(0, 10, 8)
    targets = torch.tensor(labels)
    one_hot = functional.one_hot(targets, 10).double()
    functions: dict[str, Callable[[Any], Any]] = {
        "cross-entropy": lambda z: functional.cross_entropy(z, targets),
        "smoothed": lambda z: functional.cross_entropy(z, targets, label_smoothing=0.1),
        "squared": lambda z: functional.mse_loss(z, one_hot),
    }
    recording: Recording = {"logits": logits, "labels": labels}
    for name, function in functions.items():
        z = leaf(logits)
        loss = function(z)
        loss.backward()
        recording |= {f"{name}/loss": loss.detach().numpy(), f"{name}/dlogits": z.grad.numpy()}
    return recording


# --- optimizers

Groups = list[dict[str, Any]]


def damped(groups: Groups, lr: float) -> Any:
    # PyTorch does not damp the first gradient but takes it as the velocity. With an existing
    # velocity of zero it damps from the first step on, as tenfold does.
    optimizer = torch.optim.SGD(groups, lr, momentum=0.8, dampening=0.8)
    for group in groups:
        for tensor in group["params"]:
            optimizer.state[tensor]["momentum_buffer"] = torch.zeros_like(tensor)
    return optimizer


# Name -> (optimizer, first learning rate, weight decay of the weights only). The decay of all but
# AdamW is PyTorch's L2: weight_decay * w added to the gradient.
OPTIMIZERS: dict[str, tuple[Callable[[Groups, float], Any], float, float]] = {
    "SGD": (torch.optim.SGD, 0.5, 0.0),
    "SGD with L2": (torch.optim.SGD, 0.5, 0.1),
    "Momentum": (lambda g, lr: torch.optim.SGD(g, lr, momentum=0.8), 0.2, 0.0),
    "DampedMomentum": (damped, 0.5, 0.0),
    "Nesterov": (lambda g, lr: torch.optim.SGD(g, lr, momentum=0.8, nesterov=True), 0.2, 0.0),
    "AdaGrad": (lambda g, lr: torch.optim.Adagrad(g, lr, eps=1e-10), 0.1, 0.0),
    "RMSprop": (lambda g, lr: torch.optim.RMSprop(g, lr, alpha=0.9, eps=1e-8), 0.02, 0.0),
    "Adam": (lambda g, lr: torch.optim.Adam(g, lr, betas=(0.8, 0.95), eps=1e-8), 0.05, 0.0),
    "Adam with L2": (
        lambda g, lr: torch.optim.Adam(g, lr, betas=(0.8, 0.95), eps=1e-8),
        0.05,
        0.1,
    ),
    "AdamW": (lambda g, lr: torch.optim.AdamW(g, lr, betas=(0.8, 0.95), eps=1e-8), 0.05, 0.3),
}


def optimizers() -> Recording:
    """Return ten steps of each optimizer on a 4-5-3 network with tanh, with a falling rate.

    The order of theta is that of tenfold: both weights, then both biases.
    """
    x, labels = normal(12, 4), rng.integers(0, 3, 12)
    start = [normal(4, 5), normal(5, 3), 0.1 * normal(5), 0.1 * normal(3)]
    recording: Recording = {"x": x, "labels": labels, "start": flat(start)}
    for name, (make, rate, decay) in OPTIMIZERS.items():
        tensors = [leaf(array) for array in start]
        groups = [
            {"params": tensors[:2], "weight_decay": decay},
            {"params": tensors[2:], "weight_decay": 0.0},
        ]
        steps = descent(make(groups, rate), rate, tensors, torch.tensor(x), torch.tensor(labels))
        recording[f"{name}/thetas"] = np.array(list(steps))
        recording[f"{name}/rate"] = np.array(rate)
        recording[f"{name}/decay"] = np.array(decay)
    return recording


def descent(
    optimizer: Any, rate: float, tensors: list[Any], x: Any, labels: Any
) -> Iterator[Array]:
    """Yield theta after each step."""
    w1, w2, b1, b2 = tensors
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate * (1 - step / STEPS)
        optimizer.zero_grad()
        logits = torch.tanh(x @ w1 + b1) @ w2 + b2
        functional.cross_entropy(logits, labels).backward()
        optimizer.step()
        yield flat([tensor.detach().numpy() for tensor in tensors])


def flat(arrays: list[Array]) -> Array:
    return np.concatenate([array.ravel() for array in arrays])


# --- schedules and clipping


def schedules() -> Recording:
    """Return the rates of 40 steps: one cycle to 0.5, and a cosine from 0.5 to 0.05."""
    module = torch.optim.lr_scheduler
    makers: dict[str, Callable[[Any], Any]] = {
        "one cycle": lambda optimizer: module.OneCycleLR(
            optimizer, max_lr=0.5, total_steps=40, pct_start=0.3, cycle_momentum=False
        ),
        "cosine": lambda optimizer: module.CosineAnnealingLR(optimizer, T_max=40, eta_min=0.05),
    }
    return {name: rates(make) for name, make in makers.items()}


def rates(make: Callable[[Any], Any]) -> Array:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    schedule, rates = make(optimizer), []
    for step in range(40):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < 39:  # PyTorch's cycle raises for a step beyond its last
            schedule.step()
    return np.array(rates)


def clipping() -> Recording:
    """Return a gradient clipped to the norm 1.5.

    PyTorch scales by limit / (norm + 1e-6), tenfold by limit / norm. PyTorch is given a limit
    larger by (norm + 1e-6) / norm, so that both factors are equal.
    """
    gradient, limit = normal(50), 1.5
    tensor = torch.zeros(50, dtype=torch.float64)
    tensor.grad = torch.tensor(gradient)
    norm = float(torch.linalg.vector_norm(tensor.grad))
    torch.nn.utils.clip_grad_norm_([tensor], limit * (norm + 1e-6) / norm)
    return {
        "gradient": gradient,
        "limit": np.array(limit),
        "norm": np.array(norm),
        "clipped": tensor.grad.numpy(),
    }


# --- a whole training run


def trajectory() -> Recording:
    """Return the losses of ten steps of Adam on 784-16-10, from raw images, and the last logits.

    The initial weights are stored in float32, which keeps the file small; both libraries compute
    in float64.
    """
    labels = rng.integers(0, 10, 32)
    characters = np.kron(rng.integers(0, 2, (10, 7, 7)), np.full((4, 4), 180))[labels]
    noise = rng.integers(0, 8, (32, 28, 28)) * 10
    images = np.where(characters > 0, characters + noise, 0).astype(np.uint8)[..., None]
    shapes = [(784, 16), (16, 10), (16,), (10,)]
    start = [(0.05 * normal(*shape)).astype(np.float32) for shape in shapes]
    w1, w2, b1, b2 = tensors = [leaf(array.astype(np.float64)) for array in start]
    optimizer = torch.optim.Adam(tensors, lr=0.01)
    x = (torch.tensor(images).double().flatten(1) - 33.3184) / 78.5675
    curve = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        logits = torch.relu(x @ w1 + b1) @ w2 + b2
        loss = functional.cross_entropy(logits, torch.tensor(labels), label_smoothing=0.05)
        loss.backward()
        optimizer.step()
        curve.append(loss.item())
    return {
        "images": images,
        "labels": labels,
        "start": flat(start),
        "losses": np.array(curve),
        "logits": (torch.relu(x @ w1 + b1) @ w2 + b2).detach().numpy(),
    }


if __name__ == "__main__":
    main()
