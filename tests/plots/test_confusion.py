import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from tenfold.nn.array import Array
from tenfold.plots import confusion_figure
from tenfold.plots.style import PALE
from tests.plots.pictures import assert_readable, words


def good(mistakes: dict[tuple[int, int], int] | None = None) -> Array:
    matrix = np.diag(np.arange(900, 1000, 10))
    for place, count in (mistakes or {}).items():
        matrix[place] = count
    return matrix


def colours(figure: Figure) -> Array:
    """Return the colour of each cell, (10, 10, 3)."""
    (image,) = figure.axes[0].images
    rates = image.get_array()
    assert rates is not None
    return np.asarray(image.to_rgba(rates))[..., :3]


def cell(figure: Figure, row: int, column: int) -> str:
    (text,) = [text for text in figure.axes[0].texts if text.get_position() == (column, row)]
    return text.get_text()


def test_each_cell_shows_its_count() -> None:
    figure = confusion_figure(good({(4, 9): 17, (9, 4): 5}))
    assert cell(figure, 4, 9) == "17"
    assert cell(figure, 9, 4) == "5"
    assert cell(figure, 4, 4) == "940"
    assert cell(figure, 0, 1) == "0"
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")
    assert axes.get_title(loc="left") == "Confusion matrix: 9,450 of 9,472 correct"


def test_row_accuracy_and_rows_without_images() -> None:
    matrix = good({(3, 5): 93})
    matrix[8] = 0
    written = words(confusion_figure(matrix))
    assert "90.9%" in written  # 930 of 1,023
    assert written.count("100.0%") == 8
    assert "none" in written


def test_colour_is_the_share_of_the_row_and_correct_predictions_are_grey() -> None:
    matrix = good({(0, 1): 40, (9, 1): 40, (2, 3): 10})
    matrix[9, 9] = 100  # fewer nines, so 40 mistakes are a larger share
    painted = colours(confusion_figure(matrix))
    darkness = 1 - painted.mean(axis=-1)
    assert darkness[9, 1] > darkness[0, 1] > darkness[2, 3] > darkness[5, 6]
    np.testing.assert_allclose(
        painted[np.arange(10), np.arange(10)], np.tile(to_rgb(PALE), (10, 1))
    )


def test_a_single_mistake_is_pale() -> None:
    once, often = colours(confusion_figure(good({(0, 1): 1}))), good({(0, 1): 900})
    assert once[0, 1].mean() > 0.8
    assert colours(confusion_figure(often))[0, 1].mean() < 0.3


def test_dark_cells_have_white_numbers() -> None:
    figure = confusion_figure(good({(0, 1): 90, (0, 2): 2}))
    shades = {text.get_text(): text.get_color() for text in figure.axes[0].texts}
    assert shades["90"] == "white"
    assert shades["2"] != "white"


def test_a_matrix_without_mistakes_can_be_drawn() -> None:
    figure = confusion_figure(good())
    assert "Confusion matrix: 9,450 of 9,450 correct" in words(figure)
    assert_readable(figure)


def test_large_counts_fit_into_their_cells() -> None:
    figure = confusion_figure(np.full((10, 10), 654_321))
    assert cell(figure, 9, 9) == "654,321"
    assert_readable(figure)


def test_other_classes_have_their_names() -> None:
    matrix = np.full((11, 11), 1234)
    figure = confusion_figure(matrix, [*"0123456789", "not a digit"])
    assert words(figure).count("not a\ndigit") == 2
    assert_readable(figure)
    with pytest.raises(ValueError, match="names must be 11 names, one for each class, got 10"):
        confusion_figure(matrix, [*"0123456789"])


@settings(max_examples=4)
@given(
    st.integers(1, 11).flatmap(lambda n: arrays(np.int64, (n, n), elements=st.integers(0, 9999)))
)
def test_all_counts_of_any_matrix_are_written(matrix: Array) -> None:
    figure = confusion_figure(matrix)
    assert_readable(figure)
    for (row, column), count in np.ndenumerate(matrix):
        assert cell(figure, row, column) == f"{count:,}"


@pytest.mark.parametrize("shape", [(10,), (10, 9), (0, 0)])
def test_a_matrix_that_is_not_square_raises(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(f"(classes, classes), got {shape}")):
        confusion_figure(np.zeros(shape, np.int64))
