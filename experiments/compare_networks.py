"""Compare networks for ``tenfold read`` on digits and other ink without paper.

    python -m experiments.compare_networks reader-digit
    python -m experiments.compare_networks reader-digit runs/001-reader-digit/model.safetensors

The digits are MNIST's validation images, and digits from the development half of the benchmark:
pen digits, 8 x 8 digits, and hollow digits, of which only the outline is drawn. The other ink is
letters, signs and pairs of touching digits. All of it is normalised as the reader does.
Prints two tables. The first counts the digits for which another digit is more probable (*wrong
digit*), and those for which another digit or "not a digit" is more probable (*wrong*). The second
counts the images of other ink for which a digit has a probability above 0.5 (*taken for a digit*)
and above 0.97 (*certain*).
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

import numpy as np
from benchmarks.reading.sources import Source as Digits
from benchmarks.reading.sources import find_source
from benchmarks.reading.sources.letters import LETTERS, font_text, stroke_text
from benchmarks.reading.sources.pen_digits import PEN_WIDTHS
from PIL import Image
from scipy import ndimage

from tenfold.models import Model, find_model
from tenfold.nn.array import Array
from tenfold.reading.glyph import make_glyph
from tenfold.recipes.sources import Source

SEED = 502
HEIGHT = 110  # pixels of a drawn digit
WIDE_PENS = (0.2, 0.24, 0.28)  # widths of pens whose line is outlined, in heights of a digit
LIKE_DIGITS = "BDGQ"  # letters that resemble a digit
SIGNS = "&@%#=+*"
NOT_A_DIGIT = 10
Labelled = Iterator[tuple[Array, int]]
"""Ink (h, w), 0 to 1, with the digit that it shows, or 10."""


def digit_sets(count: int) -> dict[str, Labelled]:
    """Return the sets of digits by title; most of them have ``count`` members."""
    return {
        "MNIST's validation digits": _mnist(0, count),
        "8 x 8 digits, enlarged": _drawn("cells", (0.0,), count),
        "pen digits, five widths": _drawn("pen", PEN_WIDTHS, count),
        "1s with a flag, five widths": _drawn("pen flags", PEN_WIDTHS, count // 2),
        "crossed 7s, five widths": _drawn("pen crossed", PEN_WIDTHS, count // 4),
        "hollow pen digits": _hollow(_drawn("pen", WIDE_PENS, count)),
        "hollow 1s with a flag": _hollow(_drawn("pen flags", WIDE_PENS, count // 4)),
        "hollow digits of MNIST, not 1": _hollow(
            (ink, digit) for ink, digit in _mnist(count, count) if digit != 1
        ),
        "hollow digits of fonts": _hollow(_texts("0123456789", count)),
        "hollow bars": _hollow(_bars(count // 4)),
    }


def other_sets(count: int) -> dict[str, Labelled]:
    """Return the sets of other ink by title, with ``count`` members or fewer."""
    return {
        "letters": _texts(LETTERS, count),
        "letters that resemble a digit (B, D, G, Q)": _texts(LIKE_DIGITS, count // 4),
        "hollow letters": _hollow(_texts(LETTERS + LIKE_DIGITS, count)),
        "signs": _texts(SIGNS, count // 2),
        "hollow signs": _hollow(_texts(SIGNS, count // 4)),
        "question marks": _texts("?", count // 8),
        "touching digits": _touching(count, with_ones=False),
        "touching digits, one of them a 1": _touching(count, with_ones=True),
    }


def _mnist(first: int, count: int) -> Labelled:
    """Yield validation images of MNIST, enlarged with smooth edges."""
    data = Source().load().validation
    assert data is not None
    labels = data.require_labels()
    for index in range(first, min(first + count, len(data))):
        yield _enlarged(data.images[index, :, :, 0], HEIGHT), int(labels[index])


def _enlarged(image: Array, height: int) -> Array:
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = Image.fromarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    scale = height / max(ink.size)
    size = (max(3, round(ink.width * scale)), max(3, round(ink.height * scale)))
    return np.asarray(ink.resize(size, Image.Resampling.BICUBIC), np.float32) / 255


def _drawn(name: str, pens: Sequence[float], count: int) -> Labelled:
    """Yield digits of a source, with pens of these widths in turn."""
    rng, source = np.random.default_rng(SEED), find_source(name)
    for number, index in enumerate(_indices(source, rng, count)):
        pen = HEIGHT * pens[number % len(pens)]
        yield source.mask(index, HEIGHT, rng, pen), int(source.labels[index])


def _indices(source: Digits, rng: np.random.Generator, count: int) -> list[int]:
    """Return the indices of digits in random order, repeated if there are fewer than ``count``."""
    members = rng.permutation(source.members("dev"))
    return [int(index) for index in np.resize(members, count)]


def _texts(characters: str, count: int) -> Labelled:
    """Yield characters in turn, half of them in fonts and half of them drawn as strokes."""
    rng = np.random.default_rng(SEED)
    for number in range(count):
        text = characters[number % len(characters)]
        turn = number // len(characters) + number
        ink = (font_text if turn % 2 else stroke_text)(text, HEIGHT, "dev", rng)
        yield ink, int(text) if text.isdigit() else NOT_A_DIGIT


def _bars(count: int) -> Labelled:
    """Yield leaning bars with straight ends, whose outlines are hollow 1s."""
    rng = np.random.default_rng(SEED)
    for _ in range(count):
        width, lean = int(rng.integers(14, 27)), rng.normal(0, 0.12)
        y, x = np.mgrid[:HEIGHT, : 2 * HEIGHT]
        middle = HEIGHT + lean * (HEIGHT / 2 - y)
        yield (abs(x - middle) < width / 2).astype(np.float32), 1


def _hollow(pairs: Labelled) -> Labelled:
    """Yield the outlines of ink; strokes that are too thin to have an outline are made thicker."""
    rng = np.random.default_rng(SEED)
    for ink, label in pairs:
        filled = np.pad(ink > 0.5, 16)
        depth = ndimage.distance_transform_edt(filled).max()
        grow = max(0, round(0.09 * HEIGHT - depth))
        if grow:
            filled = ndimage.binary_dilation(filled, iterations=grow)
        inner = ndimage.binary_erosion(filled, iterations=int(rng.integers(2, 5)))
        yield ndimage.gaussian_filter((filled & ~inner).astype(np.float32), 0.7), label


def _touching(count: int, with_ones: bool) -> Labelled:
    """Yield two digits of MNIST's validation images that touch."""
    rng = np.random.default_rng(SEED)
    digits = list(_mnist(0, 1000))
    ones = [pair for pair in digits if pair[1] == 1]
    for number in range(count):
        left, right = (digits[rng.integers(len(digits))][0] for _ in range(2))
        if with_ones:
            one = ones[rng.integers(len(ones))][0]
            left, right = (one, right) if number % 2 else (left, one)
        yield _joined(left, right, int(rng.integers(1, 7))), NOT_A_DIGIT


