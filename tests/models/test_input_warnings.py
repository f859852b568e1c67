"""Images that are read without an error, but wrongly, give a warning."""

import warnings

import numpy as np
import pytest

import tenfold
from tenfold.data import Dataset
from tenfold.errors import InputWarning
from tenfold.images import to_light_on_black
from tenfold.models import Ensemble, Model
from tenfold.nn import Dense, Flatten, Network, Normalize
from tenfold.nn.array import Array

from .small_model import small_network


@pytest.fixture(scope="module")
def model() -> Model:
    return tenfold.load("standard")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x: 255 - x, "dark ink on a light background, .*: use 255 - images"),
        (lambda x: 255.0 - x, "dark ink on a light background"),
        (lambda x: (x > 127).astype(np.uint8), r"is 1, not 255, .*: multiply them by 255 / 1$"),
        (
            lambda x: 60 + x // 255 * 195,
            r"grey \(its median is 60, not 0\), .*to_light_on_black\(images\)",
        ),
        (lambda x: np.clip(x + 16.0, 0, 255), "background of the images is grey"),
        (lambda x: 128 - x // 4, "light background|grey"),
        (lambda x: x // 16, r"is 15, not 255, .*: multiply them by 255 / 15$"),
    ],
)
def test_unusual_images_give_a_warning_that_helps(
    change: "object", message: str, model: Model, digits: Dataset
) -> None:
    assert callable(change)
    images = change(digits.images[:30])
    for predictor in (model, Ensemble([model])):
        with pytest.warns(InputWarning, match=message) as caught:
            predictor.predict(images)
        assert caught[0].filename == __file__  # where predict was called


def test_following_the_warning_helps(model: Model, digits: Dataset) -> None:
    images, labels = digits.images[:60], digits.require_labels()[:60]
    grey = to_light_on_black(np.uint8(60) + images // 4)
    for repaired in (255 - (255 - images), (images > 127) * 255.0, images // 16 * (255 / 15), grey):
        assert (model.predict(repaired).digit == labels).mean() > 0.9


def _no_warning(predictor: Model, images: Array) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        predictor.predict(images)


def test_usual_images_give_none(model: Model, mnist: Dataset) -> None:
    for images in (mnist.images[:500], mnist.images[:1], mnist.images[:20].astype(np.float32)):
        _no_warning(model, images)
    mixed = np.concatenate([mnist.images[:5], 255 - mnist.images[:5]])
    faint = np.maximum(mnist.images[:20], 8)
    partly = np.concatenate([mnist.images[:11], np.maximum(mnist.images[:10], 60)])
    for images in (faint, partly):
        _no_warning(model, images)
    for images in (mixed, mnist.images[:0], np.zeros((2, 28, 28, 1)), np.full((1, 28, 28, 1), 255)):
        _no_warning(model, images)


def test_a_model_of_other_images_gives_none() -> None:
    other = Model(Network([Normalize(), Flatten(), Dense(32 * 32, 10)], input_shape=(32, 32, 1)))
    _no_warning(other, np.arange(2 * 1024, dtype=np.uint8).reshape(2, 32, 32, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [("unsure_below", 2), ("temperature", 0), ("classes", ("a",)), ("test_time_shift", 9)],
)
def test_a_field_that_was_set_to_a_wrong_value_is_named_by_predict(
    name: str, value: object, digits: Dataset
) -> None:
    changed = Model(small_network(), unsure_below=0.5, unsure_error=0.1)
    setattr(changed, name, value)
    with pytest.raises(ValueError, match=f"^{name} must be "):
        changed.predict(digits.images[:2])
