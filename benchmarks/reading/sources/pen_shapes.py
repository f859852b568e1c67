"""Which digits of the pen data are drawn as they were written, by rules on their eight points.

The data has eight points for each digit, at equal distances along the path, and does not say where
the pen was lifted. A digit of two strokes therefore has a false line from the end of the first
stroke to the start of the second. The rules below find digits of one stroke; in crossed 7s they
find the false line, which is then left out. All points have x and y from 0 to 100, y upwards, since
each digit was stretched to a square.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.brush import Path

__all__ = ["KINDS", "kind_of", "strokes"]

KINDS = {
    "one stroke": "0, 2, 3, 6, 8, 9, open or closed 4 and 5 in one stroke, plain 7, 1 as a bar or "
    "with a flag",
    "flag": "1 with a flag and without a foot",
    "bar": "1 as a single line",
    "plain 7": "7 that is not crossed",
    "crossed 7": "crossed 7, whose false line is left out",
}


def kind_of(digit: int, points: Path) -> str | None:
    """Return a key of ``KINDS``, or None for a digit that would be drawn wrongly.

    Args:
        digit: The label.
        points: (8, 2), y upwards, 0 to 100.
    """
    return _RULES[digit](points)


def strokes(kind: str, points: Path) -> list[Path]:
    """Return the strokes of a digit of a kind, without the false line."""
    if kind == "crossed 7":
        low = int(points[:6, 1].argmin())
        return [points[: low + 1], points[_bar_start(points, low) :]]
    return [points]


def _steps(p: Path) -> Path:
    return np.diff(p, axis=0)


def _angles(p: Path) -> NDArray[np.float64]:
    """Return the direction of each step in degrees: 0 to the right, 90 upwards."""
    steps = _steps(p)
    return np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))


def _any(_: Path) -> str:
    return "one stroke"


def _one(p: Path) -> str | None:
    """Return whether a 1 is a bar or has a flag; 1s with a foot, mostly a second stroke: None."""
    x, y = p.T
    top = int(y.argmax())
    falls = bool((_steps(p)[top:, 1] < 0).all())
    if not falls or y[-1] > 2 or top == 7:
        return None
    if top == 0:
        return "bar" if _straight(p) else None
    rises = bool((_steps(p)[:top, 1] > 3).all() and (_steps(p)[:top, 0] > 0).all())
    if not rises or top > 3 or not 45 <= y[0] <= 84 or x[-1] > 85:
        return None
    # The stem is straight and goes down to the left, or straight down.
    return "flag" if _straight(p[top:]) and x[0] < x[top] - 15 else None


def _straight(p: Path) -> bool:
    start, end = p[0], p[-1]
    along = (end - start) / np.hypot(*(end - start))
    away = np.abs((p - start) @ np.array([-along[1], along[0]]))
    return bool(away.max() < 14)


def _seven(p: Path) -> str | None:
    x, y = p.T
    low = int(y[:6].argmin())
    if y[7] < 3 and y[0] > 75:  # written in one stroke: right, then down
        corner = int((x + y)[:6].argmax())
        flat = y[: corner + 1].min() > 75 and x[corner] > 75
        down = bool((_steps(p)[corner:, 1] < 0).all())
        return "plain 7" if flat and down and corner > 0 else None
    if y[0] < 70 or low < 3 or y[low] > 6 or low > 5:
        return None
    bar = p[_bar_start(p, low) :]
    (left, right), level = (bar[0, 0], bar[-1, 0]), bar[:, 1]
    corner = int((x + y)[:low].argmax())
    top = y[0] > 78 and x[corner] - x[0] > 40 and y[corner] > 78
    crosses = left < 45 and right > 55 and right - left > 35
    flat = level.min() > 25 and level.max() < 75 and abs(level[-1] - level[0]) < 22
    down = bool((_steps(p[: low + 1])[corner:, 1] < 0).all())
    return "crossed 7" if top and crosses and flat and down and len(bar) >= 2 else None


def _bar_start(p: Path, low: int) -> int:
    """Return the first point of a crossed 7's bar: the leftmost after the foot."""
    return low + 1 + int(p[low + 1 : 7, 0].argmin()) if low < 6 else 7


def _five(p: Path) -> str | None:
    """Take 5s that start at the right end of the bar; in other 5s, the bar is a second stroke."""
    x, y = p.T
    if x[0] < 70 or y[0] < 80:
        return None
    left = int(x[:5].argmin())
    return "one stroke" if left > 0 and y[left] > 45 and y[-1] < 30 and x[-1] < 40 else None


def _three(p: Path) -> str | None:
    """Leave out 3s whose waist lies between two points and is lost."""
    x = p[:, 0]
    waist = [min(x[:i].max(), x[i + 1 :].max()) - x[i] for i in range(2, 6)]
    return "one stroke" if max(waist) > 14 else None


def _eight(p: Path) -> str | None:
    """Take 8s that come back to their start, and cross themselves."""
    returns = float(np.hypot(*((p[6:] - p[0]) * (0.65, 1)).T).min()) < 30
    crossings = sum(_cross(p, i, j) for i in range(5) for j in range(i + 2, 7))
    return "one stroke" if returns and crossings else None


def _cross(p: Path, i: int, j: int) -> bool:
    """Return whether step i of the path crosses step j."""

    def side(a: Path, b: Path, c: Path) -> float:
        return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    a, b, c, d = p[i], p[i + 1], p[j], p[j + 1]
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _four(p: Path) -> str | None:
    """Take 4s that go down to the left, to the right, and down, without a high second stroke.

    A small hook at the right end is allowed: there a short jump was lost.
    """
    x, y = p.T
    left = int(x[:5].argmin())
    right = left + int(x[left:].argmax())
    first = bool(y[0] > 80 and x[0] < 85 and left > 0 and (_steps(p)[:left, 1] < 0).all())
    flat = bool(right - left >= 1 and np.ptp(y[left : right + 1]) < 30 and x[right] > 70)
    rise = float(np.maximum(_steps(p)[:, 1], 0).max())
    stem = bool(right < 7 and y[-1] < 5 and y[right] > 30 and x[right] - 48 < x[-1] < x[right] + 1)
    falls = bool((_steps(p)[right:, 1] < 0).all())
    return "one stroke" if first and flat and stem and falls and rise < 25 else None


def _nine(p: Path) -> str | None:
    """Take 9s that start at the upper right, close a loop to the left and end below."""
    x, y = p.T
    around = bool(x[:4].min() < 15 and y[:5].min() > 25 and y[0] > 60 and x[0] > 40)
    # After the loop the path comes back up, to within a short distance of its start.
    near = np.hypot(*(p[3:6] - p[0]).T)
    back = 3 + int(near.argmin())
    low = int(y[1 : back + 1].argmin()) + 1
    closes = near.min() < 26 and y[back] > y[low] + 10
    return "one stroke" if around and closes and y[-1] < 25 else None


_RULES: dict[int, Callable[[Path], str | None]] = {
    **dict.fromkeys((0, 2, 6), _any),
    3: _three,
    8: _eight,
    1: _one,
    4: _four,
    5: _five,
    7: _seven,
    9: _nine,
}
