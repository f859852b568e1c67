"""Train the network of ``quick`` for 1, 2 and 4 epochs, here and in PyTorch, and draw the curve.

    python experiments/measure_curve.py

Both train with the same rates, losses and batches and average their weights, on both cores, in
turn. Accuracy is that on the 5,000 validation images. Writes experiments/curve.json and
docs/pictures/quick-curve.png.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tenfold.evaluation import score
from tenfold.files import write_json
from tenfold.nn import Adam, ExponentialAverage
from tenfold.plots import accuracy_against_seconds, save_picture
from tenfold.recipes import RECIPES, Recipe, Split, apply_settings
from tenfold.runs import describe_environment
from tenfold.training import fit

HERE = Path(__file__).parent
EPOCHS, SEEDS = (1, 2, 4), (0, 1, 2)
AVERAGE = 0.98
LAYOUT = torch.channels_last


def ours(recipe: Recipe, split: Split, seed: int) -> tuple[float, float]:
    """Return seconds and accuracy of a training here."""
    network = recipe.network(seed)
    average = ExponentialAverage(AVERAGE)
    began = time.perf_counter()
    for _ in fit(
        network,
        split.train,
        optimizer=Adam(0.7, 0.9),
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


def theirs(recipe: Recipe, split: Split, seed: int) -> tuple[float, float]:
    """Return seconds and accuracy of the same training in PyTorch."""
    torch.manual_seed(seed)
    network = pytorch_network().to(memory_format=LAYOUT).train()
    images, labels = tensor(split.train.images), torch.tensor(split.train.require_labels())
    adam = torch.optim.Adam(network.parameters(), betas=(0.7, 0.9), fused=True)
    averages = [p.detach().clone() for p in network.parameters()]
    size = recipe.batch_size or len(images)
    total, done = recipe.epochs * -(-len(images) // size), 0
    began = time.perf_counter()
    for _ in range(recipe.epochs):
        for chosen in torch.randperm(len(images)).split(size):
            adam.param_groups[0]["lr"] = recipe.schedule(done, total)
            adam.zero_grad()
            logits = network(images[chosen])
            functional.cross_entropy(logits, labels[chosen], label_smoothing=0.05).backward()
            adam.step()
            share = 1 - min(AVERAGE, (1 + done) / (10 + done))
            torch._foreach_lerp_(averages, [p.detach() for p in network.parameters()], share)
            done += 1
    with torch.no_grad():
        for parameter, average in zip(network.parameters(), averages, strict=True):
            parameter.copy_(average)
        settle_statistics(network, images[torch.randperm(len(images))[:10_000]])
    seconds = time.perf_counter() - began
    assert split.validation is not None
    with torch.inference_mode():
        answers = network.eval()(tensor(split.validation.images)).argmax(dim=1).numpy()
    return seconds, float(np.mean(answers == split.validation.require_labels()))


def pytorch_network() -> Any:
    """Return 16c5-P-32c3-P-128 with batch normalisation after each pool and the dense layer."""
    nn = torch.nn
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 5, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(16), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(32), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(800, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 10)),
    )


def settle_statistics(network: Any, images: Any) -> None:
    """Compute the running statistics anew, as the mean over batches of 1,000 images."""
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


def main() -> None:
    """Measure, in turn, and draw."""
    torch.set_num_threads(2)
    systems = {"tenfold": ours, "PyTorch": theirs}
    split = RECIPES["quick"].source.load()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in systems}
    for epochs in EPOCHS:
        recipe = apply_settings(RECIPES["quick"], [f"epochs={epochs}"])
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in systems}
        for seed in SEEDS:
            for name, train in systems.items():
                runs[name].append(train(recipe, split, seed))
                print(f"{epochs} epochs, seed {seed}, {name}: {runs[name][-1]}", flush=True)
        for name, some in runs.items():
            seconds, accuracies = (list(numbers) for numbers in zip(*some, strict=True))
            found[name].append({"epochs": epochs, "seconds": seconds, "accuracies": accuracies})
    told = describe_environment() | {"torch": torch.__version__}
    write_json(HERE / "curve.json", {"systems": found, "environment": told})
    draw(found)


def draw(found: dict[str, list[dict[str, Any]]]) -> None:
    """Draw the curves."""
    costs = {
        name: [(_epochs(g["epochs"]), g["seconds"], g["accuracies"]) for g in groups]
        for name, groups in found.items()
    }
    title = "16c5-P-32c3-P-128 on two cores: what accuracy costs"
    figure = accuracy_against_seconds(title, costs, "accuracy on 5,000 validation images")
    save_picture(figure, HERE.parent / "docs" / "pictures" / "quick-curve.png")


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"


if __name__ == "__main__":
    main()
