import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tenfold.errors import TenfoldError
from tenfold.plots import learning_curves, metric_curves
from tests.plots.pictures import assert_readable, epoch_records, without_validation, words

ERRORS = {"cost": 0.09, "rmse": 0.3, "r2": 0.1}


def lines(figure: Figure) -> dict[str, Line2D]:
    (axes,) = figure.axes
    return {str(line.get_label()): line for line in axes.lines}


def points(line: Line2D) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in np.asarray(line.get_xydata())]


def titles(figure: Figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in figure.axes if axes.axison]


def losses(*values: float) -> list[dict[str, Any]]:
    return [
        {"epoch": epoch, "step": 10 * epoch, "train_loss": value}
        for epoch, value in enumerate(values, 1)
    ]


def test_training_is_solid_and_validation_dashed_and_hollow() -> None:
    drawn = lines(learning_curves({"mlp": epoch_records(3)}))
    assert list(drawn) == ["mlp, training", "mlp, validation"]
    training, validation = drawn.values()
    assert training.get_linestyle() == "-"
    assert validation.get_linestyle() == "--"
    assert training.get_color() == validation.get_color() == training.get_markerfacecolor()
    assert validation.get_markerfacecolor() == "white"
    assert points(training) == pytest.approx(np.array([(1, 0.1), (2, 0.55), (3, 0.7)]))
    assert points(validation) == pytest.approx(np.array([(1, 0.05), (2, 0.525), (3, 1 - 0.95 / 3)]))


def test_title_axes_and_legend() -> None:
    figure = learning_curves({"mlp": epoch_records()}, "loss")
    (axes,) = figure.axes
    assert titles(figure) == ["Loss"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "mean loss per image")
    assert words(figure)[-3:] == ["mlp", "training", "validation"]


def test_accuracy_is_in_percent_and_never_above_100() -> None:
    figure = learning_curves(
        {"mlp": [record | {"train_accuracy": 1.0} for record in epoch_records()]}
    )
    assert "100%" in words(figure)
    (axes,) = figure.axes
    low, high = axes.get_ylim()
    assert low <= 0.05
    assert 1 < high < 1.03


def test_runs_differ_in_colour_and_marker_and_are_named_once() -> None:
    runs = {"adam": epoch_records(), "sgd": without_validation(epoch_records(8))}
    figure = learning_curves(runs)
    drawn = lines(figure)
    assert list(drawn) == ["adam, training", "adam, validation", "sgd, training"]
    adam, _, sgd = drawn.values()
    assert adam.get_color() != sgd.get_color()
    assert adam.get_marker() != sgd.get_marker()
    written = words(figure)
    assert [written.count(name) for name in ("adam", "sgd", "training", "validation")] == [1] * 4


def test_missing_validation_is_not_mentioned() -> None:
    figure = learning_curves({"mlp": without_validation(epoch_records())})
    assert list(lines(figure)) == ["mlp, training"]
    assert "validation" not in words(figure)


def test_missing_values_are_left_out() -> None:
    records = epoch_records(4)
    records[1]["validation_accuracy"] = None
    del records[2]["validation_accuracy"]
    _, validation = lines(learning_curves({"mlp": records})).values()
    assert [x for x, _ in points(validation)] == [1, 4]


def test_the_x_axis_counts_updates_if_every_epoch_of_every_run_is_one() -> None:
    classic, usual = epoch_records(5, steps=1), epoch_records(5, steps=430)
    for runs, label in (
        ({"classic": classic}, "step"),
        ({"mlp": usual}, "epoch"),
        ({"classic": classic, "mlp": usual}, "epoch"),
    ):
        (axes,) = learning_curves(runs).axes
        assert axes.get_xlabel() == label


def test_epochs_are_whole_numbers() -> None:
    figure = learning_curves({"mlp": epoch_records(2)})
    (axes,) = figure.axes
    assert all(float(x).is_integer() for x in axes.get_xticks())


@pytest.mark.parametrize("metric", ["accuracy", "loss"])
def test_a_single_record_is_a_point_in_the_middle(metric: str) -> None:
    figure = learning_curves({"mlp": without_validation(epoch_records(1))}, metric)
    (axes,) = figure.axes
    (line,) = axes.lines
    assert line.get_marker() == "o"
    assert line.get_markevery() == [0]
    assert axes.get_xlim() == (0, 2)
    assert "1" in words(figure)
    assert_readable(figure)


@pytest.mark.parametrize("count", [1, 2, 22, 23, 1000])
def test_first_and_last_point_and_some_between_have_markers(count: int) -> None:
    training, _ = lines(learning_curves({"mlp": epoch_records(count)})).values()
    marked = training.get_markevery()
    assert isinstance(marked, list)
    assert marked[0] == 0
    assert marked[-1] == count - 1
    assert len(marked) == (count if count <= 22 else 11)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ((2.3, 0.5, 0.0231), "linear"),
        ((2.3, 0.5, 0.0229), "log"),
        ((2.3,), "linear"),
        ((0.0, 0.0), "linear"),
        ((2.0, 1.0, 0.0), "linear"),  # there are no decades down to 0
        ((100.0, math.nan, 0.5), "log"),
        ((math.inf, 1.0), "linear"),
        ((math.nan,), "linear"),
    ],
)
def test_a_loss_over_more_than_two_decades_is_logarithmic(
    values: tuple[float, ...], scale: str
) -> None:
    (axes,) = learning_curves({"mlp": losses(*values)}, "loss").axes
    assert axes.get_yscale() == scale


