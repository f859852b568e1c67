import numpy as np
import pytest
from matplotlib.axes import Axes

from tenfold.evaluation import reliability
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.plots import confidence_figure, reliability_figure, risk_figure
from tests.plots.pictures import assert_readable, words


def drawn(count: int = 2000, seed: int = 0) -> tuple[Array, Array]:
    rng = stream(seed, "test confidence")
    confidence = (1 - 0.7 * rng.random(count) ** 6).astype(np.float32)
    return confidence, rng.random(count) < confidence


def points(axes: Axes, label: str) -> list[tuple[float, float]]:
    """Return what is drawn under a label."""
    (line,) = [line for line in axes.lines if line.get_label() == label]
    return list(zip(*map(np.ravel, line.get_data()), strict=True))


def test_bins_are_drawn_at_confidence_and_accuracy_and_small_ones_are_hollow() -> None:
    confidence, right = drawn()
    figure = reliability_figure(confidence, right)
    above, below = figure.axes
    bins = reliability(confidence, right)
    found = points(above, "20 images or more") + points(above, "fewer images")
    there = bins.count > 0
    expected = zip(bins.confidence[there], bins.accuracy[there], strict=True)
    assert sorted(found) == sorted(expected)
    assert len(points(above, "20 images or more")) == (bins.count >= 20).sum()
    assert [bar.get_height() for bar in below.patches] == bins.count.tolist()  # type: ignore[attr-defined]
    assert below.get_yscale() == "log"
    assert_readable(figure)


def test_title_shows_the_calibration_error() -> None:
    figure = reliability_figure(np.full(50, 0.9), np.ones(50, bool))
    assert "Reliability: calibration error 10%" in words(figure)


def test_risk_curve_starts_at_the_first_mistake_and_the_threshold_is_described() -> None:
    confidence = np.arange(20, 9, -1) / 20
    right = np.ones(11, bool)
    right[[4, 9]] = False
    figure = risk_figure(confidence, right, 0.65)
    axes = figure.axes[0]
    coverage, error = map(np.ravel, axes.lines[0].get_data())
    assert coverage == pytest.approx(np.arange(5, 12) / 11)
    assert error[0] == pytest.approx(1 / 5)
    assert error[-1] == pytest.approx(2 / 11)
    assert axes.get_yscale() == "log"
    written = words(figure)
    assert "unsure below 65%:\n72.73% accepted, 12% of these wrong" in written
    assert "Error rate against coverage: 18% overall" in written
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "coverage: share of accepted images",
        "error rate of accepted images",
    )
    assert_readable(figure)


def test_no_threshold_gives_no_mark() -> None:
    assert not [word for word in words(risk_figure(*drawn())) if "unsure below" in word]


@pytest.mark.parametrize(("wrong", "threshold"), [(0, None), (0, 0.9), (1, 1.0), (40, 0.0)])
def test_extreme_predictions_can_be_drawn(wrong: int, threshold: float | None) -> None:
    right = np.arange(40) >= wrong
    assert_readable(confidence_figure(np.linspace(0.3, 0.99, 40), right, threshold))


@pytest.mark.parametrize(("count", "threshold"), [(1, 0.5), (2, None), (3000, 0.95)])
def test_few_and_many_predictions_are_readable(count: int, threshold: float | None) -> None:
    assert_readable(confidence_figure(*drawn(count, count), threshold))


def test_no_predictions_raise() -> None:
    for figure in (reliability_figure, risk_figure, confidence_figure):
        with pytest.raises(ValueError, match="N > 0"):
            figure(np.zeros(0), np.zeros(0, bool))
