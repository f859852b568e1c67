import numpy as np

from tenfold.plots import accuracy_against_seconds
from tests.plots.pictures import assert_readable, words

COSTS = {
    "one": [("1 epoch", [4.0, 4.4], [0.990, 0.992]), ("2 epochs", [8.0, 8.2], [0.993, 0.995])],
    "other": [("1 epoch", [5.0, 5.5], [0.989, 0.991]), ("2 epochs", [10.0, 11.0], [0.992, 0.994])],
}


def test_lines_go_through_the_means() -> None:
    (axes,) = accuracy_against_seconds("Title", COSTS).axes
    lines = {line.get_label(): line for line in axes.lines}
    assert np.asarray(lines["one"].get_xdata()).tolist() == [4.2, 8.1]
    assert np.allclose(lines["one"].get_ydata(), [0.009, 0.006])
    styles = [(lines[name].get_color(), lines[name].get_linestyle()) for name in COSTS]
    assert len({colour for colour, _ in styles}) == len({style for _, style in styles}) == 2


def test_higher_is_better_and_ticks_are_accuracies() -> None:
    figure = accuracy_against_seconds("Title", COSTS, "accuracy on some images")
    (axes,) = figure.axes
    bottom, top = axes.get_ylim()
    assert bottom > top  # the axis is of errors
    texts = words(figure)
    assert {"99.2%", "99%", "accuracy on some images", "1 epoch", "one", "other"} <= set(texts)
    assert_readable(figure)
