"""PyTorch in its fastest way: float32 images in memory, fused Adam, no metrics."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import functional

from benchmarks.cases import Measurement
from benchmarks.nets import (
    BatchNorm,
    Conv,
    Dense,
    Flatten,
    GlobalAverage,
    Part,
    Pool,
    ReLU,
    Shape,
    placed,
)
from benchmarks.subjects.digits import as_floats, test_images, training_images
from benchmarks.subjects.measures import Recipe, Training
from benchmarks.subjects.serving import Abilities, serve
from tenfold.data import load_mnist
from tenfold.nn import OneCycle
from tenfold.nn.array import Array

_AT_ONCE = 1000  # test images at a time


def set_mode(mode: str) -> Any:
    """Set the threads of a mode such as "2 threads, channels-last", and return its layout."""
    torch.set_num_threads(int(mode.split()[0]))
    return torch.channels_last if "channels-last" in mode else torch.contiguous_format


def network(net: str, layout: Any, size: int = 28, seed: int = 0) -> Any:
    """Return a network with PyTorch's default initial weights."""
    torch.manual_seed(seed)
    modules = [_module(part, shape) for part, shape, _ in placed(net, size)]
    return torch.nn.Sequential(*modules).to(memory_format=layout)


def _module(part: Part, shape: Shape) -> Any:
    match part:
        case Conv():
            sizes = (shape[-1], part.outputs, part.kernel)
            padding = part.kernel // 2 if part.padding == "same" else 0
            return torch.nn.Conv2d(*sizes, padding=padding, bias=part.bias)
        case Dense():
            return torch.nn.Linear(shape[0], part.outputs)
        case BatchNorm():
            return torch.nn.BatchNorm2d(shape[-1])
        case Pool():
            return torch.nn.MaxPool2d(2)
        case ReLU():
            return torch.nn.ReLU()
        case Flatten():
            return torch.nn.Flatten()
        case GlobalAverage():
            return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())


def tensor(images: Array, layout: Any) -> Any:
    """Return images (N, H, W, 1) as scaled floats (N, 1, H, W)."""
    floats = torch.from_numpy(as_floats(images).transpose(0, 3, 1, 2))
    return floats.contiguous(memory_format=layout)


def step(network: Any, adam: Any, images: Any, labels: Any) -> None:
    """Take one step of training."""
    adam.zero_grad()
    functional.cross_entropy(network(images), labels).backward()
    adam.step()


def training(mode: str, m: Measurement) -> Training:
    """Return an endless training."""
    layout = set_mode(mode)
    trained = network(m.net, layout, m.size)
    adam = torch.optim.Adam(trained.parameters(), lr=1e-3, fused=True)
    train = training_images(m.size)
    images, labels = tensor(train.images, layout), torch.tensor(train.require_labels())

    def steps() -> Iterator[None]:
        while True:
            for chosen in torch.randperm(len(images)).split(m.batch):
                step(trained, adam, images[chosen], labels[chosen])
                yield

    going = steps()
    return Training(lambda: next(going))


def inference(mode: str, m: Measurement) -> Callable[[int], object]:
    """Return a function that predicts float32 images."""
    layout = set_mode(mode)
    predictor = network(m.net, layout).eval()
    images = tensor(test_images(max(m.counts)), layout)

    def predict(count: int) -> object:
        with torch.inference_mode():
            return [predictor(part).softmax(dim=1) for part in images[:count].split(_AT_ONCE)]

    return predict


def recipe(mode: str, m: Measurement) -> Recipe:
    """Return a training of one epoch with the learning rates of tenfold's one-cycle schedule."""
    layout = set_mode(mode)
    train, test = load_mnist("train"), load_mnist("test")
    images, labels = tensor(train.images, layout), torch.tensor(train.require_labels())
    trained: list[Any] = []

    def one_epoch(seed: int, count: int) -> None:
        trained[:] = [network(m.net, layout, seed=seed).train()]
        adam = torch.optim.Adam(trained[0].parameters(), betas=(0.7, 0.9), fused=True)
        batches = torch.randperm(count).split(m.batch)
        rates = OneCycle(1e-2)
        for number, chosen in enumerate(batches):
            adam.param_groups[0]["lr"] = rates(number, len(batches))
            step(trained[0], adam, images[chosen], labels[chosen])

    def accuracy() -> float:
        parts = tensor(test.images, layout).split(_AT_ONCE)
        with torch.inference_mode():
            predicted = torch.cat([trained[0].eval()(part).argmax(dim=1) for part in parts])
        return float((predicted.numpy() == test.require_labels()).mean())

    return Recipe(one_epoch, accuracy)


if __name__ == "__main__":
    serve(Abilities(training, inference, recipe))
