"""Compare the networks that could recognise the digits of ``tenfold read``.

    python -m experiments.compare_recognisers              3,000 images, 600 pictures of each kind
    python -m experiments.compare_recognisers --count 100  fewer of all

``reader-digit`` (its ten digits only), ``standard``, and the mean of their probabilities recognise
the same images: validation images of MNIST, as they are stored and as the reader cuts them out,
and the digits that it cuts out of development pictures of the benchmark, if it finds exactly one.
Prints a table of the numbers of mistakes.
"""

import argparse
import sys
from collections.abc import Iterator

import numpy as np
from benchmarks.reading import compose
from benchmarks.reading.sources.pen_digits import PEN_WIDTHS

from tenfold.models import find_model
from tenfold.nn.array import Array
from tenfold.reading.picture import load_picture
from tenfold.reading.pictures import read_loaded
from tenfold.recipes.sources import Source

SEED = 501
Labelled = Iterator[tuple[Array, int]]
"""Images (28, 28, 1) or pictures, with their digits."""


def sources(count: int) -> dict[str, Labelled]:
    """Return the images and the digits of each source.

    Args:
        count: Number of pictures of each kind; of MNIST's images, five times as many are used.
    """
    parts = {
        "pen digits, five widths": ("pen", PEN_WIDTHS),
        "1s with a flag, five widths": ("pen flags", PEN_WIDTHS),
        "crossed 7s": ("pen crossed", (None,)),
    }
    found = {
        "MNIST's validation images, as stored": _mnist(5 * count),
        "the same, cut out of the picture": _cut(_mnist(5 * count)),
    }
    for title, (source, pens) in parts.items():
        each = -(-count // len(pens))
        pictures = (compose.singles("plain", SEED, each, "dev", source, pen) for pen in pens)
        found[title] = _cut(_with_digits(pictures))
    each = -(-count // len(compose.ENLARGED))
    pictures = (compose.enlarged(how, SEED, each, "dev") for how in compose.ENLARGED)
    found["8 x 8 digits, enlarged in three ways"] = _cut(_with_digits(pictures))
    return found


def _mnist(count: int) -> Labelled:
    data = Source().load().validation
    assert data is not None
    images = data.images[:count].reshape(-1, 28, 28, 1)
    yield from zip(images, map(int, data.require_labels()), strict=False)


def _with_digits(sets: Iterator[Iterator[tuple[Array, compose.Truth]]]) -> Labelled:
    for pictures in sets:
        for picture, truth in pictures:
            yield picture, int(truth.lines[0])


def _cut(pictures: Labelled) -> Labelled:
    """Yield the digits that the reader cuts out of pictures, if it finds exactly one."""
    for picture, digit in pictures:
        _, result = read_loaded(load_picture(picture))
        if result is not None and len(result.digits) == 1:
            yield result.digits[0].candidate.glyph.image, digit


def mistakes(images: Array, digits: Array) -> list[int]:
    """Return the numbers of mistakes of ``reader-digit``, ``standard`` and their mean."""
    reader = find_model("reader-digit").predict_probabilities(images)
    standard = find_model("standard").predict_probabilities(images)
    # Twice the mean, which has the same largest entry. The model standard has no class "not a
    # digit", so it is scaled by the probability that reader-digit gives to all digits together.
    both = reader[:, :10] + (1 - reader[:, 10:]) * standard
    return [int((p[:, :10].argmax(axis=1) != digits).sum()) for p in (reader, standard, both)]


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=600, help="pictures of each kind")
    options = parser.parse_args(arguments)
    print("| digits | number | `reader-digit` | `standard` | their mean |")
    print("|---|---|---|---|---|")
    for title, pairs in sources(options.count).items():
        images, digits = zip(*pairs, strict=True)
        row = [len(images), *mistakes(np.stack(images), np.array(digits))]
        print(f"| {title} | {' | '.join(f'{n:,}' for n in row)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
