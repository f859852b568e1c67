"""Draw docs/pictures/distortions.png and corruptions.png: what happens to digits.

The first shows what each number of an Augment does, the second the corruptions of MNIST-C.

python experiments/draw_distortions.py
"""

from pathlib import Path
from typing import Literal

import numpy as np

from tenfold.data import load_mnist
from tenfold.images import CORRUPTIONS, Augment
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.plots import contact_sheet, save_picture
from tenfold.recipes import RECIPES

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
COUNT = 12


def rows(images: Array) -> dict[str, Array]:
    """Return images as they are, and under each distortion alone and all of a recipe's at once."""
    alone = {
        "shift\nup to 2 pixels": Augment(shift=2),
        "rotation\nup to 20 degrees": Augment(rotation=20),
        "scale\nup to 20 % along each axis": Augment(scale=0.2),
        "shear\nup to 20 degrees": Augment(shear=20),
        "elastic\n1.2 pixels, smooth over 5": Augment(elastic=1.2, smoothness=5),
        "elastic, rougher\n1.2 pixels, smooth over 3": Augment(elastic=1.2, smoothness=3),
        "thickness\nup to a whole pixel": Augment(thickness=1),
        "noise\n40 grey levels": Augment(noise=40),
        "cutout\n8 x 8 pixels": Augment(cutout=8),
    }
    found = {"as they are": images}
    for name, augment in alone.items():
        found[name] = augment(images, stream(0, "augment"))
    together = RECIPES["standard"].augment
    assert together is not None
    found["together\nas in the recipe standard"] = together(images, stream(0, "augment"))
    return found


def corrupted(images: Array) -> dict[str, Array]:
    """Return images as they are, and under each corruption."""
    found = {f"{name}\n{one.words}": one(images) for name, one in CORRUPTIONS.items()}
    return {"as they are": images} | found


def chosen(part: Literal["train", "test"]) -> Array:
    """Return each digit once, and a 1 and a 7 again."""
    data = load_mnist(part)
    labels = data.require_labels()
    places = [int(np.flatnonzero(labels == digit)[digit]) for digit in range(10)]
    places += [int(np.flatnonzero(labels == digit)[20]) for digit in (1, 7)]
    return data.images[places[:COUNT]]


def main() -> None:
    """Draw both sheets."""
    PICTURES.mkdir(exist_ok=True)
    sheet = contact_sheet(
        "Distortions",
        "twelve digits of the training set, each drawn anew at every step of a training",
        rows(chosen("train")),
    )
    save_picture(sheet, PICTURES / "distortions.png")
    sheet = contact_sheet(
        "Corruptions",
        "twelve digits of the test set, corrupted as in MNIST-C (Mu and Gilmer, 2019)",
        corrupted(chosen("test")),
    )
    save_picture(sheet, PICTURES / "corruptions.png")


if __name__ == "__main__":
    main()
