"""Inputs of a wrong kind, shape or scale are refused with the step that helps."""

import numpy as np
import pytest

from tenfold.models import Model
from tenfold.nn import Dense, Flatten, Network, Normalize, stream
from tenfold.nn.array import Array

RAW = stream(0, "test pixels").integers(0, 256, (4, 28, 28, 1)).astype(np.uint8)


def network(first: Normalize | None = None) -> Network:
    layers = [Normalize() if first is None else first, Flatten(), Dense(784, 10)]
    return Network(layers, seed=0)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (RAW / 255, r"raw pixels from 0 to 255, got values from 0 to 1: multiply them by 255"),
        ((RAW / 255).astype(np.float32), "multiply them by 255"),
        ((RAW / 255 - 0.1307) / 0.3081, r"got values from -0\.42.* to 2\.8.*: do not standardise"),
        (RAW / 127.5 - 1, "do not standardise"),
        (RAW.astype(np.uint16) * 257, r"got values up to 65535: multiply them by 255 / 65535"),
        ((RAW // 2).astype(np.int8), "got int8"),
        (RAW > 127, "got bool"),
        (RAW.astype(complex), "got complex128"),
        (np.where(RAW > 200, np.nan, RAW), "must be finite, got NaN or infinity"),
        (RAW.tolist(), r"must be a NumPy array, got list: use np\.asarray\(images\)"),
        (RAW[0], r"single image add the batch axis with images\[np\.newaxis\]"),
        (RAW[0, ..., 0], "add both axes"),
        (RAW[..., 0], "add the channel axis"),
        (RAW.transpose(0, 3, 1, 2), r"images\.transpose\(0, 2, 3, 1\)"),
        (RAW.reshape(4, 784), r"images\.reshape\(-1, 28, 28, 1\)"),
    ],
)
def test_wrong_images_are_refused_by_every_way_to_predict(images: Array, message: str) -> None:
    plain = network()
    model = Model(plain)
    for predict in (
        *(plain.forward, plain.predict, plain.predict_probabilities),
        *(model.predict, model.predict_probabilities),
    ):
        with pytest.raises(ValueError, match=message):
            predict(images)


def test_the_advice_helps() -> None:
    plain = network()
    expected = plain.predict_probabilities(RAW)
    for images in (RAW / 255 * 255, RAW.astype(np.uint16) * 257 * (255 / 65535), RAW.astype(float)):
        np.testing.assert_allclose(plain.predict_probabilities(images), expected, atol=1e-5)


def test_blank_images_and_no_images_are_accepted() -> None:
    for images in (np.zeros((2, 28, 28, 1)), np.zeros((0, 28, 28, 1)), RAW.astype(np.int64)):
        assert len(network().predict(images)) == len(images)


def test_a_network_for_other_inputs_takes_any_scale() -> None:
    assert network(Normalize(mean=0.13, deviation=0.31)).predict(RAW / 255).shape == (4,)
    features = Network([Dense(3, 2)], input_shape=(3,))
    assert features.predict(np.array([[-1.0, 0.5, 7e5]])).shape == (1,)
