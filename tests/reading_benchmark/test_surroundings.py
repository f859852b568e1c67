"""Papers on tables and cells of forms: what is around the digit, and that it leaves the digit."""

import numpy as np
import pytest
from benchmarks.reading.compose.canvas import Canvas
from benchmarks.reading.compose.conditions import draw_look
from benchmarks.reading.compose.form_cells import draw_borders, write_neighbours
from benchmarks.reading.compose.tables import on_table
from benchmarks.reading.sources import find_source

_MARGIN = 10


def _canvas() -> Canvas:
    """Return a sheet of 120 x 100 pixels with a digit of 40 x 50 at (50, 30), and a margin."""
    canvas = Canvas(120, 100, _MARGIN, 50)
    canvas.write(np.ones((50, 40), np.float32), 50, 30, "3")
    return canvas


@pytest.mark.parametrize("seed", range(8))
def test_paper_on_a_table_covers_the_digit_but_not_all(seed: int) -> None:
    canvas = Canvas(400, 300, _MARGIN, 50)
    canvas.write(np.ones((50, 40), np.float32), 150, 100, "3")
    paper = np.full((*canvas.shape, 3), 2, np.float32)  # no table has this brightness
    found = on_table(paper, canvas, np.random.default_rng(seed))
    assert (found[105:165, 155:205] == 2).all()  # the digit and 5 pixels around it
    table = found.max(axis=2) <= 1
    assert table.mean() > 0.2
    assert 0.01 < found[table].std() < 0.4  # a pattern


@pytest.mark.parametrize("seed", range(8))
def test_borders_of_a_cell_are_lines_beside_the_digit(seed: int) -> None:
    canvas = _canvas()
    found = draw_borders(
        np.ones((*canvas.shape, 3), np.float32), canvas, np.random.default_rng(seed)
    )
    assert (found[40:90, 60:100] == 1).all()
    dark = np.asarray((found < 1).any(axis=2))
    assert dark.any()
    for row, column in np.argwhere(dark):  # each dark pixel is part of a line through the sheet
        assert dark[max(0, row - 3) : row + 4].any(axis=0).all() or (
            dark[:, max(0, column - 3) : column + 4].any(axis=1).all()
        )


@pytest.mark.parametrize("seed", range(8))
def test_neighbours_are_cut_off_by_the_edges_and_have_no_marks(seed: int) -> None:
    canvas, before = _canvas(), _canvas()
    rng = np.random.default_rng(seed)
    write_neighbours(canvas, find_source("mnist"), np.arange(4), rng)
    assert canvas.marks == before.marks
    new = canvas.ink != before.ink
    assert not new[40:90, 60:100].any()
    inside = new[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    assert inside.any()
    assert not inside[20:80, 31:49].any()  # each of the four reaches in by a part of its size
    assert all(edge.any() for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))


def test_cells_have_none_to_three_neighbours_and_other_pictures_none() -> None:
    rng = np.random.default_rng(0)
    assert {draw_look("cell", rng).neighbours for _ in range(40)} == {0, 1, 2, 3}
    assert draw_look("table", rng).neighbours == 0
