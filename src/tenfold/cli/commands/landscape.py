"""``tenfold landscape``: the paths of optimizers on the loss landscape."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.errors import unknown_name
from tenfold.cli.shared.options import PngOption, SeedOption

if TYPE_CHECKING:
    from tenfold.inspection import PathOptimizer
    from tenfold.recipes import MLP

__all__ = ["landscape"]


def landscape(
    hidden: Annotated[
        str,
        typer.Option(
            "--hidden",
            "--layers",  # name in version 0.1
            metavar="N,N,...",
            help="Sizes of the hidden layers.",
        ),
    ] = "32",
    optimizers: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME,...",
            help="Optimizers. A learning rate may follow each of them, as in SGD,Adam=0.01.",
            show_default="six optimizers",
        ),
    ] = None,
    steps: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="Number of training steps.")
    ] = 40,
    images: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=10,
            max=10_000,
            help="Number of training images; each step uses all of them.",
        ),
    ] = 512,
    seed: SeedOption = 0,
    out: PngOption = Path("paths.png"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print paths and loss as JSON instead of drawing.")
    ] = False,
) -> None:
    """Draw the paths of optimizers on the loss landscape.

    A small network is trained on some of MNIST's training images, once with each optimizer. All
    optimizers start from the same initial weights. The figure shows the loss on the plane that is
    closest to the paths (their two principal components). The command takes about a second.

    \b
    Examples:
      tenfold landscape
      tenfold landscape --hidden 64,32 --optimizers SGD,Adam,Muon -o three.png
      tenfold landscape --optimizers SGD=0.5,SGD=0.05 --steps 100
      tenfold landscape --json > paths.json
    """
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.data import load_mnist
    from tenfold.inspection import optimizer_paths
    from tenfold.nn import Network

    check_figure_path(None if as_json else out)
    chosen = _optimizers(optimizers)
    network = Network(_mlp(hidden).layers(), seed=seed)
    data = load_mnist("train").subset(slice(images))
    paths = optimizer_paths(network, data, chosen, steps=steps)
    if as_json:
        typer.echo(json.dumps(paths.to_dict()))
        return
    from tenfold.plots import paths_figure, save_figure

    save_figure(paths_figure(paths), out)
    for name, losses in paths.losses.items():
        typer.echo(f"{name:<16}loss {losses[0]:.3f} -> {losses[-1]:.3f}")
    typer.echo(
        f"The plane contains {paths.explained:.1%} of the squared distances of the weights from "
        f"the start. Figure saved in {out}"
    )


def _mlp(sizes: str) -> "MLP":
    from tenfold.errors import UsageError
    from tenfold.recipes import MLP

    try:
        return MLP(tuple(int(size) for size in sizes.split(",")))
    except ValueError as error:
        raise UsageError(
            f"--hidden must be sizes separated by commas, such as 64,32, got {sizes!r} ({error})"
        ) from error


def _optimizers(text: str | None) -> dict[str, "PathOptimizer"]:
    from tenfold.inspection import PATH_OPTIMIZERS, PathOptimizer

    if text is None:
        return PATH_OPTIMIZERS
    known = {name.lower(): name for name in PATH_OPTIMIZERS}
    chosen = {}
    for part in text.split(","):
        name, _, rate = part.strip().partition("=")
        if name.lower() not in known:
            raise unknown_name("optimizer", name, PATH_OPTIMIZERS)
        default = PATH_OPTIMIZERS[known[name.lower()]]
        label = known[name.lower()] + (f" {rate}" if rate else "")
        chosen[label] = PathOptimizer(default.optimizer, _rate(part, rate)) if rate else default
    return chosen


def _rate(part: str, text: str) -> float:
    from math import inf

    from tenfold.errors import UsageError

    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 < rate < inf:
        raise UsageError(f"{part}: the learning rate must be a number above 0, got {text!r}")
    return rate
