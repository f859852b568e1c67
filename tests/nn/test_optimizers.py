import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from tenfold.nn import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    DampedMomentum,
    Momentum,
    Nesterov,
    Ones,
    Optimizer,
    Parameter,
    ParameterVector,
    RMSprop,
    stream,
)
from tenfold.nn.adam import adam_step, reference_adam_step
from tenfold.nn.array import Array, DTypeLike

EVERY = [SGD, Momentum, DampedMomentum, Nesterov, AdaGrad, RMSprop, Adam, AdamW]
every_optimizer = pytest.mark.parametrize("kind", EVERY)


def vector(size: int = 1, dtype: DTypeLike = np.float64) -> ParameterVector:
    """Return a theta of ``size`` weights and as many biases, all 1."""
    parameters = [Parameter("w", (size,), Ones()), Parameter("b", (size,), Ones(), decay=False)]
    for parameter in parameters:
        parameter.initialize(stream(0, "test"), dtype)
    return ParameterVector(parameters)


def path(optimizer: Optimizer, gradients: Iterable[Array | float], rate: float = 0.1) -> Array:
    """Return theta before and after each step, shape (steps + 1, P)."""
    theta = vector()
    places = [theta.value.copy()]
    for gradient in gradients:
        theta.grad[...] = gradient
        optimizer.step(theta, rate)
        places.append(theta.value.copy())
    return np.array(places)


# Two steps from w = 1 with a learning rate of 0.1 and the gradients 3 and 4.
WORKED: list[tuple[Optimizer, float, float]] = [
    (SGD(), 1 - 0.1 * 3, 0.7 - 0.1 * 4),
    # v = 3, then 0.5 * 3 + 4 = 5.5
    (Momentum(momentum=0.5), 1 - 0.1 * 3, 0.7 - 0.1 * 5.5),
    # v = 0.5 * 3 = 1.5, then 0.5 * 1.5 + 0.5 * 4 = 2.75
    (DampedMomentum(momentum=0.5), 1 - 0.1 * 1.5, 0.85 - 0.1 * 2.75),
    # v = 3 and 5.5 as above; the steps are 3 + 0.5 * 3 and 4 + 0.5 * 5.5
    (Nesterov(momentum=0.5), 1 - 0.1 * 4.5, 0.55 - 0.1 * 6.75),
    # s = 9, then 9 + 16 = 25
    (AdaGrad(epsilon=1), 1 - 0.1 * 3 / (3 + 1), 0.925 - 0.1 * 4 / (5 + 1)),
    # s = 0.25 * 9 = 2.25, then 0.75 * 2.25 + 0.25 * 16 = 5.6875
    (RMSprop(decay=0.75, epsilon=1), 1 - 0.1 * 3 / 2.5, 0.88 - 0.1 * 4 / (math.sqrt(5.6875) + 1)),
    # m = 1.5 and v = 2.25, corrected 1.5 / 0.5 = 3 and 2.25 / 0.25 = 9; then m = 2.75 and
    # v = 5.6875, corrected 2.75 / (1 - 0.5^2) = 11/3 and 5.6875 / (1 - 0.75^2) = 13
    (
        Adam(beta1=0.5, beta2=0.75, epsilon=1),
        1 - 0.1 * 3 / (3 + 1),
        0.925 - 0.1 * (11 / 3) / (math.sqrt(13) + 1),
    ),
    # The weight shrinks by 0.1 * 0.5 of itself before each of Adam's steps.
    (
        AdamW(beta1=0.5, beta2=0.75, epsilon=1, weight_decay=0.5),
        0.95 - 0.1 * 3 / (3 + 1),
        0.875 * 0.95 - 0.1 * (11 / 3) / (math.sqrt(13) + 1),
    ),
]


@pytest.mark.parametrize(("optimizer", "first", "second"), WORKED, ids=lambda x: type(x).__name__)
def test_two_steps_worked_by_hand(optimizer: Optimizer, first: float, second: float) -> None:
    weights = path(optimizer, [3, 4])[:, 0]
    np.testing.assert_allclose(weights, [1, first, second], rtol=1e-14)


