"""``tenfold show``: the layers of a model and figures of its weights and feature maps."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.options import JsonOption, ModelArgument

if TYPE_CHECKING:
    from tenfold.models import Model
    from tenfold.nn.array import Array
    from tenfold.recipes import Recipe

__all__ = ["show"]


def show(
    model: ModelArgument,
    image: Annotated[
        str,
        typer.Option(
            metavar="FILE|INDEX",
            help="Image for the feature maps: a file, or the index of one of MNIST's test images.",
        ),
    ] = "0",
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FOLDER",
            help="Folder for the figures.",
            show_default="RUN/pictures or MODEL-pictures",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the layers of a network and draw its weights.

    weights.png shows the weights of the first layer. feature-maps.png shows the feature maps of one
    image, and is drawn only for convolutional networks. schedule.png shows the learning rate during
    the training, and is drawn only if the recipe of the model is known.

    \b
    Examples:
      tenfold show standard
      tenfold show runs/001-quick --image seven.png
      tenfold show model.safetensors --image 18 -o pictures
    """
    from tenfold.cli.shared.models import open_single
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.files import make_folder
    from tenfold.plots import model_figures, save_figure

    path, opened = open_single(model, reason="show draws the figures of one model")
    pixels = _read(image)
    recipe, steps = _training(opened, path)
    figures = model_figures(opened, pixels, recipe, steps)
    folder = make_folder(out or _default_folder(path))
    if out is not None:
        for name in figures:
            check_figure_path(folder / f"{name}.png")
    files = [save_figure(figure, folder / f"{name}.png") for name, figure in figures.items()]
    if as_json:
        # The cost of a layer: its output shape, parameters and multiply-adds.
        layers = [cost._asdict() for cost in opened.network.costs]
        answer = {"layers": layers, "pictures": [str(file) for file in files]}
        typer.echo(json.dumps(answer, indent=2))
        return
    typer.echo(opened.network.summary())
    for file in files:
        typer.echo(f"Figure saved in {file}", err=True)


def _read(image: str) -> "Array":
    """Return the image in a file, or MNIST's test image with that index."""
    from tenfold.cli.shared.models import kind_of_images
    from tenfold.data import load_mnist, read_image
    from tenfold.errors import TenfoldError, UsageError

    if not _is_number(image) or Path(image).exists():
        try:
            return read_image(image)
        except TenfoldError as error:
            if (kind := kind_of_images(Path(image))) and kind != "a picture":
                raise UsageError(f"{image} is {kind}: --image takes one image") from error
            raise
    images = load_mnist("test").images
    if not image.isdecimal() or int(image) >= len(images):
        raise UsageError(
            f"--image must be an index from 0 to {len(images) - 1} or an image file, got {image}"
        )
    return images[int(image)]


def _is_number(text: str) -> bool:
    """Return whether a text is a number. It may be invalid as an index, such as -1 or 1.5."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _training(model: "Model", path: Path) -> tuple["Recipe | None", int | None]:
    """Return the recipe of a model and its number of training steps, if they are known."""
    from tenfold.errors import TenfoldError
    from tenfold.plots import planned_steps
    from tenfold.recipes import recipe_from_json
    from tenfold.runs import results_of

    if "recipe" not in model.provenance:
        return None, None
    try:
        recipe = recipe_from_json(model.provenance["recipe"])
    except TenfoldError:  # another version or program wrote it; the network can still be drawn
        return None, None
    return recipe, planned_steps(recipe, results_of(path))


def _default_folder(path: Path) -> Path:
    return path / "pictures" if path.is_dir() else Path(f"{path.stem}-pictures")
