import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tenfold.images import CORRUPTIONS, DISTORTIONS
from tenfold.inspection import CorrectCount, DistortionCurve, Robustness
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.plots import corruptions_figure, robustness_figure
from tests.plots.pictures import answers, assert_readable, words


def made_up(seed: int, n: int = 2000) -> Robustness:
    rng = stream(seed, "test robustness")
    clean = CorrectCount(int(0.99 * n), n)
    curves = {}
    for name, one in DISTORTIONS.items():
        points = [
            (s, clean if s == one.neutral else CorrectCount(int(rng.integers(0, n)), n))
            for s in one.strengths
        ]
        curves[name] = DistortionCurve(one.unit, one.neutral, tuple(points))
    corruptions = {name: CorrectCount(int(rng.integers(0, n + 1)), n) for name in CORRUPTIONS}
    return Robustness("MNIST test", 0, clean, curves, corruptions)


def bar_groups(axes: Axes) -> list[list[Rectangle]]:
    """Return the bars of each model."""
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [bars[start : start + 15] for start in range(0, len(bars), 15)]


EXAMPLES = dict(zip(CORRUPTIONS, answers(15)[0], strict=True))


def test_each_distortion_has_a_panel_with_curve_and_interval() -> None:
    result = made_up(0)
    figure = robustness_figure(result)
    assert len(figure.axes) == 6
    for axes, (name, curve) in zip(figure.axes, result.curves.items(), strict=True):
        assert axes.get_title(loc="left") == name.capitalize()
        assert axes.get_xlabel() == curve.unit
        line = axes.lines[-1]
        assert np.asarray(line.get_xdata()).tolist() == [strength for strength, _ in curve.points]
        assert np.asarray(line.get_ydata()).tolist() == [
            tally.accuracy for _, tally in curve.points
        ]
        (band,) = axes.collections
        vertices = np.asarray(band.get_paths()[0].vertices)
        assert vertices.min(axis=0)[1] == min(tally.interval95[0] for _, tally in curve.points)
        assert vertices.max(axis=0)[1] == max(tally.interval95[1] for _, tally in curve.points)
        assert np.asarray(axes.lines[0].get_ydata()).tolist() == [0.1, 0.1]  # guessing
    assert "Accuracy against the strength of distortions: 2,000 images of MNIST test" in words(
        figure
    )
    assert_readable(figure)


def test_contrast_falls_from_left_to_right() -> None:
    axes = robustness_figure(made_up(0)).axes[5]
    left, right = axes.get_xlim()
    assert left > 1 > 0.05 > right


def test_models_differ_in_line_marker_and_colour() -> None:
    figure = robustness_figure({"quick": made_up(0), "standard": made_up(1, 300)})
    lines = [line for line in figure.axes[0].lines if line.get_label() in ("quick", "standard")]
    looks = [(line.get_linestyle(), line.get_marker(), line.get_color()) for line in lines]
    assert len(lines) == 2
    assert all(a != b for a, b in zip(*looks, strict=True))
    written = words(figure)
    assert {"quick", "standard"} <= set(written)
    assert any("2,000 images of MNIST test; 300 images of MNIST test" in text for text in written)
    assert_readable(figure)


@pytest.mark.parametrize("examples", [None, EXAMPLES])
def test_bars_are_sorted_and_labelled(examples: dict[str, Array] | None) -> None:
    result = made_up(3)
    figure = corruptions_figure(result, examples)
    (axes,) = figure.axes
    (bars,) = bar_groups(axes)
    lengths = [bar.get_width() for bar in bars]
    assert lengths == sorted(lengths, reverse=True)
    names = [text.get_text() for text in axes.get_yticklabels()]
    by_name = {name: tally.accuracy for name, tally in result.corruptions.items()}
    assert [by_name[name.replace(" ", "_")] for name in names] == lengths
    written = words(figure)
    assert f"{100 * lengths[4]:.1f}%" in written
    assert any("clean images, 99.0%" in text for text in written)
    assert len(axes.artists) == (15 if examples else 0)
    assert_readable(figure)


def test_the_first_model_decides_the_order() -> None:
    results = {f"model {seed}": made_up(seed) for seed in range(3)}
    figure = corruptions_figure(results, EXAMPLES)
    groups = bar_groups(figure.axes[0])
    order = sorted(CORRUPTIONS, key=lambda name: -results["model 0"].corruptions[name].accuracy)
    for bars, result in zip(groups, results.values(), strict=True):
        widths = [bar.get_width() for bar in bars]
        assert widths == [result.corruptions[name].accuracy for name in order]
    assert len({bars[0].get_hatch() for bars in groups}) == 3  # visible in grey
    assert "model 2, clean 99.0%" in words(figure)
    assert_readable(figure)


@pytest.mark.parametrize("count", [0, 8])
def test_no_or_too_many_results_raise(count: int) -> None:
    results = {str(seed): made_up(seed) for seed in range(count)}
    for draw in (robustness_figure, corruptions_figure):
        with pytest.raises(ValueError, match=f"1 to 7 results, got {count}"):
            draw(results)