def last_step(optimizer: Optimizer, gradient: float, steps: int = 3000) -> float:
    places = path(optimizer, [gradient] * steps, rate=0.01)[:, 1]  # the bias: it never decays
    return float(places[-2] - places[-1])


@pytest.mark.parametrize(
    ("optimizer", "step"),
    [
        (SGD(), 0.01 * 2.5),
        (Momentum(momentum=0.9), 0.01 * 2.5 / (1 - 0.9)),
        (DampedMomentum(momentum=0.9), 0.01 * 2.5),
        (Nesterov(momentum=0.9), 0.01 * 2.5 / (1 - 0.9)),
        (AdaGrad(), 0.01 / math.sqrt(3000)),  # the size of the gradient cancels: 1 / sqrt(t)
        (RMSprop(decay=0.9), 0.01),
        (Adam(), 0.01),
        (AdamW(), 0.01),
    ],
)
def test_steps_for_a_constant_gradient_converge_to_the_stated_size(
    optimizer: Optimizer, step: float
) -> None:
    assert last_step(optimizer, 2.5) == pytest.approx(step, rel=1e-6)


@pytest.mark.parametrize("gradient", [1e-3, -5.0, 1e4])
def test_first_step_of_adam_is_the_learning_rate(gradient: float) -> None:
    # The corrections for starting at zero have this effect.
    before, after = path(Adam(), [gradient], rate=0.01)[:, 0]
    assert after - before == pytest.approx(-math.copysign(0.01, gradient), rel=1e-4)


@pytest.mark.parametrize(
    "optimizer", [AdaGrad(epsilon=1e-30), RMSprop(epsilon=1e-30), Adam(epsilon=1e-30)], ids=repr
)
def test_adaptive_optimizers_do_not_depend_on_the_scale_of_the_loss(optimizer: Optimizer) -> None:
    gradients = stream(0, "test").standard_normal((20, 2))
    again = type(optimizer)(epsilon=1e-30)  # type: ignore[call-arg]
    np.testing.assert_allclose(
        path(optimizer, gradients), path(again, 1000 * gradients), rtol=1e-10, atol=1e-12
    )


def test_damped_momentum_equals_momentum_with_a_smaller_rate() -> None:
    gradients = stream(0, "test").standard_normal((30, 2))
    damped = path(DampedMomentum(momentum=0.8), gradients, rate=0.5)
    np.testing.assert_allclose(
        damped, path(Momentum(momentum=0.8), gradients, rate=0.1), rtol=1e-12
    )


def test_without_momentum_all_three_equal_sgd() -> None:
    gradients = stream(0, "test").standard_normal((10, 2))
    for optimizer in (Momentum(momentum=0), DampedMomentum(momentum=0), Nesterov(momentum=0)):
        np.testing.assert_allclose(path(optimizer, gradients), path(SGD(), gradients), rtol=1e-13)


def test_weight_decay_of_adamw_acts_on_weights_only() -> None:
    gradients = stream(0, "test").standard_normal((20, 2))
    plain, decayed = path(Adam(), gradients), path(AdamW(weight_decay=0.3), gradients)
    np.testing.assert_array_equal(decayed[:, 1], plain[:, 1])
    assert decayed[1, 0] == pytest.approx(plain[1, 0] - 0.1 * 0.3 * 1)


def test_without_gradient_adamw_shrinks_weights_geometrically() -> None:
    places = path(AdamW(weight_decay=0.5), [0] * 10, rate=0.1)
    np.testing.assert_allclose(places[:, 0], 0.95 ** np.arange(11), rtol=1e-13)
    np.testing.assert_array_equal(places[:, 1], 1)


