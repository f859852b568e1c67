"""The statistics of batch normalisation: for every shape, in single precision, merged outside
training, and with or without a learned scale and shift."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold import nn
from tenfold.nn import BatchNorm, Network, build, describe, stream
from tenfold.nn.array import Array, DTypeLike
from tests.nn import reference


def initialised(layer: BatchNorm, dtype: DTypeLike = np.float64) -> BatchNorm:
    layer.initialize(stream(0, "test"), dtype)
    for number, parameter in enumerate(layer.parameters):
        parameter.value[...] = stream(0, "parameters", number).uniform(0.5, 2, parameter.shape)
    return layer


def data(purpose: str, shape: tuple[int, ...]) -> Array:
    return stream(0, purpose).normal(1, 2, shape)


# --- agreement with plain loops


def assert_equal_to_loops(shape: tuple[int, ...]) -> None:
    layer, features = initialised(BatchNorm(shape[-1], momentum=0.25, epsilon=0.01)), shape[-1]
    x, dy = data("x", shape), data("dy", shape)
    results = {"y": layer.forward(x, training=True), "dx": layer.backward(dy)}
    results |= {p.name: p.grad for p in layer.parameters} | layer.state
    # Every pixel of every image is a row of features.
    rows, drows = x.reshape(-1, features).tolist(), dy.reshape(-1, features).tolist()
    scale, shift = layer.scale.value.tolist(), layer.shift.value.tolist()
    y, mean, variance = reference.batchnorm_forward(rows, scale, shift, 0.01)
    dx, dscale, dshift = reference.batchnorm_backward(rows, scale, 0.01, drows)
    share = 0.25 if len(rows) > 1 else 0.0  # a single row has no variance
    unbiased = np.array(variance) * len(rows) / max(len(rows) - 1, 1)
    expected = {"y": np.reshape(y, shape), "dx": np.reshape(dx, shape)}
    expected |= {"scale": np.array(dscale), "shift": np.array(dshift)}
    expected |= {"running_mean": share * np.array(mean)}
    expected |= {"running_variance": 1 - share + share * unbiased}
    assert results.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_allclose(results[name], array, rtol=1e-10, atol=1e-12, err_msg=name)


sides = st.integers(1, 5)
shapes = st.one_of(
    st.tuples(st.integers(1, 12), st.integers(1, 4)),
    st.tuples(sides, sides, st.integers(1, 3)),
    st.tuples(sides, sides, sides, st.integers(1, 3)),
)


@settings(max_examples=100)
@given(shapes)
def test_agrees_with_plain_loops_on_every_shape(shape: tuple[int, ...]) -> None:
    assert_equal_to_loops(shape)


def formula(x: Array, dy: Array, layer: BatchNorm) -> dict[str, Array]:
    """Return the results of a training step by the formulas of the docstring, in float64."""
    x, dy = x.astype(np.float64), dy.astype(np.float64)
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axes), x.var(axes)
    inverse = 1 / np.sqrt(variance + layer.epsilon)
    xhat = (x - mean) * inverse
    dscale, dshift = (dy * xhat).sum(axes), dy.sum(axes)
    scale = layer.scale.value.astype(np.float64)
    dx = scale * inverse * (dy - dy.mean(axes) - xhat * (dy * xhat).mean(axes))
    y = xhat * scale + layer.shift.value
    unbiased = x.var(axes, ddof=1)
    results = {"y": y, "dx": dx, "scale": dscale, "shift": dshift}
    return results | {"running_mean": mean, "running_variance": unbiased}


def computed(x: Array, dy: Array, layer: BatchNorm) -> dict[str, Array]:
    results = {"y": layer.forward(x, training=True), "dx": layer.backward(dy)}
    return results | {p.name: p.grad for p in layer.parameters} | layer.state


@pytest.mark.parametrize("shape", [(20_000, 3), (1, 300, 200, 2), (400, 15, 13, 5)])
def test_large_batches_agree_with_the_formulas(shape: tuple[int, ...]) -> None:
    layer, x, dy = (
        initialised(BatchNorm(shape[-1], momentum=1)),
        data("x", shape),
        data("dy", shape),
    )
    expected = formula(x, dy, layer)
    for name, array in computed(x, dy, layer).items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-9, atol=1e-10, err_msg=name)


# --- precision


# Means of three features in standard deviations: all near zero, all far from it, or some.
MEANS = [(0, 0, 0), (0, 0.1, -9.9), (5, 9, 11), (30, 40, 50), (-100, 200, 300), (1000, 1000, 1000)]
MEANS += [(-1000, 0, 30), (20, 0, 0)]


@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize("shape", [(3000, 3), (40, 12, 12, 3)])
def test_mean_far_from_zero_keeps_the_variance_accurate(
    shape: tuple[int, ...], means: tuple[float, ...]
) -> None:
    # The squares of numbers near 1000 are multiples of 0.06 in float32, so that mean square minus
    # squared mean would have no correct digit. The numbers themselves are multiples of 6e-5.
    x = (np.array(means) + stream(0, "x").standard_normal(shape)).astype(np.float32)
    dy = stream(0, "dy").standard_normal(shape).astype(np.float32)
    layer = initialised(BatchNorm(3, momentum=1), np.float32)
    expected, results = formula(x, dy, layer), computed(x, dy, layer)
    assert {name: array.dtype for name, array in results.items()} == dict.fromkeys(results, "f4")
    np.testing.assert_allclose(results["running_mean"], expected["running_mean"], 2e-6, 1e-5)
    np.testing.assert_allclose(results["running_variance"], expected["running_variance"], 5e-4)
    for name in ("y", "dx"):
        np.testing.assert_allclose(results[name], expected[name], atol=0.005, err_msg=name)
    for name in ("scale", "shift"):  # sums of thousands of numbers around 1
        np.testing.assert_allclose(results[name], expected[name], atol=0.2, err_msg=name)


def test_features_of_every_scale_are_accurate() -> None:
    deviations = np.array([0.01, 0.1, 1, 100])
    x = (np.array([0.001, -1, 50, 0]) + deviations * data("x", (500, 4))).astype(np.float32)
    dy = data("dy", (500, 4)).astype(np.float32)
    layer = initialised(BatchNorm(4, momentum=1), np.float32)
    expected, results = formula(x, dy, layer), computed(x, dy, layer)
    np.testing.assert_allclose(
        results["running_variance"], expected["running_variance"], rtol=1e-4, atol=1e-7
    )
    np.testing.assert_allclose(results["y"], expected["y"], atol=0.001)
    np.testing.assert_allclose(results["dx"] * deviations, expected["dx"] * deviations, atol=0.001)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_constant_feature_becomes_the_shift(dtype: type) -> None:
    layer = initialised(BatchNorm(2), dtype)
    x: Array = np.full((5, 3, 3, 2), 7, dtype)
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(y, np.broadcast_to(layer.shift.value, x.shape), atol=1e-3)
    np.testing.assert_allclose(layer.backward(np.ones_like(x)), 0, atol=1e-2)
    np.testing.assert_allclose(layer.state["running_variance"], 0.9, rtol=1e-6)


# --- with and without scale and shift


@pytest.mark.parametrize(
    ("with_scale", "with_shift", "names"),
    [
        *((True, True, ["scale", "shift"]), (False, True, ["shift"])),
        *((True, False, ["scale"]), (False, False, [])),
    ],
)
def test_without_scale_and_shift_they_are_1_and_0(
    with_scale: bool, with_shift: bool, names: list[str]
) -> None:
    layer = initialised(BatchNorm(3, momentum=0.5, with_scale=with_scale, with_shift=with_shift))
    full = initialised(BatchNorm(3, momentum=0.5))
    assert [p.name for p in layer.parameters] == names
    assert not any(p.decay for p in layer.parameters)
    full.scale.value[...] = layer.scale.value if with_scale else 1
    full.shift.value[...] = layer.shift.value if with_shift else 0
    x, dy = data("x", (4, 3, 3, 3)), data("dy", (4, 3, 3, 3))
    for one in (layer, full):
        one.forward(x, training=True)
    y, dx = layer.forward(x, training=True), layer.backward(dy)
    np.testing.assert_allclose(y, full.forward(x, training=True), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(dx, full.backward(dy), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(layer.forward(x), full.forward(x), rtol=1e-13, atol=1e-14)
    gradients = {p.name: p.grad for p in full.parameters}
    for parameter in layer.parameters:
        np.testing.assert_allclose(parameter.grad, gradients[parameter.name], rtol=1e-13)


@pytest.mark.parametrize("with_scale", [True, False])
@pytest.mark.parametrize("with_shift", [True, False])
def test_description_says_whether_scale_and_shift_are_learned(
    with_scale: bool, with_shift: bool
) -> None:
    layer = BatchNorm(3, momentum=0.25, epsilon=0.5, with_scale=with_scale, with_shift=with_shift)
    description = describe(layer)
    assert (description["with_scale"], description["with_shift"]) == (with_scale, with_shift)
    again = build(description, {name: getattr(nn, name) for name in nn.__all__})
    assert describe(again) == description
    assert [p.name for p in again.parameters] == [p.name for p in layer.parameters]


# --- merging a batch outside training


def test_absorb_merges_a_batch_with_its_share() -> None:
    layer, x = initialised(BatchNorm(2, momentum=0.1)), data("x", (6, 3, 2, 2))
    layer.state["running_mean"][...] = [4, 8]
    layer.state["running_variance"][...] = 16
    arrays = dict(layer.state)
    y = layer.absorb(x, 0.25)
    pixels = x.reshape(-1, 2)
    mean, variance = pixels.mean(axis=0), pixels.var(axis=0)
    np.testing.assert_allclose(
        layer.state["running_mean"], 0.75 * np.array([4, 8]) + 0.25 * mean, rtol=1e-12
    )
    unbiased = variance * 36 / 35
    between = 0.25 * 0.75 * (mean - [4, 8]) ** 2
    np.testing.assert_allclose(
        layer.state["running_variance"], 12 + 0.25 * unbiased + between, rtol=1e-12
    )
    # The output is that of training, normalised by the statistics of the batch.
    np.testing.assert_allclose(y, initialised(BatchNorm(2)).forward(x, training=True), rtol=1e-12)
    assert all(layer.state[name] is array for name, array in arrays.items())


def test_backward_after_absorb_raises() -> None:
    layer, x = initialised(BatchNorm(2)), data("x", (6, 2))
    layer.absorb(x, 1)
    with pytest.raises(RuntimeError, match="needs a training forward pass"):
        layer.backward(x)


def test_empty_training_batch_raises_and_changes_nothing() -> None:
    layer, x = initialised(BatchNorm(3)), np.empty((0, 4, 4, 3))
    before = {name: array.copy() for name, array in layer.state.items()}
    message = r"BatchNorm\(3\) must have at least one image .* empty batch of shape \(0, 4, 4, 3\)$"
    with pytest.raises(ValueError, match=message):
        layer.forward(x, training=True)
    with pytest.raises(ValueError, match=message):
        layer.absorb(x, 1)
    assert layer.forward(x).shape == x.shape
    for name, array in layer.state.items():
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize("shape", [(4,), (3, 4), (3, 3, 4)])
def test_wrong_number_of_features_raises_with_the_layer(shape: tuple[int, ...]) -> None:
    with pytest.raises(
        ValueError, match=r"^layer 0: .* BatchNorm\(3\) must be of 3 features"
    ) as bad:
        Network([BatchNorm(3)], input_shape=shape)
    assert str(bad.value).endswith(str(shape))


def test_single_entry_does_not_change_the_running_averages() -> None:
    layer = BatchNorm(3, momentum=1.0)
    layer.initialize(stream(0, "initialize"), np.float64)
    layer.forward(np.random.default_rng(0).normal(2, 3, (50, 3)), training=True)
    before = {name: array.copy() for name, array in layer.state.items()}
    y = layer.forward(np.array([[7.0, 8.0, 9.0]]), training=True)
    np.testing.assert_allclose(y, 0, atol=1e-6)
    for name, array in before.items():
        np.testing.assert_array_equal(layer.state[name], array)
