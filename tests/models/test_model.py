"""Model: which fields are valid, and how it predicts."""

import math
from typing import Any

import numpy as np
import pytest

from tenfold.images.normalization import Preprocessing, normalize_like_mnist
from tenfold.models import Model, apply_temperature, predict_probabilities
from tenfold.models.views import shifted_views
from tenfold.nn import Conv2D, Dense, Flatten, Network, Normalize, softmax
from tenfold.nn.array import Array

from .small_model import IMAGES, model_without_defaults, small_network


def per_pixel_model(**fields: Any) -> Model:
    """Return a model that gives a row of eleven probabilities for each place in the image."""
    layers = [Normalize(), Conv2D(1, 4, 3), Conv2D(4, 11, 1)]
    return Model(Network(layers, input_shape=(32, 20, 1)), **fields)


def test_defaults() -> None:
    model = Model(small_network())
    assert model.preprocessing == normalize_like_mnist
    assert model.classes == tuple("0123456789")
    assert (model.test_time_shift, model.temperature) == (0, 1.0)
    assert (model.unsure_below, model.unsure_error, model.provenance) == (None, None, {})
    assert "provenance" not in repr(model)


def test_other_input_shapes_have_no_preprocessing_by_default() -> None:
    network = Network([Normalize(), Flatten(), Dense(40 * 40, 10)], input_shape=(40, 40, 1))
    assert Model(network).preprocessing is None
    larger = Preprocessing(40, 30)
    assert Model(network, preprocessing=larger).preprocessing == larger


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"test_time_shift": -1}, "test_time_shift must be a whole number from 0 to 4, got -1"),
        ({"test_time_shift": 5}, "test_time_shift must be"),
        ({"test_time_shift": 1.5}, "test_time_shift must be"),
        ({"test_time_shift": True}, "test_time_shift must be"),
        ({"test_time_shift": "1"}, "test_time_shift must be"),
        ({"temperature": 0}, r"temperature must be a number from 0\.05 to 20, got 0"),
        ({"temperature": 21}, "temperature must be"),
        ({"temperature": math.nan}, "temperature must be"),
        ({"temperature": True}, "temperature must be"),
        ({"temperature": "warm"}, "temperature must be"),
        ({"unsure_below": 0.9}, "must both be given, or neither"),
        ({"unsure_error": 0.9}, "must both be given, or neither"),
        (
            {"unsure_below": 5, "unsure_error": 0.5},
            "unsure_below must be None or a number from 0 to 1, got 5",
        ),
        ({"unsure_below": 0.5, "unsure_error": math.nan}, "unsure_error must be None or a number"),
        ({"classes": ("a", "b")}, "classes must be 10 different names.*got 2"),
        ({"classes": ("a",) * 10}, "classes must be 10 different names"),
        ({"classes": (*"abcdefghi", "")}, "must be names that are not empty"),
        ({"classes": tuple(range(10))}, r"classes\[0\] must be a string, got 0"),
        ({"classes": ([],) * 10}, r"classes\[0\] must be a string"),
        ({"preprocessing": Preprocessing(30)}, r"input shape \(28, 28, 1\), got \(30, 30, 1\)"),
        ({"provenance": [1]}, r"provenance must be a dict, got \[1\]"),
    ],
)
def test_invalid_field_raises(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Model(small_network(), **fields)


@pytest.mark.parametrize("network", [None, "standard", Network])
def test_anything_but_a_network_raises(network: Any) -> None:
    with pytest.raises(ValueError, match="network must be a Network, got"):
        Model(network)


def test_test_time_shift_needs_one_row_of_outputs() -> None:
    with pytest.raises(ValueError, match="test_time_shift must be 0 for a network with more than"):
        per_pixel_model(test_time_shift=1)


def test_probabilities_are_the_tempered_mean_over_the_views() -> None:
    model = model_without_defaults()
    views = [softmax(model.network.forward(view)) for view in shifted_views(IMAGES, 2)]
    assert len(views) == 5
    np.testing.assert_array_equal(
        model.predict_probabilities(IMAGES), apply_temperature(np.mean(views, axis=0), 0.47)
    )


def test_model_without_settings_predicts_as_its_network() -> None:
    network = small_network()
    expected = network.predict_probabilities(IMAGES)
    np.testing.assert_array_equal(Model(network).predict_probabilities(IMAGES), expected)
    np.testing.assert_array_equal(predict_probabilities(network, IMAGES), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16])