def test_decades_are_counted_over_all_curves() -> None:
    figure = learning_curves({"a": losses(10, 5), "b": losses(0.05, 0.02)}, "loss")
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    assert {"10", "1", "0.1"} <= set(words(figure))


@pytest.mark.parametrize("metric", ["accuracy", "r2"])
def test_a_share_is_never_logarithmic(metric: str) -> None:
    records = [record | {metric: 10.0 ** -record["epoch"]} for record in epoch_records()]
    (axes,) = learning_curves({"mlp": records}, metric).axes
    assert axes.get_yscale() == "linear"


def test_four_metrics_of_two_runs_are_one_figure() -> None:
    runs = {name: epoch_records(6, steps=1, more=ERRORS) for name in ("classic-adam", "classic-gd")}
    figure = metric_curves(runs, ("accuracy", "cost", "rmse", "r2"))
    assert titles(figure) == ["Accuracy", "MSE", "RMSE", "R²"]
    assert [len(axes.lines) for axes in figure.axes] == [4, 2, 2, 2]
    rows = {round(axes.get_position().y0, 2) for axes in figure.axes}
    assert len(rows) == 2
    assert len(figure.legends) == 1
    assert_readable(figure)


def test_three_metrics_are_side_by_side() -> None:
    figure = metric_curves({"classic-adam": epoch_records(6, more=ERRORS)})
    assert titles(figure) == ["MSE", "RMSE", "R²"]
    assert len({round(axes.get_position().y0, 2) for axes in figure.axes}) == 1
    assert not {"training", "validation"} & set(words(figure))


def test_an_empty_cell_holds_the_legend() -> None:
    figure = metric_curves(
        {"classic-adam": epoch_records(6, more=ERRORS)}, ("accuracy", "loss", "cost", "rmse", "r2")
    )
    *_, spare = figure.axes
    assert len(titles(figure)) == 5
    assert not spare.axison
    assert spare.get_legend() is not None
    assert not figure.legends
    assert_readable(figure)


def test_an_unknown_metric_is_drawn_under_its_key() -> None:
    figure = learning_curves({"mlp": epoch_records(more={"gradient_norm": 2.0})}, "gradient_norm")
    assert titles(figure) == ["Gradient norm"]
    assert list(lines(figure)) == ["mlp"]


def test_runs_without_the_metric_are_not_named() -> None:
    runs = {"mlp": epoch_records(), "classic": epoch_records(more={"cost": 0.1})}
    figure = metric_curves(runs, ("cost",))
    assert "classic" in words(figure)
    assert "mlp" not in words(figure)


def test_missing_metric_raises_with_the_recorded_keys() -> None:
    with pytest.raises(
        TenfoldError, match=r"no record contains 'cost', .* contain: epoch, learning"
    ):
        metric_curves({"mlp": epoch_records()})
    with pytest.raises(TenfoldError, match="the records contain: nothing"):
        learning_curves({"mlp": []})
    with pytest.raises(ValueError, match="at least one metric"):
        metric_curves({"mlp": epoch_records()}, ())


@pytest.mark.parametrize("keys", [("accuracy",), ("accuracy", "loss") * 2 + ("accuracy",)])
def test_long_names_are_shortened_to_their_end(keys: tuple[str, ...]) -> None:
    name = "runs/in a folder below several others/" * 4 + "007-mlp"
    figure = metric_curves({name: epoch_records(3)}, keys)
    assert_readable(figure)
    (shown,) = (text for text in words(figure) if text.startswith("…"))
    assert name.endswith(shown[1:])
    assert len(shown) > 30


@settings(max_examples=5)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40),
        min_size=1,
        max_size=9,
        unique=True,
    )
)
@example(["$x^2$", "_hidden", "$\\bad$", "%s {x}"])
def test_names_with_any_characters_fit(names: list[str]) -> None:
    figure = learning_curves({name: epoch_records(3) for name in names})
    assert_readable(figure)
    assert {name for name in names if name.strip()} <= set(words(figure))


number = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, None])


@settings(max_examples=10)
@given(
    st.lists(number, min_size=1, max_size=30).filter(lambda values: values != [None] * len(values))
)
def test_any_numbers_can_be_drawn(values: list[float | None]) -> None:
    records = [
        {"epoch": epoch, "step": epoch, "train_loss": value, "r2": value, "train_accuracy": 0.5}
        for epoch, value in enumerate(values, 1)
    ]
    figure = metric_curves({"mlp": records}, ("loss", "r2", "accuracy"))
    kept = [value for value in values if value is not None]
    drawn: list[Axes] = [axes for axes in figure.axes if axes.axison]
    for axes in drawn[:2]:
        np.testing.assert_array_equal(np.asarray(axes.lines[0].get_ydata()), kept)


def test_a_curve_over_seconds() -> None:
    records = [row | {"seconds": 1.5 * row["epoch"] - 1.5} for row in epoch_records(3)]
    figure = learning_curves({"a": [*records, {"epoch": 4, "step": 9}]}, over="seconds")
    (axes,) = figure.axes
    assert axes.get_xlabel() == "seconds of training"
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [0, 1.5, 3]
    assert learning_curves({"a": records}, size=(4.8, 3.3)).get_size_inches().tolist() == [4.8, 3.3]
