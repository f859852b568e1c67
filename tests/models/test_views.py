"""Shifted views of an image, and a model's mean probabilities over them."""

import numpy as np
import pytest

from tenfold.models import Model
from tenfold.models.views import shifted_views
from tenfold.nn import Dense, Flatten, Network, Normalize, softmax


def test_views_are_shifted_in_four_directions() -> None:
    image = np.zeros((1, 5, 5, 1), np.uint8)
    image[0, 2, 3] = 9
    places = [tuple(np.argwhere(view[0, :, :, 0] == 9)[0]) for view in shifted_views(image, 1)]
    assert places == [(2, 3), (3, 3), (1, 3), (2, 4), (2, 2)]


def test_pixels_that_enter_the_image_are_background() -> None:
    white = np.full((2, 4, 4, 1), 255, np.uint8)
    whole, down, up, right, left = (view[..., 0] for view in shifted_views(white, 2))
    assert whole.min() == 255
    for view, empty in (
        (down, np.s_[:, :2]),
        (up, np.s_[:, 2:]),
        (right, np.s_[:, :, :2]),
        (left, np.s_[:, :, 2:]),
    ):
        assert view[empty].max() == 0
        assert view.sum() == white.sum() // 2


def test_shift_0_gives_one_view() -> None:
    image = np.zeros((1, 3, 3, 1), np.uint8)
    assert [view is image for view in shifted_views(image, 0)] == [True]


@pytest.mark.filterwarnings("ignore:the background of the images is grey")
def test_model_predicts_the_mean_over_its_views() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=0)
    images = np.random.default_rng(0).integers(0, 256, (7, 28, 28, 1)).astype(np.uint8)
    plain = network.predict_probabilities(images)
    model = Model(network, test_time_shift=1)
    views = [softmax(network.forward(view)) for view in shifted_views(images, 1)]
    mean = model.predict_probabilities(images)
    assert mean == pytest.approx(np.mean(views, axis=0), abs=1e-6)
    assert not np.allclose(mean, plain)
    assert np.array_equal(model.predict(images).digit, mean.argmax(axis=1))