def test_other_dtypes_on_the_scale_0_to_255_give_the_same_predictions(dtype: type) -> None:
    model = model_without_defaults()
    expected = model.predict_probabilities(IMAGES)
    found = model.predict_probabilities(IMAGES.astype(dtype))
    assert found.dtype == expected.dtype == np.float32
    np.testing.assert_array_equal(found, expected)


@pytest.mark.filterwarnings("ignore:the background of the images is grey")
def test_predict_agrees_with_predict_probabilities() -> None:
    images = np.concatenate([IMAGES, np.full((1, 28, 28, 1), 7, np.uint8)])
    model = model_without_defaults()
    predictions = model.predict(images)
    probabilities = model.predict_probabilities(images)
    np.testing.assert_array_equal(predictions.probabilities, probabilities)
    np.testing.assert_array_equal(predictions.digit, probabilities.argmax(axis=1))
    np.testing.assert_array_equal(predictions.confidence, probabilities.max(axis=1))
    assert predictions.blank.tolist() == [False, False, False, True]
    assert predictions.classes == model.classes
    assert predictions.unsure_below == 0.949


def test_predict_without_images_gives_no_predictions() -> None:
    predictions = Model(small_network()).predict(IMAGES[:0])
    assert len(predictions) == 0
    assert predictions.probabilities.shape == (0, 10)
    assert predictions.unsure.shape == (0,)


@pytest.mark.parametrize(
    ("images", "hint"),
    [
        (IMAGES[0], r": for a single image add the batch axis with images\[np.newaxis\]$"),
        (
            IMAGES[0, ..., 0],
            r": for a single image add both axes with images\[np.newaxis, \.\.\.",
        ),
        (IMAGES[..., 0], r": add the channel axis with images\[\.\.\., np.newaxis\]$"),
        (
            np.zeros((700, 32, 32, 1), np.uint8),
            r": these are images of 32 x 32; .*normalize_like_mnist\(",
        ),
        (IMAGES.reshape(3, 784), r": give each row its axes with images.reshape\(-1, 28, 28, 1\)$"),
        (np.zeros((), np.uint8), "$"),
    ],
)
@pytest.mark.parametrize("shift", [0, 1])
def test_wrong_shape_raises_and_says_what_to_add(images: Array, hint: str, shift: int) -> None:
    model = Model(small_network(), test_time_shift=shift)
    shape = str(images.shape).replace("(", r"\(").replace(")", r"\)")
    message = rf"^images must have the shape \(N, 28, 28, 1\), got {shape}{hint}"
    for use in (model.predict, model.predict_probabilities, model.predict_batch):
        with pytest.raises(ValueError, match=message):
            use(images)


@pytest.mark.parametrize("dtype", [bool, complex, "U1", object])
def test_images_that_are_not_real_numbers_raise(dtype: Any) -> None:
    with pytest.raises(ValueError, match="images must be uint8 or float on the scale 0 to 255"):
        Model(small_network()).predict(np.zeros((1, 28, 28, 1), dtype))


def test_less_than_one_thread_raises() -> None:
    for threads in (0, -1):
        with pytest.raises(
            ValueError, match=f"threads must be a whole number of at least 1, got {threads}"
        ):
            Model(small_network()).predict(IMAGES, threads)


def test_more_than_one_row_of_outputs_gives_probabilities_only() -> None:
    model, images = per_pixel_model(), np.zeros((2, 32, 20, 1), np.uint8)
    probabilities = model.predict_probabilities(images)
    assert probabilities.shape == (2, 30, 18, 11)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-5)
    with pytest.raises(ValueError, match=r"gives \(30, 18, 11\) for each image: use predict_prob"):
        model.predict(images)
