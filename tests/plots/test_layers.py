import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerRow, monitored_steps
from tenfold.plots import (
    activations_figure,
    dead_units_figure,
    distributions_figure,
    gradients_figure,
    updates_figure,
)
from tenfold.runs.layer_rows import read_layer_rows
from tests.data.damage import damaged, read_or_none
from tests.plots.pictures import assert_readable, words

FIGURES: list[Callable[[Sequence[LayerRow]], Figure]] = [
    activations_figure,
    gradients_figure,
    updates_figure,
    dead_units_figure,
    distributions_figure,
]
WITH_PANELS = (activations_figure, distributions_figure)  # one panel or more for each layer
every_figure = pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: str(draw.__name__))


def histogram(scale: float) -> LayerRow:
    counts = [1 + 20 * i * (39 - i) for i in range(40)]
    return {"low": -scale, "high": 2 * scale, "counts": counts}


def layer_row(step: int, index: int, name: str, detailed: bool) -> LayerRow:
    row: LayerRow = {"step": step, "layer": index, "name": f"{index} {name}", "images": 64}
    row |= {"mean": 0.1 * index, "deviation": 1 + 0.01 * step}
    if name == "ReLU":
        return row | {"dead": 0.02 * index}
    row |= {"weight_rms": 0.2, "gradient_rms": 10.0**-index, "update_ratio": 1e-3 / (step + 1)}
    if detailed:
        parts = {"values": histogram(0.5), "updates": histogram(1e-3)}
        row["histograms"] = {"weight": parts, "bias": parts}
    return row


