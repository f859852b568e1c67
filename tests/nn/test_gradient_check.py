"""The gradient check must find the errors of layers that are wrong on purpose."""

import numpy as np
import pytest

from tenfold.nn import (
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
    GradientCheck,
    Layer,
    MeanSquaredError,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradient,
    check_layer,
    check_network,
    stream,
)
from tenfold.nn.array import Array


class FlippedSign(Dense):
    def backward(self, dy: Array) -> Array:
        return -super().backward(dy)


class ForgottenTranspose(Dense):
    def backward(self, dy: Array) -> Array:
        self.backward_parameters(dy)
        return dy @ self.weight.value


class TransposedGradient(Dense):
    def backward_parameters(self, dy: Array) -> None:
        (x,) = self.pop_saved()
        self.weight.grad[...] = dy.T @ x
        self.bias.grad[...] = dy.sum(axis=0)


class MeanForSum(Dense):
    def backward_parameters(self, dy: Array) -> None:
        super().backward_parameters(dy)
        self.bias.grad /= len(dy)


class ForgottenBias(Dense):
    def backward_parameters(self, dy: Array) -> None:
        super().backward_parameters(dy)
        self.bias.grad[...] = 0


class OneWrongEntry(Dense):
    def backward_parameters(self, dy: Array) -> None:
        super().backward_parameters(dy)
        self.weight.grad[2, 1] *= 1.001


class ConstantStatistics(BatchNorm):
    def backward(self, dy: Array) -> Array:
        *_, inverse = self.pop_saved()
        self.save_for_backward(*self.remembered)
        super().backward(dy)
        return dy * self.scale.value * inverse

    def forward(self, x: Array, training: bool = False) -> Array:
        y = super().forward(x, training)
        self.remembered = self.pop_saved()
        self.save_for_backward(*self.remembered)
        return y


class SumForMean(BatchNorm):
    def backward(self, dy: Array) -> Array:
        dx = super().backward(dy)
        return dx - dy.sum(axis=0)


class ForgottenMask(ReLU):
    def backward(self, dy: Array) -> Array:
        super().backward(dy)
        return dy


class DerivativeOfTheInput(Tanh):
    def forward(self, x: Array, training: bool = False) -> Array:
        y = super().forward(x, training)
        self.save_for_backward(x)
        return y


class ForgottenFactor(Sigmoid):
    def backward(self, dy: Array) -> Array:
        (y,) = self.pop_saved()
        return dy * (1 - y)


class AnotherMask(Dropout):
    def backward(self, dy: Array) -> Array:
        return super().backward(dy)[::-1]


PLANTED: list[tuple[Layer, str]] = [
    (FlippedSign(5, 5), "dx"),
    (ForgottenTranspose(5, 5), "dx"),
    (TransposedGradient(5, 5), "dweight"),
    (MeanForSum(5, 5), "dbias"),
    (ForgottenBias(5, 5), "dbias"),
    (OneWrongEntry(5, 5), "dweight"),
    (ConstantStatistics(5), "dx"),
    (SumForMean(5), "dx"),
    (ForgottenMask(), "dx"),
    (DerivativeOfTheInput(), "dx"),
    (ForgottenFactor(), "dx"),
    (AnotherMask(0.5), "dx"),
]


@pytest.mark.parametrize(("layer", "wrong"), PLANTED, ids=lambda x: type(x).__name__)
def test_planted_error_is_found_where_it_is(layer: Layer, wrong: str) -> None:
    rng = stream(0, "test")
    layer.initialize(rng, np.float64)
    for check in check_layer(layer, rng.uniform(-2, 2, (4, 5))):
        planted = check.name == f"{type(layer).__name__} {wrong}"
        assert (check.error > 1e-6) == planted, str(check)


@pytest.mark.parametrize("layer", [Dense(5, 3), BatchNorm(5), Dropout(0.5)])
def test_check_changes_neither_input_nor_parameters(layer: Layer) -> None:
    rng = stream(0, "test")
    layer.initialize(rng, np.float64)
    x = rng.standard_normal((4, 5))
    x.flags.writeable = False
    before = [p.value.copy() for p in layer.parameters]
    check_layer(layer, x)
    for parameter, value in zip(layer.parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.value, value)


def test_derivative_along_a_direction_worked_by_hand() -> None:
    # f(x) = x0^2 + 3 x1 has the gradient (2 x0, 3); centred differences are exact for it.
    x = np.array([2.0, 5.0])
    direction = stream(0, "direction").standard_normal(2)

    def function() -> float:
        return float(x[0] ** 2 + 3 * x[1])

    check = check_gradient("df", function, x, np.array([4.0, 3.0]), stream(0, "direction"))
    assert check.analytic == pytest.approx(4 * direction[0] + 3 * direction[1], rel=1e-14)
    assert check.error < 1e-9
    np.testing.assert_array_equal(x, [2, 5])
    wrong = check_gradient("df", function, x, np.array([2.0, 3.0]), stream(0, "direction"))
    assert wrong.error > 0.01


def test_error_is_relative_to_the_larger_number() -> None:
    assert GradientCheck("dx", 2.0, 1.0).error == GradientCheck("dx", 1.0, 2.0).error == 0.5
    assert GradientCheck("dx", -1.0, 1.0).error == 2
    assert GradientCheck("dx", 0.0, 1e-9).error == pytest.approx(1e-3)
    assert GradientCheck("dx", 0.0, 0.0).error == 0
    report = str(GradientCheck("Dense dx", 2.0, 1.0))
    assert report == "Dense dx: formula 2, differences 1, relative error 0.5"


class SumForMeanLoss(SoftmaxCrossEntropy):
    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        loss, dlogits = super().__call__(logits, labels)
        return loss, dlogits * len(logits)


class HalfTheFactor(MeanSquaredError):  # noqa: N818 - the error is a squared one
    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        loss, dlogits = super().__call__(logits, labels)
        return loss, dlogits / 2


@pytest.mark.parametrize("loss", [SumForMeanLoss(), HalfTheFactor()])
def test_wrong_loss_is_found_in_a_network(loss: SoftmaxCrossEntropy | MeanSquaredError) -> None:
    rng = stream(0, "test")
    net = Network([Flatten(), Dense(4, 3)], dtype=np.float64, input_shape=(2, 2, 1))
    x, labels = rng.standard_normal((5, 2, 2, 1)), rng.integers(0, 3, 5)
    assert all(check.error > 1e-3 for check in check_network(net, loss, x, labels))
    right = type(loss).__bases__[0]()
    assert all(check.error < 1e-7 for check in check_network(net, right, x, labels))


def test_a_layer_or_network_without_float64_values_is_refused() -> None:
    x = np.ones((2, 3))
    with pytest.raises(ValueError, match="weight must have values, got none: initialise the layer"):
        check_layer(Dense(3, 2), x)
    layer = Dense(3, 2)
    layer.initialize(stream(0, "test"))
    with pytest.raises(ValueError, match="weight must be float64, got float32: initialise the"):
        check_layer(layer, x)
    network = Network([Dense(3, 2)], input_shape=(3,))
    with pytest.raises(ValueError, match=r"0\.weight must be float64, got float32: create the"):
        check_network(network, SoftmaxCrossEntropy(), x, np.array([0, 1]))