def test_without_decay_adamw_equals_adam() -> None:
    gradients = stream(0, "test").standard_normal((20, 2))
    plain, decayed = path(Adam(), gradients), path(AdamW(weight_decay=0), gradients)
    np.testing.assert_array_equal(decayed, plain)


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_step_only_reads_the_gradient_and_keeps_the_dtype(
    kind: type[Optimizer], dtype: type
) -> None:
    theta, optimizer = vector(3, dtype), kind()
    place = theta.value
    theta.grad[...] = [1, -2, 3, -4, 5, -6]
    theta.grad.flags.writeable = False
    for _ in range(3):
        optimizer.step(theta, 0.01)
    np.testing.assert_array_equal(theta.grad, [1, -2, 3, -4, 5, -6])
    assert theta.value is place  # changed in place, so that the views of the layers change, too
    np.testing.assert_array_equal(np.sign(1 - theta.value), [1, -1, 1, -1, 1, -1])
    assert optimizer.steps == 3
    for name, array in optimizer.state.items():
        assert name in optimizer.names
        assert array.shape == theta.value.shape
        assert array.dtype == theta.value.dtype == dtype


@pytest.mark.parametrize(
    "rule",
    [
        Adam(),
        Adam(beta1=0.7, beta2=0.9, epsilon=1e-3),
        Adam(beta1=0, beta2=0),
        AdamW(beta1=0.8, beta2=0.95),
    ],
)
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 2e-5)])
def test_adam_step_agrees_with_the_form_of_the_paper(
    rule: Adam | AdamW, dtype: type, rtol: float
) -> None:
    rule = replace(rule)
    rule.state = {name: np.zeros(40, dtype) for name in rule.names}
    m, v = np.zeros(40), np.zeros(40)
    for t in range(1, 51):
        g: Array = (stream(0, "gradient", t).standard_normal(40) * 10.0 ** (t % 5)).astype(dtype)
        rule.steps = t
        m, v, expected = reference_adam_step(m, v, g, t, 0.01, rule)
        np.testing.assert_allclose(adam_step(rule, g, 0.01), expected, rtol, atol=rtol * 0.01)
        sums = {"gradients": m / (1 - rule.beta1), "squares": v / (1 - rule.beta2)}
        for name, array in sums.items():
            scale = np.abs(array).max()
            np.testing.assert_allclose(rule.state[name], array, rtol, atol=rtol * scale)


@every_optimizer
def test_optimizer_resumes_from_its_state(kind: type[Optimizer]) -> None:
    gradients = stream(0, "test").standard_normal((8, 2))
    straight = path(kind(), gradients)
    theta, first, second = vector(), kind(), kind()
    for step, gradient in enumerate(gradients):
        if step == 4:
            second.steps = first.steps
            second.state = {name: array.copy() for name, array in first.state.items()}
        theta.grad[...] = gradient
        (first if step < 4 else second).step(theta, 0.1)
    np.testing.assert_array_equal(theta.value, straight[-1])


@pytest.mark.parametrize("kind", [Momentum, DampedMomentum, Nesterov, RMSprop, Adam, AdamW])
def test_denormal_numbers_are_flushed(kind: type[Optimizer]) -> None:
    # After one gradient and then zeros, the state decays towards zero. On its way it would be
    # denormal for thousands of steps, which makes every operation slow.
    theta, optimizer = vector(2, np.float32), kind()
    theta.grad[...] = 1e-12
    smallest = np.finfo(np.float32).tiny
    for _ in range(128 * 8):
        optimizer.step(theta, 0.01)
        theta.grad[...] = 0
    for array in optimizer.state.values():
        assert ((array == 0) | (np.abs(array) >= smallest)).all()
    name = optimizer.names[0]
    assert (optimizer.state[name] == 0).all()


def test_flushing_keeps_small_numbers() -> None:
    theta, optimizer = vector(2), Momentum(momentum=0.999999)
    theta.grad[...] = [1e-20, -1e-20, 1e-29, -1e-29]
    optimizer.step(theta, 0.01)
    theta.grad[...] = 0
    for _ in range(300):
        optimizer.step(theta, 0.01)
    expected = [1e-20, -1e-20, 1e-29, -1e-29]
    np.testing.assert_allclose(optimizer.state["velocity"], expected, rtol=1e-3)


def test_optimizer_without_update_is_abstract() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Optimizer()  # type: ignore[abstract]
