"""The notation of shapes: curves, corners, closed strokes, and mistakes in it."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.synthetic.shapes.notation import SPACING, StrokeShape, parse


def points(shape: StrokeShape, variant: int = 0) -> Array:
    drawn: Array = shape.weights @ shape.variants[variant]
    return drawn


def distance(drawn: Array, place: tuple[float, float]) -> float:
    return float(np.linalg.norm(drawn - np.array(place), axis=1).min())


def test_a_straight_stroke_has_points_at_even_distances_on_the_line() -> None:
    drawn = points(parse("0,0 50,0 100,0"))
    np.testing.assert_allclose(drawn[:, 1], 0, atol=1e-7)
    np.testing.assert_allclose(drawn[[0, -1], 0], [0, 1], atol=1e-6)
    assert np.diff(drawn[:, 0]).max() < 1.3 * SPACING


def test_a_curve_passes_through_its_control_points() -> None:
    drawn = points(parse("0,0 50,30 20,60 90,100"))
    for place in ((0, 0), (0.5, 0.3), (0.2, 0.6), (0.9, 1)):
        assert distance(drawn, place) < 1e-6


def test_the_middle_of_a_part_by_hand() -> None:
    # p(1/2) = (-a + 9 b + 9 c - d) / 16, from the formula of the spline.
    drawn = points(parse("0,0 40,0 40,60 0,60"))
    a, b, c, d = np.array([(0, 0), (0.4, 0), (0.4, 0.6), (0, 0.6)])
    middle = (-a + 9 * b + 9 * c - d) / 16
    assert distance(drawn, (middle[0], middle[1])) < SPACING


def test_a_corner_is_sharp_and_both_its_sides_are_straight() -> None:
    sharp = points(parse("0,0 50,0! 50,50"))
    smooth = points(parse("0,0 50,0 50,50"))
    on_the_lines = np.minimum(abs(sharp[:, 1]), abs(sharp[:, 0] - 0.5))
    np.testing.assert_allclose(on_the_lines, 0, atol=1e-6)
    assert np.minimum(abs(smooth[:, 1]), abs(smooth[:, 0] - 0.5)).max() > 0.01


def test_a_closed_stroke_is_round_where_it_closes() -> None:
    drawn = points(parse("50,0 0,50 50,100 100,50 50,0"))
    radii = np.linalg.norm(drawn - 0.5, axis=1)
    assert np.ptp(radii) < 0.06  # a circle, also near its first and last point


def test_strokes_are_not_joined() -> None:
    shape = parse("0,0 10,0 / 90,0 100,0")
    drawn = points(shape)
    np.testing.assert_array_equal(np.unique(shape.strokes), [0, 1])
    assert drawn[shape.strokes == 0, 0].max() < 0.11
    assert drawn[shape.strokes == 1, 0].min() > 0.89


def test_the_weights_of_each_point_sum_to_one() -> None:
    shape = parse("0,0 50,30! 20,60 90,100 / 0,0 3,3 0,0")
    np.testing.assert_allclose(shape.weights.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("other", ["0,0 1,1 2,2", "0,0! 1,1", "0,0 / 1,1"])
def test_variants_must_have_the_same_structure(other: str) -> None:
    with pytest.raises(ValueError, match="the variants must have the same strokes"):
        parse("0,0 1,1", other)
