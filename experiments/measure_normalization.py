"""Measure whether MNIST's normalisation recovers digits that were enlarged and moved.

    python -m experiments.measure_normalization                 on all 10,000 test images
    python -m experiments.measure_normalization --images 500    on 500 of them, evenly spaced

Each image is enlarged 1.5, 3 and 10 times with interpolation, pasted at a random position on a
black canvas of twice its side, and normalised. The agreement is the share of images for which the
bundled model ``standard`` predicts the same digit as for the original image. Writes
experiments/normalization.json.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from experiments.results import report, write_results
from tenfold.data import Dataset, load_mnist
from tenfold.images import normalize
from tenfold.models import Model, bundled_models, load_model
from tenfold.nn import stream
from tenfold.nn.array import Array

SCALES = (1.5, 3.0, 10.0)
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def enlarge_and_paste(image: Array, scale: float, filter_name: str, index: int) -> Array:
    """Return a square canvas (W, W) uint8 with an enlarged image (28, 28) at a random position."""
    side = round(len(image) * scale)
    large = Image.fromarray(image).resize((side, side), FILTERS[filter_name])
    canvas = np.zeros((2 * side, 2 * side), np.uint8)
    top, left = stream(0, "normalization canvas", index=index).integers(0, side + 1, 2)
    canvas[top : top + side, left : left + side] = np.asarray(large)
    return canvas


def measure(model: Model, data: Dataset) -> Iterator[dict[str, Any]]:
    """Yield the agreement and the accuracy for each scale and each kind of interpolation."""
    labels, expected = data.require_labels(), model.predict(data.images).digit
    for scale in SCALES:
        for name in FILTERS:
            canvases = (
                enlarge_and_paste(image[..., 0], scale, name, i)
                for i, image in enumerate(data.images)
            )
            predicted = model.predict(np.stack([normalize(ink) for ink in canvases])).digit
            yield {
                "scale": scale,
                "interpolation": name,
                "agreement": float(np.mean(predicted == expected)),
                "accuracy": float(np.mean(predicted == labels)),
            }


def main(arguments: list[str]) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=10_000, help="test images (default 10,000)")
    options = parser.parse_args(arguments)
    test = load_mnist("test")
    test = test.subset(np.linspace(0, len(test) - 1, options.images).astype(np.intp))
    model = load_model(bundled_models()["standard"].path)
    results = []
    for result in measure(model, test):
        results.append(result)
        report(f"{result['scale']} times, {result['interpolation']}: {result['agreement']:.2%}")
    original = float(np.mean(model.predict(test.images).digit == test.require_labels()))
    write_results(
        "normalization",
        data=test.name,
        images=len(test),
        model="standard",
        accuracy_on_originals=original,
        results=results,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
