"""What is written where on a page: lines of digits, boxes of a form, and other things."""

from collections.abc import Callable, Sequence

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.pages.marks import Mark, extent, mark, moved, polyline, turned
from tenfold.reading.synthetic.pages.writer import Strokes, Writer

__all__ = ["KINDS", "lay_out"]

_MARGIN = 0.06  # share of the page that stays free on each side
_TRIES = 12  # positions to try for something that must not overlap other things


def lay_out(kind: str, width: int, height: int, rng: np.random.Generator) -> list[Mark]:
    """Return the marks of a page; digits of a line come from left to right.

    Args:
        kind: One of ``KINDS``.
        width: Width of the page, in pixels.
        height: Height of the page, in pixels.
        rng: Random generator.
    """
    writer, size = Writer(rng), np.array([width, height], float)
    marks = _placed(_BLOCKS[kind](writer, rng), size, _skew(kind, rng), rng)
    probability = {"other": 1.0, "empty": 0.0, "single": 0.12}.get(kind, 0.35)
    if rng.random() < probability:
        _add_others(marks, writer, size, rng)
    return marks


def _skew(kind: str, rng: np.random.Generator) -> float:
    """Return the angle of the lines in radians: mostly small, at most 40 degrees."""
    limit = 15 if kind in ("single", "form", "columns") else 40
    strong = rng.random() < 0.3
    angle = rng.uniform(-limit, limit) if strong else rng.normal(0, 2.5)
    return float(np.radians(np.clip(angle, -limit, limit)))


def _placed(marks: list[Mark], size: Array, angle: float, rng: np.random.Generator) -> list[Mark]:
    """Return marks turned, made to fit, and moved to a random position on the page."""
    if not marks:
        return []
    marks = turned(marks, angle)
    low, high = extent(marks)
    room = size * (1 - 2 * _MARGIN)
    largest = float((room / (high - low)).min())
    # Digits are 16 to 220 pixels high, if the page has room for them.
    scale = min(largest, max(16.0, min(220.0, largest * rng.uniform(0.35, 1))))
    free = room - scale * (high - low)
    corner = size * _MARGIN + rng.random(2) * free
    return moved(marks, corner - scale * low, scale)


