"""``tenfold landscape``: where optimizers go, on a map of the loss."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenfold.inspection import PathOptimizer
    from tenfold.recipes import MLP

__all__ = ["landscape"]


def landscape(
    layers: Annotated[
        str, typer.Option(metavar="SIZES", help="Hidden layers, such as 32 or 64,32.")
    ] = "32",
    optimizers: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="Which, such as SGD,Adam=0.01 (a learning rate); six by default."
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, max=1000, help="That each takes.")] = 40,
    images: Annotated[int, typer.Option(min=10, max=10_000, help="To learn, all at once.")] = 512,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of the start.")] = 0,
    out: Annotated[Path, typer.Option("--out", "-o", help="The picture, ending in .png.")] = Path(
        "paths.png"
    ),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print paths and grid as JSON; draw nothing.")
    ] = False,
) -> None:
    """Draw the paths of several optimizers from one start, on a plane through the loss.

    A small network learns some of MNIST's training images; the plane is the one that the paths
    keep closest to (principal components). It takes about a second.

    \b
    tenfold landscape
    tenfold landscape --layers 64,32 --optimizers SGD,Adam,Muon -o three.png
    tenfold landscape --optimizers SGD=0.5,SGD=0.05 --steps 100
    tenfold landscape --json > paths.json
    """
    from tenfold.data import load_mnist
    from tenfold.inspection import optimizer_paths
    from tenfold.nn import Network

    chosen = _optimizers(optimizers)
    network = Network(_mlp(layers).layers(), seed=seed)
    data = load_mnist("train").subset(slice(images))
    paths = optimizer_paths(network, data, chosen, steps=steps)
    if as_json:
        typer.echo(json.dumps(paths.to_dict()))
        return
    from tenfold.plots import paths_figure, save_picture

    save_picture(paths_figure(paths), out)
    for name, losses in paths.losses.items():
        typer.echo(f"{name:<16}loss {losses[0]:.3f} -> {losses[-1]:.3f}")
    typer.echo(f"The plane holds {paths.explained:.1%} of the paths. Drawn in {out}")


def _mlp(sizes: str) -> "MLP":
    from tenfold.errors import UsageError
    from tenfold.recipes import MLP

    try:
        return MLP(tuple(int(size) for size in sizes.split(",")))
    except ValueError as error:
        raise UsageError(
            f"--layers takes sizes with commas between them, such as 64,32, not {sizes!r} ({error})"
        ) from error


def _optimizers(text: str | None) -> dict[str, "PathOptimizer"]:
    from tenfold.errors import UsageError
    from tenfold.inspection import PATH_OPTIMIZERS, PathOptimizer

    if text is None:
        return PATH_OPTIMIZERS
    known = {name.lower(): name for name in PATH_OPTIMIZERS}
    chosen = {}
    for part in text.split(","):
        name, _, rate = part.strip().partition("=")
        if name.lower() not in known:
            raise UsageError(
                f"there is no optimizer {name!r} here; there are: {', '.join(PATH_OPTIMIZERS)}"
            )
        own = PATH_OPTIMIZERS[known[name.lower()]]
        label = known[name.lower()] + (f" {rate}" if rate else "")
        chosen[label] = PathOptimizer(own.optimizer, _rate(part, rate)) if rate else own
    return chosen


def _rate(part: str, text: str) -> float:
    from math import inf

    from tenfold.errors import UsageError

    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 < rate < inf:
        raise UsageError(f"{part}: a learning rate is a number above 0, such as 0.01, not {text!r}")
    return rate
