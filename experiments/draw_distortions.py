"""Draw docs/pictures/distortions.png and docs/pictures/corruptions.png.

    python -m experiments.draw_distortions

The first shows the effect of each number of an ``Augment``, the second the corruptions of MNIST-C.
"""

import argparse
import sys
from typing import Literal

import numpy as np

from experiments.results import PICTURES
from tenfold.data import load_mnist
from tenfold.images import CORRUPTIONS, Augment
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.plots import contact_sheet, save_figure
from tenfold.recipes import RECIPES


def distorted(images: Array) -> dict[str, Array]:
    """Return the images unchanged, with each distortion alone, and with all those of a recipe."""
    alone = {
        "shift\nup to 2 pixels": Augment(shift=2),
        "rotation\nup to 20 degrees": Augment(rotation=20),
        "scale\nup to 20% along each axis": Augment(scale=0.2),
        "shear\nup to 20 degrees": Augment(shear=20),
        "elastic\n1.2 pixels, smooth over 5": Augment(elastic=1.2, smoothness=5),
        "elastic, rougher\n1.2 pixels, smooth over 3": Augment(elastic=1.2, smoothness=3),
        "thickness\nup to a whole pixel": Augment(thickness=1),
        "noise\n40 grey levels": Augment(noise=40),
        "cutout\n8 x 8 pixels": Augment(cutout=8),
    }
    rows = {"unchanged": images}
    for name, augment in alone.items():
        rows[name] = augment(images, stream(0, "augment"))
    together = RECIPES["standard"].augment
    assert together is not None
    rows["together\nas in the recipe standard"] = together(images, stream(0, "augment"))
    return rows


def corrupted(images: Array) -> dict[str, Array]:
    """Return the images unchanged, and under each corruption."""
    rows = {
        f"{name}\n{corruption.description}": corruption(images)
        for name, corruption in CORRUPTIONS.items()
    }
    return {"unchanged": images} | rows


def twelve_digits(part: Literal["train", "test"]) -> Array:
    """Return each digit once, and a second 1 and 7."""
    data = load_mnist(part)
    labels = data.require_labels()
    chosen = [int(np.flatnonzero(labels == digit)[digit]) for digit in range(10)]
    chosen += [int(np.flatnonzero(labels == digit)[20]) for digit in (1, 7)]
    return data.images[chosen]


def main(arguments: list[str]) -> None:
    """Draw both sheets."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    sheet = contact_sheet(
        "Distortions",
        "twelve digits of the training set; training draws a new distortion in every step",
        distorted(twelve_digits("train")),
    )
    save_figure(sheet, PICTURES / "distortions.png")
    sheet = contact_sheet(
        "Corruptions",
        "twelve digits of the test set, corrupted as in MNIST-C (Mu and Gilmer, 2019)",
        corrupted(twelve_digits("test")),
    )
    save_figure(sheet, PICTURES / "corruptions.png")


if __name__ == "__main__":
    main(sys.argv[1:])
