"""``tenfold map``: a map of the digits for each stage of a network."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tenfold.cli.shared.options import (
    DataOption,
    ModelArgument,
    PartOption,
    PngOption,
    SeedOption,
)

if TYPE_CHECKING:
    from tenfold.inspection import DigitMaps

__all__ = ["map"]

_METHODS: dict[str, tuple[Literal["pca", "tsne"], ...]] = {
    "pca": ("pca",),
    "tsne": ("tsne",),
    "both": ("pca", "tsne"),
}


def map(
    model: ModelArgument,
    images: Annotated[
        int, typer.Option(metavar="N", min=3, max=5000, help="Number of images.")
    ] = 500,
    method: Annotated[
        Literal["pca", "tsne", "both"],
        typer.Option(
            metavar="pca|tsne|both",
            help="PCA preserves large distances. t-SNE preserves neighbours, and takes about a "
            "second for each map.",
        ),
    ] = "pca",
    out: PngOption = Path("map.png"),
    data: DataOption = None,
    part: PartOption = "test",
    seed: SeedOption = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the positions of all points as JSON.")
    ] = False,
) -> None:
    """Draw maps of the digits, one for each stage of a network.

    The stages are the pixels, the output of each dense layer, convolution or residual block, and
    the logits. Each image is a point on the map. The neighbour accuracy measures how well the map
    separates the digits: it is the share of points whose nearest neighbour is the same digit. The
    seed selects the images and initialises t-SNE.

    \b
    Examples:
      tenfold map standard
      tenfold map runs/001-quick --method both --images 1000 -o quick-map.png
      tenfold map runs/001-mlp --data my-digits/ --json
    """
    from tenfold.cli.shared import known_images
    from tenfold.cli.shared.models import open_single
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.data import load_dataset, load_mnist
    from tenfold.inspection import digit_maps
    from tenfold.nn import stream
    from tenfold.plots import map_figure, save_figure

    check_figure_path(out)
    path, trained = open_single(
        model, reason="map draws the stages of one network", takes_data=True
    )
    dataset = load_mnist(part) if data is None else load_dataset(data, part)
    dataset.require_labels()
    dataset, warnings = known_images.without_overlap(
        dataset, known_images.training_overlap([path], [trained], dataset)
    )
    known_images.print_overlap_warnings(warnings)
    chosen = stream(seed, "map").permutation(len(dataset))[:images]
    chosen.sort()
    with progress_bar("maps", quiet=as_json) as bar:
        maps = digit_maps(
            trained.network, dataset.subset(chosen), _METHODS[method], seed=seed, progress=bar.set
        )
    save_figure(map_figure(maps), out)
    if as_json:
        answer = {"picture": str(out), "data": dataset.name, "images": chosen.tolist()}
        answer |= maps.to_dict() | known_images.warning_field(warnings)
        typer.echo(json.dumps(answer, indent=2))
        return
    _print_table(maps)
    typer.echo(f"Figure saved in {out}", err=True)


def _print_table(maps: "DigitMaps") -> None:
    from tenfold.cli.shared.tables import print_table

    head = ("method", "stage", "dimensions", "neighbour accuracy", "variance on the map")
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
