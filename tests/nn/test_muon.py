"""Muon: orthogonalised momentum for the hidden weights, Adam for the rest."""

import numpy as np
import pytest

from tenfold.nn import (
    Adam,
    BatchNorm,
    Conv2D,
    Dense,
    Flatten,
    Muon,
    Network,
    Normalize,
    Parameter,
    ReLU,
    SoftmaxCrossEntropy,
    Zeros,
)
from tenfold.nn.array import Array
from tenfold.nn.muon import orthogonalised


def small(dtype: type = np.float64) -> Network:
    layers = [Normalize(), Conv2D(1, 4, 3, 3, with_bias=False), BatchNorm(4), ReLU(), Flatten()]
    return Network([*layers, Dense(324, 20), ReLU(), Dense(20, 10)], seed=1, dtype=dtype)


def give_gradients(network: Network, step: int = 0) -> None:
    network.theta.grad[...] = np.random.default_rng(step).normal(size=network.theta.grad.shape)


@pytest.mark.parametrize("shape", [(9, 4), (4, 9), (20, 20), (300, 30)])
def test_singular_values_become_about_1(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=shape) * rng.uniform(0.2, 5, shape[1])
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    result = orthogonalised(matrix, 10)
    singular = np.diagonal(u.T @ result @ vt.T)
    assert s.max() / s.min() > 3
    assert np.all((singular > 0.65) & (singular < 1.25))  # same singular vectors, values near 1
    assert u @ np.diag(singular) @ vt == pytest.approx(result, abs=1e-9)


def test_iteration_applies_the_polynomial_to_the_singular_values() -> None:
    matrix = np.diag([3.0, 4.0])  # its norm is 5
    x = np.array([0.6, 0.8])
    for _ in range(3):
        x = 3.4445 * x - 4.7750 * x**3 + 2.0315 * x**5
    assert orthogonalised(matrix, 3) == pytest.approx(np.diag(x))


def test_zero_gradient_gives_a_zero_step() -> None:
    assert np.array_equal(orthogonalised(np.zeros((3, 2)), 3), np.zeros((3, 2)))


def test_hidden_weights_move_by_orthogonalised_momentum() -> None:
    """Two steps, computed parameter by parameter."""
    network, rule = small(), Muon(momentum=0.5, iterations=4, adam_rate=0.1)
    hidden = [p for p in network.parameters if p.name in ("1.weight", "5.weight")]
    expected = {p.name: p.value.copy() for p in hidden}
    velocity = {p.name: np.zeros(p.shape) for p in hidden}
    for step in range(2):
        give_gradients(network, step)
        for p in hidden:
            velocity[p.name] = 0.5 * velocity[p.name] + p.grad
            ahead = p.grad + 0.5 * velocity[p.name]
            matrix = ahead.reshape(-1, p.shape[-1])
            longer = max(1.0, matrix.shape[1] / matrix.shape[0]) ** 0.5
            turn = 0.02 * longer * orthogonalised(matrix, 4)
            expected[p.name] -= turn.reshape(p.shape)
        rule.step(network.theta, 0.02)
    for p in hidden:
        assert p.value == pytest.approx(expected[p.name], abs=1e-12)


def test_other_parameters_move_by_adam() -> None:
    network, twin = small(), small()
    rule, adam = Muon(adam_rate=0.1, beta1=0.8), Adam(beta1=0.8, beta2=0.99)
    for step in range(3):
        for each in (network, twin):
            give_gradients(each, step)
        rule.step(network.theta, 0.02)
        adam.step(twin.theta, 0.002)
    for p, q in zip(network.parameters, twin.parameters, strict=True):
        if p.name not in ("1.weight", "5.weight"):
            assert np.array_equal(p.value, q.value), p.name
        else:
            assert not np.array_equal(p.value, q.value)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_muon_learns_and_only_reads_the_gradient(dtype: type) -> None:
    network, rule = small(dtype), Muon()
    rng = np.random.default_rng(2)
    images, labels = rng.integers(0, 256, (30, 28, 28, 1)).astype(np.uint8), np.arange(30) % 10
    losses = []
    for _ in range(60):
        value, dlogits = SoftmaxCrossEntropy()(network.forward(images, training=True), labels)
        network.backward(dlogits)
        before: Array = network.theta.grad.copy()
        rule.step(network.theta, 0.02)
        assert np.array_equal(network.theta.grad, before)
        losses.append(value)
    assert losses[-1] < 0.1 * losses[0]
    assert network.theta.value.dtype == dtype


def test_muon_resumes_from_its_state() -> None:
    whole, broken = small(), small()
    rule = Muon()
    first, second = Muon(), Muon()
    for step in range(4):
        give_gradients(whole, step)
        rule.step(whole.theta, 0.02)
    for step in range(4):
        give_gradients(broken, step)
        if step == 2:
            second.state = {name: array.copy() for name, array in first.state.items()}
            second.steps = first.steps
        (first if step < 2 else second).step(broken.theta, 0.02)
    assert np.array_equal(whole.theta.value, broken.theta.value)


class Slope(Dense):
    """A layer with a parameter of one dimension that decays."""

    def __init__(self) -> None:
        super().__init__(20, 20)
        self.parameters.append(Parameter("slope", (20,), Zeros()))


def test_decaying_parameter_with_one_dimension_raises() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 20), Slope(), Dense(20, 10)], seed=0)
    give_gradients(network)
    with pytest.raises(
        ValueError, match=r"at least 2 dimensions; 3.slope has 1: create it with decay=False$"
    ):
        Muon().step(network.theta, 0.01)
