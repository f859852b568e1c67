"""``tenfold map``: where the digits lie, as each stage of a network sees them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from tenfold.inspection import DigitMaps

__all__ = ["map_digits"]

_METHODS: dict[str, tuple[Literal["pca", "tsne"], ...]] = {
    "pca": ("pca",),
    "tsne": ("tsne",),
    "both": ("pca", "tsne"),
}


def map_digits(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A model file, a run folder, or a name from: tenfold models."
        ),
    ],
    images: Annotated[int, typer.Option(min=3, max=5000, help="How many to draw.")] = 500,
    method: Annotated[
        Literal["pca", "tsne", "both"],
        typer.Option(help="PCA keeps distances, t-SNE neighbours; it takes a second for each map."),
    ] = "pca",
    out: Annotated[Path, typer.Option("-o", "--out", help="The PNG to draw into.")] = Path(
        "map.png"
    ),
    data: Annotated[
        Path | None, typer.Option(help="Labelled images; MNIST's test images by default.")
    ] = None,
    part: Annotated[
        Literal["train", "test"], typer.Option(help="Which, where the data has both.")
    ] = "test",
    seed: Annotated[
        int, typer.Option(min=0, max=2**64 - 1, help="Which images, and how t-SNE begins.")
    ] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the positions of all points as JSON.")
    ] = False,
) -> None:
    """Draw digits as points of a plane: pixels, each hidden stage, and logits of a network.

    Purity is the share of the points whose nearest neighbour in the map is the same digit: it
    tells how far a network has told them apart at that stage.

    \b
    tenfold map standard
    tenfold map runs/001-quick --method both --images 1000 -o quick-map.png
    tenfold map runs/001-mlp --data my-digits/ --json
    """
    from tenfold.data import load_dataset, load_mnist
    from tenfold.inspection import digit_maps
    from tenfold.models import find_model
    from tenfold.nn import stream
    from tenfold.plots import map_figure, save_picture

    network = find_model(model).network
    dataset = load_mnist(part) if data is None else load_dataset(data, part)
    order = stream(seed, "map").permutation(len(dataset))[:images]
    order.sort()
    with _told(as_json) as tell:
        maps = digit_maps(
            network, dataset.subset(order), _METHODS[method], seed=seed, progress=tell
        )
    save_picture(map_figure(maps), out)
    if as_json:
        answer = {"picture": str(out), "data": dataset.name, "images": order.tolist()}
        typer.echo(json.dumps(answer | maps.to_dict(), indent=2))
        return
    _print_table(maps)
    typer.echo(f"drawn in {out}", err=True)


def _print_table(maps: "DigitMaps") -> None:
    from tenfold.cli.shared.tables import print_table

    head = ("method", "stage", "numbers", "purity", "variance in the map")
    rows = [
        [
            "PCA" if row.method == "pca" else "t-SNE",
            row.stage,
            f"{row.size:,}",
            f"{row.purity:.1%}",
            f"{sum(row.explained):.1%}" if row.explained else "",
        ]
        for row in maps.maps
    ]
    print_table(head, rows, left=2)


@contextmanager
def _told(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on the error stream, if it is a terminal and somebody looks."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda done, total: None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("maps", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
