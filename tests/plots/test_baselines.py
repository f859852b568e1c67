from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tenfold.evaluation import wilson_interval
from tenfold.plots import baselines_figure
from tests.plots.pictures import assert_readable, words


def row(wrong: int, n: int = 10_000) -> dict[str, Any]:
    return {"accuracy": 1 - wrong / n, "interval95": list(wilson_interval(n - wrong, n))}


BASELINES = {"mean digit": row(1797), "3 nearest neighbours": row(295)}
NETWORKS = {"quick": row(74), "standard": row(31)}


def marks(figure: Figure) -> list[Line2D]:
    """Return the marks, from the bottom up."""
    return [line for line in figure.axes[0].lines if line.get_marker() not in ("", "None")]


def test_methods_are_sorted_with_marks_inside_their_intervals() -> None:
    figure = baselines_figure(NETWORKS, BASELINES)  # in any order
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "standard",
        "quick",
        "3 nearest neighbours",
        "mean digit",
    ]
    errors = [float(np.asarray(mark.get_xdata())[0]) for mark in marks(figure)]
    np.testing.assert_allclose(errors, [0.0031, 0.0074, 0.0295, 0.1797])
    spans = [np.asarray(line.get_xdata()) for line in axes.lines if line.get_marker() == ""]
    for error, span in zip(errors, spans, strict=True):
        assert span[0] < error < span[1]
    low, high = wilson_interval(10_000 - 31, 10_000)
    np.testing.assert_allclose(spans[0], [1 - high, 1 - low])
    assert axes.get_xscale() == "log"


def test_baselines_and_networks_differ_without_colour() -> None:
    figure = baselines_figure(BASELINES, NETWORKS)
    looks = [(str(m.get_marker()), m.get_markerfacecolor()) for m in marks(figure)]
    assert looks[0] == looks[1] != looks[2] == looks[3]
    assert looks[0][0] != looks[2][0]
    texts = words(figure)
    assert {"baseline, with its 95% interval", "network, with its 95% interval"} <= set(texts)
    assert {"0.31%", "17.97%"} <= set(texts)
    assert_readable(figure)


@pytest.mark.parametrize("networks", [{}, {"perfect": row(0, 50)}])
def test_a_single_kind_and_an_error_of_zero_can_be_drawn(networks: dict[str, Any]) -> None:
    figure = baselines_figure({"majority class": row(8865)}, networks)
    (axes,) = figure.axes
    low, high = axes.get_xlim()
    for mark in marks(figure):
        assert low <= float(np.asarray(mark.get_xdata())[0]) <= high
    assert ("0.00%" in words(figure)) == bool(networks)
    assert_readable(figure)


def test_no_method_at_all_raises() -> None:
    with pytest.raises(ValueError, match="must not both be empty"):
        baselines_figure({}, {})