def _joined(left: Array, right: Array, overlap: int) -> Array:
    height = max(len(left), len(right))
    ink = np.zeros((height, left.shape[1] + right.shape[1] - overlap), np.float32)
    for part, x in ((left, 0), (right, left.shape[1] - overlap)):
        y = (height - len(part)) // 2
        region = ink[y : y + len(part), x : x + part.shape[1]]
        np.maximum(region, part, out=region)
    return ink


def _glyphs(pairs: Labelled) -> tuple[Array, Array]:
    """Return ink as the network reads it, (N, 28, 28, 1), and its labels (N,)."""
    images, labels = [], []
    for ink, label in pairs:
        wide = np.pad(np.asarray(ink, np.float32), 4)
        images.append(make_glyph(wide, wide > 0.5 * wide.max()).image)
        labels.append(label)
    return np.stack(images), np.array(labels)


def wrong_digits(model: Model, images: Array, digits: Array) -> tuple[int, int]:
    """Return the numbers of mistakes among the ten digits, and among all eleven classes."""
    probabilities = np.asarray(model.predict_probabilities(images))
    other_digit = probabilities[:, :NOT_A_DIGIT].argmax(axis=1) != digits
    return int(other_digit.sum()), int((probabilities.argmax(axis=1) != digits).sum())


def taken_for_digits(model: Model, images: Array, _: Array) -> tuple[int, int]:
    """Return for how many images a digit has a probability above 0.5, and above 0.97."""
    highest = np.asarray(model.predict_probabilities(images))[:, :NOT_A_DIGIT].max(axis=1)
    return int((highest > 0.5).sum()), int((highest > 0.97).sum())


def main(arguments: list[str]) -> None:
    """Print two tables, with the numbers of each network separated by commas."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+", help="names or files of networks")
    parser.add_argument("--count", type=int, default=400, help="images of most sets")
    options = parser.parse_args(arguments)
    models = [find_model(name) for name in options.models]
    tables = (
        ("digits", "wrong digit", "wrong", digit_sets, wrong_digits),
        ("not digits", "taken for a digit", "certain", other_sets, taken_for_digits),
    )
    for first, left, right, sets, measure in tables:
        print(f"| {first} | number | {left} | {right} |\n|---|---|---|---|")
        for title, pairs in sets(options.count).items():
            images, labels = _glyphs(pairs)
            counts = zip(*(measure(model, images, labels) for model in models), strict=True)
            cells = [f"{len(images):,}", *(", ".join(map(str, column)) for column in counts)]
            print(f"| {title} | {' | '.join(cells)} |", flush=True)
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
