"""A page from start to end: what is written, on which paper, and how the camera sees it."""

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.nn.constraints import Choice, Whole
from tenfold.reading.synthetic.pages.camera import (
    homography,
    photograph,
    picture_points,
    random_view,
)
from tenfold.reading.synthetic.pages.ink import page_ink
from tenfold.reading.synthetic.pages.layout import KINDS, lay_out
from tenfold.reading.synthetic.pages.marks import Mark, extent
from tenfold.reading.synthetic.pages.page import Page, PageDigit
from tenfold.reading.synthetic.pages.paper import Paper, blank_paper, random_paper

__all__ = ["generate_page"]

_VIEWS = 6  # views to try until no digit is cut off


def generate_page(
    seed: int, index: int = 0, kind: str | None = None, clean: bool = False, size: int = 1400
) -> Page:
    """Return a page of handwriting with its ground truth.

    Args:
        seed: Random seed, 0 to 2**64 - 1.
        index: Number of the page in the endless sequence of the seed, 0 to 2**62.
        kind: One of ``KINDS``: "single", "line", "tight", "lines", "columns", "form", "other" or
            "empty"; None (the default) for each of them in turn.
        clean: Whether to write with black ink on white paper, without a camera.
        size: Largest width of a picture, in pixels, 200 to 10,000. Pages of the kinds "single",
            "line" and "tight" have at most 0.65 of this width, the others 0.36 to 1 of it. The
            height is at most 1.5 times the width.

    Raises:
        ValueError: If an argument is out of its range.
    """
    index = Whole(0, 2**62).check("index", index)
    kind = KINDS[index % len(KINDS)] if kind is None else Choice(*KINDS).check("kind", kind)
    size = Whole(200, 10_000).check("size", size)
    rng = stream(seed, "pages", index=index)
    width, height = _size(kind, size, rng)
    marks = lay_out(kind, width, height, rng)
    if clean:
        colours = _written(blank_paper(width, height), marks, 1.0, rng)
        picture = np.rint(colours * 255).astype(np.uint8)
        return Page(picture, _truth(marks, None, width, height), kind)
    paper = random_paper(width, height, _typical_height(marks, height), rng)
    colours = _written(paper, marks, rng.uniform(0.7, 1.8), rng)
    matrix = _view(marks, width, height, rng) if rng.random() < 0.5 else None
    picture = photograph(colours, matrix, rng)
    return Page(picture, _truth(marks, matrix, width, height), kind)


def _size(kind: str, size: int, rng: np.random.Generator) -> tuple[int, int]:
    """Return a random width and height of the picture."""
    if kind == "single":
        share, shape = rng.uniform(0.035, 0.45), rng.uniform(0.7, 1.4)
    elif kind in ("line", "tight"):
        share, shape = rng.uniform(0.15, 0.65), rng.uniform(0.25, 0.9)
    else:
        share, shape = rng.uniform(0.36, 1), rng.uniform(0.6, 1.5)
    width = max(48, round(size * share))
    return width, max(32, round(width * shape))


def _typical_height(marks: list[Mark], height: int) -> float:
    """Return the median height of what is written; without any, 1/8 of the page's height."""
    heights = [np.subtract(*extent([m])[::-1])[1] for m in marks if not m.printed]
    return float(np.median(heights)) if heights else height / 8


def _written(paper: Paper, marks: list[Mark], softness: float, rng: np.random.Generator) -> Array:
    """Return the paper with what is printed and written on it."""
    colours = paper.colours
    height, width = colours.shape[:2]
    for printed, colour, strength in ((True, paper.print, 1.0), (False, paper.ink, paper.strength)):
        chosen = [m for m in marks if m.printed == printed]
        if not chosen:
            continue
        cover = page_ink(chosen, width, height, softness) * np.float32(strength)
        if paper.grainy and not printed:
            rough = rng.random((height, width), np.float32) ** 2
            cover = cover * (1 - np.float32(paper.grainy) * rough)
        colours = colours + cover[..., np.newaxis] * (colour - colours)
    return colours


def _view(marks: list[Mark], width: int, height: int, rng: np.random.Generator) -> Array | None:
    """Return a perspective in which all digits lie inside the picture; None if none is found."""
    wanted = len([m for m in marks if m.digit is not None])
    for _ in range(_VIEWS):
        matrix = homography(random_view(width, height, rng), width, height)
        if len(_truth(marks, matrix, width, height, whole=True)) == wanted:
            return matrix
    return None


def _truth(
    marks: list[Mark], matrix: Array | None, width: int, height: int, whole: bool = False
) -> tuple[PageDigit, ...]:
    """Return the digits with the boxes of their ink; with ``whole``, only those not cut off."""
    digits = []
    for one in marks:
        if one.digit is None:
            continue
        low, high = _box(one, matrix)
        inside = (low >= 0).all() and (high <= [width, height]).all()
        if whole and not inside:
            continue
        first = np.clip(np.floor(low), 0, [width - 1, height - 1]).astype(int)
        last = np.clip(np.ceil(high), first + 1, [width, height]).astype(int)
        (x, y), (w, h) = first.tolist(), (last - first).tolist()
        digits.append(PageDigit(one.digit, (x, y, w, h), one.line))
    return tuple(digits)


def _box(one: Mark, matrix: Array | None) -> tuple[Array, Array]:
    """Return the smallest and largest (x, y) of the ink of a mark in the picture."""
    if matrix is None:
        return extent([one])
    around = [
        one.points + one.radii[:, np.newaxis] * np.array([np.cos(angle), np.sin(angle)])
        for angle in np.arange(8) * np.pi / 4
    ]
    points = picture_points(matrix, np.concatenate(around))
    return points.min(axis=0), points.max(axis=0)
