"""``tenfold predict``: which digit is on this image?"""

import json
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["predict"]


def predict(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="IMAGE",
            help="Images of one digit each. Before them may stand a model: its file, a run folder, "
            "or a name from: tenfold models.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say which digit each image shows. The images must look like MNIST's: one centred digit.

    \b
    tenfold predict seven.png
    tenfold predict runs/001-mlp seven.png
    tenfold predict model.safetensors digits/*.png --json
    """
    import numpy as np

    from tenfold.data import read_image
    from tenfold.errors import UsageError
    from tenfold.models import find_model, refers_to_model

    known = ("model.safetensors", "config.json")
    if paths[0].is_dir() and not any((paths[0] / name).exists() for name in known):
        raise UsageError(
            f"{paths[0]} is a folder without a model: name its images, such as {paths[0]}/*.png"
        )
    model, images = (paths[0], paths[1:]) if refers_to_model(paths[0]) else (None, paths)
    if not images:
        raise UsageError(f"{model} is a model: name an image too, such as seven.png")
    found = find_model(model)
    predictions = found.predict(np.stack([read_image(path) for path in images]))
    if as_json:
        rows = [{"image": str(p)} | predictions.row(i) for i, p in enumerate(images)]
        typer.echo(json.dumps(rows, indent=2))
        return
    width = max(len(str(path)) for path in images)
    for index, path in enumerate(images):
        typer.echo(f"{path!s:<{width}}  {predictions.text(index)}")
