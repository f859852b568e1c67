"""``tenfold predict``: which digit is on this image?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tenfold.nn.array import Array

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

    from tenfold.cli.model import find_model, names_model
    from tenfold.data import read_image
    from tenfold.errors import UsageError
    from tenfold.evaluation import predict_probabilities

    known = ("model.safetensors", "config.json")
    if paths[0].is_dir() and not any((paths[0] / name).exists() for name in known):
        raise UsageError(
            f"{paths[0]} is a folder without a model: name its images, such as {paths[0]}/*.png"
        )
    model, images = (paths[0], paths[1:]) if names_model(paths[0]) else (None, paths)
    if not images:
        raise UsageError(f"{model} is a model: name an image too, such as seven.png")
    found = find_model(model)
    network, below = found.network, found.calibration.get("unsure_below")
    pixels = np.stack([read_image(path) for path in images])
    answers = [
        _answer(path, image, row, below)
        for path, image, row in zip(
            images, pixels, predict_probabilities(network, pixels), strict=True
        )
    ]
    if as_json:
        typer.echo(json.dumps(answers, indent=2))
        return
    width = max(len(str(path)) for path in images)
    for answer in answers:
        says = f"{answer['digit']}  {answer['confidence']:.1%}" if "digit" in answer else "blank"
        says += "  unsure" if answer.get("unsure") else ""
        typer.echo(f"{answer['image']:<{width}}  {says}")


def _answer(
    path: Path, image: "Array", probabilities: "Array", below: float | None
) -> dict[str, Any]:
    """Return the answer for one image; a blank one has no digit to read.

    A model that knows below which confidence it errs too often says so (``unsure``).
    """
    if image.min() == image.max():
        return {"image": str(path), "blank": True}
    confidence = float(probabilities.max())
    return {
        "image": str(path),
        "digit": int(probabilities.argmax()),
        "confidence": confidence,
        **({} if below is None else {"unsure": confidence < below}),
        "probabilities": [round(float(p), 6) for p in probabilities],
    }
