from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tenfold.nn.array import Array
from tenfold.plots import label_suspects, misclassified, sample_predictions
from tenfold.plots.style import DARK_GREEN, DARK_ORANGE
from tests.plots.pictures import answers, assert_readable, words


def captions(figure: Figure) -> list[str]:
    """Return the captions above the images, in reading order."""
    return [text for text in words(figure)[2:] if not text.endswith("sure")]


def shown(figure: Figure) -> list[Array]:
    """Return the images, in reading order."""
    (axes,) = figure.axes
    return [np.asarray(image.get_array()) for image in axes.images]


def test_correct_and_wrong_differ_in_colour_mark_and_frame() -> None:
    images = answers(2)[0]
    figure = sample_predictions(images, np.array([7, 7]), np.array([7, 1]), np.array([0.5, 0.9996]))
    assert captions(figure) == ["✓ 7", "✗ 7 → 1"]
    assert {"50.0% sure", "> 99.9% sure"} <= set(words(figure))
    (axes,) = figure.axes
    colours = {text.get_text(): text.get_color() for text in axes.texts}
    assert (colours["✓ 7"], colours["✗ 7 → 1"]) == (DARK_GREEN, DARK_ORANGE)
    right, wrong = (patch for patch in axes.patches if isinstance(patch, Rectangle))
    assert wrong.get_linewidth() > right.get_linewidth()


def test_samples_are_evenly_spread() -> None:
    images, labels, predicted, confidence = answers(500)
    found = shown(sample_predictions(images, labels, predicted, confidence, 5))
    places = [int(np.flatnonzero((images[..., 0] == one).all(axis=(1, 2)))[0]) for one in found]
    assert places == [0, 125, 250, 374, 499]