def _single(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    digit = int(rng.integers(0, 10))
    return [mark(writer.digits([digit])[0], 1, 0, 0, digit)]


def _line(
    writer: Writer, rng: np.random.Generator, count: int, gaps: tuple[float, float], line: int = 0
) -> list[Mark]:
    """Return a line of digits on the base line y = 0."""
    digits = rng.integers(0, 10, count).tolist()
    gap = rng.uniform(*gaps)
    marks, x = [], 0.0
    for digit, strokes in zip(digits, writer.digits(digits), strict=True):
        height = float(np.clip(rng.normal(1, 0.05), 0.85, 1.15)) / strokes.extent[1]
        y = -height * strokes.extent[1] + rng.normal(0, 0.03)
        marks.append(mark(strokes, height, x, y, digit, line))
        x += height * strokes.extent[0] + max(0.04, gap * rng.uniform(0.7, 1.3))
    return marks


def _one_line(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    return _line(writer, rng, int(rng.integers(2, 9)), (0.15, 0.8))


def _tight_line(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    return _line(writer, rng, int(rng.integers(2, 9)), (0.04, 0.14))


def _lines(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    marks: list[Mark] = []
    pitch, gaps = rng.uniform(1.5, 2.8), ((0.12, 0.5), (0.06, 0.2))[int(rng.integers(0, 2))]
    for line in range(int(rng.integers(2, 6))):
        written = _line(writer, rng, int(rng.integers(2, 8)), gaps, line)
        indent = rng.uniform(0, 0.3) if rng.random() < 0.7 else rng.uniform(0, 2)
        marks += moved(written, np.array([indent, line * pitch]))
    return marks


def _columns(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    """Return columns of numbers.

    The lines are numbered from top to bottom, first in the left column, then in the next one.
    """
    marks: list[Mark] = []
    pitch, left, line = rng.uniform(1.6, 2.6), 0.0, 0
    rows, columns = int(rng.integers(2, 6)), int(rng.integers(2, 4))
    for _ in range(columns):
        block: list[Mark] = []
        for row in range(rows):
            written = _line(writer, rng, int(rng.integers(1, 5)), (0.1, 0.3), line)
            block += moved(written, np.array([left, row * pitch]))
            line += 1
        marks += block
        left = float(extent(block)[1][0]) + rng.uniform(2.5, 4)
    return marks


def _form(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    """Return rows of boxes with one digit in each."""
    marks: list[Mark] = []
    width, height = rng.uniform(1.25, 1.9), rng.uniform(1.35, 1.9)
    apart = rng.choice((0.0, rng.uniform(0.15, 0.5)))
    radius = rng.uniform(0.008, 0.03)
    for line in range(int(rng.integers(1, 4))):
        digits = rng.integers(0, 10, int(rng.integers(3, 9))).tolist()
        top = line * (height + rng.uniform(0.4, 1))
        for number, strokes in enumerate(writer.digits(digits)):
            left = number * (width + apart)
            marks.append(_box(left, top, width, height, radius))
            marks.append(_boxed(strokes, digits[number], line, (left, top, width, height), rng))
    return marks


def _box(left: float, top: float, width: float, height: float, radius: float) -> Mark:
    right, bottom = left + width, top + height
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return polyline(corners, radius)


def _boxed(
    strokes: Strokes,
    digit: int,
    line: int,
    box: tuple[float, float, float, float],
    rng: np.random.Generator,
) -> Mark:
    """Return a digit near the middle of a box, small enough to fit into it."""
    left, top, width, height = box
    room = np.array([0.84 * width, 0.84 * height])
    scale = min(1 / strokes.extent[1], float((room / strokes.extent).min()))
    scale *= rng.uniform(0.75, 1)
    middle = np.array([left + width / 2, top + height / 2]) - scale * strokes.extent / 2
    spare = (np.array([width, height]) - scale * strokes.extent) / 2 - 0.06
    x, y = middle + rng.uniform(-1, 1, 2) * np.maximum(spare, 0) * 0.7
    return mark(strokes, scale, x, y, digit, line)


def _nothing(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    return []


def _add_others(marks: list[Mark], writer: Writer, size: Array, rng: np.random.Generator) -> None:
    """Add words, signs, drawings and scribbles to ``marks`` where the page has room."""
    heights = [float(np.ptp(extent([m])[0:2], axis=0)[1]) for m in marks if m.digit is not None]
    typical = float(np.median(heights)) if heights else float(size.min() * rng.uniform(0.08, 0.3))
    taken = [extent([m]) for m in marks]
    for _ in range(int(rng.integers(1, 5))):
        kind = ("word", "word", "sign", "doodle", "scribble")[int(rng.integers(0, 5))]
        other = _word(writer, rng) if kind == "word" else _thing(kind, writer)
        other = turned(other, rng.normal(0, 0.06))
        other = moved(other, np.zeros(2), typical * rng.uniform(0.6, 1.5))
        shift = _free_shift(other, taken, size, typical, rng)
        if shift is not None:
            other = moved(other, shift)
            taken.append(extent(other))
            marks += other


def _word(writer: Writer, rng: np.random.Generator) -> list[Mark]:
    marks, x = [], 0.0
    for strokes in writer.non_digits("letter", int(rng.integers(2, 8))):
        marks.append(mark(strokes, 1, x, -strokes.extent[1]))
        x += strokes.extent[0] + rng.uniform(0.08, 0.2)
    return marks


def _thing(kind: str, writer: Writer) -> list[Mark]:
    return [mark(writer.non_digits(kind, 1)[0], 1, 0, 0)]


def _free_shift(
    marks: Sequence[Mark],
    taken: Sequence[tuple[Array, Array]],
    size: Array,
    distance: float,
    rng: np.random.Generator,
) -> Array | None:
    """Return a shift of marks to a free position, or None if none is found.

    Args:
        marks: The marks, all of which are shifted together.
        taken: The extents of other marks.
        size: Width and height of the page, in pixels: (2,).
        distance: Least distance from the other marks, in pixels.
        rng: Random generator.
    """
    low, high = extent(marks)
    room = size * 0.98 - (high - low)
    if (room <= 0).any():
        return None
    for _ in range(_TRIES):
        corner = 0.01 * size + rng.random(2) * room
        first, last = corner - distance, corner + (high - low) + distance
        if all((b[1] < first).any() or (b[0] > last).any() for b in taken):
            shift: Array = corner - low
            return shift
    return None


_BLOCKS: dict[str, Callable[[Writer, np.random.Generator], list[Mark]]] = {
    "single": _single,
    "line": _one_line,
    "tight": _tight_line,
    "lines": _lines,
    "columns": _columns,
    "form": _form,
    "other": _nothing,
    "empty": _nothing,
}

KINDS = tuple(_BLOCKS)
"""The kinds of pages: one digit; a line of spaced or tight digits; several lines; columns of
numbers; boxes of a form; only words, signs and drawings; nothing."""
