"""``tenfold show``: what is inside a model."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenfold.models import Model
    from tenfold.nn.array import Array
    from tenfold.recipes import Recipe

__all__ = ["show"]


def show(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL", help="A model file, a run folder, or a name from: tenfold models."
        ),
    ],
    image: Annotated[
        str,
        typer.Option(
            metavar="PLACE", help="Whose feature maps: a picture, or a place in MNIST's test set."
        ),
    ] = "0",
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FOLDER",
            help="Where the pictures go; those of the run, or MODEL-pictures, by default.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a network layer by layer, and draw its weights, feature maps and learning rate.

    weights.png shows what its units look for, filters.png what each layer makes of one image
    (if the network makes images of it), schedule.png the learning rate that it was trained with.

    \b
    tenfold show standard
    tenfold show runs/001-quick --image seven.png
    tenfold show model.safetensors --image 18 -o pictures
    """
    from tenfold.files import make_folder
    from tenfold.models import find_model
    from tenfold.plots import model_figures, save_picture

    found = find_model(model)
    pixels = _image(image)
    recipe, steps = _training(found, model)
    figures = model_figures(found, pixels, recipe, steps)
    folder = make_folder(out or _usual_folder(model))
    files = [save_picture(figure, folder / f"{name}.png") for name, figure in figures.items()]
    if as_json:
        layers = [cost._asdict() for cost in found.network.costs]
        answer = {"layers": layers, "pictures": [str(file) for file in files]}
        typer.echo(json.dumps(answer, indent=2))
        return
    typer.echo(found.network.summary())
    for file in files:
        typer.echo(f"drawn in {file}", err=True)


def _image(place: str) -> "Array":
    """Return the image of a file, or MNIST's test image of that number."""
    from tenfold.data import load_mnist, read_image
    from tenfold.errors import UsageError

    if not place.isdecimal() or Path(place).exists():
        return read_image(place)
    images = load_mnist("test").images
    if int(place) >= len(images):
        raise UsageError(
            f"MNIST's test set has the places 0 to {len(images) - 1:,}, not {place}: choose one, "
            "or name a picture"
        )
    return images[int(place)]


def _training(found: "Model", path: Path) -> tuple["Recipe | None", int | None]:
    """Return the recipe that a model was trained by, and how many steps it had."""
    from tenfold.errors import TenfoldError
    from tenfold.plots import planned_steps
    from tenfold.recipes import recipe_from_json
    from tenfold.runs import origin_of

    if "recipe" not in found.provenance:
        return None, None
    try:
        recipe = recipe_from_json(found.provenance["recipe"])
    except TenfoldError:  # of another version, or by another hand: the network is no worse for it
        return None, None
    return recipe, planned_steps(recipe, origin_of(path).metrics)


def _usual_folder(path: Path) -> Path:
    return path / "pictures" if path.is_dir() else Path(f"{path.stem}-pictures")