def test_images_are_dark_on_white_without_stretching() -> None:
    images, labels, predicted, confidence = answers(1)
    figure = sample_predictions(images // 4, labels, predicted, confidence)  # faint ink stays faint
    (image,) = figure.axes[0].images
    assert image.get_clim() == (0, 255)
    assert image.to_rgba(np.array([[0, 255]]))[0, :, 0].tolist() == [1.0, 0.0]


def test_images_are_upright() -> None:
    (axes,) = sample_predictions(*answers(1)).axes
    (image,) = axes.images
    left, right, bottom, top = image.get_extent()
    to_pixels = axes.transData.transform
    (x0, y0), (x1, y1) = to_pixels((left, bottom)), to_pixels((right, top))
    assert image.origin == "upper"
    assert x1 - x0 == pytest.approx(y1 - y0)
    assert y1 > y0


def test_colour_images_are_averaged_over_their_channels() -> None:
    images, labels, predicted, confidence = answers(1)
    three = np.concatenate([images, images // 2, images * 0], axis=-1)
    (grey,) = shown(sample_predictions(three, labels, predicted, confidence))
    np.testing.assert_allclose(grey, three.mean(axis=-1)[0])


@pytest.mark.parametrize("count", [1, 5, 6, 20, 100])
def test_any_number_of_images_is_readable(count: int) -> None:
    images, labels, predicted, confidence = answers(100, share_wrong=1.0)
    for draw in (sample_predictions, misclassified):
        figure = draw(images, labels, predicted, confidence, count)
        assert len(shown(figure)) == len(captions(figure)) == count
        assert_readable(figure)


def test_the_most_confident_mistakes_come_first() -> None:
    images = answers(4)[0]
    labels, predicted = np.array([7, 4, 3, 9]), np.array([1, 4, 5, 4])
    figure = misclassified(images, labels, predicted, np.array([0.6, 0.99, 0.7, 0.9]))
    assert captions(figure) == ["9 → 4", "3 → 5", "7 → 1"]
    assert words(figure)[0] == "3 mistakes in 4 images"
    for one, i in zip(shown(figure), (3, 2, 0), strict=True):
        np.testing.assert_array_equal(one, images[i, ..., 0])
    assert "90.0% sure" in words(figure)


def test_title_counts_all_mistakes() -> None:
    figure = misclassified(*answers(1200, share_wrong=1.0), count=10)
    assert words(figure)[0] == "The 10 most confident of 1,200 mistakes in 1,200 images"
    assert len(shown(figure)) == 10


def test_no_mistakes_give_a_text() -> None:
    images, labels, _, confidence = answers(30)
    figure = misclassified(images, labels, labels, confidence)
    assert words(figure) == [
        "0 mistakes in 30 images",
        "all predictions are correct",
    ]
    assert_readable(figure)


def test_no_images_give_an_empty_figure() -> None:
    assert words(sample_predictions(*answers(0)))[0] == "Sample predictions: 0 of 0 images"


@settings(max_examples=8)
@given(st.integers(1, 60), st.integers(1, 30), st.floats(0, 1))
def test_number_of_samples_and_no_duplicates(n: int, count: int, wrong: float) -> None:
    images, labels, predicted, confidence = answers(n, wrong)
    found = shown(sample_predictions(images, labels, predicted, confidence, count))
    assert len({one.tobytes() for one in found}) == len(found) == min(n, count)


def test_arrays_of_different_length_raise() -> None:
    images, labels, predicted, confidence = answers(5)
    for draw in (sample_predictions, misclassified):
        with pytest.raises(ValueError, match=r"must have the same length, got \[5, 4, 5, 5\]"):
            draw(images, labels[:4], predicted, confidence)
        with pytest.raises(ValueError, match=r"count must be .* at least 1, got 0"):
            draw(images, labels, predicted, confidence, 0)


def suspects(count: int) -> list[dict[str, Any]]:
    row = {"given": 5, "suggested": 3, "p_suggested": 0.981}
    rows = [row | {"index": 41_000 + i, "likely_error": i < 2} for i in range(count)]
    return [row | ({"part": "train"} if i else {}) for i, row in enumerate(rows)]


@pytest.mark.parametrize("count", [1, 3, 17])
def test_suspects_show_labels_probability_and_index(count: int) -> None:
    images = answers(count)[0]
    figure = label_suspects(images, suspects(count), 70_000)
    likely = min(count, 2)
    noun = "label" if count == 1 else "labels"
    assert (
        words(figure)[0]
        == f"{count} {noun} that may be wrong among 70,000 images, {likely} likely wrong"
    )
    assert words(figure).count("label 5, maybe 3") == count
    assert "98.1%, no. 41000" in words(figure)
    assert ("98.1%, train 41001" in words(figure)) == (count > 1)
    (axes,) = figure.axes
    frames = [patch.get_linewidth() for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [width == 2 for width in frames] == [i < 2 for i in range(count)]
    for one, image in zip(shown(figure), images, strict=True):
        np.testing.assert_array_equal(one, image[..., 0])
    assert_readable(figure)


def test_number_of_suspects_and_a_text_for_none() -> None:
    images = answers(9)[0]
    assert len(shown(label_suspects(images, suspects(9), 9, count=4))) == 4
    figure = label_suspects(images[:0], [], 600)
    assert words(figure)[1] == "no labels that may be wrong"
    assert_readable(figure)
    with pytest.raises(ValueError, match="got 9 images and 8 rows"):
        label_suspects(images, suspects(8), 9)


def test_classes_have_their_names() -> None:
    images, *_ = answers(2)
    labels, predicted = np.array([10, 3]), np.array([10, 10])
    names = [*"0123456789", "not a digit"]
    for draw, captions in (
        (sample_predictions, ["✓ not a digit", "✗ 3 → not a digit"]),
        (misclassified, ["3 → not a digit"]),
    ):
        figure = draw(images, labels, predicted, np.array([0.5, 0.9]), names=names)
        assert [word for word in words(figure) if word.endswith("not a digit")] == captions
        assert any("true → predicted class; below" in word for word in words(figure))
        assert_readable(figure)
