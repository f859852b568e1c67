"""Train the network of ``quick`` for 1, 2 and 4 epochs in tenfold and in PyTorch.

    python -m experiments.measure_curve

Both train with the same learning rates, loss and batch size and average their weights, on two
cores, in turn. Accuracy is that on the 5,000 validation images. Writes experiments/curve.json and
docs/pictures/quick-curve.png. PyTorch must be installed (``make .venv/bench``).
"""

import argparse
import sys
import time
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from experiments.results import PICTURES, report, write_results
from tenfold.evaluation import score
from tenfold.nn import Adam, ExponentialAverage
from tenfold.plots import accuracy_against_seconds, save_figure
from tenfold.recipes import RECIPES, Recipe, Split, apply_settings
from tenfold.runs import describe_environment
from tenfold.training import fit

EPOCHS, SEEDS = (1, 2, 4), (0, 1, 2)
AVERAGE = 0.98
LAYOUT = torch.channels_last


def in_tenfold(recipe: Recipe, split: Split, seed: int) -> tuple[float, float]:
    """Return seconds and accuracy of a training run in tenfold."""
    network = recipe.network(seed)
    average = ExponentialAverage(AVERAGE)
    began = time.perf_counter()
    for _ in fit(
        network,
        split.train,
        optimizer=Adam(beta1=0.7, beta2=0.9),
        schedule=recipe.schedule,
        loss=recipe.loss,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        average=average,
        shards=recipe.shards,
    ):
        pass
    seconds = time.perf_counter() - began
    assert split.validation is not None
    return seconds, score(network, split.validation).accuracy


def in_pytorch(recipe: Recipe, split: Split, seed: int) -> tuple[float, float]:
    """Return seconds and accuracy of the same training in PyTorch."""
    torch.manual_seed(seed)
    network = pytorch_network().to(memory_format=LAYOUT).train()
    images, labels = tensor(split.train.images), torch.tensor(split.train.require_labels())
    adam = torch.optim.Adam(network.parameters(), betas=(0.7, 0.9), fused=True)
    averages = [p.detach().clone() for p in network.parameters()]
    size = recipe.batch_size or len(images)
    steps, step = recipe.epochs * -(-len(images) // size), 0
    began = time.perf_counter()
    for _ in range(recipe.epochs):
        for chosen in torch.randperm(len(images)).split(size):
            adam.param_groups[0]["lr"] = recipe.schedule(step, steps)
            adam.zero_grad()
            logits = network(images[chosen])
            functional.cross_entropy(logits, labels[chosen], label_smoothing=0.05).backward()
            adam.step()
            share = 1 - min(AVERAGE, (1 + step) / (10 + step))
            torch._foreach_lerp_(averages, [p.detach() for p in network.parameters()], share)
            step += 1
    with torch.no_grad():
        for parameter, average in zip(network.parameters(), averages, strict=True):
            parameter.copy_(average)
        recompute_statistics(network, images[torch.randperm(len(images))[:10_000]])
    seconds = time.perf_counter() - began
    assert split.validation is not None
    with torch.inference_mode():
        predicted = network.eval()(tensor(split.validation.images)).argmax(dim=1).numpy()
    return seconds, float(np.mean(predicted == split.validation.require_labels()))


def pytorch_network() -> Any:
    """Return 16c5-P-32c3-P-128 with batch normalisation after each pool and the dense layer."""
    nn = torch.nn
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 5, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(16), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(32), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(800, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 10)),
    )


def recompute_statistics(network: Any, images: Any) -> None:
    """Recompute the running statistics as the mean over batches of 1,000 images."""
    for module in network:
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            module.reset_running_stats()
            module.momentum = None  # a plain mean
    for part in images.split(1000):
        network(part)


def tensor(images: Any) -> Any:
    """Return images (N, 28, 28, 1) as scaled floats (N, 1, 28, 28)."""
    floats = (images.astype(np.float32) - 33.3184) / 78.5675
    return torch.from_numpy(floats.transpose(0, 3, 1, 2)).contiguous(memory_format=LAYOUT)


def main(arguments: list[str]) -> None:
    """Measure both in turn, write and draw."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    torch.set_num_threads(2)
    systems = {"tenfold": in_tenfold, "PyTorch": in_pytorch}
    split = RECIPES["quick"].source.load()
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in systems}
    for epochs in EPOCHS:
        recipe = apply_settings(RECIPES["quick"], [f"epochs={epochs}"])
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in systems}
        for seed in SEEDS:
            for name, train in systems.items():
                runs[name].append(train(recipe, split, seed))
                report(f"{epochs} epochs, seed {seed}, {name}: {runs[name][-1]}")
        for name, pairs in runs.items():
            seconds, accuracies = (list(numbers) for numbers in zip(*pairs, strict=True))
            results[name].append({"epochs": epochs, "seconds": seconds, "accuracies": accuracies})
    environment = describe_environment() | {"torch": torch.__version__}
    write_results("curve", systems=results, environment=environment)
    draw(results)


def draw(systems: dict[str, list[dict[str, Any]]]) -> None:
    """Draw accuracy against seconds."""
    costs = {
        name: [(_epochs(g["epochs"]), g["seconds"], g["accuracies"]) for g in groups]
        for name, groups in systems.items()
    }
    title = "16c5-P-32c3-P-128 on two cores: accuracy against seconds"
    figure = accuracy_against_seconds(title, costs, "accuracy on 5,000 validation images")
    save_figure(figure, PICTURES / "quick-curve.png")


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"


if __name__ == "__main__":
    main(sys.argv[1:])