def rows(layers: int = 2, total: int = 200) -> list[LayerRow]:
    """Return the rows of a LayerMonitor for a network of dense layers with ReLUs between them."""
    steps = monitored_steps(total)
    detailed = {steps[0], steps[len(steps) // 2], steps[-1]}
    return [
        layer_row(step, index, "ReLU" if index % 2 else "Dense", step in detailed)
        for step in steps
        for index in range(2, 2 * layers + 1)
    ]


def panels(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.axison]


def titles(figure: Figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in panels(figure)]


@pytest.mark.parametrize(
    ("draw", "layers"),
    [
        *((draw, 2) for draw in FIGURES),
        *((draw, 16) for draw in FIGURES if draw not in WITH_PANELS),
        *((draw, 11) for draw in WITH_PANELS),  # 21 and 22 panels, in five columns
    ],
)
def test_small_and_deep_networks_are_readable(
    draw: Callable[[Sequence[LayerRow]], Figure], layers: int
) -> None:
    assert_readable(draw(rows(layers, 20_000)))


@every_figure
@pytest.mark.parametrize("total", [1, 2, 7])
def test_the_shortest_runs_can_be_drawn(
    draw: Callable[[Sequence[LayerRow]], Figure], total: int
) -> None:
    draw(rows(2, total)).draw_without_rendering()


def test_each_layer_has_a_panel_with_its_mean_and_deviation() -> None:
    figure = activations_figure(rows(3))
    assert titles(figure) == ["2 Dense", "3 ReLU", "4 Dense", "5 ReLU", "6 Dense"]
    axes = panels(figure)[1]
    mean = axes.lines[-1]
    assert np.asarray(mean.get_xdata())[[0, -1]].tolist() == [1, 200]
    assert set(np.asarray(mean.get_ydata())) == {0.1 * 3}
    band = axes.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((0.3 - 1 - 1.99, 0.3 + 1 + 1.99))
    assert "Outputs of each layer on 64 images: mean ± standard deviation" in words(figure)


@pytest.mark.parametrize(
    ("draw", "key", "label"),
    [
        (gradients_figure, "gradient_rms", "root mean square of the gradient"),
        (updates_figure, "update_ratio", "update / weight, root mean squares"),
    ],
)
def test_gradients_and_updates_are_lines_on_a_logarithmic_axis(
    draw: Callable[[Sequence[LayerRow]], Figure], key: str, label: str
) -> None:
    made = rows(3)
    (axes,) = draw(made).axes
    assert axes.get_yscale() == "log"
    assert axes.get_ylabel() == label
    lines = {str(line.get_label()): line for line in axes.lines}
    for name in ("2 Dense", "4 Dense", "6 Dense"):
        expected = [(row["step"] + 1, row[key]) for row in made if row["name"] == name]
        assert np.asarray(lines[name].get_xydata()).tolist() == [list(pair) for pair in expected]
    looks = {(line.get_marker(), str(line.get_linestyle())) for line in axes.lines[:3]}
    assert len(looks) == 3
    assert set(lines) == {"2 Dense", "4 Dense", "6 Dense"} | (
        {"usual: 0.001"} if key == "update_ratio" else set()
    )


def test_updates_have_a_line_at_a_thousandth() -> None:
    (axes,) = updates_figure(rows()).axes
    assert set(np.asarray(axes.lines[-1].get_ydata(), float)) == {1e-3}
    assert "usual: 0.001" in words(axes.figure)  # type: ignore[arg-type]


def test_dead_units_are_in_percent_from_zero() -> None:
    figure = dead_units_figure(rows(3))
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.lines] == ["3 ReLU", "5 ReLU"]
    assert {"0%", "10%"} <= set(words(figure))
    assert -0.01 < axes.get_ylim()[0] <= 0
    (axes,) = dead_units_figure([row | {"dead": 0.0} for row in rows()]).axes
    assert axes.get_ylim()[1] == pytest.approx(0.05)


def test_distributions_show_three_moments_of_weights_and_updates() -> None:
    figure = distributions_figure(rows(2))
    assert titles(figure) == [
        "2 Dense, weight",
        "2 Dense, updates",
        "4 Dense, weight",
        "4 Dense, updates",
    ]
    weight, updates, *_ = panels(figure)
    assert [line.get_linestyle() for line in weight.lines] == [":", "--", "-"]
    for axes, scale in ((weight, 0.5), (updates, 1e-3)):
        x, y = (np.asarray(data, float) for data in axes.lines[0].get_data())
        assert (x.min(), x.max()) == pytest.approx((-scale, 2 * scale))
        assert y.max() == 1
        assert y[0] == y[-1] == 0
    assert {"first (step 1)", "last (step 200)"} <= set(words(figure))


def test_histogram_bins_are_between_their_edges() -> None:
    part = {"low": 0.0, "high": 40.0, "counts": [1000 if i == 7 else 0 for i in range(40)]}
    row = rows(2)[0] | {"histograms": {"weight": {"values": part, "updates": None}}}
    line = panels(distributions_figure([row]))[0].lines[0]
    xy = np.asarray(line.get_xydata(), float)
    assert line.get_drawstyle() == "steps-pre"  # the height is that of the bin to the left
    assert [x for x, y in xy if y] == [8]


def test_scales_are_drawn_for_layers_without_weights() -> None:
    parts = {"values": histogram(1), "updates": histogram(0.1)}
    row = rows(2)[0] | {"name": "3 BatchNorm", "histograms": {"scale": parts, "shift": parts}}
    assert titles(distributions_figure([row])) == ["3 BatchNorm, scale", "3 BatchNorm, updates"]


@every_figure
def test_rows_without_the_statistic_raise(draw: Callable[[Sequence[LayerRow]], Figure]) -> None:
    bare = [{"step": 0, "layer": 2, "name": "2 Dense", "images": 3, "mean": None}]
    for nothing in ([], bare):
        with pytest.raises(TenfoldError, match="nothing to draw: train with a LayerMonitor"):
            draw(nothing)


@every_figure
def test_missing_values_are_left_out(draw: Callable[[Sequence[LayerRow]], Figure]) -> None:
    made = rows(2)
    keys = ("mean", "deviation", "dead", "gradient_rms", "update_ratio")
    for row in made[len(made) // 2 :]:
        row |= {key: None for key in keys if key in row}
    made[0] |= {"deviation": None, "mean": 1.0}
    made[2]["histograms"]["weight"]["values"] = None
    made[5] |= {"gradient_rms": 0.0, "update_ratio": 0.0}
    draw(made).draw_without_rendering()


whole = "".join(json.dumps(row) + "\n" for row in rows(2, 3)).encode()
anything: st.SearchStrategy[Any] = st.none() | st.integers() | st.floats() | st.lists(st.floats())


@settings(max_examples=50)
@given(
    damaged(whole)
    | st.dictionaries(st.sampled_from(list(rows(2, 1)[0])), anything).map(
        lambda change: json.dumps(rows(2, 1)[0] | change).encode()
    )
)
def test_rows_that_can_be_read_can_be_drawn(scratch: Path, content: bytes) -> None:
    found = read_or_none(read_layer_rows, scratch / "layers.jsonl", content) or []
    if any(math.isfinite(row.get("mean") or math.nan) for row in found):
        activations_figure(found)
    if any(row.get("histograms") for row in found):
        distributions_figure(found)
