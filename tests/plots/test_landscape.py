import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure

from tenfold.inspection import OptimizerPaths
from tenfold.plots import paths_figure
from tests.plots.pictures import assert_readable, words


def made(names: tuple[str, ...] = ("SGD", "Adam", "Muon"), lowest: float = 0.1) -> OptimizerPaths:
    """Return paths that fan out over a bowl."""
    share = np.linspace(0, 1, 21)
    angles = np.linspace(-0.6, 0.6, len(names))
    ways = {
        name: [(float(3 * s * np.cos(a)), float(3 * s * np.sin(a))) for s in share]
        for name, a in zip(names, angles, strict=True)
    }
    x, y = np.linspace(-0.5, 3.5, 15), np.linspace(-2.3, 2.3, 15)
    grid = lowest + (x[None] - 3) ** 2 + y[:, None] ** 2
    losses = {name: [2.5 / (1 + i) for i in range(21)] for name in names}
    return OptimizerPaths(ways, losses, x.tolist(), y.tolist(), grid.tolist(), 0.913)


def drawn(paths: OptimizerPaths) -> Figure:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return paths_figure(paths)


def test_optimizers_differ_in_look_and_are_named_at_their_ends() -> None:
    paths = made()
    figure = drawn(paths)
    (axes,) = figure.axes
    lines = {str(line.get_label()).split(":")[0]: line for line in axes.lines}
    for name, way in paths.points.items():
        assert np.asarray(lines[name].get_xydata()).tolist() == [list(p) for p in way]
    ways = paths.points
    for looks in zip(
        *((lines[n].get_color(), lines[n].get_linestyle(), lines[n].get_marker()) for n in ways),
        strict=True,
    ):
        assert len(set(looks)) == 3
    names = {text.get_text(): text.get_position() for text in axes.texts}
    for name, way in paths.points.items():
        assert np.hypot(*(np.array(names[name]) - way[-1])) < 0.5
    assert np.asarray(lines["start"].get_xydata()).tolist() == [[0, 0]]
    assert {"SGD: 0.119", "start", "loss after 20 steps"} <= set(words(figure))
    (title,) = (text for text in words(figure) if text.startswith("Optimizer paths"))
    assert "contains 91.3%\nof the squared distances of the weights from the start" in title


def test_contours_are_logarithmic_and_labelled() -> None:
    figure = drawn(made())
    (axes,) = figure.axes
    levels = np.array(axes.collections[-1].levels)  # type: ignore[attr-defined]
    ratios = levels[1:] / levels[:-1]
    assert np.ptp(ratios) < 1e-9
    assert levels[0] == pytest.approx(np.min(made().grid))
    labels = {text.get_text() for text in axes.texts} - set(made().points)
    assert len(labels) >= 4
    known = [float(label.replace(",", "")) for label in labels]
    assert all(min(abs(levels / value - 1)) < 0.05 for value in known)
    assert axes.get_aspect() == 1


def test_names_of_close_ends_do_not_overlap() -> None:
    paths = made(("momentum", "Nesterov", "SGD", "Adam", "RMSprop", "Muon"))
    together = {name: [(x, 0.05 * y) for x, y in way] for name, way in paths.points.items()}
    figure = drawn(OptimizerPaths(together, paths.losses, paths.x, paths.y, paths.grid, 1.0))
    figure.axes[0].collections[-1].remove()  # contours may cross names
    for text in list(figure.axes[0].texts):
        if text.get_text() not in together:
            text.remove()
    assert_readable(figure)


def test_a_flat_loss_and_a_loss_of_zero_can_be_drawn() -> None:
    paths = made()
    flat = OptimizerPaths(
        paths.points, paths.losses, paths.x, paths.y, np.ones((15, 15)).tolist(), 1.0
    )
    drawn(flat).draw_without_rendering()
    drawn(made(lowest=0.0)).draw_without_rendering()
