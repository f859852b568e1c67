"""``tenfold predict``: the digits in images."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tenfold.cli.shared.options import JsonOption

__all__ = ["predict"]


def predict(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="IMAGE",
            help="Images of one digit each, after a model file, run folder or bundled model (see: "
            "tenfold models). The default model is standard.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Read the digit in each image.

    An image must show one centred digit, as MNIST's do.

    \b
    Examples:
      tenfold predict seven.png
      tenfold predict runs/001-mlp seven.png
      tenfold predict model.safetensors digits/*.png --json
    """
    import numpy as np

    from tenfold.data import read_image
    from tenfold.models import find_model

    model, images = _model_and_images(paths)
    predictions = find_model(model).predict(np.stack([read_image(path) for path in images]))
    if as_json:
        rows = [{"image": str(p)} | predictions.row(i) for i, p in enumerate(images)]
        typer.echo(json.dumps(rows, indent=2))
        return
    width = max(len(str(path)) for path in images)
    for index, path in enumerate(images):
        typer.echo(f"{path!s:<{width}}  {predictions.text(index)}")


def _model_and_images(paths: list[Path]) -> tuple[Path | None, list[Path]]:
    """Split the arguments into the model, if there is one, and the images."""
    from tenfold.errors import UsageError
    from tenfold.models import refers_to_model

    first = paths[0]
    files = ("model.safetensors", "config.json")
    if first.is_dir() and not any((first / name).exists() for name in files):
        raise UsageError(
            f"{first} is a folder without a model; to read images, name them: {first}/*.png"
        )
    if not refers_to_model(first):
        return None, paths
    if len(paths) == 1:
        raise UsageError(f"{first} is a model; name an image too, such as seven.png")
    return first, paths[1:]
