"""Cuts: where a wide piece of ink may be divided into digits that touch.

A cut is a path from the top to the bottom of a piece. It moves at most one pixel sideways per row,
so it can be slanted or bent, as between an overhanging 7 and a 4. The cost of a path is the ink
that it crosses, a small cost for each step (0.01, and 0.03 if it goes sideways), and a cost r for
each run of ink: r/2 where the path enters the run, and r/2 where it leaves the run:

    cost(path) = sum over rows of (ink(row, x) + step + r/2 |ink(row, x) - ink(row - 1, x')|),

where x changes by -1, 0 or 1 per row. Where two 0s touch, a path between them crosses one long run,
and a path through one of them crosses two short ones.

Let F(row, x) be the least cost of a path from the top to a pixel, and G(row, x) the least cost from
the pixel to the bottom. The best path through the pixel costs F + G - ink. Both come from dynamic
programming. For each column, the cheapest path that crosses the middle row in this column is a
possible cut. The cheapest of these paths are the cuts. They must be some columns apart, and leave
ink on both sides.

References:
    Casey and Lecolinet, "A survey of methods and strategies in character segmentation" (1996).
    Avidan and Shamir, "Seam carving for content-aware image resizing" (2007): the same paths.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Parts", "cut_piece"]

_ROWS = 40  # rows of the reduced piece
_PAPER = 0.01  # cost of a step on paper; a step on ink costs 1 more
_SIDEWAYS = 0.02  # additional cost of a step sideways
_APART = 0.07  # least distance of neighbouring cuts in the middle row, in heights of the line
_RUN = 0.25  # cost of crossing a run of ink, in heights of the line
_MOST_COST = 1.0  # largest cost of a cut, in heights of the line
_LEAST_INK = 0.03  # least ink of a part, in squared heights of the line; less if strokes are thin
_MOST_PER_HEIGHT = 3.5  # most cuts in a stretch of a piece as wide as the line is high


@dataclass(frozen=True)
class Parts:
    """A piece that was cut.

    Attributes:
        numbers: (h, w) int32: the number of the part of each pixel, from 0, left to right.
        costs: The ink that each cut crosses, in heights of the line, without the other costs of its
            path.
    """

    numbers: Array
    costs: tuple[float, ...]


def cut_piece(mask: Array, height: float, most_cost: float = _MOST_COST) -> Parts:
    """Return the parts into which a piece may be cut.

    Args:
        mask: (h, w) bool, the piece.
        height: Height of its line, in pixels.
        most_cost: Largest cost of the path of a cut, in heights of the line.
    """
    ink = _reduced(mask)
    scale = ink.shape[0] / mask.shape[0]
    unit = height * scale
    run = _RUN * unit
    (down, down_moves), (up, up_moves) = _least_costs(ink, run), _least_costs(ink[::-1], run)
    middle = ink.shape[0] // 2
    total = down[middle] + up[len(ink) - 1 - middle] - ink[middle]
    most = int(np.ceil(_MOST_PER_HEIGHT * ink.shape[1] / unit))
    paths: list[Array] = []
    numbers = np.zeros(ink.shape, np.int64)  # for each pixel, how many paths are left of it
    least = _LEAST_INK * unit**2 * min(1.0, 3 * float(ink.mean()))
    for column in map(int, np.argsort(total, kind="stable")):
        if len(paths) >= most or total[column] > most_cost * unit:
            break
        if any(abs(path[middle] - column) < _APART * unit for path in paths):
            continue
        upper = _back(down_moves, middle, column)
        lower = _back(up_moves, len(ink) - 1 - middle, column)
        path = np.array([*upper, *lower[-2::-1]])
        with_path = numbers + (np.arange(ink.shape[1]) > path[:, np.newaxis])
        # Every part must have enough ink to be a digit or a large part of one.
        if np.bincount(with_path.reshape(-1), ink.reshape(-1), len(paths) + 2).min() >= least:
            paths.append(path)
            numbers = with_path
    paths.sort(key=lambda path: float(path[middle]))
    return _without_empty(_parts(paths, ink, mask.shape, unit), mask)


def _without_empty(parts: Parts, mask: Array) -> Parts:
    """Return parts that all have pixels of the piece.

    Paths can meet. Where they nearly meet, the reduced piece may have a little ink between them,
    and the piece itself may have none.
    """
    used = np.flatnonzero(np.bincount(parts.numbers[mask], minlength=len(parts.costs) + 1))
    if len(used) == len(parts.costs) + 1:
        return parts
    numbers = np.clip(np.searchsorted(used, parts.numbers, "right") - 1, 0, None)
    return Parts(numbers.astype(np.int32), tuple(parts.costs[k - 1] for k in used[1:]))


def _reduced(mask: Array) -> Array:
    """Return the ink at a height of about ``_ROWS``, (h, w) float64 from 0 to 1."""
    from PIL import Image

    height, width = mask.shape
    scale = min(1.0, _ROWS / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(mask.astype(np.float32)).resize(size, Image.Resampling.BOX)
    return np.asarray(picture, np.float64)


def _least_costs(ink: Array, run: float) -> tuple[Array, list[list[int]]]:
    """Return the least cost of a path from the top to each pixel, and its last move: (h, w) each.

    The cost F includes the ink of the pixel. A move is -1, 0 or 1: the column of the path in the
    row above, minus the column of the pixel. The moves are plain numbers, since ``_back`` looks at
    them one by one.

    Args:
        ink: (h, w), 0 to 1.
        run: Cost of crossing a run of ink, half of it at each of its ends.
    """
    height, width = ink.shape
    change = _changes(ink) * (run / 2)
    found, moves = np.empty_like(ink), np.zeros(ink.shape, np.int64)
    found[0] = ink[0] * (1 + run / 2)
    above = np.full(width + 2, np.inf)  # the costs of the row above, with no pixels beside it
    neighbours = np.lib.stride_tricks.sliding_window_view(above, width)
    for row in range(1, height):
        above[1:-1] = found[row - 1]
        steps = neighbours + change[row - 1]
        steps[::2] += _SIDEWAYS
        moves[row] = steps.argmin(axis=0) - 1
        found[row] = ink[row] + _PAPER + steps.min(axis=0)
    return found, [row.tolist() for row in moves]


def _changes(ink: Array) -> Array:
    """Return the change of the ink at each pixel from its three neighbours above: (h - 1, 3, w).

    Beside the picture there is no ink.
    """
    width = ink.shape[1]
    above = np.pad(ink[:-1], ((0, 0), (1, 1)))
    return np.stack([np.abs(ink[1:] - above[:, k : k + width]) for k in range(3)], axis=1)


def _back(moves: list[list[int]], row: int, column: int) -> list[int]:
    """Return the best path from the first row to a pixel of a row, as columns."""
    path = [column]
    for each in moves[row:0:-1]:
        path.append(path[-1] + each[path[-1]])
    return path[::-1]


def _parts(paths: list[Array], ink: Array, shape: tuple[int, ...], unit: float) -> Parts:
    """Return the parts between paths of the reduced piece, at the size of the piece."""
    rows = np.minimum(np.arange(shape[0]) * ink.shape[0] // shape[0], ink.shape[0] - 1)
    columns = (np.arange(shape[1]) + 0.5) * ink.shape[1] / shape[1] - 0.5
    numbers = np.zeros(shape, np.int32)
    for path in paths:
        numbers += columns[np.newaxis] > path[rows][:, np.newaxis]
    costs = tuple(float(ink[np.arange(len(ink)), path].sum()) / unit for path in paths)
    return Parts(numbers, costs)
