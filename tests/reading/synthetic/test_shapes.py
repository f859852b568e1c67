"""The catalogues of shapes: enough writing styles of each digit, all of them different."""

import itertools

import numpy as np
import pytest

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.reading.synthetic.hand import draw
from tenfold.reading.synthetic.non_digits import SINGLE
from tenfold.reading.synthetic.raster import union_of_discs
from tenfold.reading.synthetic.shapes.digits import DIGITS
from tenfold.reading.synthetic.shapes.notation import StrokeShape

SIZE = 40


def drawn(shapes: list[StrokeShape], pen: float = 0.05) -> Array:
    """Return the shapes, with the same mixture of variants, in images of 40 x 40."""
    ink = []
    for shape in shapes:
        drawing = draw([shape], stream(0, "test"))
        (low, high), radii = drawing.extent(), np.where(drawing.used, pen, 0)
        scale = (SIZE - 6) / (high - low).max()
        points = (drawing.points - (low + high) / 2) * scale + SIZE / 2
        ink.append(union_of_discs(points, radii * scale, np.ones(1), SIZE)[0])
    return np.array(ink)


@pytest.mark.parametrize("digit", range(10))
def test_each_digit_is_written_in_several_ways_that_differ(digit: int) -> None:
    styles = DIGITS[digit]
    assert 4 <= len(styles) <= 8
    images = drawn(list(styles.values()))
    for (name, one), (other, two) in itertools.combinations(zip(styles, images, strict=True), 2):
        different = abs(one - two).sum() / max(one.sum(), two.sum())
        assert different > 0.15, (name, other)


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_as_high_as_the_unit_and_narrower_than_high(digit: int) -> None:
    for shape in DIGITS[digit].values():
        for control in shape.variants:
            width, height = np.ptp(shape.weights @ control, axis=0)
            assert 0.9 < height < 1.25
            assert width < 1.0


@pytest.mark.parametrize("kind", SINGLE)
def test_no_non_digit_looks_like_the_prototype_of_a_digit(kind: str) -> None:
    digits = drawn([shape for styles in DIGITS for shape in styles.values()], 0.08)
    others = drawn(list(SINGLE[kind].values()), 0.08)
    overlap = np.minimum(digits[:, None], others[None]).sum(axis=(2, 3))
    union = np.maximum(digits[:, None], others[None]).sum(axis=(2, 3))
    assert (overlap / union).max() < 0.75


def test_the_catalogues_are_large() -> None:
    assert sum(len(catalogue) for catalogue in SINGLE.values()) > 100
