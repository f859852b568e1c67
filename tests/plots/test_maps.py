import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path

from tenfold.inspection import DigitMaps, StageMap
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.plots import map_figure
from tests.plots.pictures import words

LABELS = np.arange(60) % 10


def stage(name: str, method: str = "pca", index: int = 0) -> StageMap:
    positions = stream(0, "test map", index=index).normal(size=(60, 2))
    explained = (0.25, 0.125) if method == "pca" else None
    return StageMap(name, 784, method, positions, 0.5, explained)  # type: ignore[arg-type]


def panels(figure: Figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in figure.axes if axes.axison]


def points(figure: Figure, panel: int, digit: int) -> Array:
    return np.asarray(figure.axes[panel].lines[digit].get_xydata())


def test_each_stage_is_a_labelled_panel() -> None:
    maps = DigitMaps(LABELS, (stage("pixels"), stage("2 Dense"), stage("logits")))
    figure = map_figure(maps)
    assert panels(figure) == ["pixels", "2 Dense", "logits"]
    written = words(figure)
    assert "Map of 60 digits, stage by stage" in written
    assert written.count("PCA, 784 features\nneighbour accuracy 50.0%\n37.5% of the variance") == 3


def test_digits_are_at_their_positions_and_named_at_the_median() -> None:
    row = stage("pixels")
    figure = map_figure(DigitMaps(LABELS, (row,)))
    assert len(figure.axes[0].lines) == 10
    for digit, text in enumerate(figure.axes[0].texts):
        own = row.positions[digit == LABELS]
        np.testing.assert_array_equal(points(figure, 0, digit), own)
        assert text.get_text() == str(digit)
        assert text.get_position() == pytest.approx(tuple(np.median(own, axis=0)))


def test_points_have_the_shape_of_their_digit() -> None:
    figure = map_figure(DigitMaps(LABELS, (stage("pixels"),)))
    shapes = []
    for line in figure.axes[0].lines:
        shape = line.get_marker()
        assert isinstance(shape, Path)
        box = shape.get_extents()
        np.testing.assert_allclose(
            [box.x1, box.y1], [-box.x0, -box.y0], atol=1e-9
        )  # centred on its point
        shapes.append(np.asarray(shape.vertices).tobytes())
    assert len(set(shapes)) == 10


def test_methods_are_below_each_other() -> None:
    names = ("pixels", "2 Dense", "logits")
    rows = [stage(name, method) for method in ("pca", "tsne") for name in names]
    figure = map_figure(DigitMaps(LABELS, tuple(rows)))
    assert panels(figure) == [*names, *names]
    assert (
        sum(word == "t-SNE, 784 features\nneighbour accuracy 50.0%" for word in words(figure)) == 3
    )
    tops = [round(axes.get_position().y1, 2) for axes in figure.axes]
    assert tops[0] == tops[2] > tops[3] == tops[5]


def test_many_stages_are_in_lines_of_equal_length() -> None:
    figure = map_figure(DigitMaps(LABELS, tuple(stage(str(number)) for number in range(8))))
    assert panels(figure) == [str(number) for number in range(8)]
    figure.draw_without_rendering()
    tops = [round(axes.get_position().y1, 2) for axes in figure.axes]
    assert tops[0] == tops[3] > tops[4] == tops[7]


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_nothing_is_cut_off(count: int) -> None:
    figure = map_figure(DigitMaps(LABELS, tuple(stage(f"{n} ConvMaxPool") for n in range(count))))
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    for axes in figure.axes:
        box = axes.get_tightbbox()
        assert box is not None
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= min(text.get_window_extent().y0 for text in figure.texts) <= height


def test_no_map_raises() -> None:
    with pytest.raises(ValueError, match="at least one map"):
        map_figure(DigitMaps(LABELS, ()))
