"""Cut-outs: what the reader itself cuts out of pictures whose digits are known.

Most candidates of a picture are not digits: fragments, pairs, pieces of ruled lines, shadows, and
paper that is taken for light ink. The network must reject them, so it is trained on them. The
pictures are images of digits, such as MNIST's, placed in a line on paper of many kinds, and
generated pages. Every candidate is labelled by its overlap with the digits.

An upright bar that is not a digit, such as a piece of a ruled line or the paper between two digits,
looks exactly like a 1. Such candidates are left out: labelled "not a digit", they would teach the
network to reject 1s.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.candidates import Candidate, line_candidates
from tenfold.reading.picture import load_picture
from tenfold.reading.pieces import lines_of_pieces
from tenfold.reading.synthetic.pages import generate_page

__all__ = ["cut_out_candidates", "cut_out_pages", "is_upright_bar", "label_of", "upright_bars"]

_NOT_A_DIGIT = 10  # label of "not a digit"
# The overlap of a candidate with a digit is intersection / union of their boxes.
_SAME = 0.8  # least overlap of a candidate that shows the digit
_OTHER = 0.3  # a candidate with less overlap is not a digit; between the limits, it is left out
_WHOLE = 0.7  # a candidate contains a digit if it covers at least this share of the digit's box
_MOST_PIECES = 40  # largest number of pieces of a line that are used
_SLENDER = 1.9  # smallest ratio of the length of a bar to its width
_LEAST_AREA = 2  # smallest area of a bar, in pixels
# Largest relative difference between the area of the ink and that of a bar of the same length and
# width.
_SOLID = 0.15
_GAPS = (-0.04, 0.1, 0.35, 0.8)  # between digits, in sizes of a digit; below 0, the digits touch
_PAGE = 600  # largest width of a generated page, in pixels: its digits are 16 to 220 pixels high
_NON_DIGITS = 16  # largest number of non-digits of a generated page
_NON_DIGITS_OF_LINES = 32  # largest number of non-digits of a picture of given digits


def cut_out_candidates(
    images: Array, labels: Array, pictures: int, seed: int
) -> tuple[Array, Array]:
    """Return the candidates of generated pictures: (M, 28, 28, 1) uint8, and labels (M,), 0 to 10.

    At most 32 candidates of each picture that are not digits are used; they have the label 10.

    Args:
        images: Digits (N, 28, 28, 1) uint8.
        labels: Digit of each, (N,), 0 to 9.
        pictures: Number of pictures, at least 1.
        seed: Random seed. Each picture depends only on the seed and its number.
    """
    inked = images.any(axis=(1, 2, 3))
    images, labels = images[inked], labels[inked]
    if len(images) == 0:
        return np.zeros((0, 28, 28, 1), np.uint8), np.zeros(0, np.int64)
    found = [c for k in range(pictures) for c in _candidates_of(images, labels, seed, k)]
    cut_outs = np.array([image for image, _ in found], np.uint8).reshape(-1, 28, 28, 1)
    return cut_outs, np.array([label for _, label in found], np.int64)


def _candidates_of(
    images: Array, labels: Array, seed: int, number: int
) -> Iterator[tuple[Array, int]]:
    """Yield the images and labels of the candidates of one picture of given digits."""
    page = _Page.compose(images, stream(seed, "cut-outs", number))
    found = _labelled(page.rgb, page.boxes, [int(labels[i]) for i in page.indices])
    return _sample(found, _NON_DIGITS_OF_LINES, stream(seed, "cut-outs of lines", number))


def cut_out_pages(pages: int, seed: int) -> tuple[Array, Array]:
    """Return the candidates of generated pages: (M, 28, 28, 1) uint8, and labels (M,), 0 to 10.

    Args:
        pages: Number of pages, see ``synthetic.pages.generate_page``. At most 16 non-digits of each
            are used; about half of all candidates are digits.
        seed: Random seed. Each page depends only on the seed and its number.
    """
    images: list[Array] = []
    labels: list[int] = []
    for number in range(pages):
        page = generate_page(seed, number, size=_PAGE)
        boxes = [(y, x, y + h, x + w) for x, y, w, h in (digit.box for digit in page.digits)]
        found = _labelled(page.image, boxes, [d.digit for d in page.digits])
        for image, label in _sample(found, _NON_DIGITS, stream(seed, "cut-out pages", number)):
            images.append(image)
            labels.append(label)
    return np.array(images, np.uint8).reshape(-1, 28, 28, 1), np.array(labels, np.int64)


def _sample(
    found: Iterable[tuple[Candidate, int]], most: int, rng: np.random.Generator
) -> Iterator[tuple[Array, int]]:
    """Yield the image and the label of all digits and of some non-digits, without upright bars.

    A wide piece of ink has hundreds of candidates. They look much alike, so a random sample of the
    non-digits shows as much and takes less time.
    """
    others = []
    for candidate, label in found:
        if label == _NOT_A_DIGIT:
            others.append(candidate)
        else:
            yield candidate.glyph.image, label
    order = rng.permutation(len(others))
    kept = (image for i in order if not is_upright_bar(image := others[i].glyph.image))
    yield from ((image, _NOT_A_DIGIT) for image in islice(kept, most))


def _labelled(
    rgb: Array, boxes: Sequence[tuple[int, int, int, int]], digits: Sequence[int]
) -> Iterator[tuple[Candidate, int]]:
    """Yield the candidates of a picture with their labels, 0 to 10.

    Candidates for which ``label_of`` returns None are left out.

    Args:
        rgb: The picture, (H, W, 3) uint8.
        boxes: Top, left, bottom, right of each digit, in pixels.
        digits: The digits, 0 to 9, in the order of the boxes.
    """
    picture = load_picture(rgb)
    digit_boxes = np.array(boxes, np.float64).reshape(-1, 4) * picture.scale
    for hypothesis in Hypotheses(picture.rgb, picture.margin):
        for line in lines_of_pieces(hypothesis.ink):
            for candidate in line_candidates(hypothesis.ink, line[:_MOST_PIECES])[0]:
                label = label_of(np.array(candidate.box), digit_boxes, digits)
                if label is not None:
                    yield candidate, label


def label_of(box: Array, digit_boxes: Array, digits: Sequence[int]) -> int | None:
    """Return what a candidate shows: a digit, 10 for none or several, or None if it is unclear.

    A 1 beside another digit hardly widens the box, so by the overlap alone, a candidate that shows
    both would have the label of the other digit.

    Args:
        box: Top, left, bottom, right of the candidate: (4,).
        digit_boxes: The same for each digit: (B, 4).
        digits: The digits, 0 to 9.
    """
    if len(digit_boxes) == 0:
        return _NOT_A_DIGIT
    overlap, share = _overlap(box, digit_boxes)
    best = int(overlap.argmax())
    if overlap[best] < _OTHER or np.count_nonzero(share >= _WHOLE) > 1:
        return _NOT_A_DIGIT
    return digits[best] if overlap[best] >= _SAME else None


def is_upright_bar(image: Array) -> bool:
    """Return whether one image (28, 28, 1) uint8 shows an upright bar, see ``upright_bars``."""
    return bool(upright_bars(image[np.newaxis])[0])


def upright_bars(images: Array) -> Array:
    r"""Return which images show only a straight bar within 45 degrees of upright: (N,) bool.

    A bar of length a and width b has the variances a^2 / 12 and b^2 / 12 along its axes. So an
    image shows a bar if its area is 12 times the root of their product, and a / b is large enough.

    Args:
        images: (N, 28, 28, 1) uint8.
    """
    ink = images[..., 0] / np.float32(255)
    positions = np.arange(ink.shape[1], dtype=np.float64)
    area = ink.sum(axis=(1, 2), dtype=np.float64)
    share = 1 / np.maximum(area, _LEAST_AREA)
    rows, columns = ink.sum(axis=2) * share[:, np.newaxis], ink.sum(axis=1) * share[:, np.newaxis]
    y, x = rows @ positions, columns @ positions
    # A grey pixel is an average over the pixel, which adds the variance of its width, 1 / 12.
    down = rows @ positions**2 - y**2 - 1 / 12
    across = columns @ positions**2 - x**2 - 1 / 12
    both = np.einsum("nyx,y,x->n", ink, positions, positions) * share - x * y
    root = np.hypot((down - across) / 2, both)  # the variances along the axes are mean +- root
    large, small = (down + across) / 2 + root, np.maximum((down + across) / 2 - root, 0.02)
    solid = np.abs(area / (12 * np.sqrt(small * np.maximum(large, 0.02))) - 1) < _SOLID
    bars: Array = solid & (down > across) & (large > _SLENDER**2 * small) & (area >= _LEAST_AREA)
    return bars


def _overlap(box: Array, boxes: Array) -> tuple[Array, Array]:
    """Return intersection / union of a box with each of B boxes, and the share of each it covers.

    Both have the shape (B,).
    """
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    common = np.maximum(0, high - low).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return common / ((box[2:] - box[:2]).prod() + areas - common), common / areas


@dataclass
class _Page:
    """A picture with digits at known positions.

    Attributes:
        rgb: (H, W, 3) uint8.
        boxes: Top, left, bottom, right of each digit.
        indices: Index of each digit among the given images.
    """

    rgb: Array
    boxes: list[tuple[int, int, int, int]]
    indices: list[int]

    @classmethod
    def compose(cls, images: Array, rng: np.random.Generator) -> "_Page":
        height, width = int(rng.integers(120, 420)), int(rng.integers(160, 520))
        size = int(rng.integers(24, 110))
        paper = _paper(height, width, size, rng)
        boxes, indices = _write(paper, images, size, rng)
        paper += rng.normal(0, rng.uniform(0, 9), (height, width, 1))
        paper += rng.normal(0, rng.uniform(0, 4), (height, width, 3))
        rgb = np.clip(paper, 0, 255).astype(np.uint8)
        return cls(255 - rgb if rng.random() < 0.2 else rgb, boxes, indices)


def _paper(height: int, width: int, size: int, rng: np.random.Generator) -> Array:
    """Return paper of some colour under some light, often ruled or squared: (H, W, 3)."""
    down, right = np.meshgrid(
        np.linspace(-0.5, 0.5, height), np.linspace(-0.5, 0.5, width), indexing="ij"
    )
    slope = rng.normal(0, 0.25, 2) * (rng.random() < 0.6)
    light = np.clip(1 + slope[0] * down + slope[1] * right, 0.4, 1.3)
    if rng.random() < 0.15:  # a shadow with a hard edge
        direction = rng.normal(0, 1, 2)
        shaded = direction[0] * down + direction[1] * right > rng.uniform(-0.15, 0.15)
        light = light * np.where(shaded, rng.uniform(0.5, 0.85), 1)
    colour = np.clip(rng.uniform(120, 250) + rng.normal(0, 12, 3), 60, 255)
    paper: Array = colour * light[..., np.newaxis]
    if rng.random() < 0.35:
        _rule(paper, size, rng)
    return paper


def _rule(paper: Array, size: int, rng: np.random.Generator) -> None:
    """Draw ruled lines on the paper, in place; often upright ones, too."""
    gap, thickness = size * rng.uniform(0.5, 1.6), max(1, int(size * rng.uniform(0.02, 0.06)))
    colour = rng.uniform(0.4, 1, 3) * rng.uniform(0.35, 0.8)
    for axis in range(1 + int(rng.random() < 0.5)):
        for start in np.arange(rng.uniform(0, gap), paper.shape[axis], gap):
            line = [slice(None), slice(None)]
            line[axis] = slice(int(start), int(start) + thickness)
            paper[tuple(line)] *= colour


def _write(
    paper: Array, images: Array, size: int, rng: np.random.Generator
) -> tuple[list[tuple[int, int, int, int]], list[int]]:
    """Write a line of digits on the paper, in place; return their boxes and indices."""
    ink = np.full(3, rng.uniform(0, 0.55))
    if rng.random() < 0.4:
        ink = rng.uniform(0, 0.7, 3)
        ink[rng.integers(3)] *= 0.3
    boxes: list[tuple[int, int, int, int]] = []
    indices: list[int] = []
    left, gap = rng.uniform(5, 25), size * rng.choice(_GAPS)
    top = rng.uniform(4, max(5, paper.shape[0] - size - 4))
    for _ in range(int(rng.integers(1, 6))):
        index = int(rng.integers(len(images)))
        mask = _enlarged(images[index, :, :, 0], size * rng.uniform(0.85, 1.1) / 20)
        y = top + rng.normal(0, 0.06 * size) + (size - mask.shape[0]) / 2
        y, x = int(np.clip(y, 0, max(0, paper.shape[0] - mask.shape[0] - 1))), int(left)
        if x + mask.shape[1] >= paper.shape[1] - 1 or mask.shape[0] >= paper.shape[0]:
            break
        part = paper[y : y + mask.shape[0], x : x + mask.shape[1]]
        part *= 1 - mask[..., np.newaxis] * (1 - ink)
        boxes.append((y, x, y + mask.shape[0], x + mask.shape[1]))
        indices.append(index)
        left = x + mask.shape[1] + gap * rng.uniform(0.5, 1.3)
    return boxes, indices


def _enlarged(image: Array, scale: float) -> Array:
    """Return the ink of a digit, cut out and enlarged, 0 to 1."""
    from PIL import Image

    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    cut = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = (max(3, int(cut.shape[1] * scale)), max(3, int(cut.shape[0] * scale)))
    big = np.asarray(Image.fromarray(cut).resize(size, Image.Resampling.BICUBIC))
    return np.clip(big / 255 * 1.2, 0, 1)
