"""The temperature changes the confidence, but not the predicted class."""

import numpy as np
import pytest

from tenfold.models import Model, apply_temperature
from tenfold.models.views import shifted_views
from tenfold.nn import Dense, Flatten, Network, Normalize, softmax, stream
from tenfold.nn.array import Array


def network(dtype: type = np.float32) -> Network:
    return Network([Normalize(), Flatten(), Dense(784, 10)], seed=0, dtype=dtype)


def images(count: int = 7) -> Array:
    return stream(0, "test images").integers(0, 256, (count, 28, 28, 1)).astype(np.uint8)


def test_apply_temperature_by_hand() -> None:
    found = apply_temperature(np.array([[0.8, 0.2], [0.5, 0.5]]), 0.5)
    assert found == pytest.approx(np.array([[0.64 / 0.68, 0.04 / 0.68], [0.5, 0.5]]))


def test_temperature_1_returns_the_probabilities_themselves() -> None:
    probabilities = np.array([[0.1, 0.9]])
    assert apply_temperature(probabilities, 1) is probabilities


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_temperature_divides_the_logits_of_a_single_view(temperature: float) -> None:
    net = network(np.float64)
    logits = net.forward(images())
    expected = softmax(logits / temperature)
    assert Model(net, temperature=temperature).predict_probabilities(images()) == pytest.approx(
        expected, abs=1e-12
    )


def test_temperature_is_applied_to_the_mean_of_several_views() -> None:
    net = network(np.float64)
    model = Model(net, test_time_shift=1, temperature=0.5)
    mean = np.mean([softmax(net.forward(view)) for view in shifted_views(images(), 1)], axis=0)
    expected = mean**2 / (mean**2).sum(axis=1, keepdims=True)
    assert model.predict_probabilities(images()) == pytest.approx(expected, abs=1e-12)


@pytest.mark.filterwarnings("ignore:the background of the images is grey")
@pytest.mark.parametrize("shift", [0, 1])
@pytest.mark.parametrize("temperature", [0.05, 0.5, 7.0])
def test_temperature_does_not_change_the_predicted_class(shift: int, temperature: float) -> None:
    model = Model(network(), test_time_shift=shift)
    before = model.predict(images(50)).digit
    model.temperature = temperature
    assert np.array_equal(model.predict(images(50)).digit, before)


def test_certain_predictions_stay_certain_and_the_dtype_is_kept() -> None:
    for temperature in (0.05, 0.5, 2.0):
        found = apply_temperature(np.array([[0, 1, 0]], np.float32), temperature)
        assert found.dtype == np.float32
        assert found[0, 1] > 0.9
